from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

import pytest

from motcua.workflow.rules.checks import check
from motcua.workflow.rules.definition import (
    Effect,
    ProcessDefinition,
    StepKind,
    TimeUnit,
    WaitReason,
    Where,
    process_key,
)
from motcua.workflow.rules.source_tables import SourceReport, read_file, read_process
from motcua.workflow.rules.walk import table_total, walk

Processes = dict[str, ProcessDefinition]


def test_every_carried_process_is_read(source: dict[str, Any], report: SourceReport) -> None:
    assert len(report.definitions) == len(source["processes"]) == source["count"] == 63
    assert report.remarks == ()


def test_nothing_in_the_carried_tables_is_unread(report: SourceReport) -> None:
    lost = [r for loaded in report.processes for r in loaded.remarks if r.code == "unknown_key"]
    errors = [r for loaded in report.processes for r in loaded.remarks if r.severity == "error"]
    assert (lost, errors) == ([], [])


def test_every_branch_of_every_process_runs_to_its_end(processes: Processes) -> None:
    for definition in processes.values():
        walked = walk(definition)
        taken = {pair for path in walked.paths for pair in path.steps}
        every = {(s.key, o.key) for s in definition.steps for o in s.outcomes}
        assert not walked.truncated
        assert [p for p in walked.paths if p.stuck or not p.returned or not p.finished] == [], definition.key
        assert taken == every, definition.key


def test_sums_are_those_of_the_source(source: dict[str, Any], processes: Processes) -> None:
    for row in source["processes"]:
        if row["sum_equals_limit"] is None:
            continue
        total = table_total(processes[row["id"]])
        assert total.in_unit(TimeUnit(row["limit"]["unit"])) == Fraction(str(row["sum_of_counted_steps"]))


def test_undivided_limits_are_the_shared_time(source: dict[str, Any], processes: Processes) -> None:
    shared = [row["id"] for row in source["processes"] if row["sum_of_counted_steps"] == 0]
    assert len(shared) == 7
    for key in shared:
        definition = processes[key]
        assert definition.limit is not None
        assert table_total(definition).in_unit(definition.limit.unit) == definition.limit.amount


def test_wrong_sums_of_the_source_are_found_exactly(source: dict[str, Any], processes: Processes) -> None:
    wrong = {row["id"] for row in source["processes"] if row["sum_equals_limit"] is False}
    found = {
        key: next((f.severity for f in check(d) if f.code in ("sum_exceeds_limit", "sum_below_limit")), None)
        for key, d in processes.items()
    }
    assert {key for key, severity in found.items() if severity} == wrong
    assert found["qn-capdoi-dongloat"] == "error"
    assert found["qn-tangcho"] == "warning"


def test_no_other_process_has_an_error(processes: Processes) -> None:
    broken = {key for key, d in processes.items() if any(f.severity == "error" for f in check(d))}
    assert broken == {"qn-capdoi-dongloat"}


def test_quarter_days_and_hours_add_up_exactly(processes: Processes) -> None:
    ppp, hours = processes["bn-1490-ppp"], processes["na-3857"]
    assert ppp.steps[0].time is not None and ppp.steps[0].time.amount == Fraction(1, 4)
    assert ppp.steps[0].time.working_minutes == 120
    assert table_total(ppp).in_unit(TimeUnit.WORKING_DAY) == 5
    assert table_total(hours).in_unit(TimeUnit.WORKING_HOUR) == 168
    assert table_total(hours).in_unit(TimeUnit.WORKING_DAY) == 21


def test_a_table_without_a_leader_is_warned_about(processes: Processes) -> None:
    assert [f.code for f in check(processes["ct-qt35-xnht-0"])] == ["no_approval"]


def test_mixed_units_are_explained(processes: Processes) -> None:
    found = {f.code: f.message.source() for f in check(processes["ct-ncnnn"])}
    assert set(found) == {"no_limit", "units_differ"}
    assert "334 ngày" in found["units_differ"] and "6 ngày làm việc" in found["units_differ"]


def test_publishing_on_the_bidding_network_comes_after_the_return(processes: Processes) -> None:
    steps = processes["bn-1490-congbo"].by_key
    assert (steps["b13"].kind, steps["b14"].kind) == (StepKind.RETURN, StepKind.AFTER)
    assert steps["b13"].outcomes[0].to == ("b14",)


def test_the_last_decision_of_a_department_process_is_the_provincial_committees(processes: Processes) -> None:
    for key in ("bn-1582-1", "bn-1490-ppp"):
        step = processes[key].by_key["b11"]
        assert (step.kind, step.unit_ref.which) == (StepKind.APPROVAL, Where.PROVINCE_COMMITTEE)
    assert processes["bn-1490-congbo"].by_key["b12"].unit_ref.which is Where.PROVINCE_OFFICE
    assert processes["bn-1582-1"].by_key["b9"].unit_ref.which is Where.AGENCY


def test_the_two_cases_of_a_branching_step_are_two_outcomes(processes: Processes) -> None:
    steps = processes["bn-1582-1"].by_key
    assert [o.label for o in steps["b7"].outcomes] == [
        "Trường hợp 1: chưa đủ điều kiện: thông báo bổ sung",
        "Trường hợp 2: dự thảo báo cáo thẩm định",
    ]
    supplement = steps["b10"].outcome("supplement")
    assert supplement is not None
    assert (supplement.back, supplement.to, supplement.effect) == (True, ("b7",), Effect.SUPPLEMENT)
    refusal = steps["b11"].outcome("refuse")
    assert refusal is not None and refusal.needs_note and refusal.effect is Effect.REFUSE


def test_reviewers_send_drafts_back_to_their_authors(processes: Processes) -> None:
    steps = processes["bn-1582-1"].by_key
    for reviewer, author in (("b4", "b3"), ("b5", "b3"), ("b8", "b7"), ("b9", "b7")):
        outcome = steps[reviewer].outcome("send_back")
        assert outcome is not None and outcome.to == (author,)
    assert steps["b2"].outcome("send_back") is None


def test_waits_have_a_reason_and_a_keeper(processes: Processes) -> None:
    steps = processes["qn-caplai"].by_key
    posting, payment = steps["b7"], steps["b14"]
    assert posting.kind is payment.kind is StepKind.WAIT
    assert posting.wait_for and posting.wait_for.reason is WaitReason.POSTING
    assert payment.wait_for and payment.wait_for.reason is WaitReason.PAYMENT
    assert payment.role == "specialist" and payment.unit_ref.which is Where.NAMED
    assert processes["dt-30-1"].by_key["b3"].kind is StepKind.WAIT
    applicant = processes["ty-gpmt"].by_key["b4"].wait_for
    assert applicant and applicant.reason is WaitReason.APPLICANT


def test_optional_steps_can_be_skipped(processes: Processes) -> None:
    outcomes = processes["ct-ncnnn"].by_key["b4"].outcomes
    assert [(o.key, o.to) for o in outcomes] == [
        ("forward", ("b7",)),
        ("with-b5", ("b5",)),
        ("with-b6", ("b6",)),
    ]


def test_neighbouring_parallel_steps_open_together_and_meet(processes: Processes) -> None:
    steps = processes["ty-ltkt"].by_key
    assert steps["b2"].outcomes[0].to == ("b3", "b4")
    assert steps["b3"].outcomes[0].to == steps["b4"].outcomes[0].to == ("b5",)


def test_a_lone_parallel_consultation_runs_beside_the_work(processes: Processes) -> None:
    steps = processes["ty-gpxd"].by_key
    asked = steps["b2"].outcome("consult")
    assert asked and asked.stay and asked.to == ("b3",)
    assert steps["b3"].time is not None and steps["b3"].time.amount == 12


def test_a_dossier_can_be_given_back_unresolved_during_the_work(processes: Processes) -> None:
    outcome = processes["dt-17-2"].by_key["b2"].outcome("return_unresolved")
    assert outcome and outcome.to == ("b7",) and outcome.effect is Effect.RETURN_UNRESOLVED


def test_equal_codes_in_different_fields_are_different_keys() -> None:
    keys = {process_key(f, "QT 01/CX-HCTP", "2025-07-07") for f in ("Hộ tịch", "Chứng thực", "Nuôi con nuôi")}
    assert len(keys) == 3


def test_definitions_survive_json_and_their_digest_tells_them_apart(processes: Processes) -> None:
    for definition in processes.values():
        again = ProcessDefinition.from_dict(definition.to_dict())
        assert again == definition and again.digest == definition.digest
    assert len({d.digest for d in processes.values()}) == 63


ROW: dict[str, Any] = {
    "id": "x",
    "title": "Thử",
    "level": "xa",
    "limit": {"value": 1, "unit": "working_day"},
    "steps": [
        {"order": 1, "name": "Tiếp nhận", "role": "TTPVHCC", "role_key": "one_stop_officer", "time": 1,
         "unit": "working_day"},
        {"order": 2, "name": "Ký", "role": "Chủ tịch", "role_key": "leader", "time": None},
        {"order": 3, "name": "Trả", "role": "TTPVHCC", "role_key": "one_stop_officer", "time": 0,
         "unit": "working_day"},
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"colour": "red"}, "unknown_key"),
        ({"title": ""}, "unreadable"),
        ({"steps": []}, "unreadable"),
        ({"steps": [1]}, "unreadable"),
        ({"limit": {"value": 1, "unit": "moon"}}, "unreadable"),
        ({"limit": "soon"}, "unreadable"),
        ({"procedure_codes": "1.0"}, "unreadable"),
        ({"steps": [{**ROW["steps"][0], "time": "một"}]}, "unreadable"),
        ({"steps": [{**ROW["steps"][0], "role_key": "king"}]}, "unknown_role"),
        ({"steps": [{**ROW["steps"][0], "shared_time": "một ít"}, ROW["steps"][2]]}, "shared_time_unclear"),
        ({"sum_of_counted_steps": 7, "sum_equals_limit": True}, "source_sum_differs"),
        ({"sum_of_counted_steps": 1, "sum_equals_limit": False}, "source_comparison_differs"),
        ({"sum_of_counted_steps": "một", "sum_equals_limit": True}, "bad_value"),
        ({"sum_of_counted_steps": {}, "sum_equals_limit": True}, "bad_value"),
        ({"sum_of_counted_steps": float("inf"), "sum_equals_limit": True}, "bad_value"),
        ({"sum_of_counted_steps": 1, "sum_equals_limit": "có"}, "bad_value"),
        ({"is_real": "Không"}, "bad_value"),
        ({"is_real": 0}, "bad_value"),
        ({"level": "huyện"}, "unknown_level"),
        ({"id": None}, "unreadable"),
        ({"id": {"số": 1}}, "unreadable"),
        ({"limit": {"value": 1, "unit": "working_day", "note": "trừ ngày chờ"}}, "unknown_key"),
        ({"limit": {"value": -1, "unit": "working_day"}}, "unreadable"),
        ({"steps": [ROW["steps"][0], {**ROW["steps"][1], "counted_in_limit": "Không"}]}, "bad_value"),
        ({"steps": [ROW["steps"][0], {**ROW["steps"][1], "order": [2]}]}, "order_unclear"),
        ({"steps": [{k: v for k, v in ROW["steps"][0].items() if k != "order"}]}, "order_unclear"),
        ({"steps": [ROW["steps"][1], ROW["steps"][0]]}, "order_differs"),
        ({"steps": [ROW["steps"][0], ROW["steps"][2]]}, "order_differs"),
        ({"steps": [{**ROW["steps"][0], "unit": None}]}, "unit_assumed"),
        ({"steps": [{**ROW["steps"][0], "unit": []}]}, "unreadable"),
        ({"steps": [{**ROW["steps"][0], "time": -2}]}, "unreadable"),
    ],
)
def test_what_cannot_be_read_is_reported(change: dict[str, Any], code: str) -> None:
    assert code in [remark.code for remark in read_process({**ROW, **change}).remarks]


@pytest.mark.parametrize("data", [None, 3, "x", {}, {"processes": "x"}, {"processes": [None]}, [[]]])
def test_a_wrong_file_never_raises(data: object) -> None:
    report = read_file(data)
    assert report.definitions == ()
    assert report.remarks or report.processes[0].remarks


def test_a_step_that_is_said_not_to_count_in_words_is_not_taken_as_counted_in_silence() -> None:
    """ "Không" is true for a machine; a step of waiting must not enter the sum because of it."""
    wrong = {**ROW["steps"][1], "counted_in_limit": "Không"}
    loaded = read_process({**ROW, "steps": [ROW["steps"][0], wrong, ROW["steps"][2]]})
    assert [r.step_key for r in loaded.remarks if r.code == "bad_value"] == ["b2"]


def test_steps_of_one_number_stay_two_steps() -> None:
    first, second, third = ROW["steps"]
    loaded = read_process({**ROW, "steps": [first, second, {**second, "name": "Đóng dấu"}, third]})
    assert loaded.definition is not None
    assert [step.key for step in loaded.definition.steps] == ["b1", "b2", "b3", "b4"]
    assert [remark.code for remark in loaded.remarks].count("order_differs") == 1


def test_a_key_used_twice_in_a_file_is_reported() -> None:
    assert [r.code for r in read_file([ROW, ROW]).remarks] == ["duplicate_key"]


WRONG: tuple[object, ...] = ({"a": 1}, ["a", 1], "chữ lạ \ud800", float("inf"), -5, 10**30)


def places(value: object, way: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The way to every value inside a value."""
    inside: Iterable[tuple[str | int, object]] = ()
    if isinstance(value, dict):
        inside = value.items()
    elif isinstance(value, list):
        inside = enumerate(value)
    for key, item in inside:
        yield (*way, key)
        yield from places(item, (*way, key))


def spoiled(row: dict[str, Any], way: tuple[str | int, ...], wrong: object) -> dict[str, Any]:
    changed = copy.deepcopy(row)
    holder: Any = changed
    for key in way[:-1]:
        holder = holder[key]
    holder[way[-1]] = wrong
    return changed


@pytest.mark.parametrize("key", ["bn-1490-ppp", "dt-52", "ct-qt01-khaisinh"])
def test_no_value_of_a_real_table_is_spoiled_in_silence(source: dict[str, Any], key: str) -> None:
    row = next(row for row in source["processes"] if row["id"] == key)
    unharmed = repr(read_process(row))
    silent = [
        (way, wrong)
        for way in places(row)
        for wrong in WRONG
        if repr(read_process(spoiled(row, way, wrong))) == unharmed
    ]
    assert silent == []

"""The acceptance cases, by id: each is done by a test here or in DONE, or listed as not yet with the reason.

When a capability arrives, move its cases from NOT_YET to DONE (a dotted test name), here and in
docs/law/acceptance.md.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from motcua.catalogue.rules.time_limits import (
    AFTER_15H,
    LimitPhase,
    LimitUnit,
    StartRule,
    TimeLimit,
    sum_durations,
)
from motcua.dossiers.rules.deadline import ClockEvent, ClockState, EventKind, PauseMode, compute
from motcua.dossiers.rules.deadline_checks import (
    Verdict,
    check_change_limit,
    check_extension,
    is_overdue,
    outcome,
)
from motcua.organisation.tests.calendars import PROVINCE, vn

CASES = json.loads((Path(__file__).parent / "data" / "acceptance_cases.json").read_text(encoding="utf-8"))[
    "cases"
]
LISTING = Path(__file__).parents[4] / "docs" / "law" / "acceptance.md"

WITHIN_DAY = TimeLimit.of(1, LimitUnit.WITHIN_DAY, cutoff=AFTER_15H)
THREE = TimeLimit.of(3, LimitUnit.WORKING_DAY)


def t01_death_registered_before_the_national_holiday() -> None:
    deadline = compute(WITHIN_DAY, vn("2025-08-29 15:30"), PROVINCE)
    assert deadline.due_at == vn("2025-09-03 17:30")
    for day in ("2025-08-30", "2025-08-31", "2025-09-01", "2025-09-02"):
        assert not is_overdue(deadline, vn(f"{day} 23:59"))
        assert day[-2:].lstrip("0") in "".join(line.text for line in deadline.explanation)


def t02_one_minute_on_either_side_of_15_00() -> None:
    for at, due in [
        ("2025-07-09 14:59", "2025-07-09"),
        ("2025-07-09 15:00", "2025-07-09"),
        ("2025-07-09 15:01", "2025-07-10"),
    ]:
        assert compute(WITHIN_DAY, vn(at), PROVINCE).due_at == vn(f"{due} 17:30")


def t04_three_working_days_across_a_holiday() -> None:
    assert compute(THREE, vn("2025-08-28 09:00"), PROVINCE).due_at == vn("2025-09-04 09:00")


def t05_verification_turns_three_days_into_twenty_three() -> None:
    change = ClockEvent(
        EventKind.CHANGE_LIMIT,
        vn("2025-07-08 10:00"),
        "phải xác minh",
        new_limit=TimeLimit.of(23, LimitUnit.WORKING_DAY),
        by="Công chức tư pháp – hộ tịch",
    )
    deadline = compute(THREE, vn("2025-07-07 09:00"), PROVINCE, [change])
    assert deadline.original_due_at == vn("2025-07-10 09:00")
    assert deadline.due_at == vn("2025-08-07 09:00")
    kept = deadline.changes[0]
    assert (kept.old_due, kept.new_due) == (vn("2025-07-10 09:00"), vn("2025-08-07 09:00"))
    assert (kept.by, kept.reason) == ("Công chức tư pháp – hộ tịch", "phải xác minh")
    late = compute(THREE, vn("2025-07-07 09:00"), PROVINCE)
    assert check_change_limit(late, vn("2025-07-11 09:00")) is not None


def t07_a_calendar_day_term_ending_on_a_holiday() -> None:
    limit = TimeLimit.of(15, LimitUnit.CALENDAR_DAY)
    deadline = compute(limit, vn("2025-08-18 09:00"), PROVINCE)
    assert deadline.due_at == vn("2025-09-03 17:30")
    assert any("02/9/2025" in line.text and "Quốc khánh" in line.text for line in deadline.explanation)


def t08_quarters_and_hours_sum_exactly() -> None:
    quarters = ["0.25"] * 5 + ["1"] + ["0.25"] * 4 + ["1.5", "0.25"]
    total = sum_durations((amount, "working_day") for amount in quarters)
    assert total == TimeLimit.of(5, "working_day").total()
    hours = sum_durations((hour, "working_hour") for hour in (4, 4, 112, 24, 16, 8))
    assert hours == TimeLimit.of(168, "working_hour").total() == TimeLimit.of(21, "working_day").total()


def t11_posting_is_not_counted() -> None:
    """20 working days = appointments 15 + 5; posted Tue 05/08 to Wed 20/08: 12 working days not counted."""
    limit = TimeLimit(
        (
            LimitPhase(Fraction(15), LimitUnit.WORKING_DAY, "Hẹn lần 1"),
            LimitPhase(
                Fraction(5), LimitUnit.WORKING_DAY, "Hẹn lần 2", waits_for="hoàn thành nghĩa vụ tài chính"
            ),
        )
    )
    posting = ClockEvent(
        EventKind.NOT_COUNTED, vn("2025-08-05 00:00"), "đang niêm yết", until=vn("2025-08-21 00:00")
    )
    during = compute(limit, vn("2025-07-28 09:00"), PROVINCE, [posting], now=vn("2025-08-19 10:00"))
    assert during.state is ClockState.PAUSED
    assert during.pause_reason == "đang niêm yết"
    assert not is_overdue(during, vn("2025-08-19 10:00"))
    # 15 working days alone would end on 18/8; 12 more, past 30/8-02/9, end on 05/9.
    assert during.original_due_at == vn("2025-08-18 09:00")
    assert during.due_at == vn("2025-09-05 09:00")


def t14_the_limit_runs_from_the_receiving_point() -> None:
    """The start rule says which reception counts; the clock takes the instant it is given."""
    assert TimeLimit.of(1, LimitUnit.WITHIN_DAY).starts is StartRule.ON_COMPLETE
    secured = TimeLimit(THREE.phases, starts=StartRule.ON_COMPETENT_RECEIPT)
    assert TimeLimit.from_dict(secured.to_dict()).starts is StartRule.ON_COMPETENT_RECEIPT
    assert compute(WITHIN_DAY, vn("2025-07-09 10:00"), PROVINCE).due_at == vn("2025-07-09 17:30")
    paper_by = compute(TimeLimit.of(1, LimitUnit.WORKING_DAY), vn("2025-07-09 10:00"), PROVINCE)
    assert paper_by.due_at == vn("2025-07-10 10:00")


def t17_the_apology_comes_a_day_before() -> None:
    limit = TimeLimit.of(12, LimitUnit.WORKING_DAY)
    deadline = compute(limit, vn("2026-11-02 09:00"), PROVINCE)
    assert deadline.due_at == vn("2026-11-18 09:00")
    assert check_extension(deadline, date(2026, 11, 25), vn("2026-11-17 16:00"), PROVINCE) is None
    assert check_extension(deadline, date(2026, 11, 25), vn("2026-11-18 08:00"), PROVINCE) is not None
    letter = ClockEvent(EventKind.EXTEND, vn("2026-11-17 16:00"), "đo đạc lại", new_due=date(2026, 11, 25))
    extended = compute(limit, vn("2026-11-02 09:00"), PROVINCE, [letter])
    assert extended.due_at == vn("2026-11-25 17:30")
    assert extended.original_due_at == vn("2026-11-18 09:00")
    assert outcome(extended, vn("2026-11-20 09:00")).without_extension is Verdict.OVERDUE


def t19_a_funeral_takes_one_calendar_day() -> None:
    funeral, other = TimeLimit.of(1, LimitUnit.CALENDAR_DAY), TimeLimit.of(5, LimitUnit.WORKING_DAY)
    received = vn("2026-11-25 09:00")
    assert compute(funeral, received, PROVINCE).due_at == vn("2026-11-26 17:30")
    change = ClockEvent(EventKind.CHANGE_LIMIT, vn("2026-11-25 10:00"), "đám tang", new_limit=funeral)
    changed = compute(other, received, PROVINCE, [change])
    assert (changed.original_due_at, changed.due_at) == (vn("2026-12-02 09:00"), vn("2026-11-26 17:30"))


def s01_waiting_for_a_supplement_is_not_counted() -> None:
    limit = TimeLimit.of(15, LimitUnit.CALENDAR_DAY)
    asked = ClockEvent(EventKind.PAUSE, vn("2025-07-21 09:00"), "yêu cầu bổ sung", mode=PauseMode.EXTEND)
    answered = ClockEvent(EventKind.RESUME, vn("2025-07-28 09:00"))
    withdrawn = ClockEvent(EventKind.FINISH, vn("2025-07-30 09:00"), "rút hồ sơ")
    deadline = compute(limit, vn("2025-07-14 09:00"), PROVINCE, [asked, answered, withdrawn])
    assert deadline.original_due_at == vn("2025-07-29 17:30")
    assert deadline.due_at == vn("2025-08-05 17:30")
    assert deadline.state is ClockState.FINISHED
    assert outcome(deadline).verdict is Verdict.EARLY
    assert deadline.counted_minutes == (5 + 2) * 480


# TIMED: cases whose rule of time is proved here. DONE: cases proved elsewhere, by dotted test name.
TIMED: Mapping[str, Callable[[], None]] = {
    "T01": t01_death_registered_before_the_national_holiday,
    "T02": t02_one_minute_on_either_side_of_15_00,
    "T04": t04_three_working_days_across_a_holiday,
    "T05": t05_verification_turns_three_days_into_twenty_three,
    "T07": t07_a_calendar_day_term_ending_on_a_holiday,
    "T08": t08_quarters_and_hours_sum_exactly,
    "T11": t11_posting_is_not_counted,
    "T14": t14_the_limit_runs_from_the_receiving_point,
    "T17": t17_the_apology_comes_a_day_before,
    "T19": t19_a_funeral_takes_one_calendar_day,
    "S01": s01_waiting_for_a_supplement_is_not_counted,
}
DONE: Mapping[str, str] = {
    "T10": "tests/journeys/test_acceptance.py::test_t10_and_d08_the_checks_name_wrong_sums_and_missing_signatures",
    "T13": "tests/journeys/test_acceptance.py::test_t13_an_unpaid_land_dossier_stands_and_is_never_late",
    "F01": "src/motcua/catalogue/tests/test_fee_resolutions.py::test_f01_certified_copies_cost_by_page_with_a_ceiling",
    "F03": "src/motcua/catalogue/tests/test_fee_resolutions.py::test_f03_a_birth_is_free_on_day_60_charged_on_day_61",
    "F04": "src/motcua/dossiers/tests/test_acceptance_fees.py::test_f04_the_receipt_names_the_resolution",
    "F06": "src/motcua/dossiers/tests/test_acceptance_fees.py::test_f06_paid_before_a_reduction_was_known_may_go_back",
    "F07": "src/motcua/dossiers/tests/test_acceptance_fees.py::test_f07_refused_nothing_goes_back",
    "F09": "src/motcua/catalogue/tests/test_source_procedures.py::test_doubtful_fees_are_held_until_approved",
    "S03": "tests/journeys/test_acceptance.py::test_s03_a_stop_that_is_a_procedure_of_its_own_is_linked",
    "S04": "tests/journeys/test_acceptance.py::test_s04_a_mortgaged_plot_ends_with_a_notice_not_a_refusal",
    "S06": "tests/journeys/test_acceptance.py::test_s06_four_people_and_the_slip_handed_back",
    "V02": "tests/journeys/test_acceptance.py::test_v02_an_expired_procedure_is_no_longer_received",
    "V03": "src/motcua/catalogue/tests/test_change_sets.py::test_a_procedure_with_a_new_code_is_the_same_procedure",
    "V11": "tests/journeys/test_acceptance.py::test_v11_statistics_keep_the_field_of_the_day_of_reception",
    "U02": "src/motcua/organisation/tests/test_succession_pages.py::test_of_two_communes_of_one_name_none_is_chosen",
    "U03": "src/motcua/organisation/tests/test_load.py::test_commune_that_was_not_merged_maps_one_to_one",
    "D02": "src/motcua/catalogue/tests/test_source_procedures.py::test_times_differing_by_channel_are_asked_about",
    "D03": "src/motcua/catalogue/tests/test_source_procedures.py::test_other_is_never_read_as_working_days",
    "D06": "tests/journeys/test_acceptance.py::test_d06_a_paper_only_shown_needs_no_scan",
    "D08": "tests/journeys/test_acceptance.py::test_t10_and_d08_the_checks_name_wrong_sums_and_missing_signatures",
    "D09": "src/motcua/workflow/tests/test_source_tables.py::test_equal_codes_in_different_fields_are_different_keys",
    "P01": "tests/journeys/test_acceptance.py::test_p01_a_step_after_the_return_does_not_hold_the_dossier",
    "P04": "tests/journeys/test_acceptance.py::test_p04_an_agency_begins_a_dossier_itself",
    "P05": "tests/journeys/test_acceptance.py::test_p05_a_delegated_signature_counts_while_the_document_is_in_force",
}
NOT_YET: Mapping[str, str] = {
    "T16": "online confirmation with a silent answer",
    "S07": "a form with two applicants",
    "V05": "an action worked out from what is in force (a contradiction is warned of)",
    "V06": "routing by industrial zone (effect before signing is marked, dossiers go by policy)",
    "V08": "routing by place of the employer",
    "V09": "links from a decision to the several it amends",
    "V12": "warning for several procedures of one person",
    "U05": "place names of three levels in forms",
    "U06": "results of agencies that are gone",
    "D05": "form fields depending on age",
    "P02": "a procedure that needs the result of another",
}


@pytest.mark.parametrize("case", sorted(TIMED))
def test_time_case(case: str) -> None:
    assert case in {item["id"] for item in CASES}
    TIMED[case]()


def test_every_case_is_done_or_says_what_it_waits_for() -> None:
    ids = [item["id"] for item in CASES]
    listed = [*TIMED, *DONE, *NOT_YET]
    assert len(ids) == 46
    assert sorted(listed) == sorted(ids)
    assert all(reason.strip() for reason in [*DONE.values(), *NOT_YET.values()])


@pytest.mark.skipif(not LISTING.exists(), reason="the documents are not beside the package")
def test_the_listing_says_the_same() -> None:
    rows = re.findall(r"^\| ([A-Z]\d\d) \| .* \| (done|not yet)\b", LISTING.read_text(encoding="utf-8"), re.M)
    expected = {case: "not yet" if case in NOT_YET else "done" for case in (*TIMED, *DONE, *NOT_YET)}
    assert dict(rows) == expected


@pytest.mark.parametrize("case", sorted(DONE))
def test_the_test_that_proves_a_case_exists(case: str) -> None:
    path, name = DONE[case].split("::")
    source = (Path(__file__).parents[4] / path).read_text(encoding="utf-8")
    assert f"def {name}(" in source

"""Golden dossiers: what is expected, what differs, what the decision explains."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from motcua.catalogue.rules.fees.groups import Groups
from motcua.catalogue.rules.fees.reading import read_content
from motcua.catalogue.rules.fees.tariff import FeeRule
from motcua.catalogue.rules.time_limits import AFTER_15H, LimitUnit, TimeLimit
from motcua.catalogue.types import FeeLine, Paper, ProcedureDefinition
from motcua.dossiers.rules.deadline import DeadlinePolicy
from motcua.dossiers.rules.golden import (
    Choose,
    Configuration,
    Difference,
    Ends,
    Expected,
    Given,
    chosen,
    compare,
    expect,
)
from motcua.dossiers.rules.golden_changes import Said, silent_change, unexplained
from motcua.dossiers.rules.golden_fees import example_fees
from motcua.dossiers.rules.golden_making import UnitClass, channel_groups, generate
from motcua.dossiers.rules.golden_process import branches, follow
from motcua.dossiers.rules.golden_text import SHAPES, as_text, read_text
from motcua.dossiers.tests import factories as f
from motcua.kernel.clock import VN
from motcua.kernel.messages import Message, msg
from motcua.organisation.rules.working_time import DayException, DayKind, Session, WorkCalendar
from motcua.workflow.rules.definition import ProcessDefinition, Step

MONDAY = date(2026, 11, 16)
WEEK = {day: (Session(time(7, 30), time(11, 30)), Session(time(13, 30), time(17, 30))) for day in range(5)}
NEW_YEAR = DayException(kind=DayKind.OFF, name="Tết Dương lịch", decision="")
CALENDAR = WorkCalendar(weekly=WEEK, exceptions={date(2027, 1, 1): NEW_YEAR})


@dataclass
class OneWard:
    """A world of one ward that decides everything itself."""

    policy: DeadlinePolicy = field(default_factory=DeadlinePolicy)
    memory: dict[object, Any] = field(default_factory=dict)

    def ends(self, configuration: Configuration, given: Given) -> Ends | Message:
        return Ends("xa", 1, 2, 1) if given.unit == "here" else msg("Không tiếp nhận ở đây.")

    def desk(self, step: Step, ends: Ends, field: str) -> tuple[str, str]:
        return step.unit_ref.which.value, step.role

    def part(self, unit_id: int, ends: Ends) -> str:
        return {1: "receiving", 2: "own"}[unit_id]

    def calendar(self, unit_id: int) -> WorkCalendar:
        return CALENDAR

    def letter_title(self, kind: str) -> str:
        return f"Văn bản {kind}"

    def has_form(self, code: str) -> bool:
        return code == "TP/HT-1"

    def fee_rules(
        self, definition: ProcedureDefinition, *, day: date, deciding_id: int | None
    ) -> tuple[FeeRule, ...]:
        return read_content(definition, Groups()).rules


HERE = (UnitClass("here", "Phường này", ("here", "like here")),)


def configuration(process: ProcessDefinition | None = None, **changes: Any) -> Configuration:
    definition = f.procedure_definition(code="1.000001", **changes)
    return Configuration(7, definition, processes=(Choose(process or f.process_definition(), level="xa"),))


def test_an_example_says_everything_that_must_come_of_it() -> None:
    morning = datetime(2026, 11, 16, 8, 30, tzinfo=VN)
    fees = (FeeLine("le-phi", "lệ phí", "Lệ phí", 8_000, "lần"),)
    found = expect(
        configuration(fees=fees),
        Given("here", "thuong", papers=("to-khai",), received=(("morning", morning),)),
        OneWard(),
    )
    assert (found.level, found.deciding, found.returning) == ("xa", "own", "receiving")
    assert found.terms == "5 ngày làm việc"
    assert found.due == (("morning", "2026-11-23T08:30"),)
    assert found.papers[0] == "to-khai form always 1+0"
    assert (found.fees, found.fee_total) == ((("le-phi", 8_000),), 8_000)
    assert [line.split()[0] for line in found.route] == [
        "tiep-nhan",
        "xu-ly",
        "duyet",
        "ky",
        "dong-dau",
        "tra",
    ]
    assert found.route[1] == "xu-ly trinh specialist field_division 960"
    assert dict(found.letters)["reception_slip"].startswith("reception_slip ")
    assert not found.stuck and not found.refused


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (Given("there", "thuong"), "Không tiếp nhận ở đây."),
        (Given("here"), "Chọn trường hợp: thời hạn của thủ tục này khác nhau theo trường hợp."),
        (Given("here", "la"), "Trường hợp đã chọn không thuộc thủ tục này. Hãy chọn lại."),
        (Given("here", "thuong", papers=("la",)), "Giấy tờ “la” không có trong danh mục của thủ tục này."),
    ],
)
def test_what_the_counter_refuses_is_expected_to_be_refused(given: Given, why: str) -> None:
    assert expect(configuration(), given, OneWard()) == Expected(refused=why)


CHANGES: list[tuple[str, Callable[[Configuration], Configuration], set[str]]] = [
    ("a day more", lambda c: replace(c, definition=replace(c.definition, limit=f.limit_of(6))),
     {"terms", "due", "letters"}),
    ("a paper optional", lambda c: replace(c, definition=replace(c.definition, papers=c.definition.papers[1:])),
     {"papers", "letters"}),
    ("another letter", lambda c: replace(c, letters=(Choose({"refusal": "apology"}),)), {"letters"}),
    ("a form", lambda c: replace(c, forms=(Choose("TP/HT-1"),)), {"form"}),
]  # fmt: skip


@pytest.mark.parametrize(("change", "parts"), [c[1:] for c in CHANGES], ids=[c[0] for c in CHANGES])
def test_each_change_shows_in_its_own_parts(
    change: Callable[[Configuration], Configuration], parts: set[str]
) -> None:
    before = configuration(cases=())
    at = (("morning", datetime(2026, 11, 16, 8, 30, tzinfo=VN)),)
    given = Given("here", received=at)
    found = compare(expect(before, given, OneWard()), expect(change(before), given, OneWard()))
    assert {difference.part for difference in found} == parts


def test_dates_are_tried_where_they_go_wrong() -> None:
    limit = TimeLimit.of(1, LimitUnit.WORKING_DAY, cutoff=AFTER_15H)
    made = next(iter(generate(configuration(limit=limit, cases=()), HERE, MONDAY, OneWard())))
    received = {name: f"{at:%a %d/%m %H:%M}" for name, at in made.given.received}
    assert received == {
        "morning": "Mon 16/11 08:30",
        "after_cutoff": "Mon 16/11 15:01",
        "friday": "Fri 20/11 15:45",
        "holiday_eve": "Thu 31/12 10:00",
    }
    due = dict(made.expected.due)
    assert due["morning"] < due["after_cutoff"]


def test_every_case_branch_and_group_of_channels_has_its_example() -> None:
    papers = (Paper("scan", "Bản chụp", 0, 1, "submit", "always", channels=("online",)),)
    found = list(generate(configuration(papers=papers), HERE, MONDAY, OneWard()))
    assert {made.given.case_key for made in found} == {"thuong", "xac-minh"}
    assert {made.given.channel for made in found} == {"in_person", "online"}
    assert {made.given.branch for made in found} == {
        "", "xu-ly.bo_sung", "duyet.tra_lai", "ky.tra_lai",
    }  # fmt: skip
    assert len({made.key for made in found}) == len(found) == 16
    assert channel_groups(configuration().definition, "", (), MONDAY) == (("in_person", "post", "online"),)


def test_branches_take_every_outcome() -> None:
    process = f.process_definition()
    taken = {
        (hop.step, hop.outcome)
        for branch in branches(process)
        for hop in follow(process, branch.choices).hops
    }
    assert taken == {(step.key, outcome.key) for step in process.steps for outcome in step.outcomes}


def test_a_way_that_comes_back_to_nobody_is_a_dead_end() -> None:
    process = f.process_definition()
    cut = replace(process.steps[3], outcomes=(replace(process.steps[3].outcomes[0], to=()),))
    way = follow(replace(process, steps=(*process.steps[:3], cut, *process.steps[4:])), ())
    assert way.stuck == "hồ sơ kết thúc mà không qua bước trả kết quả"
    endless = replace(process.steps[3], outcomes=(replace(cut.outcomes[0], to=("duyet",)),))
    assert "không tới bước cuối" in follow(
        replace(process, steps=(*process.steps[:3], endless, *process.steps[4:])), ()
    ).stuck  # fmt: skip


def test_the_particular_choice_wins() -> None:
    choices = (
        Choose("general", fallback=True),
        Choose("own"),
        Choose("agency", agency_id=9),
        Choose("case", case_key="k"),
    )

    def at(case: str, *agencies: int) -> str | None:
        return chosen(choices, level="xa", case_key=case, agency_ids=agencies)

    assert [at("", 1), at("", 9), at("k", 9)] == ["own", "agency", "case"]
    assert chosen(choices[:1], level="xa", case_key="", agency_ids=()) == "general"
    assert chosen((), level="xa", case_key="", agency_ids=()) is None


def test_fees_are_those_of_the_catalogue_with_one_of_everything() -> None:
    lines = (
        FeeLine("a", "phi", "Tại quầy", 10_000, "lần", channels=("in_person",)),
        FeeLine("b", "le_phi", "Xác minh", 5_000, "bản sao", condition="Phải xác minh"),
        FeeLine("c", "phi", "Nghi ngờ", 99_000, "lần", applies=False, channels=("in_person",)),
        FeeLine("d", "phi", "Chưa rõ", None, "lần", channels=("in_person",)),
    )
    rules = read_content(f.procedure_definition(fees=lines), Groups()).rules

    def sums(case_key: str, channel: str) -> tuple[int, set[str]]:
        found = example_fees(rules, case_key=case_key, channel=channel, day=MONDAY)
        return found.total, {key for key in found.unknown if key in "abcd"}

    assert sums("thuong", "in_person") == (10_000, {"c", "d"})
    assert sums("xac-minh", "online") == (5_000, set())
    assert sums("xac-minh", "in_person") == (15_000, {"c", "d"})


LONGER = Difference("terms", "3 ngày làm việc", "4 ngày làm việc")
LATER = Difference("due", (("morning", "2026-11-19T08:30"),), (("morning", "2026-11-20T08:30"),))
DEARER = Difference("fee_total", 8_000, 9_000)
REFUSED = Difference("refused", "", "Không nhận.")


@pytest.mark.parametrize(
    ("differences", "said", "left"),
    [
        ((LONGER,), Said(frozenset({"limit"})), ()),
        ((LONGER,), Said(frozenset({"cases"})), ()),
        ((LONGER,), Said(frozenset({"fees"})), (LONGER,)),
        ((LONGER, DEARER), Said(frozenset({"fees"})), (LONGER,)),
        ((LONGER, DEARER), Said(frozenset()), (LONGER, DEARER)),
        ((LONGER, LATER), Said(frozenset()), (LONGER,)),
        ((LATER,), Said(frozenset()), (LATER,)),
        ((LONGER, DEARER), Said(frozenset(), everything=True), ()),
        ((REFUSED, DEARER), Said(frozenset()), (REFUSED,)),
        ((REFUSED, DEARER), Said(frozenset({"levels"})), ()),
    ],
)
def test_what_the_decision_does_not_say_is_left_over(
    differences: tuple[Difference, ...], said: Said, left: tuple[Difference, ...]
) -> None:
    assert unexplained(differences, said) == left


def test_a_silent_change_is_told_with_both_sides() -> None:
    assert silent_change(LONGER).source() == (
        "thời hạn đổi từ “3 ngày làm việc” thành “4 ngày làm việc” mà quyết định không nói."
    )


def test_dates_are_told_as_people_write_them() -> None:
    assert silent_change(LATER).source() == (
        "ngày hẹn trả đổi từ “buổi sáng ngày thường 08:30 19/11/2026” thành “buổi sáng ngày thường 08:30 20/11/2026” "
        "mà quyết định không nói."
    )


def test_every_part_can_be_explained_and_written() -> None:
    parts = {part.name for part in Expected.__dataclass_fields__.values()}
    from motcua.dossiers.rules.golden_changes import EXPLAINED_BY, WORDS

    assert parts == set(EXPLAINED_BY) == set(WORDS) == set(SHAPES)


words = st.text("abc-: 0123đ", min_size=1, max_size=12).map(str.strip).filter(bool)
names = st.text("abcđ-", min_size=1, max_size=8)
expectations = st.builds(
    Expected,
    level=words,
    terms=words,
    due=st.lists(st.tuples(names, words), max_size=4).map(tuple),
    papers=st.lists(words, max_size=4).map(tuple),
    fees=st.lists(st.tuples(names, st.integers(0, 10**9)), max_size=3).map(tuple),
    fee_total=st.integers(0, 10**9),
    route=st.lists(words, max_size=4).map(tuple),
)


@examples(expectations)
def test_an_expectation_survives_being_stored(expected: Expected) -> None:
    assert Expected.from_dict(expected.to_dict()) == expected


@examples(expectations)
def test_what_is_shown_is_what_is_read_back(expected: Expected) -> None:
    for part in SHAPES:
        value = getattr(expected, part)
        if isinstance(value, str):
            value = " ".join(line.strip() for line in value.splitlines())
        assert read_text(part, as_text(part, value)) == value


@pytest.mark.parametrize(
    ("part", "typed", "why"),
    [
        ("fees", "le-phi 8000", "Dòng 1 “le-phi 8000” phải có dạng “tên = giá trị”."),
        ("fees", "a = 1\nb = tám", "Dòng 2: “tám” không phải số tiền, hãy ghi số đồng nguyên như 8000."),
        ("fee_total", "-5", "Dòng 1: “-5” không phải số tiền, hãy ghi số đồng nguyên như 8000."),
    ],
)
def test_what_cannot_be_read_is_named_by_its_line(part: str, typed: str, why: str) -> None:
    found = read_text(part, typed)
    assert isinstance(found, Message) and found.source() == why


def test_given_survives_being_stored() -> None:
    made = next(iter(generate(configuration(), HERE, MONDAY, OneWard())))
    assert Given.from_dict(made.given.to_dict()) == made.given


def test_due_dates_are_compared_by_instant_and_not_by_their_order() -> None:
    """A database may give the instants of an example back in another order than they were stored in."""
    before = Expected(due=(("sáng", "2025-07-04T17:30"), ("chiều", "2025-07-07T17:30")))
    assert compare(before, Expected(due=before.due[::-1])) == ()
    later = Expected(due=(("sáng", "2025-07-04T17:30"), ("chiều", "2025-07-08T17:30")))
    assert [difference.part for difference in compare(before, later)] == ["due"]

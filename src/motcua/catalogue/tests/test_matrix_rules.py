"""The matrix of competence: by classes of units, in small worlds of every kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.catalogue.rules.competence import (
    ANY_CENTRE,
    DECIDING_ONLY,
    NOT_HERE,
    PROVINCIAL_CENTRE,
    Rule,
    RuleBook,
    Subject,
)
from motcua.catalogue.rules.matrix import (
    Kind,
    MatrixUnit,
    ProblemKind,
    ProcessTraits,
    Topic,
    World,
    cell,
    cells,
)
from motcua.catalogue.rules.matrix_problems import rule_overlaps
from motcua.catalogue.types import Territory

COMMUNES = tuple(
    MatrixUnit(
        number,
        f"X{number}",
        f"Xã {number}",
        True,
        "bac_ninh" if number % 2 else "bac_giang",
        {"police": 100 + number} if number != 3 else {},
    )
    for number in range(1, 5)
)
DEPARTMENTS = tuple(MatrixUnit(number, f"S{number}", f"Sở {number}", False) for number in (11, 12))
UNITS = (*COMMUNES, *DEPARTMENTS)


def world(rules: Sequence[Rule], **changes: Any) -> World:
    """A small province: four communes (one without police), two departments, one of which has ended in some tests."""
    book = RuleBook(rules)
    given: dict[str, Any] = {
        "units": UNITS,
        "rules_about": book.about,
        "department": lambda subject: {"A": 11, "B": 12, "C": 13}.get(subject.field),
        "process": lambda *_asked: ProcessTraits(needs_division=True),
        "receiving": lambda *_asked: None,
        "returning": lambda *_asked: None,
        "names": {unit.id: unit.name for unit in UNITS},
        "codes": {unit.code: unit.id for unit in UNITS},
        "standing": frozenset({unit.id for unit in UNITS} | {101, 102, 104}),
        "divided": frozenset({unit.id for unit in UNITS} | {101, 102, 104}),
    }
    return World(**{**given, **changes})


def topic(field: str = "A", levels: tuple[str, ...] = ("xa",), **changes: Any) -> Topic:
    return Topic(Subject(1, field, "Bộ", levels, **changes), 1, "1.000001", "Thủ tục thử")


def kinds(of: Topic, within: World) -> dict[str, Kind]:
    return {unit.code: part.cell.kind for part in cells(of, within) for unit in part.units}


def test_a_commune_procedure_is_decided_by_every_commune_and_by_no_department() -> None:
    found = kinds(topic(), world([]))
    assert {code for code, kind in found.items() if kind is Kind.DECIDED} == {"X1", "X2", "X3", "X4"}
    assert {code for code, kind in found.items() if kind is Kind.NOT_HERE} == {"S11", "S12"}


def test_a_provincial_procedure_is_received_everywhere_and_decided_once() -> None:
    parts = cells(topic(levels=("tinh",)), world([]))
    by_unit = {unit.code: part.cell for part in parts for unit in part.units}
    assert by_unit["X1"].deciding_id == 11 and not by_unit["X1"].decides_here
    assert by_unit["S11"].decides_here
    assert by_unit["S12"].kind is Kind.NOT_HERE and "Sở 11" in by_unit["S12"].reason.source()


HOLES = [
    (topic(levels=()), [], {}, ProblemKind.NO_LEVEL, 6),
    (topic("?", ("tinh",)), [], {}, ProblemKind.NO_DEPARTMENT, 6),
    (topic("C", ("tinh",)), [], {}, ProblemKind.UNIT_ENDED, 4),
    (topic(), [Rule(deciding_function="police", source="CA")], {}, ProblemKind.NO_VERTICAL, 1),
    (topic(), [], {"divided": frozenset({1, 2, 3})}, ProblemKind.NO_DIVISION, 1),
    (topic(), [], {"process": lambda *_asked: None}, ProblemKind.NO_PROCESS, 4),
    (topic(), [], {"receiving": lambda *_asked: {"units": ["X9"]}}, ProblemKind.UNKNOWN_UNIT, 4),
    (topic(), [], {"returning": lambda *_asked: {"at": "X9"}}, ProblemKind.UNKNOWN_UNIT, 4),
]


@pytest.mark.parametrize(("of", "rules", "changes", "kind", "units"), HOLES)
def test_a_hole_is_named_with_its_kind_and_its_units(
    of: Topic, rules: list[Rule], changes: dict[str, Any], kind: ProblemKind, units: int
) -> None:
    parts = cells(of, world(rules, **changes))
    found = Counter({part.cell.problem: len(part.units) for part in parts if part.cell.problem})
    assert found == {kind: units}


def test_not_here_by_rule_is_no_hole() -> None:
    parts = cells(topic("?", ("tinh",)), world([Rule(field_name="?", reception=NOT_HERE, source="Hải quan")]))
    assert [part.cell.kind for part in parts] == [Kind.NOT_HERE]
    assert "Hải quan" in parts[0].cell.reason.source()


def test_equal_rules_that_disagree_are_an_overlap_and_priority_settles_it() -> None:
    one = Rule(procedure_id=1, deciding_unit_id=11, source="QĐ 1")
    other = Rule(procedure_id=1, deciding_unit_id=12, source="QĐ 2")
    of = topic(levels=("tinh",))
    [problem] = rule_overlaps(of, world([one, other]))
    assert problem.kind is ProblemKind.RULES_DISAGREE and problem.source == "QĐ 1; QĐ 2"
    settled = Rule(procedure_id=1, deciding_unit_id=12, priority=1)
    assert not list(rule_overlaps(of, world([one, settled])))
    assert not list(rule_overlaps(of, world([one, Rule(procedure_id=1, deciding_unit_id=11, source="QĐ 3")])))


RULES = st.builds(
    Rule,
    procedure_id=st.sampled_from([None, 1, 2]),
    field_name=st.sampled_from(["", "A", "?"]),
    level=st.sampled_from(["", "xa", "tinh"]),
    reception=st.sampled_from([ANY_CENTRE, DECIDING_ONLY, PROVINCIAL_CENTRE, NOT_HERE]),
    deciding_unit_id=st.sampled_from([None, 11, 12, 13]),
    deciding_function=st.sampled_from(["", "police"]),
    priority=st.integers(0, 1),
)
SETTINGS = st.one_of(
    st.none(),
    st.builds(lambda units: {"units": units}, st.lists(st.sampled_from(["X1", "X2", "S11"]), max_size=2)),
)


@given(
    rules=st.lists(RULES, max_size=4),
    field=st.sampled_from(["A", "B", "C", "?"]),
    levels=st.lists(st.sampled_from(["xa", "tinh", "bo"]), unique=True).map(tuple),
    territory=st.sampled_from(list(Territory)),
    receiving=SETTINGS,
    named=st.frozensets(st.sampled_from([unit.id for unit in UNITS])),
    divided=st.frozensets(st.sampled_from([*(unit.id for unit in UNITS), 101, 102, 104])),
    standing=st.frozensets(st.sampled_from([*(unit.id for unit in UNITS), 101, 102, 104])),
)
@settings(max_examples=300, deadline=None)
def test_classes_say_of_every_unit_what_it_says_of_itself(
    rules: list[Rule],
    field: str,
    levels: tuple[str, ...],
    territory: Territory,
    receiving: dict[str, Any] | None,
    named: frozenset[int],
    divided: frozenset[int],
    standing: frozenset[int],
) -> None:
    """Exhaustive and disjoint: one cell for each unit, the same as worked out alone."""
    wide = frozenset({unit.id for unit in UNITS}) if receiving else named
    of = Topic(Subject(1, field, "Bộ", levels, territory), 1, "1.000001", "Thử", named=wide)
    within = world(rules, receiving=lambda *_asked: receiving, divided=divided, standing=standing)
    parts = cells(of, within)
    assert sorted(unit.id for part in parts for unit in part.units) == sorted(unit.id for unit in UNITS)
    for part in parts:
        for unit in part.units:
            alone = cell(of, unit, within)
            assert alone == part.cell
            assert (alone.kind is Kind.HOLE) == (alone.problem is not None)
            assert alone.reason.source()

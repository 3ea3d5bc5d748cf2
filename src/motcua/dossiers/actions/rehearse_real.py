"""Which dossiers are walked by the real acts, and what is made of their walks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from zlib import crc32

from motcua.catalogue.types import Level
from motcua.dossiers.actions.rehearse_check import Check, Tried
from motcua.dossiers.actions.rehearse_letters import Letters
from motcua.dossiers.actions.rehearse_walk import Trouble, Walk, Walked, side_letters, walk_every_outcome
from motcua.dossiers.rules.golden import Configuration, Ends, Given, expect, process_of, required_papers
from motcua.dossiers.rules.golden_making import UnitClass, case_keys
from motcua.dossiers.rules.golden_process import NOT_RETURNED, Choice, branches
from motcua.dossiers.rules.rehearsal import FailureKind, Where
from motcua.kernel.messages import Message, msg
from motcua.organisation import queries as organisation
from motcua.organisation.types import UnitKind
from motcua.workflow.rules.definition import ProcessDefinition

WALKS_TOLD = 400
"""Walks listed one by one afterwards; more are counted."""

Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Planned:
    """A walk to be done: every outcome (`ways`), or only the ordinary way through. `alike` names the class of the
    unit.
    """

    tried: Tried
    given: Given
    alike: str
    ends: Ends
    process: ProcessDefinition
    ways: tuple[tuple[Choice, ...], ...] = ()
    thorough: bool = True


@dataclass(slots=True)
class RealRuns:
    """Collects configurations, then walks: every outcome once for those that go alike, the ordinary way once for each
    procedure and case, and once more in each unit.
    """

    check: Check
    at: datetime
    by_way: dict[tuple[object, ...], Planned] = field(default_factory=dict)
    by_case: dict[tuple[object, ...], Planned] = field(default_factory=dict)
    by_unit: dict[int, Planned] = field(default_factory=dict)
    seen: dict[int, int] = field(default_factory=dict)
    real: int = 0
    walks: list[dict[str, Any]] = field(default_factory=list)
    letters: Letters = field(default_factory=Letters)

    def plan(self, tried: Tried) -> None:
        """Remember what must be walked of one configuration."""
        definition = tried.configuration.definition
        for number, planned in enumerate(self._of_classes(tried)):
            case_key = planned.given.case_key
            way = (
                planned.process.digest,
                planned.alike,
                planned.given.place,
                planned.ends.deciding_id if planned.ends.level == Level.PROVINCE else 0,
                definition.limit_for(case_key).has_due_date,
            )
            known = self.by_way.get(way)
            if known is None or _longer(tried, known.tried):
                self.by_way[way] = planned
            case = (tried.configured.version_id, case_key, planned.ends.level)
            turn = len(self.by_case) + number  # classes take turns
            if case not in self.by_case or turn % 3 == 0:
                self.by_case[case] = replace(planned, thorough=False)
        self._plan_units(tried)

    def _of_classes(self, tried: Tried) -> Iterator[Planned]:
        for unit in tried.classes:
            for case_key in case_keys(tried.configuration.definition):
                planned = self._planned(tried, unit, unit.code, case_key)
                if planned is not None:
                    ways = tuple(branch.choices for branch in branches(planned.process))
                    yield replace(planned, ways=ways)

    def _plan_units(self, tried: Tried) -> None:
        """Each unit gets one ordinary run, at its own point; the procedures take turns."""
        alike = {code: unit.code for unit in tried.classes for code in unit.units}
        for home, code in _points(tried.receiving).items():
            seen = self.seen[home] = self.seen.get(home, 0) + 1
            if home in self.by_unit and crc32(f"{code} {seen}".encode()) % seen:
                continue  # the n-th replaces what was chosen in one of n units
            unit = UnitClass(alike[code], code, (code,))
            case_key = case_keys(tried.configuration.definition)[0]
            planned = self._planned(tried, unit, code, case_key)
            if planned is not None:
                self.by_unit[home] = replace(planned, thorough=False)

    def _planned(self, tried: Tried, unit: UnitClass, code: str, case_key: str) -> Planned | None:
        configuration = tried.configuration
        given = example(configuration, code, case_key, self.at, place=unit.place)
        ends = self.check.world.ends(configuration, given)
        process = None if isinstance(ends, Message) else process_of(configuration, case_key, ends)
        if isinstance(ends, Message) or process is None:
            return None
        return Planned(tried, given, unit.code, ends, process)

    def walk(self, tell: Tell) -> None:
        """Do the walks, then the letters."""
        ways = list(self.by_way.values())
        done = {_trial(planned) for planned in ways}
        plain = [one for one in self.by_case.values() if _trial(one) not in done]
        walked = {_home(planned.ends.receiving_id) for planned in (*ways, *plain) if not planned.given.place}
        plain += [planned for home, planned in self.by_unit.items() if home not in walked]
        todo = [*ways, *plain]
        for number, planned in enumerate(todo):
            tell(number, len(todo))
            self._walk(planned)
        for planned in _one_of_each_class(ways):
            side = side_letters(
                planned.tried.configured.version_id, planned.given, self.check.people, self.at
            )
            self._judge(planned, [side])
        self.letters.print_all(self.check.findings)

    def _walk(self, planned: Planned) -> None:
        version_id, people = planned.tried.configured.version_id, self.check.people
        if planned.thorough:
            found = walk_every_outcome(version_id, planned.given, planned.ways, people, self.at)
        else:
            found = [Walk(version_id, planned.given, people, self.at, set(), thorough=False)()]
        self._judge(planned, found)
        if len(self.walks) < WALKS_TOLD:
            self.walks.append(_told(planned, found))
        first = found[0]
        if first.trouble is None:
            self._compare(planned, first)

    def _judge(self, planned: Planned, found: Iterable[Walked]) -> None:
        tried = planned.tried
        for walked in found:
            self.real += 1
            self.letters.take(walked.letters, planned.alike, tried.configuration, tried.code)
            if walked.trouble is None:
                if not walked.returned and walked.tasks:
                    walked.trouble = Trouble(NOT_RETURNED, walked.tasks[-1][0])
                else:
                    continue
            step = walked.trouble.step
            self.check.findings.add(
                FailureKind.ACT,
                msg(
                    "%(code)s, bước “%(step)s”: %(why)s",
                    code=tried.code,
                    step=step or msg("tiếp nhận"),
                    why=walked.trouble.message,
                ),
                _where(planned, walked.trouble.unit_id),
                code=tried.code,
            )

    def _compare(self, planned: Planned, walked: Walked) -> None:
        """The real dossier against what the rules say of it: both must be the same."""
        tried, world = planned.tried, self.check.world
        expected = expect(tried.configuration, planned.given, world)
        due = dict(expected.due).get("real", "")
        field_name = tried.configuration.definition.field
        desks = {
            (step.key, performer.unit_id, performer.role)
            for step in planned.process.steps
            for performer in (world.performer(step, planned.ends, field_name),)
        }
        strange = [task for task in walked.tasks if task not in desks]
        if walked.due != due:
            said: tuple[str, object, object] = ("ngày hẹn trả", due or "-", walked.due or "-")
        elif walked.ends != planned.ends:
            said = ("nơi nhận, giải quyết, trả", planned.ends, walked.ends)
        elif strange:
            said = ("bàn xử lý", "-", strange[0])
        else:
            return
        self.check.findings.add(
            FailureKind.DISAGREES,
            msg(
                "%(code)s: %(what)s dự tính “%(expected)s”, hồ sơ thật ra “%(found)s”.",
                code=tried.code,
                what=said[0],
                expected=str(said[1]),
                found=str(said[2]),
            ),
            _where(planned, planned.ends.receiving_id),
            code=tried.code,
        )


def _home(unit_id: int) -> int:
    """The commune or agency that a reception point receives for."""
    unit = organisation.unit(unit_id)
    return unit.area_id or unit.agency_id


def _points(receiving: Mapping[str, Ends]) -> dict[int, str]:
    """For each commune or agency the point its people go to: of whoever decides, else its service centre."""
    found: dict[int, tuple[bool, bool, str]] = {}
    for code, ends in receiving.items():
        unit = organisation.unit(ends.receiving_id)
        rank = (unit.agency_id == ends.deciding_id, unit.kind == UnitKind.SERVICE_CENTRE, code)
        home = _home(unit.id)
        if home not in found or rank > found[home]:
            found[home] = rank
    return {home: code for home, (_decides, _centre, code) in found.items()}


def _told(planned: Planned, found: Sequence[Walked]) -> dict[str, Any]:
    definition = planned.tried.configuration.definition
    case = definition.case(planned.given.case_key)
    return {
        "code": planned.tried.code,
        "case": case.name if case else "",
        "unit_id": planned.ends.receiving_id,
        "runs": len(found),
        "tasks": sum(len(walked.tasks) for walked in found),
        "every_outcome": planned.thorough,
        "ok": all(walked.trouble is None for walked in found),
    }


def example(
    configuration: Configuration, unit: str, case_key: str, at: datetime, *, place: str = ""
) -> Given:
    """A complete dossier handed in at a unit at an instant."""
    papers = required_papers(configuration.definition, case_key, "in_person")
    return Given(unit, case_key, place, papers=papers, received=(("real", at),))


def _where(planned: Planned, unit_id: int | None) -> Where:
    line = planned.tried.line
    procedure_id = planned.tried.configured.procedure_id if line is None or line.procedure_id else None
    return Where(procedure_id, line.id if line else None, unit_id, planned.given.case_key)


def _trial(planned: Planned) -> tuple[object, ...]:
    return planned.tried.configured.version_id, planned.given


def _longer(tried: Tried, known: Tried) -> bool:
    """Letters are printed with the longest real names."""
    return len(tried.configuration.definition.name) > len(known.configuration.definition.name)


def _one_of_each_class(planned: Iterable[Planned]) -> Iterator[Planned]:
    seen: set[tuple[str, str]] = set()
    for one in planned:
        key = (one.alike, one.ends.level)
        if key not in seen:
            seen.add(key)
            yield one

"""Pages of rehearsals: what was rehearsed, what failed and for whom, and the golden dossiers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from motcua.catalogue.queries import changes, rehearsals
from motcua.catalogue.queries.rehearsals import FailureInfo, GoldenInfo, RehearsalInfo
from motcua.catalogue.rules.time_limits import amount_text
from motcua.catalogue.types_changes import ChangeState
from motcua.catalogue.types_drafts import ChangeSetInfo
from motcua.dossiers.rules.golden import Expected, Given
from motcua.dossiers.rules.golden_changes import WORDS, shown
from motcua.dossiers.rules.rehearsal import KIND_WORDS, SAMPLE, FailureKind
from motcua.kernel.messages import Message, msg
from motcua.kernel.outbox.queries import JobInfo, newest
from motcua.organisation import queries as organisation
from motcua.organisation.types import Role, UnitFunction, UnitInfo, UnitKind

JOB = "dossiers.rehearse"
PAGE = 50
WAITING_SHOWN = 20
WALKS_SHOWN = 100
DESKS = 5_000
"""Empty desks read at once: far more than the province has."""
OPEN = (ChangeState.DRAFT, ChangeState.APPROVED)


@dataclass(frozen=True, slots=True)
class RehearsalList:
    """The first page: what waits to be rehearsed, and what was."""

    waiting: tuple[ChangeSetInfo, ...]
    rows: tuple[RehearsalInfo, ...]
    more: bool
    page: int


@dataclass(frozen=True, slots=True)
class FailureRow:
    """One failure as shown."""

    text: str
    unit: UnitInfo | None
    codes: tuple[str, ...]
    case_key: str
    count: int


@dataclass(frozen=True, slots=True)
class EmptyDesks:
    """One role that nobody holds, and everywhere it is missing: one thing to do, however many desks."""

    role: str
    units: tuple[UnitInfo, ...]
    codes: tuple[str, ...]
    more_codes: bool
    count: int


@dataclass(frozen=True, slots=True)
class FailureGroup:
    """Failures that ask for the same thing to be done."""

    kind: FailureKind
    title: str
    advice: str
    total: int
    rows: tuple[FailureRow, ...]


@dataclass(frozen=True, slots=True)
class WalkRow:
    """One real walk as listed."""

    code: str
    case: str
    unit: str
    runs: int
    tasks: int
    every_outcome: bool
    ok: bool


@dataclass(frozen=True, slots=True)
class Passed:
    """Procedures that passed without a trial for one reason; `codes` are the first of `n`."""

    why: str
    codes: tuple[str, ...]
    n: int


@dataclass(frozen=True, slots=True)
class Result:
    """A rehearsal with its failures; `kind` narrows them. Empty desks stand apart, by role, on the first page."""

    info: RehearsalInfo
    counts: tuple[tuple[str, str, int], ...]
    desks: tuple[EmptyDesks, ...]
    groups: tuple[FailureGroup, ...]
    kind: str
    page: int
    more: bool
    real: int
    by_class: int
    classes: tuple[tuple[str, int], ...]
    walks: tuple[WalkRow, ...]
    passed: tuple[Passed, ...]


@dataclass(frozen=True, slots=True)
class SetPage:
    """A change-set and its rehearsals. `stale`: why the last one no longer counts. `can_run`: it still waits for
    publication.
    """

    head: ChangeSetInfo
    result: Result | None
    stale: tuple[Message, ...]
    job: JobInfo | None
    can_run: bool

    @property
    def running(self) -> bool:
        return self.job is not None and not self.job.is_over

    @property
    def stale_text(self) -> str:
        return " ".join(why.render() for why in self.stale)

    @property
    def refused(self) -> str:
        """Why the last request came to nothing."""
        return str(self.job.result.get("refused", "")) if self.job and self.job.is_over else ""

    @property
    def broken(self) -> bool:
        return self.job is not None and self.job.dead_at is not None


@dataclass(frozen=True, slots=True)
class GoldenPart:
    """One part of a golden dossier: expected and found, as text."""

    key: str
    label: str
    expected: str
    found: str
    differs: bool


@dataclass(frozen=True, slots=True)
class GoldenPage:
    """A golden dossier with everything about it. `change_set_id` None: it belongs to a version."""

    info: GoldenInfo
    given: Given
    expected: Expected
    unit: UnitInfo | None
    parts: tuple[GoldenPart, ...]
    change_set_id: int | None


def rehearsal_list(*, page: int = 1) -> RehearsalList:
    """Drafts that wait, and one page of rehearsals."""
    waiting = [
        row.info for state in OPEN for row in changes.change_sets(state=state.value, limit=WAITING_SHOWN).rows
    ]
    found = rehearsals.rehearsals(page=page, size=PAGE)
    return RehearsalList(tuple(waiting), found.rows, found.more, page)


def set_page(change_set_id: int, *, now: datetime, kind: str = "", page: int = 1) -> SetPage:
    """A change-set with its newest rehearsal as a whole. Raises `UnknownChangeSet` (404)."""
    head = changes.change_set(change_set_id)
    last = rehearsals.latest(change_set_id)
    waits = head.state in OPEN
    job = newest(JOB, key_prefix=f"{JOB}:{change_set_id}:")
    running = job is not None and not job.is_over
    return SetPage(
        head=head,
        result=result(last, kind=kind, page=page) if last else None,
        stale=_stale(head, now) if last and waits and not running else (),
        job=job,
        can_run=waits,
    )


def _stale(head: ChangeSetInfo, now: datetime) -> tuple[Message, ...]:
    return changes.last_rehearsal(head, now, digest=changes.digest_of(head.id)).why


def result_page(rehearsal_id: int, *, kind: str = "", page: int = 1) -> Result:
    """One rehearsal; raises `NotFound`."""
    return result(rehearsals.rehearsal(rehearsal_id), kind=kind, page=page)


def result(info: RehearsalInfo, *, kind: str = "", page: int = 1) -> Result:
    """Its failures, by what is to be done, one page of them (four statements)."""
    kind = kind if kind in set(FailureKind) else ""
    counts = rehearsals.failure_counts(info.id)
    empty = FailureKind.NOBODY.value
    desks = (
        rehearsals.failures(info.id, kind=empty, size=DESKS) if kind in ("", empty) and page == 1 else None
    )
    found = rehearsals.failures(info.id, kind=kind, without=empty, page=page, size=PAGE)
    tried = rehearsals.trials_of(info.id)
    return Result(
        info=info,
        counts=tuple(
            (known.value, KIND_WORDS[known][0].render(), counts[known.value])
            for known in FailureKind
            if known.value in counts
        ),
        desks=_desks(desks.rows) if desks else (),
        groups=_groups(found.rows, counts),
        kind=kind,
        page=page,
        more=found.more,
        real=int(tried.get("real", 0)),
        by_class=int(tried.get("by_class", 0)),
        classes=tuple((_name(part["unit"]), int(part["units"])) for part in tried.get("classes", ())),
        walks=tuple(_walk(part) for part in tried.get("walks", ())[:WALKS_SHOWN]),
        passed=tuple(
            Passed(str(part["why"]), tuple(part["codes"]), int(part["n"])) for part in tried.get("passed", ())
        ),
    )


def _desks(rows: Iterable[FailureInfo]) -> tuple[EmptyDesks, ...]:
    """By role, the one that is missing at most places first."""
    labels, units = dict(Role.choices), organisation.units()
    together: dict[str, list[FailureInfo]] = {}
    for row in rows:
        together.setdefault(str(row.params.get("role", "")), []).append(row)
    found = []
    for role, missing in together.items():
        places = [units[row.unit_id] for row in missing if row.unit_id is not None and row.unit_id in units]
        codes = dict.fromkeys(code for row in missing for code in row.params.get("codes", ()))
        count = sum(row.count for row in missing)
        found.append(
            EmptyDesks(
                role=str(labels.get(role, role)),
                units=tuple(sorted(places, key=lambda unit: unit.full_name or unit.name)),
                codes=tuple(codes)[:SAMPLE],
                more_codes=any(row.count > len(row.params.get("codes", ())) for row in missing)
                or len(codes) > SAMPLE,
                count=count,
            )
        )
    return tuple(sorted(found, key=lambda one: (-len(one.units), one.role)))


def _groups(rows: tuple[FailureInfo, ...], counts: Mapping[str, int]) -> tuple[FailureGroup, ...]:
    groups = []
    for kind in FailureKind:
        own = [row for row in rows if row.kind == kind.value]
        if own:
            title, advice = KIND_WORDS[kind]
            shown = tuple(_failure(row) for row in own)
            groups.append(FailureGroup(kind, title.render(), advice.render(), counts[kind.value], shown))
    return tuple(groups)


def _failure(row: FailureInfo) -> FailureRow:
    unit = organisation.units().get(row.unit_id) if row.unit_id is not None else None
    codes = tuple(row.params.get("codes", ()))
    return FailureRow(
        text=row.message.render(),
        unit=unit,
        codes=codes,
        case_key=row.case_key,
        count=row.count,
    )


def _walk(part: Mapping[str, Any]) -> WalkRow:
    unit = organisation.units().get(part["unit_id"])
    return WalkRow(
        code=part["code"],
        case=part["case"],
        unit=(unit.full_name or unit.name) if unit else "",
        runs=part["runs"],
        tasks=part["tasks"],
        every_outcome=part["every_outcome"],
        ok=part["ok"],
    )


def _name(code: str) -> str:
    found = next((unit for unit in organisation.units().values() if unit.code == code), None)
    return (found.full_name or found.name) if found else code


def golden_list(change_set_id: int, *, page: int = 1) -> rehearsals.GoldenPage:
    """One page of the golden dossiers of a change-set."""
    return rehearsals.golden_page(change_set_id=change_set_id, page=page, size=PAGE)


def golden_page(golden_id: int) -> GoldenPage:
    """A golden dossier with what the last rehearsal of its change-set found instead. Raises `NotFound`."""
    info = rehearsals.golden(golden_id)
    change_set_id = rehearsals.change_set_of_line(info.line_id) if info.line_id is not None else None
    otherwise = _found_instead(golden_id, change_set_id)
    given, expected = Given.from_dict(info.given), Expected.from_dict(info.expected)
    unit = next((unit for unit in organisation.units().values() if unit.code == given.unit), None)
    parts = []
    for key, label in WORDS.items():
        text = _readable(key, getattr(expected, key))
        found = otherwise.get(key, text)
        if text or found:
            parts.append(GoldenPart(key, label.render(), text, found, differs=key in otherwise))
    return GoldenPage(info, given, expected, unit, tuple(parts), change_set_id)


PLACE_WORDS = {
    "receiving": msg("nơi tiếp nhận"),
    "own": msg("chính xã, phường đó"),
}


def _readable(part: str, value: Any) -> str:
    """A part for people: units and roles by their names, planned minutes as days."""
    if part in ("deciding", "returning"):
        return _part_words(value)
    if part != "route":
        return shown(part, value)
    return "\n".join(f"{number}. {line}" for number, line in enumerate(route_lines(value), start=1))


def route_lines(value: Iterable[str]) -> tuple[str, ...]:
    """The way of a dossier, step by step: who does it, where, in what time."""
    roles = {key: str(label) for key, label in Role.choices}
    lines = []
    for line in value:
        step, outcome, role, place, minutes, *_clock = line.split(" ")
        days = (
            f"{amount_text(Fraction(int(minutes), 480))} ngày"
            if minutes.isdigit()
            else msg("chưa chia thời gian").render()
        )
        lines.append(f"{step} → {outcome}: {roles.get(role, role)}, {_part_words(place)} · {days}")
    return tuple(lines)


def _part_words(part: str) -> str:
    if part in PLACE_WORDS:
        return PLACE_WORDS[part].render()
    scope, _colon, function = part.partition(":")
    if scope in ("own", "local"):
        labels = {key: str(label) for key, label in (*UnitFunction.choices, *UnitKind.choices)}
        return msg("%(part)s của xã, phường đó", part=labels.get(function, function)).render()
    return _name(part) if part else ""


def _found_instead(golden_id: int, change_set_id: int | None) -> dict[str, str]:
    last = rehearsals.latest(change_set_id) if change_set_id is not None else None
    if last is None or not last.failed:
        return {}
    rows = rehearsals.failures(last.id, kind=FailureKind.GOLDEN.value, size=500).rows
    return {
        part: found
        for row in rows
        for stored_id, part, found in row.params.get("golden", ())
        if stored_id == golden_id
    }

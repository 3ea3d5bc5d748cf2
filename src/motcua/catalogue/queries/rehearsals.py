"""Reading for rehearsals: configurations in bulk as they stand at an instant, and what rehearsals found."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import Count, Q

from motcua.catalogue.models import (
    ChangeLine,
    GoldenDossier,
    Rehearsal,
    RehearsalFailure,
)
from motcua.catalogue.queries.carried import carried_definitions
from motcua.catalogue.types_changes import ChangeAction
from motcua.kernel.errors import NotFound
from motcua.kernel.messages import Message, msg

CHUNK = 500
_FIRST_PART = re.compile(r"[.:\[/]")
PAGE = 50


@dataclass(frozen=True, slots=True)
class RehearsedLine:
    """A line as a rehearsal needs it. `said` are the fields its diff names and the settings it brings."""

    id: int
    position: int
    code: str
    name: str
    action: ChangeAction
    procedure_id: int | None
    before_version_id: int | None
    said: frozenset[str]


@dataclass(frozen=True, slots=True)
class RehearsalInfo:
    """A rehearsal as lists show it. `digest` fixes what was rehearsed."""

    id: int
    change_set_id: int | None
    number: str
    digest: str
    at: datetime
    by_name: str
    seconds: float
    procedures: int
    units: int
    trials: int
    failed: int
    scope: str

    @property
    def green(self) -> bool:
        """Nothing failed, and something was tried."""
        return not self.failed


@dataclass(frozen=True, slots=True)
class FailureInfo:
    """One thing that would not work."""

    id: int
    kind: str
    procedure_id: int | None
    line_id: int | None
    unit_id: int | None
    case_key: str
    message: Message
    params: Mapping[str, Any]
    count: int


@dataclass(frozen=True, slots=True)
class GoldenInfo:
    """A stored golden dossier."""

    id: int
    key: str
    title: str
    given: Mapping[str, Any]
    expected: Mapping[str, Any]
    made_by: str
    made_at: datetime
    line_id: int | None
    version_id: int | None

    @property
    def confirmed(self) -> bool:
        """A person has looked at it."""
        return self.made_by != "generated"


def rehearsed_lines(change_set_id: int) -> list[RehearsedLine]:
    """The lines of a change-set in order, without their content (one statement)."""
    rows = ChangeLine.objects.filter(change_set_id=change_set_id).order_by("position")
    return [
        RehearsedLine(
            id=row.pk,
            position=row.position,
            code=row.code,
            name=row.name,
            action=ChangeAction(row.action),
            procedure_id=row.procedure_id,
            before_version_id=row.before_version_id,
            said=_said(row.diff, row.settings),
        )
        for row in rows.defer("content", "raw", "warnings", "problems", "mapping").iterator(chunk_size=CHUNK)
    ]


def _said(diff: Sequence[Mapping[str, Any]], settings: Mapping[str, Any]) -> frozenset[str]:
    """First part of each key of the diff ("fees" of "fees.le-phi"), and "settings.<what>" of the settings."""
    named = {_FIRST_PART.split(str(part.get("key") or part.get("field") or ""))[0] for part in diff}
    own = {f"settings.{name}" for name in ("rules", "processes") if settings.get(name)}
    own |= {"settings.processes"} if settings.get("new_processes") else set()
    own |= {f"settings.{part.get('key')}" for part in settings.get("settings", ())}
    return frozenset({*named, *own} - {""})


def latest(change_set_id: int) -> RehearsalInfo | None:
    """The newest rehearsal of a change-set as a whole; None when it was never rehearsed.

    Whether it still speaks of what would be published is told by its `digest`.
    """
    rows = Rehearsal.objects.filter(change_set_id=change_set_id, scope="")
    row = rows.select_related("change_set").order_by("-pk").first()
    return _info(row) if row else None


def rehearsal(rehearsal_id: int) -> RehearsalInfo:
    """One rehearsal; raises `NotFound`."""
    row = Rehearsal.objects.select_related("change_set").filter(pk=rehearsal_id).first()
    if row is None:
        raise NotFound(msg("Không có lần diễn tập này."))
    return _info(row)


@dataclass(frozen=True, slots=True)
class Rehearsals:
    """One page of rehearsals, newest first."""

    rows: tuple[RehearsalInfo, ...]
    more: bool


def rehearsals(*, change_set_id: int | None = None, page: int = 1, size: int = PAGE) -> Rehearsals:
    """A page of all rehearsals or those of one change-set (one statement)."""
    rows = Rehearsal.objects.select_related("change_set").order_by("-pk")
    if change_set_id is not None:
        rows = rows.filter(change_set_id=change_set_id)
    begin = (max(page, 1) - 1) * size
    found = [_info(row) for row in rows[begin : begin + size + 1]]
    return Rehearsals(tuple(found[:size]), len(found) > size)


def _info(row: Rehearsal) -> RehearsalInfo:
    return RehearsalInfo(
        id=row.pk,
        change_set_id=row.change_set_id,
        number=row.change_set.number if row.change_set else "",
        digest=row.digest,
        at=row.at,
        by_name=row.by_name,
        seconds=row.seconds,
        procedures=row.procedures,
        units=row.units,
        trials=row.trials,
        failed=row.failed,
        scope=row.scope,
    )


@dataclass(frozen=True, slots=True)
class Failures:
    """One page of failures, those that hit most first."""

    rows: tuple[FailureInfo, ...]
    more: bool


TRIALS = "trials"
"""The kind of the one row that holds no failure but what was tried."""


def trials_of(rehearsal_id: int) -> Mapping[str, Any]:
    """What was tried: how much by class of units, how much by real dossiers, and the first of those (one statement)."""
    row = RehearsalFailure.objects.filter(rehearsal_id=rehearsal_id, kind=TRIALS).first()
    return row.params if row else {}


def failure_counts(rehearsal_id: int) -> dict[str, int]:
    """How many different things failed of each kind (one statement)."""
    rows = RehearsalFailure.objects.filter(rehearsal_id=rehearsal_id).exclude(kind=TRIALS)
    return dict(rows.order_by().values_list("kind").annotate(n=Count("pk")))


def failures(
    rehearsal_id: int, *, kind: str = "", without: str = "", page: int = 1, size: int = PAGE
) -> Failures:
    """A page of what failed in a rehearsal, by kind and unit, perhaps without one kind (one statement)."""
    rows = RehearsalFailure.objects.filter(rehearsal_id=rehearsal_id).exclude(kind__in=(TRIALS, without))
    if kind:
        rows = rows.filter(kind=kind)
    begin = (max(page, 1) - 1) * size
    found = [
        FailureInfo(
            id=row.pk,
            kind=row.kind,
            procedure_id=row.procedure_id,
            line_id=row.line_id,
            unit_id=row.unit_id,
            case_key=row.case_key,
            message=Message(row.text, row.params.get("message", {})),
            params=row.params,
            count=row.count,
        )
        for row in rows.order_by("kind", "unit_id", "pk")[begin : begin + size + 1]
    ]
    return Failures(tuple(found[:size]), len(found) > size)


def golden_of(version_id: int) -> list[GoldenInfo]:
    """The golden dossiers of a version, also those that were stored while it was only a line (one statement)."""
    return _golden(Q(version_id=version_id) | Q(change_line__made_version_id=version_id))


def golden_of_line(line_id: int) -> list[GoldenInfo]:
    """The golden dossiers of a proposed line (one statement)."""
    return _golden(Q(change_line_id=line_id))


def golden_of_versions(version_ids: Collection[int] | None) -> Mapping[int, list[GoldenInfo]]:
    """The golden dossiers of several versions, of all where None (one statement)."""
    found: dict[int, list[GoldenInfo]] = defaultdict(list)
    wanted = Q(version_id__isnull=False) | Q(change_line__made_version_id__isnull=False)
    if version_ids is not None:
        wanted = Q(version_id__in=version_ids) | Q(change_line__made_version_id__in=version_ids)
    rows = GoldenDossier.objects.filter(wanted).select_related("change_line").order_by("pk")
    for row in rows.defer("change_line__content").iterator(chunk_size=CHUNK):
        of_line = row.change_line.made_version_id if row.change_line else None
        version_id = row.version_id or of_line
        if version_id is not None:
            found[version_id].append(_golden_info(row))
    return found


def golden_of_lines(line_ids: Collection[int]) -> Mapping[int, list[GoldenInfo]]:
    """The golden dossiers of several lines (one statement)."""
    found: dict[int, list[GoldenInfo]] = defaultdict(list)
    for row in GoldenDossier.objects.filter(change_line_id__in=line_ids).order_by("pk"):
        assert row.change_line_id is not None
        found[row.change_line_id].append(_golden_info(row))
    return found


def change_set_of_line(line_id: int) -> int | None:
    """The change-set a line belongs to (one statement)."""
    return ChangeLine.objects.filter(pk=line_id).values_list("change_set_id", flat=True).first()


def golden(golden_id: int) -> GoldenInfo:
    """One golden dossier; raises `NotFound`."""
    found = _golden(Q(pk=golden_id))
    if not found:
        raise NotFound(msg("Không có hồ sơ mẫu này."))
    return found[0]


@dataclass(frozen=True, slots=True)
class GoldenPage:
    """One page of golden dossiers of a change-set or a version."""

    rows: tuple[GoldenInfo, ...]
    more: bool


def golden_page(*, change_set_id: int, page: int = 1, size: int = PAGE) -> GoldenPage:
    """A page of the golden dossiers of a change-set, by line (one statement)."""
    begin = (max(page, 1) - 1) * size
    rows = GoldenDossier.objects.filter(change_line__change_set_id=change_set_id)
    found = [
        _golden_info(row) for row in rows.order_by("change_line__position", "pk")[begin : begin + size + 1]
    ]
    return GoldenPage(tuple(found[:size]), len(found) > size)


def _golden(wanted: Q) -> list[GoldenInfo]:
    return [_golden_info(row) for row in GoldenDossier.objects.filter(wanted).order_by("pk")]


def _golden_info(row: GoldenDossier) -> GoldenInfo:
    return GoldenInfo(
        id=row.pk,
        key=row.key,
        title=row.title,
        given=row.given,
        expected=row.expected,
        made_by=row.made_by,
        made_at=row.made_at,
        line_id=row.change_line_id,
        version_id=row.version_id,
    )


@cache
def carried_forms() -> frozenset[str]:
    """Codes of the forms that the procedures carried with the product name; made once."""
    return frozenset(
        paper.form_code for found in carried_definitions() for paper in found.papers if paper.form_code
    )

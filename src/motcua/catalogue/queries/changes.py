"""Reading change-sets, and the state of the whole catalogue as one hash."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from django.db.models import Case, Count, Q, When

from motcua.catalogue.errors import UnknownChangeSet
from motcua.catalogue.models import (
    ChangeLine,
    ChangeSet,
    Procedure,
    ProcedureVersion,
    Rehearsal,
)
from motcua.catalogue.queries.ground import stale_reasons
from motcua.catalogue.queries.hashes import catalogue_hash, digest_of
from motcua.catalogue.types import ProcedureDefinition
from motcua.catalogue.types_changes import ChangeAction, ChangeKind, ChangeState, LineSettings, Policy
from motcua.catalogue.types_drafts import ChangeSetInfo, DraftLine, FieldChange, LineInfo, Remark
from motcua.kernel.audit.queries import acts_on, entries_about
from motcua.kernel.messages import Message, msg

__all__ = ["catalogue_hash", "digest_of"]  # with everything below: one door

WAITING = (ChangeState.DRAFT, ChangeState.APPROVED)
OVER = (ChangeState.DISCARDED.value, ChangeState.UNDONE.value)


class RehearsalState(StrEnum):
    """How the last rehearsal of a change-set stands to its content."""

    NONE = "none"
    STALE = "stale"
    RED = "red"
    GREEN = "green"


def change_set(id_or_number: int | str) -> ChangeSetInfo:
    """A change-set by id, or the living one by number (else the latest). Raises `UnknownChangeSet` (404)."""
    rows = ChangeSet.objects.all()
    if isinstance(id_or_number, int):
        row = rows.filter(pk=id_or_number).first()
    else:
        named = rows.filter(number=id_or_number.strip())
        row = named.exclude(state__in=OVER).first() or named.order_by("-pk").first()
    if row is None:
        raise UnknownChangeSet(msg("Không có gói thay đổi %(number)s.", number=str(id_or_number)[:64]))
    return info_of(row)


@dataclass(frozen=True, slots=True)
class LineCounts:
    """How many lines there are of each action, with warnings, with problems, without a match."""

    by_action: dict[str, int]
    warnings: int
    problems: int
    unmatched: int

    @property
    def total(self) -> int:
        return sum(self.by_action.values())


@dataclass(frozen=True, slots=True)
class Listed:
    """A change-set in a list; `rehearsal` without asking whether it was of the content drafted now."""

    info: ChangeSetInfo
    counts: LineCounts
    rehearsal: RehearsalState


@dataclass(frozen=True, slots=True)
class ChangeSets:
    """A page of change-sets, newest first; `counts` by state."""

    rows: tuple[Listed, ...]
    total: int
    counts: dict[str, int]


def change_sets(*, state: str = "", text: str = "", offset: int = 0, limit: int = 50) -> ChangeSets:
    """Change-sets by state, number or title (at most five statements)."""
    counts = dict(ChangeSet.objects.values_list("state").annotate(n=Count("pk")).order_by())
    rows = ChangeSet.objects.order_by("-pk").defer("undo")
    if state:
        rows = rows.filter(state=state)
    if text:
        rows = rows.filter(Q(number__icontains=text) | Q(title__icontains=text))
    page = list(rows[offset : offset + limit])
    ids = [row.pk for row in page]
    counted = _counts(ChangeLine.objects.filter(change_set_id__in=ids))
    rehearsed: dict[int, RehearsalState] = {}
    latest = Rehearsal.objects.filter(change_set_id__in=ids, scope="").order_by("pk")
    for pk, failed in latest.values_list("change_set_id", "failed"):
        rehearsed[pk or 0] = RehearsalState.RED if failed else RehearsalState.GREEN
    total = rows.count() if text else counts.get(state, 0) if state else sum(counts.values())
    listed = (
        Listed(info_of(row), counted.get(row.pk, NO_LINES), rehearsed.get(row.pk, RehearsalState.NONE))
        for row in page
    )
    return ChangeSets(tuple(listed), total, counts)


def line_counts(change_set_id: int) -> LineCounts:
    """Counts of the lines (one statement)."""
    return _counts(ChangeLine.objects.filter(change_set_id=change_set_id)).get(change_set_id, NO_LINES)


NO_LINES = LineCounts({}, 0, 0, 0)
_UNMATCHED_IS_FINE = (ChangeAction.NEW.value, ChangeAction.REPLACED.value, ChangeAction.NOTED.value)


def _counts(rows: Any) -> dict[int, LineCounts]:
    """Counts of lines by their change-set."""
    found: dict[int, LineCounts] = {}
    grouped = (
        rows.order_by()
        .values_list("change_set_id", "action")
        .annotate(
            n=Count("pk"),
            warned=Count("pk", filter=~Q(warnings=[])),
            broken=Count("pk", filter=~Q(problems=[])),
            unmatched=Count("pk", filter=Q(procedure__isnull=True) & ~Q(action__in=_UNMATCHED_IS_FINE)),
        )
    )
    for change_set_id, action, n, warned, broken, unmatched in grouped:
        before = found.get(change_set_id, NO_LINES)
        found[change_set_id] = LineCounts(
            {**before.by_action, action: n},
            before.warnings + warned,
            before.problems + broken,
            before.unmatched + unmatched,
        )
    return found


def lines(
    change_set_id: int,
    *,
    action: str = "",
    only: str = "",
    offset: int = 0,
    limit: int | None = None,
    content: bool = True,
) -> list[LineInfo]:
    """The lines in the order of the decision; `only` is "warnings", "problems" or "unmatched" (one statement).

    Without `content` the proposed contents are left unread, which is what lists need.
    """
    rows = _filtered(change_set_id, action, only)
    if not content:
        rows = rows.defer("content", "raw", "diff")
    end = None if limit is None else offset + limit
    return [line_of(row, content=content) for row in rows[offset:end]]


def line(change_set_id: int, line_id: int) -> LineInfo:
    """One line with everything; raises `UnknownChangeSet` (404)."""
    row = ChangeLine.objects.filter(pk=line_id, change_set_id=change_set_id).first()
    if row is None:
        raise UnknownChangeSet(msg("Không có dòng này trong gói thay đổi."))
    return line_of(row)


def position_of(change_set_id: int, line_id: int, *, action: str = "", only: str = "") -> tuple[int, int]:
    """The lines before and after one in a filtered list, 0 where there is none (two statements)."""
    rows = _filtered(change_set_id, action, only).order_by("position")
    here = ChangeLine.objects.filter(pk=line_id).values_list("position", flat=True).first() or 0
    before = rows.filter(position__lt=here).order_by("-position").values_list("pk", flat=True).first()
    after = rows.filter(position__gt=here).values_list("pk", flat=True).first()
    return before or 0, after or 0


def change_sets_of(procedure_ids: Iterable[int], *, after: int | None = None) -> list[ChangeSetInfo]:
    """Published change-sets with a line on one of these procedures, published after the one named (or any)."""
    rows = ChangeSet.objects.filter(
        state=ChangeState.PUBLISHED.value, lines__procedure_id__in=sorted(set(procedure_ids))
    )
    found = [info_of(row) for row in rows.distinct().order_by("published_at", "effective_at", "pk")]
    numbers = [info.id for info in found]
    return found[numbers.index(after) + 1 :] if after in numbers else found if after is None else []


def procedure_of_code(code: str) -> int | None:
    """The procedure whose own code this is (one statement)."""
    return Procedure.objects.filter(code=code).values_list("pk", flat=True).first()


def info_of(row: ChangeSet) -> ChangeSetInfo:
    return ChangeSetInfo(
        id=row.pk,
        number=row.number,
        kind=ChangeKind(row.kind),
        state=ChangeState(row.state),
        title=row.title,
        field_text=row.field_text,
        issuer=row.issuer,
        signed_on=row.signed_on,
        effective_at=row.effective_at,
        effective_to=row.effective_to,
        effective_rule=row.effective_rule,
        based_on=row.based_on,
        notes=tuple(row.notes),
        department_id=row.department_id,
        source=row.source,
        scan_id=row.scan_id,
        revision=row.revision,
        drafted_by_id=row.drafted_by_id,
        drafted_by=row.drafted_by_name,
        drafted_at=row.drafted_at,
        approved_by=row.approved_by_name,
        approved_at=row.approved_at,
        published_by=row.published_by_name,
        published_at=row.published_at,
        undone_by=row.undone_by_name,
        undone_at=row.undone_at,
        undone_reason=row.undone_reason,
    )


def line_of(row: ChangeLine, *, content: bool = True) -> LineInfo:
    return LineInfo(
        id=row.pk,
        position=row.position,
        cell=row.cell,
        code=row.code,
        old_code=row.old_code,
        name=row.name,
        action=ChangeAction(row.action),
        procedure_id=row.procedure_id,
        before_version_id=row.before_version_id,
        made_version_id=row.made_version_id,
        matched_by=row.matched_by,
        policy=Policy(row.policy),
        warnings=_remarks(row.warnings),
        problems=_remarks(row.problems),
        diff=tuple(FieldChange(**part) for part in row.diff) if content else (),
        settings=LineSettings.from_dict(row.settings),
        content=ProcedureDefinition.from_dict(row.content) if content and row.content else None,
        mapping=row.mapping,
        raw=row.raw if content else {},
    )


def _filtered(change_set_id: int, action: str, only: str) -> Any:
    rows = ChangeLine.objects.filter(change_set_id=change_set_id).order_by("position")
    if action:
        rows = rows.filter(action=action)
    if only == "warnings":
        rows = rows.exclude(warnings=[])
    elif only == "problems":
        rows = rows.exclude(problems=[])
    elif only == "unmatched":
        rows = rows.filter(procedure__isnull=True).exclude(action__in=_UNMATCHED_IS_FINE)
    return rows


def _remarks(stored: Sequence[dict[str, Any]]) -> tuple[Remark, ...]:
    return tuple(Remark.from_dict(part) for part in stored)


@dataclass(frozen=True, slots=True)
class LastRehearsal:
    """The last rehearsal of a whole change-set."""

    state: RehearsalState
    at: datetime | None = None
    by: str = ""
    trials: int = 0
    failed: int = 0
    why: tuple[Message, ...] = ()
    """Why it is stale."""


def last_rehearsal(info: ChangeSetInfo, now: datetime, *, digest: str = "") -> LastRehearsal:
    """The last rehearsal of the whole change-set, and whether it still speaks of what would be published.

    `digest`: that of the change-set where the caller has read it; else the one kept for its revision.
    """
    row = Rehearsal.objects.filter(change_set_id=info.id, scope="").order_by("-pk").first()
    if row is None:
        return LastRehearsal(RehearsalState.NONE)
    state = RehearsalState.RED if row.failed else RehearsalState.GREEN
    why: list[Message] = []
    if info.state in WAITING:
        why = stale_reasons(row, digest or _digest_at(info.id, info.revision, info.state.value), now)
    if why:
        state = RehearsalState.STALE
    return LastRehearsal(state, row.at, row.by_name, row.trials, row.failed, tuple(why))


@lru_cache(maxsize=64)
def _digest_at(change_set_id: int, revision: int, state: str) -> str:
    """The digest for showing, kept for a revision; whoever decides by it reads it anew (`digest_of`)."""
    return digest_of(change_set_id)


@dataclass(frozen=True, slots=True)
class Edit:
    """Who last changed a change-set."""

    by: str
    at: datetime


def last_edit(change_set_id: int) -> Edit | None:
    """The last act on a change-set by the log (one statement)."""
    for entry in entries_about("change_set", str(change_set_id), limit=1):
        return Edit(entry.actor_name, entry.at)
    return None


EDITED = "catalogue.edit_change_set"
COMPARED = "compared"
"""What the log calls comparing all lines anew: the catalogue decides then, not the person."""


def editors(change_set_id: int) -> frozenset[int]:
    """The accounts that changed the draft after it was made, by the log, which nobody edits (one statement)."""
    acts = acts_on("change_set", str(change_set_id), EDITED)
    return frozenset(
        act.actor_id for act in acts if act.actor_id is not None and act.data.get("what") != COMPARED
    )


@dataclass(frozen=True, slots=True)
class ChangePage:
    """One page of a change-set's lines, those with problems and warnings first, with the counts of all."""

    lines: tuple[LineInfo, ...]
    total: int
    counts: LineCounts
    fields: frozenset[tuple[str, str]]


def change_page(change_set_id: int, *, action: str, only: str, offset: int, limit: int) -> ChangePage:
    """What the page of a change-set shows of its lines (five statements, however many lines there are)."""
    counts = line_counts(change_set_id)
    rows = _filtered(change_set_id, action, only).defer("content", "raw", "diff")
    rows = rows.annotate(
        rank=Case(When(~Q(problems=[]), then=0), When(~Q(warnings=[]), then=1), default=2)
    ).order_by("rank", "position")
    shown = tuple(line_of(row, content=False) for row in rows[offset : offset + limit])
    if only:
        total = {"warnings": counts.warnings, "problems": counts.problems}.get(only, counts.unmatched)
    else:
        total = counts.by_action.get(action, 0) if action else counts.total
    return ChangePage(shown, total, counts, fields_of(change_set_id))


def fields_of(change_set_id: int) -> frozenset[tuple[str, str]]:
    """The fields of administration, each with its ministry, that a change-set touches (two statements)."""
    rows = ChangeLine.objects.filter(change_set_id=change_set_id)
    proposed = rows.filter(content__isnull=False).values_list("content__field", "content__ministry")
    procedures = rows.filter(procedure__isnull=False).values("procedure_id")
    standing = ProcedureVersion.objects.filter(procedure_id__in=procedures, withdrawn_at__isnull=True)
    pairs = {*proposed.distinct(), *standing.values_list("field__name", "ministry").distinct()}
    return frozenset((str(field), str(ministry or "")) for field, ministry in pairs if field is not None)


def draft_of(info: LineInfo) -> DraftLine:
    """A stored line as the value it could be drafted from, for editing one part of it."""
    return DraftLine(
        action=info.action,
        code=info.code,
        name=info.name,
        old_code=info.old_code,
        cell=info.cell,
        procedure_id=info.procedure_id,
        matched_by=info.matched_by,
        content=info.content,
        settings=info.settings,
        policy=info.policy,
        mapping=info.mapping,
        warnings=info.warnings,
        raw=info.raw,
    )

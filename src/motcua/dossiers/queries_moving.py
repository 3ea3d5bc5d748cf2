"""The pages of dossiers under way: which decisions find some, what would become of each, what has been done.

A dry run looks at every dossier of the actor's agencies, with the very planner that the acts use.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet

from motcua.catalogue import queries as catalogue
from motcua.catalogue.queries import lines as change_lines
from motcua.catalogue.queries.lines import ChangeSetInfo
from motcua.catalogue.types_changes import ChangeState
from motcua.dossiers import permissions
from motcua.dossiers.models import Dossier, DossierChange, MoveBatch, MoveState
from motcua.dossiers.queries import visible_to
from motcua.dossiers.queries_moving_plan import Planned, Planner, fee_versions_of, in_batches
from motcua.dossiers.queries_page_facts import change_line
from motcua.dossiers.rules import moving_words
from motcua.dossiers.rules.moving import Kept, Outcome, Reason
from motcua.dossiers.types import FINAL
from motcua.kernel.actor import Actor
from motcua.kernel.errors import NotAllowed, NotFound
from motcua.kernel.messages import Message, msg
from motcua.organisation import queries as organisation

PAGE = 50
SETS = 20
BATCH = 500
EXPORTED = 20_000
"""Most rows of one workbook."""


@dataclass(frozen=True, slots=True)
class SetRow:
    """A decision in the list; `open` counts the dossiers it may find under way, `state` its latest run."""

    info: ChangeSetInfo
    open: int
    batch: MoveBatch | None


@dataclass(frozen=True, slots=True)
class SetsPage:
    """A page of the list, counted from 1."""

    rows: tuple[SetRow, ...]
    page: int
    more: bool


@dataclass(frozen=True, slots=True)
class Group:
    """One outcome of a dry run with its reasons, the most frequent first."""

    outcome: Outcome
    count: int
    reasons: tuple[tuple[Reason, int], ...]

    @property
    def label(self) -> Message:
        return moving_words.OUTCOMES[self.outcome]

    @property
    def lines(self) -> tuple[tuple[Message, int], ...]:
        """The reasons in words; none where everything goes as the decision wants."""
        if self.reasons == ((Reason.BY_DECISION, self.count),):
            return ()
        return tuple((moving_words.REASONS[reason], count) for reason, count in self.reasons)


@dataclass(frozen=True, slots=True)
class Row:
    """One dossier of a dry run or of a run. `change_id` is set where something was done that can be taken back."""

    code: str
    procedure: str
    unit: str
    outcome: Message
    reason: str
    due_at: datetime | None
    change_id: int | None = None
    undone: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """By outcome and reason; `kept` counts what the guard rails keep of dossiers that go on under new provisions."""

    total: int
    groups: tuple[Group, ...]
    kept: tuple[tuple[Message, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose dossiers a person looks at and may carry over: an agency, or (None) the whole province."""

    agency_id: int | None
    name: str


@dataclass(frozen=True, slots=True)
class DryRun:
    """What would become of the dossiers under way, and what has already been done."""

    info: ChangeSetInfo
    scope: Scope
    counts: Counts
    rows: tuple[Row, ...]
    outcome: Outcome | None
    page: int
    more: bool
    batch: MoveBatch | None
    in_force: bool

    @property
    def may_start(self) -> bool:
        running = self.batch is not None and self.batch.state in (MoveState.RUNNING, MoveState.UNDOING)
        return self.in_force and self.counts.total > 0 and not running

    @property
    def may_undo(self) -> bool:
        return self.batch is not None and self.batch.state == MoveState.DONE and self.batch.looked_at > 0


@dataclass(frozen=True, slots=True)
class ChoicePage:
    """What an applicant is asked, for whoever writes the answer down."""

    change_id: int
    code: str
    owner: str
    procedure: str
    line: Message
    asked_at: datetime


def scopes(actor: Actor) -> tuple[Scope, ...]:
    """Where the actor may carry dossiers over; raises `NotAllowed` where nowhere."""
    found = permissions.moving_scope(actor)
    if found is None:
        return (Scope(None, msg("toàn tỉnh").render()),)
    if not found:
        raise NotAllowed(
            msg("Trang này dành cho người kiểm soát thủ tục hành chính và lãnh đạo cơ quan giải quyết.")
        )
    return tuple(Scope(agency_id, organisation.unit(agency_id).full_name) for agency_id in sorted(found))


def scope_of(actor: Actor, agency_id: int | None) -> Scope:
    """The scope asked for, or the first the actor has."""
    own = scopes(actor)
    return next((scope for scope in own if scope.agency_id == agency_id), own[0])


def sets_page(actor: Actor, *, page: int) -> SetsPage:
    """Decisions that concern dossiers under way, newest first (four statements)."""
    own = scopes(actor)
    found = change_lines.change_sets(offset=(page - 1) * SETS, limit=SETS + 1)
    shown = found[:SETS]
    procedures = change_lines.procedures_of([info.id for info in shown])
    open_now = _open_by_procedure(set().union(*procedures.values()), own)
    batches = _latest_batches([info.id for info in shown], own)
    rows = tuple(
        SetRow(info, sum(open_now.get(number, 0) for number in procedures[info.id]), batches.get(info.id))
        for info in shown
    )
    return SetsPage(rows, page, len(found) > SETS)


def _open_by_procedure(procedure_ids: set[int], own: Sequence[Scope]) -> Mapping[int, int]:
    versions = {
        version.id: procedure_id
        for procedure_id in procedure_ids
        for version in catalogue.versions_of(procedure_id)
    }
    found = Dossier.objects.filter(procedure_version_id__in=list(versions), closed_at__isnull=True)
    found = _within(found.exclude(status__in=[status.value for status in FINAL]), own)
    counts: Counter[int] = Counter()
    for version_id, count in found.values_list("procedure_version_id").annotate(count=Count("pk")):
        counts[versions[version_id]] += count
    return counts


def _within(rows: QuerySet[Dossier], own: Sequence[Scope]) -> QuerySet[Dossier]:
    agencies = [scope.agency_id for scope in own]
    return rows if None in agencies else rows.filter(competent_agency_id__in=agencies)


def _latest_batches(set_ids: Sequence[int], own: Sequence[Scope]) -> dict[int, MoveBatch]:
    rows = MoveBatch.objects.filter(change_set_id__in=set_ids).order_by("pk")
    agencies = [scope.agency_id for scope in own]
    return {row.change_set_id: row for row in rows if row.agency_id in agencies or row.agency_id is None}


def latest_batch(change_set_id: int, scope: Scope) -> MoveBatch | None:
    """The latest run of a change-set in a scope, whole-province runs included."""
    rows = MoveBatch.objects.filter(change_set_id=change_set_id).order_by("-pk")
    return next((row for row in rows[:100] if row.agency_id in (scope.agency_id, None)), None)


def dry_run(
    actor: Actor, change_set_id: int, *, agency_id: int | None, outcome: str, page: int, now: datetime
) -> DryRun:
    """What would become of every dossier still to be carried over, in counts and as one page of a list."""
    scope = scope_of(actor, agency_id)
    info = change_lines.change_set(change_set_id)
    wanted = Outcome(outcome) if outcome in set(Outcome) else None
    counted = _Counting()
    rows: list[Row] = []
    first, last = (page - 1) * PAGE, page * PAGE
    place = 0
    for planned in _planned(change_set_id, scope, now):
        counted.add(planned)
        if wanted in (None, planned.plan.outcome):
            if first <= place <= last:
                rows.append(_row(planned))
            place += 1
    effective = info.effective_at
    return DryRun(
        info=info,
        scope=scope,
        counts=counted.counts(),
        rows=tuple(rows[:PAGE]),
        outcome=wanted,
        page=page,
        more=len(rows) > PAGE,
        batch=latest_batch(change_set_id, scope),
        in_force=info.state is ChangeState.PUBLISHED and effective is not None and effective <= now,
    )


def exported(actor: Actor, change_set_id: int, *, agency_id: int | None, now: datetime) -> list[Row]:
    """The rows of a dry run for a workbook, at most EXPORTED."""
    scope = scope_of(actor, agency_id)
    change_lines.change_set(change_set_id)
    found: list[Row] = []
    for planned in _planned(change_set_id, scope, now):
        found.append(_row(planned))
        if len(found) == EXPORTED:
            break
    return found


def _planned(change_set_id: int, scope: Scope, now: datetime) -> Iterator[Planned]:
    planner = Planner(change_set_id, now)
    agencies = None if scope.agency_id is None else [scope.agency_id]
    for dossiers in in_batches(planner.candidates(agencies).defer("search_text", "fees"), BATCH):
        yield from planner.plan(dossiers)


class _Counting:
    def __init__(self) -> None:
        self.reasons: Counter[tuple[Outcome, Reason]] = Counter()
        self.kept: Counter[Kept] = Counter()

    def add(self, planned: Planned) -> None:
        self.reasons[planned.plan.outcome, planned.plan.reason] += 1
        self.kept.update(planned.plan.kept)

    def counts(self) -> Counts:
        return _counts(self.reasons, self.kept)


def _counts(reasons: Mapping[tuple[Outcome, Reason], int], kept: Mapping[Kept, int]) -> Counts:
    groups = []
    for outcome in Outcome:
        own = sorted(
            ((reason, count) for (found, reason), count in reasons.items() if found is outcome),
            key=lambda pair: -pair[1],
        )
        if own:
            groups.append(Group(outcome, sum(count for _reason, count in own), tuple(own)))
    words = tuple((moving_words.KEPT[found], kept[found]) for found in Kept if kept.get(found))
    return Counts(sum(group.count for group in groups), tuple(groups), words)


def batch_counts(batch: MoveBatch) -> Counts:
    """What a run has done so far."""
    reasons = {
        (Outcome(key.partition(":")[0]), Reason(key.partition(":")[2])): count
        for key, count in batch.counts.items()
    }
    return _counts(reasons, {})


def _row(planned: Planned) -> Row:
    dossier = planned.dossier
    return Row(
        code=dossier.code,
        procedure=dossier.procedure_name,
        unit=organisation.unit(dossier.competent_agency_id).full_name,
        outcome=moving_words.OUTCOMES[planned.plan.outcome],
        reason=_why(planned.plan.reason, planned.plan.kept),
        due_at=dossier.due_at,
    )


def _why(reason: Reason, kept: Iterable[Kept]) -> str:
    words = [moving_words.KEPT[found].render() for found in kept]
    if reason is not Reason.BY_DECISION:
        words.insert(0, moving_words.REASONS[reason].render())
    return "; ".join(words)


@dataclass(frozen=True, slots=True)
class DonePage:
    """What a run did, dossier by dossier."""

    info: ChangeSetInfo
    batch: MoveBatch
    rows: tuple[Row, ...]
    after: int | None


def done_page(actor: Actor, batch_id: int, *, after: int) -> DonePage:
    """The dossiers of a run by their place in it (three statements); `NotFound` for runs of other agencies."""
    batch = batch_for(actor, batch_id)
    own = scopes(actor)
    rows = DossierChange.objects.filter(batch=batch, pk__gt=after).select_related("dossier").defer("before")
    agencies = [scope.agency_id for scope in own]
    if None not in agencies:
        rows = rows.filter(dossier__competent_agency_id__in=agencies)
    found = list(rows.order_by("pk")[: PAGE + 1])
    shown = found[:PAGE]
    return DonePage(
        info=change_lines.change_set(batch.change_set_id),
        batch=batch,
        rows=tuple(_done_row(change) for change in shown),
        after=shown[-1].pk if len(found) > PAGE else None,
    )


def batch_for(actor: Actor, batch_id: int) -> MoveBatch:
    """A run the actor may look at: their own agency's, or one over all."""
    agencies = [scope.agency_id for scope in scopes(actor)]
    batch = MoveBatch.objects.filter(pk=batch_id).first()
    if batch is None or not (None in agencies or batch.agency_id is None or batch.agency_id in agencies):
        raise NotFound(msg("Không có lượt chuyển tiếp này."))
    return batch


def _done_row(change: DossierChange) -> Row:
    outcome = Outcome(change.outcome)
    return Row(
        code=change.dossier.code,
        procedure=change.dossier.procedure_name,
        unit=organisation.unit(change.dossier.competent_agency_id).full_name,
        outcome=moving_words.OUTCOMES[outcome],
        reason=_why(Reason(change.reason), [Kept(kept) for kept in change.kept]),
        due_at=change.dossier.due_at,
        change_id=None if change.undone_at or outcome is Outcome.LEFT else change.pk,
        undone=change.undone_at is not None,
    )


def change_to_undo(actor: Actor, change_id: int) -> tuple[DossierChange, Message]:
    """A change with its line, for the page that takes it back; `NotFound` where the actor may not see the dossier."""
    scopes(actor)
    change = DossierChange.objects.select_related("dossier").filter(pk=change_id).first()
    if change is None or not visible_to(actor).filter(pk=change.dossier_id).exists():
        raise NotFound(msg("Không có thay đổi này của hồ sơ."))
    return change, change_line(change)


def choice_page(actor: Actor, change_id: int) -> ChoicePage:
    """What the applicant is asked; `NotFound` for foreign and unknown notices alike."""
    change = DossierChange.objects.select_related("dossier").filter(pk=change_id, outcome="ask").first()
    if change is None or not visible_to(actor).filter(pk=change.dossier_id).exists():
        raise NotFound(msg("Không có thông báo này trong phạm vi của bạn."))
    permissions.can_record_choice(actor, change.dossier).or_raise()
    return ChoicePage(
        change_id=change.pk,
        code=change.dossier.code,
        owner=change.dossier.owner_name,
        procedure=change.dossier.procedure_name,
        line=change_line(change),
        asked_at=change.at,
    )


def fee_version_id(dossier_id: int, procedure_version_id: int) -> int:
    """The version whose fee lines count for a dossier: the one it has, or an earlier, cheaper one it kept."""
    return fee_versions_of([dossier_id]).get(dossier_id, procedure_version_id)


def owed_back(agency_ids: Collection[int]) -> list[str]:
    """Codes of dossiers stopped by a decision whose money is owed back, oldest first; at most 200."""
    rows = DossierChange.objects.filter(refund="unknown", undone_at__isnull=True)
    rows = rows.filter(dossier__competent_agency_id__in=list(agency_ids)).order_by("pk")
    return list(rows.values_list("dossier__code", flat=True)[:200])

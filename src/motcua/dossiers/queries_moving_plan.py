"""Planning what becomes of dossiers under way: read in bulk, decided by the pure rules of `rules/moving`.

The dry run and the acts use the same planner, so that what was shown is what will be done.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from motcua.catalogue import queries as catalogue
from motcua.catalogue.queries import lines as change_lines
from motcua.catalogue.queries.lines import LineUnderWay, Proposal
from motcua.catalogue.rules.time_limits import TimeLimit
from motcua.catalogue.types import Level, ProcedureDefinition
from motcua.catalogue.types_changes import ChangeAction, Policy
from motcua.dossiers.actions import timing
from motcua.dossiers.models import ClockEvent, Dossier, DossierChange, DossierPaper, Result
from motcua.dossiers.rules import deadline, moving
from motcua.dossiers.rules.appointments import with_appointments
from motcua.dossiers.rules.deadline import EventKind
from motcua.dossiers.rules.moving import CarryOver, Dates, Destination, Facts, Outcome, Plan, State
from motcua.dossiers.types import FINAL, PaperState
from motcua.kernel.errors import Refused
from motcua.organisation import queries as organisation
from motcua.organisation.errors import UnknownUnit
from motcua.organisation.types import UnitKind
from motcua.workflow import queries as workflow
from motcua.workflow.queries import Task
from motcua.workflow.rules.placing import place

HANDED_IN = frozenset({PaperState.RECEIVED.value, PaperState.PRESENTED.value})


@dataclass(frozen=True, slots=True)
class Planned:
    """One dossier with what becomes of it. `limit` is the new limit where the promise may follow it, else None."""

    dossier: Dossier
    line: LineUnderWay
    plan: Plan
    to: Destination
    carry: CarryOver
    definition: ProcedureDefinition | None
    limit: TimeLimit | None
    tasks: tuple[Task, ...]
    events: tuple[ClockEvent, ...]


@dataclass(frozen=True, slots=True)
class _Loaded:
    """The rows around the dossiers of one batch."""

    decided: frozenset[int]
    tasks: dict[int, list[Task]]
    events: dict[int, list[ClockEvent]]
    papers: dict[int, list[DossierPaper]]
    fee_versions: dict[int, int]


class Planner:
    """Plans for the dossiers of one change-set; what dossiers that look alike share is worked out once."""

    def __init__(self, change_set_id: int, now: datetime, *, only: Policy | None = None) -> None:
        """`only`: the lines of one policy, as if the others were not there."""
        self.now = now
        self.change_set_id = change_set_id
        self.lines: dict[int, LineUnderWay] = {}
        for line in change_lines.lines_under_way(change_set_id):
            procedure_id = change_lines.old_procedure_id(line)
            if procedure_id is not None and only in (None, line.policy):
                self.lines.setdefault(procedure_id, line)
        self.proposals = change_lines.proposals([line.line_id for line in self.lines.values()])
        self.carry = {line.line_id: CarryOver.from_mapping(line.mapping) for line in self.lines.values()}
        self._versions = self._old_versions()
        self._places: dict[tuple[object, ...], Destination] = {}

    def _old_versions(self) -> dict[int, LineUnderWay]:
        """Versions that dossiers under way may have pinned, each with the line that changes them."""
        return {
            version.id: line
            for procedure_id, line in self.lines.items()
            for version in catalogue.versions_of(procedure_id)
            if version.id != line.made_version_id
        }

    def candidates(self, agency_ids: Collection[int] | None) -> QuerySet[Dossier]:
        """Open dossiers that began before the change, of these competent agencies (None: of all), by number.

        Those the change-set has already been applied to are not among them.
        """
        done = DossierChange.objects.filter(
            dossier_id=OuterRef("pk"),
            change_line__change_set_id=self.change_set_id,
            undone_at__isnull=True,
        )
        found = Dossier.objects.filter(
            self._began_before(),
            ~Exists(done),
            procedure_version_id__in=list(self._versions),
            closed_at__isnull=True,
        ).exclude(status__in=[status.value for status in FINAL])
        if agency_ids is not None:
            found = found.filter(competent_agency_id__in=list(agency_ids))
        return found.order_by("pk")

    def _began_before(self) -> Q:
        """A line without a version of its own takes those that came before it counted; others tell by the version."""
        began = Q(created_at__lte=self.now)
        effective = min(
            (line.effective_at for line in self.lines.values() if line.effective_at), default=None
        )
        plain = [found for found, line in self._versions.items() if line.made_version_id is None]
        if plain and effective is not None and effective <= self.now:
            began &= ~Q(procedure_version_id__in=plain) | Q(created_at__lt=effective)
        return began

    def line_of(self, dossier: Dossier) -> LineUnderWay:
        """The line that changes this dossier's procedure."""
        return self._versions[dossier.procedure_version_id]

    def plan(self, dossiers: Sequence[Dossier]) -> list[Planned]:
        """What becomes of each: four statements at most, fewer where the policies do not need them."""
        loaded = self._load(dossiers)
        return [self._plan(dossier, self.line_of(dossier), loaded) for dossier in dossiers]

    def converted(self, dossier: Dossier, line: LineUnderWay) -> Planned:
        """What becomes of one dossier whose applicant chose the new provisions."""
        chosen = replace(line, policy=Policy.CONVERT)
        return self._plan(dossier, chosen, self._read([dossier], {Policy.CONVERT}))

    def _load(self, dossiers: Sequence[Dossier]) -> _Loaded:
        return self._read(dossiers, {self.line_of(dossier).policy for dossier in dossiers})

    def _read(self, dossiers: Sequence[Dossier], policies: set[Policy]) -> _Loaded:
        ids = [dossier.pk for dossier in dossiers]
        runs = [dossier.run_id for dossier in dossiers if dossier.run_id is not None]
        tasks: dict[int, list[Task]] = defaultdict(list)
        events: dict[int, list[ClockEvent]] = defaultdict(list)
        papers: dict[int, list[DossierPaper]] = defaultdict(list)
        if policies - {Policy.FINISH}:
            for task in workflow.open_tasks().filter(run_id__in=runs).order_by("pk"):
                tasks[task.run_id].append(task)
        if policies & {Policy.CONVERT, Policy.ASK, Policy.TRANSFER}:
            for event in ClockEvent.objects.filter(dossier_id__in=ids).order_by("pk"):
                events[event.dossier_id].append(event)
        if policies & {Policy.CONVERT, Policy.ASK}:
            for paper in DossierPaper.objects.filter(dossier_id__in=ids):
                papers[paper.dossier_id].append(paper)
        fee_versions = fee_versions_of(ids) if policies & {Policy.CONVERT, Policy.ASK} else {}
        decided = frozenset(Result.objects.filter(dossier_id__in=ids).values_list("dossier_id", flat=True))
        return _Loaded(decided, tasks, events, papers, fee_versions)

    def _plan(self, dossier: Dossier, line: LineUnderWay, loaded: _Loaded) -> Planned:
        tasks = loaded.tasks.get(dossier.run_id or 0, [])
        events = loaded.events.get(dossier.pk, [])
        carry = self.carry[line.line_id]
        facts = Facts(
            state=State.of(
                dossier.status,
                received=dossier.received_at is not None,
                has_result=dossier.pk in loaded.decided,
            ),
            level=dossier.level,
            agency_id=dossier.competent_agency_id,
            has_run=dossier.run_id is not None,
        )
        to = Destination(exists=False)
        if line.policy in (Policy.CONVERT, Policy.ASK, Policy.TRANSFER):
            to = self._fitting(self._destination(dossier, line), tasks, carry)
        found = moving.plan(line.action, line.policy, facts, to)
        definition = self._definition(dossier, line)
        limit = None
        if found.outcome in (Outcome.CONVERT, Outcome.ASK) and definition is not None:
            found, limit = self._guarded(found, dossier, definition, to, loaded)
        elif found.outcome is Outcome.TRANSFER:
            found = self._transferred(found, dossier, to, events)
        return Planned(dossier, line, found, to, carry, definition, limit, tuple(tasks), tuple(events))

    def _definition(self, dossier: Dossier, line: LineUnderWay) -> ProcedureDefinition | None:
        """The content that would count: the new version, the proposal, or what counts now where the line has none."""
        if line.action is ChangeAction.ABOLISHED:
            return None
        if line.made_version_id is not None:
            return catalogue.definition(line.made_version_id)
        proposed = self.proposals[line.line_id].definition
        if proposed is not None or line.action is ChangeAction.REPLACED:
            return proposed
        return catalogue.definition(dossier.procedure_version_id)

    def _destination(self, dossier: Dossier, line: LineUnderWay) -> Destination:
        key = (
            line.line_id,
            dossier.procedure_version_id,
            dossier.case_key,
            dossier.level,
            dossier.competent_agency_id,
            dossier.receiving_unit_id,
        )
        if key not in self._places:
            self._places[key] = self._find_destination(dossier, line, self.proposals[line.line_id])
        return self._places[key]

    def _find_destination(self, dossier: Dossier, line: LineUnderWay, proposal: Proposal) -> Destination:
        definition, carry = self._definition(dossier, line), self.carry[line.line_id]
        own = definition or catalogue.definition(dossier.procedure_version_id)
        agency = self._agency(dossier, line, own, proposal) if line.policy is Policy.TRANSFER else None
        case_key = carry.case_for(dossier.case_key, own)
        agency_id, level = agency or (dossier.competent_agency_id, dossier.level)
        process_id = change_lines.process_after(
            line, proposal, case_key=case_key or "", level=level, agency_id=agency_id
        )
        return Destination(
            exists=definition is not None,
            case_key=case_key,
            levels=frozenset(found.value for found in own.levels),
            process_id=process_id,
            agency_id=agency[0] if agency else None,
            level=level,
        )

    def _agency(
        self, dossier: Dossier, line: LineUnderWay, definition: ProcedureDefinition, proposal: Proposal
    ) -> tuple[int, str] | None:
        if line.action is ChangeAction.ABOLISHED:
            return None
        found = change_lines.agency_after(
            line,
            proposal,
            definition=definition,
            level=dossier.level,
            agency_id=dossier.competent_agency_id,
            receiving_unit_id=dossier.receiving_unit_id,
        )
        named = self.carry[line.line_id].transfer_to
        if not named:
            return found
        try:
            unit = organisation.unit_by_code(named)
        except UnknownUnit:
            return found
        commune = UnitKind.COMMUNE in {organisation.unit(unit.area_id or unit.agency_id).kind, unit.kind}
        return unit.id, Level.COMMUNE.value if commune else Level.PROVINCE.value

    def _fitting(self, to: Destination, tasks: Iterable[Task], carry: CarryOver) -> Destination:
        if to.process_id is None:
            return to
        definition = workflow.process(to.process_id)
        fits = all(
            place(
                definition,
                step_key=task.step_key,
                kind=task.kind,
                role=task.role,
                is_consultation=task.asked_from_id is not None,
                mapped=carry.steps,
            )
            for task in tasks
        )
        return to if fits else replace(to, steps_fit=False)

    def _guarded(
        self,
        found: Plan,
        dossier: Dossier,
        definition: ProcedureDefinition,
        to: Destination,
        loaded: _Loaded,
    ) -> tuple[Plan, TimeLimit | None]:
        case_key = to.case_key or ""
        papers, events = loaded.papers.get(dossier.pk, ()), loaded.events.get(dossier.pk, ())
        fees_of = loaded.fee_versions.get(dossier.pk, dossier.procedure_version_id)
        limit = self._limit(definition, case_key, to.process_id)
        dates = self._dates(dossier, events, limit)
        result = moving.guarded(
            found,
            dates=dates,
            old=catalogue.definition(fees_of),
            new=definition,
            case_key=case_key,
            given=[text for paper in papers if paper.state in HANDED_IN for text in (paper.key, paper.name)],
            carry=self.carry[self.line_of(dossier).line_id],
            now=self.now,
        )
        follows = dates.old != dates.new and not dates.paused and moving.date_guard(dates, self.now) is None
        return result, limit if follows else None

    def _limit(
        self, definition: ProcedureDefinition, case_key: str, process_id: int | None
    ) -> TimeLimit | None:
        case = definition.case(case_key)
        limit = definition.limit_for(case_key)
        if process_id is None:
            return limit
        return with_appointments(limit, case.appointments if case else (), workflow.process(process_id))

    def _dates(self, dossier: Dossier, events: Sequence[ClockEvent], limit: TimeLimit | None) -> Dates:
        """The promise now and under the new limit. Limits of several appointments are not compared."""
        if limit is None or limit.to_dict() == dossier.limit:
            return Dates()
        if dossier.received_at is None:
            return Dates(
                self._due(dossier, [], dossier.competent_agency_id), self._if_received(dossier, limit)
            )
        if dossier.paused_since is not None:
            return Dates(paused=True)
        agency_id = dossier.competent_agency_id
        rules = [timing.as_rule(event) for event in events]
        old = self._due(dossier, rules, agency_id)
        if len(limit.phases) > 1 or dossier.appointments:
            return Dates(old, None)
        at = max([self.now, *(event.at for event in rules)])
        change = deadline.ClockEvent(EventKind.CHANGE_LIMIT, at, new_limit=limit)
        return Dates(old, self._due(dossier, [*rules, change], agency_id))

    def _if_received(self, dossier: Dossier, limit: TimeLimit) -> datetime | None:
        """The date of a dossier not received yet, as if it were at this moment under another limit."""
        calendar = organisation.calendar_for(dossier.competent_agency_id)
        return deadline.compute(limit, self.now, calendar, policy=timing.policy()).due_at

    def _transferred(
        self, found: Plan, dossier: Dossier, to: Destination, events: Sequence[ClockEvent]
    ) -> Plan:
        if dossier.received_at is None or to.agency_id is None:
            return found
        here, there = (
            organisation.calendar_for(unit) for unit in (dossier.competent_agency_id, to.agency_id)
        )
        if here == there:
            return found
        rules = [timing.as_rule(event) for event in events]
        go_on = [deadline.ClockEvent(EventKind.RESUME, self.now)] if dossier.paused_since is not None else []
        events_now = [*rules, *go_on]
        old = self._due(dossier, events_now, dossier.competent_agency_id)
        dates = Dates(old, self._due(dossier, events_now, to.agency_id))
        return moving.transferred(found, dates)

    def _due(
        self, dossier: Dossier, events: Sequence[deadline.ClockEvent], agency_id: int
    ) -> datetime | None:
        limit = TimeLimit.from_dict(dossier.limit) if dossier.limit else TimeLimit.none()
        try:
            return deadline.compute(
                limit,
                dossier.received_at or self.now,
                organisation.calendar_for(agency_id),
                events,
                timing.policy(),
            ).due_at
        except Refused:
            return None


def in_batches(rows: QuerySet[Dossier], size: int) -> Iterator[list[Dossier]]:
    """All rows of a query ordered by number, `size` at a time, each batch a statement of its own."""
    after = 0
    while batch := list(rows.filter(pk__gt=after)[:size]):
        yield batch
        after = batch[-1].pk


def fee_versions_of(dossier_ids: Collection[int]) -> dict[int, int]:
    """For dossiers whose fees stayed those of an earlier version: that version (one statement)."""
    rows = DossierChange.objects.filter(
        dossier_id__in=dossier_ids, fee_version__isnull=False, undone_at__isnull=True
    ).order_by("pk")
    return {
        dossier_id: version_id
        for dossier_id, version_id in rows.values_list("dossier_id", "fee_version_id")
        if version_id
    }

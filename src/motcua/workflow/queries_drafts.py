"""Reading drafts of processes; only those of agencies the reader writes or approves for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from motcua.kernel.actor import Actor
from motcua.kernel.errors import NotFound
from motcua.kernel.messages import msg
from motcua.kernel.text import fold
from motcua.organisation import queries as organisation
from motcua.organisation.errors import UnknownUnit
from motcua.organisation.types import UnitInfo, UnitKind
from motcua.workflow.models import DraftRevision, ProcessDraft
from motcua.workflow.permissions import draft_agency_ids, may_approve, may_draft
from motcua.workflow.rules.checks import Finding, Holders
from motcua.workflow.rules.definition import ProcessDefinition, Step, Where
from motcua.workflow.rules.draft_checks import draft_findings
from motcua.workflow.types import DraftStatus

PAGE_SIZE = 30


@dataclass(frozen=True, slots=True)
class DraftPage:
    """One page of drafts, newest change first; `has_more` tells whether older ones follow."""

    rows: list[ProcessDraft]
    page: int
    has_more: bool


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft with everything its page shows."""

    row: ProcessDraft
    definition: ProcessDefinition
    findings: tuple[Finding, ...]
    agency: UnitInfo
    base: ProcessDefinition | None
    can_edit: bool
    can_approve: bool
    is_own: bool
    can_undo: bool


def visible_to(actor: Actor) -> QuerySet[ProcessDraft]:
    """Drafts the actor may see."""
    agencies = draft_agency_ids(actor)
    found = ProcessDraft.objects.all()
    return found if agencies is None else found.filter(agency_id__in=agencies)


def drafts(actor: Actor, *, text: str = "", status: str = "", page: int = 1) -> DraftPage:
    """Drafts by words of their title, key, document or codes: one statement. Open ones unless `status` says else."""
    found = visible_to(actor).select_related("updated_by").defer("definition", "remarks")
    if status in DraftStatus.values:
        found = found.filter(status=status)
    else:
        found = found.filter(status__in=(DraftStatus.DRAFTING, DraftStatus.SUBMITTED))
    for word in fold(text).split():
        found = found.filter(search_text__contains=word)
    page = max(1, min(page, 1000))
    rows = list(found.order_by("-updated_at", "-pk")[(page - 1) * PAGE_SIZE : page * PAGE_SIZE + 1])
    return DraftPage(rows[:PAGE_SIZE], page, len(rows) > PAGE_SIZE)


def draft(actor: Actor, draft_id: int, *, today: date) -> DraftView:
    """One draft. Raises NotFound, also for one of an agency that is none of the actor's."""
    found = visible_to(actor).select_related(
        "updated_by", "created_by", "submitted_by", "decided_by", "based_on", "published"
    )
    row = found.filter(pk=draft_id).first()
    if row is None:
        raise NotFound(msg("Không có bản nháp này."))
    definition = ProcessDefinition.from_dict(row.definition)
    agency = organisation.unit(row.agency_id)
    last = DraftRevision.objects.filter(draft=row, number=row.revision).values_list("undone_to", flat=True)
    return DraftView(
        row=row,
        definition=definition,
        findings=draft_findings(definition, holders_in(agency, definition, today)),
        agency=agency,
        base=ProcessDefinition.from_dict(row.based_on.definition) if row.based_on else None,
        can_edit=may_draft(actor, row.agency_id) and row.status == DraftStatus.DRAFTING,
        can_approve=may_approve(actor, row.agency_id) and row.status == DraftStatus.SUBMITTED,
        is_own=actor.user_id in row.editors,
        can_undo=next(iter(last), None) is not None,
    )


def findings_of(view: DraftView, definition: ProcessDefinition, *, today: date) -> tuple[Finding, ...]:
    """The checks of what is typed into a draft, saved or not (one statement)."""
    return draft_findings(definition, holders_in(view.agency, definition, today))


def draft_revision(actor: Actor, draft_id: int, number: int) -> ProcessDefinition:
    """What a draft was at a save. Raises NotFound."""
    found = DraftRevision.objects.filter(
        draft__in=visible_to(actor), draft_id=draft_id, number=number
    ).first()
    if found is None:
        raise NotFound(msg("Không còn lần lưu này của bản nháp."))
    return ProcessDefinition.from_dict(found.definition)


def holders_in(agency: UnitInfo, definition: ProcessDefinition, today: date) -> Holders | None:
    """Whether somebody holds a step's role where the agency would run it; None when it runs in other agencies."""
    if definition.level == "xa" and agency.kind != UnitKind.COMMUNE:
        return None
    province = _id_of_province()
    centre = _id_of_centre(agency)
    filled = organisation.filled_roles(today, agency_ids={agency.id, province, centre} - {0})
    held = {(organisation.unit(unit_id).agency_id, role) for unit_id, role in filled}
    places = {
        Where.RECEIVING_CENTRE: {agency.id, centre},
        Where.AGENCY: {agency.id},
        Where.FIELD_DIVISION: {agency.id},
        Where.PROVINCE_COMMITTEE: {province},
        Where.PROVINCE_OFFICE: {province},
    }

    def holds(step: Step) -> bool:
        where = places.get(step.unit_ref.which)
        return where is None or step.role == "external" or any((place, step.role) in held for place in where)

    return holds


def _id_of_province() -> int:
    try:
        return organisation.province().id
    except UnknownUnit:
        return 0


def _id_of_centre(agency: UnitInfo) -> int:
    try:
        return organisation.centre_of(agency.id).agency_id
    except UnknownUnit:
        return 0

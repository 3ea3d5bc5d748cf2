"""Reading dossiers: the list, one of them, its letters."""

from typing import Annotated

from django.http import HttpResponse
from ninja import Path, Query
from pydantic import AwareDatetime

from motcua.dossiers import actions
from motcua.dossiers.api.files import attachment_out
from motcua.dossiers.api.outputs import (
    DeadlineOut,
    DecisionOut,
    DossierDetailOut,
    DossierPageOut,
    DossierPaperOut,
    LetterOut,
    PartyOut,
    ProcessRefOut,
    ReasonOut,
    TimelineOut,
)
from motcua.dossiers.api.routing import DossierCode, router
from motcua.dossiers.api.shapes import dossier_out, letter_url, task_out
from motcua.dossiers.queries_listing import DossierFilters, DossierReading, listing
from motcua.dossiers.queries_listing import reading as read_dossier
from motcua.dossiers.types import Act, Status
from motcua.kernel import clock
from motcua.kernel.api import Cursor, Day, Limit, after
from motcua.kernel.http import ActorRequest
from motcua.organisation import queries as organisation


@router.get(
    "/dossiers",
    response=DossierPageOut,
    operation_id="list_dossiers",
    summary="Dossiers you may see, newest first",
)
def list_dossiers(
    request: ActorRequest,
    status: Annotated[Status | None, Query(description="Only in this status")] = None,
    unit: Annotated[
        str, Query(max_length=40, description="Code of a unit that receives, decides or returns")
    ] = "",
    procedure: Annotated[str, Query(max_length=40, description="Code of the procedure")] = "",
    received_from: Annotated[Day | None, Query(description="First day of reception")] = None,
    received_to: Annotated[Day | None, Query(description="Last day of reception")] = None,
    due_before: Annotated[AwareDatetime | None, Query(description="Due before this instant")] = None,
    updated_since: Annotated[
        AwareDatetime | None, Query(description="Changed at or after this instant")
    ] = None,
    q: Annotated[
        str, Query(max_length=120, description="Words of code, names, numbers; accents optional")
    ] = "",
    cursor: Cursor = "",
    limit: Limit = 50,
) -> DossierPageOut:
    """What was asked for is written to the audit log."""
    filters = DossierFilters(
        status=status,
        unit_id=organisation.unit_by_code(unit).id if unit else None,
        procedure=procedure,
        received_from=received_from,
        received_to=received_to,
        due_before=due_before,
        updated_since=updated_since,
        text=q,
    )
    found = listing(request.actor, filters, after=after(cursor), limit=limit, now=clock.now())
    return DossierPageOut(
        items=[dossier_out(row) for row in found.rows],
        next=str(found.rows[-1].pk) if found.more and found.rows else None,
    )


@router.get(
    "/dossiers/{code}",
    response=DossierDetailOut,
    operation_id="get_dossier",
    summary="Everything about one dossier",
)
def get_dossier(request: ActorRequest, code: DossierCode) -> DossierDetailOut:
    """Where it is, its open steps with their outcomes, why that date, papers, letters, timeline."""
    return _detail(read_dossier(request.actor, code, now=clock.now()))


@router.get(
    "/dossiers/{code}/letters/{letter_id}.pdf",
    operation_id="get_letter",
    summary="A letter as PDF",
    openapi_extra={
        "responses": {
            200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}
        }
    },
)
def get_letter(
    request: ActorRequest, code: DossierCode, letter_id: Annotated[int, Path(ge=1, le=2**63 - 1)]
) -> HttpResponse:
    """The same bytes every time; the printing is written to the audit log."""
    pdf = actions.print_letter(actor=request.actor, code=code, letter_id=letter_id, now=clock.now())
    headers = {
        "Content-Disposition": f'inline; filename="{pdf.filename}"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(pdf.content, content_type="application/pdf", headers=headers)


def _detail(found: DossierReading) -> DossierDetailOut:
    page, dossier = found.page, found.page.dossier
    tasks = [task_out(task, dossier) for task in found.tasks]
    files = [*page.files, *(file for paper in page.papers for file in paper.files)]
    papers_of = {file.id: paper.id for paper in page.papers for file in paper.files}
    result = getattr(dossier, "result", None)
    acts = {act for act in page.acts.others if act is not Act.RECEIVE or dossier.received_at is None}
    if page.acts.task is not None:
        acts.add(Act.COMPLETE_STEP)
    return DossierDetailOut(
        **dossier_out(dossier).model_dump(),
        where="; ".join(f"{task.name} - {task.unit.name}" for task in tasks) or str(page.status.label),
        tasks=tasks,
        possible_acts=sorted(act.value for act in acts),
        deadline=_deadline(found),
        parties=[
            PartyOut(
                role=line.role.value,
                **{name: getattr(line.party, name) for name in PartyOut.model_fields if name != "role"},
            )
            for line in page.people
        ],
        papers=[
            DossierPaperOut(
                id=paper.id,
                name=paper.name,
                state=paper.state.value,
                originals=paper.originals,
                copies=paper.copies,
                note=paper.note,
            )
            for paper in page.papers
        ],
        attachments=[attachment_out(dossier.code, file, papers_of.get(file.id)) for file in files],
        letters=[
            LetterOut(
                id=letter.id,
                label=letter.label,
                issued_at=letter.issued_at,
                is_cancelled=letter.is_cancelled,
                is_signed=letter.signing is not None and letter.signing.is_signed,
                url=letter_url(dossier.code, letter.id),
            )
            for letter in page.letters
        ],
        timeline=[
            TimelineOut(
                kind=entry.kind.value,
                title=str(entry.title),
                at=entry.at,
                until=entry.until,
                who=entry.who,
                text=str(entry.text),
                due_at=entry.due_at,
                lines=list(entry.lines),
            )
            for entry in page.timeline
        ],
        result=(
            DecisionOut(**{name: getattr(result, name) for name in DecisionOut.model_fields})
            if result
            else None
        ),
        process=(
            ProcessRefOut(key=page.definition.key, version_id=dossier.run.process_version_id)
            if page.definition and dossier.run
            else None
        ),
        request_summary=dossier.request_summary,
        set_count=dossier.set_count,
        return_method=dossier.return_method,
        return_address=dossier.return_address,
        related=dossier.related.code if dossier.related else "",
    )


def _deadline(found: DossierReading) -> DeadlineOut | None:
    deadline = found.page.deadline
    if deadline is None:
        return None
    return DeadlineOut(
        state=deadline.state.value,
        limit=deadline.limit.text().render(),
        due_at=deadline.due_at,
        projected=deadline.projected,
        original_due_at=deadline.original_due_at,
        legal_due_at=deadline.legal_due_at,
        reasons=[
            ReasonOut(kind=line.kind.value, text=line.text, at=line.at, day=line.day)
            for line in found.page.explanation
        ],
    )

"""Files of a dossier: put in, listed, given out."""

from typing import Annotated, BinaryIO, cast

from django.http import FileResponse
from ninja import File, Form, Path, UploadedFile

from motcua.documents import queries as documents
from motcua.dossiers import actions
from motcua.dossiers.api.outputs import AttachmentOut, AttachmentsOut
from motcua.dossiers.api.routing import DossierCode, router
from motcua.dossiers.api.shapes import PREFIX
from motcua.dossiers.queries_listing import reading as read_dossier
from motcua.dossiers.queries_page import FileLine
from motcua.kernel import clock
from motcua.kernel.api import Id
from motcua.kernel.http import ActorRequest


@router.post(
    "/dossiers/{code}/attachments",
    response={201: AttachmentOut},
    operation_id="attach_file",
    summary="Put a file into the dossier",
)
def attach_file(
    request: ActorRequest,
    code: DossierCode,
    file: Annotated[UploadedFile, File(description="PDF, image or office document; checked by content")],
    kind: Annotated[str, Form(pattern="^(paper|result|opinion)$")] = "paper",
    paper_id: Annotated[Id | None, Form(description="Paper of the dossier it belongs to")] = None,
) -> AttachmentOut:
    """The content is checked and scanned; a file that waits for the scanner is served to nobody."""
    found = actions.attach_file(
        actor=request.actor,
        code=code,
        content=cast(BinaryIO, file),
        name=file.name or "",
        kind=kind,
        paper_id=paper_id,
        now=clock.now(),
    )
    return AttachmentOut(
        id=found.pk,
        name=found.name,
        size=found.file.size,
        kind=found.kind,
        paper_id=found.paper_id,
        added_at=found.added_at,
        blocked=found.file.get_state_display() if found.file.state in ("held", "infected") else "",
        url=_url(code, found.pk),
    )


@router.get(
    "/dossiers/{code}/attachments",
    response=AttachmentsOut,
    operation_id="list_attachments",
    summary="Files of a dossier",
)
def list_attachments(request: ActorRequest, code: DossierCode) -> AttachmentsOut:
    """The reading is written to the audit log."""
    page = read_dossier(request.actor, code, now=clock.now()).page
    items = [attachment_out(code, file, None) for file in page.files]
    items += [attachment_out(code, file, paper.id) for paper in page.papers for file in paper.files]
    return AttachmentsOut(items=sorted(items, key=lambda item: item.id))


@router.get(
    "/dossiers/{code}/attachments/{attachment_id}",
    operation_id="get_attachment",
    summary="The content of a file",
    openapi_extra={
        "responses": {
            200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
        }
    },
)
def get_attachment(
    request: ActorRequest, code: DossierCode, attachment_id: Annotated[int, Path(ge=1, le=2**63 - 1)]
) -> FileResponse:
    """As it was stored; the reading is written to the audit log. 409 while the virus scanner has not passed it."""
    found = actions.open_attachment(
        actor=request.actor, code=code, attachment_id=attachment_id, now=clock.now()
    )
    response = FileResponse(
        documents.open_file(found.file),
        as_attachment=True,
        filename=found.name,
        content_type="application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def attachment_out(code: str, file: FileLine, paper_id: int | None) -> AttachmentOut:
    """A line of the dossier's page."""
    return AttachmentOut(
        id=file.id,
        name=file.name,
        size=file.size,
        kind=file.kind,
        paper_id=paper_id,
        added_at=file.added_at,
        blocked=file.blocked,
        url=_url(code, file.id),
    )


def _url(code: str, attachment_id: int) -> str:
    return f"{PREFIX}/dossiers/{code}/attachments/{attachment_id}"

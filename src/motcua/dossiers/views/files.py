"""Files and letters: only to those who may read the dossier, under headers that keep them harmless."""

from __future__ import annotations

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from motcua.documents import queries as documents
from motcua.dossiers import actions
from motcua.dossiers.queries_page import INLINE
from motcua.kernel import clock
from motcua.kernel.http import ActorRequest
from motcua.kernel.web.access import signed_in

IMAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""An image opened alone runs nothing; a PDF keeps the product's policy, or no browser would show it."""


@require_GET
@signed_in
def attachment(request: ActorRequest, code: str, attachment_id: int) -> HttpResponseBase:
    """A file as it was stored. PDFs and images open in the browser, `?download=1` and the rest are saved."""
    found = actions.open_attachment(
        actor=request.actor, code=code, attachment_id=attachment_id, now=clock.now()
    )
    shown = found.file.mime in INLINE and "download" not in request.GET
    response = FileResponse(
        documents.open_file(found.file),
        as_attachment=not shown,
        filename=found.name,
        content_type=found.file.mime if shown else "application/octet-stream",
    )
    if shown and found.file.mime.startswith("image/"):
        response["Content-Security-Policy"] = IMAGE_POLICY
    return guarded(response)


@require_GET
@signed_in
def letter(request: ActorRequest, code: str, letter_id: int) -> HttpResponseBase:
    """A letter as PDF, to look at and to print; `?goc=1` a slip as it was issued, whatever was paid since."""
    pdf = actions.print_letter(
        actor=request.actor,
        code=code,
        letter_id=letter_id,
        as_issued=request.GET.get("goc") == "1",
        now=clock.now(),
    )
    response = HttpResponse(pdf.content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{pdf.filename}"'
    return guarded(response)


def guarded(response: HttpResponseBase) -> HttpResponseBase:
    """Never guessed at, never kept by a browser or proxy."""
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response

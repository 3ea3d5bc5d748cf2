"""Files and letters: only to those who may read the dossier, under headers that keep them harmless."""

from __future__ import annotations

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from motcua.documents import queries as documents
from motcua.dossiers import actions
from motcua.dossiers.queries_page import INLINE
from motcua.dossiers.types import LetterVersion
from motcua.kernel import clock
from motcua.kernel.http import ActorRequest
from motcua.kernel.web.access import signed_in
from motcua.kernel.web.telling import telling

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


def _version(request: ActorRequest) -> LetterVersion:
    if "goc" in request.GET:
        return LetterVersion.ISSUED
    return LetterVersion.SIGNED if "tai" in request.GET else LetterVersion.LATEST


@require_GET
@signed_in
def letter(request: ActorRequest, code: str, letter_id: int) -> HttpResponseBase:
    """A letter as PDF, to look at and to print: signed once it is, a slip with what was paid since. `goc`: as it was
    issued; `tai`: the one that counts, to be saved.
    """
    pdf = actions.print_letter(
        actor=request.actor,
        code=code,
        letter_id=letter_id,
        now=clock.now(),
        version=_version(request),
    )
    response = HttpResponse(pdf.content, content_type="application/pdf")
    how = "attachment" if "tai" in request.GET else "inline"
    response["Content-Disposition"] = f'{how}; filename="{pdf.filename}"'
    return guarded(response)


@require_POST
@signed_in
def sign_letter(request: ActorRequest, code: str, letter_id: int) -> HttpResponseBase:
    """Have a letter signed, or try again."""
    with telling(request, _("Đã yêu cầu ký số. Tải lại trang sau vài giây để xem.")):
        actions.sign_letter(actor=request.actor, code=code, letter_id=letter_id, now=clock.now())
    return redirect("dossiers:detail", code)


def guarded(response: HttpResponseBase) -> HttpResponseBase:
    """Never guessed at, never kept by a browser or proxy."""
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response

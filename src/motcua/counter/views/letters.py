"""The letters of the counter as PDF."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from motcua.documents.types import LetterPdf
from motcua.dossiers import actions as dossiers
from motcua.kernel import clock
from motcua.kernel.http import ActorRequest
from motcua.kernel.web.access import signed_in


@require_safe
@signed_in
def slip(request: ActorRequest, code: str, letter_id: int) -> HttpResponse:
    """A letter of a dossier, shown in the browser so that it can be printed from a frame of the page."""
    letter = dossiers.print_letter(actor=request.actor, code=code, letter_id=letter_id, now=clock.now())
    return inline_pdf(letter)


@require_safe
@signed_in
def slip_with_receipts(request: ActorRequest, code: str, letter_id: int) -> HttpResponse:
    """The same letter and the receipts of what was paid, in one print. Every GET is a print and is counted."""
    if request.method == "HEAD":
        return HttpResponse(content_type="application/pdf")
    return inline_pdf(
        dossiers.print_with_receipts(actor=request.actor, code=code, letter_id=letter_id, now=clock.now())
    )


def inline_pdf(letter: LetterPdf, *, save: bool = False) -> HttpResponse:
    """A PDF for a frame of the page, kept by no browser; `save` offers it as a file."""
    response = HttpResponse(letter.content, content_type="application/pdf")
    response["Content-Disposition"] = f'{"attachment" if save else "inline"}; filename="{letter.filename}"'
    response["Cache-Control"] = "private, no-store"
    return response

"""Electronic signatures for those who look after certificates: who can sign, and what could not be signed."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from motcua.desk import actions, permissions
from motcua.documents import queries as documents
from motcua.kernel import clock
from motcua.kernel.http import ActorRequest
from motcua.kernel.web.access import signed_in
from motcua.kernel.web.telling import telling


@require_safe
@signed_in
def page(request: ActorRequest) -> HttpResponse:
    """`/ky-so/`: every declared certificate with its state, and letters that wait for a signature."""
    permissions.require_signing(request.actor)
    before = request.GET.get("truoc", "")
    number = int(before) if before.isascii() and before.isdigit() and len(before) <= 18 else None
    now = clock.now()
    context = {
        "state": documents.signers_state(now=now) if number is None else None,
        "page": documents.signings_under_way(before=number),
        "is_first": number is None,
    }
    return render(request, "desk/signing.html", context)


@require_POST
@signed_in
def retry(request: ActorRequest, signing_id: int) -> HttpResponse:
    """`/ky-so/<id>/thu-lai/`: try to sign a letter now."""
    with telling(request, _("Đã yêu cầu ký lại. Tải lại trang sau vài giây để xem.")):
        actions.retry_signing(actor=request.actor, signing_id=signing_id, now=clock.now())
    return redirect("desk:signing")

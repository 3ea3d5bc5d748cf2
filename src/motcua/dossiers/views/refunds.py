"""`/ho-so/hoan-phi/`: money that may have to go back: ask for the refund, or write down why nothing is given back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from motcua.dossiers import actions, queries_money
from motcua.dossiers.views.queue import number
from motcua.kernel import clock
from motcua.kernel.errors import Refused
from motcua.kernel.http import ActorRequest
from motcua.kernel.web.access import signed_in
from motcua.payments.types import Method

LOST = "huy"
"""The list of payments that were taken back while their dossiers still owe."""
BACK = (Method.CASH, Method.TRANSFER)
"""Ways in which money is given back."""


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def refunds(request: ActorRequest) -> HttpResponse:
    """The proposals of the units one works for, the open ones first; the decision stands beside each."""
    if request.method != "POST":
        return _show(request)
    proposal_id = number(request.POST.get("proposal")) or 0
    note, now = request.POST.get("note", "")[:300], clock.now()
    try:
        if request.POST.get("do") == "dismiss":
            actions.dismiss_refund(actor=request.actor, proposal_id=proposal_id, note=note, now=now)
            messages.success(request, _("Đã ghi: không hoàn."))
        else:
            actions.ask_for_refund(
                actor=request.actor,
                proposal_id=proposal_id,
                method=request.POST.get("method", ""),
                to_account=request.POST.get("to_account", "")[:255],
                note=note,
                now=now,
            )
            messages.success(
                request, _("Đã đề nghị hoàn. Lãnh đạo đơn vị thu xác nhận thì tiền mới được chi.")
            )
    except Refused as refused:
        if refused.status in (403, 404):
            raise
        return _show(request, wrong=refused.message.render(), at=proposal_id, status=refused.status)
    return redirect(reverse("dossiers:refunds"))


def _show(request: ActorRequest, *, wrong: str = "", at: int = 0, status: int = 200) -> HttpResponse:
    if request.GET.get("muc") == LOST and not wrong:
        return _show_taken_back(request)
    every = request.GET.get("tat-ca") == "1"
    before = number(request.GET.get("truoc"))
    rows = queries_money.refund_proposals(request.actor, open_only=not every, before=before)
    shown, more = rows[: queries_money.SHOWN], len(rows) > queries_money.SHOWN
    context = {
        "rows": shown,
        "every": every,
        "next": shown[-1].proposal.pk if more else None,
        "methods": BACK,
        "wrong": wrong,
        "at": at,
        "typed": request.POST if wrong else {},
    }
    return render(request, "dossiers/refunds.html", context, status=status)


def _show_taken_back(request: ActorRequest) -> HttpResponse:
    rows = queries_money.taken_back(request.actor, before=number(request.GET.get("truoc")))
    shown = rows[: queries_money.SHOWN]
    context = {"rows": shown, "lost": True, "next": shown[-1].id if len(rows) > len(shown) else None}
    return render(request, "dossiers/taken_back.html", context)

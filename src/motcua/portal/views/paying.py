"""Paying what a dossier owes, for whoever holds its slip."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from motcua.kernel import clock
from motcua.kernel.errors import Refused
from motcua.kernel.http import ActorRequest
from motcua.payments import queries as payments
from motcua.payments.rules.qr import qr_svg
from motcua.portal import actions
from motcua.portal.queries_paying import PayingPage
from motcua.portal.views.tracking import chosen_language, private


@require_http_methods(["GET", "HEAD", "POST"])
@private
def bills(request: ActorRequest, token: str) -> HttpResponse:
    """`/tra-cuu/<token>/nop-tien/`: what is owed, the QR, and a button where the unit takes payments online.

    The platform's page is a link: a form may lead nowhere but here.
    """
    now = clock.now()
    refused = ""
    if request.method == "POST":
        number = request.POST.get("bill", "")
        try:
            bill_id = int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0
            actions.pay_online(actor=request.actor, token=token, bill_id=bill_id, now=now)
        except Refused as refusal:
            if refusal.status in (404, 429):
                raise
            refused = refusal.message.render()
        else:
            return redirect("portal:bills", token)
    page = actions.look_at_bills(actor=request.actor, token=token, now=now)
    with chosen_language(request) as link:
        context = {
            "page": page,
            "bills": _bills(page, request.path),
            "refused": refused,
            "language_link": link,
        }
        return render(request, "portal/bills.html", context, status=422 if refused else 200)


def _bills(page: PayingPage, path: str) -> list[dict[str, Any]]:
    return [
        {
            "bill": bill,
            "svg": qr_svg(bill.qr.payload) if bill.qr else "",
            "attempt": attempt,
            "pay_url": payments.with_way_back(attempt.url, path) if attempt and attempt.url else "",
            "came": page.came.get(bill.bill_id, ()),
        }
        for bill in page.bills
        for attempt in (page.attempts.get(bill.bill_id),)
    ]

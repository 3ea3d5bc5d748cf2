"""What waits for money at this seat."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from motcua.counter import queries_cashier
from motcua.counter.reading import number_of
from motcua.counter.rules.card_scan import read_scan
from motcua.counter.views.cashier.heads import page_keys
from motcua.counter.views.seat import Seat, seated
from motcua.kernel import clock
from motcua.kernel.http import ActorRequest
from motcua.payments import queries as payments


@require_safe
@seated
def page(request: ActorRequest, *, seat: Seat) -> HttpResponse:
    """Bills that wait, newest first, found by name, dossier or reference."""
    text = request.GET.get("q", "")[:120].strip()
    before = number_of(request.GET.get("sau", ""))
    listed = payments.waiting_page(queries_cashier.units_of(seat.unit), text=text, before=before)
    return _show(request, seat, {"page": listed, "query": text, "later": before is not None})


@require_POST
@seated
def scan(request: ActorRequest, *, seat: Seat) -> HttpResponse:
    """Open what was scanned. Posted, so that no card ends up in an address."""
    text = request.POST.get("q", "")[:2000].strip()
    now = clock.now()
    scanned = read_scan(text, today=clock.today(now))
    if text and scanned.problem is not None and not any(char.isdigit() for char in text):
        return HttpResponseRedirect(f"{reverse('cashier:waiting')}?{urlencode({'q': text[:120]})}")
    found = queries_cashier.scanned_bills(request.actor, seat.unit, text, scanned)
    if found.reference:
        return HttpResponseRedirect(reverse("cashier:bill", args=[found.reference]))
    shown = "" if "|" in text else text
    problem = found.problem.render() if found.problem else ""
    return _show(request, seat, {"page": found.page, "query": shown, "problem": problem, "scanned": True})


def _show(request: ActorRequest, seat: Seat, more: dict[str, Any]) -> HttpResponse:
    now = clock.now()
    today = clock.today(now)
    listed = more["page"]
    next_url = f"?{urlencode({'q': more['query'], 'sau': listed.after})}" if listed.after else ""
    context = {
        "seat": seat,
        "now": now,
        "till": queries_cashier.till_state(seat.unit, today),
        "today_rows": [row for row in listed.rows if clock.today(row.at) == today],
        "older_rows": [row for row in listed.rows if clock.today(row.at) != today],
        "next_url": next_url,
        "page_keys": [{"keys": "F2", "text": _("Ô quét, tìm")}, *page_keys()],
        **more,
    }
    return render(request, "counter/cashier/waiting.html", context)

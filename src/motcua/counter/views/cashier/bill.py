"""One bill at the till: what is owed and why, and the money for it."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_http_methods

from motcua.counter import actions_cashier, queries_display
from motcua.counter.forms_cashier import PayForm
from motcua.counter.reading import number_of
from motcua.counter.views.cashier.heads import back_to, blame, page_keys, paying_address, seat_id
from motcua.kernel import clock
from motcua.kernel.errors import NotFound, Refused
from motcua.kernel.http import ActorRequest
from motcua.kernel.web.access import signed_in
from motcua.payments import queries as payments
from motcua.payments.errors import KeyUsed
from motcua.payments.permissions import can_collect, require_collect
from motcua.payments.queries import BillView
from motcua.payments.rules.cash import quick_amounts
from motcua.payments.rules.qr import qr_svg


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_store=True)
@signed_in
def page(request: ActorRequest, reference: str) -> HttpResponse:
    """The bill; F9 takes the money. Whatever is refused, everything typed stays."""
    now = clock.now()
    bill = payments.bill_view(request.actor, reference)
    if request.method == "POST":
        return _pay(request, bill, now)
    method = request.GET.get("cach", "cash")
    form = PayForm(initial={"method": method if method in ("card", "transfer", "platform") else "cash"})
    return _show(request, bill, form, now)


def _pay(request: ActorRequest, bill: BillView, now: datetime) -> HttpResponse:
    require_collect(request.actor, bill.unit_id)
    form, key = PayForm(request.POST), request.POST.get("key", "")
    if not form.is_valid():
        return _show(request, bill, form, now, status=422, key=key)
    typed = form.cleaned_data
    try:
        done = actions_cashier.take_money(
            actor=request.actor,
            unit_id=seat_id(request),
            bill=bill,
            method=typed["method"],
            amount=typed["amount"] or number_of(request.POST.get("owed", "")) or bill.owed,
            tendered=typed["tendered"],
            reference=typed["reference"],
            key=key,
            now=now,
        )
    except NotFound:
        raise
    except Refused as refused:
        blame(form, refused)
        fresh = isinstance(refused, KeyUsed)
        return _show(request, bill, form, now, status=refused.status, key="" if fresh else key)
    word, _url = back_to(request)
    said = {"ve": word, "lai": "1" if done.repeated else "", "mo": _opened_before(request, done.payment.at)}
    query = urlencode({name: value for name, value in said.items() if value})
    address = reverse("cashier:paid", args=[done.payment.pk])
    return HttpResponseRedirect(f"{address}?{query}" if query else address)


def _opened_before(request: ActorRequest, taken_at: datetime) -> str:
    """The day the form was opened, where the money was taken on a later one."""
    try:
        opened = date.fromisoformat(request.POST.get("opened", ""))
    except ValueError:
        return ""
    return opened.isoformat() if opened < clock.today(taken_at) else ""


def _show(
    request: ActorRequest,
    bill: BillView,
    form: PayForm,
    now: datetime,
    *,
    status: int = 200,
    key: str = "",
) -> HttpResponse:
    today = clock.today(now)
    collects = can_collect(request.actor, bill.unit_id)
    context: dict[str, Any] = {
        "bill": bill,
        "form": form,
        "form_key": key or secrets.token_urlsafe(18),
        "opened": request.POST.get("opened", "") or today.isoformat(),
        "collects": collects,
        "back": back_to(request),
        "page_keys": page_keys(),
        "now": now,
        "today": today,
        "seat_id": seat_id(request),
        "advance": payments.advance_on(bill),
    }
    if collects and bill.owed:
        ways = payments.ways_to_pay(bill.unit_id, on=today)
        qr = payments.transfer_qr(bill.id, on=today) if ways.transfer else None
        link = paying_address(request, bill.subject) if ways.platform else ""
        context |= {
            "ways": ways,
            "online_svg": mark_safe(qr_svg(link)) if link else "",  # noqa: S308 - drawn by us
            "quick": quick_amounts(bill.owed),
            "advances": [(one, min(one.amount, bill.owed)) for one in payments.advances_for(bill)],
            "qr": qr,
            "qr_svg": mark_safe(qr_svg(qr.payload)) if qr else "",  # noqa: S308 - drawn by us
            "day_closed": payments.day_of(bill.unit_id, today),
            "paired": bool(context["seat_id"])
            and queries_display.has_device(request.actor.user_id or 0, context["seat_id"]),
        }
    return render(request, "counter/cashier/bill.html", context, status=status)


@require_GET
@signed_in
def arrival(request: ActorRequest, reference: str) -> JsonResponse:
    """Whether money came since the page was shown (`da`: what was paid then): for pages that wait for a transfer."""
    bill = payments.bill_view(request.actor, reference)
    came = bill.paid - (number_of(request.GET.get("da", "")) or 0)
    standing = [payment for payment in bill.payments if not payment.reversed]
    if came <= 0 or not standing:
        return JsonResponse({"arrived": False})
    word, _url = back_to(request)
    address = reverse("cashier:paid", args=[standing[-1].id])
    return JsonResponse(
        {
            "arrived": True,
            "text": _("Tiền đã về."),
            "url": f"{address}?{urlencode({'ve': word})}" if word else address,
        }
    )

"""The end of the day: cash counted against the books, money paid in at the Treasury, the record, closed days."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.counter import queries_closing
from motcua.counter.forms_cashier import CountForm, ReasonForm, RemitForm
from motcua.counter.permissions import officer_id
from motcua.counter.views.cashier.heads import blame
from motcua.counter.views.letters import inline_pdf
from motcua.counter.views.seat import Seat, at_books
from motcua.documents import queries as documents
from motcua.kernel import clock
from motcua.kernel.errors import NotFound, Refused
from motcua.kernel.http import ActorRequest
from motcua.kernel.messages import msg
from motcua.kernel.web.access import signed_in
from motcua.kernel.web.telling import telling
from motcua.organisation.types import UnitInfo
from motcua.payments import actions, queries
from motcua.payments.permissions import can_confirm, require_confirm
from motcua.payments.rules.cash import counted


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_store=True)
@at_books
def page(request: ActorRequest, *, seat: Seat) -> HttpResponse:
    """Count a day's till; `do=count` only adds up, `do=close` closes."""
    now = clock.now()
    if request.method != "POST":
        return _show(request, seat, now, CountForm())
    opened = queries_closing.open_in(request.actor, now)
    day, form = _wanted(request, seat, opened, now), CountForm(request.POST)
    if not form.is_valid():
        return _show(request, seat, now, form, status=422)
    if request.POST.get("do") != "close":
        return _show(request, seat, now, form)
    try:
        done = actions.count_day(
            actor=request.actor,
            unit_id=seat.unit.id,
            day=day,
            pieces=form.pieces(),
            loose=form.cleaned_data["loose"] or 0,
            explanation=form.cleaned_data["explanation"],
            now=now,
        )
    except NotFound:
        raise
    except Refused as refused:
        blame(form, refused)
        return _show(request, seat, now, form, status=refused.status)
    if done.closed is None:
        messages.warning(request, _("Chênh lệch vượt mức một người tự chịu: đang chờ lãnh đạo xác nhận."))
        place = urlencode({"so": str(seat.unit.id), "ngay": day.isoformat()})
        return HttpResponseRedirect(f"{reverse('cashier:closing')}?{place}")
    messages.success(request, _("Đã khóa sổ ngày %(day)s.") % {"day": f"{day:%d/%m/%Y}"})
    return HttpResponseRedirect(f"{reverse('cashier:day', args=[done.closed.pk])}?in=1")


@require_POST
@at_books
def remit(request: ActorRequest, *, seat: Seat) -> HttpResponse:
    """Record what was paid in at the Treasury."""
    now = clock.now()
    form = RemitForm(request.POST)
    if not form.is_valid():
        return _show(request, seat, now, CountForm(), remit_form=form, status=422)
    typed = form.cleaned_data
    try:
        actions.remit(
            actor=request.actor,
            unit_id=seat.unit.id,
            method=typed["method"],
            amount=typed["amount"],
            document=typed["document"],
            key=f"remit:{officer_id(request.actor)}:{request.POST.get('key', '')[:64]}",
            now=now,
        )
    except Refused as refused:
        blame(form, refused)
        return _show(request, seat, now, CountForm(), remit_form=form, status=refused.status)
    messages.success(request, _("Đã ghi khoản nộp Kho bạc."))
    return HttpResponseRedirect(f"{reverse('cashier:closing')}?{urlencode({'so': seat.unit.id})}")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def count(request: ActorRequest, count_id: int) -> HttpResponse:
    """A count that differs too much: confirm it, or send it back."""
    waiting = queries_closing.count_to_decide(request.actor, count_id)
    form = ReasonForm(request.POST if request.POST.get("do") == "refuse" else None)
    status = 200
    if request.method == "POST":
        require_confirm(request.actor, waiting.unit_id)
        now = clock.now()
        try:
            if request.POST.get("do") == "confirm":
                closed = actions.confirm_count(actor=request.actor, count_id=count_id, now=now)
                messages.success(request, _("Đã xác nhận chênh lệch và khóa sổ."))
                return HttpResponseRedirect(reverse("cashier:day", args=[closed.pk]))
            if form.is_valid():
                actions.refuse_count(
                    actor=request.actor, count_id=count_id, reason=form.cleaned_data["reason"], now=now
                )
                messages.success(request, _("Đã trả lại để thu ngân đếm lại."))
                return HttpResponseRedirect(reverse("cashier:refunds"))
            status = 422
        except NotFound:
            raise
        except Refused as refused:
            form = ReasonForm(request.POST)
            form.is_valid()
            form.errors.clear()
            form.add_error(None, refused.message.render())
            status = refused.status
    own = request.actor.user_id == waiting.asked_by_id
    context = {
        "count": waiting,
        "form": form,
        "difference": waiting.counted - waiting.expected,
        "gap": abs(waiting.counted - waiting.expected),
        "may_confirm": can_confirm(request.actor, waiting.unit_id) and not own and waiting.decided_at is None,
    }
    return render(request, "counter/cashier/count.html", context, status=status)


@require_safe
@signed_in
def day(request: ActorRequest, day_id: int) -> HttpResponse:
    """A closed day with its figures and its record."""
    closed = queries.closed_day(request.actor, day_id)
    context = {
        "day": closed,
        "difference": closed.counted - closed.expected,
        "methods": queries_closing.by_method(closed.figures),
        "print_now": "in" in request.GET and closed.letter_id,
        "record": queries_closing.record_signing(request.actor, closed),
    }
    return render(request, "counter/cashier/day.html", context)


@require_safe
@signed_in
def record(request: ActorRequest, day_id: int) -> HttpResponse:
    """The record of a closed day as PDF: signed once it is, `goc` as it was issued, `tai` to be saved."""
    closed = queries.closed_day(request.actor, day_id)
    if closed.letter is None:
        raise NotFound(msg("Ngày này khóa trước khi có biên bản điện tử."))
    shown = documents.render_letter if "goc" in request.GET else documents.official_letter
    return inline_pdf(shown(closed.letter), save="tai" in request.GET)


@require_POST
@signed_in
def sign_day(request: ActorRequest, day_id: int) -> HttpResponse:
    """Have the record of a closed day signed, or try again."""
    with telling(request, _("Đã yêu cầu ký số. Tải lại trang sau vài giây để xem.")):
        actions.sign_day(actor=request.actor, day_id=day_id, now=clock.now())
    return HttpResponseRedirect(reverse("cashier:day", args=[day_id]))


def _wanted(
    request: ActorRequest, seat: Seat, opened: Sequence[tuple[UnitInfo, date]], now: datetime
) -> date:
    """The day that was asked for; else the oldest day nobody closed, else today."""
    today = clock.today(now)
    try:
        return date.fromisoformat(request.POST.get("day", "") or request.GET.get("ngay", ""))
    except ValueError:
        return next((day for unit, day in opened if unit.id == seat.unit.id and day < today), today)


def _show(
    request: ActorRequest,
    seat: Seat,
    now: datetime,
    form: CountForm,
    *,
    remit_form: RemitForm | None = None,
    status: int = 200,
) -> HttpResponse:
    opened = queries_closing.open_in(request.actor, now)
    wanted = _wanted(request, seat, opened, now)
    till = queries_closing.till_of(seat.unit.id, wanted, now, opened, before=request.GET.get("sau", ""))
    total = None
    if form.is_bound and not {name for name in form.errors if name.startswith(("note-", "loose"))}:
        total = counted(form.pieces()) + (form.cleaned_data.get("loose") or 0)
    context: dict[str, Any] = {
        "seat": seat,
        "day": wanted,
        "till": till,
        "form": form,
        "counted": total,
        "difference": None if total is None else total - till.expected,
        "gap": abs((total or 0) - till.expected),
        "limit": settings.CASH_DIFFERENCE_LIMIT,
        "remit_form": remit_form or RemitForm(initial={"method": "cash"}),
        "remit_key": request.POST.get("key", "") or secrets.token_urlsafe(18),
        "books": queries_closing.other_books(opened, seat.unit.id),
        "next_url": f"?{urlencode({'so': str(seat.unit.id), 'sau': till.closed.after.isoformat()})}"
        if till.closed.after
        else "",
        "page_keys": [{"keys": "F9", "text": _("Khóa sổ")}],
    }
    return render(request, "counter/cashier/closing.html", context, status=status)

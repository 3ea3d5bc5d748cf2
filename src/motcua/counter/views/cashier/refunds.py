"""Money that goes back: asked for, confirmed by somebody else, paid out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from motcua.counter.forms_cashier import PayOutForm, ReasonForm, RefundForm
from motcua.counter.reading import number_of
from motcua.counter.views.cashier.heads import blame
from motcua.counter.views.letters import inline_pdf
from motcua.documents import queries as documents
from motcua.kernel import clock
from motcua.kernel.errors import NotAllowed, NotFound, Refused
from motcua.kernel.http import ActorRequest
from motcua.kernel.messages import msg
from motcua.kernel.web.access import signed_in
from motcua.payments import actions, queries
from motcua.payments.permissions import (
    can_collect,
    can_confirm,
    readable_units,
    require_collect,
)
from motcua.payments.types import Method


@require_safe
@signed_in
def page(request: ActorRequest) -> HttpResponse:
    """Requests of one's units: under way, or all that ended."""
    units = readable_units(request.actor)
    if not units:
        raise NotAllowed(msg("Bạn không xem được sổ thu của đơn vị nào."))
    ended = request.GET.get("muc", "") == "xong"
    listed = queries.refunds(units, under_way=not ended, before=number_of(request.GET.get("sau", "")))
    place = "muc=xong&" if ended else ""
    context = {
        "page": listed,
        "ended": ended,
        "counts": [] if ended else queries.counts_waiting(units),
        "tabs": [
            {"label": _("Đang xử lý"), "url": reverse("cashier:refunds"), "active": not ended},
            {"label": _("Đã xong"), "url": "?muc=xong", "active": ended},
        ],
        "next_url": f"?{place}sau={listed.after}" if listed.after else "",
    }
    return render(request, "counter/cashier/refunds.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def ask(request: ActorRequest, reference: str) -> HttpResponse:
    """Ask that money of a bill be given back."""
    bill = queries.bill_view(request.actor, reference)
    require_collect(request.actor, bill.unit_id)
    left = actions.refundable(queries.bill_by_reference(bill.reference))
    form = RefundForm(request.POST if request.method == "POST" else None, left=left)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                made = _asked(request, bill.id, form)
            except Refused as refused:
                _blame_amount(form, refused)
                status = refused.status
            else:
                messages.success(request, _("Đã gửi đề nghị hoàn trả; cần người thứ hai xác nhận."))
                return HttpResponseRedirect(reverse("cashier:refund", args=[made]))
        else:
            status = 422
    context = {"bill": bill, "form": form, "left": sum(left.values())}
    return render(request, "counter/cashier/refund_ask.html", context, status=status)


def _asked(request: ActorRequest, bill_id: int, form: RefundForm) -> int:
    amounts = form.amounts()
    advance = amounts.pop("advance", 0)
    refund = actions.ask_refund(
        actor=request.actor,
        bill_id=bill_id,
        method=form.cleaned_data["method"],
        parts=amounts,
        advance=advance,
        reason=form.cleaned_data["reason"],
        to_account=form.cleaned_data["to_account"],
        now=clock.now(),
    )
    return int(refund.pk)


def _blame_amount(form: RefundForm, refused: Refused) -> None:
    """`amount` of the act is one of several fields here: the first that was filled in, else the first."""
    if refused.field == "amount" and form.kinds:
        typed = [kind for kind, amount in form.amounts().items() if amount]
        form.add_error((typed or form.kinds)[0], refused.message.render())
    else:
        blame(form, refused)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def one(request: ActorRequest, refund_id: int) -> HttpResponse:
    """One request: confirm, refuse, pay out."""
    refund = queries.refund(request.actor, refund_id)
    cash = refund.method == Method.CASH
    reason, payout = ReasonForm(), PayOutForm(cash=cash)
    if request.method != "POST":
        return _show(request, refund, reason, payout)
    do, now = request.POST.get("do", ""), clock.now()
    form: ReasonForm | PayOutForm = (
        ReasonForm(request.POST) if do == "refuse" else PayOutForm(request.POST, cash=cash or do != "pay")
    )
    if not form.is_valid():
        return _show_wrong(request, refund, form, 422)
    try:
        said = _decide(request, refund_id, do, form.cleaned_data, now)
    except NotFound:
        raise
    except Refused as refused:
        blame(form, refused)
        return _show_wrong(request, refund, form, refused.status)
    messages.success(request, said)
    return HttpResponseRedirect(reverse("cashier:refund", args=[refund_id]))


def _decide(request: ActorRequest, refund_id: int, do: str, typed: dict[str, Any], now: datetime) -> str:
    actor = request.actor
    if do == "confirm":
        actions.confirm_refund(actor=actor, refund_id=refund_id, now=now)
        return _("Đã xác nhận. Thu ngân chi trả được rồi.")
    if do == "refuse":
        actions.refuse_refund(actor=actor, refund_id=refund_id, reason=typed["reason"], now=now)
        return _("Đã từ chối đề nghị hoàn trả.")
    actions.pay_out_refund(actor=actor, refund_id=refund_id, reference=typed["reference"], now=now)
    return _("Đã chi trả và ghi sổ. In phiếu để người nhận ký.")


def _show_wrong(
    request: ActorRequest, refund: Any, form: ReasonForm | PayOutForm, status: int
) -> HttpResponse:
    if isinstance(form, ReasonForm):
        return _show(request, refund, form, PayOutForm(cash=refund.method == Method.CASH), status=status)
    return _show(request, refund, ReasonForm(), form, status=status)


def _show(
    request: ActorRequest, refund: Any, reason: ReasonForm, payout: PayOutForm, *, status: int = 200
) -> HttpResponse:
    own = request.actor.user_id is not None and request.actor.user_id == refund.asked_by_id
    asked = refund.decided_at is None
    confirms = can_confirm(request.actor, refund.unit_id)
    confirmed = not asked and not refund.refused_reason and refund.paid_out_at is None
    context = {
        "refund": refund,
        "may_confirm": asked and confirms and not own,
        "own": asked and confirms and own,
        "may_pay_out": confirmed and can_collect(request.actor, refund.unit_id),
        "confirmed": confirmed,
        "asked": asked,
        "reason_form": reason,
        "payout_form": payout,
        "form": reason if reason.is_bound else payout,
    }
    return render(request, "counter/cashier/refund.html", context, status=status)


@require_safe
@signed_in
def slip(request: ActorRequest, refund_id: int) -> HttpResponse:
    """The slip of a refund that was paid out."""
    refund = queries.refund(request.actor, refund_id)
    if refund.letter is None:
        raise NotFound(msg("Đề nghị này chưa chi trả nên chưa có phiếu."))
    return inline_pdf(documents.render_letter(refund.letter))

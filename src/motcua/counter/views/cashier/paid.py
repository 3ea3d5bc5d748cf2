"""After a payment: the change, the receipt, the next person; and taking a payment back on its day."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from motcua.counter.forms_cashier import ReasonForm
from motcua.counter.views.cashier.heads import back_to, blame, page_keys
from motcua.documents import queries as documents
from motcua.kernel import clock
from motcua.kernel.errors import Refused
from motcua.kernel.http import ActorRequest
from motcua.kernel.web.access import signed_in
from motcua.payments import actions, queries
from motcua.payments.permissions import can_collect, require_collect
from motcua.payments.rules.cash import in_notes


@require_safe
@cache_control(private=True, no_store=True)
@signed_in
def page(request: ActorRequest, payment_id: int) -> HttpResponse:
    """What was taken, large what goes back, and its receipts to print."""
    return _show(request, payment_id, ReasonForm())


@require_POST
@signed_in
def reverse_payment(request: ActorRequest, payment_id: int) -> HttpResponse:
    """Take back what was booked by mistake today."""
    bill, _payment = queries.payment_view(request.actor, payment_id)
    require_collect(request.actor, bill.unit_id)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _show(request, payment_id, form, status=422)
    try:
        actions.reverse_payment(
            actor=request.actor, payment_id=payment_id, reason=form.cleaned_data["reason"], now=clock.now()
        )
    except Refused as refused:
        blame(form, refused)
        return _show(request, payment_id, form, status=refused.status)
    messages.success(request, _("Đã hủy lần thu; biên lai của lần đó đã xóa bỏ. Trả lại tiền cho người nộp."))
    return HttpResponseRedirect(reverse("cashier:bill", args=[bill.reference]))


def _show(request: ActorRequest, payment_id: int, form: ReasonForm, *, status: int = 200) -> HttpResponse:
    bill, payment = queries.payment_view(request.actor, payment_id)
    word, back_url = back_to(request)
    today = clock.today(clock.now())
    collects = can_collect(request.actor, bill.unit_id)
    both = _both_address(bill.subject) if payment.receipts else ""
    context = {
        "bill": bill,
        "payment": payment,
        "change": payment.change,
        "notes": in_notes(payment.change),
        "print_now": _receipt_address(payment) or both,
        "print_url": both or _receipt_address(payment),
        "receipts": [receipt for receipt in payment.receipts if receipt.counts],
        "repeated": "lai" in request.GET,
        "opened": _day(request.GET.get("mo", "")),
        "back_word": word,
        "back_url": back_url,
        "collects": collects,
        "may_reverse": collects and not payment.reversed and payment.day == today,
        "form": form,
        "page_keys": page_keys(),
    }
    return render(request, "counter/cashier/paid.html", context, status=status)


def _receipt_address(payment: queries.PaymentView) -> str:
    """Where the one receipt of a payment is printed; several are printed with the slip."""
    counted = [receipt for receipt in payment.receipts if receipt.counts]
    if len(counted) != 1:
        return ""
    try:
        return reverse("payments:receipt_pdf", args=[counted[0].id])
    except NoReverseMatch:
        return ""


def _both_address(subject: str) -> str:
    """Where the dossier's slip is printed with its receipts; empty for a bill that is no dossier's."""
    slips = [
        letter
        for letter in documents.letters_of(subject)
        if letter.kind.startswith("reception_slip") and letter.cancelled_at is None
    ]
    return reverse("counter:slip_with_receipts", args=[subject, slips[-1].pk]) if slips else ""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None

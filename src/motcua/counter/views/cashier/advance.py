"""What was paid too much elsewhere pays this bill."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from motcua.counter.reading import number_of
from motcua.kernel import clock
from motcua.kernel.errors import Refused
from motcua.kernel.http import ActorRequest
from motcua.kernel.web.access import signed_in
from motcua.payments import actions, queries
from motcua.payments.permissions import require_collect


@require_POST
@signed_in
def use(request: ActorRequest, reference: str) -> HttpResponse:
    """As much as the page offered; pressed twice it happens once."""
    bill = queries.bill_view(request.actor, reference)
    require_collect(request.actor, bill.unit_id)
    chosen = next(
        (one for one in queries.advances_for(bill) if one.reference == request.POST.get("from", "")), None
    )
    amount = number_of(request.POST.get("amount", "")) or 0
    if chosen is None:
        messages.error(request, _("Khoản kia không còn tiền nộp thừa để dùng."))
        return HttpResponseRedirect(reverse("cashier:bill", args=[bill.reference]))
    try:
        done = actions.allocate_advance(
            actor=request.actor,
            from_bill_id=chosen.bill_id,
            bill_id=bill.id,
            amount=amount,
            key=f"advance:{chosen.bill_id}:{bill.id}:{len(bill.payments)}",
            now=clock.now(),
        )
    except Refused as refused:
        messages.error(request, refused.message.render())
        return HttpResponseRedirect(reverse("cashier:bill", args=[bill.reference]))
    return HttpResponseRedirect(reverse("cashier:paid", args=[done.payment.pk]))

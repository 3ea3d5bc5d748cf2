"""A payment online: what was said about it, asking again, settling a doubt, the platform's own paper."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.kernel import clock
from motcua.kernel.errors import NotAllowed, NotFound, Refused
from motcua.kernel.http import ActorRequest
from motcua.kernel.messages import msg
from motcua.kernel.web.access import signed_in
from motcua.payments import actions, queries
from motcua.payments.forms import ResolveForm


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def transaction(request: ActorRequest, transaction_id: int) -> HttpResponse:
    """`/thu-phi/giao-dich/<id>/`: the attempt and its messages; a leader says how much really came."""
    page = queries.transaction_page(actor=request.actor, transaction_id=transaction_id)
    if request.method == "POST" and not page.can_resolve:
        raise NotAllowed(msg("Chỉ lãnh đạo ghi được kết quả đối chiếu, khi giao dịch chưa rõ kết quả."))
    form = ResolveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.resolve_online(
                actor=request.actor, transaction_id=transaction_id, now=clock.now(), **form.cleaned_data
            )
        except (NotAllowed, NotFound):
            raise
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message.render())
        else:
            messages.success(request, _("Đã ghi kết quả đối chiếu."))
            return redirect("payments:transaction", transaction_id)
    context = {
        "page": page,
        "attempt": page.attempt,
        "form": form,
        "facts": _facts(page),
        "crumbs": [
            {"label": _("Đơn vị thu"), "url": reverse("payments:collectors")},
            {"label": page.unit.name, "url": reverse("payments:collector", args=[page.unit.code])},
            {"label": _("Giao dịch trực tuyến"), "url": ""},
        ],
    }
    return render(request, "payments/transaction.html", context, status=422 if form.is_bound else 200)


@require_POST
@signed_in
def ask_again(request: ActorRequest, transaction_id: int) -> HttpResponse:
    """Ask the platform at once."""
    state = actions.ask_now(actor=request.actor, transaction_id=transaction_id, now=clock.now())
    messages.info(request, _("Nền tảng thanh toán: %(state)s.") % {"state": state.label})
    return redirect("payments:transaction", transaction_id)


@require_safe
@signed_in
def platform_paper(request: ActorRequest, transaction_id: int) -> HttpResponse:
    """The platform's own PDF about a paid attempt."""
    content = actions.platform_bill(actor=request.actor, transaction_id=transaction_id, now=clock.now())
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="giao-dich-{transaction_id}.pdf"'
    return response


def _facts(page: queries.TransactionPage) -> list[dict[str, str]]:
    attempt = page.attempt
    return [
        {"label": _("Hồ sơ"), "value": attempt.bill.subject, "url": f"/tim/?q={attempt.bill.subject}"},
        {"label": _("Người nộp"), "value": attempt.bill.payer_name},
        {"label": _("Mã khoản nộp"), "value": attempt.bill.reference},
        {"label": _("Mã tham chiếu"), "value": attempt.reference},
        {"label": _("Số giao dịch của nền tảng"), "value": attempt.platform_number or _("chưa có")},
        {"label": _("Số lần hỏi lại"), "value": str(attempt.asked)},
    ]


urls_online = [
    path("thu-phi/giao-dich/<int:transaction_id>/", transaction, name="transaction"),
    path("thu-phi/giao-dich/<int:transaction_id>/hoi-lai/", ask_again, name="ask_again"),
    path("thu-phi/giao-dich/<int:transaction_id>/chung-tu/", platform_paper, name="platform_paper"),
]

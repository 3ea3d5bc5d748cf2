"""The stand-in's page inside a demo installation: choose what the platform does, and see what we answered."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from motcua.kernel import clock
from motcua.payments import actions, queries
from motcua.payments.adapters.lines import demo_simulator
from motcua.payments.platform_settings import IN_PROCESS
from motcua.payments.simulator.core import Behaviour

CHOICES = {
    Behaviour.GOOD: gettext_lazy("Trả tiền thành công"),
    Behaviour.FAILS: gettext_lazy("Ngân hàng từ chối"),
    Behaviour.SILENT: gettext_lazy("Trả tiền, nền tảng không báo lại"),
    Behaviour.UNKNOWN: gettext_lazy("Ngân hàng chưa rõ kết quả"),
    Behaviour.REPEATS: gettext_lazy("Báo thành công ba lần"),
    Behaviour.CONTRADICTS: gettext_lazy("Báo lần hai với số tiền khác"),
    Behaviour.OTHER_AMOUNT: gettext_lazy("Báo thành công với số tiền khác"),
    Behaviour.FAILS_THEN_PAYS: gettext_lazy("Báo thất bại rồi báo thành công"),
    Behaviour.FORGES: gettext_lazy("Chữ ký giả"),
}


@require_http_methods(["GET", "HEAD", "POST"])
def pay(request: HttpRequest, reference: str) -> HttpResponse:
    """`/gia-lap-thanh-toan/<reference>/`: only where the demo pays at the stand-in."""
    if not settings.DEMO or settings.PLATFORM_URL != IN_PROCESS:
        raise Http404
    simulator = demo_simulator()
    order = simulator.order(reference)
    if order is None:
        raise Http404
    answers: list[dict[str, Any]] = []
    if request.method == "POST":
        now = clock.now()
        how = next((each for each in CHOICES if each.value == request.POST.get("how")), Behaviour.GOOD)
        answers = [
            actions.confirm_online(message=message, now=now).message
            for message in simulator.pay(reference, now, behaviour=how)
        ]
        order = simulator.order(reference) or order
    done = {"1": _("đã trả tiền"), "3": _("ngân hàng chưa rõ kết quả"), "4": _("không thành công")}
    context = {
        "order": order,
        "choices": [(how.value, words) for how, words in CHOICES.items()],
        "answers": answers,
        "state": done.get(order.state, ""),
        "back_url": queries.way_back(request.GET.get("ve", "")),
    }
    return render(request, "payments/simulator.html", context)


urls_simulator = [path("gia-lap-thanh-toan/<str:reference>/", pay, name="simulator")]

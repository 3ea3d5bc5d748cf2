"""The day's lists at the counter."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from motcua.counter import queries_today
from motcua.counter.queries_today import DayTab
from motcua.counter.views.seat import Seat, seated
from motcua.kernel import clock
from motcua.kernel.http import ActorRequest


@require_safe
@seated
def page(request: ActorRequest, *, seat: Seat) -> HttpResponse:
    """One list with the figures of the day above it."""
    now = clock.now()
    wanted = request.GET.get("muc", "")
    tab = DayTab(wanted) if wanted in set(DayTab) else DayTab.RECEIVED
    counts = queries_today.day_counts(request.actor, seat.unit, now)
    listed = queries_today.day_page(
        request.actor, seat.unit, tab, now=now, cursor=request.GET.get("sau", "")[:200]
    )
    tabs = [
        {
            "label": label,
            "url": f"?{urlencode({'muc': kind})}",
            "active": kind is tab,
            "count": counts.of(kind),
        }
        for kind, label in _labels().items()
    ]
    next_url = f"?{urlencode({'muc': tab, 'sau': listed.next_cursor})}" if listed.next_cursor else ""
    context = {
        "seat": seat,
        "now": now,
        "tab": tab,
        "tabs": tabs,
        "counts": counts,
        "page": listed,
        "next_url": next_url,
        "first_url": f"?{urlencode({'muc': tab})}" if request.GET.get("sau") else "",
        "actions": [
            {
                "label": _("Tiếp nhận"),
                "url": reverse("counter:reception"),
                "kind": "primary",
                "icon": "file-plus",
                "key": "F2",
            }
        ],
    }
    return render(request, "counter/today.html", context)


def _labels() -> dict[DayTab, str]:
    return {
        DayTab.RECEIVED: _("Nhận hôm nay"),
        DayTab.RETURN: _("Chờ trả kết quả"),
        DayTab.SUPPLEMENT: _("Chờ bổ sung"),
        DayTab.HANDED_OVER: _("Đã trả hôm nay"),
    }

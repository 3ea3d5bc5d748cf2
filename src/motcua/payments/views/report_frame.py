"""What every report shows around its figures."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from motcua.kernel import clock
from motcua.kernel.http import ActorRequest
from motcua.payments.views.report_asked import Asked

PAGES = (
    ("report", gettext_noop("Tổng hợp thu")),
    ("report_payments", gettext_noop("Khoản thu")),
    ("report_receipts", gettext_noop("Biên lai")),
    ("report_unpaid", gettext_noop("Chưa nộp")),
    ("report_refunds", gettext_noop("Hoàn trả")),
    ("report_treasury", gettext_noop("Nộp Kho bạc")),
)


def framed(request: ActorRequest, asked: Asked, name: str, *, here: str = "") -> dict[str, Any]:
    """The tabs with `name` chosen, where the filters lead (`here`, else the same page), the file."""
    query = request.GET.copy()
    query["xuat"] = "xlsx"
    return {
        "asked": asked,
        "tabs": [{"label": _(label), "url": asked.url(to), "active": to == name} for to, label in PAGES],
        "here": reverse(f"payments:{here or name}"),
        "export_url": f"?{query.urlencode()}",
        "printed_at": clock.local(clock.now()),
        "theo": request.GET.get("theo", ""),
    }

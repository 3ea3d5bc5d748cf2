"""Many collecting units from a spreadsheet: the template, what a file would do, and doing it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from motcua.documents.rules.tables import LIMITS
from motcua.kernel import clock
from motcua.kernel.errors import NotAllowed, Refused
from motcua.kernel.http import ActorRequest
from motcua.kernel.messages import msg
from motcua.kernel.web.access import signed_in
from motcua.kernel.web.held_files import hold, sent_file
from motcua.payments import actions, queries
from motcua.payments.adapters.collectors_template import collectors_template
from motcua.payments.errors import BadCollectors

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 300
HELD = 900 * 1024
"""Characters of a file that the page carries along from the preview to the press that takes it in."""

STATES = {
    "new": (gettext_lazy("Khai báo mới"), "progress", "circle-plus"),
    "changed": (gettext_lazy("Sửa"), "progress", "edit"),
    "same": (gettext_lazy("Không đổi"), "done", "circle-check"),
}
ACCOUNTS = {
    "new": (gettext_lazy("Thêm tài khoản"), "progress", "circle-plus"),
    "registered": (gettext_lazy("Ghi ngày đăng ký"), "progress", "edit"),
    "same": (gettext_lazy("Đã có"), "done", "circle-check"),
}
FIELDS = {
    "name": gettext_lazy("tên trên biên lai"),
    "tax_code": gettext_lazy("mã số thuế"),
    "address": gettext_lazy("địa chỉ"),
    "takes_card": gettext_lazy("máy thẻ"),
    "platform_partner": gettext_lazy("mã đối tác"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def upload(request: ActorRequest) -> HttpResponse:
    """`/thu-phi/don-vi-thu/nap/`: the file is only shown first; a second press takes it in, all or nothing."""
    queries.require_collectors_of_all(request.actor)
    context: dict[str, Any] = {
        "crumbs": [
            {"label": _("Đơn vị thu"), "url": reverse("payments:collectors")},
            {"label": _("Nạp từ bảng tính")},
        ]
    }
    if request.method != "POST":
        return render(request, "payments/collectors_upload.html", context)
    taking = request.POST.get("do") == "apply"
    try:
        name, data = _sent(request)
        context |= {"name": name, "held": hold(data, most=HELD)}
        report = actions.import_collectors(
            actor=request.actor, data=data, name=name, now=clock.now(), dry_run=not taking
        )
    except NotAllowed:
        raise
    except BadCollectors as refusal:
        context["problems"] = refusal.problems
    except Refused as refusal:
        context["error"] = refusal.message.render()
    else:
        if taking:
            return _taken(request, report)
        return render(request, "payments/collectors_upload.html", {**context, **_shown(report)})
    return render(request, "payments/collectors_upload.html", context, status=422)


@require_safe
@signed_in
def template(request: ActorRequest) -> HttpResponse:
    """The workbook to fill in: what is known stands in it."""
    sheet = queries.collectors_sheet(request.actor)
    names = [bank.short_name for bank in queries.banks().values() if bank.receives]
    found = HttpResponse(collectors_template(sheet.rows, sheet.units, names), content_type=XLSX)
    found["Content-Disposition"] = 'attachment; filename="don-vi-thu.xlsx"'
    return found


def _sent(request: ActorRequest) -> tuple[str, bytes]:
    return sent_file(
        request,
        unnamed="don-vi-thu",
        most=LIMITS.max_bytes,
        too_large=msg("Tệp lớn hơn %(n)s MB. Tách thành nhiều tệp.", n=LIMITS.max_bytes // 1024**2),
        missing=msg("Chọn tệp danh sách đơn vị thu: Excel (.xlsx) hoặc CSV."),
    )


def _taken(request: ActorRequest, report: actions.CollectorsReport) -> HttpResponse:
    accounts = sum(row.account_state in ("new", "registered") for row in report.rows)
    changed = report.new + report.changed
    if not changed and not accounts:
        messages.info(request, _("Mọi dòng của tệp đã đúng với hệ thống; không có gì thay đổi."))
    else:
        messages.success(
            request,
            ngettext("Đã ghi %(n)s đơn vị thu.", "Đã ghi %(n)s đơn vị thu.", changed) % {"n": changed}
            + " "
            + ngettext("Đã ghi %(n)s tài khoản.", "Đã ghi %(n)s tài khoản.", accounts) % {"n": accounts},
        )
    return redirect("payments:collectors")


def _shown(report: actions.CollectorsReport) -> dict[str, Any]:
    order = {"new": 0, "changed": 1, "same": 2}
    rows = sorted(
        report.rows, key=lambda row: (order[row.state], row.account_state in ("", "same"), row.unit)
    )
    banks = queries.banks()
    states = [row.state for row in report.rows]
    accounts = [row.account_state for row in report.rows]
    return {
        "report": report,
        "rows": [
            {
                "row": row,
                "state": STATES[row.state],
                "account_state": ACCOUNTS.get(row.account_state),
                "bank": banks[row.account.bank_bin].short_name if row.account else "",
                "changed": [
                    (FIELDS[name], _plain(before), _plain(after))
                    for name, (before, after) in row.changed.items()
                ]
                if row.state == "changed"
                else [],
            }
            for row in rows[:SHOWN]
        ],
        "left_off": max(0, len(rows) - SHOWN),
        "counts": [
            *({"label": words[0], "value": states.count(key)} for key, words in STATES.items()),
            *(
                {"label": words[0], "value": accounts.count(key)}
                for key, words in ACCOUNTS.items()
                if key != "same"
            ),
        ],
        "nothing": set(states) <= {"same"} and set(accounts) <= {"", "same"},
    }


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return _("có") if value else _("không")
    return str(value) or _("trống")


urls_collectors_upload = [
    path("thu-phi/don-vi-thu/nap/", upload, name="upload_collectors"),
    path("thu-phi/don-vi-thu/mau/", template, name="collectors_template"),
]

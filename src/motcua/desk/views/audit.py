"""The log: who did what, who looked at what."""

from __future__ import annotations

import csv
import io

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from motcua.desk import actions, permissions, queries_log
from motcua.desk.forms import LogForm
from motcua.desk.queries_log import LogRow
from motcua.kernel import clock
from motcua.kernel.http import ActorRequest
from motcua.kernel.text import grouped
from motcua.kernel.web.access import signed_in

BEFORE = "truoc"
# A cell that begins like a formula would be run by a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@require_safe
@signed_in
def audit(request: ActorRequest) -> HttpResponse:
    """`/nhat-ky/`: a page of the log in words; looking at it is recorded too."""
    form = LogForm(request.GET)
    before = request.GET.get(BEFORE, "")
    page = actions.read_log(
        actor=request.actor, filters=form.filters(), before=_number(before), now=clock.now()
    )
    context = {
        "form": form,
        "page": page,
        "is_first": not before,
        "is_narrowed": any(request.GET.get(name) for name in form.fields),
        "verified": queries_log.last_verification(),
        "exported_rows": grouped(queries_log.EXPORTED),
        "sees_jobs": permissions.can_see_jobs(request.actor),
    }
    return render(request, "desk/audit.html", context)


@require_safe
@signed_in
def export(request: ActorRequest) -> HttpResponse:
    """`/nhat-ky/xuat.csv`: the same list to take away, for spreadsheets."""
    now = clock.now()
    rows = actions.export_log(actor=request.actor, filters=LogForm(request.GET).filters(), now=now)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(
        [
            _("Số"),
            _("Lúc"),
            _("Người làm"),
            _("Qua"),
            _("Địa chỉ mạng"),
            _("Mã việc"),
            _("Việc"),
            _("Về"),
            _("Chi tiết"),
        ]
    )
    writer.writerows([_cell(value) for value in _values(row)] for row in rows)
    # The mark at the beginning makes spreadsheets read the letters as UTF-8.
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="nhat-ky-{clock.local(now):%Y%m%d-%H%M}.csv"'
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@signed_in
def verify(request: ActorRequest) -> HttpResponse:
    """`/nhat-ky/kiem-tra/`: have the log proved whole now."""
    actions.verify_log(actor=request.actor, now=clock.now())
    messages.info(request, _("Đã yêu cầu kiểm tra nhật ký. Tải lại trang sau ít phút để xem kết quả."))
    return redirect("desk:audit")


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


def _values(row: LogRow) -> list[str]:
    said = "; ".join(f"{label}: {value}" for label, value in row.details)
    at = clock.local(row.at).isoformat(sep=" ", timespec="seconds")
    about = f"{row.subject_label} {row.subject}".strip()
    return [str(row.id), at, str(row.who), str(row.via), row.ip, row.action, str(row.label), about, said]


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text

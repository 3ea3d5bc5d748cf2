"""Staff lists: the template, a list with its preview, applying it, and accounts that look like one person."""

from __future__ import annotations

import base64
import csv
import io
from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.kernel import clock
from motcua.kernel.errors import NotAllowed, NotFound, Refused
from motcua.kernel.http import ActorRequest
from motcua.kernel.web.access import signed_in
from motcua.organisation import actions, queries
from motcua.organisation.adapters.staff_template import staff_template
from motcua.organisation.errors import BadStaffList
from motcua.organisation.forms import FileForm
from motcua.organisation.types import Role

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@signed_in
@require_http_methods(["GET", "POST"])
def staff_lists(request: ActorRequest) -> HttpResponse:
    """The lists that were loaded, and loading another."""
    rows = queries.imports_of(request.actor)
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            held = actions.load_staff_list(
                actor=request.actor, data=upload.read(), name=upload.name, now=clock.now()
            )
        except BadStaffList as refusal:
            problems = refusal.problems
        except (NotAllowed, NotFound):
            raise
        except Refused as refusal:
            problems = [refusal.message.render()]
        else:
            return redirect("organisation:staff_list", import_id=held)
    wrong = form.is_bound and not form.is_valid()
    context = {
        "rows": rows,
        "form": form,
        "problems": problems,
        "crumbs": crumbs(),
        "can_merge": queries.can_manage_province(request.actor),
    }
    return render(request, "organisation/staff_lists.html", context, status=422 if problems or wrong else 200)


@signed_in
@require_safe
def staff_list(request: ActorRequest, import_id: int) -> HttpResponse:
    """A list as it would be applied now: who is new, moved, closed, unchanged."""
    return _preview(request, import_id)


@signed_in
@never_cache
@require_POST
def apply_staff_list(request: ActorRequest, import_id: int) -> HttpResponse:
    """Apply a list; the one-time passwords are in this answer and nowhere else."""
    try:
        report = actions.apply_staff_list(actor=request.actor, import_id=import_id, now=clock.now())
    except BadStaffList as refusal:
        return _preview(request, import_id, problems=refusal.problems, status=422)
    if not report.accounts:
        messages.success(request, _("Đã áp dụng danh sách."))
        return redirect("organisation:staff_list", import_id=import_id)
    context = {
        "report": report,
        "counts": _counts(report.counts),
        "download": _download(report.accounts),
        "crumbs": crumbs(_("Mật khẩu một lần")),
    }
    return render(request, "organisation/staff_passwords.html", context)


@signed_in
@require_safe
def template(request: ActorRequest) -> HttpResponse:
    """The workbook to fill in, with the codes of the units."""
    queries.require_keep_staff(request.actor)
    found = HttpResponse(staff_template(queries.units_to_staff(request.actor)), content_type=XLSX)
    found["Content-Disposition"] = 'attachment; filename="danh-sach-nhan-su.xlsx"'
    return found


@signed_in
@require_safe
def doubles(request: ActorRequest) -> HttpResponse:
    """Accounts that may be one person, for somebody to decide."""
    page = queries.doubles_page(actor=request.actor)
    context = {
        "page": page,
        "pairs": [
            {"pair": pair, "two": (pair.first, pair.second), "why": [WHY[word] for word in pair.why]}
            for pair in page.pairs
        ],
        "crumbs": crumbs(_("Tài khoản nghi trùng")),
    }
    return render(request, "organisation/doubles.html", context)


WHY = {
    "name": gettext_lazy("cùng tên"),
    "id_number": gettext_lazy("cùng số định danh"),
    "email": gettext_lazy("cùng e-mail"),
    "phone": gettext_lazy("cùng điện thoại"),
    "birth_year": gettext_lazy("cùng năm sinh"),
}


@signed_in
@require_POST
def decide_double(request: ActorRequest) -> HttpResponse:
    """Two people, or one: then the named account is kept and the other closed."""
    first, second = _number(request.POST.get("first")), _number(request.POST.get("second"))
    kept = _number(request.POST.get("kept"))
    now = clock.now()
    try:
        if kept:
            closed = second if kept == first else first
            actions.merge_accounts(actor=request.actor, kept_id=kept, closed_id=closed, now=now)
        else:
            actions.keep_apart(actor=request.actor, first_id=first, second_id=second, now=now)
    except (NotAllowed, NotFound):
        raise
    except Refused as refusal:
        messages.error(request, refusal.message.render())
    else:
        messages.success(
            request, _("Đã gộp hai tài khoản.") if kept else _("Đã ghi nhận là hai người khác nhau.")
        )
    return redirect("organisation:doubles")


def crumbs(last: str = "") -> list[dict[str, str]]:
    """The way from the list of units."""
    found = [{"label": _("Tổ chức"), "url": reverse("organisation:units")}]
    here = {"label": _("Danh sách nhân sự"), "url": reverse("organisation:staff_lists") if last else ""}
    return [*found, here, {"label": last, "url": ""}] if last else [*found, here]


def _preview(
    request: ActorRequest, import_id: int, *, problems: list[str] | None = None, status: int = 200
) -> HttpResponse:
    page = queries.staff_preview(actor=request.actor, import_id=import_id)
    units = {unit.code: unit for unit in queries.present_units()}
    roles = {role.value: str(role.label) for role in Role}
    found = problems or [problem.render() for problem in page.plan.problems]
    context = {
        "page": page,
        "rows": [
            {
                "one": one,
                "unit": units.get(one.row.unit),
                "role": roles.get(one.row.role, one.row.role),
                "closes": [
                    (units[post.unit].full_name, one.last_day) for post in one.closes if post.unit in units
                ],
                "word": CHANGES[one.change.value][0],
                "look": CHANGES[one.change.value][1],
                "icon": CHANGES[one.change.value][2],
            }
            for one in page.shown
        ],
        "left_off": max(0, len(page.plan.changes) - len(page.shown)),
        "counts": _counts(page.counts),
        "problems": found,
        "nothing": page.counts["unchanged"] == len(page.plan.changes),
        "crumbs": crumbs(page.name),
    }
    return render(request, "organisation/staff_list.html", context, status=status)


CHANGES = {
    "new": (gettext_lazy("Mở tài khoản"), "progress", "user-plus"),
    "opened": (gettext_lazy("Thêm vị trí"), "progress", "circle-plus"),
    "moved": (gettext_lazy("Chuyển"), "progress", "arrows-exchange"),
    "closed": (gettext_lazy("Kết thúc"), "stopped", "circle-minus"),
    "locked": (gettext_lazy("Khóa tài khoản"), "stopped", "lock"),
    "unchanged": (gettext_lazy("Không đổi"), "done", "circle-check"),
}


def _counts(counts: dict[str, int]) -> list[dict[str, Any]]:
    return [{"label": CHANGES[name][0], "value": count} for name, count in counts.items()]


def _download(accounts: list[actions.NewAccount]) -> str:
    """The passwords as a table for a spreadsheet, inside the page itself: they pass through no other request."""
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow([_("Tên đăng nhập"), _("Mật khẩu một lần"), _("Họ và tên"), _("Đơn vị")])
    for one in accounts:
        row = asdict(one)
        cells = [row["username"], row["password"], row["full_name"], row["unit"]]
        # A cell that begins as a formula does would be run by the spreadsheet.
        table.writerow([f"'{cell}" if cell[:1] in "=+-@" else cell for cell in cells])
    return base64.b64encode(out.getvalue().encode("utf-8-sig")).decode()


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0

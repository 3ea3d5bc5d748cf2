"""`/thu-phi/bao-cao/`: what was collected, and the lists behind every figure; each as a file of Excel too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from motcua.kernel.http import ActorRequest
from motcua.kernel.web.access import signed_in
from motcua.payments.queries import report_lists as lists
from motcua.payments.queries import reports
from motcua.payments.rules.journal import MONEY
from motcua.payments.types import WAYS, ReceiptState
from motcua.payments.views import report_files as files
from motcua.payments.views.report_asked import Asked, read_asked
from motcua.payments.views.report_frame import framed

GROUP_NAMES = {
    "don-vi": gettext_noop("Đơn vị thu"),
    "thu-tuc": gettext_noop("Thủ tục"),
    "cach-nop": gettext_noop("Cách nộp"),
    "ngan-sach": gettext_noop("Ngân sách hưởng"),
    "ngay": gettext_noop("Ngày"),
    "thang": gettext_noop("Tháng"),
}


@require_safe
@signed_in
def report(request: ActorRequest) -> HttpResponse:
    """Collections by unit, procedure, way to pay, budget, day or month; every row leads to its payments."""
    asked = read_asked(request)
    group = request.GET.get("theo", "")
    group = group if group in reports.GROUPS else "don-vi"
    found = reports.collections(asked.scope, group)
    if asked.as_file:
        return files.collections(asked, found, _(GROUP_NAMES[group]))
    context = {
        **framed(request, asked, "report"),
        "found": found,
        "group": group,
        "group_name": _(GROUP_NAMES[group]),
        "groups": [
            {"label": _(label), "url": asked.url("report", theo=key), "active": key == group}
            for key, label in GROUP_NAMES.items()
        ],
        "methods": [(method.value, method.label) for method in WAYS],
        "rows": [_row(asked, group, row) for row in found.rows],
    }
    return render(request, "payments/reports/collections.html", context)


@require_safe
@signed_in
def report_payments(request: ActorRequest) -> HttpResponse:
    """The payments behind a figure."""
    asked = read_asked(request)
    if asked.as_file:
        return files.payments(asked, lists.every(lists.payments(asked.scope)))
    page = lists.payments_page(asked.scope, asked.place)
    return _listed(request, asked, page, "report_payments", "payments/reports/payments.html")


@require_safe
@signed_in
def report_receipts(request: ActorRequest) -> HttpResponse:
    """Receipts by number, with what became of them."""
    asked = read_asked(request)
    state = request.GET.get("trang-thai", "")
    state = state if state in ReceiptState.values else ""
    if asked.as_file:
        return files.receipts(asked, lists.every(lists.receipts(asked.scope, state)))
    page = lists.receipts_page(asked.scope, asked.place, state)
    more = {"states": [("", _("Mọi tình trạng")), *ReceiptState.choices], "state": state}
    return _listed(request, asked, page, "report_receipts", "payments/reports/receipts.html", more)


@require_safe
@signed_in
def report_unpaid(request: ActorRequest) -> HttpResponse:
    """What is owed and for how long; the period does not matter."""
    asked = read_asked(request)
    age = request.GET.get("tuoi", "")
    if asked.as_file:
        rows = lists.unpaid(asked.scope, asked.today, age).order_by("pk")
        return files.unpaid(asked, rows[: lists.MOST].iterator(chunk_size=2_000))
    page, ages = lists.unpaid_page(asked.scope, asked.today, asked.place, age)
    more = {
        "ages": [
            {"age": one, "url": asked.url("report_unpaid", tuoi=one.key), "active": one.key == age}
            for one in ages
        ],
        "all_url": asked.url("report_unpaid"),
        "age": age,
        "today": asked.today,
        "without_period": True,
    }
    return _listed(request, asked, page, "report_unpaid", "payments/reports/unpaid.html", more)


@require_safe
@signed_in
def report_refunds(request: ActorRequest) -> HttpResponse:
    """What was asked back, by whom confirmed or refused."""
    asked = read_asked(request)
    if asked.as_file:
        return files.refunds(asked, lists.every(lists.refunds(asked.scope)))
    page = lists.refunds_page(asked.scope, asked.place)
    return _listed(request, asked, page, "report_refunds", "payments/reports/refunds.html")


@require_safe
@signed_in
def report_bill(request: ActorRequest, bill_id: int) -> HttpResponse:
    """One bill: its lines, payments, receipts, refunds and entries; on to the dossier."""
    page = lists.bill_page(request.actor, bill_id)
    crumbs = [
        {"url": reverse("payments:report"), "label": _("Báo cáo thu")},
        {"url": reverse("payments:report_payments"), "label": _("Khoản thu")},
        {"label": page.bill.reference},
    ]
    return render(request, "payments/reports/bill.html", {"page": page, "bill": page.bill, "crumbs": crumbs})


def _listed(
    request: ActorRequest,
    asked: Asked,
    page: lists.Listed,
    name: str,
    template: str,
    more: dict[str, Any] | None = None,
) -> HttpResponse:
    context = {**framed(request, asked, name), "page": page, **(more or {})}
    return render(request, template, context)


def _row(asked: Asked, group: str, row: reports.Row) -> dict[str, Any]:
    """A row with the way to its payments."""
    return {"row": row, "label": files.row_label(group, row), "url": _behind(asked, group, row)}


def _behind(asked: Asked, group: str, row: reports.Row) -> str:
    ways: dict[str, Callable[[], dict[str, str]]] = {
        "don-vi": lambda: {"don-vi": files.unit_code(row.key)},
        "thu-tuc": lambda: {"thu-tuc": row.key or "-"},
        "cach-nop": lambda: {"cach": next(name for name, account in MONEY.items() if account == row.key)},
        "ngan-sach": lambda: {"ngan-sach": files.unit_code(row.key)},
        "ngay": lambda: {"tu": f"{row.key}", "den": f"{row.key}"},
        "thang": lambda: asked.month_within(row.key),
    }
    return f"{reverse('payments:report_payments')}?{urlencode({**asked.query, **ways[group]()})}"


urls_reports = [
    path("thu-phi/bao-cao/", report, name="report"),
    path("thu-phi/bao-cao/khoan-thu/", report_payments, name="report_payments"),
    path("thu-phi/bao-cao/bien-lai/", report_receipts, name="report_receipts"),
    path("thu-phi/bao-cao/chua-nop/", report_unpaid, name="report_unpaid"),
    path("thu-phi/bao-cao/hoan-tra/", report_refunds, name="report_refunds"),
    path("thu-phi/bao-cao/khoan/<int:bill_id>/", report_bill, name="report_bill"),
]

"""`/thu-phi/bao-cao/kho-bac/`: what was paid in at the State Treasury, and what lies with the units still."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from motcua.kernel.http import ActorRequest
from motcua.kernel.web.access import signed_in
from motcua.payments.queries import report_lists as lists
from motcua.payments.queries import treasury
from motcua.payments.views import report_files as files
from motcua.payments.views.report_asked import Asked, read_asked
from motcua.payments.views.report_frame import framed


@require_safe
@signed_in
def report_treasury(request: ActorRequest) -> HttpResponse:
    """Unit by unit: what was there, came, went back, was paid in, and is there now."""
    asked = _asked(request)
    found = treasury.holdings(asked.scope)
    if asked.as_file:
        return files.holdings(asked, found)
    context = {
        **framed(request, asked, "report_treasury"),
        "found": found,
        "rows": [{"row": row, "url": _behind(asked, row)} for row in found.rows],
        "documents_url": asked.url("report_remittances"),
    }
    return render(request, "payments/reports/treasury.html", context)


@require_safe
@signed_in
def report_remittances(request: ActorRequest) -> HttpResponse:
    """The paying-in documents behind the figures."""
    asked = _asked(request)
    if asked.as_file:
        return files.remittances(asked, lists.every(treasury.remittances(asked.scope)))
    page = treasury.remittances_page(asked.scope, asked.place)
    context = {
        **framed(request, asked, "report_treasury", here="report_remittances"),
        "page": page,
        "documents": [{"entry": row, "unit": files.unit_name(row.unit_id)} for row in page.rows],
        "holdings_url": asked.url("report_treasury"),
    }
    return render(request, "payments/reports/remittances.html", context)


def _asked(request: ActorRequest) -> Asked:
    """A paying-in document names neither procedure nor budget: they choose nothing here."""
    asked = read_asked(request)
    query = {name: value for name, value in asked.query.items() if name not in ("thu-tuc", "ngan-sach")}
    return replace(asked, scope=replace(asked.scope, procedure=None, budget_unit_id=None), query=query)


def _behind(asked: Asked, row: treasury.Held) -> str:
    return asked.url("report_remittances", **{"don-vi": files.unit_code(row.unit_id or 0)})


urls_treasury = [
    path("thu-phi/bao-cao/kho-bac/", report_treasury, name="report_treasury"),
    path("thu-phi/bao-cao/kho-bac/giay-nop-tien/", report_remittances, name="report_remittances"),
]

"""The usage report of receipts: screen, workbook, PDF."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from motcua.kernel import clock
from motcua.kernel.errors import NotFound
from motcua.kernel.http import ActorRequest
from motcua.kernel.messages import msg
from motcua.kernel.web.access import signed_in
from motcua.payments import queries
from motcua.payments.adapters import receipt_papers
from motcua.payments.rules.receipt_symbols import number_text
from motcua.payments.rules.receipt_usage import Quarter, Span, UsageRow, quarter_of, read_quarter

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@signed_in
def usage_report(request: ActorRequest) -> HttpResponse:
    """`/bien-lai/bao-cao/`: a unit's quarter, a line a book."""
    units = queries.units_with_books(request.actor)
    unit = next(
        (one for one in units if one.code == request.GET.get("don-vi", "")), units[0] if units else None
    )
    today = clock.today(clock.now())
    quarter = read_quarter(request.GET.get("quy", "")) or quarter_of(today)
    report = queries.usage_report(request.actor, unit.id, quarter) if unit else None
    query = urlencode({"don-vi": unit.code if unit else "", "quy": str(quarter)})
    context = {
        "units": units,
        "unit": unit,
        "quarter": quarter,
        "quarters": _choices(quarter_of(today)),
        "report": report,
        "rows": [_row(row) for row in report.rows] if report else [],
        "running": quarter.last >= today,
        "crumbs": [
            {"label": _("Biên lai"), "url": reverse("payments:receipts")},
            {"label": _("Báo cáo sử dụng")},
        ],
        "page_actions": [
            {"label": _("Tải Excel"), "url": f"{reverse('payments:usage_xlsx')}?{query}", "icon": "download"},
            {"label": _("Bản in PDF"), "url": f"{reverse('payments:usage_pdf')}?{query}", "icon": "printer"},
        ]
        if report
        else [],
    }
    return render(request, "payments/receipt_usage.html", context)


@require_safe
@signed_in
def usage_xlsx(request: ActorRequest) -> HttpResponse:
    """The same as a workbook."""
    report = queries.usage_report(request.actor, *_asked(request))
    return _file(receipt_papers.usage_xlsx(report), XLSX, f"attachment; filename={_name(report)}.xlsx")


@require_safe
@signed_in
def usage_pdf(request: ActorRequest) -> HttpResponse:
    """The same as a PDF to sign."""
    report = queries.usage_report(request.actor, *_asked(request))
    content = receipt_papers.usage_pdf(report, now=clock.now())
    return _file(content, "application/pdf", f"inline; filename={_name(report)}.pdf")


def _asked(request: ActorRequest) -> tuple[int, Quarter]:
    units = queries.units_with_books(request.actor)
    code = request.GET.get("don-vi", "")
    unit = next((one for one in units if one.code == code or not code), None)
    if unit is None:
        raise NotFound(msg("Không có đơn vị thu này."))
    return unit.id, read_quarter(request.GET.get("quy", "")) or quarter_of(clock.today(clock.now()))


def _name(report: queries.UsageReport) -> str:
    return f"su-dung-bien-lai-{report.unit.code}-{report.quarter}"


def _file(content: bytes, kind: str, disposition: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = disposition
    response["Cache-Control"] = "private, no-store"
    return response


def _choices(present: Quarter) -> list[dict[str, str]]:
    found, quarter = [], present
    for _n in range(8):
        found.append({"value": str(quarter), "label": f"{_('Quý')} {quarter.number}/{quarter.year}"})
        year, number = (quarter.year, quarter.number - 1) if quarter.number > 1 else (quarter.year - 1, 4)
        quarter = Quarter(year, number)
    return found


def _row(row: UsageRow) -> dict[str, Any]:
    book = row.book
    return {
        "row": row,
        "book": book,
        "opening": _span(row.opening),
        "received": _span(row.received),
        "used": _span(row.used),
        "destroyed": _span(row.destroyed),
        "handed_over": _span(row.handed_over),
        "closing": _span(row.closing),
        "voided": receipt_papers.numbers_text(book.voided),
        "lost": receipt_papers.numbers_text(book.lost),
        "late": receipt_papers.numbers_text((*book.voided_late, *book.lost_late)),
    }


def _span(span: Span) -> str:
    return f"{number_text(span.first)} – {number_text(span.last)}" if span.count else ""


urls_usage = [
    path("bien-lai/bao-cao/", usage_report, name="usage_report"),
    path("bien-lai/bao-cao/xuat.xlsx", usage_xlsx, name="usage_xlsx"),
    path("bien-lai/bao-cao/in.pdf", usage_pdf, name="usage_pdf"),
]

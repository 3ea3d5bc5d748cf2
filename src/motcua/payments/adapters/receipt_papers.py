"""The usage report and the notice of issue, as a workbook and as forms to sign."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from motcua.documents import queries as documents
from motcua.kernel import clock
from motcua.payments.rules.receipt_symbols import number_text
from motcua.payments.rules.receipt_usage import Span, UsageRow, spans

if TYPE_CHECKING:
    from motcua.payments.models import Collector, ReceiptBook
    from motcua.payments.queries.usage import UsageReport


def usage_pdf(report: UsageReport, *, now: datetime) -> bytes:
    """The report on A4 across, for the signature of the head of the unit."""
    return documents.render_form(
        "receipt_usage",
        {
            "collector": {
                "name": report.collector_name,
                "tax_code": report.tax_code,
                "address": report.address,
            },
            "quarter": report.quarter.number,
            "year": report.quarter.year,
            "first": report.quarter.first.isoformat(),
            "last": report.quarter.last.isoformat(),
            "made_on": clock.today(now).isoformat(),
            "unfinished": clock.today(now) <= report.quarter.last,
            "place": report.unit.place_name,
            "rows": [_pdf_row(row) for row in report.rows],
            "sums": asdict(report.sums),
        },
    )


def notice_pdf(book: ReceiptBook, collector: Collector | None, *, place: str, now: datetime) -> bytes:
    """The notice of issue of a book (02/PH-BLG as far as our sources tell its content)."""
    return documents.render_form(
        "receipt_notice",
        {
            "collector": {
                "name": collector.name if collector else "",
                "tax_code": collector.tax_code if collector else "",
                "address": collector.address if collector else "",
            },
            "form_symbol": book.form_symbol,
            "series": book.series,
            "way": {"T": "Tự in", "P": "Đặt in", "E": "Điện tử"}[book.series[-1]],
            "copies": book.copies,
            "first": number_text(book.first_number),
            "last": number_text(book.last_number),
            "count": book.last_number - book.first_number + 1,
            "starts_on": book.starts_on.isoformat(),
            "notice_number": book.notice_number,
            "made_on": (book.notice_on or clock.today(now)).isoformat(),
            "carried_from": book.carried_from,
            "place": place,
        },
    )


def usage_xlsx(report: UsageReport) -> bytes:
    """The report as a sheet: a line a book, sums as formulas so that they stay right when somebody edits."""
    target = BytesIO()
    book = Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": _("Báo cáo tình hình sử dụng biên lai")})
    strong = book.add_format({"bold": True})
    head = book.add_format(
        {
            "bold": True,
            "text_wrap": True,
            "valign": "vcenter",
            "align": "center",
            "bg_color": "#E2EFEF",
            "border": 1,
        }
    )
    cell = book.add_format({"border": 1, "valign": "top", "text_wrap": True})
    figure = book.add_format({"border": 1, "valign": "top", "num_format": "#,##0"})
    total = book.add_format({"border": 1, "bold": True, "num_format": "#,##0"})
    sheet = book.add_worksheet(f"{report.quarter}")
    sheet.write(0, 0, _("BÁO CÁO TÌNH HÌNH SỬ DỤNG BIÊN LAI PHÍ, LỆ PHÍ"), strong)
    sheet.write(1, 0, f"{_('Quý')} {report.quarter.number}/{report.quarter.year}")
    sheet.write(2, 0, f"{report.collector_name} – {_('Mã số thuế')}: {report.tax_code}")
    columns = _columns()
    for column, (title, width, _value) in enumerate(columns):
        sheet.write(4, column, title, head)
        sheet.set_column(column, column, width)
    for number, row in enumerate(report.rows, 5):
        for column, (_title, _width, value) in enumerate(columns):
            found = value(row)
            sheet.write(number, column, found, figure if isinstance(found, int) else cell)
    end = 5 + len(report.rows)
    sheet.write(end, 0, _("Cộng"), total)
    first = report.rows[0] if report.rows else None
    for column, (_title, _width, value) in enumerate(columns[1:], 1):
        if first is None or not isinstance(value(first), int):
            sheet.write_blank(end, column, None, total)
            continue
        letter = _letter(column)
        result = sum(int(value(row)) for row in report.rows)
        sheet.write_formula(end, column, f"=SUM({letter}6:{letter}{end})", total, result)
    sheet.freeze_panes(5, 3)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    book.close()
    return target.getvalue()


def _columns() -> list[tuple[str, int, Any]]:
    return [
        (_("Ký hiệu mẫu"), 14, lambda row: row.book.form_symbol),
        (_("Ký hiệu biên lai"), 12, lambda row: row.book.series),
        (_("Thông báo phát hành"), 20, lambda row: row.book.notice),
        (_("Tồn đầu kỳ từ – đến"), 20, lambda row: _span(row.opening)),
        (_("Tồn đầu kỳ"), 12, lambda row: row.opening.count),
        (_("Phát hành trong kỳ từ – đến"), 20, lambda row: _span(row.received)),
        (_("Phát hành trong kỳ"), 12, lambda row: row.received.count),
        (_("Dùng trong kỳ từ – đến"), 20, lambda row: _span(row.used)),
        (_("Dùng trong kỳ"), 12, lambda row: row.used.count),
        (_("Trong đó đã sử dụng"), 12, lambda row: row.good),
        (_("Xóa bỏ"), 9, lambda row: len(row.book.voided)),
        (_("Số xóa bỏ"), 18, lambda row: numbers_text(row.book.voided)),
        (_("Mất"), 9, lambda row: len(row.book.lost)),
        (_("Số mất"), 18, lambda row: numbers_text(row.book.lost)),
        (_("Hủy"), 12, lambda row: row.destroyed.count),
        (_("Số hủy"), 20, lambda row: _span(row.destroyed)),
        (_("Bàn giao"), 12, lambda row: row.handed_over.count),
        (_("Tồn cuối kỳ từ – đến"), 20, lambda row: _span(row.closing)),
        (_("Tồn cuối kỳ"), 12, lambda row: row.closing.count),
        (_("Số tiền (đồng)"), 16, lambda row: row.book.amount),
        (
            _("Xóa bỏ, mất của kỳ trước báo trong kỳ này"),
            22,
            lambda row: numbers_text((*row.book.voided_late, *row.book.lost_late)),
        ),
    ]


def _letter(column: int) -> str:
    return chr(ord("A") + column)


def _pdf_row(row: UsageRow) -> dict[str, Any]:
    book = row.book
    return {
        "form_symbol": book.form_symbol,
        "series": book.series,
        "carried_from": book.carried_from,
        "there": row.there,
        "opening": _pair(row.opening),
        "received": _pair(row.received),
        "spent": row.spent,
        "used": _pair(Span(row.used.first, row.used.last + row.destroyed.count)),
        "good": row.good,
        "voided": len(book.voided),
        "voided_numbers": numbers_text(book.voided),
        "lost": len(book.lost),
        "lost_numbers": numbers_text(book.lost),
        "destroyed": row.destroyed.count,
        "destroyed_numbers": _span(row.destroyed),
        "handed_over": row.handed_over.count,
        "closing": _pair(row.closing),
        "left": row.closing.count,
        "late": numbers_text((*book.voided_late, *book.lost_late)),
    }


def _pair(span: Span) -> list[str]:
    return [number_text(span.first), number_text(span.last)] if span.count else ["", ""]


def _span(span: Span) -> str:
    return "–".join(_pair(span)) if span.count else ""


def numbers_text(numbers: tuple[int, ...]) -> str:
    """Numbers as spans in words: 0000003–0000005, 0000009."""
    return ", ".join(number_text(s.first) if s.count == 1 else _span(s) for s in spans(numbers))

"""Reports as files of Excel, with Vietnamese headings, real numbers and days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.http import HttpResponse
from django.utils.translation import gettext as _

from motcua.kernel import clock
from motcua.kernel.text import fold
from motcua.organisation import queries as organisation
from motcua.payments import workbook
from motcua.payments.queries import reports
from motcua.payments.rules.journal import MONEY as MONEY_ACCOUNTS
from motcua.payments.rules.receipt_symbols import number_text
from motcua.payments.types import WAYS, Method
from motcua.payments.views.report_asked import Asked
from motcua.payments.workbook import DAY, MOMENT, MONEY, Column

if TYPE_CHECKING:
    from motcua.payments.models import Bill, Entry, Payment, Receipt, Refund
    from motcua.payments.queries.treasury import Holdings


def unit_code(unit_id: int) -> str:
    return organisation.unit(unit_id).code


def row_label(group: str, row: reports.Row) -> str:
    """What a row of a report is called."""
    if group == "cach-nop":
        return str(next(Method(name).label for name, account in MONEY_ACCOUNTS.items() if account == row.key))
    if group == "ngay":
        return f"{row.key:%d/%m/%Y}"
    if group == "thang":
        return f"{row.key:%m/%Y}"
    return row.label or _("Không ghi thủ tục")


def unit_name(unit_id: int) -> str:
    unit = organisation.unit(unit_id)
    return unit.full_name or unit.name


def collections(asked: Asked, found: reports.Collections, group_name: str) -> HttpResponse:
    """The report as shown, a column a way to pay."""
    columns = [
        Column(group_name, 48),
        Column(_("Mã"), 16),
        Column(_("Số lần thu"), 10, MONEY, summed=True),
        *(Column(str(method.label), 18, MONEY, summed=True) for method in WAYS),
        Column(_("Tổng thu (đồng)"), 18, MONEY, summed=True),
        Column(_("Đã hoàn (đồng)"), 16, MONEY, summed=True),
        Column(_("Thực thu (đồng)"), 18, MONEY, summed=True),
    ]
    rows = (
        [
            row_label(found.group, row),
            row.sub if found.group == "thu-tuc" else "",
            row.count,
            *(row.taken[method.value] for method in WAYS),
            row.total,
            row.returned,
            row.net,
        ]
        for row in found.rows
    )
    return _file(asked, _("Tổng hợp thu"), columns, rows)


def payments(asked: Asked, rows: Iterable[Payment]) -> HttpResponse:
    columns = [
        Column(_("Mã nộp tiền"), 22),
        Column(_("Ngày sổ"), 12, DAY),
        Column(_("Lúc"), 17, MOMENT),
        Column(_("Đơn vị thu"), 34),
        Column(_("Mã hồ sơ"), 24),
        Column(_("Người nộp"), 30),
        Column(_("Thủ tục"), 44),
        Column(_("Cách nộp"), 16),
        Column(_("Số tham chiếu"), 20),
        Column(_("Số tiền (đồng)"), 16, MONEY, summed=True),
        Column(_("Đã hủy (đồng)"), 14, MONEY, summed=True),
        Column(_("Người thu"), 24),
    ]
    cells = (
        [
            row.bill.reference,
            row.entry.day,
            row.at,
            unit_name(row.unit_id),
            row.bill.subject,
            row.bill.payer_name,
            row.bill.procedure_name,
            str(row.get_method_display()),
            row.reference,
            row.amount,
            row.amount if hasattr(row.entry, "reversed_by") else 0,
            row.by_name,
        ]
        for row in rows
    )
    return _file(asked, _("Khoản thu"), columns, cells)


def receipts(asked: Asked, rows: Iterable[Receipt]) -> HttpResponse:
    columns = [
        Column(_("Ký hiệu mẫu"), 14),
        Column(_("Ký hiệu biên lai"), 14),
        Column(_("Số"), 10),
        Column(_("Lập lúc"), 17, MOMENT),
        Column(_("Đơn vị thu"), 34),
        Column(_("Người nộp"), 30),
        Column(_("Mã hồ sơ"), 24),
        Column(_("Số tiền (đồng)"), 16, MONEY, summed=True),
        Column(_("Tình trạng"), 14),
        Column(_("Lý do"), 34),
        Column(_("Người lập"), 24),
    ]
    cells = (
        [
            row.book.form_symbol,
            row.book.series,
            number_text(row.number),
            row.issued_at,
            unit_name(row.unit_id),
            row.payer_name,
            row.bill.subject,
            row.amount,
            str(row.get_state_display()),
            row.reason,
            row.issued_by_name,
        ]
        for row in rows
    )
    return _file(asked, _("Danh sách biên lai"), columns, cells)


def unpaid(asked: Asked, rows: Iterable[Bill]) -> HttpResponse:
    columns = [
        Column(_("Mã nộp tiền"), 22),
        Column(_("Mã hồ sơ"), 24),
        Column(_("Ghi ngày"), 12, DAY),
        Column(_("Số ngày"), 9, MONEY),
        Column(_("Đơn vị thu"), 34),
        Column(_("Người nộp"), 30),
        Column(_("Thủ tục"), 44),
        Column(_("Phải nộp (đồng)"), 16, MONEY, summed=True),
        Column(_("Đã nộp (đồng)"), 16, MONEY, summed=True),
        Column(_("Còn phải nộp (đồng)"), 18, MONEY, summed=True),
    ]
    cells = (
        [
            row.reference,
            row.subject,
            clock.today(row.created_at),
            (asked.today - clock.today(row.created_at)).days,
            unit_name(row.unit_id),
            row.payer_name,
            row.procedure_name,
            row.total,
            row.paid,
            row.total - row.paid,
        ]
        for row in rows
    )
    return _file(asked, _("Chưa nộp"), columns, cells, period=False)


def refunds(asked: Asked, rows: Iterable[Refund]) -> HttpResponse:
    columns = [
        Column(_("Mã nộp tiền"), 22),
        Column(_("Mã hồ sơ"), 24),
        Column(_("Đề nghị lúc"), 17, MOMENT),
        Column(_("Đơn vị thu"), 34),
        Column(_("Người nộp"), 30),
        Column(_("Cách hoàn"), 16),
        Column(_("Đề nghị (đồng)"), 16, MONEY, summed=True),
        Column(_("Đã hoàn (đồng)"), 16, MONEY, summed=True),
        Column(_("Lý do"), 34),
        Column(_("Người đề nghị"), 24),
        Column(_("Người quyết định"), 24),
        Column(_("Lý do từ chối"), 30),
    ]
    cells = (
        [
            row.bill.reference,
            row.bill.subject,
            row.asked_at,
            unit_name(row.unit_id),
            row.bill.payer_name,
            str(row.get_method_display()),
            row.amount,
            row.amount if row.entry_id else 0,
            row.reason,
            row.asked_by_name,
            row.decided_by_name,
            row.refused_reason,
        ]
        for row in rows
    )
    return _file(asked, _("Hoàn trả"), columns, cells)


def holdings(asked: Asked, found: Holdings) -> HttpResponse:
    columns = [
        Column(_("Đơn vị thu"), 48),
        Column(_("Mã"), 16),
        Column(_("Tồn đầu kỳ (đồng)"), 18, MONEY, summed=True),
        Column(_("Thu trong kỳ (đồng)"), 18, MONEY, summed=True),
        Column(_("Đã hoàn (đồng)"), 16, MONEY, summed=True),
        Column(_("Chênh lệch kiểm đếm (đồng)"), 16, MONEY, summed=True),
        Column(_("Đã nộp Kho bạc (đồng)"), 18, MONEY, summed=True),
        Column(_("Còn giữ cuối kỳ (đồng)"), 18, MONEY, summed=True),
    ]
    cells = (
        [
            row.label,
            unit_code(row.unit_id or 0),
            row.opening,
            row.collected,
            row.returned,
            row.corrected,
            row.remitted,
            row.closing,
        ]
        for row in found.rows
    )
    return _file(asked, _("Nộp Kho bạc"), columns, cells)


def remittances(asked: Asked, rows: Iterable[Entry]) -> HttpResponse:
    columns = [
        Column(_("Số giấy nộp tiền"), 28),
        Column(_("Ngày sổ"), 12, DAY),
        Column(_("Lúc"), 17, MOMENT),
        Column(_("Đơn vị thu"), 48),
        Column(_("Nguồn tiền"), 18),
        Column(_("Số tiền (đồng)"), 18, MONEY, summed=True),
        Column(_("Người ghi"), 28),
    ]
    cells = (
        [
            row.note,
            row.day,
            row.at,
            unit_name(row.unit_id),
            str(row.get_method_display()),
            getattr(row, "amount", 0),
            row.actor_name,
        ]
        for row in rows
    )
    return _file(asked, _("Giấy nộp tiền vào Kho bạc"), columns, cells)


def _file(
    asked: Asked,
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Any]],
    *,
    period: bool = True,
) -> HttpResponse:
    about = [
        asked.where,
        asked.period.label.render() if period else f"{_('Đến ngày')} {asked.today:%d/%m/%Y}",
    ]
    chosen = [asked.method_label, asked.budget_name, asked.query.get("thu-tuc", "")]
    about += [" · ".join(said for said in chosen if said)] if any(chosen) else []
    content = workbook.write(title=title, about=about, columns=columns, rows=rows, total=_("Cộng"))
    name = f"{fold(title).replace(' ', '-')}-{asked.period.first}-{asked.period.last}.xlsx"
    response = HttpResponse(content, content_type=workbook.CONTENT_TYPE)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response

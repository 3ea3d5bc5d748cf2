"""The workbook in which the province keeps its collecting units: what is known is filled in, the rest is left open."""

from __future__ import annotations

import io
from collections.abc import Sequence

import xlsxwriter

from motcua.payments.rules.collectors import HEADINGS

ROWS = 2000
WIDTHS = (14, 44, 16, 40, 9, 16, 18, 22, 30, 12, 14)
GUIDE = (
    "Mỗi dòng là một đơn vị; cột Mã đơn vị và Tên trên biên lai phải có. "
    "Mã của mọi đơn vị ở trang Danh mục. Đơn vị chưa thu tiền thì không có dòng.",
    "Dòng có sẵn là số liệu hiện nay của đơn vị. Ô để trống ghi là “chưa có”, kể cả khi trước đó đã có.",
    "Mã số thuế gồm 10 chữ số, đơn vị phụ thuộc thêm gạch ngang và 3 chữ số. Máy thẻ ghi “có” hoặc để trống.",
    "Tài khoản: ghi đủ Ngân hàng, Số tài khoản, Chủ tài khoản, Từ ngày; để trống cả bốn ô nếu chưa có. "
    "Đổi tài khoản: ngừng tài khoản cũ trên trang của đơn vị trước.",
    "Ngày đăng ký: ngày đăng ký tài khoản trên Cổng Dịch vụ công quốc gia. Ngày viết 01/7/2025. Không dùng công thức.",
    "Sai một ô thì không ghi gì cả; hệ thống chỉ ra từng ô sai. Nạp lại cùng một tệp không thay đổi gì thêm.",
)


def collectors_template(
    rows: Sequence[Sequence[str]], units: Sequence[Sequence[str]], banks: Sequence[str]
) -> bytes:
    """The template as an .xlsx file: `rows` are cells under `HEADINGS`, `units` codes and names."""
    book = xlsxwriter.Workbook(out := io.BytesIO(), {"in_memory": True, "strings_to_formulas": False})
    head = book.add_format({"bold": True, "bg_color": "#E2EFEF", "bottom": 1, "text_wrap": True})
    text = book.add_format({"num_format": "@"})
    page = book.add_worksheet("Đơn vị thu")
    for place, (name, width) in enumerate(zip(HEADINGS, WIDTHS, strict=True)):
        page.write(0, place, name, head)
        page.set_column(place, place, width, text)
    for number, cells in enumerate(rows, start=1):
        for place, cell in enumerate(cells):
            page.write_string(number, place, cell, text)
    page.freeze_panes(1, 2)
    choices = book.add_worksheet("Danh mục")
    choices.write_row(0, 0, ("Mã đơn vị", "Tên đơn vị", "Ngân hàng"), head)
    choices.set_column(0, 2, 40, text)
    for number, unit in enumerate(units, start=1):
        choices.write_row(number, 0, unit)
    choices.write_column(1, 2, banks)
    page.data_validation(
        1, 6, ROWS, 6, {"validate": "list", "source": f"='Danh mục'!$C$2:$C${len(banks) + 1}"}
    )
    page.data_validation(1, 4, ROWS, 4, {"validate": "list", "source": ["có"], "ignore_blank": True})
    guide = book.add_worksheet("Hướng dẫn")
    guide.set_column(0, 0, 110, book.add_format({"text_wrap": True, "valign": "top"}))
    guide.write_column(0, 0, GUIDE)
    book.close()
    return out.getvalue()

"""The workbook in which an agency keeps its staff list: headings, choices for roles and acts, codes of units."""

from __future__ import annotations

import io
from collections.abc import Sequence

import xlsxwriter

from motcua.organisation.rules.staff_list import HEADINGS
from motcua.organisation.types import Role, UnitInfo

ROWS = 2000
WIDTHS = (26, 22, 28, 16, 10, 14, 34, 30, 26, 30, 12, 12, 12)
ACTS = ("thêm", "chuyển", "kết thúc", "khóa")
GUIDE = (
    "Mỗi dòng là một vị trí của một người; người giữ nhiều vị trí có nhiều dòng.",
    "Tên đăng nhập để trống thì lấy e-mail làm tên đăng nhập. Số định danh, năm sinh, điện thoại không bắt buộc.",
    "Đơn vị, Phòng: tên đầy đủ hoặc mã trong trang Danh mục. Phòng để trống là vị trí của chính cơ quan.",
    "Thao tác: để trống hoặc “thêm” là giữ vị trí; “chuyển” là giữ vị trí này và kết thúc các vị trí khác "
    "vào ngày trước Từ ngày; “kết thúc” là thôi vị trí sau Đến ngày; “khóa” là nghỉ hẳn, khóa tài khoản.",
    "Ngày viết 01/7/2025. Không dùng công thức. Nộp lại cùng một tệp không thay đổi gì thêm.",
)


def staff_template(units: Sequence[UnitInfo]) -> bytes:
    """The template as an .xlsx file; `units` are those whose codes the list may name."""
    book = xlsxwriter.Workbook(out := io.BytesIO(), {"in_memory": True})
    head = book.add_format({"bold": True, "bg_color": "#E2EFEF", "bottom": 1, "text_wrap": True})
    text = book.add_format({"num_format": "@"})
    page = book.add_worksheet("Nhân sự")
    for place, (name, width) in enumerate(zip(HEADINGS, WIDTHS, strict=True)):
        page.write(0, place, name, head)
        page.set_column(place, place, width, text)
    page.freeze_panes(1, 1)
    choices = book.add_worksheet("Danh mục")
    choices.write_row(0, 0, ("Vai trò", "Mã đơn vị", "Tên đơn vị"), head)
    choices.set_column(0, 2, 40)
    roles = [str(role.label) for role in Role]
    choices.write_column(1, 0, roles)
    for number, unit in enumerate(units, start=1):
        choices.write_row(number, 1, (unit.code, unit.full_name))
    page.data_validation(
        1, 9, ROWS, 9, {"validate": "list", "source": f"='Danh mục'!$A$2:$A${len(roles) + 1}"}
    )
    page.data_validation(1, 12, ROWS, 12, {"validate": "list", "source": list(ACTS)})
    guide = book.add_worksheet("Hướng dẫn")
    guide.set_column(0, 0, 110, book.add_format({"text_wrap": True, "valign": "top"}))
    guide.write_column(0, 0, GUIDE)
    book.close()
    return out.getvalue()

"""The workbook in which a decision on units is written down: its head, its lines, the codes of the units."""

from __future__ import annotations

import io
from collections.abc import Sequence

import xlsxwriter

from motcua.organisation.types import UnitInfo

ROWS = 500
FACTS = ("Số quyết định", "Ngày quyết định", "Cơ quan ban hành", "Về việc", "Ngày hiệu lực")
HEADINGS = ("Loại", "Mã đơn vị cũ", "Mã đơn vị kế thừa", "Chức năng", "Lĩnh vực", "Tên mới")
WIDTHS = (18, 18, 20, 18, 34, 40)
KINDS = ("Sáp nhập", "Chia, tách", "Đổi tên", "Giải thể", "Chuyển cấp")
GUIDE = (
    "Trang “Quyết định”: ghi giá trị vào cột B. Ngày viết 01/7/2027.",
    "Trang “Kế thừa”: mỗi đơn vị kết thúc hoặc đổi tên một dòng. Mã đơn vị lấy ở trang “Danh mục”.",
    "Lĩnh vực để trống là mọi lĩnh vực. Chia, tách: mỗi nơi kế thừa một dòng, ghi lĩnh vực nơi đó nhận; nhiều lĩnh vực "
    "cách nhau bằng dấu chấm phẩy.",
    "Đổi tên: mã cũ và mã kế thừa như nhau, ghi “Tên mới”. Giải thể: vẫn ghi đơn vị nhận hồ sơ đang giải quyết.",
    "Đơn vị kế thừa chưa có trong hệ thống thì dùng tệp JSON, tạo được cả đơn vị mới; xem tệp mẫu JSON.",
    "Không dùng công thức. Nạp xong chưa thay đổi gì: chạy thử, rồi đến ngày hệ thống tự thực hiện.",
)


def succession_template(units: Sequence[UnitInfo]) -> bytes:
    """The template as an .xlsx file; `units` are those that stand today."""
    book = xlsxwriter.Workbook(out := io.BytesIO(), {"in_memory": True})
    head = book.add_format({"bold": True, "bg_color": "#E2EFEF", "bottom": 1, "text_wrap": True})
    text = book.add_format({"num_format": "@"})
    facts = book.add_worksheet("Quyết định")
    facts.set_column(0, 0, 24, head)
    facts.set_column(1, 1, 70, text)
    facts.write_column(0, 0, FACTS, head)
    lines = book.add_worksheet("Kế thừa")
    for place, (name, width) in enumerate(zip(HEADINGS, WIDTHS, strict=True)):
        lines.write(0, place, name, head)
        lines.set_column(place, place, width, text)
    lines.freeze_panes(1, 0)
    lines.data_validation(1, 0, ROWS, 0, {"validate": "list", "source": list(KINDS)})
    codes = book.add_worksheet("Danh mục")
    codes.write_row(0, 0, ("Mã", "Tên đơn vị"), head)
    codes.set_column(0, 0, 20, text)
    codes.set_column(1, 1, 70)
    for number, unit in enumerate(units, start=1):
        codes.write_row(number, 0, (unit.code, unit.full_name or unit.name))
    guide = book.add_worksheet("Hướng dẫn")
    guide.set_column(0, 0, 110, book.add_format({"text_wrap": True, "valign": "top"}))
    guide.write_column(0, 0, GUIDE)
    book.close()
    return out.getvalue()

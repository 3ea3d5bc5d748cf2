"""The workbook for people who start from nothing: a head sheet, an annex with the columns, an example, a guide."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import xlsxwriter

from motcua.catalogue.rules.decisions.differing import LEVELS
from motcua.catalogue.rules.decisions.values import DecisionHead, DecisionLine
from motcua.catalogue.rules.decisions.warning import ACTIONS
from motcua.catalogue.rules.time_limits import TimeLimit
from motcua.catalogue.types import FeeLine
from motcua.catalogue.types_changes import ChangeAction, ChangeKind
from motcua.kernel.clock import local
from motcua.kernel.text import grouped

COLUMNS: tuple[tuple[str, int], ...] = (
    ("STT", 6),
    ("Thay đổi", 20),
    ("Mã TTHC cũ", 14),
    ("Mã TTHC", 14),
    ("Tên TTHC", 52),
    ("Tên TTHC được thay thế", 30),
    ("Nội dung sửa đổi", 30),
    ("Lĩnh vực", 22),
    ("Cấp thực hiện", 14),
    ("Cách thức thực hiện", 22),
    ("Nơi tiếp nhận và trả kết quả", 30),
    ("Cơ quan thực hiện", 26),
    ("Thời hạn giải quyết", 26),
    ("Phí, lệ phí", 28),
    ("Căn cứ pháp lý", 36),
    ("Mã thay thế", 14),
    ("Ghi chú", 30),
)
HEAD: tuple[tuple[str, str], ...] = (
    ("Số quyết định", "number"),
    ("Ngày ký", "signed_on"),
    ("Cơ quan ban hành", "issuer"),
    ("Loại văn bản", "kind"),
    ("Trích yếu", "title"),
    ("Lĩnh vực", "field"),
    ("Có hiệu lực từ", "effective_at"),
    ("Hết hiệu lực sau ngày", "effective_to"),
    ("Điều khoản hiệu lực", "effective_rule"),
    ("Căn cứ", "based_on"),
    ("Ghi chú", "notes"),
)
CHOICES = tuple(
    ACTIONS[action].source().capitalize()
    for action in (
        ChangeAction.NEW,
        ChangeAction.AMENDED,
        ChangeAction.REPLACED,
        ChangeAction.ABOLISHED,
        ChangeAction.LEVEL_MOVED,
        ChangeAction.REDELEGATED,
        ChangeAction.PROCESS,
        ChangeAction.NOTED,
    )
)
KINDS = {
    ChangeKind.PUBLISH: "Công bố thủ tục hành chính",
    ChangeKind.PUBLISH_INTERNAL: "Công bố thủ tục hành chính nội bộ",
    ChangeKind.INTERNAL_PROCESS: "Phê duyệt quy trình nội bộ",
    ChangeKind.NON_TERRITORIAL: "Thực hiện không phụ thuộc địa giới hành chính",
    ChangeKind.RENUMBER: "Đổi mã thủ tục hành chính",
    ChangeKind.CONFIGURATION: "Cấu hình",
}
"""As people write them; `head.kind_in` reads each back but the last, which no decision has."""
BOUNDARY_FREE = "Không phụ thuộc địa giới"
EXAMPLE: tuple[str, ...] = (
    "1",
    "Sửa đổi, bổ sung",
    "",
    "1.014199",
    "Cấp giấy phép lao động cho người lao động nước ngoài làm việc tại Việt Nam",
    "",
    "",
    "Việc làm",
    "Cấp tỉnh",
    "Trực tiếp, bưu chính, trực tuyến toàn trình",
    "Trung tâm Phục vụ hành chính công",
    "Ban Quản lý các khu công nghiệp",
    "10 ngày làm việc kể từ ngày nhận đủ hồ sơ",
    "Lệ phí cấp giấy phép: 600.000 đồng/giấy phép",
    "Bộ luật Lao động 2019; Nghị định số 219/2025/NĐ-CP",
    "",
    "",
)
GUIDE: tuple[str, ...] = (
    "Mỗi thủ tục một dòng ở trang “Phụ lục”. Không đổi tên các cột; cột không dùng có thể để trống hoặc xóa.",
    "Ô trống nghĩa là quyết định không nói đến: nội dung đang có được giữ nguyên.",
    "Cột mã đã định dạng Văn bản để không mất số 0. Chưa có mã thì để trống và ghi đúng tên.",
    "Đổi mã: ghi mã trước đây ở “Mã TTHC cũ”, hoặc ghi “1.012796 -> 1.115446” ở cột mã.",
    "Bãi bỏ và có thủ tục khác thay: ghi mã thủ tục đó ở “Mã thay thế”.",
    "Thời hạn: “05 ngày làm việc”, “15 ngày”, “Trong ngày”; nhiều trường hợp thì mỗi trường hợp một dòng "
    "“Trường hợp …: 05 ngày làm việc”.",
    "Phí, lệ phí: mỗi khoản một dòng “Lệ phí …: 600.000 đồng/giấy phép”, hoặc “Không”.",
    "Dán giá trị, không dùng công thức. Không ghép nhiều thủ tục vào một dòng.",
)
EMPTY_ROWS = 300


def write_decision_workbook(head: DecisionHead | None = None, lines: Iterable[DecisionLine] = ()) -> bytes:
    """An .xlsx with the sheets "Quyết định" and "Phụ lục" filled from `head` and `lines`, ready to be edited and
    read back; "Ví dụ" and "Hướng dẫn" explain and are not read.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_numbers": False, "strings_to_formulas": False}
    )
    styles = _styles(book)
    _write_head(book, styles, head or DecisionHead())
    _write_annex(book, styles, "Phụ lục", [_cells(number, line) for number, line in enumerate(lines, 1)])
    _write_annex(book, styles, "Ví dụ", [EXAMPLE], editable=False)
    guide = book.add_worksheet("Hướng dẫn")
    guide.set_column(0, 0, 110, styles["text"])
    for row, sentence in enumerate(GUIDE):
        guide.write_string(row, 0, sentence)
    book.close()
    return out.getvalue()


def _styles(book: Any) -> dict[str, Any]:
    text = {
        "num_format": "@",
        "text_wrap": True,
        "valign": "top",
        "font_name": "Times New Roman",
        "font_size": 12,
    }
    return {
        "text": book.add_format(text),
        "title": book.add_format(
            {**text, "bold": True, "bg_color": "#DCE6F1", "border": 1, "valign": "vcenter"}
        ),
        "label": book.add_format({**text, "bold": True}),
    }


def _write_head(book: Any, styles: dict[str, Any], head: DecisionHead) -> None:
    sheet = book.add_worksheet("Quyết định")
    sheet.set_column(0, 0, 26, styles["label"])
    sheet.set_column(1, 1, 90, styles["text"])
    for row, (label, name) in enumerate(HEAD):
        sheet.write_string(row, 0, label, styles["label"])
        sheet.write_string(row, 1, _head_text(head, name), styles["text"])


def _head_text(head: DecisionHead, name: str) -> str:
    if name == "effective_at":
        return f"{local(head.effective_at):%d/%m/%Y}" if head.effective_at else ""
    if name == "effective_to":
        return f"{local(head.effective_to) - timedelta(days=1):%d/%m/%Y}" if head.effective_to else ""
    if name == "signed_on":
        return f"{head.signed_on:%d/%m/%Y}" if head.signed_on else ""
    if name == "kind":
        return KINDS[head.kind] if head.kind else ""
    return "\n".join(head.notes) if name == "notes" else str(getattr(head, name))


def _write_annex(
    book: Any, styles: dict[str, Any], title: str, rows: Sequence[Sequence[str]], *, editable: bool = True
) -> None:
    sheet = book.add_worksheet(title)
    sheet.freeze_panes(1, 5)
    sheet.set_landscape()
    sheet.repeat_rows(0)
    for col, (name, width) in enumerate(COLUMNS):
        sheet.set_column(col, col, width, styles["text"])
        sheet.write_string(0, col, name, styles["title"])
    for number, row in enumerate(rows, 1):
        for col, cell in enumerate(row):
            if cell:
                sheet.write_string(number, col, cell, styles["text"])
    if editable:
        sheet.data_validation(
            1,
            1,
            len(rows) + EMPTY_ROWS,
            1,
            {"validate": "list", "source": [*CHOICES[:6], BOUNDARY_FREE, *CHOICES[6:]]},
        )


def _cells(number: int, line: DecisionLine) -> tuple[str, ...]:
    """A line as it would be typed: its own cells where their titles are ours, else what was read from them."""
    values = line.values
    boundary_free = values.get("boundary_free") is True and line.action is ChangeAction.AMENDED
    read = {
        "Tên TTHC được thay thế": _text(values.get("old_name")),
        "Nội dung sửa đổi": _text(values.get("change")),
        "Lĩnh vực": _text(values.get("field")),
        "Cấp thực hiện": _joined(values.get("levels"), ", ", lambda level: LEVELS[level].source()),
        "Nơi tiếp nhận và trả kết quả": _text(values.get("reception_places")),
        "Cơ quan thực hiện": _text(values.get("authority")),
        "Thời hạn giải quyết": _limits(values),
        "Phí, lệ phí": _joined(values.get("fees"), "\n", _fee),
        "Căn cứ pháp lý": _joined(values.get("legal_bases"), ";\n", str),
        "Mã thay thế": _joined(values.get("replaced_by"), ", ", str),
        "Ghi chú": _text(values.get("note")),
    }
    known = {
        "STT": str(number),
        "Thay đổi": BOUNDARY_FREE if boundary_free else ACTIONS[line.action].source().capitalize(),
        "Mã TTHC cũ": line.old_code,
        "Mã TTHC": line.code,
        "Tên TTHC": line.name,
    }
    return tuple(
        known[title] if title in known else line.raw.get(title, "") or read.get(title, "")
        for title, _ in COLUMNS
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _joined(value: object, mark: str, words: Callable[[Any], str]) -> str:
    return mark.join(words(item) for item in value) if isinstance(value, tuple) else ""


def _limits(values: Mapping[str, object]) -> str:
    limit, cases = values.get("limit"), values.get("cases")
    if isinstance(limit, TimeLimit):
        return limit.text().source() if limit.has_due_date else limit.note
    return _joined(cases, "\n", lambda case: f"{case.name}: {case.limit.text().source()}")


def _fee(fee: FeeLine) -> str:
    if fee.amount is None:
        return f"{fee.name}: {fee.set_by}"
    if fee.amount == 0:
        return f"{fee.name}: không"
    amount = grouped(fee.amount)
    return f"{fee.name}: {amount} đồng{f'/{fee.per}' if fee.per else ''}"

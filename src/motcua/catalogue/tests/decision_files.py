"""Decisions as Bắc Ninh sends them: Word files with letterhead, body and annexes, and Excel annexes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from motcua.catalogue.rules.decisions import DecisionRead
from motcua.catalogue.rules.decisions.values import DecisionLine
from motcua.catalogue.rules.decisions.warning import ACTIONS
from motcua.catalogue.types_changes import ChangeAction
from motcua.documents.tests.offices import Rows, document, workbook

LETTERHEAD: Rows = (
    ("ỦY BAN NHÂN DÂN\nTỈNH BẮC NINH", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc"),
    ("Số: 1513/QĐ-UBND", "Bắc Ninh, ngày 22 tháng 11 năm 2025"),
)
BODY = (
    "QUYẾT ĐỊNH",
    "Về việc công bố danh mục thủ tục hành chính được sửa đổi, bổ sung lĩnh vực việc làm thuộc phạm vi chức năng "
    "quản lý của Ban Quản lý các khu công nghiệp tỉnh",
    "CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH BẮC NINH",
    "Căn cứ Luật Tổ chức chính quyền địa phương số 72/2025/QH15;",
    "Căn cứ Nghị định số 63/2010/NĐ-CP ngày 08 tháng 6 năm 2010 của Chính phủ;",
    "Căn cứ Quyết định số 886/QĐ-BNV ngày 11 tháng 8 năm 2025 của Bộ trưởng Bộ Nội vụ về việc công bố thủ tục "
    "hành chính mới ban hành, bãi bỏ lĩnh vực việc làm;",
    "Theo đề nghị của Trưởng ban Ban Quản lý các khu công nghiệp tỉnh.",
    "QUYẾT ĐỊNH:",
    "Điều 1. Công bố kèm theo Quyết định này danh mục 06 thủ tục hành chính được sửa đổi, bổ sung.",
    "Điều 2. Quyết định này có hiệu lực kể từ ngày 20 tháng 11 năm 2025 và thay thế Quyết định số 616/QĐ-UBND ngày "
    "15 tháng 8 năm 2025.",
)
TITLES = (
    "STT",
    "Mã TTHC",
    "Tên thủ tục hành chính",
    "Cách thức thực hiện",
    "Địa điểm (Cơ quan) thực hiện",
    None,
    "Thời hạn giải quyết",
    "Phí, lệ phí (nếu có)",
    "Căn cứ pháp lý",
)
SECOND = (None, None, None, None, "Nơi tiếp nhận và trả kết quả", "Cơ quan thực hiện", None, None, None)
BY_CASE = "- Hồ sơ giấy: 05 ngày làm việc\n- Hồ sơ điện tử: 03 ngày làm việc"
WORK = (
    ("CẤP TỈNH",) + (None,) * 8,
    (
        "1",
        "1.014199.H05",
        "Cấp giấy phép lao động cho người lao động nước ngoài",
        "Trực tiếp; bưu chính; trực tuyến toàn trình",
        "Trung tâm Phục vụ hành chính công tỉnh",
        "Ban Quản lý các khu công nghiệp",
        "10 ngày làm việc kể từ ngày nhận đủ hồ sơ",
        "Lệ phí: 600.000 đồng/giấy phép",
        "- Bộ luật Lao động;\n- Nghị định số 219/2025/NĐ-CP",
    ),
    (
        "2",
        "1.014200.H05",
        "Cấp lại giấy phép lao động",
        "nt",
        "nt",
        "nt",
        "03 ngày làm việc",
        "450.000 đồng",
        "nt",
    ),
    (
        "3",
        "",
        "Gia hạn giấy phép lao động",
        "-nt-",
        "nt",
        "nt",
        BY_CASE,
        "Theo Nghị quyết của HĐND tỉnh",
        "nt",
    ),
)


def merged_annex(table: Any, *, group_rows: Sequence[int] = (2,)) -> None:
    """Merge the cells of `TITLES`, `SECOND` and the group rows of a Word table as they are printed."""
    for col in (0, 1, 2, 3, 6, 7, 8):
        table.cell(0, col).merge(table.cell(1, col))
    table.cell(0, 4).merge(table.cell(0, 5))
    for row in group_rows:
        table.cell(row, 0).merge(table.cell(row, 8))


def work_permits() -> bytes:
    """The Word file of 1513/QĐ-UBND in its printed layout."""

    def merge(made: Any) -> None:
        merged_annex(made.tables[1])

    return document(
        LETTERHEAD,
        *BODY,
        "PHỤ LỤC",
        "DANH MỤC THỦ TỤC HÀNH CHÍNH MỚI BAN HÀNH LĨNH VỰC VIỆC LÀM",
        "(Kèm theo Quyết định số 1513/QĐ-UBND ngày 22/11/2025 của Chủ tịch UBND tỉnh Bắc Ninh)",
        [TITLES, SECOND, *WORK],
        [("Nơi nhận:\n- Như Điều 3;", "CHỦ TỊCH")],
        change=merge,
    )


def key(line: DecisionLine) -> tuple[object, ...]:
    """What a line says, without where it stood."""
    return (line.code, line.name, line.action, line.old_code, line.values)


def simple_rows(lines: Sequence[DecisionLine]) -> list[tuple[object, ...]]:
    """Lines as rows of an annex: STT, codes, name, what else they say."""
    return [
        (
            number,
            line.old_code,
            line.code,
            line.name,
            line.values.get("old_name", ""),
            line.values.get("change", ""),
            ", ".join(map(str, line.values.get("replaced_by", ()))),  # type: ignore[call-overload]  # a tuple of codes
            line.raw.get("limit", ""),
        )
        for number, line in enumerate(lines, 1)
    ]


SIMPLE = (
    "STT",
    "Mã TTHC cũ",
    "Mã TTHC",
    "Tên TTHC",
    "Tên TTHC được thay thế",
    "Nội dung sửa đổi",
    "Mã thay thế",
    "Thời hạn giải quyết",
)


def heading_of(line: DecisionLine) -> str:
    """The heading under which a line is printed."""
    if line.values.get("boundary_free"):
        return "DANH MỤC THỦ TỤC HÀNH CHÍNH THỰC HIỆN KHÔNG PHỤ THUỘC VÀO ĐỊA GIỚI"
    if line.action is ChangeAction.NOTED:
        return "DANH MỤC THỦ TỤC HÀNH CHÍNH ĐÃ CÔNG BỐ"
    if line.action is ChangeAction.PROCESS:
        return "QUY TRÌNH NỘI BỘ"
    return f"DANH MỤC THỦ TỤC HÀNH CHÍNH {ACTIONS[line.action].source().upper()}"


def sections(read: DecisionRead) -> list[tuple[str, list[tuple[object, ...]]]]:
    """Headings and rows in the order of the lines."""
    return [(heading, simple_rows(list(lines))) for heading, lines in groupby(read.lines, key=heading_of)]


def printed(read: DecisionRead) -> bytes:
    """A decision as a Word file: its head as printed, a table below each heading."""
    head = read.head
    signed = f"{head.signed_on:ngày %d tháng %m năm %Y}" if head.signed_on else "ngày    tháng    năm"
    blocks: list[str | Rows] = [
        [
            (head.issuer.upper(), "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
            (f"Số: {head.number}", f"Bắc Ninh, {signed}"),
        ],
        "QUYẾT ĐỊNH",
        f"Về việc {head.title}",
        "Căn cứ Luật Tổ chức chính quyền địa phương;",
    ]
    for marker, (heading, rows) in zip("ABCDEFGH", sections(read) or [("DANH MỤC", [])], strict=False):
        blocks += [f"{marker}. {heading}", [SIMPLE, *rows]]
    return document(*blocks)


def listed(read: DecisionRead) -> bytes:
    """A decision's annex as one Excel sheet with merged group rows."""
    rows: list[Sequence[object]] = [SIMPLE]
    groups: list[int] = []
    for heading, lines in sections(read):
        groups.append(len(rows) + 1)
        rows += [(heading,), *lines]

    def merge(book: Any) -> None:
        for row in groups:
            book["Phụ lục"].merge_cells(start_row=row, start_column=1, end_row=row, end_column=len(SIMPLE))

    return workbook(("Phụ lục", rows), change=merge)

"""Tables of office files as people see them; every refusal says what the file is and what to do."""

from __future__ import annotations

import io
import time
import unicodedata
import zipfile
from datetime import date, datetime
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.documents.errors import TableRefused
from motcua.documents.rules.tables import LIMITS, Table, TableLimits, read_blocks, read_tables
from motcua.documents.rules.tables.shown import shown
from motcua.documents.rules.tables.table import column_name
from motcua.documents.tests.hostile import archive, image, office, pdf
from motcua.documents.tests.offices import document, workbook

HEADER = ("STT", "Mã TTHC", "Tên TTHC", "Thời hạn")
ROWS = (HEADER, ("1", "1.004873", "Cấp Giấy xác nhận", "03 ngày làm việc"))
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def refusal(data: bytes, name: str = "phu-luc.xlsx", limits: TableLimits = LIMITS) -> TableRefused:
    with pytest.raises(TableRefused) as caught:
        read_tables(data, name=name, limits=limits)
    return caught.value


def only(data: bytes, name: str = "phu-luc.xlsx") -> Table:
    (table,) = read_tables(data, name=name)
    return table


def csv_of(rows: tuple[tuple[str, ...], ...], mark: str) -> bytes:
    return "\n".join(mark.join(row) for row in rows).encode()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.xlsx", workbook(("Phụ lục I", ROWS))),
        ("a.docx", document("Phụ lục", ROWS)),
        ("a.csv", csv_of(ROWS, ",")),
        ("a.csv", csv_of(ROWS, ";")),
        ("a.tsv", csv_of(ROWS, "\t")),
        (
            "a.txt",
            "\t".join(HEADER).encode("utf-16")
            + "\n".encode("utf-16-le")
            + "\t".join(ROWS[1]).encode("utf-16-le"),
        ),
    ],
)
def test_every_kind_of_file_gives_the_same_rows(name: str, data: bytes) -> None:
    assert only(data, name).rows == ROWS


def test_cells_are_named_as_the_program_shows_them() -> None:
    sheet = only(workbook(("Phụ lục I", [(), *ROWS])))
    assert sheet.cell_name(1, 1) == "Phụ lục I!B3"
    first, second = read_tables(document([("a", "b")], "Bảng sau", ROWS), name="a.docx")
    assert second.cell_name(1, 2) == "Bảng 2, dòng 2, cột 3"
    assert (first.name, second.row_name(0)) == ("Bảng 1", "Bảng 2, dòng 1")
    assert [column_name(n) for n in (0, 25, 26, 51, 701, 702)] == ["A", "Z", "AA", "AZ", "ZZ", "AAA"]


def test_letters_are_composed_and_spaces_tidied_but_lines_stay() -> None:
    written = unicodedata.normalize("NFD", "  Phí:  20.000 đồng\n\n Lệ phí: không ")
    for data, name in ((workbook(("T", [("a", written)])), "a.xlsx"), (document([("a", written)]), "a.docx")):
        assert only(data, name).cell(0, 1) == "Phí: 20.000 đồng\nLệ phí: không"


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (1.004873, "General", "1.004873"),
        (1.00487, "0.000000", "1.004870"),
        (2.0, "General", "2"),
        (0.1 + 0.2, "General", "0.3"),
        (123456789012345, "General", "123456789012345"),
        (1e20, "General", "100000000000000000000"),
        (5, "00", "05"),
        (200000, "#,##0", "200.000"),
        (200000, '#,##0" đồng"', "200.000 đồng"),
        (200000, '_-* #,##0\\ "₫"_-;-* #,##0', "200.000 ₫"),
        (1234.5, "#,##0.00", "1.234,50"),
        (0.25, "0%", "25%"),
        (0.25, "# ?/?", "0.25"),
        (-3.456, "0.0", "-3.5"),
        (0.5, "#.##", "0.5"),
        (True, "General", "TRUE"),
        (datetime.fromisoformat("2025-11-22"), "mm-dd-yy", "22/11/2025"),
        (datetime.fromisoformat("2025-07-01"), "mm/yyyy", "07/2025"),
        (datetime.fromisoformat("2025-11-22T08:30"), "dd/mm/yyyy hh:mm", "22/11/2025 08:30"),
        (date(2025, 11, 22), "General", "22/11/2025"),
        (float("nan"), "0.00", "NaN"),
    ],
)
def test_numbers_and_dates_are_what_people_see(value: object, number_format: str, text: str) -> None:
    assert shown(value, number_format) == text


def test_a_code_typed_as_a_number_stays_a_code() -> None:
    def six_places(book: Any) -> None:
        book["T"]["B2"].number_format = "0.000000"

    table = only(workbook(("T", [("Mã", "Mã"), (1.004873, 1.00487)]), change=six_places))
    assert table.rows[1] == ("1.004873", "1.004870")


def test_merged_cells_of_a_sheet_repeat_their_anchor() -> None:
    def merge(book: Any) -> None:
        book["T"].merge_cells("B1:C1")
        book["T"].merge_cells("A1:A2")
        book["T"].merge_cells("A3:C3")
        book["T"].merge_cells("C4:C5")

    rows = [
        ("STT", "Địa điểm", None),
        (None, "Tiếp nhận", "Thực hiện"),
        ("CẤP TỈNH", None, None),
        (1, "a", "Sở"),
        (2, "b", None),
    ]
    table = only(workbook(("T", rows), change=merge))
    assert table.rows == (
        ("STT", "Địa điểm", "Địa điểm"),
        ("STT", "Tiếp nhận", "Thực hiện"),
        ("CẤP TỈNH", "CẤP TỈNH", "CẤP TỈNH"),
        ("1", "a", "Sở"),
        ("2", "b", "Sở"),
    )
    assert table.is_anchor(0, 1) and not table.is_anchor(0, 2)
    assert not table.is_anchor(1, 0) and table.is_anchor(4, 1) and not table.is_anchor(4, 2)


def test_merged_cells_of_word_repeat_their_anchor() -> None:
    def merge(made: Any) -> None:
        table = made.tables[0]
        table.cell(0, 0).merge(table.cell(1, 0))
        table.cell(0, 1).merge(table.cell(0, 2))
        table.cell(2, 0).merge(table.cell(2, 2))

    rows = [
        ("STT", "Địa điểm", None),
        (None, "Tiếp nhận", "Thực hiện"),
        ("CẤP XÃ", None, None),
        ("1", "a", "UBND"),
    ]
    table = only(document(rows, change=merge), "a.docx")
    assert table.rows == (
        ("STT", "Địa điểm", "Địa điểm"),
        ("STT", "Tiếp nhận", "Thực hiện"),
        ("CẤP XÃ", "CẤP XÃ", "CẤP XÃ"),
        ("1", "a", "UBND"),
    )
    assert not table.is_anchor(1, 0) and not table.is_anchor(0, 2) and table.is_anchor(2, 0)


def test_paragraphs_and_tables_come_in_the_order_of_the_document() -> None:
    blocks = read_blocks(document("A. MỚI", ROWS, "B. BÃI BỎ", ROWS), name="a.docx")
    assert [b if isinstance(b, str) else b.name for b in blocks] == [
        "A. MỚI",
        "Bảng 1",
        "B. BÃI BỎ",
        "Bảng 2",
    ]


def test_deleted_words_are_not_read_and_inserted_ones_are() -> None:
    data = document([("Thời hạn", "x")])
    tracked = (
        '<w:ins w:id="1" w:author="a"><w:r><w:t>05 ngày</w:t></w:r></w:ins>'
        '<w:del w:id="2" w:author="a"><w:r><w:delText>07 ngày</w:delText></w:r></w:del>'
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>ẩn</w:t></w:r>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename == "word/document.xml":
                content = content.replace(b"<w:r><w:t>x</w:t></w:r>", tracked.encode())
                assert b"05 ng" in content
            new.writestr(entry, content)
    assert only(out.getvalue(), "a.docx").rows == (("Thời hạn", "05 ngày"),)


def test_hidden_sheets_are_not_read() -> None:
    def hide(book: Any) -> None:
        book["Danh mục"].sheet_state = "hidden"

    assert only(workbook(("I", ROWS), ("Danh mục", ROWS), change=hide)).name == "I"


XLS = OLE + "Workbook".encode("utf-16-le")
DOC = OLE + "WordDocument".encode("utf-16-le")
LOCKED = OLE + "EncryptedPackage".encode("utf-16-le")
HTML = "<html><body><table><tr><td>Mã</td></tr></table></body></html>".encode()


@pytest.mark.parametrize(
    ("data", "code", "says"),
    [
        (b"", "empty", "rỗng"),
        (b" \r\n\r\n", "empty", "rỗng"),
        (XLS, "wrong_kind", "Excel 97-2003 (.xls)"),
        (DOC, "wrong_kind", "Word 97-2003 (.doc)"),
        (LOCKED, "encrypted", "bỏ mật khẩu"),
        (pdf(), "wrong_kind", "là PDF"),
        (image("PNG"), "wrong_kind", "ảnh"),
        (image("JPEG"), "wrong_kind", "ảnh"),
        (HTML, "wrong_kind", "HTML"),
        (b"{\\rtf1\\ansi", "wrong_kind", "RTF"),
        (archive({"a.xlsx": workbook(("T", ROWS))}), "wrong_kind", "tệp nén"),
        (
            archive({"mimetype": b"application/vnd.oasis", "content.xml": b"<a/>"}),
            "wrong_kind",
            "OpenDocument",
        ),
        (office("xlsx", {"xl/vbaProject.bin": b"x"}), "macro", "macro"),
        (office("xlsx"), "damaged", "hỏng"),
        (office("docx"), "damaged", "hỏng"),
        (workbook(("T", ROWS))[:-30], "damaged", "hỏng"),
        (workbook(("T", [])), "no_table", "không có bảng"),
        (document("Chỉ có chữ"), "no_table", "không có bảng"),
        ("Một dòng chữ thôi".encode(), "no_table", "không có bảng"),
        ("Mã,Tên".encode("cp1258", "replace") + b"\n\xe5\xff,x", "not_text", "CSV UTF-8"),
        (bytes(range(256)) * 8, "not_text", "Unicode"),
    ],
)
def test_what_is_no_table_is_refused_by_its_content(data: bytes, code: str, says: str) -> None:
    refused = refusal(data)
    assert (refused.code, refused.field) == (code, "file")
    assert says in refused.message.source()


def test_formula_cells_are_all_named() -> None:
    rows = [HEADER, (1, "1.004873", "=B2", "=TODAY()")]
    refused = refusal(workbook(("Phụ lục I", rows)))
    assert refused.code == "formulas"
    assert "Phụ lục I!C2, Phụ lục I!D2" in refused.message.source()
    assert "dán giá trị" in refused.message.source()
    (kept,) = read_tables(workbook(("I", rows)), name="a.xlsx", keep_formulas=True)
    assert kept.formulas == ((1, 2), (1, 3))
    assert refusal(b"a,b\n=A1,2\n", "a.csv").code == "formulas"


def test_many_formulas_are_counted_not_listed_for_ever() -> None:
    says = refusal(workbook(("T", [("=A1",)] * 40))).message.source()
    assert "(+28)" in says and len(says) < 400


def long_sheet(rows: int) -> bytes:
    book = xlsxwriter.Workbook(out := io.BytesIO(), {"constant_memory": True})
    sheet = book.add_worksheet("Dài")
    for row in range(rows):
        sheet.write_row(row, 0, [f"1.{row:06d}", "Cấp giấy phép"])
    book.close()
    return out.getvalue()


def test_a_sheet_of_a_hundred_thousand_rows_is_refused_at_once() -> None:
    data = long_sheet(100_000)
    began = time.process_time()
    refused = refusal(data)
    assert refused.code == "too_many_rows" and "20.000 dòng" in refused.message.source()
    assert time.process_time() - began < 2


def test_empty_but_formatted_rows_do_not_count() -> None:
    def format_all(book: Any) -> None:
        for row in range(3, 3_000):
            book["T"].cell(row, 1).number_format = "0.00"

    data = workbook(("T", ROWS), change=format_all)
    assert read_tables(data, name="a.xlsx", limits=TableLimits(max_rows=10))[0].rows == ROWS


def test_columns_cells_and_time_are_bounded() -> None:
    wide = workbook(("T", [["x"] * 101]))
    assert refusal(wide).code == "too_many_columns"
    assert refusal(workbook(("T", [["x"] * 50] * 10)), limits=TableLimits(max_cells=400)).code == "too_big"
    assert refusal(workbook(("T", ROWS)), limits=TableLimits(max_seconds=-1)).code == "too_slow"
    assert refusal(workbook(("T", ROWS)), limits=TableLimits(max_bytes=100)).code == "too_big"
    assert refusal(csv_of(ROWS * 9, "\t"), limits=TableLimits(max_rows=5)).code == "too_many_rows"


def test_an_archive_that_grows_without_end_is_not_unpacked() -> None:
    bomb = office("xlsx", {"xl/media/a.xml": b"0" * 30_000_000})
    assert refusal(bomb).code == "too_big"
    lines = office("xlsx", {"xl/worksheets/sheet1.xml": b"<a/>" * 12_000_000})
    assert refusal(lines).code == "too_big"


def test_entities_and_merges_of_a_whole_sheet_do_no_harm() -> None:
    entity = b'<?xml version="1.0"?>' + b" " * 9_000 + b'<!DOCTYPE x [<!ENTITY a "a">]><x/>'
    assert refusal(office("docx", {"word/styles.xml": entity})).code == "damaged"

    def merge_all(book: Any) -> None:
        book["T"].merged_cells.add("A3:XFD1048576")

    assert len(only(workbook(("T", ROWS), change=merge_all)).rows) == 2


def test_rows_keep_the_numbers_of_the_file_when_empty_ones_are_left_out() -> None:
    table = only(workbook(("T", [HEADER, (), (), ("1", "2")])))
    assert table.rows == (HEADER, ("1", "2")) and table.cell_name(1, 0) == "T!A4"


CELL = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12).filter(
    lambda text: not text.startswith("=")
)
GRID = st.integers(2, 5).flatmap(
    lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=1, max_size=6)
)


@settings(deadline=None, max_examples=30)
@given(GRID)
def test_what_was_written_is_read_back_from_every_kind_of_file(grid: list[list[str]]) -> None:
    plain = [[unicodedata.normalize("NFC", cell) for cell in row] for row in grid]
    for data, name in ((workbook(("T", plain)), "a.xlsx"), (document(plain), "a.docx")):
        (table,) = read_tables(data, name=name, keep_formulas=True)
        assert [list(row) for row in table.rows] == plain


@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF-", b"\xef\xbb\xbf"]),
)
def test_any_bytes_are_read_or_refused(data: bytes, start: bytes) -> None:
    try:
        read_tables(start + data, name="a.xlsx", keep_formulas=True)
    except TableRefused as refused:
        assert refused.message.source()


@settings(deadline=None)
@given(st.integers(0, 6_000), st.integers(0, 255))
def test_a_damaged_workbook_is_read_or_refused(at: int, value: int) -> None:
    data = bytearray(workbook(("T", ROWS)))
    data[at % len(data)] = value
    try:
        read_tables(bytes(data), name="a.xlsx", keep_formulas=True)
    except TableRefused as refused:
        assert refused.code

"""What a file really is, by its content: the name proves nothing."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import NoReturn

from motcua.documents.rules.tables.limits import LIMITS, TableLimits, refuse, too_many_rows
from motcua.documents.rules.uploads.archives import BAD_ZIP

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*", b"BM")
MACROS = ("xl/vbaproject.bin", "word/vbaproject.bin")
CHUNK = 1 << 20
WORKSHEET = ("xl/worksheets/", ".xml")

ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
OLD_EXCEL = ("Workbook".encode("utf-16-le"), b"B\0o\0o\0k\0\0\0")
OLD_WORD = "WordDocument".encode("utf-16-le")


def kind_of(data: bytes, *, name: str, limits: TableLimits = LIMITS) -> str:
    """xlsx, docx or text; everything else is refused with what it is and what to do."""
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        refuse("empty", "Tệp “%(name)s” rỗng. Hãy chọn lại tệp.", name=name)
    if len(data) > limits.max_bytes:
        refuse(
            "too_big",
            "Tệp “%(name)s” lớn hơn %(limit)s MB. Hãy bỏ ảnh, bỏ trang không cần rồi tải lên lại.",
            name=name,
            limit=limits.max_bytes // (1024 * 1024),
        )
    if data.startswith(OLE):
        _refuse_ole(data, name)
    if data.startswith(ZIP):
        return _kind_of_zip(data, name, limits)
    head = data[:2048].lstrip()
    _refuse_foreign(head, name)
    return "text"


def _refuse_foreign(head: bytes, name: str) -> None:
    """Pictures, PDF, web pages, RTF, XML spreadsheets: what people rename and hope for the best."""
    if head.startswith(b"%PDF-"):
        refuse(
            "wrong_kind",
            "Tệp “%(name)s” là PDF nên không đọc được bảng. Hãy tải lên tệp Word hoặc Excel gốc.",
            name=name,
        )
    if head.startswith(PICTURES) or head[4:12] in (b"ftypheic", b"ftypmif1") or head[8:12] == b"WEBP":
        refuse(
            "wrong_kind",
            "Tệp “%(name)s” là ảnh chụp hoặc ảnh quét. Hãy tải lên tệp gốc, không phải ảnh.",
            name=name,
        )
    start = head[:1024].lower().lstrip(b"\xef\xbb\xbf")
    if start.startswith(b"{\\rtf"):
        _save_again(name, "RTF", "docx")
    if b"urn:schemas-microsoft-com:office:spreadsheet" in start:
        _save_again(name, "Excel XML 2003", "xlsx")
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"mime-version:")) or b"<html" in start:
        _save_again(name, "HTML", "xlsx")
    if start.startswith((b"rar!", b"7z\xbc\xaf", b"\x1f\x8b")):
        refuse("wrong_kind", "Tệp “%(name)s” là tệp nén. Hãy giải nén rồi tải lên tệp bên trong.", name=name)


def _refuse_ole(data: bytes, name: str) -> NoReturn:
    if ENCRYPTED in data:
        refuse(
            "encrypted",
            "Tệp “%(name)s” có mật khẩu nên không đọc được. "
            "Hãy mở bằng Excel/Word, bỏ mật khẩu (Tệp > Thông tin > Bảo vệ), lưu rồi tải lên lại.",
            name=name,
        )
    if OLD_WORD in data:
        _save_again(name, "Word 97-2003 (.doc)", "docx")
    if any(mark in data for mark in OLD_EXCEL):
        _save_again(name, "Excel 97-2003 (.xls)", "xlsx")
    _save_again(name, "Office 97-2003", "xlsx")


def _save_again(name: str, found: str, ending: str) -> NoReturn:
    refuse(
        "wrong_kind",
        "Tệp “%(name)s” có nội dung dạng %(found)s, dù tên tệp ghi gì. "
        "Hãy mở tệp, chọn Lưu thành (Save As) loại .%(ending)s rồi tải lên lại.",
        name=name,
        found=found,
        ending=ending,
    )


def _kind_of_zip(data: bytes, name: str, limits: TableLimits) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _checked(archive, name, limits)
    except (*BAD_ZIP, zlib.error) as problem:
        if isinstance(problem, RuntimeError) and "password" in str(problem):
            refuse("encrypted", "Tệp “%(name)s” có mật khẩu. Hãy bỏ mật khẩu rồi tải lên lại.", name=name)
        damaged(name)


def _checked(archive: zipfile.ZipFile, name: str, limits: TableLimits) -> str:
    entries = archive.infolist()
    names = {entry.filename.lower() for entry in entries}
    if len(entries) > limits.max_entries:
        _bomb(name)
    if any(entry.flag_bits & 0x1 for entry in entries):
        refuse("encrypted", "Tệp “%(name)s” có mật khẩu. Hãy bỏ mật khẩu rồi tải lên lại.", name=name)
    kind = _kind_of_names(names, name)
    if names & set(MACROS):
        refuse(
            "macro",
            "Tệp “%(name)s” chứa macro. Hãy lưu thành loại .%(kind)s (không có macro) rồi tải lên lại.",
            name=name,
            kind=kind,
        )
    if kind == "xlsx":
        _count_rows(archive, name, limits)
    if sum(entry.file_size for entry in entries) > limits.max_unpacked:
        _bomb(name)
    for entry in entries:
        if entry.file_size > limits.ratio_from and entry.file_size > limits.max_ratio * entry.compress_size:
            _bomb(name)
        if entry.filename.endswith((".xml", ".rels")):
            _check_markup(archive, entry, name)
    return kind


def _kind_of_names(names: set[str], name: str) -> str:
    if "[content_types].xml" in names:
        if "xl/workbook.bin" in names:
            _save_again(name, "Excel nhị phân (.xlsb)", "xlsx")
        for folder, kind in (("xl/", "xlsx"), ("word/", "docx")):
            if any(part.startswith(folder) for part in names):
                return kind
        _save_again(name, "Office khác (trình chiếu, bản vẽ)", "xlsx")
    if "content.xml" in names and "mimetype" in names:
        _save_again(name, "OpenDocument (.ods, .odt)", "xlsx")
    return refuse(
        "wrong_kind", "Tệp “%(name)s” là tệp nén. Hãy giải nén rồi tải lên tệp bên trong.", name=name
    )


def _count_rows(archive: zipfile.ZipFile, name: str, limits: TableLimits) -> None:
    """Refuse a sheet that is far too long after reading just enough of it to know."""
    filled = 0
    for entry in archive.infolist():
        if not (entry.filename.startswith(WORKSHEET[0]) and entry.filename.endswith(WORKSHEET[1])):
            continue
        rest = b""
        unpacked = 0
        with archive.open(entry) as part:
            while chunk := part.read(CHUNK):
                unpacked += len(chunk)
                *rows, rest = (rest + chunk).split(b"row>")
                filled += sum(b"v>" in row or b"is>" in row for row in rows)
                if filled > limits.max_rows:
                    too_many_rows(name, limits)
                if unpacked > limits.max_unpacked or len(rest) > 4 * CHUNK:
                    _bomb(name)


def _check_markup(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> None:
    """No document type, hence no entities, in any part; Office never writes one."""
    before = b""
    with archive.open(entry) as part:
        while chunk := part.read(CHUNK):
            window = before + chunk
            if b"<!DOCTYPE" in window or b"<!ENTITY" in window or b"\0" in chunk[:64]:
                refuse(
                    "damaged",
                    "Tệp “%(name)s” có cấu trúc bất thường. Hãy mở bằng Excel/Word, lưu lại rồi tải lên.",
                    name=name,
                )
            before = chunk[-16:]


def _bomb(name: str) -> NoReturn:
    refuse(
        "too_big",
        "Tệp “%(name)s” khi mở ra lớn bất thường nên không được nhận. "
        "Hãy chép riêng bảng cần dùng sang tệp mới rồi tải lên.",
        name=name,
    )


def damaged(name: str) -> NoReturn:
    """The file is of the right kind and cannot be opened."""
    refuse(
        "damaged",
        "Không mở được tệp “%(name)s” vì tệp bị hỏng hoặc tải lên thiếu. "
        "Hãy mở thử bằng Excel/Word, lưu lại rồi tải lên lần nữa.",
        name=name,
    )

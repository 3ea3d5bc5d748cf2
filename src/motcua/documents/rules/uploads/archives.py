"""ZIP, DOCX and XLSX: nothing that grows without end, climbs out of its folder, runs, or calls elsewhere."""

from __future__ import annotations

import re
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO

from motcua.documents.errors import UploadRefused
from motcua.documents.rules.uploads.kinds import KINDS, refuse
from motcua.documents.rules.uploads.limits import UploadLimits
from motcua.documents.types import Inspection

CHUNK = 256 * 1024
MAX_DEPTH = 6
MAX_DECIDING_PART = 1024 * 1024
JUNK = re.compile(r"(^|/)(__MACOSX/|\.DS_Store$|Thumbs\.db$|desktop\.ini$)")
MACROS = re.compile(
    r"(vbaproject|vbadata|macrosheets/|activex/|oleobject[^/]*\.bin$|attachedtoolbars)", re.IGNORECASE
)
OUTSIDE = re.compile(rb"(attachedTemplate|oleObject|subDocument|frame|externalLinkPath/ole)\"", re.IGNORECASE)
DOCTYPE = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
BAD_ZIP = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    NotImplementedError,
    OSError,
    ValueError,
    RuntimeError,
    EOFError,
)

Inspect = Callable[..., Inspection]


def kind_of_zip(source: BinaryIO) -> str:
    """docx, xlsx or zip by what the directory lists; "" when the directory cannot be read."""
    source.seek(0)
    try:
        with zipfile.ZipFile(source) as archive:
            names = set(archive.namelist())
    except BAD_ZIP:
        refuse(
            "zip_broken", "Không mở được tệp (tệp nén hoặc văn bản bị hỏng). Hãy lưu lại và tải lên lần nữa."
        )
    if "[Content_Types].xml" in names:
        if any(name.startswith("word/") for name in names):
            return "docx"
        if any(name.startswith("xl/") for name in names):
            return "xlsx"
        return ""
    return "zip"


def inspect_zip(source: BinaryIO, *, name: str, limits: UploadLimits, inspect: Inspect) -> Inspection:
    """Every file inside passes the same checks as if it had come alone; no archive in an archive."""
    source.seek(0)
    with zipfile.ZipFile(source) as archive:
        entries = _checked_entries(archive, name, limits, limits.max_entries)
        if not entries:
            refuse("empty", "Tệp nén “%(name)s” không có tệp nào bên trong.", name=name)
        for entry in entries:
            with tempfile.TemporaryFile() as member:
                _unpack(archive, entry, member, name, limits)
                inner = entry.filename.rpartition("/")[2]
                try:
                    inspect(member, name=inner, limits=limits, inside_archive=True)
                except UploadRefused as refusal:
                    if refusal.code == "zip_nested":
                        raise
                    refuse(
                        "zip_inside",
                        "Trong tệp nén “%(name)s”: %(why)s",
                        name=name,
                        why=refusal.message,
                    )
    return Inspection(name=name, kind="zip", mime=KINDS["zip"].mime)


def inspect_office(source: BinaryIO, *, name: str, kind: str, limits: UploadLimits) -> Inspection:
    """A DOCX or XLSX without macros, embedded programs, remote templates or entity tricks."""
    source.seek(0)
    with zipfile.ZipFile(source) as archive:
        for entry in _checked_entries(archive, name, limits, limits.max_office_entries):
            if MACROS.search(entry.filename):
                _refuse_macro(name)
            if entry.filename.lower().endswith((".xml", ".rels")):
                _check_part(archive, entry, name, limits)
    return Inspection(name=name, kind=kind, mime=KINDS[kind].mime)


def _check_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, limits: UploadLimits) -> None:
    """Small parts that decide what happens on opening are read whole, the others at their beginning."""
    decides = entry.filename.endswith(".rels") or entry.filename == "[Content_Types].xml"
    part = _begin(archive, entry, MAX_DECIDING_PART if decides else 4096, name)
    if part[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        part = part.decode("utf-16", "replace").encode("utf-8")
    if DOCTYPE.search(part) or (decides and entry.file_size > MAX_DECIDING_PART):
        refuse(
            "office_broken", "Tệp “%(name)s” có cấu trúc bất thường. Hãy lưu lại bằng Word/Excel.", name=name
        )
    if b"macroEnabled" in part and decides:
        _refuse_macro(name)
    if entry.filename.endswith(".rels") and _calls_out(part):
        refuse(
            "office_external",
            "Tệp “%(name)s” tự tải nội dung từ bên ngoài khi mở. Hãy lưu lại thành PDF rồi tải lên.",
            name=name,
        )


def _calls_out(part: bytes) -> bool:
    relations = re.findall(rb"<Relationship\b[^<>]*>", part)
    return any(
        OUTSIDE.search(one) and re.search(rb"TargetMode\s*=\s*[\"']External", one) for one in relations
    )


def _refuse_macro(name: str) -> None:
    refuse(
        "office_macro",
        "Tệp “%(name)s” chứa macro hoặc đối tượng nhúng chạy được. Hãy lưu lại thành PDF rồi tải lên.",
        name=name,
    )


def _checked_entries(
    archive: zipfile.ZipFile, name: str, limits: UploadLimits, max_entries: int
) -> list[zipfile.ZipInfo]:
    """The files of an archive after the checks that need only its directory."""
    entries = archive.infolist()
    if len(entries) > max_entries:
        refuse(
            "zip_entries",
            "Tệp “%(name)s” chứa quá %(limit)s mục. Hãy tách thành nhiều tệp.",
            name=name,
            limit=max_entries,
        )
    if sum(entry.file_size for entry in entries) > limits.max_unpacked:
        _refuse_bomb(name)
    return [entry for entry in entries if _is_file(entry, name, limits)]


def _is_file(entry: zipfile.ZipInfo, name: str, limits: UploadLimits) -> bool:
    _check_entry_name(entry, name)
    if entry.flag_bits & 0x1:
        refuse("zip_encrypted", "Tệp nén “%(name)s” có mật khẩu. Hãy bỏ mật khẩu rồi tải lên.", name=name)
    if entry.file_size > limits.ratio_from and entry.file_size > limits.max_ratio * max(
        1, entry.compress_size
    ):
        _refuse_bomb(name)
    return not entry.is_dir() and not JUNK.search(entry.filename)


def _check_entry_name(entry: zipfile.ZipInfo, name: str) -> None:
    # `orig_filename` still has the backslashes and NUL bytes that zipfile tidies away.
    raw = entry.orig_filename
    steps = raw.rstrip("/").split("/")
    climbs = ".." in steps or raw.startswith("/") or "\\" in raw or ":" in raw or "\0" in raw
    linked = stat.S_ISLNK(entry.external_attr >> 16)
    if climbs or linked or len(steps) > MAX_DEPTH or len(raw) > 500:
        refuse(
            "zip_names",
            "Tệp nén “%(name)s” có đường dẫn bên trong không an toàn. Hãy nén lại các tệp.",
            name=name,
        )


def _refuse_bomb(name: str) -> None:
    refuse("zip_bomb", "Tệp “%(name)s” khi mở ra lớn bất thường nên không được nhận.", name=name)


def _begin(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, count: int, name: str) -> bytes:
    for chunk in _chunks(archive, entry, name, count):
        return chunk
    return b""


def _chunks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, count: int) -> Iterator[bytes]:
    try:
        with archive.open(entry) as member:
            while chunk := member.read(count):
                yield chunk
    except (*BAD_ZIP, zlib.error):
        refuse("zip_broken", "Tệp “%(name)s” bị hỏng bên trong. Hãy nén hoặc lưu lại rồi tải lên.", name=name)


def _unpack(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: BinaryIO, name: str, limits: UploadLimits
) -> None:
    """Copy one file out, stopping at its limit whatever its header claims."""
    written = 0
    for chunk in _chunks(archive, entry, name, CHUNK):
        written += len(chunk)
        if written > limits.max_bytes:
            _refuse_bomb(name)
        target.write(chunk)

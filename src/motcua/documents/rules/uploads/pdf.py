"""PDF papers: whole, open to everybody, and without anything that acts by itself.

This is no PDF parser. It looks for the names of actions everywhere in the file, also where they are spelled
with
`#xx` escapes and inside compressed object streams, which is where they can hide.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from motcua.documents.rules.uploads.kinds import KINDS, refuse
from motcua.documents.rules.uploads.limits import UploadLimits
from motcua.documents.types import Inspection

END_WITHIN = 2048
MAX_OBJECT_STREAM = 16 * 1024 * 1024
MAX_OBJECT_STREAMS = 64 * 1024 * 1024


def _name(word: str) -> bytes:
    """A pattern for a PDF name however its letters are escaped; it must end where the name ends."""
    letters = "".join(f"(?:{char}|#{ord(char):02x}|#{ord(char):02X})" for char in word)
    return f"/{letters}(?![A-Za-z0-9_#.-])".encode("ascii")


ACTIVE = re.compile(
    b"|".join(_name(word) for word in ("JavaScript", "Launch", "RichMedia", "XFA", "ImportData"))
)
ENCRYPTED = re.compile(_name("Encrypt") + rb"\s*(?:\d+\s+\d+\s+R|<<)")
OBJECT_STREAM = re.compile(_name("ObjStm"))
PAGE = re.compile(_name("Type") + rb"\s*" + _name("Page"))
STREAM = re.compile(rb"stream\r?\n")
DICT_REACH = 1024
PIECE = 64 * 1024
MAX_STREAM_COUNT = 20_000
PLAIN = re.compile(rb"\s{0,8}\d{1,10}\s{1,8}\d{1,10}\s")
"""An uncompressed object stream starts with pairs of numbers."""


def inspect_pdf(source: BinaryIO, *, name: str, limits: UploadLimits) -> Inspection:
    """Pages and safety of a PDF. The file is read into memory: its size was checked before."""
    source.seek(0)
    data = source.read(limits.max_bytes + 1)
    if b"%%EOF" not in data[-END_WITHIN:]:
        refuse(
            "truncated",
            "Tệp PDF “%(name)s” bị thiếu phần cuối hoặc bị gắn thêm dữ liệu. Hãy quét lại.",
            name=name,
        )
    if ENCRYPTED.search(data):
        refuse(
            "pdf_encrypted",
            "Tệp PDF “%(name)s” có mật khẩu hoặc bị khóa. Hãy bỏ khóa (in lại thành PDF) rồi tải lên.",
            name=name,
        )
    pages = _count_pages(data, name)
    for hidden in _object_streams(data, name):
        _refuse_active(hidden, name)
        pages += len(PAGE.findall(hidden))
    if pages > limits.max_pages:
        refuse(
            "pages",
            "Tệp PDF “%(name)s” có trên %(limit)s trang. Hãy tách tệp.",
            name=name,
            limit=limits.max_pages,
        )
    return Inspection(name=name, kind="pdf", mime=KINDS["pdf"].mime, pages=pages or None)


def _count_pages(data: bytes, name: str) -> int:
    _refuse_active(data, name)
    return len(PAGE.findall(data))


def _refuse_active(data: bytes, name: str) -> None:
    if ACTIVE.search(data):
        refuse(
            "pdf_active",
            "Tệp PDF “%(name)s” chứa lệnh tự chạy (mã kịch bản, mở chương trình). Hãy in lại thành "
            "PDF thường rồi tải lên.",
            name=name,
        )


def _object_streams(data: bytes, name: str) -> Iterator[bytes]:
    """The unpacked object streams, each and all together bounded."""
    total = 0
    seen: set[int] = set()
    for marker in OBJECT_STREAM.finditer(data):
        start = STREAM.search(data, marker.end(), marker.end() + DICT_REACH)
        if start is None or start.end() in seen:
            continue
        seen.add(start.end())
        unpacked = _inflate(data, start.end(), name)
        total += len(unpacked)
        if total > MAX_OBJECT_STREAMS or len(seen) > MAX_STREAM_COUNT:
            _odd(name)
        yield unpacked


def _inflate(data: bytes, start: int, name: str) -> bytes:
    """Unpack what begins at `start`, in small pieces: zlib copies whatever it is given and does not need."""
    engine = zlib.decompressobj()
    unpacked = bytearray()
    at = start
    try:
        while not engine.eof and at < len(data):
            unpacked += engine.decompress(data[at : at + PIECE], MAX_OBJECT_STREAM)
            at += PIECE
            if len(unpacked) >= MAX_OBJECT_STREAM or engine.unconsumed_tail:
                _odd(name)
    except zlib.error:
        # Not Flate: plain text, which the search over the whole file has seen, or filters nobody writes.
        if not PLAIN.match(data, start):
            _odd(name)
    return bytes(unpacked)


def _odd(name: str) -> None:
    refuse(
        "pdf_odd",
        "Tệp PDF “%(name)s” có cấu trúc bất thường. Hãy in lại thành PDF thường rồi tải lên.",
        name=name,
    )

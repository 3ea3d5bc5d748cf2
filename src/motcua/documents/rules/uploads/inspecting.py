"""The whole check of one file: its name, what it really is, and whether that type hides something."""

from __future__ import annotations

import re
from typing import BinaryIO

import filetype

from motcua.documents.rules.uploads import archives, images, pdf
from motcua.documents.rules.uploads.kinds import ALLOWED_TEXT, BY_EXTENSION, KINDS, refuse
from motcua.documents.rules.uploads.limits import UploadLimits
from motcua.documents.rules.uploads.names import clean_name, extension_of
from motcua.documents.types import Inspection
from motcua.kernel.messages import msg

HEAD = 8192
MARKUP_WITHIN = 1024
TAIL = 66_000
"""A ZIP directory ends within 65,557 bytes of the end of the file."""

MARKUP = re.compile(rb"<\s*(!doctype\s+html|html|head|body|script|iframe|svg|\?php)", re.IGNORECASE)


def inspect(source: BinaryIO, *, name: str, limits: UploadLimits, inside_archive: bool = False) -> Inspection:
    """Check a seekable file; raises UploadRefused. Reads at most the file itself plus bounded unpacking.

    Codes beyond those of `clean_name`: empty, too_big, type, mismatch, polyglot, truncated, pdf_encrypted,
    pdf_active, pdf_odd, pages, pixels, image_broken, zip_broken, zip_encrypted, zip_entries, zip_bomb,
    zip_names,
    zip_nested, zip_inside, office_macro, office_external, office_broken.
    """
    cleaned = clean_name(name)
    size = source.seek(0, 2)
    if size == 0:
        refuse("empty", "Tệp “%(name)s” rỗng (0 byte). Hãy chọn lại tệp.", name=cleaned)
    if size > limits.max_bytes:
        refuse("too_big", "Tệp “%(name)s” lớn hơn mức cho phép.", name=cleaned)
    head = _read(source, 0, HEAD)
    tail = _read(source, max(0, size - TAIL), TAIL)
    kind = _kind(source, head)
    _check_extension(cleaned, kind, head)
    _check_single(kind, head, tail)
    if kind == "pdf":
        return pdf.inspect_pdf(source, name=cleaned, limits=limits)
    if kind in {"jpg", "png", "tiff"}:
        return images.inspect_image(source, name=cleaned, kind=kind, tail=tail, limits=limits)
    if kind in {"docx", "xlsx"}:
        return archives.inspect_office(source, name=cleaned, kind=kind, limits=limits)
    if inside_archive:
        refuse(
            "zip_nested",
            "Tệp nén chứa một tệp nén khác (“%(name)s”). Hãy giải nén rồi tải lên.",
            name=cleaned,
        )
    return archives.inspect_zip(source, name=cleaned, limits=limits, inspect=inspect)


def _kind(source: BinaryIO, head: bytes) -> str:
    """The kind by content alone, "" when it is none of ours."""
    if head.startswith(b"%PDF-"):
        return "pdf"
    if head.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith((b"II*\0", b"MM\0*")):
        return "tiff"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return archives.kind_of_zip(source)
    return ""


def _check_extension(name: str, kind: str, head: bytes) -> None:
    promised = BY_EXTENSION[extension_of(name)]
    if not kind:
        guessed = filetype.guess(head)
        refuse(
            "type",
            "Nội dung tệp “%(name)s” không phải %(allowed)s (nhận ra: %(found)s). Hãy lưu lại dưới "
            "dạng PDF hoặc ảnh.",
            name=name,
            allowed=ALLOWED_TEXT,
            found=guessed.extension.upper() if guessed else msg("không rõ"),
        )
    if kind != promised.name:
        refuse(
            "mismatch",
            "Tệp “%(name)s” có đuôi .%(ending)s nhưng nội dung là %(found)s. Hãy sửa đuôi tệp hoặc "
            "chọn đúng tệp.",
            name=name,
            ending=extension_of(name),
            found=KINDS[kind].name.upper(),
        )


def _check_single(kind: str, head: bytes, tail: bytes) -> None:
    """One file, one type: no web page in front, no archive glued behind."""
    archive_behind = kind in {"pdf", "jpg", "png", "tiff"} and b"PK\x05\x06" in tail
    if MARKUP.search(head[:MARKUP_WITHIN]) or archive_behind:
        refuse("polyglot", "Tệp có thêm nội dung lạ ẩn bên trong nên không được nhận. Hãy quét lại giấy tờ.")


def _read(source: BinaryIO, start: int, count: int) -> bytes:
    source.seek(start)
    return source.read(count)

"""Files as good and bad people bring them, made on the spot."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib

from PIL import Image

CONTENT_TYPES = "[Content_Types].xml"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def pdf(extra: bytes = b"", *, trailer: bytes = b"", end: bytes = b"%%EOF\n", pages: int = 1) -> bytes:
    body = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R " + extra + b">>\nendobj\n"
    body += b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"
    body += b"3 0 obj\n<< /Type /Page /Parent 2 0 R >>\nendobj\n" * pages
    return body + b"trailer\n<< /Root 1 0 R " + trailer + b">>\nstartxref\n9\n" + end


def pdf_packing(hidden: bytes, *, filtered: bytes = b"/Filter /FlateDecode", packed: bytes = b"") -> bytes:
    """A PDF with an object stream that holds `hidden`, or the bytes `packed` under another filter."""
    data = packed or zlib.compress(b"4 0 " + hidden)
    stream = b"4 0 obj\n<< /Type /ObjStm /N 1 /First 4 " + filtered + b" /Length %d >>\nstream\n" % len(data)
    return pdf().replace(b"trailer", stream + data + b"\nendstream\nendobj\ntrailer", 1)


def image(kind: str, size: tuple[int, int] = (60, 40), *, frames: int = 1) -> bytes:
    out = io.BytesIO()
    first = Image.new("RGB", size, "white")
    if frames > 1:
        first.save(out, kind, save_all=True, append_images=[first] * (frames - 1))
    else:
        first.save(out, kind)
    return out.getvalue()


def png_claiming(width: int, height: int) -> bytes:
    """A few bytes of PNG that say they unpack to a wall."""
    header = b"IHDR" + width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\0\0\0"
    data = image("PNG")
    return data[:8] + b"\0\0\0\x0d" + header + zlib.crc32(header).to_bytes(4, "big") + data[33:]


def archive(entries: dict[str, bytes], *, stored: bool = False) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as target:
        for name, content in entries.items():
            target.writestr(name, content)
    return out.getvalue()


def archive_with_link() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        link = zipfile.ZipInfo("giay-to.pdf")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        target.writestr(link, "/etc/passwd")
    return out.getvalue()


def archive_marked_encrypted() -> bytes:
    data = bytearray(archive({"a.pdf": pdf()}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def archive_lying_about_size() -> bytes:
    """The directory says 10 bytes; the content unpacks to a megabyte."""
    data = bytearray(archive({"a.pdf": b"%PDF-" + b"0" * 1_000_000}))
    at = data.index(b"PK\x01\x02")
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")
    return bytes(data)


def office(kind: str, extra: dict[str, bytes] | None = None) -> bytes:
    main = "word/document.xml" if kind == "docx" else "xl/workbook.xml"
    parts = {
        CONTENT_TYPES: b'<?xml version="1.0"?><Types/>',
        main: "<w:document>Đơn đề nghị</w:document>".encode(),
    }
    return archive(parts | (extra or {}))


def docx(part: str, content: bytes) -> bytes:
    """A Word file with one more part."""
    return office("docx", {part: content})


def xlsx(part: str, content: bytes) -> bytes:
    return office("xlsx", {part: content})


def relation(kind: str, *, external: bool) -> bytes:
    target = "https://example.invalid/x" if external else "x.xml"
    mode = ' TargetMode="External"' if external else ""
    one = f'<Relationship Id="r1" Type="{RELATIONS}/{kind}" Target="{target}"{mode}/>'
    return f"<Relationships>{one}</Relationships>".encode()

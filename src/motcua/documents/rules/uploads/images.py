"""Scanned and photographed papers: whole, and not bigger than a machine can open."""

from __future__ import annotations

from typing import BinaryIO

from PIL import Image

from motcua.documents.rules.uploads.kinds import KINDS, refuse
from motcua.documents.rules.uploads.limits import UploadLimits
from motcua.documents.types import Inspection

FORMATS = {"jpg": "JPEG", "png": "PNG", "tiff": "TIFF"}
ENDINGS = {"jpg": b"\xff\xd9", "png": b"IEND"}


def inspect_image(source: BinaryIO, *, name: str, kind: str, tail: bytes, limits: UploadLimits) -> Inspection:
    """Width, height and number of frames from the headers alone; pixels are not decoded."""
    if kind in ENDINGS and ENDINGS[kind] not in tail:
        refuse(
            "truncated",
            "Ảnh “%(name)s” bị thiếu phần cuối (tải lên dở dang?). Hãy quét hoặc chụp lại.",
            name=name,
        )
    source.seek(0)
    try:
        with Image.open(source, formats=[FORMATS[kind]]) as image:
            width, height = image.size
            pages = _frames(image, limits) if kind == "tiff" else None
            if kind == "png" and width * height <= limits.max_pixels:
                image.verify()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        _too_many_pixels(name, limits)
    except (
        Exception
    ):  # Pillow raises nearly anything on a damaged file; all of it means the same to the person
        refuse(
            "image_broken", "Không đọc được ảnh “%(name)s” (tệp hỏng?). Hãy quét hoặc chụp lại.", name=name
        )
    if not width or not height or width * height > limits.max_pixels:
        _too_many_pixels(name, limits)
    if pages is not None and pages < 0:
        _too_many_pixels(name, limits)
    return Inspection(name=name, kind=kind, mime=KINDS[kind].mime, pages=pages, width=width, height=height)


def _frames(image: Image.Image, limits: UploadLimits) -> int:
    """How many pages a TIFF has; -1 when one of them, or their number, goes over the limits."""
    count = 0
    while True:
        if image.width * image.height > limits.max_pixels or count >= limits.max_pages:
            return -1
        count += 1
        try:
            image.seek(count)
        except EOFError:
            return count


def _too_many_pixels(name: str, limits: UploadLimits) -> None:
    refuse(
        "pixels",
        "Ảnh “%(name)s” có quá nhiều điểm ảnh (trên %(limit)s triệu). Hãy quét lại ở độ phân giải "
        "200–300 dpi.",
        name=name,
        limit=limits.max_pixels // 1_000_000,
    )

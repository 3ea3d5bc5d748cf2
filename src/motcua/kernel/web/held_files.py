"""A file that a page shows first and takes in with the next press, so that it need not be chosen again."""

from __future__ import annotations

import base64
import binascii
import zlib

from django.core.files.uploadedfile import UploadedFile

from motcua.kernel.errors import Invalid
from motcua.kernel.http import ActorRequest
from motcua.kernel.messages import Message, msg

LONGEST_NAME = 200


def sent_file(
    request: ActorRequest, *, unnamed: str, most: int, too_large: Message, missing: Message
) -> tuple[str, bytes]:
    """Name and content of the file sent now, or of the one the page carried along; never more than `most` bytes.

    Raises `Invalid` with `too_large` or `missing`, or when what was carried along is broken.
    """
    sent = request.FILES.get("file")
    if isinstance(sent, UploadedFile):
        if (sent.size or 0) > most:
            raise Invalid(too_large, field="file")
        return (sent.name or unnamed)[:LONGEST_NAME], sent.read()
    held = request.POST.get("held", "")
    if not held:
        raise Invalid(missing, field="file")
    try:
        data = zlib.decompressobj().decompress(base64.b64decode(held, validate=True), most)
    except (binascii.Error, zlib.error, ValueError):
        raise Invalid(msg("Tệp giữ lại trên trang đã hỏng. Chọn tệp lần nữa."), field="file") from None
    return request.POST.get("name", "")[:LONGEST_NAME] or unnamed, data


def hold(data: bytes, *, most: int) -> str:
    """The content for a hidden field; "" where that would be longer than `most` characters."""
    held = base64.b64encode(zlib.compress(data)).decode()
    return held if len(held) <= most else ""

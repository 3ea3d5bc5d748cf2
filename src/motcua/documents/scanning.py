"""The virus scanner: ClamAV's daemon over its socket, if MOTCUA_CLAMAV_SOCKET names one."""

from __future__ import annotations

import socket
import struct
from typing import BinaryIO

from django.conf import settings

from motcua.documents.errors import ScannerDown

CHUNK = 64 * 1024
SECONDS = 30


def configured() -> bool:
    return bool(settings.CLAMAV_SOCKET)


def scan(source: BinaryIO) -> str:
    """The name of what was found, or "" when clean. Raises ScannerDown when there is no usable answer.

    clamd's INSTREAM: chunks with a four-byte length in front, a zero length at the end. An answer of ERROR
    (for
    example a file over StreamMaxLength) counts as no answer: such a file waits rather than passes.
    """
    source.seek(0)
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as wire:
            wire.settimeout(SECONDS)
            wire.connect(str(settings.CLAMAV_SOCKET))
            wire.sendall(b"zINSTREAM\0")
            while chunk := source.read(CHUNK):
                wire.sendall(struct.pack("!I", len(chunk)) + chunk)
            wire.sendall(struct.pack("!I", 0))
            answer = _read_all(wire)
    except OSError as error:
        raise ScannerDown(str(error)) from error
    text = answer.rstrip(b"\0\n").decode("utf-8", "replace").removeprefix("stream: ")
    if text == "OK":
        return ""
    if text.endswith(" FOUND"):
        return text.removesuffix(" FOUND")
    raise ScannerDown(text or "empty answer")


def _read_all(wire: socket.socket) -> bytes:
    parts = []
    while part := wire.recv(4096):
        parts.append(part)
    return b"".join(parts)

"""Two programs that are none of ours look at a signed PDF: poppler's pdfsig, and openssl over the bytes it covers."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

BYTE_RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]")
needs_pdfsig = pytest.mark.skipif(shutil.which("pdfsig") is None, reason="poppler's pdfsig is not installed")
needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")


@dataclass(frozen=True)
class Covered:
    """What one signature covers, and the signature itself."""

    content: bytes
    signature: bytes
    to_the_end: bool


def covered(pdf: bytes) -> list[Covered]:
    """Read with nothing but regular expressions."""
    found = []
    for match in BYTE_RANGE.finditer(pdf):
        start, length, after, rest = (int(part) for part in match.groups())
        hexadecimal = pdf[length + 1 : after - 1]
        der = bytes.fromhex(hexadecimal.decode("ascii"))
        found.append(
            Covered(
                pdf[start:length] + pdf[after : after + rest],
                der[: _length(der)],
                after + rest == len(pdf),
            )
        )
    return found


def openssl_accepts(one: Covered, *, ca: Path, folder: Path, at: int) -> bool:
    """`openssl cms -verify` of the detached signature under this authority, at a moment (seconds)."""
    (folder / "content").write_bytes(one.content)
    (folder / "signature.der").write_bytes(one.signature)
    line = [
        "openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", "signature.der", "-content", "content",
        "-CAfile", str(ca), "-purpose", "any", "-attime", str(at), "-out", "/dev/null",
    ]  # fmt: skip
    done = subprocess.run(line, cwd=folder, capture_output=True, check=False)
    return done.returncode == 0


def pdfsig_says(pdf: bytes, folder: Path) -> list[bool]:
    """Whether poppler takes each signature for valid (it is not asked about trust)."""
    target = folder / "signed.pdf"
    target.write_bytes(pdf)
    said = subprocess.run(
        ["pdfsig", "-nocert", str(target)], capture_output=True, text=True, check=False, cwd=folder
    ).stdout
    return [
        line.endswith("Signature is Valid.") for line in said.splitlines() if "Signature Validation:" in line
    ]


def _length(der: bytes) -> int:
    """The whole length of the DER value that a padded field begins with."""
    first = der[1]
    if first < 0x80:
        return 2 + first
    octets = first & 0x7F
    return 2 + octets + int.from_bytes(der[2 : 2 + octets], "big")

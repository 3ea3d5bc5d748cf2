"""The stamp of a signature as a small PDF: set by typst like every letter, put into the field as its picture."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from threading import Lock

import typst

from motcua.documents.errors import LetterNotRendered
from motcua.documents.letters.rendering import family, fonts, printable
from motcua.documents.rules.signing import CannotSign, Certificate
from motcua.kernel.clock import local

HERE = Path(__file__).resolve().parent
STANDARDS: list[typst.PDFStandard] = ["a-2b"]
_LOCK = Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What a signature shows, and how large it may be (points)."""

    certificate: Certificate
    is_seal: bool
    at: datetime
    width: float
    height: float
    image: str = ""


def draw(stamp: Stamp) -> bytes:
    """The picture of a signature. An image that was declared (a signature, a seal) stands instead of words."""
    said = {
        "seal": stamp.is_seal,
        "name": stamp.certificate.name,
        "width": stamp.width,
        "height": stamp.height,
        "lines": [[label, printable(value)] for label, value in lines(stamp)],
        "image": stamp.image,
        "image-bytes": list(_image(stamp.image)) if stamp.image else [],
    }
    inputs = {"data": json.dumps(said, ensure_ascii=False), "fonts": json.dumps([family()])}
    try:
        with _LOCK:
            content, warnings = _compiler().compile_with_warnings(
                sys_inputs=inputs, format="pdf", pdf_standards=STANDARDS, pdf_tags=False
            )
    except typst.TypstError as error:
        raise LetterNotRendered(error.message) from error
    if warnings:
        raise LetterNotRendered("; ".join(warning.message for warning in warnings))
    assert isinstance(content, bytes)
    return content


def lines(stamp: Stamp) -> list[tuple[str, str]]:
    """Label and words of each line: on paper always Vietnamese."""
    shown = stamp.certificate
    found = [("Cơ quan" if stamp.is_seal else "Người ký", shown.name)]
    if shown.organisation and shown.organisation != shown.name:
        found.append(("Đơn vị", shown.organisation))
    found.append(("Thời gian ký", f"{local(stamp.at):%d/%m/%Y %H:%M:%S} +07:00".replace(" ", "\u00a0")))
    if shown.is_demo:
        found.append(("", "CHỨNG THƯ THỬ NGHIỆM"))
    return found


def _image(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise CannotSign("file_missing", file=path) from error


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    return typst.Compiler(str(HERE / "stamp.typ"), root=str(HERE), font_paths=fonts())

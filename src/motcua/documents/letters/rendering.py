"""From a letter's data to a PDF/A-2a, PDF/UA-1 file with typst.

Data travels as JSON text in `sys_inputs` and is shown literally: it can never become markup. The same
payload and
template version give the same bytes, because the date in the PDF is the letter's own and the fonts are
carried along.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import segno
import typst
from fontTools.ttLib import TTFont

from motcua.documents.errors import FontMissing, LetterNotRendered
from motcua.documents.letters.kinds import form_of, letter_kind
from motcua.documents.types import LetterData, to_plain

TEMPLATE_VERSION = 1
"""The newest template folder. A changed layout gets a new folder; letters keep the one they were issued
with."""

HERE = Path(__file__).resolve().parent
FONT_FOLDER = HERE.parent / "fonts"
FAMILIES = ("Tinos", "Times New Roman", "Liberation Serif")
"""Metric-compatible with each other. Tinos first: it is the same file on every machine, so letters stay the
same."""

LONGEST_WORD = 30
MISSING = "□"
FONT_FILE = "Tinos_400Regular.ttf"
LONG_WORD = re.compile(rf"\S{{{LONGEST_WORD},}}")
"""A code or an address without spaces must break rather than leave the page. Done here: typst is slower at
it."""

STANDARDS: list[typst.PDFStandard] = ["a-2a", "ua-1"]


@dataclass(frozen=True)
class _Template:
    compiler: typst.Compiler
    lock: Lock = field(default_factory=Lock)


def payload_for(kind: str, data: LetterData, *, number_text: str, issued_at: datetime) -> dict[str, Any]:
    """Everything a template needs, in JSON types: the snapshot a `Letter` stores."""
    return {
        **data.to_json(),
        "form": form_of(letter_kind(kind)),
        "number_text": number_text,
        "issued_at": to_plain(issued_at),
    }


def render(kind: str, data: LetterData, *, number_text: str, issued_at: datetime) -> bytes:
    """The PDF of a letter that is not stored (a preview, a register). Raises as `render_payload`."""
    return render_payload(payload_for(kind, data, number_text=number_text, issued_at=issued_at))


def render_payload(payload: Mapping[str, Any], *, version: int = TEMPLATE_VERSION) -> bytes:
    """The PDF of a stored snapshot.

    Raises FontMissing when no Times-like family is installed, LetterNotRendered when typst refuses or
    warns: a
    warning means a letter that looks different from what was designed.
    """
    inputs = {"data": json.dumps(prepared(payload), ensure_ascii=False), "fonts": json.dumps([family()])}
    template = _template(version, str(payload["form"]["template"]))
    try:
        # A compiler changes its own inputs while it works, so one thread at a time.
        with template.lock:
            content, warnings = template.compiler.compile_with_warnings(
                sys_inputs=inputs, format="pdf", pdf_standards=STANDARDS
            )
    except typst.TypstError as error:
        raise LetterNotRendered(f"{error.message} {' '.join(error.hints)}".strip()) from error
    if warnings:
        raise LetterNotRendered("; ".join(warning.message for warning in warnings))
    assert isinstance(content, bytes)
    return content


@lru_cache(maxsize=1)
def fonts() -> typst.Fonts:
    paths = [str(FONT_FOLDER)] if FONT_FOLDER.is_dir() else []
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=paths)
    if FAMILIES[0] in fonts.families():
        return fonts
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=False, font_paths=paths)


@lru_cache(maxsize=1)
def family() -> str:
    """The font family letters are set in; FontMissing when the machine has none of FAMILIES."""
    present = set(fonts().families())
    for name in FAMILIES:
        if name in present:
            return name
    raise FontMissing(FAMILIES)


@lru_cache(maxsize=64)
def _template(version: int, name: str) -> _Template:
    folder = HERE / f"v{version}"
    path = folder / f"{name}.typ"
    if not name.isidentifier() or not path.is_file():
        raise LetterNotRendered(f"there is no template {name!r} in version {version}")
    return _Template(typst.Compiler(str(path), root=str(folder), font_paths=fonts()))


def prepared(payload: Mapping[str, Any]) -> dict[str, Any]:
    """The payload in letters the font has, with its QR drawn and places where very long words may break."""
    tracking = payload.get("tracking") or {}
    shown: dict[str, Any] = _breakable(payload)
    if tracking.get("url"):
        shown["qr"] = qr_svg(tracking["url"])
    for said, payment in zip(payload.get("payments") or (), shown.get("payments") or (), strict=True):
        payment["picture"] = qr_svg(said["qr"]) if said["qr"] else ""
    return shown


def _breakable(value: Any) -> Any:
    if isinstance(value, str):
        shown = printable(value)
        return (
            LONG_WORD.sub(lambda word: "\u200b".join(word[0]), shown) if len(shown) >= LONGEST_WORD else shown
        )
    if isinstance(value, Mapping):
        return {key: _breakable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_breakable(item) for item in value]
    return value


def printable(text: str) -> str:
    """The text with a box where the font has no letter: a smiley in a name must not cost the person the slip."""
    known = _letters()
    return text if text.isascii() else "".join(c if ord(c) in known or c == "\n" else MISSING for c in text)


@lru_cache(maxsize=1)
def _letters() -> frozenset[int]:
    """The characters of the carried font; without it, those every Times-like font has."""
    path = FONT_FOLDER / FONT_FILE
    if not path.exists():
        return frozenset(range(0x20, 0x2000)) | frozenset(map(ord, "–—‘’“”…•₫№□"))
    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap())


@lru_cache(maxsize=256)
def qr_svg(text: str) -> str:
    """An SVG QR code (error level M: survives a crease and a bad printer).

    The mask is fixed: weighing all eight takes four times as long and scanners read each of them.
    """
    out = io.BytesIO()
    segno.make(text, error="m", micro=False, mask=2).save(out, kind="svg", border=0, xmldecl=False)
    return out.getvalue().decode("ascii")

"""Sheets: what is printed for the public and never kept, numbered or signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from motcua.documents.types import Tracking, to_plain


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetPaper:
    """One paper to bring: how many, when it is needed, what may stand for it."""

    name: str
    form: str = ""
    needed: str = ""
    copies: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """A line of time or money: for what, how much, and the small print under it."""

    label: str
    value: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetPart:
    """A heading with paragraphs under it; left out of the sheet while it has none."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcedureSheet:
    """What a procedure asks, costs and takes, as of a moment.

    `at` is the moment it speaks of, `printed_at` when it was made. `notices` stand before everything else.
    `tracking.url` goes into the QR; there is none where the address of the site is not known.
    """

    authority: str
    code: str
    name: str
    at: datetime
    printed_at: datetime
    version: str
    tracking: Tracking
    known: str = ""
    chosen: str = ""
    notices: tuple[str, ...] = ()
    glance: tuple[SheetRow, ...] = ()
    papers: tuple[SheetPaper, ...] = ()
    no_papers: str = ""
    limits: tuple[SheetRow, ...] = ()
    fees: tuple[SheetRow, ...] = ()
    no_fees: str = ""
    forms: tuple[SheetRow, ...] = ()
    where: tuple[SheetRow, ...] = ()
    parts: tuple[SheetPart, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """JSON types only, NFC, local time."""
        plain: dict[str, Any] = to_plain(self)
        return plain

"""Kinds of values that requests bring, as narrow as the tables that keep them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from motcua.kernel.clock import local
from motcua.kernel.text import nfc


def _clean(value: object) -> object:
    return nfc(value) if isinstance(value, str) else value


def _clean_lines(value: object) -> object:
    if not isinstance(value, str):
        return value
    return "\n".join(line for line in (nfc(part) for part in value.splitlines()) if line)


def _sane(day: date) -> date:
    if not 1900 <= day.year <= 2200:
        raise ValueError("year")
    return day


Line = Annotated[str, BeforeValidator(_clean)]
"""One line of text: composed, control characters dropped, spaces collapsed, before its length is counted."""
Text = Annotated[str, BeforeValidator(_clean_lines), Field(max_length=4000)]
"""Several lines of text."""
Code = Annotated[str, BeforeValidator(_clean), Field(max_length=60)]
Day = Annotated[date, AfterValidator(_sane)]
"""A day between 1900 and 2200."""
Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
Instant = Annotated[datetime, AfterValidator(local)]
"""An instant in an answer, on the wall clock of Viet Nam with its offset."""

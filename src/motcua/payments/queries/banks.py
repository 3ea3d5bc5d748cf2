"""The banks of Viet Nam by the number NAPAS gives them (`data/banks.json` names its source)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Bank:
    """`receives`: a transfer by VietQR reaches accounts there."""

    bin: str
    name: str
    short_name: str
    receives: bool


@lru_cache(maxsize=1)
def banks() -> Mapping[str, Bank]:
    """Every bank by its number, in the order of short names."""
    text = files("motcua.payments").joinpath("data", "banks.json").read_text(encoding="utf-8")
    rows = sorted(json.loads(text)["banks"], key=lambda row: row["short_name"].casefold())
    return MappingProxyType({row["bin"]: Bank(**row) for row in rows})


def bank_name(bank_bin: str) -> str:
    """The short name people know, the number itself for a bank that is not in the list."""
    found = banks().get(bank_bin)
    return found.short_name if found else bank_bin

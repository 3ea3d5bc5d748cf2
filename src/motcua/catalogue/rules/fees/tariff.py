"""A fee (phí) or charge (lệ phí) as a rule: how much, for what, reduced or waived for whom, from when to when.

Law on Fees and Charges 97/2015 articles 8-10; amounts of provinces by resolution of the People's Council. All
amounts are whole đồng; rates are exact fractions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any, Self


class FeeKind(StrEnum):
    """The two kinds the law knows; receipts keep them apart."""

    FEE = "phi"
    CHARGE = "le_phi"


class Side(StrEnum):
    """Which of the dossier's units is meant."""

    RECEIVING = "receiving"
    DECIDING = "deciding"


@dataclass(frozen=True, slots=True)
class Tier:
    """A stretch of a quantity with its own price for one; `up_to` None is everything above."""

    up_to: int | None
    amount: int


@dataclass(frozen=True, slots=True)
class Reduction:
    """Less for some, without proof: for a channel (online), or for a time. `percent` of the amount is taken off."""

    key: str
    percent: Fraction
    channels: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Exemption:
    """A group of people who pay nothing, or less, against a proof. `percent` 1 is everything."""

    key: str
    name: str
    proof: str = ""
    percent: Fraction = Fraction(1)
    basis: str = ""


@dataclass(frozen=True, slots=True)
class FeeRule:
    """One line of what is owed.

    The amount is `amount` for each of quantity `counts` (1 where empty), or the sum of the `tiers` it runs through, or
    `rate` of the quantity `counts` taken as đồng; then `at_least` and `cap`; then once for each of `times` (copies).
    `amount` None without tiers or rate: not known here, set by `set_by`. `held` says why nobody is charged yet.
    `valid_to` is the first day it no longer counts. `free_days`: asked only after so many days from the `event` (the
    60 days for registering a birth); `first_day_counts` says whether the day of the event is day one.
    `kept_when_refused`: not paid back when nothing is granted.
    """

    key: str
    kind: FeeKind
    name: str
    amount: int | None = None
    counts: str = ""
    unit_name: str = ""
    tiers: tuple[Tier, ...] = ()
    rate: Fraction | None = None
    at_least: int = 0
    cap: int | None = None
    times: str = ""
    cases: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    condition: str = ""
    reductions: tuple[Reduction, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    set_by: str = ""
    basis: str = ""
    held: str = ""
    collected_by: Side = Side.RECEIVING
    budget_of: Side = Side.DECIDING
    free_days: int | None = None
    event: str = ""
    first_day_counts: bool = False
    kept_when_refused: bool = False

    @property
    def is_known(self) -> bool:
        return self.amount is not None or bool(self.tiers) or self.rate is not None

    @property
    def asks(self) -> tuple[str, ...]:
        """The quantities somebody must count before the amount is known."""
        return tuple(dict.fromkeys(name for name in (self.counts, self.times) if name))

    def day_number(self, event_day: date, day: date) -> int:
        """Which day of the term `day` is: the day after the event is day one, or the day itself."""
        return (day - event_day).days + (1 if self.first_day_counts else 0)

    def stands_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day < self.valid_to
        )

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready, empty parts left out; `from_dict` is its exact inverse."""
        plain: dict[str, Any] = _plain(self)
        return plain

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Raises KeyError, TypeError or ValueError on anything `to_dict` does not write, and on what makes no sense."""
        values = dict(data)
        values["kind"] = FeeKind(values["kind"])
        values["tiers"] = tuple(Tier(**{"up_to": None, **part}) for part in values.get("tiers", ()))
        values["reductions"] = tuple(_reduction(part) for part in values.get("reductions", ()))
        values["exemptions"] = tuple(_exemption(part) for part in values.get("exemptions", ()))
        for name in ("cases", "channels"):
            values[name] = tuple(values.get(name, ()))
        for name in ("valid_from", "valid_to"):
            if values.get(name):
                values[name] = date.fromisoformat(values[name])
        if values.get("rate") is not None:
            values["rate"] = Fraction(values["rate"])
        for name in ("collected_by", "budget_of"):
            if name in values:
                values[name] = Side(values[name])
        rule = cls(**values)
        _refuse_nonsense(rule)
        return rule


def _refuse_nonsense(rule: FeeRule) -> None:
    amounts = [rule.amount, rule.cap, rule.at_least, *(tier.amount for tier in rule.tiers)]
    if any(amount is not None and (not isinstance(amount, int) or amount < 0) for amount in amounts):
        raise ValueError(f"{rule.key}: an amount is a whole number of đồng, not below nought")
    if sum((rule.amount is not None, bool(rule.tiers), rule.rate is not None)) > 1:
        raise ValueError(f"{rule.key}: either an amount, or tiers, or a rate")
    if (rule.tiers or rule.rate is not None) and not rule.counts:
        raise ValueError(f"{rule.key}: tiers and rates need a quantity to count")
    if rule.free_days is not None and (rule.free_days < 1 or not rule.event):
        raise ValueError(f"{rule.key}: a term is of one day or more, from a named event")
    bounds = [tier.up_to for tier in rule.tiers]
    if rule.tiers and (bounds[-1] is not None or None in bounds[:-1]):
        raise ValueError(f"{rule.key}: the last tier, and only it, has no upper bound")
    whole = [bound for bound in bounds if bound is not None]
    if whole != sorted(set(whole)):
        raise ValueError(f"{rule.key}: tiers must rise")
    shares = [r.percent for r in rule.reductions] + [e.percent for e in rule.exemptions]
    if any(not 0 < share <= 1 for share in shares):
        raise ValueError(f"{rule.key}: a reduction takes off more than nothing and no more than everything")


def _reduction(data: Mapping[str, Any]) -> Reduction:
    values = {**data, "percent": Fraction(data["percent"]), "channels": tuple(data.get("channels", ()))}
    for name in ("valid_from", "valid_to"):
        if values.get(name):
            values[name] = date.fromisoformat(values[name])
    return Reduction(**values)


def _exemption(data: Mapping[str, Any]) -> Exemption:
    return Exemption(**{**data, "percent": Fraction(data.get("percent", 1))})


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if hasattr(value, "__dataclass_fields__"):
        return {
            part.name: _plain(found)
            for part in fields(value)
            if (found := getattr(value, part.name)) != part.default and found not in ((), None)
        }
    return value

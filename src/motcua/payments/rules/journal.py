"""Double-entry postings of every kind of entry. Pure: sides in, sides out, each list adding up to nought.

A side is an account of the unit's books and a signed amount of whole đồng, debit positive. What a unit collects for
the State is revenue by kind (phí, lệ phí) from the moment it is owed; money that nobody owes yet is an advance.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum

Side = tuple[str, int]


class Account(StrEnum):
    """The accounts of a unit's books."""

    RECEIVABLE = "receivable"
    REVENUE_FEE = "revenue.phi"
    REVENUE_CHARGE = "revenue.le_phi"
    CASH = "cash"
    BANK = "bank"
    CARD = "card"
    PLATFORM = "platform"
    ADVANCE = "advance"
    TREASURY = "treasury"
    DIFFERENCE = "difference"


REVENUE = {"phi": Account.REVENUE_FEE, "le_phi": Account.REVENUE_CHARGE}
MONEY = {
    "cash": Account.CASH,
    "transfer": Account.BANK,
    "card": Account.CARD,
    "platform": Account.PLATFORM,
}
"""Where money of each way to pay lies until it is remitted."""


def charge(lines: Iterable[tuple[str, int]]) -> list[Side]:
    """Somebody owes: (kind, amount) of each line."""
    owed = list(lines)
    return _merged([(Account.RECEIVABLE, sum(amount for _, amount in owed)), *_revenue(owed, sign=-1)])


def cancelled(lines: Iterable[tuple[str, int]]) -> list[Side]:
    """What was owed and not paid is owed no more."""
    return reversal(charge(lines))


def payment(method: str, amount: int, *, owed: int) -> list[Side]:
    """Money came; what exceeds `owed` is an advance that waits for an allocation or a refund."""
    _positive(amount)
    used = min(amount, max(owed, 0))
    return _merged([(MONEY[method], amount), (Account.RECEIVABLE, -used), (Account.ADVANCE, used - amount)])


def allocation(amount: int) -> list[Side]:
    """An advance pays what is owed."""
    _positive(amount)
    return [(Account.ADVANCE, amount), (Account.RECEIVABLE, -amount)]


def refund(method: str, *, lines: Iterable[tuple[str, int]] = (), advance: int = 0) -> list[Side]:
    """Money goes back: of paid lines (kind, amount), and of an advance."""
    back = list(lines)
    total = sum(amount for _, amount in back) + advance
    _positive(total)
    return _merged([*_revenue(back, sign=1), (Account.ADVANCE, advance), (MONEY[method], -total)])


def reversal(sides: Iterable[Side]) -> list[Side]:
    """The exact opposite of an entry."""
    return [(account, -amount) for account, amount in sides]


def remittance(method: str, amount: int) -> list[Side]:
    """Money is paid in at the State Treasury."""
    _positive(amount)
    return [(Account.TREASURY, amount), (MONEY[method], -amount)]


def difference(found: int) -> list[Side]:
    """Cash counted differs from the books by `found` (more is positive)."""
    return _merged([(Account.CASH, found), (Account.DIFFERENCE, -found)])


def balanced(sides: Iterable[Side]) -> bool:
    """Whether an entry adds up to nought."""
    return sum(amount for _, amount in sides) == 0


def shared_out(lines: Sequence[tuple[str, int]], *, before: int, amount: int) -> list[int]:
    """How much of `amount` goes to each line (kind, amount), in their order, when `before` was already paid.

    >>> shared_out([("phi", 8_000), ("le_phi", 5_000)], before=0, amount=10_000)
    [8000, 2000]
    """
    found: list[int] = []
    skipped, left = before, amount
    for _kind, owed in lines:
        paid_here = min(owed, skipped)
        skipped -= paid_here
        here = min(owed - paid_here, left)
        left -= here
        found.append(here)
    return found


def _revenue(lines: Iterable[tuple[str, int]], *, sign: int) -> list[Side]:
    return [(REVENUE[kind], sign * amount) for kind, amount in lines]


def _merged(sides: Iterable[Side]) -> list[Side]:
    """One side an account, none that moves nothing."""
    sums: dict[str, int] = {}
    for account, amount in sides:
        sums[account] = sums.get(account, 0) + amount
    return [(account, amount) for account, amount in sums.items() if amount]


def _positive(amount: int) -> None:
    if amount <= 0:
        raise ValueError(f"an amount of {amount} đồng moves nothing")

"""The data of letters about money: the record of a closed day, the slip of a refund."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from motcua.documents.types import LetterData, Party


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountLine:
    """A named sum in whole đồng: a way to pay (`returned`: given back by it), a kind of fee, notes (`count`)."""

    name: str
    amount: int
    returned: int = 0
    count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesLine:
    """The receipts of one series used on a day."""

    symbol: str
    first: str
    last: str
    count: int
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Remittance:
    """Money paid in at the State Treasury."""

    document: str
    method: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionRecord(LetterData):
    """What a unit collected on one day, counted and closed. `digest` binds the paper to the books."""

    KIND: ClassVar[str] = "collection_record"

    collector: str
    tax_code: str
    day: date
    methods: tuple[AmountLine, ...]
    revenue: tuple[AmountLine, ...]
    receipts: tuple[SeriesLine, ...]
    remittances: tuple[Remittance, ...]
    pieces: tuple[AmountLine, ...]
    expected: int
    counted: int
    counted_in_words: str
    explanation: str
    cashier: str
    second: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundSlip(LetterData):
    """Fees given back to who paid them, with the three people who stand for it."""

    KIND: ClassVar[str] = "refund_slip"

    payee: Party
    subject: str
    procedure: str
    reference: str
    lines: tuple[AmountLine, ...]
    amount: int
    amount_in_words: str
    reason: str
    method: str
    to_account: str
    payout_reference: str
    asked_by: str
    confirmed_by: str
    paid_out_by: str

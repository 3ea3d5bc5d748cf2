"""What the cashier's pages show: which bills a scan means, and what is open at this seat."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from motcua.counter.rules.card_scan import CardScan, ScanKind
from motcua.dossiers import queries as dossiers
from motcua.kernel.actor import Actor
from motcua.kernel.messages import Message, msg
from motcua.organisation.types import UnitInfo
from motcua.payments import queries as payments
from motcua.payments.queries import WaitingPage

_REFERENCE = re.compile(r"MC[0-9]{6}[A-HJ-NP-Z2-9]{10}")
"""The reference of a bill inside whatever was scanned: the bare text, or the payload of its VietQR."""


NO_PAGE = WaitingPage((), None)


@dataclass(frozen=True, slots=True)
class ScannedBills:
    """What a scan means for the till: one bill to open, several to choose from, or why there is none."""

    reference: str = ""
    page: WaitingPage = NO_PAGE
    problem: Message | None = None


def units_of(unit: UnitInfo) -> tuple[int, ...]:
    """The units whose bills are paid at a seat: its own and its agency's."""
    return tuple(dict.fromkeys((unit.id, unit.agency_id)))


def scanned_bills(actor: Actor, unit: UnitInfo, text: str, scan: CardScan) -> ScannedBills:
    """The bills of a slip, a dossier's code, a payment reference, or a person's card (at most 3 statements)."""
    units = units_of(unit)
    found = _REFERENCE.search(text.upper())
    if found is not None:
        named = payments.bills_named(units, found[0])
        return ScannedBills(named[0].reference) if named else _nothing()
    if scan.problem is not None:
        return ScannedBills(problem=scan.problem)
    if scan.person is not None:
        numbers = [n for n in (scan.person.id_number, scan.person.old_id_number) if n]
        return _one_or_list(payments.waiting_of_payer(units, numbers))
    code = scan.reference
    if scan.kind is ScanKind.SLIP:
        visible = dossiers.visible_to(actor).filter(tracking_token=scan.reference)
        code = visible.values_list("code", flat=True).first() or ""
    named = payments.bills_named(units, code) if code else []
    if not named:
        return _nothing()
    waiting = payments.waiting_page(units, text=code)
    if len(waiting.rows) > 1:
        return ScannedBills(page=waiting)
    return ScannedBills(named[0].reference)


def _one_or_list(page: WaitingPage) -> ScannedBills:
    if not page.rows:
        return _nothing()
    return ScannedBills(page.rows[0].reference) if len(page.rows) == 1 else ScannedBills(page=page)


def _nothing() -> ScannedBills:
    return ScannedBills(
        problem=msg("Không có khoản phải nộp nào ở đây khớp với mã vừa quét. Gõ họ tên hoặc mã hồ sơ để tìm.")
    )


def tracking_token(actor: Actor, subject: str) -> str:
    """The token on a dossier's slip, with which its owner pays online; empty when the actor may not see it."""
    found = dossiers.visible_to(actor).filter(code=subject).values_list("tracking_token", flat=True).first()
    return str(found or "")


@dataclass(frozen=True, slots=True)
class TillState:
    """What the head of the list says about the till; an open day with whose books it is in."""

    open_days: Sequence[tuple[int, date]]
    today_closed: bool
    refunds: int


def till_state(unit: UnitInfo, today: date) -> TillState:
    """Days nobody closed, whether today is, refunds under way (3 statements)."""
    return TillState(
        open_days=payments.open_days_of(units_of(unit), before=today),
        today_closed=payments.day_of(unit.id, today) is not None,
        refunds=len(payments.refunds(units_of(unit)).rows),
    )

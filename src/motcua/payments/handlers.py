"""What the books do by the clock and after an act."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from motcua.kernel.actor import Actor
from motcua.kernel.outbox import every, job
from motcua.payments import actions
from motcua.payments.actions.ereceipt_jobs import CANCEL, SEND
from motcua.payments.actions.statements import SETTLE


@every(minutes=1, name="payments.ask_platform")
def ask_platform(_payload: dict[str, Any], now: datetime) -> dict[str, int]:
    """Ask the platform again about payments online whose outcome nobody told."""
    return actions.ask_platform(now=now)


@every(minutes=12 * 60, name="payments.propose_books")
def propose_books(_payload: dict[str, Any], now: datetime) -> dict[str, int]:
    """In December, next year's books; the rest of the year this finds nothing to do."""
    made = actions.propose_next_books(actor=Actor.system("Đề xuất quyển biên lai"), now=now)
    return {"proposed": len(made)}


@job(SEND)
def send_ereceipt(payload: dict[str, Any], now: datetime) -> dict[str, str]:
    """Give one electronic receipt to the driver; a driver that does not answer is asked again."""
    actor = Actor.system("Gửi biên lai điện tử")
    sending = actions.send_receipt(actor=actor, receipt_id=int(payload["receipt_id"]), now=now)
    return {"state": sending.state, "reference": sending.reference}


@job(CANCEL)
def cancel_ereceipt(payload: dict[str, Any], now: datetime) -> dict[str, str]:
    """Tell the driver of one electronic receipt that stands no longer."""
    actor = Actor.system("Hủy biên lai điện tử")
    told = actions.send_cancellation(actor=actor, receipt_id=int(payload["receipt_id"]), now=now)
    return {"state": told.state, "reference": told.reference} if told else {}


@every(minutes=60, name="payments.send_waiting_ereceipts")
def send_waiting(_payload: dict[str, Any], now: datetime) -> dict[str, int]:
    """Electronic receipts written before a driver was chosen."""
    return {"asked": actions.send_waiting(now=now)}


@every(minutes=60, name="payments.write_waiting_receipts")
def write_waiting_receipts(_payload: dict[str, Any], now: datetime) -> dict[str, int]:
    """Receipts of money that came while no book was open."""
    return {"written": actions.write_waiting_receipts(now=now)}


@job(SETTLE)
def settle_statement(payload: dict[str, Any], now: datetime) -> dict[str, int]:
    """Book the lines of a bank statement that need nobody; running twice books nothing twice."""
    actor = Actor.system(f"Khớp sao kê ({payload['by']})", "job")
    return actions.settle_automatic(actor=actor, account_id=int(payload["account_id"]), now=now)

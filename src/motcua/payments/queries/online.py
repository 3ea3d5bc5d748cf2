"""One payment online for the people who look at it."""

from __future__ import annotations

from dataclasses import dataclass

from motcua.kernel.actor import Actor
from motcua.kernel.messages import msg
from motcua.organisation import queries as organisation
from motcua.organisation.types import UnitInfo
from motcua.payments.errors import UnknownTransaction
from motcua.payments.models import PlatformExchange, PlatformTransaction
from motcua.payments.permissions import can_collect, can_confirm, can_see
from motcua.payments.types import TransactionState

SHOWN = 60


@dataclass(frozen=True, slots=True)
class TransactionPage:
    """An attempt with every message about it, the newest first."""

    attempt: PlatformTransaction
    unit: UnitInfo
    exchanges: tuple[PlatformExchange, ...]
    can_ask: bool
    can_resolve: bool

    @property
    def is_paid(self) -> bool:
        return self.attempt.state == TransactionState.SUCCEEDED


def transaction_page(*, actor: Actor, transaction_id: int) -> TransactionPage:
    """An attempt at a bill of a unit the person looks after (two statements). Raises `UnknownTransaction`."""
    attempt = PlatformTransaction.objects.select_related("bill").filter(pk=transaction_id).first()
    if attempt is None or not can_see(actor, attempt.bill.unit_id):
        raise UnknownTransaction(msg("Không có giao dịch trực tuyến này."))
    unit = organisation.unit(attempt.bill.unit_id)
    over = attempt.state in (TransactionState.SUCCEEDED, TransactionState.FAILED)
    return TransactionPage(
        attempt=attempt,
        unit=unit,
        exchanges=tuple(PlatformExchange.objects.filter(transaction=attempt).order_by("-pk")[:SHOWN]),
        can_ask=attempt.state not in (TransactionState.SUCCEEDED, TransactionState.DISPUTED)
        and can_collect(actor, unit.id),
        can_resolve=(not over or bool(attempt.problem)) and can_confirm(actor, unit.id),
    )

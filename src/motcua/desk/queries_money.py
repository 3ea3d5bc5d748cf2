"""Money that waits for somebody, said on their first page: days nobody closed, refunds, counts, statements."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from motcua.counter import permissions as counter
from motcua.desk.hints import Hint
from motcua.kernel.actor import Actor
from motcua.kernel.messages import msg
from motcua.organisation.types import UnitInfo
from motcua.payments import queries as payments
from motcua.payments.permissions import CONFIRMING, can_confirm, readable_units
from motcua.payments.queries import statements


def hints(actor: Actor, today: date) -> list[Hint]:
    """A cashier's (three statements and one for each seat), then those of whoever confirms (two)."""
    found: list[Hint] = []
    seats = counter.seats(actor)
    if seats:
        found += _till(actor, seats, today)
    if any(grant.role in CONFIRMING for grant in actor.grants):
        found += _to_confirm(actor)
    return found


def _till(actor: Actor, seats: Collection[UnitInfo], today: date) -> list[Hint]:
    found = []
    days = sorted({day for seat in seats for day in payments.open_days(seat.id, before=today)})
    if len(days) == 1:
        found.append(
            Hint(msg("Chưa khóa sổ thu ngày %(day)s", day=f"{days[0]:%d/%m/%Y}"), view="cashier:closing")
        )
    elif days:
        text = msg(
            "%(count)s ngày chưa khóa sổ thu, sớm nhất %(day)s", count=len(days), day=f"{days[0]:%d/%m/%Y}"
        )
        found.append(Hint(text, view="cashier:closing"))
    units = {unit for seat in seats for unit in (seat.id, seat.agency_id)}
    to_pay = payments.refunds_to_pay_out(units)
    if to_pay:
        found.append(
            Hint(msg("%(count)s khoản hoàn trả đã xác nhận, chờ chi", count=to_pay), view="cashier:refunds")
        )
    lines = sum(account.waiting for account in statements.accounts(actor))
    if lines:
        found.append(
            Hint(
                msg("%(count)s dòng sao kê chưa khớp với khoản nộp", count=lines), view="payments:statements"
            )
        )
    return found


def _to_confirm(actor: Actor) -> list[Hint]:
    units = [unit for unit in readable_units(actor) if can_confirm(actor, unit)]
    found = []
    refunds = payments.refunds_to_decide(units, not_by=actor.user_id)
    if refunds:
        found.append(
            Hint(msg("%(count)s đề nghị hoàn trả chờ bạn xác nhận", count=refunds), view="cashier:refunds")
        )
    counts = [each for each in payments.counts_waiting(units) if each.asked_by_id != actor.user_id]
    if counts:
        text = msg("%(count)s lần đếm tiền lệch sổ chờ bạn xác nhận", count=len(counts))
        found.append(Hint(text, view="cashier:refunds"))
    return found

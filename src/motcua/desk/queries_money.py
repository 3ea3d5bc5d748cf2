"""Money that waits for somebody, said on their first page: days nobody closed, refunds, counts, statements."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from urllib.parse import urlencode

from motcua.counter import permissions as counter
from motcua.desk.hints import Hint
from motcua.dossiers.queries_money import SHOWN as MOST
from motcua.dossiers.queries_money import taken_back
from motcua.kernel.actor import Actor
from motcua.kernel.messages import msg
from motcua.organisation.types import UnitInfo
from motcua.payments import queries as payments
from motcua.payments.permissions import CONFIRMING, can_confirm, readable_units
from motcua.payments.queries import statements


def hints(actor: Actor, today: date) -> list[Hint]:
    """A cashier's (three statements), those of whoever confirms (two), and what owes again (one)."""
    found: list[Hint] = []
    seats = counter.seats(actor)
    confirms = any(grant.role in CONFIRMING for grant in actor.grants)
    if seats or confirms:
        found += _open_days(actor, today)
    if seats:
        found += _till(actor, seats)
    if confirms:
        found += _to_confirm(actor)
    if actor.grants:
        found += _taken_back(actor)
    return found


def _open_days(actor: Actor, today: date) -> list[Hint]:
    kept = [unit.id for unit in counter.books_kept(actor)]
    open_days = payments.open_days_of(kept, before=today) if kept else []
    if not open_days:
        return []
    unit_id, first = open_days[0]
    count = len({day for _unit, day in open_days})
    text = (
        msg("Chưa khóa sổ thu ngày %(day)s", day=f"{first:%d/%m/%Y}")
        if count == 1
        else msg("%(count)s ngày chưa khóa sổ thu, sớm nhất %(day)s", count=count, day=f"{first:%d/%m/%Y}")
    )
    return [Hint(text, view="cashier:closing", query=urlencode({"so": unit_id, "ngay": first.isoformat()}))]


def _taken_back(actor: Actor) -> list[Hint]:
    """Payments that were taken back while their dossiers owe them: one leads to its dossier, several to their list."""
    rows = taken_back(actor)
    if len(rows) == 1:
        text = msg("Khoản thu của hồ sơ %(code)s bị hủy, còn phải thu", code=rows[0].code)
        return [Hint(text, view="dossiers:detail", place=rows[0].code)]
    if rows:
        text = msg("%(count)s khoản thu bị hủy, hồ sơ còn phải nộp", count=min(len(rows), MOST))
        return [Hint(text, view="dossiers:refunds", query="muc=huy")]
    return []


def _till(actor: Actor, seats: Collection[UnitInfo]) -> list[Hint]:
    found = []
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

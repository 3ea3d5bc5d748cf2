"""Lines of bank statements: booked to bills, tied to what was taken before, put aside, or taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from motcua.kernel import audit
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Conflict, Invalid, NotFound, Refused
from motcua.kernel.messages import msg
from motcua.kernel.text import grouped, nfc
from motcua.payments.actions.billing import owed_on
from motcua.payments.actions.entries import lock_collectors
from motcua.payments.actions.judging import judge_lines
from motcua.payments.actions.paying import take_payment
from motcua.payments.actions.reversing import unbook_transfer
from motcua.payments.errors import UnknownBill, WrongAmount
from motcua.payments.models import BankAccount, Bill, Entry, Payment, StatementLine, StatementMatch
from motcua.payments.permissions import require_collect, require_known
from motcua.payments.queries.judging import BY_ITSELF, WAITING, payments_there, units_of
from motcua.payments.types import MatchState, Method


@transaction.atomic
def settle_line(
    *, actor: Actor, line_id: int, parts: Sequence[tuple[int, int]], now: datetime, automatic: bool = False
) -> StatementLine:
    """Book a line as transfers to bills: `parts` are (bill id, đồng) and come to the line's amount.

    What exceeds a bill is an advance on it, to be given back or used. Settling it again the same way changes nothing;
    another way is refused until the match is undone. With `automatic` each part must be exactly what is owed.
    Raises `WrongAmount`, `UnknownBill`, `Conflict`, `NotAllowed`.
    """
    line = _locked(actor, line_id)
    if line.state == MatchState.MATCHED:
        return _same(line, parts)
    _refuse_bad(line, parts)
    bills = _bills(line, [bill_id for bill_id, _ in parts])
    if automatic and any(owed_on(bills[bill_id]) != amount for bill_id, amount in parts):
        raise Conflict(msg("Khoản này vừa thay đổi: người xử lý xem lại."), code="bill_changed")
    times = line.matches.count()
    for bill_id, amount in parts:
        done = take_payment(
            actor=actor,
            bill_id=bill_id,
            method=Method.TRANSFER.value,
            amount=amount,
            key=f"bank:{line.pk}:{bill_id}:{times}",
            reference=_reference(line, times),
            note=line.text[:400],
            now=now,
        )
        StatementMatch.objects.create(
            line=line, payment=done.payment, matched_at=now, matched_by_name=actor.name[:160]
        )
        times += 1
    return _decided(
        actor, line, MatchState.MATCHED, parts[0][0], now, {"parts": [list(part) for part in parts]}
    )


@transaction.atomic
def tie_line(*, actor: Actor, line_id: int, payment_id: int, now: datetime) -> StatementLine:
    """Say that a payment that is in the books is this very money: nothing is booked. Again changes nothing."""
    line = _locked(actor, line_id)
    payment = Payment.objects.select_related("bill").filter(pk=payment_id).first()
    if payment is None or payment.unit_id not in units_of(line.account):
        raise NotFound(msg("Không có khoản thu này."))
    active = list(line.matches.filter(undone_at__isnull=True))
    if [match.payment_id for match in active] == [payment_id]:
        return line
    if line.state == MatchState.MATCHED:
        raise Conflict(msg("Dòng sao kê này đã khớp. Gỡ khớp trước khi khớp lại."))
    _bills(line, [payment.bill_id])  # nobody takes the payment back or ties it meanwhile
    if payment.method not in BY_ITSELF or Entry.objects.filter(reverses=payment.entry_id).exists():
        raise Conflict(msg("Khoản thu này không phải tiền chuyển khoản, hoặc đã hủy."))
    if payment.amount != line.amount:
        raise WrongAmount(
            msg("Khoản thu %(amount)s đồng khác số tiền của dòng sao kê.", amount=grouped(payment.amount)),
            field="payment",
        )
    if StatementMatch.objects.filter(payment=payment, undone_at__isnull=True).exists():
        raise Conflict(msg("Khoản thu này đã khớp với một dòng sao kê khác."))
    StatementMatch.objects.create(
        line=line, payment=payment, booked=False, matched_at=now, matched_by_name=actor.name[:160]
    )
    return _decided(actor, line, MatchState.MATCHED, payment.bill_id, now, {"payment": payment.pk})


@transaction.atomic
def ignore_line(*, actor: Actor, line_id: int, reason: str, now: datetime) -> StatementLine:
    """Put aside a line that pays no bill (interest, a transfer of the unit's own), with the reason."""
    if not reason.strip():
        raise Invalid(msg("Nhập lý do: dòng này là tiền gì."), field="reason")
    line = _locked(actor, line_id)
    if line.state == MatchState.MATCHED:
        raise Conflict(msg("Dòng sao kê này đã khớp. Gỡ khớp trước khi bỏ qua."))
    if line.state == MatchState.IGNORED:
        return line
    line.why = [nfc(reason)[:300]]
    return _decided(actor, line, MatchState.IGNORED, None, now, {"reason": nfc(reason)[:300]})


@transaction.atomic
def undo_match(*, actor: Actor, line_id: int, reason: str, now: datetime) -> StatementLine:
    """Take a match back: what was booked for the line by counter-entry, what was there before only untied.

    Also brings back a line that was put aside. The line waits again, for a person. Again changes nothing.
    """
    if not reason.strip():
        raise Invalid(msg("Nhập lý do gỡ khớp."), field="reason")
    line = _locked(actor, line_id)
    if line.state in WAITING:
        return line
    matches = list(
        line.matches.filter(undone_at__isnull=True).select_related("payment").order_by("payment__bill_id")
    )
    _bills(line, [match.payment.bill_id for match in matches])
    for match in matches:  # untied first: what is tied to a line is not taken out of the books
        match.undone_at, match.undone_by_name, match.reason = now, actor.name[:160], nfc(reason)[:500]
        match.save(update_fields=["undone_at", "undone_by_name", "reason"])
        if match.booked:
            unbook_transfer(actor=actor, payment_id=match.payment_id, reason=reason, now=now)
    line.why = []
    line = _decided(
        actor,
        line,
        MatchState.UNMATCHED,
        None,
        now,
        {"reason": nfc(reason)},
        "payments.statement_match_undone",
    )
    judge_lines(account_id=line.account_id)
    line.refresh_from_db()
    return line


def settle_automatic(*, actor: Actor, account_id: int, now: datetime) -> dict[str, int]:
    """Book every line that is certain, each in a transaction of its own; safe to run again at any point.

    What meanwhile is no longer certain is left to a person.
    """
    account = BankAccount.objects.filter(pk=account_id).first()
    unknown = NotFound(msg("Không có tài khoản này."))
    if account is None:
        raise unknown
    require_known(actor, account.unit_id, unknown)
    require_collect(actor, account.unit_id)
    waiting = StatementLine.objects.filter(account_id=account_id, automatic=True, state=MatchState.PROPOSED)
    booked = left = 0
    for line_id in list(waiting.order_by("at", "pk").values_list("pk", flat=True)):
        try:
            booked += _settle_certain(actor, line_id, now)
        except Refused as refusal:
            StatementLine.objects.filter(pk=line_id).update(automatic=False, why=[refusal.message.source()])
            left += 1
    return {"booked": booked, "left": left}


def _settle_certain(actor: Actor, line_id: int, now: datetime) -> int:
    """One line, judged anew under its lock: 1 when it was booked or tied."""
    with transaction.atomic():
        line = _locked(actor, line_id)
        if line.state != MatchState.PROPOSED or not line.automatic:
            return 0
        there = payments_there(line)
        if there:
            tie_line(actor=actor, line_id=line_id, payment_id=there[0].pk, now=now)
        else:
            assert line.bill_id is not None
            parts = [(line.bill_id, line.amount)]
            settle_line(actor=actor, line_id=line_id, parts=parts, now=now, automatic=True)
        return 1


def _locked(actor: Actor, line_id: int) -> StatementLine:
    line = (
        StatementLine.objects.select_for_update(of=("self",))
        .select_related("account")
        .filter(pk=line_id)
        .first()
    )
    unknown = NotFound(msg("Không có dòng sao kê này."))
    if line is None:
        raise unknown
    require_known(actor, line.account.unit_id, unknown)
    require_collect(actor, line.account.unit_id)
    return line


def _same(line: StatementLine, parts: Sequence[tuple[int, int]]) -> StatementLine:
    active = line.matches.filter(undone_at__isnull=True)
    if sorted(active.values_list("payment__bill_id", "payment__amount")) != sorted(parts):
        raise Conflict(msg("Dòng sao kê này đã khớp cách khác. Gỡ khớp trước khi khớp lại."))
    return line


def _refuse_bad(line: StatementLine, parts: Sequence[tuple[int, int]]) -> None:
    if line.state == MatchState.IGNORED:
        raise Conflict(msg("Dòng này đã được bỏ qua. Đưa lại danh sách chờ trước khi khớp."))
    if not parts:
        raise Invalid(msg("Chọn khoản phải nộp mà dòng này trả."), field="bill")
    if len({bill_id for bill_id, _ in parts}) != len(parts):
        raise Invalid(msg("Mỗi khoản phải nộp chỉ chọn một lần."), field="bill")
    if any(amount <= 0 for _, amount in parts) or sum(amount for _, amount in parts) != line.amount:
        raise WrongAmount(
            msg(
                "Các phần cộng lại %(parts)s đồng, dòng sao kê là %(amount)s đồng: phải bằng nhau.",
                parts=grouped(sum(amount for _, amount in parts)),
                amount=grouped(line.amount),
            ),
            field="amount",
        )


def _bills(line: StatementLine, ids: Sequence[int]) -> dict[int, Bill]:
    """The bills, all locked in one order, then their collecting units: two lines never wait for each other."""
    rows = Bill.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")
    found = {bill.pk: bill for bill in rows}
    units = units_of(line.account)
    if len(found) != len(set(ids)) or any(bill.unit_id not in units for bill in found.values()):
        raise UnknownBill(msg("Không có khoản phải nộp này ở đơn vị của tài khoản."))
    lock_collectors(bill.unit_id for bill in found.values())
    return found


def _reference(line: StatementLine, times: int) -> str:
    """The bank's number, once; other parts of the line and later matches carry it with the line's own number."""
    if not line.number:
        return ""
    if not Payment.objects.filter(method=Method.TRANSFER, reference=line.number).exists():
        return line.number
    return f"{line.number}/{line.pk}.{times}"[:64]


def _decided(
    actor: Actor,
    line: StatementLine,
    state: MatchState,
    bill_id: int | None,
    now: datetime,
    said: dict[str, object],
    action: str = "",
) -> StatementLine:
    line.state, line.bill_id, line.automatic = state.value, bill_id, False
    line.decided_by_name, line.decided_at = actor.name[:160], now
    line.save(update_fields=["state", "bill", "automatic", "why", "decided_by_name", "decided_at"])
    names = {
        MatchState.MATCHED: "payments.statement_line_settled",
        MatchState.IGNORED: "payments.statement_line_ignored",
    }
    audit.record(
        actor,
        action or names[state],
        subject_type="bank_account",
        subject=line.account.number,
        data={"line": line.pk, "amount": line.amount, "number": line.number, **said},
        at=now,
    )
    return line

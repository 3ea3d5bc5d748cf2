"""How people may pay a unit, and what is missing where a way is not offered."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from motcua.kernel import rows
from motcua.kernel.messages import Message, msg
from motcua.organisation import queries as organisation
from motcua.payments.models import BankAccount, Bill, Collector, ReceiptBook
from motcua.payments.queries.banks import bank_name
from motcua.payments.queries.bills import OPEN
from motcua.payments.rules import journal, vietqr


@dataclass(frozen=True, slots=True)
class TransferAccount:
    """The account people transfer to."""

    bank_bin: str
    number: str
    holder: str

    @property
    def bank_name(self) -> str:
        return bank_name(self.bank_bin)


@dataclass(frozen=True, slots=True)
class WaysToPay:
    """What a unit offers on a day. `why_not` says in words what is missing for the rest."""

    cash: bool = False
    card: bool = False
    transfer: TransferAccount | None = None
    platform: bool = False
    why_not: tuple[Message, ...] = ()
    is_collector: bool = False

    @property
    def any(self) -> bool:
        return self.cash or self.card or self.transfer is not None or self.platform


@dataclass(frozen=True, slots=True)
class TransferQr:
    """A transfer as its QR asks for it: what is still owed on a bill, under the bill's reference."""

    payload: str
    bank_name: str
    number: str
    holder: str
    amount: int
    reference: str


def platform_is_connected() -> bool:
    """Whether this installation reaches the payment platform at all."""
    return bool(settings.PLATFORM_URL)


def ways_to_pay(unit_id: int, *, on: date) -> WaysToPay:
    """What the unit offers on this day (three statements)."""
    return ways_of([unit_id], on=on)[unit_id]


def ways_of(unit_ids: Collection[int], *, on: date) -> Mapping[int, WaysToPay]:
    """What each of these units offers on this day (three statements for all).

    What a unit lacks (collector, account, book) is its agency's, as where its money is booked.
    """
    places = {unit_id: (unit_id, organisation.unit(unit_id).agency_id) for unit_id in unit_ids}
    wanted = {place for both in places.values() for place in both}
    if not wanted:
        return {}
    units = ", ".join(["%s"] * len(wanted))
    collectors = {row.unit_id: row for row in rows.found(Collector, f"x.unit_id IN ({units})", [*wanted])}
    accounts: dict[int, BankAccount] = {}
    for account in open_accounts(wanted, on=on):
        accounts.setdefault(account.unit_id, account)
    books: dict[int, set[str]] = {}
    for place, kind in _usable_books(wanted, on):
        books.setdefault(place, set()).update([kind] if kind else journal.REVENUE)
    return {
        unit_id: _ways(
            next((collectors[place] for place in both if place in collectors), None),
            next((accounts[place] for place in both if place in accounts), None),
            set().union(*(books.get(place, set()) for place in both)),
        )
        for unit_id, both in places.items()
    }


def transfer_qr(bill_id: int, *, on: date) -> TransferQr | None:
    """The QR of what is still owed on a bill; None when nothing is, or the unit has no account (two statements)."""
    bill = Bill.objects.filter(pk=bill_id).first()
    return None if bill is None else qr_of(bill, account_of(bill.unit_id, on=on))


def qr_of(bill: Bill, account: TransferAccount | None) -> TransferQr | None:
    """The QR of what is still owed on a bill, into this account (no statement)."""
    owed = bill.total - bill.paid
    if account is None or bill.state not in OPEN or owed <= 0:
        return None
    return TransferQr(
        payload=vietqr.payload(
            vietqr.Transfer(account.bank_bin, account.number, amount=owed, purpose=bill.reference)
        ),
        bank_name=account.bank_name,
        number=account.number,
        holder=account.holder,
        amount=owed,
        reference=bill.reference,
    )


def account_of(unit_id: int, *, on: date) -> TransferAccount | None:
    """The account that takes transfers for this unit on this day: its own, else its agency's (one statement)."""
    agency_id = organisation.unit(unit_id).agency_id
    found = {row.unit_id: row for row in reversed(open_accounts({unit_id, agency_id}, on=on))}
    return _transfer(found.get(unit_id) or found.get(agency_id))


def open_accounts(unit_ids: Collection[int], *, on: date) -> list[BankAccount]:
    """Accounts in use on this day; one registered at the National Portal before others (one statement)."""
    units = ", ".join(["%s"] * len(unit_ids))
    return rows.found(
        BankAccount,
        f"x.unit_id IN ({units}) AND x.starts_on <= %s AND (x.ends_on IS NULL OR x.ends_on >= %s) "
        "ORDER BY x.registered DESC, x.id",
        [*unit_ids, on, on],
    )


def _usable_books(unit_ids: Collection[int], on: date) -> list[tuple[int, str]]:
    """Units and kinds of books a receipt can be drawn from: open, numbers left, of this year unless pre-printed."""
    units = ", ".join(["%s"] * len(unit_ids))
    books = rows.found(
        ReceiptBook,
        f"x.unit_id IN ({units}) AND x.starts_on <= %s AND (x.ends_on IS NULL OR x.ends_on >= %s) "
        "AND (x.year = %s OR substr(x.series, length(x.series)) = 'P') "
        "AND x.next_number <= x.last_number AND x.confirmed",
        [*unit_ids, on, on, on.year],
    )
    return [(book.unit_id, book.fee_kind) for book in books]


def _ways(collector: Collector | None, account: BankAccount | None, kinds: set[str]) -> WaysToPay:
    if collector is None:
        return WaysToPay(why_not=(msg("Chưa khai báo đơn vị thu nên chưa thu được bằng cách nào."),))
    missing: list[Message] = []
    if not kinds:
        missing.append(msg("Chưa có quyển biên lai đang dùng nên quầy chưa thu tiền mặt và thẻ."))
    elif "phi" not in kinds:
        missing.append(msg("Chưa có quyển biên lai thu phí: quầy mới thu được lệ phí."))
    elif "le_phi" not in kinds:
        missing.append(msg("Chưa có quyển biên lai thu lệ phí: quầy mới thu được phí."))
    if account is None:
        missing.append(msg("Chưa có tài khoản ngân hàng nên chưa nhận chuyển khoản."))
    elif not account.registered:
        missing.append(msg("Tài khoản chưa đăng ký trên Cổng Dịch vụ công quốc gia nên chưa thu trực tuyến."))
    if not collector.platform_partner:
        missing.append(msg("Chưa có mã đối tác của nền tảng thanh toán nên chưa thu trực tuyến."))
    connected = bool(settings.PLATFORM_URL) and collector.platform_partner in settings.PLATFORM_PARTNERS
    if collector.platform_partner and not connected:
        missing.append(msg("Hệ thống chưa kết nối nền tảng thanh toán với mã đối tác này."))
    return WaysToPay(
        cash=bool(kinds),
        card=bool(kinds) and collector.takes_card,
        transfer=_transfer(account),
        platform=connected and account is not None and account.registered,
        why_not=tuple(missing),
        is_collector=True,
    )


def _transfer(account: BankAccount | None) -> TransferAccount | None:
    if account is None:
        return None
    return TransferAccount(account.bank_bin, account.number, account.holder)

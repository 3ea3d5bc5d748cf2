"""Collecting units and their bank accounts: what stands on receipts, and where transfers go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime

from django.db import transaction

from motcua.documents.rules.tables import read_tables
from motcua.kernel import audit, clock
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Conflict, Invalid, NotFound
from motcua.kernel.messages import msg
from motcua.kernel.text import fold
from motcua.organisation import queries as organisation
from motcua.organisation.errors import UnknownUnit
from motcua.payments.errors import BadCollectors, NoCollector
from motcua.payments.models import BankAccount, Collector
from motcua.payments.permissions import require_known, require_province, require_set_up
from motcua.payments.queries.banks import banks
from motcua.payments.rules import collectors as rules
from motcua.payments.rules.collectors import AccountData, CollectorData


@transaction.atomic
def set_collector(*, actor: Actor, unit_id: int, data: CollectorData, now: datetime) -> Collector:
    """Say that a unit collects and what stands on its receipts; the same again changes nothing.

    Raises `NotAllowed`, `Invalid` with the field.
    """
    require_set_up(actor, unit_id)
    return _set_collector(actor, unit_id, data, now)


def _set_collector(actor: Actor, unit_id: int, data: CollectorData, now: datetime) -> Collector:
    said = rules.tidy(data)
    wrong = rules.wrong_collector(said)
    if wrong is not None:
        raise Invalid(wrong[1], field=wrong[0])
    found = Collector.objects.select_for_update().filter(unit_id=unit_id).first()
    before = _said(found) if found else {}
    after = asdict(said)
    if found is not None and before == after:
        return found
    found, _made = Collector.objects.update_or_create(unit_id=unit_id, defaults={**after, "updated_at": now})
    changed = {
        name: [before.get(name, ""), value] for name, value in after.items() if before.get(name) != value
    }
    _log(actor, "payments.collector_set", unit_id, changed, now)
    return found


@transaction.atomic
def add_account(*, actor: Actor, unit_id: int, data: AccountData, now: datetime) -> BankAccount:
    """A bank account people transfer to, from a day on. A unit has one on each day: else no QR would be right.

    Raises `NotAllowed`, `NoCollector`, `Invalid` with the field, `Conflict` when another account is in use in that
    period or the number is in use elsewhere.
    """
    require_set_up(actor, unit_id)
    return _add_account(actor, unit_id, data, now)


def _add_account(actor: Actor, unit_id: int, data: AccountData, now: datetime) -> BankAccount:
    _lock(unit_id)
    said = rules.tidy_account(data)
    wrong = rules.wrong_account(said, {bank.bin: bank.receives for bank in banks().values()})
    if wrong is not None:
        raise Invalid(wrong[1], field=wrong[0])
    _refuse_registered_later(said.registered_on, now)
    _refuse_overlap(unit_id, said)
    found = BankAccount.objects.create(
        unit_id=unit_id, registered=said.registered_on is not None, **asdict(said)
    )
    _log(
        actor,
        "payments.account_added",
        unit_id,
        {
            "bank": said.bank_bin,
            "number": said.number,
            "holder": said.holder,
            "from": str(said.starts_on),
            "registered_on": str(said.registered_on or ""),
        },
        now,
    )
    return found


@transaction.atomic
def end_account(*, actor: Actor, account_id: int, ends_on: date, reason: str, now: datetime) -> BankAccount:
    """Say which day is an account's last. Slips printed before keep its QR: close it at the bank later.

    Raises `NotAllowed`, `NotFound`, `Invalid`.
    """
    account = _account(actor, account_id)
    if not reason.strip():
        raise Invalid(msg("Nhập lý do ngừng dùng tài khoản."), field="reason")
    if ends_on < account.starts_on:
        raise Invalid(msg("Ngày cuối dùng phải từ ngày bắt đầu trở đi."), field="ends_on")
    if account.ends_on is not None and account.ends_on < clock.today(now):
        raise Conflict(msg("Tài khoản này đã ngừng dùng."))
    if account.ends_on == ends_on:
        return account
    if account.ends_on is not None and account.ends_on < ends_on:
        _refuse_overlap(
            account.unit_id,
            AccountData(account.bank_bin, account.number, account.holder, account.starts_on, ends_on),
            but=account.pk,
        )
    account.ends_on = ends_on
    account.save(update_fields=["ends_on"])
    data = {"number": account.number, "until": str(ends_on), "reason": reason.strip()}
    _log(actor, "payments.account_ended", account.unit_id, data, now)
    return account


@transaction.atomic
def register_account(
    *, actor: Actor, account_id: int, registered_on: date | None, now: datetime
) -> BankAccount:
    """Note since when an account is registered at the National Portal, or (None) that it no longer is.

    Raises `NotAllowed`, `NotFound`, `Invalid` for a day to come.
    """
    return _register(actor, _account(actor, account_id), registered_on, now)


def _register(actor: Actor, account: BankAccount, registered_on: date | None, now: datetime) -> BankAccount:
    _refuse_registered_later(registered_on, now)
    if account.registered_on == registered_on and account.registered == (registered_on is not None):
        return account
    account.registered, account.registered_on = registered_on is not None, registered_on
    account.save(update_fields=["registered", "registered_on"])
    data = {"number": account.number, "registered_on": str(registered_on or "")}
    _log(actor, "payments.account_registered", account.unit_id, data, now)
    return account


@dataclass(frozen=True, slots=True)
class CollectorDone:
    """What a spreadsheet did, or would do, to one unit: `state` is `new`, `changed` or `same`."""

    unit: str
    unit_name: str
    state: str
    changed: Mapping[str, tuple[object, object]]
    data: CollectorData
    account: AccountData | None
    account_state: str


@dataclass(frozen=True, slots=True)
class CollectorsReport:
    """What a spreadsheet did, or would do."""

    units: int
    new: int
    changed: int
    accounts: int
    dry_run: bool
    rows: tuple[CollectorDone, ...] = field(default=(), compare=False, repr=False)


@transaction.atomic
def import_collectors(
    *, actor: Actor, data: bytes, name: str, now: datetime, dry_run: bool = False
) -> CollectorsReport:
    """Collectors and accounts of many units from a spreadsheet: all of it or nothing; twice changes nothing.

    Raises `NotAllowed`, `BadCollectors` with every wrong cell, `Refused` for a file that is no table.
    """
    require_province(actor)
    rows, problems = rules.read_rows(
        read_tables(data, name=name),
        banks=_bank_words(),
        receives={bank.bin: bank.receives for bank in banks().values()},
    )
    report = _Import(actor, now, dry_run)
    for row in rows:
        try:
            with transaction.atomic():
                report.take(row)
        except (Invalid, Conflict, UnknownUnit) as refusal:
            problems.append(rules.Problem(row.where, refusal.message))
    if problems:
        raise BadCollectors([problem.render() for problem in problems])
    if dry_run:
        transaction.set_rollback(True)
    return report.report()


class _Import:
    """The rows of one spreadsheet, one after the other."""

    def __init__(self, actor: Actor, now: datetime, dry_run: bool) -> None:
        self.actor, self.now, self.dry_run = actor, now, dry_run
        self.seen: set[int] = set()
        self.rows: list[CollectorDone] = []

    def take(self, row: rules.Row) -> None:
        unit = organisation.unit_by_code(row.unit)
        if unit.is_former:
            raise Invalid(msg("%(unit)s đã kết thúc.", unit=unit.name))
        if unit.id in self.seen:
            raise Conflict(msg("%(unit)s có hai dòng trong tệp.", unit=unit.name))
        self.seen.add(unit.id)
        before = Collector.objects.filter(unit_id=unit.id).first()
        said = asdict(row.collector)
        known = _said(before) if before else {name: type(value)() for name, value in said.items()}
        _set_collector(self.actor, unit.id, row.collector, self.now)
        changed = {name: (known[name], value) for name, value in said.items() if known[name] != value}
        state = "new" if before is None else "changed" if changed else "same"
        done = self._account(unit.id, row.account) if row.account is not None else ""
        self.rows.append(
            CollectorDone(unit.code, unit.full_name, state, changed, row.collector, row.account, done)
        )

    def _account(self, unit_id: int, account: AccountData) -> str:
        """Add an account, or note a new day of registration of one that is there: `new`, `registered` or `same`."""
        _lock(unit_id)
        found = (
            BankAccount.objects.select_for_update()
            .filter(unit_id=unit_id, bank_bin=account.bank_bin, number=account.number, ends_on=None)
            .first()
        )
        if found is None:
            _add_account(self.actor, unit_id, account, self.now)
            return "new"
        if account.registered_on is None or found.registered_on == account.registered_on:
            return "same"
        _register(self.actor, found, account.registered_on, self.now)
        return "registered"

    def report(self) -> CollectorsReport:
        states = Counter(row.state for row in self.rows)
        accounts = sum(row.account_state == "new" for row in self.rows)
        return CollectorsReport(
            len(self.rows), states["new"], states["changed"], accounts, self.dry_run, tuple(self.rows)
        )


def _refuse_registered_later(day: date | None, now: datetime) -> None:
    if day is not None and day > clock.today(now):
        raise Invalid(msg("Ngày đăng ký không thể ở sau hôm nay."), field="registered_on")


def _bank_words() -> dict[str, str]:
    """How people write a bank: its number, short name or whole name."""
    return {
        word: bank.bin
        for bank in banks().values()
        for word in (bank.bin, fold(bank.short_name), fold(bank.name))
    }


def _said(collector: Collector) -> dict[str, object]:
    return {name: getattr(collector, name) for name in CollectorData.__slots__}


def _lock(unit_id: int) -> Collector:
    found = Collector.objects.select_for_update().filter(unit_id=unit_id).first()
    if found is None:
        raise NoCollector(msg("Khai báo tên và mã số thuế của đơn vị thu trước khi thêm tài khoản."))
    return found


def _account(actor: Actor, account_id: int) -> BankAccount:
    """The account with its unit locked."""
    found = BankAccount.objects.filter(pk=account_id).first()
    unknown = NotFound(msg("Không có tài khoản này."))
    if found is None:
        raise unknown
    require_known(actor, found.unit_id, unknown)
    require_set_up(actor, found.unit_id)
    _lock(found.unit_id)
    return BankAccount.objects.select_for_update().get(pk=account_id)


def _refuse_overlap(unit_id: int, said: AccountData, *, but: int = 0) -> None:
    period = (said.starts_on, said.ends_on)
    for other in BankAccount.objects.filter(unit_id=unit_id).exclude(pk=but):
        if rules.overlapping(period, (other.starts_on, other.ends_on)):
            raise Conflict(
                msg(
                    "Đơn vị đang dùng tài khoản %(number)s từ %(day)s. Ngừng tài khoản đó trước ngày tài khoản này "
                    "bắt đầu.",
                    number=other.number,
                    day=f"{other.starts_on:%d/%m/%Y}",
                ),
                field="starts_on",
            )
    same = BankAccount.objects.filter(bank_bin=said.bank_bin, number=said.number).exclude(pk=but)
    for other in same.exclude(unit_id=unit_id):
        if rules.overlapping(period, (other.starts_on, other.ends_on)):
            raise Conflict(
                msg(
                    "Tài khoản này đang là của %(unit)s. Kiểm tra lại số tài khoản.",
                    unit=organisation.unit(other.unit_id).full_name,
                ),
                field="number",
            )


def _log(actor: Actor, action: str, unit_id: int, data: Mapping[str, object], now: datetime) -> None:
    unit = organisation.unit(unit_id)
    audit.record(actor, action, subject_type="unit", subject=unit.code, data=data, at=now)

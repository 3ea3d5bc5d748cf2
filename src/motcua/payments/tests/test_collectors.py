"""Collecting units and their accounts: who sets them up, what is refused, and a spreadsheet of many."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.core.management import call_command

from motcua.kernel.actor import Actor
from motcua.kernel.audit.models import AuditEntry
from motcua.kernel.errors import Conflict, Invalid, NotAllowed
from motcua.organisation import queries as organisation
from motcua.payments import actions, queries
from motcua.payments.errors import BadCollectors, NoCollector
from motcua.payments.models import BankAccount, Collector
from motcua.payments.rules.collectors import HEADINGS, AccountData, CollectorData, overlapping
from motcua.payments.tests.counter import NOW, Counter, make_counter

JULY = date(2025, 7, 1)
AGRIBANK = AccountData("970405", "2601 2010 09999", "UBND PHUONG BAC GIANG", JULY)
OFFICE = CollectorData("Ủy ban nhân dân phường Bắc Giang", "2400123456", "Số 1 đường Xương Giang")
SYSTEM = Actor.system("test")


@pytest.fixture
def counter(db: Any) -> Counter:
    return make_counter()


@pytest.fixture
def ward(counter: Counter) -> int:
    return organisation.unit(counter.unit_id).agency_id


def add(counter: Counter, ward: int, **changes: Any) -> BankAccount:
    values = {name: getattr(AGRIBANK, name) for name in AccountData.__slots__} | changes
    return actions.add_account(actor=counter.leader, unit_id=ward, data=AccountData(**values), now=NOW)


def test_a_leader_says_what_stands_on_receipts_and_the_log_keeps_before_and_after(
    counter: Counter, ward: int
) -> None:
    actions.set_collector(actor=counter.leader, unit_id=ward, data=OFFICE, now=NOW)
    assert Collector.objects.get(unit_id=ward).address == "Số 1 đường Xương Giang"
    entry = AuditEntry.objects.filter(action="payments.collector_set").latest("id")
    said = json.loads(entry.data)
    assert said["address"] == ["Phường Bắc Giang, tỉnh Bắc Ninh", "Số 1 đường Xương Giang"]
    assert "name" not in said


def test_saying_the_same_again_writes_nothing(counter: Counter, ward: int) -> None:
    for _time in range(2):
        actions.set_collector(actor=counter.leader, unit_id=ward, data=OFFICE, now=NOW)
    assert AuditEntry.objects.filter(action="payments.collector_set").count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"number": "-12345"}, "number"),
        ({"number": "1234567890123456789012"}, "number"),
        ({"registered_on": date(2099, 1, 1)}, "registered_on"),
    ],
)
def test_an_account_that_cannot_be_is_refused_at_its_field(
    counter: Counter, ward: int, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        add(counter, ward, **changes)
    assert refusal.value.field == field


@pytest.mark.parametrize("number", ["2601 2010 09999", "2601.2010.09999", " 2601-2010-09999 "])
def test_what_people_write_between_figures_is_left_out(counter: Counter, ward: int, number: str) -> None:
    assert add(counter, ward, number=number).number == "2601201009999"


def test_a_cashier_sets_nothing_up(counter: Counter, ward: int) -> None:
    with pytest.raises(NotAllowed):
        actions.set_collector(actor=counter.cashier, unit_id=ward, data=OFFICE, now=NOW)
    with pytest.raises(NotAllowed):
        actions.add_account(actor=counter.cashier, unit_id=ward, data=AGRIBANK, now=NOW)


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", " "), ("tax_code", "12345"), ("tax_code", "2400123456-1"), ("platform_partner", "mã")],
)
def test_what_cannot_stand_on_a_receipt_is_refused_at_its_field(
    counter: Counter, ward: int, field: str, value: str
) -> None:
    values = {name: getattr(OFFICE, name) for name in CollectorData.__slots__} | {field: value}
    with pytest.raises(Invalid) as refusal:
        actions.set_collector(actor=counter.leader, unit_id=ward, data=CollectorData(**values), now=NOW)
    assert refusal.value.field == field


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("bank_bin", {"bank_bin": "123456"}),
        ("bank_bin", {"bank_bin": "458761"}),  # no transfers by VietQR
        ("number", {"number": "1234567890123456789012"}),
        ("number", {"number": ""}),
        ("holder", {"holder": " "}),
        ("ends_on", {"ends_on": date(2025, 6, 30)}),
    ],
)
def test_an_account_no_transfer_would_reach_is_refused_at_its_field(
    counter: Counter, ward: int, field: str, changes: dict[str, Any]
) -> None:
    with pytest.raises(Invalid) as refusal:
        add(counter, ward, **changes)
    assert refusal.value.field == field


def test_an_account_is_kept_without_spaces_in_its_number(counter: Counter, ward: int) -> None:
    assert add(counter, ward).number == "2601201009999"


def test_an_account_needs_a_collector(counter: Counter) -> None:
    with pytest.raises(NoCollector):
        actions.add_account(actor=SYSTEM, unit_id=counter.unit_id, data=AGRIBANK, now=NOW)


def test_two_accounts_at_the_same_time_are_refused(counter: Counter, ward: int) -> None:
    add(counter, ward)
    with pytest.raises(Conflict) as refusal:
        add(counter, ward, bank_bin="970436", number="001", starts_on=date(2026, 1, 1))
    assert refusal.value.field == "starts_on"
    assert "2601201009999" in refusal.value.message.source()


def test_one_account_follows_another(counter: Counter, ward: int) -> None:
    first = add(counter, ward)
    actions.end_account(
        actor=counter.leader,
        account_id=first.pk,
        ends_on=date(2025, 12, 31),
        reason="Chuyển sang Vietcombank",
        now=NOW,
    )
    add(counter, ward, bank_bin="970436", number="001", starts_on=date(2026, 1, 1))
    on = [queries.account_of(ward, on=day) for day in (date(2025, 12, 31), date(2026, 1, 1))]
    assert [account and account.number for account in on] == ["2601201009999", "001"]


def test_an_account_of_another_unit_is_refused(counter: Counter, ward: int) -> None:
    add(counter, ward)
    actions.set_collector(actor=SYSTEM, unit_id=counter.unit_id, data=OFFICE, now=NOW)
    with pytest.raises(Conflict) as refusal:
        actions.add_account(actor=SYSTEM, unit_id=counter.unit_id, data=AGRIBANK, now=NOW)
    assert refusal.value.field == "number"


def test_the_registration_has_its_day_and_can_be_taken_back(counter: Counter, ward: int) -> None:
    account = add(counter, ward)
    assert not account.registered
    for day in (date(2025, 11, 20), None):
        account = actions.register_account(
            actor=counter.leader, account_id=account.pk, registered_on=day, now=NOW
        )
        assert (account.registered, account.registered_on) == (day is not None, day)
    with pytest.raises(Invalid):
        actions.register_account(
            actor=counter.leader, account_id=account.pk, registered_on=date(2025, 12, 2), now=NOW
        )


@pytest.mark.parametrize(
    ("first", "second", "overlap"),
    [
        ((JULY, None), (date(2026, 1, 1), None), True),
        ((JULY, date(2025, 12, 31)), (date(2026, 1, 1), None), False),
        ((JULY, date(2025, 12, 31)), (date(2025, 12, 31), None), True),
        ((date(2026, 1, 1), None), (JULY, date(2025, 12, 31)), False),
    ],
)
def test_periods_that_share_a_day_overlap(first: Any, second: Any, overlap: bool) -> None:
    assert overlapping(first, second) is overlap


def workbook(*rows: Sequence[object]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Đơn vị thu"
    sheet.append(["ĐƠN VỊ THU VÀ TÀI KHOẢN"])
    sheet.append(list(HEADINGS))
    for row in rows:
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


GOOD = (
    "07210",
    "Ủy ban nhân dân phường Bắc Giang",
    "2400123456",
    "Số 1 Xương Giang",
    "có",
    "H05-101",
    "Agribank",
    "2601201009999",
    "UBND PHUONG BAC GIANG",
    "01/7/2025",
    "20/11/2025",
)


def bring(data: bytes, *, dry_run: bool = False, actor: Actor = SYSTEM) -> actions.CollectorsReport:
    return actions.import_collectors(actor=actor, data=data, name="a.xlsx", now=NOW, dry_run=dry_run)


def test_a_spreadsheet_sets_up_collectors_and_accounts_and_twice_changes_nothing(
    counter: Counter, ward: int
) -> None:
    data = workbook(GOOD, ("07210.TT", "Trung tâm", *[""] * 9))
    assert bring(data) == actions.CollectorsReport(2, new=1, changed=1, accounts=1, dry_run=False)
    account = BankAccount.objects.get()
    assert (account.unit_id, account.registered_on) == (ward, date(2025, 11, 20))
    assert bring(data) == actions.CollectorsReport(2, new=0, changed=0, accounts=0, dry_run=False)


def test_a_dry_run_says_what_would_change_and_changes_nothing(counter: Counter) -> None:
    assert bring(workbook(GOOD), dry_run=True).accounts == 1
    assert not BankAccount.objects.exists()


def test_every_wrong_cell_is_named_and_nothing_is_done(counter: Counter) -> None:
    bad = list(GOOD)
    bad[2], bad[4], bad[6], bad[9] = "12", "đôi khi", "Ngân hàng Mây", "hôm qua"
    unknown = ("99999", "Xã Không Có", *[""] * 9)
    with pytest.raises(BadCollectors) as refusal:
        bring(workbook(bad, GOOD, unknown))
    told = "\n".join(refusal.value.problems)
    for cell in ("Đơn vị thu!C3", "Đơn vị thu!E3", "Đơn vị thu!J3", "Đơn vị thu!A5"):
        assert cell in told
    assert not BankAccount.objects.exists()


def test_only_who_looks_after_the_province_loads_many(counter: Counter) -> None:
    with pytest.raises(NotAllowed):
        bring(workbook(GOOD), actor=counter.leader)


def test_the_command_names_the_cells_or_says_what_it_did(
    counter: Counter, tmp_path: Any, capsys: Any
) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook(GOOD))
    call_command("import_collectors", str(path), "--dry-run")
    assert "accounts: 1" in capsys.readouterr().out
    path.write_bytes(workbook(("07210", "", *[""] * 9)))
    with pytest.raises(SystemExit) as stopped:
        call_command("import_collectors", str(path))
    assert stopped.value.code == 1 and "B3" in capsys.readouterr().out

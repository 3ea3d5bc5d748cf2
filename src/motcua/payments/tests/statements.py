"""Statements for tests: a ward's account and the file its bank would send."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from motcua.organisation import queries
from motcua.payments import actions
from motcua.payments.models import BankAccount
from motcua.payments.tests.counter import NOW, Counter

NUMBER = "0011001932418"


def open_account(counter: Counter, number: str = NUMBER) -> BankAccount:
    """The ward's account at Vietcombank."""
    return BankAccount.objects.create(
        unit_id=queries.unit(counter.unit_id).agency_id,
        bank_bin="970436",
        number=number,
        holder="UBND PHUONG BAC GIANG",
        starts_on=date(2025, 7, 1),
    )


def csv_of(*lines: tuple[str, int, str] | tuple[str, int, str, str], day: str = "01/12/2025") -> bytes:
    """A statement of (number, amount, text[, day])."""
    rows = [
        "SAO KÊ TÀI KHOẢN;;;;",
        f"Số tài khoản: {NUMBER};;;;",
        "Ngày GD;Số CT;Số tiền ghi nợ;Số tiền ghi có;Nội dung chi tiết",
    ]
    total = 0
    for number, amount, text, *own in lines:
        rows.append(f"{own[0] if own else day};{number};;{amount:,};{text}".replace(",", "."))
        total += amount
    rows.append(f"Tổng cộng;;;{total:,};".replace(",", "."))
    return "\n".join(rows).encode()


def bring(
    counter: Counter, account: BankAccount, data: bytes, *, settle: bool = True
) -> actions.StatementDone:
    """Import as the cashier does, and let the job run."""
    done = actions.import_statement(
        actor=counter.cashier, account_id=account.pk, name="sao-ke.csv", data=data, now=NOW
    )
    if settle:
        actions.settle_automatic(actor=counter.cashier, account_id=account.pk, now=NOW)
    return done


def states(account: BankAccount) -> Sequence[str]:
    """The states of the account's lines, in the order the money came."""
    from motcua.payments.models import StatementLine

    return list(
        StatementLine.objects.filter(account=account).order_by("at", "pk").values_list("state", flat=True)
    )

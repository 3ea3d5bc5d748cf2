"""`motcua receipt-report` and `motcua propose-books`."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import call_command

from motcua.payments import actions
from motcua.payments.models import ReceiptBook
from motcua.payments.tests.counter import NOW, make_counter

pytestmark = pytest.mark.django_db


def run(*words: str) -> dict[str, Any]:
    out = StringIO()
    with time_machine.travel(NOW, tick=False):
        call_command(*words, "--json", stdout=out)
    answer: dict[str, Any] = json.loads(out.getvalue())
    return answer


def test_the_report_tells_the_quarter_and_writes_both_files(tmp_path: Path) -> None:
    counter = make_counter()
    first = counter.pay(counter.bill()).receipts[0]
    actions.void_receipt(actor=counter.cashier, receipt_id=first.pk, reason="Hỏng", now=NOW)
    files = ("--pdf", str(tmp_path / "r.pdf"), "--xlsx", str(tmp_path / "r.xlsx"))
    told = run("receipt_report", "--unit", "07210", "--quarter", "2025-Q4", *files)
    (book,) = told["books"]
    assert (told["ok"], told["due"], book["used"]["count"], book["voided"]) == (True, "2026-01-31", 2, [1])
    assert told["sums"]["amount"] == 13_000
    assert (tmp_path / "r.pdf").read_bytes()[:5] == b"%PDF-"
    assert (tmp_path / "r.xlsx").read_bytes()[:2] == b"PK"


def test_a_wrong_quarter_is_a_wrong_use() -> None:
    make_counter()
    with pytest.raises(SystemExit) as left:
        run("receipt_report", "--unit", "07210", "--quarter", "Q4")
    assert left.value.code == 2


def test_next_years_books_are_proposed_by_hand_too() -> None:
    make_counter()
    assert [book["series"] for book in run("propose_books")["proposed"]] == ["AA-26T"]
    assert run("propose_books", "--unit", "07210")["proposed"] == []
    assert not ReceiptBook.objects.get(series="AA-26T").confirmed

"""`motcua import-statement`: lines, JSON, and every exit code."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from motcua.payments.models import Payment, StatementLine
from motcua.payments.tests.counter import make_counter
from motcua.payments.tests.statements import NUMBER, csv_of, open_account

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> tuple[int, str]:
    out, code = StringIO(), 0
    try:
        call_command("import_statement", *arguments, stdout=out, stderr=out)
    except SystemExit as left:
        code = int(left.code or 0)
    return code, out.getvalue()


def test_it_books_what_is_certain_and_says_so(tmp_path: Path) -> None:
    counter = make_counter()
    open_account(counter)
    file = tmp_path / "a.csv"
    file.write_bytes(csv_of(("FT1", 13_000, counter.bill().reference), ("FT2", 7, "lãi")))
    code, dry = run(str(file), "--account", NUMBER, "--dry-run", "--json")
    assert (code, json.loads(dry)["lines"], StatementLine.objects.count()) == (0, 2, 0)
    code, told = run(str(file), "--account", NUMBER, "--json")
    said = json.loads(told)
    assert (code, said["new"], said["booked"]) == (0, 2, 1)
    assert json.loads(run(str(file), "--account", NUMBER, "--json")[1])["repeated"]
    assert Payment.objects.get().amount == 13_000


def test_cells_that_cannot_be_read_are_a_problem(tmp_path: Path) -> None:
    open_account(make_counter())
    file = tmp_path / "a.csv"
    file.write_bytes(csv_of(("FT1", 13_000, "x", "31/02/2025")))
    code, told = run(str(file), "--account", NUMBER)
    assert code == 1
    assert "dòng 4, cột 1" in told


def test_a_wrong_call_is_wrong_use(tmp_path: Path) -> None:
    open_account(make_counter())
    assert run(str(tmp_path / "none.csv"), "--account", NUMBER)[0] == 2
    file = tmp_path / "a.csv"
    file.write_bytes(csv_of(("1", 1, "x")))
    assert run(str(file), "--account", "999")[0] == 2

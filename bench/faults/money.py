"""kill -9 of processes that take payments all at once: the books must agree afterwards, to the last đồng."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from random import Random

from django.core.management import call_command
from django.db import connection

from bench.faults.facts import command
from bench.faults.payer import ASKED_BY
from bench.faults.report import Report
from bench.place import Place
from motcua.kernel import clock
from motcua.kernel.actor import Actor
from motcua.organisation import actions as organisation
from motcua.organisation.types import UnitKind
from motcua.payments import actions, queries
from motcua.payments.models import BankAccount, Collector, Payment, StatementLine

WARDS, WORKERS, LONGEST_RUN = 3, 4, 420
METHODS = ("cash", "card", "transfer", "platform")
FROM_BANK = 10
"""Every so many bills one is paid by a line of a bank statement instead."""
SYSTEM = Actor.system("faults", "command")
NUMBER = "0011001932418"


def run(place: Place, *, payments: int, kills: int, seed: int) -> Report:
    """Several processes take the same payments at once, each payment two of them at least, and book the same statement;
    some of them die on the way.
    """
    random = Random(seed)
    call_command("migrate", verbosity=0)
    with tempfile.TemporaryDirectory(prefix="motcua-money-") as name:
        folder = Path(name)
        owed = _prepare(folder, payments, random)
        connection.close()
        begun = time.monotonic()
        killed, unfinished = _play(place, folder, payments, kills, random)
        seconds = time.monotonic() - begun
        acknowledged, wrong = _acknowledged(folder)
    wrong += ["the processes did not come to an end"] * unfinished
    wrong += _problems(acknowledged, owed)
    wrong += [said for name in ("check-ledger", "verify-audit") if (said := command(place, name))]
    found = queries.check_ledger()
    return Report(
        "money",
        {
            "bills": payments,
            "processes": WORKERS,
            "killed": killed,
            "acknowledged": sum(acknowledged.values()),
            "payments": found.payments,
            "of them from the bank": StatementLine.objects.filter(state="matched").count(),
            "sum of payments": found.payments_sum,
            "sum of receipts": found.receipts_sum,
            "sum of the ledger": found.ledger_sum,
            "receipts": found.receipts,
            "payments a second": round(payments / seconds, 1),
            "seconds": round(seconds, 1),
        },
        wrong,
    )


def _prepare(folder: Path, payments: int, random: Random) -> dict[str, int]:
    """Wards that collect, bills, and a statement that pays every tenth; key -> amount of what is to be taken."""
    now = clock.now()
    top = organisation.create_unit(
        actor=SYSTEM, now=now, code="24", name="Tỉnh Bắc Ninh", kind=UnitKind.PROVINCE, parent_id=None
    )
    units = [_ward(number, top.id) for number in range(WARDS)]
    account = BankAccount.objects.create(
        unit_id=units[0], bank_bin="970436", number=NUMBER, holder="UBND PHUONG", starts_on=date(2025, 7, 1)
    )
    bills: list[tuple[int, int, str, str]] = []
    rows = ["Ngày GD;Số CT;Số tiền ghi có;Nội dung"]
    owed: dict[str, int] = {}
    for number in range(payments):
        from_bank = number % FROM_BANK == 0
        bill = actions.open_bill(
            actor=SYSTEM,
            unit_id=units[0] if from_bank else random.choice(units),
            budget_unit_id=units[0],
            subject=f"H05.B-{number}",
            payer=actions.Payer(f"Nguyễn Văn Thử {number}"),
            lines=(
                actions.BillLine("a", "phi", "Phí", random.randrange(1, 40) * 1_000),
                actions.BillLine("b", "le_phi", "Lệ phí", 5_000),
            ),
            key=f"bill-{number}",
            now=now,
        )
        if from_bank:
            rows.append(f"{clock.local(now):%d/%m/%Y};FT{number};{bill.total};{bill.reference}")
        else:
            owed[f"pay-{number}"] = bill.total
            bills.append((bill.pk, bill.total, random.choice(METHODS), f"pay-{number}"))
    actions.import_statement(
        actor=SYSTEM, account_id=account.pk, name="faults.csv", data="\n".join(rows).encode(), now=now
    )
    task = {"bills": bills, "account": account.pk}
    (folder / "task.json").write_text(json.dumps(task), encoding="utf-8")
    return owed


def _ward(number: int, province: int) -> int:
    now = clock.now()
    unit = organisation.create_unit(
        actor=SYSTEM,
        now=now,
        code=f"0721{number}",
        name=f"Phường {number}",
        kind=UnitKind.COMMUNE,
        parent_id=province,
        agency_code=f"H05.10{number}",
    )
    Collector.objects.create(unit_id=unit.id, name=unit.name, tax_code="2400123456", updated_at=now)
    year = clock.local(now).year % 100
    actions.open_book(
        actor=SYSTEM, unit_id=unit.id, form_symbol="01BLP2-001", series=f"A{'ABC'[number]}-{year}T", now=now
    )
    return unit.id


def _play(place: Place, folder: Path, payments: int, kills: int, random: Random) -> tuple[int, int]:
    """Start the processes, kill some at random points of the load, start others in their place."""
    points = sorted(random.uniform(0.03, 0.95) * payments for _ in range(kills))
    seeds = iter(range(10_000))
    running = [_start(place, folder, next(seeds)) for _ in range(WORKERS)]
    until = time.monotonic() + LONGEST_RUN
    killed = 0
    while time.monotonic() < until:
        if killed < kills and len(_keys(folder)) >= points[killed]:
            victim = running.pop(random.randrange(len(running)))
            victim.kill()
            victim.wait()
            killed += 1
            running.append(_start(place, folder, next(seeds)))
        ended = [process for process in running if process.poll() is not None]
        running = [process for process in running if process.poll() is None]
        if any(process.returncode for process in ended):
            break
        if not running:
            return killed, 0
        time.sleep(0.03)
    for process in running:
        process.kill()
        process.wait()
    return killed, 1


def _start(place: Place, folder: Path, seed: int) -> subprocess.Popen[bytes]:
    line = [sys.executable, "-m", "bench.faults.payer", place.database, str(place.state), place.url]
    return subprocess.Popen([*line, str(folder), str(seed)], env=place.env)


def _keys(folder: Path) -> set[str]:
    return {
        line.split()[0] for file in folder.glob("said-*") for line in file.read_text().splitlines() if line
    }


def _acknowledged(folder: Path) -> tuple[Counter[str], list[str]]:
    """How often each key was answered, and answers that differ: the same key must always be the same payment."""
    answers: Counter[str] = Counter()
    payment: dict[str, str] = {}
    wrong = []
    for file in folder.glob("said-*"):
        for line in file.read_text(encoding="utf-8").splitlines():
            key, number, _amount = line.split()
            answers[key] += 1
            if payment.setdefault(key, number) != number:
                wrong.append(f"{key} was answered with two payments")
    return answers, wrong


def _problems(acknowledged: Mapping[str, int], owed: Mapping[str, int]) -> list[str]:
    """Every payment is in the books once, with its amount; the three sums agree; every bill is paid."""
    stored = dict(Payment.objects.filter(entry__key__startswith="pay-").values_list("entry__key", "amount"))
    wrong = [f"{key} was answered and is not in the books" for key in acknowledged.keys() - stored.keys()]
    wrong += [f"{key} was never taken" for key in owed.keys() - stored.keys()]
    wrong += [f"{key} was asked for only once" for key in owed if acknowledged.get(key, 0) < ASKED_BY]
    wrong += [f"{key} has another amount" for key in stored if owed.get(key) != stored[key]]
    waiting = StatementLine.objects.exclude(state="matched").count()
    wrong += [f"{waiting} lines of the statement wait"] * bool(waiting)
    found = queries.check_ledger()
    sums = {found.payments_sum, found.receipts_sum, found.ledger_sum}
    if len(sums) != 1:
        wrong.append(
            f"receipts {found.receipts_sum}, payments {found.payments_sum}, ledger {found.ledger_sum}"
        )
    return wrong + found.problems

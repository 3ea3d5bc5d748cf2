from __future__ import annotations

from dataclasses import asdict
from typing import Any

from motcua.kernel.command import Command as BaseCommand
from motcua.payments import queries


class Command(BaseCommand):
    help = (
        "Prove that the books agree: entries balance, payments, receipts and bills come to the same, no hole."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        found = queries.check_ledger()
        lines = [
            f"{found.entries} entries, {found.bills} bills, {found.payments} payments, {found.receipts} receipts",
            f"payments {found.payments_sum} = journal {found.ledger_sum}; receipts {found.receipts_sum} đồng",
            f"{found.waiting} payments of {found.waiting_sum} đồng wait for their receipt",
            *found.problems,
            "the books agree" if found.ok else f"{len(found.problems)} problems",
        ]
        self.finish(asdict(found), lines, ok=found.ok)

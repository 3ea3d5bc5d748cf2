from __future__ import annotations

from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from motcua.kernel import clock
from motcua.kernel.actor import Actor
from motcua.kernel.command import Command as BaseCommand
from motcua.organisation import queries as organisation
from motcua.payments import queries
from motcua.payments.adapters import receipt_papers
from motcua.payments.rules.receipt_usage import UsageRow, read_quarter


class Command(BaseCommand):
    help = "Usage of receipts of a collecting unit in a quarter: stock, received, used, void, lost, left."

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--unit", required=True, help="code of the collecting unit (07210)")
        parser.add_argument("--quarter", required=True, help="2025-Q4")
        parser.add_argument("--pdf", type=Path, help="write the form to this file")
        parser.add_argument("--xlsx", type=Path, help="write the workbook to this file")

    def handle(self, *args: Any, **options: Any) -> None:
        quarter = read_quarter(options["quarter"])
        if quarter is None:
            self.wrong("--quarter is a year and a quarter: 2025-Q4")
            return
        unit = organisation.unit_by_code(options["unit"])
        actor = Actor.system("motcua receipt-report", via="command")
        report = queries.usage_report(actor, unit.id, quarter)
        if options["pdf"]:
            options["pdf"].write_bytes(receipt_papers.usage_pdf(report, now=clock.now()))
        if options["xlsx"]:
            options["xlsx"].write_bytes(receipt_papers.usage_xlsx(report))
        data = {
            "unit": unit.code,
            "collector": report.collector_name,
            "tax_code": report.tax_code,
            "quarter": str(quarter),
            "due": str(quarter.due),
            "books": [_book(row) for row in report.rows],
            "sums": asdict(report.sums),
        }
        lines = [f"{report.collector_name}, {quarter}, due {quarter.due}"]
        lines += [
            f"{row.book.form_symbol} {row.book.series}: opening {row.opening.count}, received {row.received.count},"
            f" used {row.used.count} (void {len(row.book.voided)}, lost {len(row.book.lost)}),"
            f" destroyed {row.destroyed.count}, handed over {row.handed_over.count}, closing {row.closing.count}"
            for row in report.rows
        ]
        self.finish(data, lines, ok=all(row.balanced for row in report.rows))


def _book(row: UsageRow) -> dict[str, Any]:
    found: dict[str, Any] = {"form_symbol": row.book.form_symbol, "series": row.book.series}
    for name in ("opening", "received", "used", "destroyed", "handed_over", "closing"):
        span = getattr(row, name)
        numbers = {"first": span.first, "last": span.last} if span.count else {}
        found[name] = {"count": span.count, **numbers}
    return {
        **found,
        "good": row.good,
        "voided": list(row.book.voided),
        "lost": list(row.book.lost),
        "voided_late": list(row.book.voided_late),
        "lost_late": list(row.book.lost_late),
        "amount": row.book.amount,
        "notice": row.book.notice,
        "carried_from": row.book.carried_from,
    }

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from motcua.kernel import clock
from motcua.kernel.actor import Actor
from motcua.kernel.command import Command as BaseCommand
from motcua.kernel.errors import Invalid
from motcua.kernel.messages import msg
from motcua.organisation import queries as organisation
from motcua.organisation.types import UnitInfo
from motcua.payments import actions
from motcua.payments.queries.days import books_within
from motcua.payments.queries.figures import balance


class Command(BaseCommand):
    help = (
        "Close a unit's business day: cash counted against the books. Nothing is posted into it afterwards."
    )

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--unit",
            required=True,
            help="code of the collecting unit (07210.TT), or of the agency whose only till it is (07210)",
        )
        parser.add_argument("--date", required=True, type=date.fromisoformat, help="2025-12-31")
        parser.add_argument(
            "--counted", type=int, help="cash counted, đồng; without it what the books expect"
        )
        parser.add_argument("--explanation", default="", help="why what was counted differs")

    def handle(self, *args: Any, **options: Any) -> None:
        unit = self._unit(options["unit"])
        counted = options["counted"]
        if counted is None:
            counted = balance(unit.id, "cash", until=options["date"])
        closed = actions.close_day(
            actor=Actor.system("motcua close-day", via="command"),
            unit_id=unit.id,
            day=options["date"],
            counted=counted,
            explanation=options["explanation"],
            now=clock.now(),
        )
        data = {
            "unit": unit.code,
            "day": str(closed.day),
            "expected": closed.expected,
            "counted": closed.counted,
            "difference": closed.counted - closed.expected,
            "figures": closed.figures,
            "digest": closed.digest,
        }
        self.finish(
            data, [f"{unit.full_name or unit.name} {closed.day}: {closed.counted} đồng counted, day closed"]
        )

    def _unit(self, code: str) -> UnitInfo:
        """The unit that keeps the books: people say the ward where its centre collects."""
        unit = organisation.unit_by_code(code)
        books = [organisation.unit(unit_id) for unit_id in books_within(unit.id)]
        if len(books) > 1:
            codes = ", ".join(one.code for one in books)
            raise Invalid(
                msg(
                    "Trong %(unit)s có nhiều nơi thu: chốt từng nơi, --unit là một trong %(codes)s.",
                    unit=unit.full_name or unit.name,
                    codes=codes,
                ),
                field="unit",
            )
        return books[0]

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from motcua.kernel import clock
from motcua.kernel.actor import Actor
from motcua.kernel.command import Command as BaseCommand
from motcua.organisation import queries as organisation
from motcua.payments import actions


class Command(BaseCommand):
    help = "In December: propose next year's book for every series that ends with the year. Twice changes nothing."

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--unit", help="code of one collecting unit; without it all")

    def handle(self, *args: Any, **options: Any) -> None:
        units = [organisation.unit_by_code(options["unit"]).id] if options["unit"] else None
        made = actions.propose_next_books(
            actor=Actor.system("motcua propose-books", via="command"), now=clock.now(), unit_ids=units
        )
        books = [
            {
                "id": book.pk,
                "unit": organisation.unit(book.unit_id).code,
                "form_symbol": book.form_symbol,
                "series": book.series,
                "starts_on": str(book.starts_on),
            }
            for book in made
        ]
        lines = [
            f"{book['unit']}: {book['form_symbol']} {book['series']} from {book['starts_on']}"
            for book in books
        ]
        self.finish({"proposed": books}, lines or ["nothing to propose"])

"""motcua import-procedures FILE"""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from motcua.catalogue.actions import import_procedures
from motcua.catalogue.management.sources import SourceCommand
from motcua.kernel import clock
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Invalid


class Command(SourceCommand):
    help = (
        "Read procedures from a JSON file (detailed: a list under 'procedures'; compact: under 'rows'; "
        ".gz allowed) and report every value that was not understood. Reading a file again changes nothing."
    )
    leaves = (
        "every row was read (single values may be in doubt: they are listed)",
        "some row or the whole document was not",
        "the file cannot be opened",
    )

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the JSON file, or the same compressed with gzip")

    def handle(self, *args: Any, **options: Any) -> None:
        document = self.document(options["file"])
        try:
            report = import_procedures(
                actor=Actor.system("import-procedures", via="command"),
                document=document,
                now=clock.now(),
                source=self.name_of(options["file"]),
            )
        except Invalid as refusal:  # a document of another shape is a finding, not a wrong call
            self.refuse(refusal.message.source())
        self.answer(report)

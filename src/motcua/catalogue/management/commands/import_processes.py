"""motcua import-processes FILE"""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from motcua.catalogue.actions import import_processes
from motcua.catalogue.management.sources import SourceCommand
from motcua.kernel import clock
from motcua.kernel.actor import Actor


class Command(SourceCommand):
    help = (
        "Read internal processes from a JSON file (a list under 'processes'; .gz allowed), publish them and "
        "bind them to procedures and cases, and report everything that was not understood or not matched."
    )
    leaves = ("every process was read", "some process or the whole document was not", "no such file")

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the JSON file, or the same compressed with gzip")

    def handle(self, *args: Any, **options: Any) -> None:
        document = self.document(options["file"])
        if not isinstance(document, (dict, list)) or (
            isinstance(document, dict) and not isinstance(document.get("processes"), list)
        ):
            self.refuse("Tệp không có danh sách quy trình (“processes”).")
        if not (document["processes"] if isinstance(document, dict) else document):
            self.refuse("Tệp không có quy trình nào.")
        self.answer(
            import_processes(
                actor=Actor.system("import-processes", via="command"),
                document=document,
                now=clock.now(),
                source=self.name_of(options["file"]),
            )
        )

"""motcua undo NUMBER --reason TEXT"""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from motcua.catalogue import actions, queries
from motcua.catalogue.errors import InUse, WrongState
from motcua.catalogue.management.decisions import ChangeCommand
from motcua.kernel import clock
from motcua.kernel.actor import Actor


class Command(ChangeCommand):
    help = "Take a published change-set back as a whole, while no dossier and no later decision stands on it."
    leaves = ("undone", "something stands on it (all of it is said)", "no such change-set, or no reason")

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number", help="the number of the decision, e.g. 1513/QĐ-UBND")
        parser.add_argument("--reason", required=True, help="why, for the log")
        parser.add_argument(
            "--as", dest="username", default="", metavar="USERNAME", help="in this person's name"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = clock.now()
        actor = (
            self.person(options["username"], now)
            if options["username"]
            else Actor.system("undo", via="command")
        )
        found = queries.changes.change_set(options["number"])
        try:
            info = actions.undo_change_set(
                actor=actor, change_set_id=found.id, reason=options["reason"], now=now
            )
        except InUse as refusal:
            self.refuse(refusal.message, refusal.reasons)
        except WrongState as refusal:
            self.refuse(refusal.message)
        self.finish(self.data_of(info), [f"{info.number}: đã hoàn tác"])

from __future__ import annotations

from typing import Any

from motcua.config import messages
from motcua.kernel.command import Command as BaseCommand


class Command(BaseCommand):
    help = "Renew the English catalogue from the Vietnamese sentences in the source."

    def handle(self, *args: Any, **options: Any) -> None:
        new, removed = messages.renew()
        self.finish({"new": new, "removed": removed}, [f"{new} new, {removed} removed"])

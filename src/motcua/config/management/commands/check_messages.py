from __future__ import annotations

from typing import Any

from motcua.config import messages
from motcua.kernel.command import Command as BaseCommand


class Command(BaseCommand):
    help = "Check that every Vietnamese sentence has its English translation."

    def handle(self, *args: Any, **options: Any) -> None:
        found = messages.problems()
        lines = found[:50] or ["both languages are complete"]
        self.finish({"problems": found}, lines, ok=not found)

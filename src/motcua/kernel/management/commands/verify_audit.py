from __future__ import annotations

from typing import Any

from motcua.kernel.audit.verify import as_json, verify
from motcua.kernel.command import Command as BaseCommand


class Command(BaseCommand):
    help = "Prove that the audit log is whole: every entry, link and seal."
    leaves = ("the log is whole", "it is not (each place is named)", "used wrongly")

    def handle(self, *args: Any, **options: Any) -> None:
        found = verify()
        lines = [f"{found.entries} entries in {found.chains} chains, {found.seals} seals"]
        lines += [f"PROBLEM {problem.where}: {problem.what}" for problem in found.problems[:100]]
        lines.append("the log is whole" if found.ok else f"{len(found.problems)} problems")
        self.finish(as_json(found), lines, ok=found.ok)

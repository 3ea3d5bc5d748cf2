from __future__ import annotations

from typing import Any

from motcua.config.province import load_province
from motcua.kernel import clock
from motcua.kernel.command import Command as BaseCommand


class Command(BaseCommand):
    help = "Load the province: units, calendars, procedures, processes. Repeating it changes nothing more."

    def handle(self, *args: Any, **options: Any) -> None:
        report = load_province(now=clock.now())
        self.finish(report, [f"{name}: {value}" for name, value in report.items()])

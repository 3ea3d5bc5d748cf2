from __future__ import annotations

from typing import Any

from django.core.management import call_command

from motcua.config.messages import compile_catalogues
from motcua.kernel.command import Command as BaseCommand


class Command(BaseCommand):
    help = "Fetch browser assets and fonts, compile translations. Quick when already done."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("setup_assets", verbosity=0, json=options["json"])
        compile_catalogues()
        self.finish({}, [])

from __future__ import annotations

import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from motcua.kernel.command import Command as BaseCommand
from motcua.payments.platform_settings import key_of, wording
from motcua.payments.simulator.core import Behaviour, Simulator
from motcua.payments.simulator.server import over_http, serve


class Command(BaseCommand):
    help = (
        "A stand-in for the national payment platform on loopback: answers as it does, and fails as it may."
    )

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8099, help="port on 127.0.0.1; 0 chooses one")
        parser.add_argument(
            "--confirm", required=True, help="where confirmations go: …/api/v1/platform/confirm"
        )
        parser.add_argument("--token-file", required=True, help="file with the partner system's token")
        parser.add_argument(
            "--behaviour", choices=[each.value for each in Behaviour], default="good", help="how"
        )
        parser.add_argument("--delay", type=float, default=0, help="seconds before every answer")

    def handle(self, *args: Any, **options: Any) -> None:
        token = Path(options["token_file"])
        if not token.is_file():
            self.wrong(f"no such file: {token}")
        with tempfile.TemporaryDirectory() as folder:
            server = serve(
                lambda address: Simulator(
                    Path(folder),
                    wording=wording(),
                    key=key_of,
                    page=address + "/pay/{reference}",
                    behaviour=Behaviour(options["behaviour"]),
                    delay=options["delay"],
                ),
                port=options["port"],
                deliver=over_http(options["confirm"], token.read_text(encoding="ascii").strip()),
            )
            self.stdout.write(f"set MOTCUA_PLATFORM_URL=http://127.0.0.1:{server.server_port}/")
            try:
                server.serve_forever()
            except KeyboardInterrupt:
                self.stdout.write("stopped")
            finally:
                server.server_close()

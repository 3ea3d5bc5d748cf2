"""The whole system in one command: database, province, demo, worker, server."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command

from motcua.config.demo import load_demo
from motcua.config.province import load_province
from motcua.config.serving import is_taken, server_command, wait_until_ready
from motcua.documents.queries import demo_certificates
from motcua.kernel import clock
from motcua.kernel.accounts.queries import DEMO_PASSWORD, demo_accounts, has_demo_accounts
from motcua.kernel.command import Command as BaseCommand

START_SECONDS = 120


class Command(BaseCommand):
    help = "Run the whole system: migrate, load the province (and the demo), start the worker and the server."

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
        parser.add_argument("--port", type=int, default=8000, help="port to listen on")
        parser.add_argument("--workers", type=int, default=2, help="server processes")
        parser.add_argument("--no-worker", action="store_true", help="run the background worker elsewhere")
        parser.add_argument("--prepare-only", action="store_true", help="prepare everything, then stop")

    def handle(self, *args: Any, **options: Any) -> None:
        begun = time.monotonic()
        if not options["prepare_only"] and is_taken(options["host"], options["port"]):
            self.wrong(
                f"Port {options['port']} is in use by another program: choose another one with --port."
            )
        if settings.DEMO and "MOTCUA_PUBLIC_URL" not in os.environ:
            # The codes on the demo's slips lead to where it is served, whatever the port.
            settings.PUBLIC_URL = f"http://{options['host']}:{options['port']}"
            os.environ["MOTCUA_PUBLIC_URL"] = settings.PUBLIC_URL
        gc.disable()  # migrations make thousands of short-lived models: a third of their time went into looking at them
        try:
            self._prepare()
        finally:
            gc.enable()
            gc.collect()
        if options["prepare_only"]:
            self.finish({"seconds": round(time.monotonic() - begun, 1)}, ["ready to run"])
            return
        self._serve(options, begun)

    def _prepare(self) -> None:
        call_command("setup", json=False)
        call_command("migrate", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        load_province(now=clock.now())
        if settings.DEMO:
            load_demo(now=clock.now(), tell=self.stderr.write)
        elif has_demo_accounts():
            self.wrong(
                "This database holds demo accounts; a production start refuses them. Use a fresh database."
            )
        elif made_for_demo := demo_certificates():
            self.wrong(
                "Certificates made for a demo sign nothing here: remove them from MOTCUA_SIGNERS and "
                f"MOTCUA_SIGNING_CA ({', '.join(made_for_demo)})."
            )

    def _tell(self, options: dict[str, Any], seconds: float) -> None:
        address = f"http://{options['host']}:{options['port']}"
        lines = [f"Một Cửa: {address}   (ready in {seconds:.0f} s, stop with Ctrl-C)"]
        if settings.DEMO:
            lines.append(f"demo accounts, all with the password {DEMO_PASSWORD}:")
            lines += [f"  {found.username:24} {found.about}" for found in demo_accounts()]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()

    def _serve(self, options: dict[str, Any], begun: float) -> None:
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "motcua.config.settings"}
        host, port = options["host"], options["port"]
        commands = {
            "server": server_command(host, port, options["workers"], "--respawn-failed-workers"),
        }
        if not options["no_worker"]:
            commands["worker"] = [sys.executable, "-m", "motcua.config.cli", "work"]
        running = {name: _start(line, environment) for name, line in commands.items()}
        stopping = False

        def stop(*_: object) -> None:
            nonlocal stopping
            stopping = True

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        # Whoever reads the address opens it: it is said when it answers.
        wait_until_ready(
            host,
            port,
            seconds=START_SECONDS,
            goes_on=lambda: not stopping and running["server"].poll() is None,
        )
        self._tell(options, time.monotonic() - begun)
        while not stopping:
            time.sleep(0.3)
            for name, process in running.items():
                if process.poll() is not None and not stopping:
                    self.stderr.write(f"{name} ended with {process.returncode}; starting it again")
                    running[name] = _start(commands[name], environment)
                    time.sleep(1)
        for process in running.values():
            process.terminate()
        for process in running.values():
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()


def _start(line: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(line, env=environment)  # noqa: S603 - our own programs, no input from outside

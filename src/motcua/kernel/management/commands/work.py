from __future__ import annotations

import signal
import threading
from argparse import ArgumentParser
from typing import Any

from motcua.kernel import clock
from motcua.kernel.command import Command as BaseCommand
from motcua.kernel.outbox import worker


class Command(BaseCommand):
    help = "Run the worker: events, background jobs and the schedule."

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due now and stop")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            worker.schedule_due(clock.now())
            done = worker.drain(clock.now())
            self.finish({"done": done}, [f"{done} jobs done"])
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        worker.work(stop)

from __future__ import annotations

import time
from argparse import ArgumentParser
from contextlib import nullcontext
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import call_command

from motcua.config.province import load_province
from motcua.config.simulation import Day, DayPlan, simulate
from motcua.config.simulation.accounts import before, mismatches
from motcua.config.simulation.server import own_server
from motcua.kernel import clock
from motcua.kernel.command import Command as BaseCommand
from motcua.kernel.errors import Invalid
from motcua.kernel.messages import msg
from motcua.organisation import queries as organisation
from motcua.organisation.types import UnitInfo, UnitKind

MOST_DOSSIERS, MOST_OFFICERS = 9_000, 20
DEMO_UNIT = "07210"


class Command(BaseCommand):
    help = (
        "Simulate the day of a ward's centre over HTTP: receive, ask for papers, process, return. "
        "Prepares the database and staff (marked as demo) where they are missing, and starts a server of its own "
        "unless --base-url names one that uses the same database."
    )
    leaves = (
        "the day ended and everything agrees",
        "an answer of 5xx, a failure, or codes or counts that do not agree with the database",
        "used wrongly",
    )

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--unit", default=DEMO_UNIT, metavar="CODE", help=f"commune or its centre (default {DEMO_UNIT})"
        )
        parser.add_argument("--dossiers", type=int, default=350, help="how many people come (default 350)")
        parser.add_argument("--officers", type=int, default=2, help="officers at the counter (default 2)")
        parser.add_argument(
            "--base-url", default="", metavar="URL", help="address of a server on the same database"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self._check(options)
        if settings.PRODUCTION:
            self.wrong("simulate-day makes staff and dossiers; a production installation refuses it")
        self.stderr.write(f"writing dossiers and staff, marked as demo, into {_database()}")
        self._prepare(served_elsewhere=bool(options["base_url"]))
        centre = centre_of(options["unit"])
        earlier = before(centre, clock.today(clock.now()))
        served = nullcontext(options["base_url"].rstrip("/")) if options["base_url"] else own_server()
        with served as base_url:
            began = time.monotonic()
            plan = DayPlan(centre, options["dossiers"], options["officers"], base_url, clock.now)
            day = simulate(plan, tell=self.stderr.write)
            elapsed = time.monotonic() - began
        self._answer(day, mismatches(day, earlier), elapsed)

    def _check(self, options: dict[str, Any]) -> None:
        for name, most in (("dossiers", MOST_DOSSIERS), ("officers", MOST_OFFICERS)):
            if not 1 <= options[name] <= most:
                raise Invalid(msg("--%(name)s phải từ 1 đến %(most)s.", name=name, most=most))
        parts = urlsplit(options["base_url"])
        if options["base_url"] and (parts.scheme not in {"http", "https"} or not parts.netloc):
            raise Invalid(msg("--base-url phải là địa chỉ http://… hoặc https://…"))

    def _prepare(self, *, served_elsewhere: bool) -> None:
        call_command("migrate", verbosity=0)
        if not served_elsewhere:
            call_command("setup", json=False)
            call_command("collectstatic", verbosity=0, interactive=False)
        if not organisation.units():
            self.stderr.write("loading the province, once …")
            load_province(now=clock.now())
            organisation.forget()

    def _answer(self, day: Day, differences: list[str], elapsed: float) -> None:
        figures = day.figures
        table = figures.table()
        data = {
            "unit": day.plan.centre.code,
            "dossiers": len([code for code in day.codes if code]),
            "officers": day.plan.officers,
            "elapsed_s": round(elapsed, 1),
            "dossiers_per_s": round(len(day.codes) / elapsed, 1),
            "ends": dict(sorted(day.ends.items())),
            "counts": dict(sorted(figures.counts.items())),
            "statuses": {str(status): n for status, n in sorted(figures.statuses.items())},
            "acts": table,
            "server_errors": figures.server_errors,
            "failures": figures.failures,
            "mismatches": differences,
        }
        lines = [
            f"{day.plan.centre.full_name}: {data['dossiers']} dossiers, {day.plan.officers} officers, "
            f"{elapsed:.1f} s ({data['dossiers_per_s']} dossiers/s)",
            "ends: " + ", ".join(f"{n} {how}" for how, n in sorted(day.ends.items())),
            "done: " + ", ".join(f"{n} {what}" for what, n in sorted(figures.counts.items())),
            f"{'act':26} {'n':>6} {'p50 ms':>8} {'p95 ms':>8}",
            *(f"{act:26} {row['n']:>6} {row['p50_ms']:>8} {row['p95_ms']:>8}" for act, row in table.items()),
            f"5xx: {figures.server_errors}, failures: {figures.counts['failures']}, mismatches: {len(differences)}",
            *(f"- {problem}" for problem in [*differences, *figures.failures]),
        ]
        bad = bool(differences or figures.server_errors or figures.counts["failures"])
        self.finish(data, lines, ok=not bad)


def _database() -> str:
    """The database that the day is written into, without its password."""
    held = settings.DATABASES["default"]
    return f"{held['NAME']} on {held['HOST']}" if held.get("HOST") else str(held["NAME"])


def centre_of(code: str) -> UnitInfo:
    """The reception point of a commune or agency, or the one named itself; `Invalid` for anything else."""
    unit = organisation.unit_by_code(code)
    centre = unit if unit.kind == UnitKind.SERVICE_CENTRE else organisation.centre_of(unit.agency_id)
    if not centre.is_reception_point:
        raise Invalid(msg("%(unit)s không phải nơi tiếp nhận hồ sơ.", unit=centre.full_name))
    return centre

"""`python -m bench.faults`: does anything get lost or doubled when things break?"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from bench.faults.report import Report
from bench.place import SQLITE, Place, postgres_place, set_up_here, small_disk, sqlite_place

SCENARIOS = ("kills", "money", "two-officers", "disk-full", "database")


def main() -> int:
    asked = _arguments()
    with _place(asked) as place:
        report = _play(asked, place) if isinstance(place, Place) else Report(asked.scenario, {}, [], place)
    print(json.dumps(report.as_json(), ensure_ascii=False) if asked.json else "\n".join(report.lines()))
    return 1 if report.problems else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.faults", description=__doc__)
    parser.add_argument("--scenario", choices=SCENARIOS, default="kills")
    parser.add_argument("--receptions", type=int, default=1500)
    parser.add_argument("--payments", type=int, default=1000, help="bills paid at once in the money scenario")
    parser.add_argument("--kills", type=int, default=8, help="deaths, or outages of the database")
    parser.add_argument("--times", type=int, default=200, help="dossiers two officers fight for")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--database-url", default="", help="a PostgreSQL server; a database of its own is made there"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser.parse_args()


@contextmanager
def _place(asked: argparse.Namespace) -> Iterator[Place | str]:
    """Where to play, or why it cannot be played."""
    if asked.scenario == "disk-full":
        with small_disk() as disk:
            yield (
                Place(SQLITE, disk, f"sqlite:///{disk / 'motcua.sqlite3'}")
                if disk
                else "only root can mount a disk"
            )
    elif asked.database_url:
        with postgres_place(asked.database_url) as place:
            yield place
    elif asked.scenario == "database":
        yield "it needs --database-url"
    else:
        with sqlite_place() as place:
            yield place


def _play(asked: argparse.Namespace, place: Place) -> Report:
    set_up_here(place)
    if asked.scenario == "money":
        from bench.faults import money

        return money.run(place, payments=asked.payments, kills=asked.kills, seed=asked.seed)
    from bench.cast import prepare
    from bench.faults import full_disk, kills, lost_database, officers

    print(f"{place.database}: preparing the province …", file=sys.stderr, flush=True)
    cast = prepare()
    if asked.scenario == "two-officers":
        return officers.run(place, cast, times=asked.times)
    if asked.scenario == "disk-full":
        return full_disk.run(place, cast, receptions=min(asked.receptions, 600), seed=asked.seed)
    if asked.scenario == "database":
        return lost_database.run(
            place, cast, receptions=asked.receptions, outages=min(asked.kills, 4), seed=asked.seed
        )
    return kills.run(place, cast, receptions=asked.receptions, kills=asked.kills, seed=asked.seed)


if __name__ == "__main__":
    sys.exit(main())

"""One database, measured in a process of its own: `python -m bench.child` (started by `python -m bench`)."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bench.figures import Figure
from bench.place import POSTGRES, SQLITE, Place, set_up_here

PARTS = ("acts", "pure", "changes", "lists", "money", "web")


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.child")
    parser.add_argument("database", choices=[SQLITE, POSTGRES])
    parser.add_argument("state", type=Path)
    parser.add_argument("url")
    parser.add_argument("--parts", default=",".join(PARTS))
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--tiny", action="store_true")
    parser.add_argument("--payments", type=int)
    asked = parser.parse_args()
    place = Place(asked.database, asked.state, asked.url)
    set_up_here(place)
    for figure in _figures(
        place, asked.parts.split(","), full=asked.full, tiny=asked.tiny, payments=asked.payments
    ):
        print(figure.line(), flush=True)


def _figures(
    place: Place, parts: list[str], *, full: bool, tiny: bool, payments: int | None
) -> Iterator[Figure]:
    from bench import acts, changes, lists, money, pure, volume, web
    from bench.cast import prepare

    _tell(place, "preparing")
    cast = prepare()
    if "acts" in parts:
        _tell(place, "acts")
        yield from acts.measure(place, cast, rounds=5 if tiny else 150)
    if "pure" in parts:
        _tell(place, "letters, search, deadlines")
        yield from pure.measure(place, cast, rounds=12 if tiny else 60)
    if "changes" in parts:
        _tell(place, "a decision, the matrix")
        yield from changes.measure(place, tiny=tiny)
    if "lists" in parts:
        size = volume.FULL if full else volume.Volume(6_000, 6_000, 1) if tiny else volume.SMALL
        _tell(place, f"lists of {size.dossiers:,} dossiers")
        yield from lists.measure(place, cast, size, rounds=3 if tiny else 40)
    if "money" in parts:
        payments = payments or (2_000 if tiny else 300_000)
        _tell(place, f"money, {payments:,} payments")
        yield from money.measure(place, cast, payments=payments, rounds=5 if tiny else 60)
    if "web" in parts:
        _tell(place, "over HTTP")
        yield from web.measure(place, cast, seconds=1 if tiny else 12)


def _tell(place: Place, what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')}  {place.database}: {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()

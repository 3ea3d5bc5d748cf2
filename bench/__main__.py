"""`python -m bench`: the product's speed on SQLite and PostgreSQL, as ratios against raw SQL in the same run."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from bench import table
from bench.child import PARTS
from bench.figures import MARK, Figure
from bench.place import Place, admin_url, postgres_answers, postgres_place, sqlite_place

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "performance.md"
LIMIT_SECONDS, FULL_LIMIT_SECONDS = 240, 1800


def main() -> int:
    asked = _arguments()
    begun, load = time.monotonic(), os.getloadavg()[0]
    limit = FULL_LIMIT_SECONDS if asked.full else LIMIT_SECONDS
    figures: list[Figure] = []
    skipped = ""
    for database in asked.databases.split(","):
        if database == "postgresql":
            skipped = postgres_answers(admin_url())
            if skipped:
                print(f"PostgreSQL is skipped, it does not answer: {skipped}", file=sys.stderr)
                continue
        with sqlite_place() if database == "sqlite" else postgres_place(admin_url()) as place:
            figures += _measure(place, asked, limit - (time.monotonic() - begun), first=not figures)
    order = list(dict.fromkeys(figure.operation for figure in figures))
    figures.sort(key=lambda figure: order.index(figure.operation))  # both databases of an operation together
    _show(figures, asked, time.monotonic() - begun, load)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of the table")
    parser.add_argument(
        "--full", action="store_true", help="1,000,000 dossiers and 5,100,000 tasks (half an hour)"
    )
    parser.add_argument("--tiny", action="store_true", help="a few rounds only: does it work at all")
    parser.add_argument("--parts", default=",".join(PARTS), help=f"some of {', '.join(PARTS)}")
    parser.add_argument("--payments", type=int, help="payments of the part money (default 300,000)")
    parser.add_argument("--databases", default="sqlite,postgresql", help="sqlite, postgresql or both")
    parser.add_argument("--write-docs", action="store_true", help="renew the table in docs/performance.md")
    return parser.parse_args()


def _measure(place: Place, asked: argparse.Namespace, seconds: float, *, first: bool) -> list[Figure]:
    """Run the child and read its figures; what it has not measured in time is left out, and said so."""
    parts = [part for part in asked.parts.split(",") if first or part != "pure"]
    command = [sys.executable, "-m", "bench.child", place.database, str(place.state), place.url]
    command += ["--parts", ",".join(parts)] + [
        f"--{name}" for name in ("full", "tiny") if getattr(asked, name)
    ]
    command += ["--payments", str(asked.payments)] if asked.payments else []
    process = subprocess.Popen(command, cwd=ROOT, env=place.env, stdout=subprocess.PIPE, text=True)
    try:
        output, _ = process.communicate(timeout=max(10.0, seconds))
    except subprocess.TimeoutExpired:
        process.kill()
        output, _ = process.communicate()
        print(f"{place.database}: stopped at the time limit, some lines are missing", file=sys.stderr)
    else:
        if process.returncode:
            print(f"{place.database}: measuring failed, some lines are missing", file=sys.stderr)
    return list(_read(output))


def _read(output: str) -> Iterator[Figure]:
    for line in output.splitlines():
        if line.startswith(MARK):
            yield Figure.from_line(line)


def _show(figures: list[Figure], asked: argparse.Namespace, seconds: float, load: float) -> None:
    if asked.json:
        told = {
            "seconds": round(seconds, 1),
            "load_before": round(load, 1),
            "figures": [figure.as_json() for figure in figures],
        }
        print(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        print(table.plain(figures))
        missed = sum(bool(figure.misses) for figure in figures)
        print(
            f"\n{len(figures)} figures in {seconds:.0f} s, {missed} below their goal. Statements: product (raw)."
        )
    if asked.write_docs:
        volume = (
            "1,000,000 dossiers and 5,100,000 tasks" if asked.full else "200,000 dossiers and 300,000 tasks"
        )
        table.write_docs(
            figures, PAGE, today=datetime.now(UTC).date(), volume=f"lists over {volume}", load=load
        )


if __name__ == "__main__":
    sys.exit(main())

"""Many dossiers in little time: one model dossier multiplied inside the database.

Codes, names, days, units and runs differ; all rows are ordinary rows of the product with all its indexes. The
latest dossiers are the open ones, as in life.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product

from django.db import connection, transaction

from motcua.config.demo.names import FAMILY, GIVEN, MIDDLE
from motcua.kernel.text import fold
from motcua.organisation import queries as organisation

FIRST = 10_000_000
MOMENTS = 500


@dataclass(frozen=True, slots=True)
class Volume:
    """How much there is: `open_tasks` of the dossiers are open, each with `steps` done tasks behind it."""

    dossiers: int
    open_tasks: int
    steps: int

    @property
    def tasks(self) -> int:
        return self.dossiers * self.steps + self.open_tasks


SMALL = Volume(dossiers=200_000, open_tasks=100_000, steps=1)
FULL = Volume(dossiers=1_000_000, open_tasks=100_000, steps=5)


def multiply(code: str, volume: Volume, now: datetime) -> None:
    """Write the volume from the dossier `code` (its first task done, its second open)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, run_id FROM dossiers_dossier WHERE code = %s", [code])
        dossier, run = cursor.fetchone()
        cursor.execute("SELECT id FROM workflow_task WHERE run_id = %s ORDER BY id", [run])
        done, opened = (row[0] for row in cursor.fetchall()[:2])
    with transaction.atomic():
        _names()
        _units()
        _moments(now)
        _counting(volume.dossiers)
        _runs(run)
        _dossiers(dossier, volume)
        for step in range(volume.steps):
            _tasks(done, FIRST + (step + 1) * volume.dossiers, "", {"unit_id": "u.centre"})
        here = {
            "unit_id": "u.division",
            "role": "'specialist'",
            "due_at": "m.due_at",
            "run_due_at": "m.due_at",
        }
        _tasks(opened, FIRST, f"WHERE n.i >= {volume.dossiers - volume.open_tasks}", here)
    _settle()


def _names() -> None:
    people = [
        " ".join(parts)
        for parts in product(FAMILY, (*MIDDLE["Nam"], *MIDDLE["Nữ"]), (*GIVEN["Nam"], *GIVEN["Nữ"]))
    ]
    _table("bench_name", "n integer PRIMARY KEY, name text, folded text")
    with connection.cursor() as cursor:
        rows = [(number, name, fold(name)) for number, name in enumerate(people)]
        cursor.executemany("INSERT INTO bench_name VALUES (%s, %s, %s)", rows)


def _units() -> None:
    _table("bench_unit", "n integer PRIMARY KEY, agency bigint, centre bigint, division bigint")
    rows = []
    for number, commune in enumerate(organisation.communes()):
        division = organisation.division_for(commune.id, "Hộ tịch")
        assert division is not None
        rows.append((number, commune.id, organisation.centre_of(commune.id).id, division.id))
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO bench_unit VALUES (%s, %s, %s, %s)", rows)


def _moments(now: datetime) -> None:
    """Times from two years ago to now; due times around now for the latest."""
    kind = "timestamptz" if connection.vendor == "postgresql" else "text"
    _table("bench_moment", f"n integer PRIMARY KEY, received_at {kind}, due_at {kind}")
    adapt = connection.ops.adapt_datetimefield_value
    rows = []
    for number in range(MOMENTS):
        received = now - timedelta(days=730) * (MOMENTS - number) / MOMENTS
        rows.append((number, adapt(received), adapt(now + timedelta(hours=(number * 37) % 400 - 60))))
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO bench_moment VALUES (%s, %s, %s)", rows)


def _counting(count: int) -> None:
    _table("bench_n", "i bigint PRIMARY KEY")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bench_n WITH RECURSIVE counted(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM counted "
            f"WHERE i < {count - 1}) SELECT i FROM counted"
        )


def _table(name: str, columns: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE {name} ({columns})")


def _runs(template: int) -> None:
    _copy("workflow_run", template, {"id": f"{FIRST} + n.i", "subject": "'H05.B-' || n.i"})


def _dossiers(template: int, volume: Volume) -> None:
    total = volume.dossiers
    number = f"'027' || ({10**9} + n.i)"
    _copy(
        "dossiers_dossier",
        template,
        {
            "id": f"{FIRST} + n.i",
            "code": "'H05.B-' || n.i",
            "run_id": f"{FIRST} + n.i",
            "tracking_token": "'bench' || n.i",
            "idempotency_key": "NULL",
            "owner_name": "p.name",
            "owner_id_number": number,
            "search_text": f"'h05.b-' || n.i || ' ' || p.folded || ' ' || {number}",
            "receiving_unit_id": "u.centre",
            "returning_unit_id": "u.centre",
            "competent_agency_id": "u.agency",
            "created_at": "m.received_at",
            "received_at": "m.received_at",
            "updated_at": "m.received_at",
            "due_at": "m.due_at",
            "status": f"CASE WHEN n.i >= {total - volume.open_tasks} THEN 'processing' ELSE 'returned' END",
            "closed_at": f"CASE WHEN n.i >= {total - volume.open_tasks} THEN NULL ELSE m.due_at END",
        },
        total,
    )


def _tasks(template: int, first: int, where: str, values: dict[str, str]) -> None:
    said = {
        "id": f"{first} + n.i",
        "run_id": f"{FIRST} + n.i",
        "completed_by_id": "NULL",
        "assignee_id": "NULL",
    }
    _copy("workflow_task", template, {**said, **values}, where=where)


def _copy(table: str, template: int, values: dict[str, str], total: int = 0, where: str = "") -> None:
    """INSERT … SELECT of one row as often as there are numbers, with some columns worked out."""
    with connection.cursor() as cursor:
        names = [column.name for column in connection.introspection.get_table_description(cursor, table)]
        shares = max(1, (total or _count(cursor)) // MOMENTS)
        chosen = ", ".join(values.get(name, f't."{name}"') for name in names)
        quoted = ", ".join(f'"{name}"' for name in names)
        communes = len(organisation.communes())
        cursor.execute(
            f"INSERT INTO {table} ({quoted}) SELECT {chosen} FROM bench_n n "
            f"JOIN {table} t ON t.id = {template} "
            f"JOIN bench_name p ON p.n = (n.i * 7919) % (SELECT count(*) FROM bench_name) "
            f"JOIN bench_unit u ON u.n = (n.i * 31) % {communes} "
            f"JOIN bench_moment m ON m.n = CASE WHEN n.i / {shares} < {MOMENTS} THEN n.i / {shares} "
            f"ELSE {MOMENTS - 1} END {where}"
        )


def _count(cursor: object) -> int:
    cursor.execute("SELECT count(*) FROM bench_n")  # type: ignore[attr-defined]  # a database cursor
    return int(cursor.fetchone()[0])  # type: ignore[attr-defined]  # a database cursor


def _settle() -> None:
    """Let PostgreSQL know its numbers and number on; SQLite needs neither."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for table in ("workflow_run", "workflow_task", "dossiers_dossier"):
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
            )
            cursor.execute(f"ANALYZE {table}")

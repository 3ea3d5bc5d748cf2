"""The other side of the ratio: the same rows with hand-written SQL, straight through sqlite3 and psycopg.

What is written is copied from rows the product has just made, so both sides store the same columns, the same
JSON and the same lengths. Only what must differ (codes, tokens, keys) is made anew.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Protocol

import psycopg
from psycopg.types.json import Jsonb

from bench.place import SQLITE, Place

Row = dict[str, Any]


class Database(Protocol):
    """One connection; statements with %s."""

    lock: str

    def run(self, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]: ...
    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[Row]: ...
    def change(self) -> Any: ...
    def adapted(self, moment: datetime) -> Any: ...
    def close(self) -> None: ...


class Sqlite:
    """sqlite3 with the settings the product uses."""

    lock = ""

    def __init__(self, file: str) -> None:
        self.connection = sqlite3.connect(file, isolation_level=None, timeout=20)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            self.connection.execute(f"PRAGMA {pragma}")
        self.known: dict[str, str] = {}

    def run(self, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return self.connection.execute(self._own(statement), values).fetchall()

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[Row]:
        cursor = self.connection.execute(self._own(statement), values)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    @contextmanager
    def change(self) -> Iterator[None]:
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

    def adapted(self, moment: datetime) -> str:
        return str(moment.astimezone(UTC).replace(tzinfo=None))

    def close(self) -> None:
        self.connection.close()

    def _own(self, statement: str) -> str:
        own = self.known.get(statement)
        if own is None:
            own = self.known[statement] = statement.replace("%s", "?")
        return own


class Postgres:
    """psycopg with its own defaults: statements are prepared after five uses."""

    lock = " FOR UPDATE OF t, d"

    def __init__(self, url: str) -> None:
        self.connection = psycopg.connect(url, autocommit=True)

    def run(self, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        cursor = self.connection.execute(statement, values)
        return cursor.fetchall() if cursor.description else []

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[Row]:
        cursor = self.connection.execute(statement, values)
        names = [column.name for column in cursor.description or ()]
        return [{name: _writable(value) for name, value in zip(names, row, strict=True)} for row in cursor]

    @contextmanager
    def change(self) -> Iterator[None]:
        with self.connection.transaction():
            yield

    def adapted(self, moment: datetime) -> datetime:
        return moment

    def close(self) -> None:
        self.connection.close()


def connect(place: Place) -> Database:
    """A connection of its own to the database the product works on."""
    return Sqlite(str(place.state / "motcua.sqlite3")) if place.database == SQLITE else Postgres(place.url)


def _writable(value: Any) -> Any:
    return Jsonb(value) if isinstance(value, (dict, list)) else value


class Pattern:
    """The rows of one dossier as the product made them, to be written again under other codes."""

    def __init__(self, database: Database, code: str) -> None:
        self.database, self.code = database, code
        self.dossier = self._copied("dossiers_dossier", "code = %s", code)[0]
        run = self.dossier["run_id"]
        self.run = self._copied("workflow_run", "id = %s", run)[0]
        self.tasks = self._copied("workflow_task", "run_id = %s", run)
        (key,) = database.run("SELECT id FROM dossiers_dossier WHERE code = %s", [code])[0]
        self.parties = self._copied("dossiers_party", "dossier_id = %s", key)
        self.papers = self._copied("dossiers_dossierpaper", "dossier_id = %s", key)
        self.letter = self._copied("documents_letter", "subject = %s", code)[0]
        self.entries = self._copied("kernel_auditentry", "subject = %s", code)
        self.job = self._copied("kernel_job", "name = %s", "event:dossiers.received")[-1]
        self.chain, self.number = secrets.token_hex(16), 1_000_000
        self.statements: dict[tuple[str, int], str] = {}

    def learn_step(self) -> None:
        """Read what completing the first step has added."""
        self.tasks = [*self.tasks, self._copied("workflow_task", "run_id = %s", self.dossier["run_id"])[-1]]
        self.entries = self._copied("kernel_auditentry", "subject = %s", self.code)

    def _copied(self, table: str, condition: str, value: Any) -> list[Row]:
        found = self.database.rows(f"SELECT * FROM {table} WHERE {condition} ORDER BY id", [value])
        return [{name: kept for name, kept in row.items() if name != "id"} for row in found]

    def receive(self) -> str:
        """One reception: look for the key, number, run, first tasks, dossier, parties, papers, slip, entry, event."""
        database, code = self.database, f"RAW-{secrets.token_hex(8)}"
        key = secrets.token_hex(12)
        with database.change():
            database.run("SELECT * FROM dossiers_dossier WHERE idempotency_key = %s", [key])
            database.run(
                "INSERT INTO documents_numberseries (key, value) VALUES (%s, 1), (%s, 1) ON CONFLICT (key) "
                "DO UPDATE SET value = documents_numberseries.value + 1 RETURNING key, value",
                ["raw-letter", "raw-serial"],
            )
            run = self._insert("workflow_run", [{**self.run, "subject": code}])
            self._insert("workflow_task", [{**task, "run_id": run} for task in self.tasks[:2]])
            made = {
                "code": code,
                "run_id": run,
                "tracking_token": secrets.token_hex(16),
                "idempotency_key": key,
            }
            dossier = self._insert("dossiers_dossier", [{**self.dossier, **made}])
            self._insert("dossiers_party", [{**party, "dossier_id": dossier} for party in self.parties])
            self._insert("dossiers_dossierpaper", [{**paper, "dossier_id": dossier} for paper in self.papers])
            self._insert("documents_letter", [{**self.letter, "subject": code, "number": self._next()}])
            self._entry(self.entries[0], code)
            self._insert("kernel_job", [self.job])
        return code

    def complete(self, code: str) -> None:
        """One step: lock, close the task, open the next, mark the dossier, entry, event."""
        database, now = self.database, self.database.adapted(datetime.now(UTC))
        with database.change():
            found = database.run(
                "SELECT t.id, t.run_id, t.*, r.*, d.* FROM dossiers_dossier d JOIN workflow_run r ON r.id = d.run_id "
                "JOIN workflow_task t ON t.run_id = r.id WHERE d.code = %s AND t.status = %s ORDER BY t.id"
                + database.lock,
                [code, "open"],
            )
            task, run = found[0][0], found[0][1]
            database.run(
                "UPDATE workflow_task SET status = %s, outcome = %s, note = %s, completed_at = %s, "
                "completed_by_id = %s, acted_for_id = %s WHERE id = %s AND status = %s",
                ["done", "tiep", "", now, None, None, task, "open"],
            )
            self._insert("workflow_task", [{**self.tasks[2], "run_id": run}])
            database.run(
                "UPDATE dossiers_dossier SET status = %s, updated_at = %s WHERE code = %s",
                ["processing", now, code],
            )
            self._entry(self.entries[1], code)
            self._insert("kernel_job", [self.job])

    def _entry(self, entry: Mapping[str, Any], code: str) -> None:
        said = {"chain": self.chain, "seq": self._next(), "subject": code}
        self._insert("kernel_auditentry", [{**entry, **said}])

    def _next(self) -> int:
        self.number += 1
        return self.number

    def _insert(self, table: str, rows: Sequence[Mapping[str, Any]]) -> int:
        """One INSERT of all rows, its text made once; gives the number of the last."""
        statement = self.statements.get((table, len(rows)))
        if statement is None:
            columns = ", ".join(f'"{name}"' for name in rows[0])
            places = ", ".join([f"({', '.join(['%s'] * len(rows[0]))})"] * len(rows))
            statement = f"INSERT INTO {table} ({columns}) VALUES {places} RETURNING id"
            self.statements[table, len(rows)] = statement
        values = [value for row in rows for value in row.values()]
        return int(self.database.run(statement, values)[-1][0])

"""Rows that take seconds to make, made once for a test process and put back afterwards where they are needed again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any, TypeVar

from django.apps import apps
from django.db import connection

T = TypeVar("T")

PART = 500
"""Rows put back at once."""


@dataclass(frozen=True, slots=True)
class Table:
    """All rows of a table, as the database gives them."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


_kept: dict[str, tuple[Any, list[Table]]] = {}


def made_once(name: str, make: Callable[[], T]) -> T:
    """What `make` gives, with its rows in the database of the test.

    The first time it is called and every table it changed is remembered; from then on those rows are put back, with the
    same keys, into a transaction that the test rolls back as it would have rolled back the making.
    """
    if name in _kept:
        result, tables = _kept[name]
        for table in tables:
            _put_back(table)
        return result  # type: ignore[no-any-return]  # what `make` gave under this name
    before = {table.name: table for table in _tables()}
    result = make()
    _kept[name] = (result, [table for table in _tables() if table != before[table.name]])
    return result


def _tables() -> list[Table]:
    found = []
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            if model._meta.managed and not model._meta.proxy:
                columns = tuple(f.column for f in model._meta.local_concrete_fields if f.column)
                name = model._meta.db_table
                cursor.execute(f"SELECT {_listed(columns)} FROM {connection.ops.quote_name(name)}")
                found.append(Table(name, columns, tuple(map(_storable, cursor.fetchall()))))
    return found


def _storable(row: Sequence[Any]) -> tuple[Any, ...]:
    """SQLite's driver gives times of the day that it does not take back."""
    return tuple(str(value) if type(value) is time else value for value in row)


def _put_back(table: Table) -> None:
    name = connection.ops.quote_name(table.name)
    line = f"({', '.join(['%s'] * len(table.columns))})"
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {name}")
        for start in range(0, len(table.rows), PART):
            part = table.rows[start : start + PART]
            if connection.vendor == "sqlite":
                cursor.executemany(f"INSERT INTO {name} ({_listed(table.columns)}) VALUES {line}", part)
            else:  # one statement is much quicker there
                lines, values = ", ".join([line] * len(part)), [value for row in part for value in row]
                cursor.execute(f"INSERT INTO {name} ({_listed(table.columns)}) VALUES {lines}", values)


def _listed(columns: tuple[str, ...]) -> str:
    return ", ".join(map(connection.ops.quote_name, columns))

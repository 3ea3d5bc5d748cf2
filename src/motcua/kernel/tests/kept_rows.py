"""Rows that take seconds to make, made once for a test process and put back afterwards where they are needed again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import time
from typing import Any, TypeVar

from django.apps import apps
from django.db import connection, transaction

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
_small: dict[str, tuple[Any, list[tuple[Table, Table]]]] = {}


def made_alike(name: str, make: Callable[[], T]) -> T:
    """What `make` gives, and its rows put back where every table it changed is as it was before the first making.

    For small worlds that nearly every test begins with. Where something is there already they are made as ever. The
    result is shared by all tests: nothing in it may be changeable. Pictures in memory are the caller's to touch.
    """
    if name not in _small:
        before = {table.name: table for table in _tables()}
        result = make()
        changed = [(before[table.name], table) for table in _tables() if table != before[table.name]]
        _small[name] = (result, changed)
        return result
    result, changed = _small[name]
    if any(_rows_of(old) != old.rows for old, _new in changed):
        return make()
    with transaction.atomic():
        for old, new in changed:
            _put_back(new, clear=bool(old.rows))
    return result


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
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy:
            columns = tuple(f.column for f in model._meta.local_concrete_fields if f.column)
            empty = Table(model._meta.db_table, columns, ())
            found.append(replace(empty, rows=_rows_of(empty)))
    return found


def _rows_of(table: Table) -> tuple[tuple[Any, ...], ...]:
    """What is in a table now."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_listed(table.columns)} FROM {connection.ops.quote_name(table.name)}")
        return tuple(map(_storable, cursor.fetchall()))


def _storable(row: Sequence[Any]) -> tuple[Any, ...]:
    """SQLite's driver gives times of the day that it does not take back."""
    return tuple(str(value) if type(value) is time else value for value in row)


def _put_back(table: Table, *, clear: bool = True) -> None:
    name = connection.ops.quote_name(table.name)
    line = f"({', '.join(['%s'] * len(table.columns))})"
    with connection.cursor() as cursor:
        if clear:
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

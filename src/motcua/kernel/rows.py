"""Rows that are written and locked all day, at little more than the price of their SQL.

The ORM builds every statement anew from the model's classes; on the busiest acts that costs more than the
database does. Here the text of a statement is made once for a model and a shape, and values still pass through
the model's own fields, so that both databases get what the ORM would have sent (docs/performance.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Generic, TypeAlias, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

M = TypeVar("M", bound=models.Model)
_Field: TypeAlias = "models.Field[Any, Any]"
_Converter = Callable[[Any, Any, Any], Any]
# These go to the driver as they are; everything else is converted by its field.
_PLAIN = frozenset({str, bool, type(None)})
_TEXT_OR_CHOICE = (models.CharField, models.TextField, models.BooleanField)


def insert(row: M) -> M:
    """Insert one new row (one statement) and give it its number."""
    insert_all([row])
    return row


def insert_all(rows: Sequence[M]) -> list[M]:
    """Insert new rows of one model in one statement, none for an empty list; gives them their numbers."""
    if not rows:
        return []
    connection = connections[DEFAULT_DB_ALIAS]
    fields, statement = _insertion(type(rows[0]), len(rows), connection.vendor)
    values = [_value(field, row, connection, add=True) for row in rows for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        numbers = cursor.fetchall()
    for row, (number,) in zip(rows, numbers, strict=True):
        row.pk = number
        row._state.adding = False
        row._state.db = connection.alias
    return list(rows)


def update(row: models.Model, fields: Sequence[str], *, where: Mapping[str, str] | None = None) -> bool:
    """Store these attributes of a row (one statement); False when it is no longer as `where` says."""
    still = where or {}
    connection = connections[DEFAULT_DB_ALIAS]
    changed, statement = _change(type(row), tuple(fields), tuple(still), connection.vendor)
    values = [_value(field, row, connection, add=False) for field in changed]
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, row.pk, *still.values()])
        return bool(cursor.rowcount)


class Reader(Generic[M]):
    """Makes rows of one model out of a statement written by hand; `without` names attributes left unread."""

    def __init__(self, model: type[M], *, without: Sequence[str] = ()) -> None:
        self.model = model
        self.fields = [field for field in _fields(model) if field.attname not in without]
        self.names = [field.attname for field in self.fields]
        self._converters: dict[str, list[tuple[int, list[_Converter], Any]]] = {}

    def columns(self, alias: str) -> str:
        """The columns for the SELECT, in the order `read` wants them."""
        return ", ".join(f"{alias}.{_quoted(field)}" for field in self.fields)

    def read(self, values: Iterator[Any]) -> M:
        """Take this model's columns off the front of a result row."""
        connection = connections[DEFAULT_DB_ALIAS]
        taken = [next(values) for _name in self.names]
        for position, converters, expression in self._conversion(connection):
            for convert in converters:
                taken[position] = convert(taken[position], expression, connection)
        return self.model.from_db(connection.alias, self.names, taken)

    def _conversion(self, connection: BaseDatabaseWrapper) -> list[tuple[int, list[_Converter], Any]]:
        known = self._converters.get(connection.vendor)
        if known is None:
            columns = [field.get_col(self.model._meta.db_table) for field in self.fields]
            found = [
                (place, [*connection.ops.get_db_converters(col), *col.get_db_converters(connection)], col)
                for place, col in enumerate(columns)
            ]
            known = self._converters[connection.vendor] = [entry for entry in found if entry[1]]
        return known


def _fields(model: type[models.Model]) -> list[_Field]:
    return list(model._meta.concrete_fields)


def _value(field: _Field, row: models.Model, connection: BaseDatabaseWrapper, *, add: bool) -> Any:
    value = field.pre_save(row, add)
    if type(value) in _PLAIN and isinstance(field, _TEXT_OR_CHOICE):
        return value
    return field.get_db_prep_save(value, connection)


@cache
def _insertion(model: type[models.Model], count: int, vendor: str) -> tuple[list[_Field], str]:
    fields = [field for field in _fields(model) if not field.primary_key]
    one = f"({', '.join(['%s'] * len(fields))})"
    columns = ", ".join(_quoted(field) for field in fields)
    statement = (
        f"INSERT INTO {model._meta.db_table} ({columns}) "  # noqa: S608 - names of our own models, values are bound
        f"VALUES {', '.join([one] * count)} RETURNING {_quoted(_key(model))}"
    )
    return fields, statement


@cache
def _change(
    model: type[models.Model], names: tuple[str, ...], still: tuple[str, ...], vendor: str
) -> tuple[list[_Field], str]:
    by_name = {name: field for field in _fields(model) for name in (field.name, field.attname)}
    fields = [by_name[name] for name in names]
    sets = ", ".join(f"{_quoted(field)} = %s" for field in fields)
    checked = " AND ".join(
        f"{_quoted(field)} = %s" for field in (_key(model), *(by_name[name] for name in still))
    )
    return fields, f"UPDATE {model._meta.db_table} SET {sets} WHERE {checked}"  # noqa: S608 - as above


def _key(model: type[models.Model]) -> _Field:
    key = model._meta.pk
    assert key is not None
    return key


def _quoted(field: _Field) -> str:
    return connections[DEFAULT_DB_ALIAS].ops.quote_name(str(field.column))

"""Rows that are written and locked all day, at little more than the price of their SQL.

The ORM builds every statement anew from the model's classes; on the busiest acts that costs more than the
database does. Here the text of a statement is made once for a model and a shape, and values still pass through
the model's own fields, so that both databases get what the ORM would have sent (docs/performance.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Generic, TypeAlias, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.base import ModelState

M = TypeVar("M", bound=models.Model)
_Field: TypeAlias = "models.Field[Any, Any]"
_Converter = Callable[[Any, Any, Any], Any]
# Kinds of columns whose everyday values need no field to convert them; everything else goes through its field.
_TEXT, _FLAG, _NUMBER, _MOMENT, _OTHER = str, bool, int, datetime, object


def insert(row: M) -> M:
    """Insert one new row (one statement) and give it its number."""
    insert_all([row])
    return row


def insert_all(rows: Sequence[M]) -> list[M]:
    """Insert new rows of one model in one statement, none for an empty list; gives them their numbers."""
    if not rows:
        return []
    connection = connections[DEFAULT_DB_ALIAS]
    columns, statement = _insertion(type(rows[0]), len(rows), connection.vendor)
    values = [column.value(row, connection, add=True) for row in rows for column in columns]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        numbers = cursor.fetchall()
    for row, (number,) in zip(rows, numbers, strict=True):
        row.pk = number
        row._state.adding = False
        row._state.db = connection.alias
    return list(rows)


def insert_once(row: M, name: str) -> bool:
    """Insert a row unless its unique attribute `name` is there already (one statement); False when it is."""
    connection = connections[DEFAULT_DB_ALIAS]
    columns, statement = _insertion(type(row), 1, connection.vendor, name)
    with connection.cursor() as cursor:
        cursor.execute(statement, [column.value(row, connection, add=True) for column in columns])
        numbers = cursor.fetchall()
    if not numbers:
        return False
    row.pk = numbers[0][0]
    row._state.adding = False
    row._state.db = connection.alias
    return True


def update(row: models.Model, fields: Sequence[str], *, where: Mapping[str, str] | None = None) -> bool:
    """Store these attributes of a row (one statement); False when it is no longer as `where` says."""
    still = where or {}
    connection = connections[DEFAULT_DB_ALIAS]
    changed, statement = _change(type(row), tuple(fields), tuple(still), connection.vendor)
    values = [column.value(row, connection, add=False) for column in changed]
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, row.pk, *still.values()])
        return bool(cursor.rowcount)


def update_all(rows: Sequence[M], fields: Sequence[str]) -> None:
    """Store these attributes of many rows of one model, sent together; nothing for none."""
    if not rows:
        return
    connection = connections[DEFAULT_DB_ALIAS]
    changed, statement = _change(type(rows[0]), tuple(fields), (), connection.vendor)
    values = [[*(column.value(row, connection, add=False) for column in changed), row.pk] for row in rows]
    with connection.cursor() as cursor:
        cursor.executemany(statement, values)


def find(model: type[M], name: str, value: str | int) -> M | None:
    """The row whose unique attribute `name`, a text or a number, has this value (one statement)."""
    reader, statement = _finding(model, name, connections[DEFAULT_DB_ALIAS].vendor)
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(statement, [value])
        row = cursor.fetchone()
    found: M | None = reader.read(iter(row)) if row is not None else None
    return found


def found(model: type[M], where: str, values: Sequence[Any], *, lock: bool = False) -> list[M]:
    """Rows by a condition and an order written by hand, with the table called `x` (one statement).

    `where` is a text of the code, never of a person. With `lock` the rows are locked where the database can.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    reader, statement = _selection(model, where, lock, connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(statement, [_plain(value, connection) for value in values])
        return [reader.read(iter(row)) for row in cursor.fetchall()]


def _plain(value: Any, connection: BaseDatabaseWrapper) -> Any:
    return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value


def made(model: type[M], values: Iterable[tuple[str, Any]]) -> M:
    """A row that was read, of its attributes and their values; what is not among them is read when asked for.

    What `Model.from_db` makes, without its walk over every field of the model.
    """
    row = model.__new__(model)
    row.__dict__.update(values)
    row._state = ModelState()
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    return row


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
        return made(self.model, zip(self.names, taken, strict=True))

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


@dataclass(frozen=True, slots=True)
class _Column:
    """Where a value comes from and what it usually is."""

    field: _Field
    name: str
    kind: type[Any]
    number_type: str

    def value(self, row: models.Model, connection: BaseDatabaseWrapper, *, add: bool) -> Any:
        """The value as the driver takes it, as the field itself would have made it."""
        value = row.__dict__.get(self.name)
        if value is None and self.name in row.__dict__:
            return None
        if type(value) is self.kind:
            if self.kind is _MOMENT:
                return connection.ops.adapt_datetimefield_value(value)
            return (
                connection.ops.adapt_integerfield_value(value, self.number_type)
                if self.kind is _NUMBER
                else value
            )
        return self.field.get_db_prep_save(self.field.pre_save(row, add), connection)


def _column(field: _Field) -> _Column:
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    kind: type[Any] = _OTHER
    if isinstance(target, (models.CharField, models.TextField)):
        kind = _TEXT
    elif isinstance(target, models.BooleanField):
        kind = _FLAG
    elif isinstance(target, models.DateTimeField):
        kind = _OTHER if target.auto_now or target.auto_now_add else _MOMENT
    elif isinstance(target, models.IntegerField):
        kind = _NUMBER
    number = "BigIntegerField" if isinstance(target, models.AutoField) else target.get_internal_type()
    return _Column(field, field.attname, kind, number)


@cache
def _insertion(
    model: type[models.Model], count: int, vendor: str, once: str = ""
) -> tuple[list[_Column], str]:
    fields = [field for field in _fields(model) if not field.primary_key]
    one = f"({', '.join(['%s'] * len(fields))})"
    columns = ", ".join(_quoted(field) for field in fields)
    unique = next(
        (f" ON CONFLICT ({_quoted(field)}) DO NOTHING" for field in fields if field.attname == once), ""
    )
    statement = (
        f"INSERT INTO {model._meta.db_table} ({columns}) "  # noqa: S608 - names of our own models, values are bound
        f"VALUES {', '.join([one] * count)}{unique} RETURNING {_quoted(_key(model))}"
    )
    return [_column(field) for field in fields], statement


@cache
def _finding(model: type[M], name: str, vendor: str) -> tuple[Reader[M], str]:
    reader = Reader(model)
    column = _quoted(next(field for field in _fields(model) if field.attname == name))
    table = model._meta.db_table
    return reader, f"SELECT {reader.columns('x')} FROM {table} x WHERE x.{column} = %s"  # noqa: S608 - as above


@cache
def _selection(model: type[M], where: str, lock: bool, vendor: str) -> tuple[Reader[M], str]:
    reader, end = Reader(model), " FOR UPDATE" if lock and vendor == "postgresql" else ""
    table = model._meta.db_table
    return reader, f"SELECT {reader.columns('x')} FROM {table} x WHERE {where}{end}"  # noqa: S608 - as above


@cache
def _change(
    model: type[models.Model], names: tuple[str, ...], still: tuple[str, ...], vendor: str
) -> tuple[list[_Column], str]:
    by_name = {name: field for field in _fields(model) for name in (field.name, field.attname)}
    fields = [by_name[name] for name in names]
    sets = ", ".join(f"{_quoted(field)} = %s" for field in fields)
    checked = " AND ".join(
        f"{_quoted(field)} = %s" for field in (_key(model), *(by_name[name] for name in still))
    )
    written = [_column(field) for field in fields]
    return written, f"UPDATE {model._meta.db_table} SET {sets} WHERE {checked}"  # noqa: S608 - as above


def _key(model: type[models.Model]) -> _Field:
    key = model._meta.pk
    assert key is not None
    return key


def _quoted(field: _Field) -> str:
    return connections[DEFAULT_DB_ALIAS].ops.quote_name(str(field.column))

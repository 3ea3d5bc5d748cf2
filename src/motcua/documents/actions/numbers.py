"""Numbers without holes and without doubles."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection, transaction

from motcua.documents.models import NumberSeries


@transaction.atomic(
    savepoint=False
)  # a failure in here must undo the whole act, and a savepoint costs two statements
def next_numbers(keys: Sequence[str]) -> dict[str, int]:
    """The next number of every series, in one statement; a new series starts at 1.

    The rows stay locked until the caller's transaction ends: a rollback gives the numbers back, so there
    are no
    holes, and nobody else can take them meanwhile, so there are no doubles. Ask for all the series of one
    act in one
    call: keys are taken in sorted order, which is what keeps two acts from waiting for each other.
    Raises ValueError for an empty list or the same key twice.
    """
    ordered = sorted(keys)
    if not ordered or len(set(ordered)) != len(ordered):
        raise ValueError("next_numbers needs one or more different keys")
    table = connection.ops.quote_name(NumberSeries._meta.db_table)
    rows = ", ".join(["(%s, 1)"] * len(ordered))
    statement = (
        f"INSERT INTO {table} (key, value) VALUES {rows} "  # noqa: S608 - our own table name, values are bound
        f"ON CONFLICT (key) DO UPDATE SET value = {table}.value + 1 RETURNING key, value"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, ordered)
        given: dict[str, int] = dict(cursor.fetchall())
    return given

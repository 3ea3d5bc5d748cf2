"""The first statement of every reception: was this request answered before, and does its version still stand?

The picture of the catalogue is up to two seconds old, and a decision may be undone in that time. So the version's own
row is read again here and held until the reception is committed: undoing locks the versions it takes away before it
looks for dossiers. Whichever comes second sees what the first has done.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from django.db import connection

from motcua.dossiers.models import Dossier
from motcua.dossiers.types import Reception
from motcua.kernel import rows

_DOSSIER = rows.Reader(Dossier)


@dataclass(frozen=True, slots=True)
class Held:
    """The version as its row says it, and the dossier an earlier request with the same key has made."""

    withdrawn: bool
    valid_to: datetime | None
    earlier: Dossier | None

    def contradicts(self, valid_to: datetime | None) -> bool:
        """Whether a picture that lets the version stand until then is older than the row."""
        shorter = self.valid_to is not None and (valid_to is None or self.valid_to < valid_to)
        return self.withdrawn or shorter


def hold(reception: Reception) -> Held | None:
    """Read and hold (one statement); None where there is no such version.

    The lock is the weakest there is: receptions of one procedure do not wait for each other, nor for its publication.
    """
    key = reception.idempotency_key or None
    with connection.cursor() as cursor:
        cursor.execute(_statement(connection.vendor), [key, reception.procedure_version_id])
        row = cursor.fetchone()
    if row is None:
        return None
    values = iter(row)
    withdrawn, valid_to, found = next(values), next(values), next(values)
    return Held(bool(withdrawn), _instant(valid_to), _DOSSIER.read(values) if found is not None else None)


@cache
def _statement(vendor: str) -> str:
    version = Dossier._meta.get_field("procedure_version").related_model
    assert isinstance(version, type)
    table, dossier = version._meta.db_table, Dossier._meta.db_table
    return (
        f"SELECT v.withdrawn_at IS NOT NULL, v.valid_to, x.id, {_DOSSIER.columns('x')} "  # noqa: S608 - our own tables
        f"FROM {table} v LEFT JOIN {dossier} x ON x.idempotency_key = %s WHERE v.id = %s"
        + (" FOR KEY SHARE OF v" if vendor == "postgresql" else "")
    )


def _instant(value: datetime | str | None) -> datetime | None:
    """SQLite gives text or a time without zone, which is UTC."""
    found = datetime.fromisoformat(value) if isinstance(value, str) else value
    return found.replace(tzinfo=UTC) if found is not None and found.tzinfo is None else found

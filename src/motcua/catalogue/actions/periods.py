"""Writing versions together with what is believed about when they stand.

A version's columns `valid_to` and `withdrawn_at` say what is believed now; `VersionPeriod` keeps every belief with
the time it was held. Nobody else writes either. All functions write in the caller's transaction, many rows at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from motcua.catalogue.errors import PeriodsOverlap
from motcua.catalogue.models import ProcedureVersion, VersionPeriod
from motcua.kernel.messages import msg

AT_ONCE = 400
"""Rows of one statement: SQLite allows fewer values in one than PostgreSQL."""

T = TypeVar("T")


def open_versions(
    rows: Sequence[ProcedureVersion], *, now: datetime, change_set_id: int | None = None
) -> None:
    """Store new versions and that they are known from `now`."""
    ProcedureVersion.objects.bulk_create(rows, batch_size=AT_ONCE)
    _believe(((row.pk, row.procedure_id, row.valid_from, row.valid_to) for row in rows), now, change_set_id)


def end_versions(
    version_ids: Iterable[int], *, at: datetime, now: datetime, change_set_id: int | None = None
) -> None:
    """Let versions end at an instant (the first they no longer stand), known from `now`."""
    set_ends(dict.fromkeys(version_ids, at), now=now, change_set_id=change_set_id)


def set_ends(ends: Mapping[int, datetime | None], *, now: datetime, change_set_id: int | None = None) -> None:
    """Give versions the ends named, None for open: ending them, or reopening what undoing ends no longer."""
    by_end: dict[datetime | None, list[int]] = {}
    for version_id, end in ends.items():
        by_end.setdefault(end, []).append(version_id)
    for end, version_ids in by_end.items():
        for part in in_parts(version_ids):
            VersionPeriod.objects.filter(version_id__in=part, known_to__isnull=True).update(known_to=now)
            ProcedureVersion.objects.filter(pk__in=part).update(valid_to=end)
    for part in in_parts(list(ends)):
        rows = ProcedureVersion.objects.filter(pk__in=part, withdrawn_at__isnull=True)
        _believe(rows.values_list("pk", "procedure_id", "valid_from", "valid_to"), now, change_set_id)


def lock_versions(version_ids: Iterable[int]) -> None:
    """Hold versions against everybody who is about to receive under them, by id as everywhere."""
    for part in in_parts(sorted(version_ids)):
        list(
            ProcedureVersion.objects.select_for_update().filter(pk__in=part).order_by("pk").values_list("pk")
        )


def withdraw_versions(version_ids: Iterable[int], *, now: datetime) -> None:
    """Say that these versions never stood. Their content stays, because something may still point at it."""
    for part in in_parts(list(version_ids)):
        VersionPeriod.objects.filter(version_id__in=part, known_to__isnull=True).update(known_to=now)
        ProcedureVersion.objects.filter(pk__in=part).update(withdrawn_at=now)


def require_no_overlap(procedure_ids: Iterable[int]) -> None:
    """Raise `PeriodsOverlap` if two versions of one of these procedures stand at one instant."""
    for part in in_parts(sorted(set(procedure_ids))):
        rows = ProcedureVersion.objects.filter(procedure_id__in=part, withdrawn_at__isnull=True)
        last: tuple[int, datetime | None, str] | None = None
        for procedure_id, starts, ends, code in rows.order_by("procedure_id", "valid_from").values_list(
            "procedure_id", "valid_from", "valid_to", "code"
        ):
            if last is not None and last[0] == procedure_id and (last[1] is None or last[1] > starts):
                raise PeriodsOverlap(
                    msg("Thủ tục %(code)s có hai phiên bản cùng hiệu lực một lúc.", code=code or last[2])
                )
            last = (procedure_id, ends, code)


def in_parts(items: Sequence[T]) -> Iterator[Sequence[T]]:
    """The items in parts small enough for one statement."""
    for start in range(0, len(items), AT_ONCE):
        yield items[start : start + AT_ONCE]


def _believe(
    periods: Iterable[tuple[int, int, datetime, datetime | None]], now: datetime, change_set_id: int | None
) -> None:
    VersionPeriod.objects.bulk_create(
        (
            VersionPeriod(
                version_id=version_id,
                procedure_id=procedure_id,
                valid_from=starts,
                valid_to=ends,
                known_from=now,
                change_set_id=change_set_id,
            )
            for version_id, procedure_id, starts, ends in periods
        ),
        batch_size=AT_ONCE,
    )

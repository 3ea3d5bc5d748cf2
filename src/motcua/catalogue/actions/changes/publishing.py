"""Publishing a change-set: all of it or nothing, one publication at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from motcua.catalogue.actions.changes.applying import Applied, apply
from motcua.catalogue.actions.changes.gate import catalogue_of, content_reasons, rehearsal_reasons, shortened
from motcua.catalogue.actions.changes.locking import fields_of, lock_catalogue, lock_change_set, require_state
from motcua.catalogue.actions.changes.matrix_gate import matrix_reasons
from motcua.catalogue.actions.changes.new_processes import publish_new_processes
from motcua.catalogue.actions.changes.plan import planned
from motcua.catalogue.errors import NotReady
from motcua.catalogue.events import ChangeSetPublished
from motcua.catalogue.models import ChangeLine, ChangeSet
from motcua.catalogue.permissions import require_publish
from motcua.catalogue.queries.changes import digest_of, info_of
from motcua.catalogue.queries.ground import ground_of
from motcua.catalogue.snapshot import touch
from motcua.catalogue.types_changes import ChangeState
from motcua.catalogue.types_drafts import ChangeSetInfo
from motcua.kernel import audit, outbox
from motcua.kernel.actor import Actor
from motcua.kernel.messages import Message


@transaction.atomic
def publish_change_set(*, actor: Actor, change_set_id: int, now: datetime) -> ChangeSetInfo:
    """Carry an approved change-set out. Versions stand from its effective instant, which may be past or to come.

    Raises `NotReady` with every reason while the rehearsal of this very content is not green, a line no longer fits
    the catalogue, or the matrix of competence would have a hole or an overlap; `WrongState`, `NotAllowed`. Whatever
    is raised, nothing of the change-set was written.
    """
    lock_catalogue()
    row = lock_change_set(change_set_id)
    require_publish(actor, fields_of(row))
    require_state(row, ChangeState.APPROVED)
    lines = list(ChangeLine.objects.filter(change_set=row))
    _require([*content_reasons(row, lines), *rehearsal_reasons(row, now)])
    applied = _apply(row, lines, actor, now)
    assert row.effective_at is not None  # among the reasons above
    _require(matrix_reasons(max(row.effective_at, now)))
    row.state = ChangeState.PUBLISHED.value
    row.published_by_name = actor.name[:160]
    row.published_at = now
    row.undo = applied.undo
    row.revision += 1
    row.save(update_fields=["state", "published_by_name", "published_at", "undo", "revision"])
    audit.record(
        actor,
        "catalogue.publish_change_set",
        subject_type="change_set",
        subject=str(row.pk),
        data={"number": row.number, "lines": len(lines), "versions": len(applied.versions)},
        at=now,
    )
    outbox.publish(
        ChangeSetPublished(change_set_id=row.pk, number=row.number, versions=len(applied.versions)), now=now
    )
    return info_of(row)


@dataclass(frozen=True, slots=True)
class Staged:
    """What was staged, as it was when the change-set was locked: its digest, and what it stands on; and the procedure
    of each line, new ones included.
    """

    digest: str
    ground: Mapping[str, Any]
    procedures: Mapping[int, int]


@contextmanager
def as_if_published(*, change_set_id: int, day: date, now: datetime) -> Iterator[Staged]:
    """The catalogue as publishing the change-set would leave it; ALWAYS rolled back at the end.

    For rehearsals, whose dossiers begin on `day`: no gate and no rights are asked. Everything done inside is rolled
    back as well. Raises `NotReady` when the lines do not fit the catalogue.

    The catalogue and the change-set are held while they are read, not while what is done inside takes its minutes:
    who publishes another decision, or edits this one, does not wait (ADR 0021). The gate compares digest and ground.
    """
    with transaction.atomic():
        try:
            row, lines, digest, ground = _read_in_peace(change_set_id, day)
            _apply(row, lines, Actor.system("as if published"), now, staged=True)
            made = {line.pk: line.procedure_id for line in lines if line.procedure_id is not None}
            yield Staged(digest, ground, made)
        finally:
            transaction.set_rollback(True)


def _read_in_peace(
    change_set_id: int, day: date
) -> tuple[ChangeSet, list[ChangeLine], str, Mapping[str, Any]]:
    """A change-set checked against the catalogue under both locks, which the savepoint's end gives back."""
    with transaction.atomic():
        lock_catalogue()
        row = lock_change_set(change_set_id)
        lines = list(ChangeLine.objects.filter(change_set=row))
        digest, ground = digest_of(row.pk), ground_of(row.pk, day)
        _require(content_reasons(row, lines))
        transaction.set_rollback(True)
    return row, lines, digest, ground


def _apply(
    row: ChangeSet, lines: Sequence[ChangeLine], actor: Actor, now: datetime, *, staged: bool = False
) -> Applied:
    plan = planned(row, lines, catalogue_of(row, lines))
    plan.settings = publish_new_processes(plan.settings, actor=actor, now=now)
    applied = apply(row, lines, plan, now, staged=staged)
    touch(tell=not staged)
    return applied


def _require(reasons: Sequence[Message]) -> None:
    if reasons:
        raise NotReady(shortened(reasons), reasons=reasons)

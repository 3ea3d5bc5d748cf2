"""Storing what rehearsals made and found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from motcua.catalogue.models import GoldenDossier, Rehearsal, RehearsalFailure
from motcua.catalogue.permissions import require_rehearse
from motcua.kernel import audit
from motcua.kernel.actor import Actor
from motcua.kernel.errors import NotFound
from motcua.kernel.messages import Message, msg

BATCH = 500
GENERATED = "generated"


@dataclass(frozen=True, slots=True)
class GoldenRow:
    """A golden dossier to be stored: JSON-ready parts."""

    key: str
    title: str
    given: Mapping[str, Any]
    expected: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FailureRow:
    """One thing that would not work, to be stored. `params` holds what pages need beside the sentence."""

    kind: str
    message: Message
    procedure_id: int | None = None
    line_id: int | None = None
    unit_id: int | None = None
    case_key: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    count: int = 1


@dataclass(frozen=True, slots=True)
class RehearsalRow:
    """The figures of a rehearsal, to be stored; `seconds` of wall time."""

    change_set_id: int | None
    digest: str
    seconds: float
    procedures: int
    units: int
    trials: int
    failures: Sequence[FailureRow]
    scope: str = ""
    ground: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def store_golden(
    *,
    actor: Actor,
    rows: Sequence[GoldenRow],
    now: datetime,
    procedure_id: int | None = None,
    version_id: int | None = None,
    line_id: int | None = None,
) -> int:
    """Store the golden dossiers of a version or of a proposed line; gives how many are stored.

    Those of a line that nobody has confirmed give way to the new ones; those of a version stay as they are, and so
    does whatever a person has confirmed.
    """
    require_rehearse(actor)
    of = {"version_id": version_id} if line_id is None else {"change_line_id": line_id}
    if line_id is not None:
        GoldenDossier.objects.filter(**of, made_by=GENERATED).delete()
    kept = set(GoldenDossier.objects.filter(**of).values_list("key", flat=True))
    fresh = [
        GoldenDossier(
            procedure_id=procedure_id,
            version_id=version_id,
            change_line_id=line_id,
            key=row.key,
            title=row.title,
            given=dict(row.given),
            expected=dict(row.expected),
            made_at=now,
        )
        for row in rows
        if row.key not in kept
    ]
    GoldenDossier.objects.bulk_create(fresh, batch_size=BATCH)
    audit.record(
        actor,
        "catalogue.store_golden",
        subject_type="golden_dossiers",
        subject=str(line_id or version_id),
        data={"stored": len(fresh), "kept": len(kept), "of": "line" if line_id else "version"},
        at=now,
    )
    return len(fresh) + len(kept)


@transaction.atomic
def confirm_golden(
    *, actor: Actor, golden_id: int, expected: Mapping[str, Any], note: str, now: datetime
) -> None:
    """A person answers for what must come of an example, as generated or corrected. Raises `NotFound`."""
    require_rehearse(actor)
    found = GoldenDossier.objects.select_for_update().filter(pk=golden_id).first()
    if found is None:
        raise NotFound(msg("Không có hồ sơ mẫu này."))
    corrected = dict(expected) != found.expected
    said = {"key": found.key, "corrected": corrected, "note": note}
    if corrected:
        said["before"] = found.expected
    found.expected, found.made_by, found.made_at = dict(expected), actor.name[:160], now
    found.save(update_fields=["expected", "made_by", "made_at"])
    audit.record(
        actor,
        "catalogue.confirm_golden",
        subject_type="golden_dossiers",
        subject=str(golden_id),
        data=said,
        at=now,
    )


@transaction.atomic
def store_rehearsal(*, actor: Actor, row: RehearsalRow, now: datetime) -> int:
    """Store a rehearsal with its failures; gives its id."""
    require_rehearse(actor)
    failed = sum(failure.count for failure in row.failures)
    stored = Rehearsal.objects.create(
        change_set_id=row.change_set_id,
        digest=row.digest,
        at=now,
        by_name=actor.name[:160],
        seconds=row.seconds,
        procedures=row.procedures,
        units=row.units,
        trials=row.trials,
        failed=failed,
        scope=row.scope[:255],
        ground=dict(row.ground),
    )
    RehearsalFailure.objects.bulk_create(
        [
            RehearsalFailure(
                rehearsal=stored,
                kind=failure.kind,
                procedure_id=failure.procedure_id,
                line_id=failure.line_id,
                unit_id=failure.unit_id,
                case_key=failure.case_key[:64],
                text=failure.message.text,
                params={**failure.params, "message": _plain(failure.message.params)},
                count=failure.count,
            )
            for failure in row.failures
        ],
        batch_size=BATCH,
    )
    said = {"trials": row.trials, "failed": failed, "seconds": round(row.seconds, 1), "scope": row.scope}
    audit.record(
        actor,
        "catalogue.rehearse",
        subject_type="rehearsal",
        subject=str(stored.pk),
        data={**said, "change_set": row.change_set_id},
        at=now,
    )
    return stored.pk


def _plain(params: Mapping[str, object]) -> dict[str, object]:
    """Values of a message as JSON takes them; sentences within it in Vietnamese."""
    return {
        name: value.source()
        if isinstance(value, Message)
        else value
        if isinstance(value, (int, str))
        else str(value)
        for name, value in params.items()
    }

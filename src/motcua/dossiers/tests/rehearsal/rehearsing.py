"""A small province whose change-sets are rehearsed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from motcua.catalogue import actions as catalogue
from motcua.catalogue.models import ChangeLine, ProcedureVersion
from motcua.catalogue.types import ProcedureDefinition
from motcua.catalogue.types_changes import ChangeAction, ChangeKind, LineSettings
from motcua.catalogue.types_drafts import ChangeHead, DraftLine
from motcua.dossiers.actions.rehearse import RehearsalReport, rehearse
from motcua.dossiers.rules.rehearsal import FailureKind
from motcua.dossiers.tests import factories as f
from motcua.kernel.actor import Actor

NOW = f.at(17, 10)
NOTHING = LineSettings()
EFFECTIVE = f.at(1, 0, month=12)


def make_place() -> f.Province:
    """Two wards whose every desk is held."""
    found = f.make_province()
    for ward in (found.commune, found.other):
        f.make_staff(ward)
        f.make_officer("specialist", ward.society)
    f.make_officer("one_stop_officer", found.centre)
    return found


def changed(version: ProcedureVersion, **parts: Any) -> ProcedureDefinition:
    return replace(ProcedureDefinition.from_dict(version.definition), **parts)


def draft(
    controller: Actor,
    version: ProcedureVersion,
    content: ProcedureDefinition | None,
    *,
    said: tuple[str, ...] = (),
    settings: LineSettings = NOTHING,
    kind: ChangeKind = ChangeKind.PUBLISH,
    number: str = "15/QĐ-UBND",
) -> int:
    """A change-set of one line; `said` are the fields its diff names."""
    head = ChangeHead(number=number, kind=kind, effective_at=EFFECTIVE, signed_on=date(2026, 11, 10))
    action = ChangeAction.AMENDED if content else ChangeAction.CONFIGURED
    line = DraftLine(action=action, code=version.code, content=content, settings=settings)
    made = catalogue.draft_change_set(actor=controller, head=head, lines=[line], now=NOW)
    ChangeLine.objects.filter(change_set_id=made.id).update(diff=[{"key": key} for key in said])
    return made.id


def run(change_set_id: int | None = None, **more: Any) -> RehearsalReport:
    return rehearse(actor=f.SYSTEM, now=NOW, change_set_id=change_set_id, **more)


def kinds(report: RehearsalReport) -> set[FailureKind]:
    return {failure.kind for failure in report.failures}


def sentences(report: RehearsalReport) -> str:
    return "\n".join(failure.message.source() for failure in report.failures)


def publish(actor: Actor, change_set_id: int, now: datetime = NOW) -> None:
    catalogue.publish_change_set(actor=actor, change_set_id=change_set_id, now=now)

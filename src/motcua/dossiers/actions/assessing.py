"""What a dossier owes as it is worked out and kept: by the law of its reception, under the version whose fees count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from motcua.catalogue import queries as catalogue
from motcua.catalogue.queries.fees import Answers, Assessed
from motcua.catalogue.rules.fees.computing import Line
from motcua.dossiers.models import Dossier, FeeAssessment, Party
from motcua.dossiers.queries_moving_plan import fee_versions_of
from motcua.dossiers.rules.assessment import Assessment
from motcua.dossiers.types import Channel, PartyRole
from motcua.kernel import audit, rows
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Invalid
from motcua.payments import actions as payments


def latest(dossier: Dossier) -> Assessment | None:
    """The working out that counts (one statement where the dossier was locked without it)."""
    return Assessment.from_dict(dossier.fees) if dossier.fees is not None else None


def assessed_again(dossier: Dossier, answers: Answers, now: datetime) -> Assessed:
    """The same by the law of its reception, under the version whose fees go on counting for it (one statement)."""
    version_id = fee_versions_of([dossier.pk]).get(dossier.pk)
    return assessed(dossier, answers, at=dossier.received_at or now, version_id=version_id)


def assessed(dossier: Dossier, answers: Answers, *, at: datetime, version_id: int | None = None) -> Assessed:
    """What the dossier owes by the law of an instant. Raises `Invalid` at `fees.<name>`."""
    try:
        return catalogue.fees.assessed(
            version_id or dossier.procedure_version_id,
            answers,
            case_key=dossier.case_key,
            channel=Channel(dossier.channel).key,
            receiving_unit_id=dossier.receiving_unit_id,
            deciding_agency_id=dossier.competent_agency_id,
            at=at,
        )
    except Invalid as refused:
        refused.field = f"fees.{refused.field}"
        raise


def put(
    actor: Actor, dossier: Dossier, answers: Answers, found: Assessed, *, reason: str, now: datetime
) -> Assessment:
    """Write a working out on the dossier, which its caller stores; the one before it goes to those that were.

    The first costs no statement, which is why it stands on the dossier; a later one costs two.
    """
    before = latest(dossier)
    made = Assessment(
        number=before.number + 1 if before else 1,
        answers=answers.to_dict(),
        lines=lines_of(found.owed.lines),
        total=found.owed.total,
        complete=found.owed.complete,
        reason=reason[:500],
        at=now,
        by_name=actor.name[:160],
    )
    dossier.fees = made.to_dict()
    if before is not None:
        rows.insert(FeeAssessment(dossier=dossier, **{**before.to_dict(), "at": before.at}))
        said = {"total": made.total, "number": made.number, "reason": reason, "answers": made.answers}
        audit.record(
            actor, "dossiers.fees_assessed", subject_type="dossier", subject=dossier.code, data=said, at=now
        )
    return made


def keep(
    actor: Actor, dossier: Dossier, answers: Answers, found: Assessed, *, reason: str, now: datetime
) -> Assessment:
    """The same for a dossier that is there, stored at once."""
    made = put(actor, dossier, answers, found, reason=reason, now=now)
    rows.update(dossier, ["fees"])
    return made


def bill_line(line: Line) -> payments.BillLine:
    return payments.BillLine(
        key=line.rule.key,
        kind=line.rule.kind.value,
        name=line.rule.name,
        amount=line.amount or 0,
        reasons=tuple(reason.source() for reason in line.reasons),
        basis=line.rule.basis,
    )


def lines_of(lines: Iterable[Line]) -> list[Mapping[str, Any]]:
    return [
        {
            "key": line.rule.key,
            "kind": line.rule.kind.value,
            "name": line.rule.name,
            "standing": line.standing.value,
            "amount": line.amount,
            "reasons": [reason.source() for reason in line.reasons],
            "basis": line.rule.basis,
            "kept_when_refused": line.rule.kept_when_refused,
        }
        for line in lines
    ]


def payer_of(parties: Iterable[Party]) -> payments.Payer:
    """Who was named to pay, else whose dossier it is."""
    by_role = {party.role: party for party in parties}
    found = by_role.get(PartyRole.PAYER.value) or by_role[PartyRole.OWNER.value]
    return payments.Payer(found.name, found.id_number, found.address)

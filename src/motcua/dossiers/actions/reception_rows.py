"""The rows of a new dossier: itself, its people, its papers."""

from __future__ import annotations

import secrets
from datetime import datetime

from motcua.dossiers.actions.reception_plan import Plan
from motcua.dossiers.models import Dossier, DossierPaper, Party
from motcua.dossiers.queries import visible_to
from motcua.dossiers.types import PartyRole, Person, Reception, Status
from motcua.kernel import rows
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Invalid
from motcua.kernel.messages import msg
from motcua.kernel.text import fold, nfc


def new_dossier(plan: Plan, code: str, status: Status, actor: Actor, now: datetime) -> Dossier:
    reception, definition = plan.reception, plan.definition
    case = definition.case(reception.case_key)
    people = [person for person in (reception.owner, reception.submitter) if person is not None]
    words = [code, *(part for person in people for part in (person.name, person.id_number, person.phone))]
    return Dossier(
        code=code,
        status=status.value,
        procedure_version_id=plan.version.id,
        procedure_code=plan.version.code,
        procedure_name=definition.name,
        field_name=definition.field,
        case_key=reception.case_key,
        case_name=case.name if case else "",
        level=plan.competence.level.value,
        limit=plan.limit.to_dict() if plan.limit else {},
        channel=int(reception.channel),
        receiving_unit_id=plan.competence.receiving_unit_id,
        competent_agency_id=plan.competence.deciding_agency_id,
        returning_unit_id=plan.competence.returning_unit_id,
        created_by_id=actor.user_id,
        created_at=now,
        owner_name=nfc(reception.owner.name),
        owner_id_number=reception.owner.id_number,
        search_text=fold(" ".join(word for word in words if word)),
        request_summary=nfc(reception.request_summary),
        set_count=reception.set_count,
        return_method=reception.return_method.value,
        return_address=nfc(reception.return_address),
        agency_initiated=reception.agency_initiated,
        related_id=_related(reception, actor),
        tracking_token=secrets.token_hex(16),
        idempotency_key=reception.idempotency_key or None,
        updated_at=now,
    )


def _related(reception: Reception, actor: Actor) -> int | None:
    """The dossier this one belongs to; a foreign one is as unknown as one that does not exist."""
    if not reception.related_code:
        return None
    found = visible_to(actor).filter(code=reception.related_code).values_list("pk", flat=True).first()
    if found is None:
        raise Invalid(
            msg("Không có hồ sơ %(code)s để liên kết.", code=reception.related_code), field="related_code"
        )
    return int(found)


def insert_parts(dossier: Dossier, plan: Plan) -> tuple[list[Party], list[DossierPaper]]:
    reception = plan.reception
    named = {
        PartyRole.OWNER: reception.owner,
        PartyRole.SUBMITTER: reception.submitter,
        PartyRole.RECIPIENT: reception.recipient,
        PartyRole.PAYER: reception.payer,
    }
    parties = [
        _party(dossier, role, person, reception.authorisation if role is PartyRole.SUBMITTER else "")
        for role, person in named.items()
        if person is not None
    ]
    return rows.insert_all(parties), rows.insert_all(papers_of(dossier, plan))


def _party(dossier: Dossier, role: PartyRole, person: Person, authorisation: str) -> Party:
    return Party(
        dossier=dossier,
        role=role.value,
        is_organisation=person.is_organisation,
        name=nfc(person.name),
        id_number=person.id_number,
        born_on=person.born_on,
        gender=person.gender,
        address=nfc(person.address),
        phone=person.phone,
        email=person.email,
        authorisation=nfc(authorisation),
    )


def papers_of(dossier: Dossier, plan: Plan) -> list[DossierPaper]:
    known = {paper.key: paper for paper in plan.definition.papers}
    lines = []
    for position, given in enumerate(plan.reception.papers, start=1):
        paper = known.get(given.key)
        if paper is None and given.key:
            raise Invalid(
                msg("Giấy tờ “%(key)s” không có trong danh mục của thủ tục này.", key=given.key),
                field="papers",
            )
        lines.append(
            DossierPaper(
                dossier=dossier,
                position=position,
                key=given.key,
                name=nfc(given.name) or (paper.name if paper else ""),
                originals=given.originals,
                copies=given.copies,
                state=given.state.value,
                note=nfc(given.note),
            )
        )
    return lines

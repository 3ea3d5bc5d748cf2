"""Results at the counter: which dossier a slip or a number means, and whether it can be handed over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from motcua.counter.queries import as_person
from motcua.counter.rules.card_scan import CardScan, ScanKind
from motcua.dossiers import queries as dossiers
from motcua.dossiers.types import PartyRole, Person, ReturnMethod, Status
from motcua.kernel import clock
from motcua.kernel.actor import Actor
from motcua.kernel.messages import Message, msg
from motcua.organisation import queries as organisation
from motcua.organisation.types import UnitInfo

SHOWN = 30


@dataclass(frozen=True, slots=True)
class ReturnRow:
    """A dossier somebody asks for. `problem` says where it is when it cannot be handed over here."""

    code: str
    procedure: str
    status: Status
    owner: Person
    submitter: Person | None
    recipient: Person | None
    received_at: datetime | None
    due_at: datetime | None
    completed_at: datetime | None
    result_number: str
    result_summary: str
    granted: bool
    return_method: ReturnMethod
    return_address: str
    problem: Message | None

    @property
    def is_ready(self) -> bool:
        return self.problem is None


def asked_for(actor: Actor, unit: UnitInfo, scan: CardScan) -> list[ReturnRow]:
    """The dossiers a scan means, ready ones first (2 statements): one by its slip, all of a person."""
    visible = dossiers.visible_to(actor)
    if scan.kind is ScanKind.SLIP:
        visible = visible.filter(tracking_token=scan.reference)
    elif scan.kind is ScanKind.CODE:
        visible = visible.filter(code__iexact=scan.reference)
    elif scan.person is not None:
        numbers = [n for n in (scan.person.id_number, scan.person.old_id_number) if n]
        visible = visible.filter(parties__id_number__in=numbers, closed_at__isnull=True).distinct()
    else:
        return []
    return _rows(visible, unit)


def chosen(actor: Actor, unit: UnitInfo, codes: list[str]) -> list[ReturnRow]:
    """The dossiers of a posted form (2 statements)."""
    return _rows(dossiers.visible_to(actor).filter(code__in=codes[:SHOWN]), unit)


def _rows(found: QuerySet[Any], unit: UnitInfo) -> list[ReturnRow]:
    rows = (
        found.select_related("run", "result", "handover").prefetch_related("parties").order_by("-pk")[:SHOWN]
    )
    return sorted((_row(dossier, unit) for dossier in rows), key=lambda row: not row.is_ready)


def _row(dossier: Any, unit: UnitInfo) -> ReturnRow:
    people = {party.role: as_person(party) for party in dossier.parties.all()}
    result = getattr(dossier, "result", None)
    return ReturnRow(
        code=dossier.code,
        procedure=dossier.procedure_name,
        status=Status(dossier.status),
        owner=people.get(PartyRole.OWNER.value) or Person(name=dossier.owner_name),
        submitter=people.get(PartyRole.SUBMITTER.value),
        recipient=people.get(PartyRole.RECIPIENT.value),
        received_at=dossier.received_at,
        due_at=dossier.due_at,
        completed_at=dossier.completed_at,
        result_number=result.number if result else "",
        result_summary=result.summary if result else "",
        granted=result.granted if result else True,
        return_method=ReturnMethod(dossier.return_method),
        return_address=dossier.return_address,
        problem=_problem(dossier, unit),
    )


def _problem(dossier: Any, unit: UnitInfo) -> Message | None:
    """Where a dossier is when its result cannot be handed over here, in words to say to the person."""
    status = Status(dossier.status)
    if status is Status.COMPLETED:
        if unit.id in (dossier.returning_unit_id, dossier.receiving_unit_id):
            return None
        return msg("Kết quả trả tại %(unit)s.", unit=organisation.unit(dossier.returning_unit_id).full_name)
    if status is Status.RETURNED:
        handover = getattr(dossier, "handover", None)
        return msg(
            "Đã trả kết quả cho %(name)s lúc %(at)s.",
            name=handover.name if handover else dossier.owner_name,
            at=_moment(dossier.returned_at),
        )
    if status is Status.AWAITING_SUPPLEMENT:
        return msg("Đang chờ người dân bổ sung giấy tờ; chưa có kết quả.")
    if status is Status.AWAITING_PAYMENT:
        return msg("Đang chờ người dân nộp phí, lệ phí hoặc thuế; chưa có kết quả.")
    if status.is_final:
        return msg(
            "Hồ sơ đã kết thúc (%(status)s), không có kết quả để trả.", status=str(status.label).lower()
        )
    agency = organisation.unit(dossier.competent_agency_id).full_name
    if dossier.due_at is None:
        return msg("Chưa có kết quả. Hồ sơ đang ở %(agency)s.", agency=agency)
    return msg(
        "Chưa có kết quả. Hồ sơ đang ở %(agency)s; hẹn trả %(at)s.", agency=agency, at=_moment(dossier.due_at)
    )


def _moment(at: datetime) -> Message:
    local = clock.local(at)
    return msg("%(time)s ngày %(day)s", time=f"{local:%H:%M}", day=f"{local:%d/%m/%Y}")

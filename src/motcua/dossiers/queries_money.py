"""The money of one dossier as its page shows it, and the list of what may have to be given back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q

from motcua.catalogue import queries as catalogue
from motcua.catalogue.queries.fee_asking import Asking, Typed, read, typed_of
from motcua.catalogue.queries.fees import Answers, FeeSheet
from motcua.catalogue.rules.fees.computing import STANDING_WORDS, Standing
from motcua.dossiers.models import Dossier, RefundProposal, TakenBack
from motcua.dossiers.rules.assessment import Assessment
from motcua.dossiers.types import Channel, RefundOutcome, Status
from motcua.kernel.actor import Actor
from motcua.organisation import queries as organisation
from motcua.payments import queries as payments
from motcua.payments.permissions import COLLECTING, CONFIRMING, readable_agencies
from motcua.payments.queries import Bill
from motcua.payments.queries.subjects import History, history_of
from motcua.payments.types import BillState
from motcua.workflow.queries import Task
from motcua.workflow.types import TaskStatus


@dataclass(frozen=True, slots=True)
class FeeLine:
    """One line as it was worked out; `amount` None with the state in words while it is not known."""

    name: str
    amount: int | None
    state: str
    reasons: tuple[str, ...]
    basis: str


@dataclass(frozen=True, slots=True)
class BillLine:
    """A bill with where it stands and who collects it."""

    bill: Bill
    unit: str
    budget: str
    owed: int

    @property
    def state(self) -> BillState:
        return BillState(self.bill.state)


@dataclass(frozen=True, slots=True)
class DossierMoney:
    """Everything about the money of a dossier; sums in đồng over its bills that stand."""

    lines: tuple[FeeLine, ...] = ()
    complete: bool = True
    reason: str = ""
    notices: tuple[str, ...] = ()
    bills: tuple[BillLine, ...] = ()
    total: int = 0
    paid: int = 0
    owed: int = 0
    refunded: int = 0
    history: History = field(default_factory=History)
    proposals: tuple[RefundProposal, ...] = ()

    @property
    def taken_back_owed(self) -> int:
        """What is owed again because a payment was taken back; 0 where none was."""
        return self.owed if any(one.taken_back for one in self.history.came) else 0

    @property
    def open_bills(self) -> list[BillLine]:
        return [one for one in self.bills if one.owed]


def money_of(dossier: Dossier) -> DossierMoney | None:
    """What is owed, paid, given back; None, without a statement, where the procedure asks for no money."""
    sheet = sheet_of(dossier)
    if not sheet.rules:
        return None
    last = _assessment(dossier)
    bills = payments.bills_of(dossier.code)
    standing = [bill for bill in bills if bill.state != BillState.CANCELLED]
    owed = sum(max(bill.total - bill.paid, 0) for bill in bills if bill.state in payments.OPEN)
    moved = any(bill.paid or bill.state == BillState.CANCELLED for bill in bills) or (
        bool(bills) and TakenBack.objects.filter(dossier_id=dossier.pk).exists()
    )
    return DossierMoney(
        lines=tuple(_line(line) for line in (last.lines if last else ())),
        complete=last.complete if last else False,
        reason=last.reason if last else "",
        notices=sheet.notices,
        bills=tuple(_bill(bill) for bill in bills),
        total=sum(bill.total for bill in standing),
        paid=sum(bill.paid for bill in bills),
        owed=owed,
        refunded=sum(bill.refunded for bill in bills),
        history=history_of(dossier.code) if moved else History(),
        proposals=tuple(RefundProposal.objects.filter(dossier_id=dossier.pk).exclude(outcome="dropped"))
        if moved
        else (),
    )


def sheet_of(dossier: Dossier) -> FeeSheet:
    """The fees of a dossier by the law of its reception."""
    return catalogue.fees.sheet_of(
        dossier.procedure_version_id,
        at=dossier.received_at or dossier.created_at,
        agency_id=dossier.competent_agency_id,
    )


def asking_of(dossier: Dossier, typed: Typed | None = None) -> Asking:
    """What may be told again for its fees; filled in as typed, else as it was told last."""
    sheet = sheet_of(dossier)
    if typed is None:
        last = _assessment(dossier)
        typed = typed_of(sheet.rules, Answers.from_dict(last.answers) if last else Answers())
    return read(sheet, typed, case_key=dossier.case_key, channel=Channel(dossier.channel).key)


def _assessment(dossier: Dossier) -> Assessment | None:
    return Assessment.from_dict(dossier.fees) if dossier.fees is not None else None


def _line(line: Mapping[str, Any]) -> FeeLine:
    return FeeLine(
        line["name"],
        line["amount"],
        STANDING_WORDS[Standing(line["standing"])].render(),
        tuple(line["reasons"]),
        line["basis"],
    )


def _bill(bill: Bill) -> BillLine:
    unit = organisation.unit(bill.unit_id)
    return BillLine(
        bill,
        unit.full_name,
        organisation.unit(bill.budget_unit_id).full_name if unit.agency_id != bill.budget_unit_id else "",
        max(bill.total - bill.paid, 0) if bill.state in payments.OPEN else 0,
    )


# --- what may have to go back -----------------------------------------------------------------------------

SHOWN = 50


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """One proposal of the list."""

    proposal: RefundProposal
    code: str
    owner: str
    procedure: str
    unit: str
    proposed_at: datetime
    may_decide: bool


def refund_proposals(actor: Actor, *, open_only: bool = True, before: int | None = None) -> list[ProposalRow]:
    """Proposals of the units the actor collects for or oversees, newest first (one statement)."""
    found = RefundProposal.objects.select_related("dossier").exclude(outcome=RefundOutcome.DROPPED)
    agencies = readable_agencies(actor)
    if agencies is not None:
        seen = agencies | actor.agency_ids
        units = [unit.id for unit in organisation.units().values() if unit.agency_id in seen]
        found = found.filter(unit_id__in=units)
    if open_only:
        found = found.filter(outcome=RefundOutcome.OPEN)
    if before is not None:
        found = found.filter(pk__lt=before)
    return [
        ProposalRow(
            one,
            one.dossier.code,
            one.dossier.owner_name,
            one.dossier.procedure_name,
            organisation.unit(one.unit_id).full_name,
            one.proposed_at,
            actor.has(*COLLECTING, agency_id=organisation.unit(one.unit_id).agency_id),
        )
        for one in found.order_by("-pk")[: SHOWN + 1]
    ]


# --- what was taken back ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TakenBackRow:
    """A payment that was taken back while its dossier still owes it."""

    id: int
    code: str
    owner: str
    procedure: str
    status: Status
    unit: str
    amount: int
    reason: str
    at: datetime


def taken_back(actor: Actor, *, before: int | None = None) -> list[TakenBackRow]:
    """What owes again, newest first, for those who see to it (one statement): whoever collects or confirms at the unit,
    the heads of the agency that decides, the person it lies with, and who signed its result.
    """
    found = TakenBack.objects.filter(closed_at__isnull=True).select_related("dossier")
    if not actor.is_admin:
        tills = {grant.agency_id for grant in actor.grants if grant.role in (*COLLECTING, *CONFIRMING)}
        heads = {grant.agency_id for grant in actor.grants if grant.role in CONFIRMING}
        own = Q(unit__agency_id__in=tills) | Q(dossier__competent_agency_id__in=heads)
        if actor.user_id is not None:
            mine = Task.objects.filter(assignee_id=actor.user_id, status=TaskStatus.OPEN)
            own |= Q(dossier__run_id__in=mine.values("run_id"))
            own |= Q(dossier__result__recorded_by_id=actor.user_id)
        found = found.filter(own)
    if before is not None:
        found = found.filter(pk__lt=before)
    return [
        TakenBackRow(
            one.pk,
            one.dossier.code,
            one.dossier.owner_name,
            one.dossier.procedure_name,
            one.dossier.state,
            organisation.unit(one.unit_id).full_name,
            one.amount,
            one.reason,
            one.at,
        )
        for one in found.order_by("-pk")[: SHOWN + 1]
    ]

"""A ward that collects and a procedure that costs, for tests of a dossier's money."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from motcua.catalogue.models import ProcedureVersion
from motcua.catalogue.types import FeeLine
from motcua.dossiers.tests import factories
from motcua.dossiers.tests.factories import MONDAY, Commune, Staff
from motcua.kernel.outbox import worker
from motcua.organisation.types import Role
from motcua.payments import actions as payments
from motcua.payments import queries
from motcua.payments.models import Bill, Collector
from motcua.workflow.rules.definition import (
    Outcome,
    ProcessDefinition,
    Step,
    StepKind,
    UnitRef,
    Wait,
    WaitReason,
    Where,
)

COPIES = FeeLine("ban-sao", "phi", "Phí cấp bản sao", 8_000, "bản sao")
CHARGE = FeeLine("ho-tich", "le_phi", "Lệ phí hộ tịch", 5_000, "hồ sơ")
APPRAISAL = FeeLine("tham-dinh", "phi", "Phí thẩm định", 500_000, "hồ sơ")
ONLINE = FeeLine("ho-tich-tt", "le_phi", "Lệ phí hộ tịch", 2_000, "hồ sơ", channels=("online",))
OTHERWISE = FeeLine("xac-minh", "phi", "Phí xác minh", 20_000, "hồ sơ", condition="Phải xác minh")


def costly(*lines: FeeLine, **changes: Any) -> ProcedureVersion:
    """A procedure with these lines (copies and a charge unless said otherwise)."""
    return factories.make_procedure(factories.procedure_definition(fees=lines or (COPIES, CHARGE), **changes))


def collecting(ward: Commune, *, now: datetime = MONDAY) -> None:
    """The ward collects, with a book of receipts."""
    Collector.objects.create(
        unit_id=ward.agency.id, name=ward.agency.full_name, tax_code="2300123456", updated_at=now
    )
    payments.open_book(
        actor=factories.SYSTEM, unit_id=ward.agency.id, form_symbol="01BLP2-001", series="AA-26T", now=now
    )


def pay(
    staff: Staff, bill: Bill, *, amount: int | None = None, method: str = "cash", now: datetime = MONDAY
) -> payments.PaymentDone:
    """The counter takes the money, and what follows happens."""
    done = payments.take_payment(
        actor=staff.counter,
        bill_id=bill.pk,
        method=method,
        amount=bill.total - bill.paid if amount is None else amount,
        key=f"pay:{bill.pk}:{bill.paid}:{method}:{amount}",
        now=now,
    )
    worker.drain(now)
    return done


def sums(code: str) -> list[tuple[int, str]]:
    """Every bill of a dossier as (total, state)."""
    return [(bill.total, bill.state) for bill in queries.bills_of(code)]


def waiting_for(text: str, *, last: bool = False) -> ProcessDefinition:
    """The ordinary process with a wait after the appraisal, or `last` right before the return."""
    base = factories.process_definition("thu.qt-nop-tien")
    wait = Step(
        key="cho-nop",
        name="Chờ nộp tiền",
        kind=StepKind.WAIT,
        role=Role.SPECIALIST.value,
        unit_ref=UnitRef(Where.FIELD_DIVISION),
        performer="Chuyên viên",
        wait_for=Wait(WaitReason.PAYMENT, text),
        outcomes=(Outcome("xong", "Đã nộp", ("tra" if last else "duyet",)),),
    )
    steps = []
    for step in base.steps:
        steps.append(step)
        if step.key == "xu-ly":
            steps[-1] = replace(step, outcomes=(Outcome("trinh", "Trình", ("cho-nop",)),))
            steps.append(wait)
    return replace(base, steps=tuple(steps))

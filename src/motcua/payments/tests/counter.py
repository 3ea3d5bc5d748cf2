"""A ward's counter that collects: people, a collector, a book, and bills, for tests of this context and above."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from motcua.kernel.actor import Actor
from motcua.kernel.tests.kept_rows import made_alike
from motcua.organisation import actions as organisation
from motcua.organisation import queries
from motcua.organisation.snapshot import touch
from motcua.organisation.tests import factories
from motcua.organisation.types import Role, UnitKind
from motcua.payments import actions
from motcua.payments.models import Bill, Collector

NOW = datetime(2025, 12, 1, 2, 0, tzinfo=UTC)  # Monday 1/12/2025 09:00 in Viet Nam
LINES = (
    actions.BillLine("chung-thuc", "phi", "Phí chứng thực bản sao", 8_000, ("2 × 2.000 đồng.",)),
    actions.BillLine("ho-tich", "le_phi", "Lệ phí hộ tịch", 5_000),
)


@dataclass(frozen=True, slots=True)
class Counter:
    """One collecting unit with a cashier and a leader."""

    unit_id: int
    cashier: Actor
    leader: Actor

    def bill(self, key: str = "b1", lines: tuple[actions.BillLine, ...] = LINES, now: datetime = NOW) -> Bill:
        return actions.open_bill(
            actor=self.cashier,
            unit_id=self.unit_id,
            budget_unit_id=self.unit_id,
            subject=f"H05.101-251201-{key}",
            payer=actions.Payer("Nguyễn Thị Ánh", "027090001234", "Thôn Đông, xã Yên Phong"),
            lines=lines,
            key=key,
            now=now,
        )

    def pay(
        self,
        bill: Bill,
        amount: int | None = None,
        *,
        method: str = "cash",
        key: str = "",
        now: datetime = NOW,
    ) -> actions.PaymentDone:
        return actions.take_payment(
            actor=self.cashier,
            bill_id=bill.pk,
            method=method,
            amount=bill.total if amount is None else amount,
            key=key or f"pay:{bill.key}",
            now=now,
        )


def make_counter(*, books: bool = True, now: datetime = NOW) -> Counter:
    """A province with one ward whose centre collects, and a self-printed book of this year."""
    made = made_alike(f"counter {books} {now}", lambda: _make_counter(books, now))
    touch()
    return made


def _make_counter(books: bool, now: datetime) -> Counter:
    system = factories.SYSTEM
    top = organisation.create_unit(
        actor=system, now=now, code="24", name="Tỉnh Bắc Ninh", kind=UnitKind.PROVINCE, parent_id=None
    )
    ward = organisation.create_unit(
        actor=system,
        now=now,
        code="07210",
        name="Phường Bắc Giang",
        full_name="Ủy ban nhân dân phường Bắc Giang",
        kind=UnitKind.COMMUNE,
        parent_id=top.id,
        agency_code="H05.101",
    )
    centre = organisation.create_unit(
        actor=system,
        now=now,
        code="07210.TT",
        name="Trung tâm Phục vụ hành chính công",
        kind=UnitKind.SERVICE_CENTRE,
        parent_id=ward.id,
        is_agency=False,
        is_reception_point=True,
    )
    cashier, leader = factories.person("thu-ngan"), factories.person("chu-tich")
    factories.post(cashier, "07210.TT", Role.ONE_STOP_OFFICER)
    factories.post(leader, "07210", Role.LEADER)
    Collector.objects.create(
        unit_id=ward.id,
        name="Ủy ban nhân dân phường Bắc Giang",
        tax_code="2400123456",
        address="Phường Bắc Giang, tỉnh Bắc Ninh",
        updated_at=now,
    )
    if books:
        actions.open_book(actor=system, unit_id=ward.id, form_symbol="01BLP2-001", series="AA-25T", now=now)
    return Counter(
        unit_id=centre.id,
        cashier=queries.actor_for(cashier, now),
        leader=queries.actor_for(leader, now),
    )

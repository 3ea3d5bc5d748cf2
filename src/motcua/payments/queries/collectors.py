"""Collecting units for the pages that set them up."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date

from motcua.kernel.actor import Actor
from motcua.kernel.errors import NotFound
from motcua.kernel.messages import msg
from motcua.kernel.text import fold
from motcua.organisation import queries as organisation
from motcua.organisation.permissions import can_manage_province
from motcua.organisation.types import UnitInfo, UnitKind
from motcua.payments.models import BankAccount, Collector, PlatformTransaction, ReceiptBook
from motcua.payments.permissions import can_see, can_set_up, require_province, require_set_up
from motcua.payments.queries.banks import bank_name, banks
from motcua.payments.queries.ways import TransferAccount, WaysToPay, ways_of, ways_to_pay
from motcua.payments.rules import vietqr
from motcua.payments.rules.collectors import CollectorData
from motcua.payments.types import TransactionState

PAGE = 50
SHOWN_TRANSACTIONS = 20
KINDS = (UnitKind.SERVICE_CENTRE, UnitKind.COMMUNE, UnitKind.DEPARTMENT, UnitKind.VERTICAL)

LACKS: Mapping[str, Callable[[WaysToPay | None], bool]] = {
    "don-vi-thu": lambda ways: ways is None,
    "bien-lai": lambda ways: ways is not None and not ways.cash,
    "tai-khoan": lambda ways: ways is not None and ways.transfer is None,
    "truc-tuyen": lambda ways: ways is not None and not ways.platform,
}
"""What a unit may lack, as the address of the list says it."""


@dataclass(frozen=True, slots=True)
class CollectorRow:
    """A unit in the list; `ways` None while it is not set up to collect."""

    unit: UnitInfo
    tax_code: str
    ways: WaysToPay | None


@dataclass(frozen=True, slots=True)
class CollectorsPage:
    """A page of units counted from 1; `counts` by what is lacking, `""` for all."""

    rows: tuple[CollectorRow, ...]
    counts: Mapping[str, int]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account with where it stands: `now`, `later` or `ended`."""

    id: int
    bank: str
    number: str
    holder: str
    starts_on: date
    ends_on: date | None
    registered: bool
    registered_on: date | None
    state: str


@dataclass(frozen=True, slots=True)
class CollectorPage:
    """One unit: what stands on its receipts, its accounts and books, its last payments online."""

    unit: UnitInfo
    collector: CollectorData | None
    inherited: bool
    ways: WaysToPay
    accounts: tuple[AccountRow, ...]
    books: tuple[ReceiptBook, ...]
    transactions: tuple[PlatformTransaction, ...]
    static_qr: str
    can_set_up: bool


def collectors_page(*, actor: Actor, text: str, lacks: str, page: int, today: date) -> CollectorsPage:
    """The collecting units somebody looks after (four statements, however many there are)."""
    collectors = {row.unit_id: row for row in Collector.objects.all()}
    units = _units(actor, collectors, text)
    ways = ways_of([unit.id for unit in units], on=today)
    rows = []
    for unit in units:
        own = collectors.get(unit.id) or collectors.get(unit.agency_id)
        rows.append(CollectorRow(unit, own.tax_code if own else "", ways[unit.id] if own else None))
    counts = {key: sum(lacking(row.ways) for row in rows) for key, lacking in LACKS.items()}
    chosen = [row for row in rows if lacks not in LACKS or LACKS[lacks](row.ways)]
    pages = max(1, -(-len(chosen) // PAGE))
    page = min(max(page, 1), pages)
    return CollectorsPage(
        rows=tuple(chosen[(page - 1) * PAGE : page * PAGE]),
        counts={"": len(rows), **counts},
        total=len(chosen),
        page=page,
        pages=pages,
    )


def collector_page(*, actor: Actor, code: str, today: date) -> CollectorPage:
    """One unit (eight statements at most). Raises `NotFound` for one the person does not look after."""
    unit = _seen(actor, code)
    found = {row.unit_id: row for row in Collector.objects.filter(unit_id__in={unit.id, unit.agency_id})}
    own = found.get(unit.id) or found.get(unit.agency_id)
    ways = ways_to_pay(unit.id, on=today)
    accounts = BankAccount.objects.filter(unit_id=unit.id).order_by("-starts_on", "-pk")
    return CollectorPage(
        unit=unit,
        collector=_data(own),
        inherited=own is not None and own.unit_id != unit.id,
        ways=ways,
        accounts=tuple(_account_row(row, today) for row in accounts),
        books=tuple(ReceiptBook.objects.filter(unit_id=unit.id, ends_on=None).order_by("-year", "pk")),
        transactions=tuple(
            PlatformTransaction.objects.filter(
                bill__unit_id__in=[u.id for u in organisation.units_within(unit.id)]
            )
            .select_related("bill")
            .order_by("-pk")[:SHOWN_TRANSACTIONS]
        ),
        static_qr=_static(ways.transfer),
        can_set_up=can_set_up(actor, unit.id),
    )


@dataclass(frozen=True, slots=True)
class CollectorsSheet:
    """Cells for the spreadsheet: the units that collect (where none does yet, all that may), and the codes of all."""

    rows: list[tuple[str, ...]]
    units: list[tuple[str, str]]


def collectors_sheet(actor: Actor) -> CollectorsSheet:
    """What is known of collecting units, as the columns of the spreadsheet are (two statements).

    Units that do not collect are no rows: brought back as it is, the spreadsheet changes nothing. Raises `NotAllowed`
    for whoever does not look after the province.
    """
    require_province(actor)
    collectors = {row.unit_id: row for row in Collector.objects.all()}
    accounts = {row.unit_id: row for row in BankAccount.objects.filter(ends_on=None).order_by("starts_on")}
    known = _units(actor, collectors, "")
    return CollectorsSheet(
        [
            (unit.code, *_facts(unit, collectors.get(unit.id)), *_account_cells(accounts.get(unit.id)))
            for unit in known
            if not collectors or unit.id in collectors
        ],
        [(unit.code, unit.full_name) for unit in known],
    )


def require_collectors_of_all(actor: Actor) -> None:
    """Raise `NotAllowed` unless the actor may set up every unit at once."""
    require_province(actor)


def sets_up_all(actor: Actor) -> bool:
    """Whether the actor may set up every unit at once."""
    return can_manage_province(actor)


def _facts(unit: UnitInfo, own: Collector | None) -> tuple[str, ...]:
    if own is None:
        return unit.full_name, "", unit.address, "", ""
    return own.name, own.tax_code, own.address, "có" if own.takes_card else "", own.platform_partner


def _account_cells(row: BankAccount | None) -> tuple[str, ...]:
    if row is None:
        return "", "", "", "", ""
    registered = f"{row.registered_on:%d/%m/%Y}" if row.registered_on else ""
    return banks()[row.bank_bin].short_name, row.number, row.holder, f"{row.starts_on:%d/%m/%Y}", registered


def unit_to_set_up(*, actor: Actor, code: str) -> tuple[UnitInfo, CollectorData | None]:
    """The unit whose collecting somebody may change, and what is said of it (one statement).

    Raises `NotFound`, `NotAllowed`.
    """
    unit = _seen(actor, code)
    require_set_up(actor, unit.id)
    return unit, _data(Collector.objects.filter(unit_id=unit.id).first())


def account_to_set_up(*, actor: Actor, account_id: int, today: date) -> tuple[UnitInfo, AccountRow]:
    """An account somebody may change (one statement). Raises `NotFound`, `NotAllowed`."""
    found = BankAccount.objects.filter(pk=account_id).first()
    if found is None or not can_see(actor, found.unit_id):
        raise NotFound(msg("Không có tài khoản này."))
    require_set_up(actor, found.unit_id)
    return organisation.unit(found.unit_id), _account_row(found, today)


def disputed(unit_ids: set[int]) -> int:
    """How many payments online of these units wait for people (one statement)."""
    return PlatformTransaction.objects.filter(
        bill__unit_id__in=unit_ids, state=TransactionState.DISPUTED
    ).count()


def _seen(actor: Actor, code: str) -> UnitInfo:
    unit = organisation.unit_by_code(code)
    if not can_see(actor, unit.id):
        raise NotFound(msg("Không có đơn vị thu này."))
    return unit


def _units(actor: Actor, collectors: Mapping[int, Collector], text: str) -> list[UnitInfo]:
    """Agencies of today and whatever has a collector of its own, as far as this person looks after them."""
    found = {unit.id: unit for unit in organisation.agencies(kinds=KINDS)}
    found |= {unit_id: organisation.unit(unit_id) for unit_id in collectors}
    words = fold(text).split()[:8]
    shown = [
        unit
        for unit in found.values()
        if can_see(actor, unit.id) and all(word in _searched(unit, collectors) for word in words)
    ]
    order = {kind: place for place, kind in enumerate(KINDS)}
    return sorted(shown, key=lambda unit: (order.get(unit.kind, len(order)), fold(unit.name), unit.code))


def _searched(unit: UnitInfo, collectors: Mapping[int, Collector]) -> str:
    own = collectors.get(unit.id)
    return fold(f"{unit.code} {unit.full_name} {unit.name} {own.tax_code if own else ''}")


def _data(collector: Collector | None) -> CollectorData | None:
    if collector is None:
        return None
    return CollectorData(
        name=collector.name,
        tax_code=collector.tax_code,
        address=collector.address,
        takes_card=collector.takes_card,
        platform_partner=collector.platform_partner,
    )


def _account_row(row: BankAccount, today: date) -> AccountRow:
    ended = row.ends_on is not None and row.ends_on < today
    return AccountRow(
        id=row.pk,
        bank=bank_name(row.bank_bin),
        number=row.number,
        holder=row.holder,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        registered=row.registered,
        registered_on=row.registered_on,
        state="ended" if ended else "later" if row.starts_on > today else "now",
    )


def _static(account: TransferAccount | None) -> str:
    return vietqr.payload(vietqr.Transfer(account.bank_bin, account.number)) if account else ""


def those_that_collect(unit_ids: Collection[int]) -> frozenset[int]:
    """Those of some units that are set up to collect (one statement)."""
    return frozenset(Collector.objects.filter(unit_id__in=unit_ids).values_list("unit_id", flat=True))

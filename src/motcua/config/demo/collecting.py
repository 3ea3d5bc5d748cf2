"""Who collects in the demo: every ward and most departments, at every stage of being set up. Numbers are invented."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zlib import crc32

from motcua.kernel import clock
from motcua.kernel.actor import Actor
from motcua.kernel.text import fold
from motcua.organisation import queries as organisation
from motcua.organisation.types import UnitInfo, UnitKind
from motcua.payments import actions
from motcua.payments.rules.collectors import AccountData, CollectorData

PARTNER = "DEMO"
BANKS = ("970405", "970436", "970415", "970418", "970422")
FIRST_DAY = date(2025, 7, 1)
FORM = "01BLP2-001"


def load_collecting(*, actor: Actor, now: datetime) -> dict[str, int]:
    """Collectors, accounts and books, by the same acts as an office: of twenty wards one is not set up at all, one has
    no account yet, three have not registered theirs. The unit of the first ward is complete.
    """
    made = {"collectors": 0, "accounts": 0, "books": 0}
    kinds = (UnitKind.SERVICE_CENTRE, UnitKind.COMMUNE, UnitKind.DEPARTMENT)
    for place, unit in enumerate(organisation.agencies(kinds=kinds)):
        stage = 19 if unit.kind != UnitKind.COMMUNE or place < 12 else place % 20
        if stage == 0:
            continue
        actions.set_collector(actor=actor, unit_id=unit.id, data=_collector(unit, stage), now=now)
        made["collectors"] += 1
        if stage != 1:
            actions.add_account(actor=actor, unit_id=unit.id, data=_account(unit, stage), now=now)
            made["accounts"] += 1
        made["books"] += _books(actor, unit, stage, now)
    return made


def _collector(unit: UnitInfo, stage: int) -> CollectorData:
    return CollectorData(
        name=unit.full_name,
        tax_code=f"24{crc32(unit.code.encode()) % 10**8:08d}",
        address=unit.address,
        takes_card=unit.kind != UnitKind.COMMUNE or stage > 9,
        platform_partner=PARTNER if stage > 4 else "",
    )


def _account(unit: UnitInfo, stage: int) -> AccountData:
    figure = crc32(unit.full_name.encode())
    return AccountData(
        bank_bin=BANKS[figure % len(BANKS)],
        number=f"26{figure:010d}",
        holder=fold(unit.full_name).upper().replace("UY BAN NHAN DAN", "UBND")[:160],
        starts_on=FIRST_DAY,
        registered_on=date(2025, 9, 15) if stage > 4 else None,
    )


def _books(actor: Actor, unit: UnitInfo, stage: int, now: datetime) -> int:
    """A self-printed series of this year and, while the year is young, of the last."""
    if stage == 2:
        return 0
    today = clock.today(now)
    years = {
        today.year,
        (today.replace(day=1) if today.month > 4 else today.replace(year=today.year - 1)).year,
    }
    for year in sorted(years):
        begins = max(FIRST_DAY, date(year, 1, 1))
        actions.open_book(
            actor=actor,
            unit_id=unit.id,
            form_symbol=FORM,
            series=f"AA-{year % 100:02d}T",
            notice_number=f"01/TB-{unit.code}",
            notice_on=begins - timedelta(days=5),
            starts_on=begins,
            now=now,
        )
    return len(years)

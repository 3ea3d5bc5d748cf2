"""What a procedure costs at an instant: the content's own lines, the carried tariffs, the resolutions in force."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache, lru_cache

from motcua.catalogue import snapshot
from motcua.catalogue.queries.versions import definition
from motcua.catalogue.rules.fees import computing
from motcua.catalogue.rules.fees.answers import Answers, counted, given_of
from motcua.catalogue.rules.fees.collecting import Collection, collections
from motcua.catalogue.rules.fees.computing import Given, Owed
from motcua.catalogue.rules.fees.reading import Apart, Reading, in_force, read_content, with_counted
from motcua.catalogue.rules.fees.resolutions import (
    Resolution,
    territory_of,
    with_resolutions,
)
from motcua.catalogue.rules.fees.tariff import Exemption, FeeRule
from motcua.catalogue.rules.fees.tariffs import Tariffs, read_tariffs
from motcua.catalogue.snapshot import DATA
from motcua.catalogue.types import ProcedureDefinition, Territory
from motcua.kernel import clock
from motcua.kernel.errors import Invalid
from motcua.organisation import queries as organisation

__all__ = [
    "Answers",
    "Assessed",
    "Collection",
    "FeeSheet",
    "Given",
    "Owed",
    "assessed",
    "collections",
    "fee_rules",
    "owed",
    "owed_by",
    "reading_of",
    "sheet",
    "sheet_of",
    "sheet_on",
]


@dataclass(frozen=True, slots=True)
class FeeSheet:
    """The fees of a content on a day. `split_by` are the territories whose resolutions differ from each other here.

    `apart` is money others take, `told` sentences about exemptions nobody made a rule of, `notices` what the payer must
    be told before paying.
    """

    day: date
    rules: tuple[FeeRule, ...]
    apart: tuple[Apart, ...] = ()
    told: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    split_by: tuple[Territory, ...] = ()

    @property
    def exemptions(self) -> tuple[Exemption, ...]:
        """Every group of the rules once, in their order."""
        return tuple({one.key: one for rule in self.rules for one in rule.exemptions}.values())

    @property
    def quantities(self) -> tuple[str, ...]:
        """What may be counted, in the order of the rules."""
        return counted(self.rules)


@dataclass(frozen=True, slots=True)
class Assessed:
    """What a dossier owes by what is known of it: every line, and who collects which of them."""

    sheet: FeeSheet
    owed: Owed
    collections: tuple[Collection, ...]


def fee_rules(version_id: int, *, at: datetime, agency_id: int | None = None) -> tuple[FeeRule, ...]:
    """The rules in force at an instant where this agency decides. Raises `UnknownProcedure`.

    The resolution of the agency's former province goes before one for the whole province, both before the content.
    """
    return sheet_of(version_id, at=at, agency_id=agency_id).rules


def sheet_of(version_id: int, *, at: datetime, agency_id: int | None) -> FeeSheet:
    """The fees of a version where this agency decides; asks nothing of the database for a version it knows."""
    content, territory = definition(version_id), _territory(agency_id)
    return _sheet(reading_of(version_id), content, day=clock.today(at), territory=territory, known=None)


def owed(version_id: int, given: Given, *, agency_id: int | None, at: datetime) -> Owed:
    """What is owed at an instant for what is known of a case; `given.day` is that instant's day in Viet Nam.

    Raises `UnknownProcedure`, and `Invalid` naming the quantity that cannot be used.
    """
    return owed_by(sheet_of(version_id, at=at, agency_id=agency_id), given)


def assessed(
    version_id: int,
    answers: Answers,
    *,
    case_key: str,
    channel: str,
    receiving_unit_id: int,
    deciding_agency_id: int,
    at: datetime,
) -> Assessed:
    """What a dossier owes, line by line, by the law of an instant. Raises `UnknownProcedure`, `Invalid`."""
    found = sheet_of(version_id, at=at, agency_id=deciding_agency_id)
    given = given_of(found.rules, answers, day=found.day, case_key=case_key, channel=channel)
    owes = owed_by(found, given)
    return Assessed(
        found,
        owes,
        collections(owes.lines, receiving_unit_id=receiving_unit_id, deciding_agency_id=deciding_agency_id),
    )


def owed_by(found: FeeSheet, given: Given) -> Owed:
    """The same for a sheet that is already there. Raises `Invalid`."""
    given = replace(
        given,
        day=found.day,
        meets=given.meets | (with_counted(found.rules, given.quantities) - given.not_meets),
    )
    wrong = computing.problem(given)
    if wrong is not None:
        raise Invalid(wrong[1], field=wrong[0])
    return computing.owed(found.rules, given)


def sheet(
    content: ProcedureDefinition,
    *,
    at: datetime,
    territory: Territory | None = None,
    resolutions: Sequence[Resolution] | None = None,
) -> FeeSheet:
    """The fees of a content at an instant; `resolutions` None: those of the database."""
    return _sheet(_read(content), content, day=clock.today(at), territory=territory, known=resolutions)


def sheet_on(content: ProcedureDefinition, *, day: date, territory: Territory | None) -> FeeSheet:
    """The same for a day."""
    return _sheet(_read(content), content, day=day, territory=territory, known=None)


def _sheet(
    reading: Reading,
    content: ProcedureDefinition,
    *,
    day: date,
    territory: Territory | None,
    known: Sequence[Resolution] | None,
) -> FeeSheet:
    rules = in_force(reading.rules, day)
    there = snapshot.current().resolutions if known is None else known
    concerned = [one for one in there if one.stands_on(day) and one.means(rules, content)]
    return FeeSheet(
        day=day,
        rules=with_resolutions(rules, concerned, content=content, territory=territory, day=day),
        apart=reading.apart,
        told=reading.told,
        notices=reading.notices,
        split_by=_split_by(concerned),
    )


@lru_cache(maxsize=4096)
def reading_of(version_id: int) -> Reading:
    """Kept for ever, because the id fixes the content."""
    return _read(definition(version_id))


def _read(content: ProcedureDefinition) -> Reading:
    tariffs = carried_tariffs()
    return tariffs.applied_to(read_content(content, tariffs.groups), content.display_code)


@cache
def carried_tariffs() -> Tariffs:
    """The tariffs that come with the product."""
    return read_tariffs(json.loads((DATA / "fee_tariffs.json").read_text(encoding="utf-8")))


def _split_by(resolutions: Iterable[Resolution]) -> tuple[Territory, ...]:
    """Both former provinces when one of them has a resolution of its own."""
    if all(one.territory is Territory.ALL for one in resolutions):
        return ()
    return (Territory.BAC_NINH_CU, Territory.BAC_GIANG_CU)


def _territory(agency_id: int | None) -> Territory | None:
    return None if agency_id is None else territory_of(organisation.unit(agency_id).former_province)

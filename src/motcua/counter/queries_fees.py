"""The money of a reception while it is typed: what must be asked, what it comes to, who collects for whom."""

from __future__ import annotations

from dataclasses import dataclass

from motcua.catalogue.queries import fee_asking
from motcua.catalogue.queries import fees as catalogue
from motcua.catalogue.queries.fee_asking import Asking, Typed
from motcua.catalogue.queries.fees import FeeSheet, Owed
from motcua.catalogue.rules.fees.answers import given_of
from motcua.catalogue.rules.fees.computing import STANDING_WORDS
from motcua.catalogue.types import Competence
from motcua.organisation import queries as organisation


@dataclass(frozen=True, slots=True)
class FeeRow:
    """One line: `amount` None with the state in words while it is not known."""

    name: str
    amount: int | None
    state: str
    reasons: tuple[str, ...]
    basis: str


@dataclass(frozen=True, slots=True)
class Till:
    """Who takes how much, and for whose budget where it is another's."""

    unit: str
    budget: str
    total: int


@dataclass(frozen=True, slots=True)
class FeePanel:
    """The fee part of the page. `rows` is empty while something typed cannot be used."""

    asking: Asking
    rows: tuple[FeeRow, ...]
    total: int
    complete: bool
    tills: tuple[Till, ...]
    notices: tuple[str, ...]
    told: tuple[str, ...]
    apart: tuple[tuple[str, str], ...]

    @property
    def wrong(self) -> list[str]:
        return [one.render() for one in self.asking.wrong.values()]


def fee_panel(
    sheet: FeeSheet,
    *,
    case_key: str,
    channel: str,
    receiving_unit_id: int,
    competence: Competence | None,
    typed: Typed,
) -> FeePanel | None:
    """What is asked and owed as typed so far; None where the procedure never asks for money."""
    asking = fee_asking.read(sheet, typed, case_key=case_key, channel=channel)
    owed = _owed(sheet, asking, case_key, channel)
    if not sheet.rules and not sheet.apart:
        return None
    return FeePanel(
        asking=asking,
        rows=tuple(
            FeeRow(
                line.rule.name,
                line.amount,
                STANDING_WORDS[line.standing].render(),
                tuple(reason.render() for reason in line.reasons),
                line.rule.basis,
            )
            for line in owed.lines
        ),
        total=owed.total,
        complete=owed.complete and asking.answers is not None,
        tills=_tills(owed, receiving_unit_id, competence),
        notices=sheet.notices,
        told=sheet.told,
        apart=tuple((one.name, one.why.render()) for one in sheet.apart),
    )


def _owed(sheet: FeeSheet, asking: Asking, case_key: str, channel: str) -> Owed:
    if asking.answers is None:
        return Owed(())
    given = given_of(sheet.rules, asking.answers, day=sheet.day, case_key=case_key, channel=channel)
    return catalogue.owed_by(sheet, given)


def _tills(owed: Owed, receiving_unit_id: int, competence: Competence | None) -> tuple[Till, ...]:
    if competence is None:
        return ()
    found = catalogue.collections(
        owed.lines,
        receiving_unit_id=receiving_unit_id,
        deciding_agency_id=competence.deciding_agency_id,
    )
    return tuple(
        Till(
            organisation.unit(one.unit_id).full_name,
            organisation.unit(one.budget_unit_id).full_name
            if organisation.unit(one.unit_id).agency_id != one.budget_unit_id
            else "",
            one.total,
        )
        for one in found
    )

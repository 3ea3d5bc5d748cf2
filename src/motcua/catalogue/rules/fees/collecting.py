"""Who takes the money and for whose budget. Pure.

The unit that receives the dossier collects; the money belongs to the budget of the agency that decides, also where
another centre received (Decree 118/2025: receiving is free of boundaries, competence is not). A rule may say otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from motcua.catalogue.rules.fees.computing import Line
from motcua.catalogue.rules.fees.tariff import FeeRule, Side


@dataclass(frozen=True, slots=True)
class Collection:
    """The lines one unit collects for one agency's budget, and their sum in whole đồng."""

    unit_id: int
    budget_unit_id: int
    lines: tuple[Line, ...]

    @property
    def total(self) -> int:
        return sum(line.amount or 0 for line in self.lines)


def parties(rule: FeeRule, *, receiving_unit_id: int, deciding_agency_id: int) -> tuple[int, int]:
    """Who collects, and for whose budget."""
    units = {Side.RECEIVING: receiving_unit_id, Side.DECIDING: deciding_agency_id}
    return units[rule.collected_by], units[rule.budget_of]


def collections(
    lines: Iterable[Line], *, receiving_unit_id: int, deciding_agency_id: int
) -> tuple[Collection, ...]:
    """The lines that are money, together by who collects and for whom, in their order."""
    found: dict[tuple[int, int], list[Line]] = {}
    for line in lines:
        if line.amount:
            sides = parties(
                line.rule, receiving_unit_id=receiving_unit_id, deciding_agency_id=deciding_agency_id
            )
            found.setdefault(sides, []).append(line)
    return tuple(Collection(unit, budget, tuple(some)) for (unit, budget), some in found.items())

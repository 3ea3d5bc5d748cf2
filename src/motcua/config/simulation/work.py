"""What there is to do on the day: which procedures people bring, and what becomes of each dossier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

from motcua.catalogue import queries as catalogue
from motcua.config.demo import names
from motcua.config.demo.weights import COMMUNE_WORK, PROVINCE_WORK
from motcua.kernel.errors import Conflict, Refused
from motcua.kernel.messages import msg
from motcua.organisation import queries as organisation
from motcua.organisation.types import UnitInfo, UnitKind

FATES = (("ordinary", 89), ("supplement", 4), ("intake", 4), ("refused", 2), ("stopped", 1))


@dataclass(frozen=True, slots=True)
class Offer:
    """A procedure with what the counter ticks: a case, and the papers that come with it."""

    code: str
    weight: int
    cases: tuple[str, ...]
    papers: tuple[dict[str, Any], ...]
    by_company: bool


@dataclass
class Visitors:
    """Draws who comes next; the same seed brings the same people."""

    random: Random
    centre: UnitInfo
    offers: Sequence[Offer]
    fates: list[str] = field(default_factory=list)

    def plan(self, total: int) -> None:
        """What becomes of each dossier: shares as near to the plan as whole dossiers allow, in random order."""
        self.fates = [fate for fate, share in FATES[1:] for _ in range(round(total * share / 100))]
        self.fates += [FATES[0][0]] * (total - len(self.fates))
        self.random.shuffle(self.fates)

    def reception(self) -> dict[str, Any]:
        """The body of a reception."""
        offer = self.random.choices(self.offers, [offer.weight for offer in self.offers])[0]
        place = organisation.unit(self.centre.agency_id).place_name or "Bắc Ninh"
        owner = names.company(self.random, place) if offer.by_company else names.citizen(self.random, place)
        return {
            "procedure": offer.code,
            "case": self.random.choices(offer.cases, [6] + [1] * (len(offer.cases) - 1))[0]
            if offer.cases
            else "",
            "receiving_unit": self.centre.code,
            "owner": {
                "name": owner.name,
                "id_number": owner.id_number,
                "is_organisation": owner.is_organisation,
                "born_on": owner.born_on.isoformat() if owner.born_on else None,
                "gender": owner.gender,
                "address": owner.address,
                "phone": owner.phone,
            },
            "papers": list(offer.papers),
        }


def offers_of(centre: UnitInfo, now: datetime) -> list[Offer]:
    """The usual procedures that this centre may receive today, as common as they are in real wards."""
    agency = organisation.unit(centre.agency_id)
    work = COMMUNE_WORK if agency.kind == UnitKind.COMMUNE else PROVINCE_WORK
    found = []
    for code, weight in work:
        try:
            version = catalogue.current_version(code, now)
            catalogue.competence(version, receiving_unit=centre, at=now)
        except Refused:
            continue
        definition = catalogue.definition(version.id)
        cases = tuple(case.key for case in definition.cases if case.changes_limit and case.limit)
        papers = tuple(
            {
                "key": paper.key,
                "state": "presented" if paper.kind == "present" else "received",
                "originals": paper.originals,
                "copies": paper.copies,
            }
            for paper in definition.papers_for(cases[0] if cases else "", "in_person")[:6]
            if paper.required == "always"
        )
        company = definition.field.startswith("Đầu tư")
        found.append(Offer(version.code, weight, cases, papers, company))
    if not found:
        raise Conflict(msg("%(unit)s không nhận thủ tục nào của ngày mô phỏng.", unit=centre.full_name))
    return found

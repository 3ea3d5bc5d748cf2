"""Procedures for partner systems: `GET /procedures`, `GET /procedures/{code}`."""

from collections.abc import Iterable
from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import AwareDatetime

from motcua.catalogue import queries
from motcua.catalogue.api.changes import router as change_sets
from motcua.catalogue.api.schemas import (
    CaseOut,
    FeeGroupOut,
    FeeOut,
    FeeTierOut,
    LimitOut,
    PaperOut,
    PhaseOut,
    ProblemOut,
    ProcedureDetailOut,
    ProcedureOut,
    ProcedurePageOut,
    ResultOut,
)
from motcua.catalogue.rules.fees.resolutions import territory_of
from motcua.catalogue.rules.fees.tariff import FeeRule
from motcua.catalogue.rules.time_limits import TimeLimit
from motcua.catalogue.types import ProcedureDefinition, SearchHit, Territory
from motcua.kernel import clock
from motcua.organisation import queries as organisation

__all__ = ["change_sets", "router"]

router = Router(tags=["procedures"])
Instant = Annotated[
    AwareDatetime | None, Query(description="What was or will be in force at this instant; now without it")
]


@router.get(
    "/procedures",
    response={200: ProcedurePageOut},
    operation_id="list_procedures",
    summary="Search procedures",
)
def list_procedures(
    request: HttpRequest,
    q: Annotated[
        str, Query(max_length=120, description="Words, code or first letters; accents optional")
    ] = "",
    field: Annotated[str, Query(max_length=255, description="Exact name of the field")] = "",
    level: Annotated[str, Query(pattern="^(xa|tinh|bo|co_quan_khac)?$", description="Deciding level")] = "",
    cursor: Annotated[
        str, Query(max_length=20, pattern="^[0-9]*$", description="`next` of the page before")
    ] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    at: Instant = None,
) -> ProcedurePageOut:
    """The procedures in force, best match first; without `q` by field and name."""
    found = queries.listing(
        q, field=field, level=level, after=int(cursor) if cursor else None, limit=limit, at=at or clock.now()
    )
    items = [_item(hit) for hit in found.hits]
    return ProcedurePageOut(
        items=items, next=str(items[-1].version_id) if found.more and items else None, total=found.total
    )


@router.get(
    "/procedures/{code}",
    response={200: ProcedureDetailOut, 404: ProblemOut},
    operation_id="get_procedure",
    summary="One procedure with cases, papers, limits and fees",
)
def get_procedure(
    request: HttpRequest,
    code: str,
    at: Instant = None,
    unit: Annotated[
        str,
        Query(
            max_length=40, description="Deciding unit by code: fees may differ in the two former provinces"
        ),
    ] = "",
) -> ProcedureDetailOut:
    """By any code, present or former, or by `id` for a procedure without one."""
    found = queries.page(code, at or clock.now())
    content, info = found.definition, found.info
    return ProcedureDetailOut(
        id=info.procedure_id,
        version_id=info.id,
        code=info.code,
        name=info.name,
        short_name=info.short_name,
        field=info.field,
        levels=list(info.levels),
        online_level=info.online.value,
        detailed=info.detailed,
        local_code=content.local_code,
        other_codes=[alias.code for alias in content.aliases],
        version=info.number,
        valid_from=info.valid_from,
        valid_to=info.valid_to,
        in_force=found.in_force,
        received_in_province=found.received_here,
        ministry=content.ministry,
        decision=content.decision_local or content.decision,
        authority=content.authority,
        applicants=list(content.applicants),
        limit=_limit(content.limit_for()),
        cases=_cases(content),
        papers=_papers(content),
        papers_known=content.papers_known,
        fees=_fees(queries.fees.sheet(content, at=at or clock.now(), territory=_territory(unit)).rules),
        exemptions=list(content.exemptions),
        results=[ResultOut(name=result.name, code=result.code) for result in content.results],
        conditions=list(content.conditions),
        legal_bases=list(content.legal_bases),
        territory=content.territory.value,
        boundary_free=content.boundary_free,
        doubtful=[name for name in content.confidence if content.doubtful(name)],
    )


def _territory(unit: str) -> Territory | None:
    """The former province of a deciding unit; raises `UnknownUnit`."""
    if not unit:
        return None
    found = organisation.unit_by_code(unit)
    return territory_of(organisation.unit(found.agency_id).former_province)


def _item(hit: SearchHit) -> ProcedureOut:
    return ProcedureOut(
        id=hit.procedure_id,
        version_id=hit.version_id,
        code=hit.code,
        name=hit.name,
        short_name=hit.short_name,
        field=hit.field,
        levels=list(hit.levels),
        online_level=hit.online,
        detailed=hit.detailed,
    )


def _limit(limit: TimeLimit) -> LimitOut:
    return LimitOut(
        text=limit.text().source(),
        has_due_date=limit.has_due_date,
        phases=[
            PhaseOut(
                amount=str(phase.amount), unit=phase.unit.value, label=phase.label, waits_for=phase.waits_for
            )
            for phase in limit.effective_phases()
        ],
        cutoff=limit.cutoff.text().source(),
        starts=limit.starts.value,
    )


def _cases(content: ProcedureDefinition) -> list[CaseOut]:
    return [
        CaseOut(
            key=case.key,
            name=case.name,
            changes_limit=case.changes_limit,
            limit=_limit(content.limit_for(case.key)),
        )
        for case in content.cases
    ]


def _papers(content: ProcedureDefinition) -> list[PaperOut]:
    return [
        PaperOut(
            key=paper.key,
            name=paper.name,
            originals=paper.originals,
            copies=paper.copies,
            kind=paper.kind,
            required=paper.required,
            condition=paper.condition,
            case=paper.case,
            case_key=paper.case_key,
            channels=list(paper.channels),
            form_code=paper.form_code,
            alternatives=list(paper.alternatives),
        )
        for paper in content.papers
    ]


def _fees(rules: Iterable[FeeRule]) -> list[FeeOut]:
    return [
        FeeOut(
            key=rule.key,
            kind=rule.kind.value,
            name=rule.name,
            amount=rule.amount,
            counts=rule.counts,
            tiers=[FeeTierOut(up_to=tier.up_to, amount=tier.amount) for tier in rule.tiers],
            cap=rule.cap,
            times=rule.times,
            rate=str(rule.rate) if rule.rate is not None else "",
            cases=list(rule.cases),
            set_by=rule.set_by,
            basis=rule.basis,
            exemptions=[
                FeeGroupOut(key=one.key, name=one.name, proof=one.proof, percent=str(one.percent))
                for one in rule.exemptions
            ],
            kept_when_refused=rule.kept_when_refused,
            per=rule.unit_name,
            condition=rule.condition,
            channels=list(rule.channels),
            valid_from=rule.valid_from,
            valid_to=rule.valid_to,
            applies=not rule.held,
            hold_reason=rule.held,
        )
        for rule in rules
    ]

"""The causes behind the board, gathered by who can remove them."""

from __future__ import annotations

from collections import defaultdict

from motcua.kernel.messages import msg
from motcua.organisation import queries as organisation
from motcua.organisation.types import Role, UnitInfo
from motcua.support.rules.next_steps import NextStep, StepKind, ordered
from motcua.support.rules.readiness import Aspect, Mark
from motcua.support.types import Board, Item, UnitState

ROLES_NAMED = 3
OWNED: tuple[tuple[Aspect, Mark, StepKind], ...] = (
    (Aspect.PROCESS, Mark.DOUBT, StepKind.WRITE_PROCESS),
    (Aspect.PROCESS, Mark.BLOCKED, StepKind.WRITE_PROCESS),
    (Aspect.REHEARSAL, Mark.BLOCKED, StepKind.MEND),
    (Aspect.REHEARSAL, Mark.DOUBT, StepKind.REHEARSE),
    (Aspect.FEES, Mark.DOUBT, StepKind.SETTLE_FEE),
    (Aspect.LIMIT, Mark.DOUBT, StepKind.SETTLE_LIMIT),
    (Aspect.FORM, Mark.DOUBT, StepKind.SETTLE_FORM),
    (Aspect.LETTERS, Mark.BLOCKED, StepKind.MEND_LETTER),
)


def province_steps(board: Board) -> list[NextStep]:
    """What the province has to do next: by department for content, by unit for people."""
    steps = list(_content_steps(board.items))
    for state in board.units.values():
        steps.extend(_role_steps(state))
        steps.extend(_collecting_steps(board, state))
    return ordered(steps)


def unit_steps(board: Board, state: UnitState) -> list[NextStep]:
    """What one agency can do itself: its people, and how it takes money."""
    return ordered([*_role_steps(state), *_collecting_steps(board, state)])


def _role_steps(state: UnitState) -> list[NextStep]:
    """One step an agency: who has to be named, where, the one that holds up most first."""
    by_agency: dict[int, list[tuple[int, UnitInfo, str]]] = defaultdict(list)
    for (unit_id, role), count in state.missing.items():
        unit = organisation.unit(unit_id)
        words = str(Role(role).label) if role in Role.values else role
        by_agency[unit.agency_id].append((count, unit, words))
    found = []
    for agency_id, gaps in by_agency.items():
        agency = organisation.unit(agency_id)
        gaps.sort(key=lambda gap: (-gap[0], gap[1].name, gap[2]))
        roles = [words if unit.id == agency_id else f"{words} ({unit.name})" for _count, unit, words in gaps]
        found.append(
            NextStep(
                kind=StepKind.FILL_ROLE,
                who=_administrator(agency),
                where=agency.full_name or agency.name,
                unit_code=agency.code,
                procedures=gaps[0][0],
                role="; ".join(roles[:ROLES_NAMED]),
                more=max(0, len(roles) - ROLES_NAMED),
            )
        )
    return found


def _collecting_steps(board: Board, state: UnitState) -> list[NextStep]:
    """What an agency that asks for fees lacks to take them."""
    found = board.collecting.get(state.unit.id)
    if found is None or not found.missing or not state.with_fees:
        return []
    agency = state.unit
    return [
        NextStep(
            kind=StepKind.COLLECT_MORE if found.offered else StepKind.COLLECT,
            who=_administrator(agency),
            where=agency.full_name or agency.name,
            unit_code=agency.code,
            procedures=state.with_fees,
            role=", ".join(missing.render() for missing in found.missing),
        )
    ]


def _content_steps(items: tuple[Item, ...]) -> list[NextStep]:
    by_owner: dict[tuple[StepKind, int], list[Item]] = defaultdict(list)
    for item in items:
        owner = organisation.department_for_field(item.field).unit.id
        if item.late:
            by_owner[StepKind.FINISH_PROCESS, owner].append(item)
        for aspect, mark, kind in OWNED:
            if item.marks[aspect] is mark and not (item.late and kind is StepKind.WRITE_PROCESS):
                by_owner[kind, owner].append(item)
    found = []
    for (kind, owner_id), concerned in by_owner.items():
        unit = organisation.unit(owner_id)
        dues = [item.facts.electronic_due for item in concerned if item.facts.electronic_due]
        found.append(
            NextStep(
                kind=kind,
                who=_administrator(unit),
                where=unit.full_name,
                unit_code=unit.code,
                procedures=len({item.procedure_id for item in concerned}),
                due=min(dues) if dues and kind is StepKind.FINISH_PROCESS else None,
            )
        )
    return found


def _administrator(agency: UnitInfo) -> str:
    return msg("Quản trị công nghệ thông tin, %(unit)s", unit=agency.full_name or agency.name).render()

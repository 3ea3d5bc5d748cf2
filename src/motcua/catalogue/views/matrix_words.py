"""A cell of the matrix of competence in words, for pages and the spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from motcua.catalogue.rules.competence import DECIDING_ONLY
from motcua.catalogue.rules.matrix import COMMUNE, Cell, Kind, MatrixUnit
from motcua.catalogue.rules.matrix_problems import Problem, rule_scope
from motcua.organisation import queries as organisation

HERE, SENT_ON, NOT_HERE, UNKNOWN = "here", "sent_on", "not_here", "unknown"


def state_of(cell: Cell) -> str:
    """What a unit does with a procedure: decides it, receives and sends it on, nothing, or nobody knows."""
    if cell.kind is Kind.HOLE:
        return UNKNOWN
    if cell.kind is Kind.NOT_HERE:
        return NOT_HERE
    return HERE if cell.decides_here else SENT_ON


def state_words(state: str) -> str:
    return {
        HERE: _("Giải quyết tại đây"),
        SENT_ON: _("Nhận, chuyển nơi khác"),
        NOT_HERE: _("Không làm ở đây"),
        UNKNOWN: _("Chưa rõ"),
    }[state]


def cell_words(cell: Cell, units: Sequence[MatrixUnit] = ()) -> dict[str, Any]:
    """Receiving, deciding, consulted and returning units of a cell, and the rule that says so.

    `units`: those that have this cell, so that one that decides for itself can be named.
    """
    state = state_of(cell)
    done = cell.kind is Kind.DECIDED
    return {
        "state": state,
        "state_words": state_words(state),
        "kind": {HERE: "done", SENT_ON: "progress", NOT_HERE: "neutral", UNKNOWN: "danger"}[state],
        "icon": {HERE: "check", SENT_ON: "arrow-right", NOT_HERE: "minus", UNKNOWN: "alert-triangle"}[state],
        "receiving": _receiving(cell) if done else "",
        "deciding": _deciding(cell, units) if done else "",
        "returning": _returning(cell) if done else "",
        "consulted": ", ".join(cell.consulted),
        "reason": cell.reason.render(),
        "rule": rule_scope(cell.rule).render() if cell.rule is not None else "",
        "source": cell.rule.source if cell.rule is not None else "",
    }


def problem_words(problem: Problem) -> dict[str, Any]:
    n = len(problem.units)
    where = _("mọi đơn vị") if problem.everywhere else "; ".join(problem.units[:6])
    if not problem.everywhere and n > 6:
        where += " " + ngettext("và %(n)s nơi khác", "và %(n)s nơi khác", n - 6) % {"n": n - 6}
    return {
        "code": problem.code,
        "name": problem.name,
        "text": problem.text.render(),
        "where": where,
        "rule": problem.rule,
        "source": problem.source,
        "case": problem.case_key,
    }


def _deciding(cell: Cell, units: Sequence[MatrixUnit]) -> str:
    if cell.deciding_id is not None:
        return _unit(cell.deciding_id)
    if len(units) == 1 and not cell.deciding_function:
        return units[0].name
    if cell.level == COMMUNE:
        return _("Công an xã, phường") if cell.deciding_function else _("Xã, phường đó")
    return _("Chính cơ quan đó")


def _receiving(cell: Cell) -> str:
    if cell.receiving:
        by_code = {unit.code: unit.name for unit in organisation.units().values()}
        return "; ".join(by_code.get(code, code) for code in cell.receiving)
    if cell.centre_only:
        return _("Trung tâm Phục vụ hành chính công tỉnh")
    if cell.rule is not None and cell.rule.reception == DECIDING_ONLY:
        return _("Chỉ Trung tâm của nơi giải quyết")
    return _("Mọi Trung tâm trong tỉnh")


def _returning(cell: Cell) -> str:
    if cell.returning_id is not None:
        return _unit(cell.returning_id)
    return _("Trung tâm của nơi giải quyết") if cell.returns_to_deciding else _("Nơi đã nộp")


def _unit(unit_id: int) -> str:
    unit = organisation.unit(unit_id)
    return unit.full_name or unit.name

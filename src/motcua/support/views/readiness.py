"""The board of readiness: the province at a glance, one agency, the workbook for the weekly meeting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from motcua.kernel import clock
from motcua.kernel.http import ActorRequest
from motcua.kernel.web.access import signed_in
from motcua.organisation import queries as organisation
from motcua.organisation.types import UnitKind
from motcua.support import queries, words, workbook
from motcua.support.permissions import require_readiness
from motcua.support.queries_steps import province_steps, unit_steps
from motcua.support.queries_unit import PAGE, UnitFilter, unit_page
from motcua.support.rules.next_steps import NextStep, StepKind
from motcua.support.rules.readiness import Aspect, Grade, Mark
from motcua.support.types import UnitState

SHOWN = 3
"""Steps of a kind that stand open; the others fold out."""
CONFIGURE = {
    StepKind.WRITE_PROCESS: "process",
    StepKind.FINISH_PROCESS: "process",
    StepKind.SETTLE_FEE: "fees",
    StepKind.SETTLE_FORM: "form",
    StepKind.SETTLE_LIMIT: "limit",
}
"""What the grid of a department is narrowed to, by what has to be done."""


@require_safe
@signed_in
def board(request: ActorRequest) -> HttpResponse:
    """`/san-sang/`: every commune as a tile, departments below, what to do next beside it."""
    require_readiness(request.actor)
    found = queries.board(clock.now())
    chosen = request.GET.get("muc", "")
    states = sorted(found.units.values(), key=lambda state: (state.unit.name, state.unit.code))
    communes = [state for state in states if state.unit.kind == UnitKind.COMMUNE]
    others = [state for state in states if state.unit.kind != UnitKind.COMMUNE and state.total]
    steps = province_steps(found)
    context = {
        "board": found,
        "grades": _grades(communes, chosen),
        "groups": _groups(communes, chosen),
        "others": [_tile(state) for state in others],
        "step_groups": _step_groups(steps),
        "ready_share": (found.total - found.blocked) * 100 // found.total if found.total else 100,
        "procedures": len({item.procedure_id for item in found.items}),
    }
    return render(request, "support/readiness.html", context)


@require_safe
@signed_in
def unit(request: ActorRequest, code: str) -> HttpResponse:
    """`/san-sang/don-vi/<code>/`: what one agency decides, aspect by aspect, and what is in the way."""
    require_readiness(request.actor)
    info = organisation.unit_by_code(code)
    found = queries.board(clock.now())
    asked = UnitFilter.read(request.GET)
    page = unit_page(found, info.id, asked)
    context = {
        "unit": info,
        "state": page.state,
        "grade": _grade_words(page.state.grade),
        "aspects": [_aspect_row(page.state, aspect, asked) for aspect in Aspect],
        "steps": [_step(step) for step in unit_steps(found, page.state)],
        "rows": [_item_row(row) for row in page.rows],
        "filter": asked,
        "filter_words": _filter_words(asked),
        "page": page,
        "page_size": PAGE,
        "crumbs": [
            {"url": reverse("support:readiness"), "label": _("Bảng sẵn sàng")},
            {"label": info.name},
        ],
    }
    return render(request, "support/readiness_unit.html", context)


@require_safe
@signed_in
def export(request: ActorRequest) -> HttpResponse:
    """`/san-sang/xuat.xlsx`: units, next steps and procedures with something open, for the weekly meeting."""
    require_readiness(request.actor)
    now = clock.now()
    content = workbook.write(queries.board(now))
    name = f"san-sang-{clock.today(now):%Y-%m-%d}.xlsx"
    response = HttpResponse(content, content_type=workbook.CONTENT_TYPE)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


def _grades(communes: Sequence[UnitState], chosen: str) -> list[dict[str, Any]]:
    counts = dict.fromkeys(Grade, 0)
    for state in communes:
        counts[state.grade] += 1
    return [
        {
            **_grade_words(grade),
            "count": counts[grade],
            "active": grade.value == chosen,
            "url": "?" if grade.value == chosen else f"?muc={grade.value}",
        }
        for grade in Grade
    ]


def _groups(communes: Sequence[UnitState], chosen: str) -> list[dict[str, Any]]:
    names = sorted({state.unit.former_province for state in communes})
    found = []
    for name in names:
        tiles = [
            _tile(state)
            for state in communes
            if state.unit.former_province == name and chosen in ("", state.grade.value)
        ]
        title = _("Địa bàn %(name)s cũ") % {"name": name} if name else _("Xã, phường")
        found.append({"title": title, "tiles": tiles})
    return found


def _tile(state: UnitState) -> dict[str, Any]:
    return {
        "state": state,
        "grade": _grade_words(state.grade),
        "url": reverse("support:readiness_unit", args=[state.unit.code]),
        "ready": state.total - state.blocked,
    }


def _grade_words(grade: Grade) -> dict[str, str]:
    return {
        "key": grade.value,
        "label": str(words.GRADES[grade]),
        "icon": words.GRADE_ICONS[grade],
    }


def _step_groups(steps: Sequence[NextStep]) -> list[dict[str, Any]]:
    """The steps by what has to be done, most urgent first: a board is read by causes, not by a list of fifty."""
    together: dict[StepKind, list[NextStep]] = {}
    for step in steps:
        together.setdefault(step.kind, []).append(step)
    return [
        {
            "title": str(words.STEPS[kind]),
            "count": len(found),
            "late": kind is StepKind.FINISH_PROCESS,
            "first": [_step(step) for step in found[:SHOWN]],
            "rest": [_step(step) for step in found[SHOWN:]],
        }
        for kind, found in together.items()
    ]


def _step(step: NextStep) -> dict[str, Any]:
    return {
        "text": step.text().render(),
        "who": step.who,
        "count": step.procedures if step.kind is StepKind.FILL_ROLE else 0,
        "due": step.due,
        "late": step.kind is StepKind.FINISH_PROCESS,
        "url": _where_to(step),
    }


def _where_to(step: NextStep) -> str:
    """Where it is done: the unit's page for people, the configuration for content."""
    try:
        if step.kind is StepKind.FILL_ROLE:
            return reverse("organisation:unit", args=[step.unit_code])
        if step.kind in (StepKind.COLLECT, StepKind.COLLECT_MORE):
            return reverse("payments:collector", args=[step.unit_code])
        if step.kind in CONFIGURE:
            query = urlencode({"don-vi": step.unit_code, "thieu": CONFIGURE[step.kind]})
            return f"{reverse('catalogue_configuring:grid')}?{query}"
        return reverse("rehearsals:list")
    except NoReverseMatch:
        return reverse("organisation:unit", args=[step.unit_code])


def _aspect_row(state: UnitState, aspect: Aspect, asked: UnitFilter) -> dict[str, Any]:
    counts = state.by_aspect.get(aspect, {})
    return {
        "key": aspect.value,
        "label": str(words.ASPECTS[aspect]),
        "blocked": counts.get(Mark.BLOCKED, 0),
        "doubt": counts.get(Mark.DOUBT, 0),
        "ready": counts.get(Mark.READY, 0),
        "not_needed": counts.get(Mark.NOT_NEEDED, 0),
        "active": asked.aspect is aspect,
    }


def _item_row(row: tuple[Any, dict[Aspect, Mark]]) -> dict[str, Any]:
    item, marks = row
    return {
        "item": item,
        "open": [
            {
                "label": str(words.ASPECTS[aspect]),
                "mark": mark.value,
                "words": str(words.MARKS[mark]),
                "icon": words.MARK_ICONS[mark],
            }
            for aspect, mark in marks.items()
            if mark in (Mark.BLOCKED, Mark.DOUBT)
        ],
        "url": reverse("catalogue:procedure", args=[item.code or item.procedure_id]),
    }


def _filter_words(asked: UnitFilter) -> str:
    if asked.aspect is None:
        return ""
    return f"{words.ASPECTS[asked.aspect]}: {words.MARKS[asked.mark]}"

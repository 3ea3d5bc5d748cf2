"""The matrix of competence by procedure, and whether it is whole."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from motcua.catalogue import permissions, queries, words
from motcua.catalogue.queries.matrix import Row
from motcua.catalogue.rules.differences import moment_words
from motcua.catalogue.rules.instants import read_instant
from motcua.catalogue.views.matrix_words import HERE, SENT_ON, cell_words, problem_words
from motcua.catalogue.views.paging import Page, integer
from motcua.kernel import clock
from motcua.kernel.errors import NotAllowed
from motcua.kernel.http import ActorRequest
from motcua.kernel.messages import msg
from motcua.kernel.text import grouped
from motcua.kernel.web.access import signed_in

PER_PAGE = 50
PROBLEMS_SHOWN = 200


def require_staff(request: ActorRequest) -> None:
    """Raise `NotAllowed` for who may not see the matrix."""
    if not permissions.may_see_matrix(request.actor):
        raise NotAllowed(msg("Ma trận thẩm quyền chỉ dành cho cán bộ đã đăng nhập."))


def tabs(active: str) -> list[dict[str, Any]]:
    """The three ways to look at the matrix."""
    return [
        {"label": label, "url": reverse(f"matrix:{name}"), "active": name == active}
        for name, label in (
            ("procedures", _("Theo thủ tục")),
            ("unit", _("Theo đơn vị")),
            ("check", _("Kiểm tra")),
        )
    ]


@require_safe
@signed_in
def procedures(request: ActorRequest) -> HttpResponse:
    """`/tham-quyen/`: for each procedure who receives, decides and returns, in short."""
    require_staff(request)
    text = request.GET.get("q", "")[:120]
    field = request.GET.get("linh-vuc", "")[:255]
    level = request.GET.get("cap", "")
    level = level if level in words.LEVELS else ""
    now = clock.now()
    page = Page(integer(request.GET.get("trang"), default=1), PER_PAGE)
    found = queries.listing(text, field=field, level=level, offset=page.offset, limit=PER_PAGE, at=now)
    rows = queries.matrix.rows_of([hit.version_id for hit in found.hits], now)
    context = {
        "rows": [_short(row) for row in rows if not row.topic.case_key],
        "count_words": ngettext("%(n)s thủ tục", "%(n)s thủ tục", found.total) % {"n": found.total},
        "query": text,
        "field": field,
        "level": level,
        "fields": queries.fields(at=now),
        "levels": words.LEVELS.items(),
        "pages": page.links(request, found.total),
        "tabs": tabs("procedures"),
    }
    return render(request, "catalogue/matrix.html", context)


def _short(row: Row) -> dict[str, Any]:
    """A procedure in one line: the different answers of its units, those that decide first."""
    said = [{**cell_words(part.cell, part.units), "n": len(part.units)} for part in row.parts]
    deciders = [one for one in said if one["state"] in (HERE, SENT_ON)]
    holes = [one for one in said if one["state"] == "unknown"]
    first = (deciders or holes or said)[0]
    return {
        "code": row.topic.code,
        "name": row.topic.name,
        "field": row.field,
        "url": reverse("matrix:procedure", args=[row.topic.code or str(row.topic.subject.procedure_id)]),
        "levels": words.level_words(row.levels),
        "deciding": list(dict.fromkeys(one["deciding"] for one in deciders if one["deciding"])),
        "receiving": list(dict.fromkeys(one["receiving"] for one in deciders if one["receiving"])),
        "returning": list(dict.fromkeys(one["returning"] for one in deciders if one["returning"])),
        "reason": first["reason"] if not deciders else "",
        "hole": bool(holes),
        "rule": first["rule"],
        "source": first["source"],
    }


@require_safe
@signed_in
def procedure(request: ActorRequest, code: str) -> HttpResponse:
    """`/tham-quyen/thu-tuc/<code>/`: which units do what, by which rule and why."""
    require_staff(request)
    now = clock.now()
    page = queries.page(code, now)
    rows = queries.matrix.rows_of([page.info.id], now) if page.in_force else []
    problems = queries.matrix.problems_of(page.info.id, now) if page.in_force else ()
    context = {
        "info": page.info,
        "content": page.definition,
        "in_force": page.in_force,
        "cases": [_case(row, page) for row in rows],
        "problems": [problem_words(problem) for problem in problems],
        "coming": [c.sentence.render() for c in queries.coming_changes(page.info.procedure_id, now)],
        "url": reverse("catalogue:procedure", args=[code]),
        "crumbs": [
            {"url": reverse("matrix:procedures"), "label": _("Thẩm quyền")},
            {"label": page.info.code or page.info.short_name},
        ],
    }
    return render(request, "catalogue/matrix_procedure.html", context)


def _case(row: Row, page: queries.ProcedurePage) -> dict[str, Any]:
    case = page.definition.case(row.topic.case_key)
    order = [HERE, SENT_ON, "unknown", "not_here"]
    parts = [
        {
            **cell_words(part.cell, part.units),
            "units": [unit.name for unit in part.units],
            "communes": sum(unit.is_commune for unit in part.units),
            "n": len(part.units),
        }
        for part in row.parts
    ]
    return {
        "name": case.name if case else row.topic.case_key,
        "parts": sorted(parts, key=lambda part: order.index(str(part["state"]))),
    }


@require_safe
@signed_in
def check(request: ActorRequest) -> HttpResponse:
    """`/tham-quyen/kiem-tra/`: is the matrix whole now, or at an instant to come (`?luc=`)."""
    require_staff(request)
    text = request.GET.get("luc", "")[:32]
    asked = read_instant(text)
    report = queries.matrix.check(asked or clock.now())
    context = {
        "report": report,
        "when": text,
        "wrong": _("Không hiểu lúc “%(text)s”. Ghi như 01/07/2025 hoặc 2025-07-01T00:00.") % {"text": text}
        if text and asked is None
        else "",
        "at": report.at,
        "figures": [
            {"label": _("Cặp thủ tục và đơn vị"), "value": grouped(report.pairs)},
            {"label": _("Có một nơi giải quyết"), "value": grouped(report.decided)},
            {"label": _("Không làm ở đó, có lý do"), "value": grouped(report.not_here)},
            {"label": _("Lỗ hổng"), "value": str(len(report.holes))},
            {"label": _("Chồng lấn"), "value": str(len(report.overlaps))},
        ],
        "problems": [
            (_("Lỗ hổng: không ai giải quyết"), _problems(report.holes)),
            (_("Chồng lấn: hai quy định ngang nhau"), _problems(report.overlaps)),
        ],
        "gaps": [
            {
                "code": found.code,
                "name": found.name,
                "url": reverse("catalogue:procedure", args=[found.code or str(found.procedure_id)]),
                "since": moment_words(found.gap.starts),
                "until": moment_words(found.gap.ends),
            }
            for found in report.gaps[:PROBLEMS_SHOWN]
        ],
        "tabs": tabs("check"),
    }
    return render(request, "catalogue/matrix_check.html", context)


def _problems(found: tuple[Any, ...]) -> list[dict[str, Any]]:
    return [
        {
            **problem_words(problem),
            "url": reverse("matrix:procedure", args=[problem.code or str(problem.procedure_id)])
            if problem.procedure_id
            else "",
        }
        for problem in found[:PROBLEMS_SHOWN]
    ]

"""Internal processes: the list, one process drawn and in words, its BPMN file."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from motcua.kernel.http import ActorRequest
from motcua.kernel.web.access import signed_in
from motcua.organisation.rules.working_time import date_text
from motcua.workflow import queries
from motcua.workflow.permissions import agencies_to_draft_for, draft_agency_ids, require_read
from motcua.workflow.rules.bpmn import export
from motcua.workflow.rules.checks import check
from motcua.workflow.rules.definition import ProcessDefinition
from motcua.workflow.rules.drawing import as_table, draw
from motcua.workflow.rules.walk import walk
from motcua.workflow.rules.words import span_text, totals_text


@signed_in
@require_safe
def process_list(request: ActorRequest) -> HttpResponse:
    """The newest version of every process; searched without accents by title, code, issuer or reference."""
    require_read(request.actor)
    text = request.GET.get("q", "")[:200]
    page = queries.versions_page(text=text, page=_number(request.GET.get("trang", "")))
    rows = [{"version": version, **_findings_count(version.findings)} for version in page.rows]
    return render(
        request,
        "workflow/processes.html",
        {
            "page": page,
            "rows": rows,
            "q": text,
            "sees_drafts": draft_agency_ids(request.actor) != frozenset(),
        },
    )


@signed_in
@require_safe
def process_page(request: ActorRequest, version_id: int) -> HttpResponse:
    """One process: drawing, steps in words, what the checks say."""
    require_read(request.actor)
    version = queries.version(version_id)
    definition = queries.process(version_id)
    context = {
        "version_id": version_id,
        "may_draft": bool(agencies_to_draft_for(request.actor)),
        "definition": definition,
        "drawing": mark_safe(draw(definition)),  # noqa: S308 - every text in it is escaped by the drawing
        "rows": as_table(definition),
        "findings": [{"kind": _KINDS[f.severity], "text": f.message.render()} for f in check(definition)],
        "facts": _facts(definition),
        "numbers": queries.numbers_of(version.key),
        "crumbs": [
            {"label": _("Quy trình"), "url": reverse("workflow:processes")},
            {"label": definition.title},
        ],
        "actions": [
            {
                "label": _("Tải tệp BPMN"),
                "url": reverse("workflow:bpmn", args=[version_id]),
                "icon": "download",
            }
        ],
    }
    return render(request, "workflow/process.html", context)


@signed_in
@require_safe
def download_bpmn(request: ActorRequest, version_id: int) -> HttpResponse:
    """The process as a BPMN 2.0 file."""
    require_read(request.actor)
    definition = queries.process(version_id)
    response = HttpResponse(export(definition), content_type="application/xml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{definition.key}.bpmn"'
    return response


_KINDS = {"error": "danger", "warning": "warning", "info": "info"}


def _facts(definition: ProcessDefinition) -> list[dict[str, Any]]:
    limit = definition.limit
    return [
        {
            "label": _("Thủ tục"),
            "value": ", ".join(definition.procedure_codes),
            "hint": definition.branch or "",
        },
        {"label": _("Thời hạn"), "value": span_text(limit).render() if limit else ""},
        {"label": _("Tổng các bước"), "value": totals_text(walk(definition, loops=0).longest).render()},
        {"label": _("Cơ quan ban hành"), "value": definition.issuer, "hint": _issued(definition)},
        {"label": _("Văn bản"), "value": definition.reference},
        {"label": _("Nguồn"), "value": _("bảng thật") if definition.is_real else _("quy trình điển hình")},
    ]


def _issued(definition: ProcessDefinition) -> str:
    """The day of issue as people write it; whatever else the source says, unchanged."""
    try:
        return date_text(date.fromisoformat(definition.issued))
    except ValueError:
        return definition.issued


def _findings_count(findings: list[dict[str, str]]) -> dict[str, int]:
    kinds = [finding.get("severity") for finding in findings]
    return {"errors": kinds.count("error"), "warnings": kinds.count("warning")}


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1

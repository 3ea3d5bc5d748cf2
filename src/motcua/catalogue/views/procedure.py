"""The public page of one procedure."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from motcua.catalogue import queries, words
from motcua.catalogue.types import CodeAlias, FeeLine, Paper, ProcedureDefinition
from motcua.catalogue.views.paging import base_template
from motcua.kernel import clock
from motcua.kernel.http import ActorRequest
from motcua.kernel.messages import msg


def procedure(request: ActorRequest, code: str) -> HttpResponse:
    """`/thu-tuc/<code>/`: what a person needs to know, by any code or by the number of a codeless one."""
    now = clock.now()
    found = queries.page(code, now)
    content = found.definition
    context = {
        "base": base_template(request),
        "info": found.info,
        "content": content,
        "in_force": found.in_force,
        "ends_soon": found.in_force and found.info.valid_to is not None,
        "received_here": found.received_here,
        "facts": _facts(content),
        "limits": _limits(content),
        "papers": [_paper(paper) for paper in content.papers],
        "paper_cases": sorted({paper.case for paper in content.papers if paper.case}),
        "fees": [_fee(fee) for fee in content.fees],
        "processes": _processes(found),
        "doubts": [
            str(words.DOUBTFUL.get(name, name)) for name in content.confidence if content.doubtful(name)
        ],
        "aliases": [_alias(alias) for alias in content.aliases],
        "crumbs": [
            {"url": reverse("catalogue:list"), "label": _("Thủ tục")},
            {"label": content.display_code or content.short_name},
        ],
    }
    return render(request, "catalogue/procedure.html", context)


def _doubtful(content: ProcedureDefinition) -> list[str]:
    return [name for name in content.confidence if content.doubtful(name)]


def _facts(content: ProcedureDefinition) -> list[dict[str, str]]:
    online = str(words.ONLINE[content.online.value])
    return [
        {"label": _("Lĩnh vực"), "value": content.field},
        {"label": _("Cấp thực hiện"), "value": words.level_words(content.levels)},
        {"label": _("Cơ quan giải quyết"), "value": content.authority},
        {"label": _("Nơi nộp hồ sơ"), "value": _where(content)},
        {"label": _("Đối tượng"), "value": "; ".join(content.applicants)},
        {"label": _("Nộp trực tuyến"), "value": online, "hint": content.partial_reason},
        {"label": _("Phạm vi"), "value": str(words.TERRITORIES[content.territory.value])},
        {"label": _("Bộ quản lý"), "value": content.ministry},
        {"label": _("Quyết định công bố"), "value": content.decision_local or content.decision},
    ]


def _where(content: ProcedureDefinition) -> str:
    if content.reception_places:
        return content.reception_places
    return _("Mọi Trung tâm Phục vụ hành chính công trong tỉnh, qua bưu chính, hoặc trên Cổng dịch vụ công")


def _limits(content: ProcedureDefinition) -> list[dict[str, object]]:
    """The usual limit first, then each case that has its own."""
    usual = content.limit_for()
    rows: list[dict[str, object]] = [
        {
            "case": _("Thông thường"),
            "text": usual.text().render() if usual.has_due_date else _("Chưa rõ thời hạn"),
            "note": usual.cutoff.text().render(),
            "known": usual.has_due_date,
        }
    ]
    for case in content.cases:
        limit = content.limit_for(case.key)
        if not case.changes_limit or (limit.phases == usual.phases and limit.extra is None):
            continue
        appointments = (
            _("hẹn trả hai lần: %(days)s") % {"days": " + ".join(str(day) for day in case.appointments)}
            if case.appointments
            else ""
        )
        rows.append(
            {
                "case": case.name,
                "text": limit.text().render() if limit.has_due_date else _("Không hẹn trước ngày trả"),
                "note": appointments,
                "known": limit.has_due_date,
            }
        )
    return rows


def _paper(paper: Paper) -> dict[str, object]:
    copies = []
    if paper.originals:
        copies.append(msg("%(n)s bản chính", n=paper.originals).render())
    if paper.copies:
        copies.append(msg("%(n)s bản sao", n=paper.copies).render())
    return {
        "key": paper.key,
        "name": paper.name,
        "copies": ", ".join(copies),
        "always": paper.required == "always",
        "condition": paper.condition,
        "case": paper.case,
        "form": paper.form_code,
        "shown_only": paper.kind == "present",
        "alternatives": paper.alternatives,
        "channels": ", ".join(str(words.CHANNELS.get(channel, channel)) for channel in paper.channels),
    }


def _fee(fee: FeeLine) -> dict[str, object]:
    return {
        "name": fee.name,
        "amount": fee.amount,
        "known": fee.amount is not None and fee.applies,
        "per": fee.per,
        "condition": fee.condition,
        "set_by": fee.set_by,
        "channels": ", ".join(str(words.CHANNELS.get(channel, channel)) for channel in fee.channels),
        "held": fee.hold_reason,
        "valid_from": fee.valid_from,
        "valid_to": fee.valid_to,
    }


def _alias(alias: CodeAlias) -> dict[str, object]:
    return {"code": alias.code, "certain": alias.certain, "note": alias.note}


def _processes(found: queries.ProcedurePage) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for bound in found.processes:
        case = found.definition.case(bound.case_key)
        rows.append(
            {
                "level": str(words.LEVELS[bound.level.value]),
                "case": case.name if case else "",
                "url": _process_url(bound.process_version_id),
                "is_real": bound.is_real,
            }
        )
    return rows


def _process_url(version_id: int) -> str:
    """The drawing of a process; empty where the workflow's pages are not mounted."""
    try:
        return reverse("workflow:process", args=[version_id])
    except NoReverseMatch:
        return ""

"""The public page of one procedure: today, on another day, and as known on a date."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from motcua.catalogue import queries, words
from motcua.catalogue.rules.differences import moment_words
from motcua.catalogue.rules.instants import read_instant
from motcua.catalogue.types import CodeAlias
from motcua.catalogue.views import procedure_parts as parts
from motcua.catalogue.views.fees import fee_context, fee_glance
from motcua.catalogue.views.paging import base_template
from motcua.catalogue.views.procedure_sheet import KEPT
from motcua.kernel import clock
from motcua.kernel.http import ActorRequest


@require_safe
def procedure(request: ActorRequest, code: str) -> HttpResponse:
    """`/thu-tuc/<code>/`: what a person needs to know, by any code or by the number of a codeless one.

    `?ngay=` shows the version of a day, `?biet=` what was known on a date, `?truong-hop=` and `?cach-nop=` narrow the
    papers; with `?tinh=1` the fee is worked out from what the form gives (`views.fees`).
    """
    now = clock.now()
    day, known = request.GET.get("ngay", "")[:32], request.GET.get("biet", "")[:32]
    at = read_instant(day, end_of_day=True)
    known_on = read_instant(known, end_of_day=True)
    sheet = queries.procedure_sheet(code, now=now, at=at or now, known=known_on)
    content = sheet.page.definition
    case = content.case(request.GET.get("truong-hop", ""))
    channel = request.GET.get("cach-nop", "")
    channel = channel if channel in words.CHANNELS else ""
    fees = fee_context(request, content, at=sheet.at, channel=channel, case=case)
    context = {
        "base": base_template(request),
        "info": sheet.page.info,
        "content": content,
        "code": code,
        "in_force": sheet.page.in_force,
        "received_here": sheet.page.received_here,
        "time": _time(sheet, day=day, known=known, at=at, known_on=known_on),
        "coming": [change.sentence.render() for change in sheet.coming],
        "steps": parts.steps(content, sheet.where, pays=fees["pays"]),
        "where": parts.where_words(sheet.where),
        "glance": parts.glance(
            content, case.key if case else "", sheet.where, money=fee_glance(fees["rules"])
        ),
        "case": case,
        "channel": channel,
        "channels": [(key, str(name)) for key, name in words.CHANNELS.items()],
        "facts": parts.facts(content),
        "limits": parts.limits(content),
        "papers": parts.papers(content, case.key if case else "", channel),
        "fees": fees,
        "history": [_past(row, code, sheet) for row in sheet.history],
        "processes": _processes(sheet.page),
        "doubts": [
            str(words.DOUBTFUL.get(name, name)) for name in content.confidence if content.doubtful(name)
        ],
        "aliases": [_alias(alias) for alias in content.aliases],
        "printed_at": now,
        "pdf_url": _pdf_url(request, code),
        "crumbs": [
            {"url": reverse("catalogue:list"), "label": _("Thủ tục")},
            {"label": content.display_code or content.short_name},
        ],
    }
    return render(request, "catalogue/procedure.html", context)


def _pdf_url(request: ActorRequest, code: str) -> str:
    """The same procedure on paper, of the same day and with the same choices."""
    query = urlencode({name: request.GET[name][:64] for name in KEPT if request.GET.get(name)})
    return reverse("catalogue:pdf", args=[code]) + (f"?{query}" if query else "")


def _time(
    sheet: queries.Sheet, *, day: str, known: str, at: datetime | None, known_on: datetime | None
) -> dict[str, Any]:
    """The time asked about, in words, and what was wrong with how it was asked."""
    info = sheet.page.info
    standing = sheet.standing
    said = ""
    if at is not None and sheet.page.in_force:
        said = _("Đang xem bản có hiệu lực ngày %(day)s.") % {"day": f"{clock.local(at):%d/%m/%Y}"}
    elif at is not None:
        said = _("Ngày %(day)s không có phiên bản nào có hiệu lực. Dưới đây là phiên bản gần nhất.") % {
            "day": f"{clock.local(at):%d/%m/%Y}"
        }
    if known_on is not None and sheet.unknown is None:
        said += " " + _("Theo những gì hệ thống đã ghi đến hết ngày %(day)s.") % {
            "day": f"{clock.local(known_on):%d/%m/%Y}"
        }
    wrong = [text for text, found in ((day, at), (known, known_on)) if text and found is None]
    return {
        "day": day,
        "known": known,
        "is_other": at is not None or known_on is not None,
        "said": said.strip(),
        "unknown": sheet.unknown.render() if sheet.unknown else "",
        "wrong": _("Không hiểu ngày “%(text)s”. Ghi như 30/06/2025.") % {"text": wrong[0]} if wrong else "",
        "mark": standing.mark.render() if standing is not None and standing.mark is not None else "",
        "since": moment_words(info.valid_from),
        "ends": moment_words(info.valid_to) if info.valid_to else "",
    }


def _past(row: queries.PastVersion, code: str, sheet: queries.Sheet) -> dict[str, object]:
    """A row of the history; a gap has no version. The link shows the last day of the version, or its first."""
    known = row.known
    until = moment_words(row.ends) if row.ends else ""
    if known is None:
        return {"gap": True, "since": moment_words(row.starts), "until": until}
    shown = clock.today(row.starts if row.ends is None else row.ends - timedelta(seconds=1))
    return {
        "gap": False,
        "number": known.info.number,
        "since": moment_words(row.starts),
        "until": until,
        "decision": known.decision,
        "mark": known.mark.render() if known.mark else "",
        "shown": known.info.id == sheet.page.info.id,
        "url": f"{reverse('catalogue:procedure', args=[code])}?ngay={shown.isoformat()}",
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
                "url": parts.url_or_nothing("workflow:process", bound.process_version_id),
                "is_real": bound.is_real,
            }
        )
    return rows

"""The public page of one procedure: today, on another day, and as known on a date."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from motcua.catalogue import queries, words
from motcua.catalogue.rules.differences import moment_words
from motcua.catalogue.rules.instants import read_instant
from motcua.catalogue.types import CodeAlias, Paper, ProcedureDefinition
from motcua.catalogue.views.fees import fee_context, fee_glance
from motcua.catalogue.views.paging import base_template
from motcua.kernel import clock
from motcua.kernel.http import ActorRequest
from motcua.kernel.messages import msg


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
        "steps": _steps(content, sheet.where, pays=fees["pays"]),
        "where": _where(sheet.where),
        "glance": _glance(content, case.key if case else "", sheet.where, money=fee_glance(fees["rules"])),
        "case": case,
        "channel": channel,
        "channels": [(key, str(name)) for key, name in words.CHANNELS.items()],
        "facts": _facts(content),
        "limits": _limits(content),
        "papers": _papers(content, case.key if case else "", channel),
        "fees": fees,
        "history": [_past(row, code, sheet) for row in sheet.history],
        "processes": _processes(sheet.page),
        "doubts": [
            str(words.DOUBTFUL.get(name, name)) for name in content.confidence if content.doubtful(name)
        ],
        "aliases": [_alias(alias) for alias in content.aliases],
        "printed_at": now,
        "crumbs": [
            {"url": reverse("catalogue:list"), "label": _("Thủ tục")},
            {"label": content.display_code or content.short_name},
        ],
    }
    return render(request, "catalogue/procedure.html", context)


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


def _steps(content: ProcedureDefinition, where: queries.Where, *, pays: bool) -> list[dict[str, str]]:
    """What the applicant does, in order and in plain words."""
    n = len(content.papers) or content.n_papers
    steps = [
        {
            "title": _("Chuẩn bị giấy tờ"),
            "text": ngettext(
                "%(n)s loại, đánh dấu từng loại ở danh sách dưới đây.",
                "%(n)s loại, đánh dấu từng loại ở danh sách dưới đây.",
                n,
            )
            % {"n": n}
            if content.papers
            else _("Hỏi nơi tiếp nhận: danh mục chưa có danh sách giấy tờ chi tiết."),
        },
        {"title": _("Nộp hồ sơ"), "text": _submit_text(content, where)},
    ]
    if pays:
        steps.append(
            {"title": _("Nộp phí, lệ phí"), "text": _("Theo mức ở dưới; nhận biên lai khi nộp tiền.")}
        )
    steps.append(
        {
            "title": _("Nhận giấy hẹn"),
            "text": _(
                "Giấy tiếp nhận ghi ngày trả và mã để tra cứu. Nếu thiếu giấy tờ, nơi tiếp nhận báo "
                "một lần, đầy đủ, bằng văn bản."
            ),
        }
    )
    limit = content.limit_for()
    steps.append(
        {
            "title": _("Nhận kết quả"),
            "text": _("Sau %(limit)s; %(place)s.")
            % {"limit": limit.text().render(), "place": _return_text(where)}
            if limit.has_due_date
            else _("Theo ngày ghi trên giấy hẹn; %(place)s.") % {"place": _return_text(where)},
        }
    )
    return steps


def _submit_text(content: ProcedureDefinition, where: queries.Where) -> str:
    online = {
        "full": _(" Có thể nộp trực tuyến toàn bộ trên Cổng Dịch vụ công quốc gia."),
        "partial": _(" Có thể nộp trực tuyến một phần trên Cổng Dịch vụ công quốc gia."),
    }.get(content.online.value, "")
    return _receiving_text(where) + online


def _receiving_text(where: queries.Where) -> str:
    if where.reason is not None or not (where.communes or where.agencies):
        return _("Nộp tại cơ quan giải quyết; các Trung tâm của tỉnh không tiếp nhận.")
    if where.only_at:
        return _("Chỉ nộp tại: %(units)s.") % {"units": "; ".join(unit.full_name for unit in where.only_at)}
    if where.centre_only:
        return _("Chỉ nộp tại Trung tâm Phục vụ hành chính công tỉnh.")
    if where.own_centre_only:
        return _("Chỉ nộp tại nơi giải quyết.")
    return _("Nộp tại bất kỳ Trung tâm Phục vụ hành chính công nào trong tỉnh, hoặc gửi qua bưu chính.")


def _return_text(where: queries.Where) -> str:
    return _("nhận tại nơi giải quyết") if where.returned_by_decider else _("nhận tại nơi đã nộp")


def _where(where: queries.Where) -> dict[str, Any]:
    deciding = [unit.full_name for unit in where.agencies]
    if where.communes:
        deciding.insert(
            0,
            ngettext(
                "Ủy ban nhân dân xã, phường (%(n)s nơi)",
                "Ủy ban nhân dân xã, phường (%(n)s nơi)",
                where.communes,
            )
            % {"n": where.communes},
        )
    centre = where.centre
    return {
        "deciding": deciding,
        "receiving": _receiving_text(where),
        "returning": _return_text(where).capitalize(),
        "reason": where.reason.render() if where.reason is not None else "",
        "centre": centre.full_name if centre else "",
        "address": centre.address if centre else "",
        "phone": centre.phone if centre else "",
        "centres_url": _url_or_nothing("portal:centres"),
    }


def _glance(
    content: ProcedureDefinition, case_key: str, where: queries.Where, *, money: str
) -> list[dict[str, str]]:
    """The four things everybody asks first."""
    limit = content.limit_for(case_key)
    return [
        {
            "label": _("Bao lâu"),
            "value": limit.text().render() if limit.has_due_date else _("Chưa rõ thời hạn"),
        },
        {"label": _("Bao nhiêu tiền"), "value": money},
        {
            "label": _("Nộp ở đâu"),
            "value": _("Mọi Trung tâm trong tỉnh")
            if (where.communes or where.agencies)
            and not (where.only_at or where.centre_only or where.own_centre_only)
            else _receiving_text(where),
        },
        {
            "label": _("Được gì"),
            "value": content.results[0].name or content.results[0].code if content.results else _("Chưa ghi"),
        },
    ]


def _facts(content: ProcedureDefinition) -> list[dict[str, str]]:
    online = str(words.ONLINE[content.online.value])
    return [
        {"label": _("Lĩnh vực"), "value": content.field},
        {"label": _("Cấp thực hiện"), "value": words.level_words(content.levels)},
        {"label": _("Cơ quan giải quyết"), "value": content.authority},
        {"label": _("Đối tượng"), "value": "; ".join(content.applicants)},
        {"label": _("Nộp trực tuyến"), "value": online, "hint": content.partial_reason},
        {"label": _("Phạm vi"), "value": str(words.TERRITORIES[content.territory.value])},
        {"label": _("Bộ quản lý"), "value": content.ministry},
        {"label": _("Quyết định công bố"), "value": content.decision_local or content.decision},
    ]


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


def _papers(content: ProcedureDefinition, case_key: str, channel: str) -> list[dict[str, object]]:
    """The papers of a case and a way of handing in, what everybody needs first."""
    wanted = [
        paper
        for paper in content.papers_for(case_key)
        if not channel or not paper.channels or channel in paper.channels
    ]
    return [_paper(paper) for paper in sorted(wanted, key=lambda paper: paper.required != "always")]


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
                "url": _url_or_nothing("workflow:process", bound.process_version_id),
                "is_real": bound.is_real,
            }
        )
    return rows


def _url_or_nothing(name: str, *args: object) -> str:
    """The address of a page of another context; empty where its pages are not mounted."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""

"""What the page of a procedure and its printed sheet say, in the words of the applicant."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from motcua.catalogue import queries, words
from motcua.catalogue.rules.time_limits import TimeLimit
from motcua.catalogue.types import Paper, ProcedureDefinition
from motcua.kernel.messages import msg


def steps(content: ProcedureDefinition, where: queries.Where, *, pays: bool) -> list[dict[str, str]]:
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
    steps.append(
        {
            "title": _("Nhận kết quả"),
            "text": _("Thời hạn: %(limit)s; %(place)s.")
            % {"limit": limit_glance(content, ""), "place": _return_text(where)}
            if content.limit_for().has_due_date
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


def where_words(where: queries.Where) -> dict[str, Any]:
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
        "centres_url": url_or_nothing("portal:centres"),
    }


def glance(
    content: ProcedureDefinition, case_key: str, where: queries.Where, *, money: str
) -> list[dict[str, str]]:
    """The four things everybody asks first."""
    return [
        {"label": _("Bao lâu"), "value": limit_glance(content, case_key)},
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


def limit_glance(content: ProcedureDefinition, case_key: str) -> str:
    """The time in one line; while no case is chosen, everything it may be."""
    usual = content.limit_for(case_key)
    if not usual.has_due_date:
        return _("Chưa rõ thời hạn")
    if case_key:
        return usual.text().render()
    others = [content.limit_for(case.key) for case in content.cases if case.changes_limit]
    found = {limit.text().render(): limit for limit in [usual, *others] if limit.has_due_date}
    if len(found) == 1:
        return usual.text().render()
    totals = [total for limit in found.values() if (total := limit.total()) is not None]
    if len(totals) == len(found) and len({total.basis for total in totals}) == 1:
        shortest, longest = (pick(found.values(), key=_minutes) for pick in (min, max))
        return _("%(low)s đến %(high)s, tùy trường hợp") % {
            "low": shortest.text().render(),
            "high": longest.text().render(),
        }
    return _("%(limits)s, tùy trường hợp") % {"limits": _(" hoặc ").join(found)}


def _minutes(limit: TimeLimit) -> Fraction:
    total = limit.total()
    assert total is not None
    return total.minutes


def facts(content: ProcedureDefinition) -> list[dict[str, str]]:
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


def limits(content: ProcedureDefinition) -> list[dict[str, object]]:
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


def papers(content: ProcedureDefinition, case_key: str, channel: str) -> list[dict[str, Any]]:
    """The papers of a case and a way of handing in, what everybody needs first."""
    wanted = [
        paper
        for paper in content.papers_for(case_key)
        if not channel or not paper.channels or channel in paper.channels
    ]
    return [_paper(paper) for paper in sorted(wanted, key=lambda paper: paper.required != "always")]


SAID_OF_CHANNEL = ("nộp trực tuyến", "nộp trực tiếp", "nộp qua bưu chính")
"""Conditions that name the way of handing in: it is not told a second time."""


def _paper(paper: Paper) -> dict[str, Any]:
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
        "channels": ""
        if paper.condition.startswith(SAID_OF_CHANNEL)
        else ", ".join(str(words.CHANNELS.get(channel, channel)) for channel in paper.channels),
    }


def url_or_nothing(name: str, *args: object) -> str:
    """The address of a page of another context; empty where its pages are not mounted."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""

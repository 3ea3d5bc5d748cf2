"""A procedure on paper: the page as a PDF, of the same day and with the same choices."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from motcua.catalogue import queries, words
from motcua.catalogue.rules.differences import moment_words
from motcua.catalogue.rules.instants import read_instant
from motcua.catalogue.types import ProcedureDefinition
from motcua.catalogue.views import procedure_parts as parts
from motcua.catalogue.views.fees import fee_glance, fee_rows
from motcua.documents import queries as documents
from motcua.documents.types import Tracking
from motcua.documents.types_sheets import ProcedureSheet, SheetPaper, SheetPart, SheetRow
from motcua.kernel import clock
from motcua.kernel.http import ActorRequest
from motcua.organisation import queries as organisation

KEPT = ("ngay", "biet", "truong-hop", "cach-nop")
"""What of the page's address the paper keeps, in its QR too."""


@require_safe
def pdf(request: ActorRequest, code: str) -> HttpResponse:
    """`/thu-tuc/<code>/ban-in.pdf`; the parameters are those of the page. Always in Vietnamese, as all paper is."""
    with translation.override("vi"):
        printed = documents.procedure_sheet(_sheet(request, code))
    response = HttpResponse(printed.content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{printed.filename}"'
    return response


def _sheet(request: ActorRequest, code: str) -> ProcedureSheet:
    now = clock.now()
    asked = {name: request.GET.get(name, "")[:64] for name in KEPT}
    at = read_instant(asked["ngay"], end_of_day=True)
    known_on = read_instant(asked["biet"], end_of_day=True)
    found = queries.procedure_sheet(code, now=now, at=at or now, known=known_on)
    content = found.page.definition
    case = content.case(asked["truong-hop"])
    channel = asked["cach-nop"] if asked["cach-nop"] in words.CHANNELS else ""
    money = queries.fees.sheet(content, at=found.at)
    chosen = [_("Trường hợp: %(case)s") % {"case": case.name}] if case else []
    if channel:
        chosen.append(_("Cách nộp: %(channel)s") % {"channel": words.CHANNELS[channel]})
    return ProcedureSheet(
        authority=organisation.province().full_name,
        code=content.display_code,
        name=content.name,
        at=found.at,
        printed_at=now,
        version=_version(found),
        known=_("Theo những gì hệ thống đã ghi đến hết ngày %(day)s.")
        % {"day": f"{clock.local(known_on):%d/%m/%Y}"}
        if known_on is not None and found.unknown is None
        else "",
        chosen=". ".join(chosen),
        tracking=_address(code, asked),
        notices=_notices(found, wanted=at is not None),
        glance=tuple(
            SheetRow(label=one["label"], value=_capital(one["value"]))
            for one in parts.glance(
                content, case.key if case else "", found.where, money=fee_glance(money.rules)
            )
        ),
        papers=_papers(content, case.key if case else "", channel),
        no_papers=_("Danh mục chưa có danh sách giấy tờ chi tiết; hỏi nơi tiếp nhận."),
        limits=tuple(
            SheetRow(label=_capital(row["case"]), value=_capital(row["text"]), notes=_lines(row["note"]))
            for row in parts.limits(content)
        ),
        fees=_fees(content, found, channel),
        no_fees=_("Nguồn không ghi khoản thu nào."),
        forms=_forms(content),
        where=_where(content, found.where),
        parts=_texts(content),
    )


def _version(found: queries.Sheet) -> str:
    info = found.page.info
    values = {"number": info.number, "since": moment_words(info.valid_from)}
    if info.valid_to is None:
        return _("Phiên bản %(number)s, có hiệu lực từ %(since)s.") % values
    return _("Phiên bản %(number)s, có hiệu lực từ %(since)s đến trước %(until)s.") % {
        **values,
        "until": moment_words(info.valid_to),
    }


def _address(code: str, asked: dict[str, str]) -> Tracking:
    path = reverse("catalogue:procedure", args=[code])
    query = urlencode({name: text for name, text in asked.items() if text})
    plain = settings.PUBLIC_URL.removeprefix("https://").removeprefix("http://")
    return Tracking(
        url=f"{settings.PUBLIC_URL}{path}" + (f"?{query}" if query else ""), page=f"{plain}{path}"
    )


def _notices(found: queries.Sheet, *, wanted: bool) -> tuple[str, ...]:
    """What must not be missed: the sheet is of another day, the procedure is not in force, a change is coming."""
    content = found.page.definition
    said = []
    if found.unknown is not None:
        said.append(found.unknown.render())
    if not found.page.in_force:
        said.append(
            _(
                "Vào thời điểm này không có phiên bản nào có hiệu lực; dưới đây là phiên bản gần nhất để tham khảo."
            )
        )
    if not wanted:
        said += [_("Sắp thay đổi. %(change)s") % {"change": one.sentence.render()} for one in found.coming]
    if not found.page.received_here:
        said.append(_("Các Trung tâm của tỉnh không tiếp nhận thủ tục này; tờ này chỉ để tra cứu."))
    if not content.detailed:
        said.append(
            _("Nội dung lấy từ bản gọn của Cổng dịch vụ công quốc gia; hãy đối chiếu quyết định công bố.")
        )
    doubts = [str(words.DOUBTFUL.get(name, name)) for name in content.confidence if content.doubtful(name)]
    if content.detailed and doubts:
        said.append(_("Dữ liệu nguồn chưa chắc: %(what)s.") % {"what": ", ".join(doubts)})
    if content.status_note:
        said.append(content.status_note)
    return tuple(said)


def _papers(content: ProcedureDefinition, case_key: str, channel: str) -> tuple[SheetPaper, ...]:
    found = []
    for paper in parts.papers(content, case_key, channel):
        notes = []
        if paper["condition"]:
            notes.append(_("Khi: %(condition)s") % {"condition": paper["condition"]})
        if paper["case"] and not case_key:
            notes.append(_("Nhóm: %(case)s") % {"case": paper["case"]})
        if paper["channels"] and not channel:
            notes.append(_("Khi nộp %(channels)s") % {"channels": paper["channels"]})
        if paper["alternatives"]:
            notes.append(_("Hoặc: %(papers)s") % {"papers": "; ".join(paper["alternatives"])})
        needed = _("bắt buộc") if paper["always"] else ""
        found.append(
            SheetPaper(
                name=paper["name"],
                form=paper["form"],
                needed=_("xuất trình") if paper["shown_only"] else needed,
                copies=paper["copies"],
                notes=tuple(notes),
            )
        )
    return tuple(found)


def _fees(content: ProcedureDefinition, found: queries.Sheet, channel: str) -> tuple[SheetRow, ...]:
    rows = []
    for row in fee_rows(content, at=found.at, channel=channel):
        notes = [_("Khi %(condition)s") % {"condition": row["condition"]}] if row["condition"] else []
        if row["channels"]:
            notes.append(_("Khi nộp %(channels)s") % {"channels": row["channels"]})
        if row["last_day"]:
            notes.append(_("Đến hết %(day)s.") % {"day": f"{row['last_day']:%d/%m/%Y}"})
        notes += [text for text in (row["basis"], _capital(row["held"])) if text]
        rows.append(
            SheetRow(label=row["name"], value="; ".join(row["prices"]) or row["state"], notes=tuple(notes))
        )
    return tuple(rows)


def _forms(content: ProcedureDefinition) -> tuple[SheetRow, ...]:
    """Every form once, with the papers it is for."""
    together: dict[str, list[str]] = {}
    for paper in content.papers:
        if paper.form_code:
            together.setdefault(paper.form_code, []).append(paper.name)
    return tuple(
        SheetRow(label=code, value="; ".join(dict.fromkeys(names))) for code, names in together.items()
    )


def _where(content: ProcedureDefinition, where: queries.Where) -> tuple[SheetRow, ...]:
    said = parts.where_words(where)
    deciding = "; ".join(said["deciding"]) or said["reason"] or _("Cơ quan ngoài hệ thống của tỉnh.")
    rows = [
        SheetRow(label=_("Nộp"), value=content.reception_places or said["receiving"]),
        SheetRow(label=_("Giải quyết"), value=deciding),
        SheetRow(label=_("Nhận kết quả"), value=said["returning"]),
    ]
    if said["centre"] and said["deciding"]:
        address = ", ".join(text for text in (said["address"], said["phone"]) if text)
        rows.append(SheetRow(label=said["centre"], value=address or "—"))
    return tuple(rows)


def _texts(content: ProcedureDefinition) -> tuple[SheetPart, ...]:
    results = [one.name or one.code for one in content.results]
    decision = content.decision_local or content.decision
    bases = [
        *content.legal_bases,
        *([_("Quyết định công bố: %(number)s") % {"number": decision}] if decision else []),
    ]
    return (
        SheetPart(title=_("Kết quả"), lines=tuple(map(_capital, results))),
        SheetPart(title=_("Yêu cầu, điều kiện"), lines=tuple(map(_capital, content.conditions))),
        SheetPart(title=_("Căn cứ pháp lý"), lines=("; ".join(bases),) if bases else ()),
    )


def _lines(text: object) -> tuple[str, ...]:
    return (_capital(text),) if text else ()


def _capital(text: object) -> str:
    shown = str(text)
    return shown[:1].upper() + shown[1:]

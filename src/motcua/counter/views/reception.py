"""The reception page: one form, every answer of the server shows the whole form again with what was typed."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from motcua.counter import actions, queries, queries_drafts
from motcua.counter.forms import ReceptionInput
from motcua.counter.reading import (
    data_of,
    fees_told,
    number_of,
    papers_given,
    supplement_items,
    under_version,
)
from motcua.counter.rules.card_scan import CardScan, read_scan
from motcua.counter.rules.paper_list import read_ticks, with_usual_missing
from motcua.counter.views.scanning import dossier_link, person_values, scan_answer
from motcua.counter.views.seat import Seat, seated
from motcua.dossiers.errors import VersionChanged
from motcua.dossiers.types import Channel, Reception
from motcua.kernel import clock
from motcua.kernel.errors import Refused
from motcua.kernel.http import ActorRequest


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_store=True)
@seated
def page(request: ActorRequest, *, seat: Seat) -> HttpResponse:
    """Show the form (restored from a draft if there is one), or do what the pressed button says."""
    now = clock.now()
    if request.method == "POST":
        return _posted(request, seat, now)
    saved = None
    if code := request.GET.get("xong", ""):
        saved = queries.saved_view(request.actor, code, number_of(request.GET.get("phieu", "")) or 0)
    draft = None
    if saved is None and "moi" not in request.GET:
        draft = queries_drafts.latest_draft(request.actor, seat.unit.id, now)
    data = data_of(draft.key, draft.data) if draft else _fresh(request)
    extra = {"saved": saved, "draft": draft, "repeated": "lai" in request.GET}
    return _show(request, seat, data, now, extra=extra)


def _fresh(request: ActorRequest) -> QueryDict:
    """An empty form with a new key; `?procedure=` (a code or some words) is taken up without script too."""
    data = QueryDict(mutable=True)
    data["key"] = secrets.token_urlsafe(18)
    if wanted := request.GET.get("procedure", ""):
        data["q"] = wanted[:120]
    return data


def _posted(request: ActorRequest, seat: Seat, now: datetime) -> HttpResponse:
    do, _sep, argument = request.POST.get("do", "save").partition(":")
    if do in _SAVES:
        return _save(request, seat, do, now)
    if do == "discard":
        actions.discard_draft(actor=request.actor, key=request.POST.get("key", ""))
        return HttpResponseRedirect(reverse("counter:reception") + "?moi=1")
    if do == "restore" and (
        code := queries_drafts.code_saved_under(request.actor, request.POST.get("key", ""))
    ):
        saved = queries.saved_view(request.actor, code, 0)
        return _show(request, seat, _fresh(request), now, extra={"saved": saved, "repeated": True})
    data = request.POST.copy()
    data.setdefault("key", secrets.token_urlsafe(18))
    scanned: CardScan | None = None
    found: list[queries.WaitingDossier] = []
    if do == "choose":
        data["procedure"], data["case_key"], data["q"] = argument, "", ""
    elif do == "last":
        _take_last(request, seat, data, now)
    elif do == "scan":
        scanned = read_scan(data.get("scan", ""), today=clock.today(now))
        found = queries.dossiers_for_scan(request.actor, seat.unit, scanned)
        _take_scan(scanned, data)
    return _show(
        request, seat, data, now, extra={"scanned": scanned, "found": [dossier_link(one) for one in found]}
    )


def _take_scan(scanned: CardScan, data: QueryDict) -> None:
    """Put a scanned person into the first part that has no number yet, the owner if all have."""
    if scanned.person is None:
        return
    data["scan"] = ""
    in_use = ["owner", *(part for part in ("submitter", "recipient", "payer") if data.get(f"has_{part}"))]
    part = next((part for part in in_use if not data.get(f"{part}-id_number")), "owner")
    for name, value in person_values(scanned.person, queries.known_contact(scanned)).items():
        if value:
            data[f"{part}-{name}"] = value


def _take_last(request: ActorRequest, seat: Seat, data: QueryDict, now: datetime) -> None:
    last = queries.last_people(request.actor, seat.unit.id, now)
    if last is not None:
        for name, value in _last_values(last).items():
            data[name] = value


def _last_values(last: queries.LastPeople) -> dict[str, str]:
    values = {f"owner-{name}": value for name, value in person_values(last.owner).items()}
    if last.submitter is not None:
        values |= {f"submitter-{name}": value for name, value in person_values(last.submitter).items()}
        values |= {"has_submitter": "on", "authorisation": last.authorisation}
    return values


def _save(request: ActorRequest, seat: Seat, do: str, now: datetime) -> HttpResponse:
    typed = ReceptionInput(request.POST, unit_id=seat.unit.id)
    if not typed.is_valid():
        return _show(request, seat, request.POST, now, typed=typed, status=422)
    try:
        saved = _SAVES[do](request, seat, typed, now)
    except VersionChanged as changed:
        return _stopped(request, seat, changed, now)
    except Refused as refused:
        data: QueryDict = request.POST.copy()
        if refused.code == "form_used":
            data["key"] = secrets.token_urlsafe(18)
            typed = ReceptionInput(data, unit_id=seat.unit.id)
            typed.is_valid()
        typed.add_refusal(refused.field, refused.message.render())
        return _show(request, seat, data, now, typed=typed, status=refused.status)
    query = {"xong": saved.code, "phieu": str(saved.letter_id), **({"lai": "1"} if saved.repeated else {})}
    return HttpResponseRedirect(f"{reverse('counter:reception')}?{urlencode(query)}")


def _stopped(request: ActorRequest, seat: Seat, changed: VersionChanged, now: datetime) -> HttpResponse:
    """The form as typed, now under the version that stands, with what is different said once."""
    data = under_version(request.POST, changed.standing)
    typed = ReceptionInput(data, unit_id=seat.unit.id)
    typed.is_valid()
    stop = {
        "since": changed.since,
        "early": changed.early,
        "withdrawn": changed.withdrawn,
        "changes": [one.text.render() for one in changed.changes],
    }
    return _show(request, seat, data, now, typed=typed, status=changed.status, extra={"stop": stop})


def _receive(request: ActorRequest, seat: Seat, typed: ReceptionInput, now: datetime) -> actions.Saved:
    panel = _panel_of(request.POST, seat, now)
    reception = _reception(typed, panel)
    return actions.receive(actor=request.actor, reception=reception, now=now)


def _supplement(request: ActorRequest, seat: Seat, typed: ReceptionInput, now: datetime) -> actions.Saved:
    panel = _panel_of(request.POST, seat, now)
    data = typed.form.cleaned_data
    if not data["supplement_lines"]:
        panel = replace(panel, rows=with_usual_missing(panel.rows))
    return actions.ask_for_papers(
        actor=request.actor,
        reception=_reception(typed, panel),
        items=supplement_items(panel, data["supplement_lines"]),
        reason=data["supplement_reason"] or _("Hồ sơ chưa đủ thành phần theo quy định của thủ tục."),
        respond_by=data["respond_by"],
        now=now,
    )


def _refuse(request: ActorRequest, seat: Seat, typed: ReceptionInput, now: datetime) -> actions.Saved:
    panel = _panel_of(request.POST, seat, now)
    data = typed.form.cleaned_data
    return actions.refuse(
        actor=request.actor,
        reception=_reception(typed, panel),
        reason=data["refusal_reason"],
        now=now,
    )


def _reception(typed: ReceptionInput, panel: queries.ProcedurePanel) -> Reception:
    """What was typed with what was ticked and counted; raises `Invalid` at a count that cannot be used."""
    papers = papers_given(panel, typed.form.cleaned_data["extra_papers"])
    return replace(typed.reception(papers), fees=fees_told(panel))


_SAVES: Mapping[str, Callable[[ActorRequest, Seat, ReceptionInput, datetime], actions.Saved]] = {
    "save": _receive,
    "supplement": _supplement,
    "refuse": _refuse,
}


def _panel_of(data: QueryDict, seat: Seat, now: datetime) -> queries.ProcedurePanel:
    """The chosen procedure with its ticks; raises `UnknownProcedure`."""
    return queries.procedure_panel(
        version_id=number_of(data.get("procedure", "")) or 0,
        unit=seat.unit,
        case_key=data.get("case_key", ""),
        place_id=number_of(data.get("place", "")),
        channel=number_of(data.get("channel", "")) or int(Channel.COUNTER),
        ticks=read_ticks({name: data.getlist(name) for name in data}),
        now=now,
        typed=data.getlist,
    )


def _shown_panel(data: QueryDict, seat: Seat, now: datetime) -> queries.ProcedurePanel | None:
    if not number_of(data.get("procedure", "")):
        return None
    try:
        return _panel_of(data, seat, now)
    except Refused:
        return None


def _show(
    request: ActorRequest,
    seat: Seat,
    data: QueryDict,
    now: datetime,
    *,
    typed: ReceptionInput | None = None,
    status: int = 200,
    extra: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """The page with everything that is in the form; errors only where `typed` was checked."""
    shown = typed or ReceptionInput.unchecked(data, unit_id=seat.unit.id)
    panel = _shown_panel(data, seat, now)
    text = data.get("q", "")
    hits = queries.find_procedures(request.actor, text, seat.unit, now) if text and panel is None else []
    context = {
        "seat": seat,
        "typed": shown,
        "form": shown.form,
        "panel": panel,
        "form_key": data.get("key", ""),
        "scan_text": data.get("scan", ""),
        "search_text": text,
        "hits": hits,
        "errors": shown.errors() if typed else {},
        "page_keys": page_keys(),
        "has_people": {part: shown.uses(part) for part in shown.people},
        **(extra or {}),
    }
    return render(request, "counter/reception.html", context, status=status)


def page_keys() -> list[dict[str, str]]:
    """The keys of the page, for the side and for the key help."""
    return [
        {"keys": "F1", "text": _("Thu tiền hồ sơ vừa nhận; mở hồ sơ đang chờ người này")},
        {"keys": "F2", "text": _("Ô quét thẻ")},
        {"keys": "F3", "text": _("Lấy lại người cuối")},
        {"keys": "F4", "text": _("Tìm thủ tục")},
        {"keys": "1…9", "text": _("Chọn trường hợp")},
        {"keys": "Space", "text": _("Có giấy tờ này")},
        {"keys": "*", "text": _("Có giấy tờ luôn phải có; ** tất cả")},
        {"keys": "T", "text": _("Thiếu giấy tờ này")},
        {"keys": "F6", "text": _("Có người nộp thay")},
        {"keys": "F7", "text": _("Từ chối tiếp nhận")},
        {"keys": "F8", "text": _("In phiếu bổ sung")},
        {"keys": "F9", "text": _("Tiếp nhận, in giấy hẹn")},
        {"keys": "F10", "text": _("In lại phiếu vừa lưu")},
    ]


@require_GET
@seated
def procedures(request: ActorRequest, *, seat: Seat) -> HttpResponse:
    """The list under the search box while one types."""
    text = request.GET.get("q", "")[:120]
    hits = queries.find_procedures(request.actor, text, seat.unit, clock.now())
    return render(request, "counter/_hits.html", {"hits": hits, "text": text})


@require_GET
@seated
def panel(request: ActorRequest, *, seat: Seat) -> HttpResponse:
    """The chosen procedure: cases, papers, place, date; the ticks sent along stay ticked."""
    shown = _panel_of(request.GET, seat, clock.now())
    return render(request, "counter/_panel.html", {"panel": shown, "errors": {}})


@require_GET
@seated
def fees(request: ActorRequest, *, seat: Seat) -> HttpResponse:
    """What it comes to with the counts and proofs as typed so far."""
    shown = _panel_of(request.GET, seat, clock.now())
    return render(request, "counter/_fee_sum.html", {"panel": shown})


@require_POST
@seated
def scan(request: ActorRequest, *, seat: Seat) -> JsonResponse:
    """Read what was scanned: a person with remarks, dossiers waiting for them, or why it cannot be read."""
    scanned = read_scan(request.POST.get("scan", ""), today=clock.today(clock.now()))
    found = queries.dossiers_for_scan(request.actor, seat.unit, scanned)
    return JsonResponse(scan_answer(scanned, queries.known_contact(scanned), found))


@require_GET
@seated
def last_person(request: ActorRequest, *, seat: Seat) -> JsonResponse:
    """The people of one's last reception, by the names of the inputs they belong in."""
    last = queries.last_people(request.actor, seat.unit.id, clock.now())
    if last is None:
        return JsonResponse({"values": {}, "text": _("Hôm nay chưa tiếp nhận ai ở quầy này.")})
    return JsonResponse({"values": _last_values(last), "text": _("Đã lấy lại người của hồ sơ trước.")})


@require_POST
@seated
def draft(request: ActorRequest, *, seat: Seat) -> JsonResponse:
    """Keep the form as it stands."""
    now = clock.now()
    data = {name: request.POST.getlist(name) for name in request.POST}
    try:
        kept = actions.save_draft(
            actor=request.actor, unit_id=seat.unit.id, key=request.POST.get("key", ""), data=data, now=now
        )
    except Refused as refused:
        return JsonResponse({"error": refused.message.render()}, status=refused.status)
    return JsonResponse({"at": f"{clock.local(now):%H:%M:%S}" if kept else ""})

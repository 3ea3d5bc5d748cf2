"""Rehearsals: the list, a change-set with its last one, how far a running one is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from motcua.catalogue.permissions import may_rehearse, require_see_rehearsals
from motcua.catalogue.types_changes import ChangeState
from motcua.dossiers import queries_rehearsal as queries
from motcua.dossiers.actions.ask_rehearsal import ask_rehearsal
from motcua.dossiers.queries_rehearsal import SetPage
from motcua.kernel import clock
from motcua.kernel.errors import Invalid
from motcua.kernel.http import ActorRequest
from motcua.kernel.web.access import signed_in

NO_WORKER = timedelta(minutes=2)
"""A request that waits so long has no worker to do it."""


@signed_in
@require_safe
def rehearsal_list(request: ActorRequest) -> HttpResponse:
    """`/dien-tap/`: what waits to be rehearsed, and every rehearsal, newest first."""
    require_see_rehearsals(request.actor)
    found = queries.rehearsal_list(page=page_number(request))
    context = {
        "found": found,
        "waiting": [{"head": head, "state": state_words(head.state)} for head in found.waiting],
        "pages": pages(request, found.page, more=found.more),
    }
    return render(request, "dossiers/rehearsals.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def change_set(request: ActorRequest, change_set_id: int) -> HttpResponse:
    """`/dien-tap/goi/<id>/`: the last rehearsal of a change-set; POST asks for another."""
    require_see_rehearsals(request.actor)
    if request.method == "POST":
        return _ask(request, change_set_id)
    return render(request, "dossiers/rehearsal_set.html", _context(request, change_set_id))


def _ask(request: ActorRequest, change_set_id: int) -> HttpResponse:
    try:
        asked = ask_rehearsal(actor=request.actor, change_set_id=change_set_id, now=clock.now())
    except Invalid as refusal:
        context = _context(request, change_set_id)
        return render(
            request,
            "dossiers/rehearsal_set.html",
            {**context, "refusal": refusal.message.render()},
            status=422,
        )
    if not asked:
        messages.info(request, _("Gói này đang được diễn tập. Kết quả hiện ra ngay khi xong."))
    return redirect("rehearsals:change_set", change_set_id)


@signed_in
@require_safe
def progress(request: ActorRequest, change_set_id: int) -> HttpResponse:
    """How far it is; asked every two seconds while it runs. When it is over the page is loaded again."""
    require_see_rehearsals(request.actor)
    found = queries.set_page(change_set_id, now=clock.now())
    response = render(request, "dossiers/parts/rehearsal_running.html", _running(found))
    if not found.running:
        response["HX-Refresh"] = "true"
    return response


@signed_in
@require_safe
def one(request: ActorRequest, rehearsal_id: int) -> HttpResponse:
    """`/dien-tap/lan/<id>/`: one rehearsal, also an old one."""
    require_see_rehearsals(request.actor)
    result = queries.result_page(rehearsal_id, kind=request.GET.get("loai", ""), page=page_number(request))
    title = result.info.number or _("Danh mục hiện hành")
    context = {
        "result": result,
        "title": title,
        "pages": pages(request, result.page, more=result.more),
        "crumbs": [{"label": _("Diễn tập"), "url": reverse("rehearsals:list")}, {"label": title}],
    }
    return render(request, "dossiers/rehearsal.html", context)


def _context(request: ActorRequest, change_set_id: int) -> dict[str, Any]:
    found = queries.set_page(
        change_set_id, now=clock.now(), kind=request.GET.get("loai", ""), page=page_number(request)
    )
    return {
        **_running(found),
        "result": found.result,
        "pages": pages(request, found.result.page, more=found.result.more) if found.result else {},
        "state": state_words(found.head.state),
        "may_run": found.can_run and may_rehearse(request.actor),
        "crumbs": [
            {"label": _("Diễn tập"), "url": reverse("rehearsals:list")},
            {"label": found.head.number},
        ],
    }


PHASES = ("before", "check", "real")


def _running(found: SetPage) -> dict[str, Any]:
    """The job in words: waiting, or how far in which phase."""
    said = found.job.result if found.job is not None else {}
    phase = str(said.get("phase", ""))
    waited = clock.now() - found.job.created_at if found.job is not None else timedelta()
    begun = found.job is not None and found.job.attempts > 0
    words = {
        "before": _("Ghi lại hồ sơ mẫu của bản đang dùng"),
        "check": _("Xét từng thủ tục ở mọi đơn vị"),
        "real": _("Chạy hồ sơ thật qua từng bước rồi xóa sạch"),
    }
    return {
        "page": found,
        "phase": words.get(phase, _("Đang bắt đầu") if begun else _("Đang chờ tới lượt")),
        "step": PHASES.index(phase) + 1 if phase in PHASES else 0,
        "steps": len(PHASES),
        "done": said.get("done", 0),
        "of": said.get("of", 0),
        "no_worker": found.running and not begun and waited > NO_WORKER,
    }


def state_words(state: ChangeState) -> str:
    """The state of a change-set in words."""
    return {
        ChangeState.DRAFT: _("Đang soạn"),
        ChangeState.APPROVED: _("Đã duyệt"),
        ChangeState.PUBLISHED: _("Đã công bố"),
        ChangeState.UNDONE: _("Đã hoàn tác"),
        ChangeState.DISCARDED: _("Đã bỏ"),
    }[state]


def page_number(request: ActorRequest) -> int:
    """The page of a list, 1 for whatever cannot be read."""
    text = request.GET.get("trang", "")
    return min(max(int(text), 1), 10_000) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def pages(request: ActorRequest, number: int, *, more: bool) -> dict[str, str]:
    """What the pager needs; empty where one page holds all."""

    def url(to: int) -> str:
        query = request.GET.copy()
        query["trang"] = str(to)
        return f"?{query.urlencode()}"

    if number == 1 and not more:
        return {}
    return {
        "previous_url": url(number - 1) if number > 1 else "",
        "next_url": url(number + 1) if more else "",
        "text": _("Trang %(number)s") % {"number": number},
    }

"""One page per act: show the form, do the act, go on with the next dossier."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from motcua.dossiers.form_parts import ActForm
from motcua.dossiers.forms import FORMS
from motcua.dossiers.queries_page_acts import ActPage, act_page
from motcua.dossiers.types import Act
from motcua.dossiers.views import running
from motcua.dossiers.views.pages import INFO, PAGES, ActPageInfo
from motcua.dossiers.views.queue import PRINT, TASK, Queue, number
from motcua.dossiers.views.worklist import go_on
from motcua.kernel import clock
from motcua.kernel.errors import Conflict, Refused
from motcua.kernel.http import ActorRequest
from motcua.kernel.web.access import signed_in

__all__ = ["PAGES", "view_of"]

FROM_PAGE = "from_page"
"""Sent by the buttons of the dossier page, where a way is chosen before anything is typed."""


def view_of(page: ActPageInfo) -> Callable[..., HttpResponse]:
    """The view of one act."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @signed_in
    def act(request: ActorRequest, code: str) -> HttpResponse:
        return _act(request, code, page)

    return act


def _act(request: ActorRequest, code: str, info: ActPageInfo) -> HttpResponse:
    now, queue = clock.now(), Queue.read(request.GET)
    task_id = number(request.POST.get(TASK) or request.GET.get(TASK))
    try:
        page = act_page(request.actor, code, info.act, now=now, task_id=task_id)
    except Conflict as refusal:
        return _lost(request, code, info, queue, refusal)
    if request.method != "POST":
        initial = {"outcome": request.GET["outcome"]} if "outcome" in request.GET else None
        return _show(request, info, queue, page, FORMS[info.act](choices=page.choices, initial=initial))
    form = FORMS[info.act](request.POST, request.FILES, choices=page.choices)
    if not form.is_valid():
        if FROM_PAGE in request.POST and form.is_untouched:
            return HttpResponseRedirect(_form_page(request, queue, page))
        return _show(request, info, queue, page, form, status=422)
    return _run(request, info, queue, page, form, now)


def _form_page(request: ActorRequest, queue: Queue, page: ActPage) -> str:
    """Where the chosen way's own form opens: what it needs is asked for before anything is wrong."""
    asked = {"outcome": request.POST.get("outcome", "")}
    if page.task:
        asked[TASK] = str(page.task.pk)
    carried = queue.query(at=queue.place.encode() if queue.place else None) if queue.given else ""
    return f"{request.path}{carried}{'&' if carried else '?'}{urlencode(asked)}"


def _run(
    request: ActorRequest, info: ActPageInfo, queue: Queue, page: ActPage, form: ActForm, now: datetime
) -> HttpResponse:
    code = page.dossier.code
    try:
        letter_id = running.run(request.actor, page, form, now)
    except Conflict as refusal:
        return _lost(request, code, info, queue, refusal)
    except Refused as refusal:
        if refusal.status in (403, 404):
            raise
        form.refuse(refusal.field, refusal.message.render())
        return _show(request, info, queue, page, form, status=refusal.status)
    messages.success(request, str(info.done) % {"code": code})
    printed = f"{code}:{letter_id}" if letter_id else None
    if info.moves_on and queue.given:
        return go_on(request, queue, skip=code, extra=f"&{PRINT}={printed}" if printed else "")
    place = queue.place.encode() if queue.place else None
    query = queue.query(at=place, print=printed) if queue.given else f"?{PRINT}={printed}" if printed else ""
    return HttpResponseRedirect(reverse("dossiers:detail", args=[code]) + query)


def _show(
    request: ActorRequest,
    info: ActPageInfo,
    queue: Queue,
    page: ActPage,
    form: ActForm,
    status: int = 200,
) -> HttpResponse:
    place = queue.place.encode() if queue.place else None
    chosen = not form.is_bound and "outcome" in form.initial
    needed = form.focus_first() if chosen else ""
    context = {
        "info": info,
        "page": page,
        "dossier": page.dossier,
        "form": form,
        "action": f"{request.path}{queue.query(at=place) if queue.given else ''}",
        "back_url": reverse("dossiers:detail", args=[page.dossier.code]) + queue.carried,
        "has_file": any(field.widget.needs_multipart_form for field in form.fields.values()),
        # Chosen from the list with one key: Enter sends it.
        "ready": info.act is Act.CLAIM or (chosen and not needed),
        "draft_key": f"{info.slug}-{page.task.pk if page.task else ''}",
    }
    return render(request, "dossiers/act.html", context, status=status)


def _lost(
    request: ActorRequest, code: str, info: ActPageInfo, queue: Queue, refusal: Conflict
) -> HttpResponse:
    """Somebody was faster, or the state forbids it: who and when, and what was typed, to be copied."""
    context: dict[str, Any] = {
        "info": info,
        "code": code,
        "message": refusal.message.render(),
        "typed": _typed(request, info),
        "detail_url": reverse("dossiers:detail", args=[code]) + queue.carried,
        "next_url": f"{reverse('dossiers:next')}{queue.carried}&from={code}" if queue.given else "",
        "list_url": queue.list_url,
    }
    return render(request, "dossiers/conflict.html", context, status=409)


def _typed(request: ActorRequest, info: ActPageInfo) -> list[tuple[str, str]]:
    """The sentences of a form that can no longer be sent."""
    fields = FORMS[info.act].base_fields
    long = (
        "note",
        "reason",
        "opinion",
        "question",
        "lines",
        "leader_reason",
        "result_summary",
        "papers_returned",
    )
    return [
        (str(fields[name].label), text)
        for name in long
        if name in fields and (text := request.POST.get(name, "").strip())
    ]


assert set(INFO) == set(FORMS), "every act with a form has a page"

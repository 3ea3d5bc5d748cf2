"""The page of one dossier."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from motcua.dossiers.forms_step import CompleteForm
from motcua.dossiers.queries_page import DossierPage, dossier_page
from motcua.dossiers.types import Act
from motcua.dossiers.views.pages import PAGES, url_of
from motcua.dossiers.views.queue import PRINT, TASK, Queue, number
from motcua.kernel import clock
from motcua.kernel.http import ActorRequest
from motcua.kernel.web.access import signed_in
from motcua.workflow.rules.drawing import as_table, draw

RARE = frozenset({Act.CHANGE_CASE, Act.STOP, Act.EXTEND, Act.RECORD_RESULT, Act.ASSESS_FEES})
"""Acts that stand below the others: seldom needed, or not to be pressed by accident."""


@require_safe
@signed_in
def detail(request: ActorRequest, code: str) -> HttpResponse:
    """Where it is, who has it, why that date, and what this person can do."""
    now, queue = clock.now(), Queue.read(request.GET)
    page = dossier_page(request.actor, code, now=now, task_id=number(request.GET.get(TASK)))
    query = queue.carried
    acts = _acts(page, query)
    context = {
        "page": page,
        "dossier": page.dossier,
        "queue": queue,
        "now": now,
        "form": CompleteForm(choices=page.acts.choices) if page.acts.ways else None,
        "ways": _ways(page, query),
        "complete_url": url_of(Act.COMPLETE_STEP, page.dossier.code, query),
        "assign_url": _with_task(url_of(Act.COMPLETE_STEP, page.dossier.code, query), page),
        "acts": [act for act in acts if not act["rare"]],
        "rare_acts": [act for act in acts if act["rare"]],
        "hand_over_url": url_of(Act.HAND_OVER, page.dossier.code)
        if Act.HAND_OVER in page.acts.others
        else "",
        "next_url": f"{reverse('dossiers:next')}{query}&from={page.dossier.code}" if queue.given else "",
        "assess_url": url_of(Act.ASSESS_FEES, page.dossier.code, query)
        if Act.ASSESS_FEES in page.acts.others
        else "",
        "print_url": _print_url(request.GET.get(PRINT, "")),
        "drawing": _drawing(page),
        "steps": _steps(page),
    }
    return render(request, "dossiers/detail.html", context)


def _ways(page: DossierPage, query: str) -> list[dict[str, object]]:
    """The outcomes as buttons, numbered for the keyboard; the request for papers is a page of its own."""
    found: list[dict[str, object]] = []
    for place, way in enumerate(page.acts.ways, 1):
        url = url_of(Act.REQUEST_SUPPLEMENT, page.dossier.code, query) if way.asks_supplement else ""
        found.append({"way": way, "key": str(place) if place < 10 else "", "url": url})
    return found


def _acts(page: DossierPage, query: str) -> list[dict[str, object]]:
    asked = any(way.asks_supplement for way in page.acts.ways)
    found = []
    for info in PAGES:
        if info.act not in page.acts.others or (info.act is Act.REQUEST_SUPPLEMENT and asked):
            continue
        if info.act is Act.WITHDRAW_CONSULTATION:  # stands beside the unit that was asked
            continue
        task_id = page.acts.others[info.act]
        found.append(
            {
                "info": info,
                "label": str(info.act.label),
                "url": _url(info.act, page.dossier.code, query, task_id),
                "rare": info.act in RARE,
            }
        )
    return found


def _url(act: Act, code: str, query: str, task_id: int | None) -> str:
    url = url_of(act, code, query)
    if task_id is None:
        return url
    return f"{url}{'&' if '?' in url else '?'}{TASK}={task_id}"


def _with_task(url: str, page: DossierPage) -> str:
    task = page.acts.task
    return f"{url}{'&' if '?' in url else '?'}{TASK}={task.pk}" if task else url


def _print_url(given: str) -> str:
    """The letter to print once, named by the act that issued it."""
    code, _colon, letter_id = given.rpartition(":")
    if not code or number(letter_id) is None or not any(char.isdigit() for char in code) or "/" in code:
        return ""
    return reverse("dossiers:letter", args=[code, int(letter_id)])


def _drawing(page: DossierPage) -> str:
    if page.definition is None:
        return ""
    drawn = draw(page.definition, current=page.open_steps, done=page.done_steps - page.open_steps)
    return mark_safe(drawn)  # noqa: S308 - the drawing escapes every text it is given


def _steps(page: DossierPage) -> object:
    if page.definition is None:
        return ()
    return as_table(page.definition, current=page.open_steps, done=page.done_steps - page.open_steps)

"""The same act on many dossiers: what is possible for each, one form for all, and what became of each."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from motcua.dossiers import actions
from motcua.dossiers.actions import Target
from motcua.dossiers.form_parts import ActForm
from motcua.dossiers.forms import FORMS
from motcua.dossiers.queries_bulk import BulkPage, bulk_page
from motcua.dossiers.types import Act
from motcua.dossiers.views.pages import INFO
from motcua.dossiers.views.queue import Queue, number
from motcua.kernel import clock
from motcua.kernel.errors import Refused
from motcua.kernel.http import ActorRequest
from motcua.kernel.web.access import signed_in

LARGEST = 200


@require_POST
@signed_in
def bulk(request: ActorRequest) -> HttpResponse:
    """First the page that shows what will happen; with `confirm` the act itself and its report."""
    queue, now = Queue.read(request.GET), clock.now()
    targets = _targets(request.POST.getlist("target"))
    if not targets:
        messages.warning(request, _("Đánh dấu ít nhất một hồ sơ rồi chọn việc cần làm."))
        return HttpResponseRedirect(queue.list_url)
    page = bulk_page(request.actor, targets, request.POST.get("choice", ""), now=now)
    if page.act is None or not page.rows:
        return _show(request, queue, page, None)
    form_class = FORMS[page.act]
    if "confirm" not in request.POST and page.act is not Act.CLAIM:
        return _show(
            request, queue, page, form_class(choices=page.choices, initial={"outcome": page.outcome})
        )
    form = form_class({**request.POST.dict(), "outcome": page.outcome}, choices=page.choices)
    if not form.is_valid():
        return _show(request, queue, page, form, status=422)
    chosen = [Target(row.code, row.task_id) for row in page.rows]
    try:
        done = actions.bulk(page.act, actor=request.actor, targets=chosen, now=now, **form.arguments())
    except Refused as refusal:
        form.refuse(refusal.field, refusal.message.render())
        return _show(request, queue, page, form, status=refusal.status)
    context = {
        "label": page.label,
        "done": [outcome for outcome in done if outcome.ok],
        "refused": [outcome for outcome in done if not outcome.ok],
        "skipped": page.skipped,
        "list_url": queue.list_url,
    }
    return render(request, "dossiers/bulk_done.html", context)


def _targets(given: list[str]) -> list[Target]:
    """`code:task`, each once; what cannot be read is left out."""
    found: dict[str, Target] = {}
    for text in given[:LARGEST]:
        code, _colon, task = text.rpartition(":")
        if code and len(code) <= 48:
            found.setdefault(text, Target(code, number(task)))
    return list(found.values())


def _show(
    request: ActorRequest, queue: Queue, page: BulkPage, form: ActForm | None, status: int = 200
) -> HttpResponse:
    if form is not None:
        form.fields.pop("outcome", None)
    context = {
        "page": page,
        "form": form,
        "info": INFO.get(page.act) if page.act else None,
        "choice_key": request.POST.get("choice", ""),
        "list_url": queue.list_url,
        "action": request.get_full_path(),
    }
    return render(request, "dossiers/bulk.html", context, status=status)

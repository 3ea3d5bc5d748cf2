"""The officer's lists."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from motcua.dossiers import queries_worklist as queries
from motcua.dossiers.queries_worklist_rows import Choice, Row
from motcua.dossiers.rules.worklist import PAGE_SIZE, Tab
from motcua.dossiers.types import Act
from motcua.dossiers.views.pages import SLUGS, url_of
from motcua.dossiers.views.queue import Queue
from motcua.kernel import clock
from motcua.kernel.http import ActorRequest
from motcua.kernel.web.access import signed_in
from motcua.organisation.types import Role

MARKED = {Tab.TODAY: "today", Tab.LATE: "overdue"}
BULK_ICONS = {
    Act.COMPLETE_STEP: "arrow-right",
    Act.CLAIM: "user-check",
    Act.REASSIGN: "user-plus",
    Act.TAKE_BACK: "arrow-back-up",
}


@require_GET
@signed_in
def worklist(request: ActorRequest) -> HttpResponse:
    """One page of a list; filters open with `?filter=1` or while one is set."""
    queue, now = Queue.read(request.GET), clock.now()
    page = queries.worklist(request.actor, now=now, tab=queue.tab, filters=queue.filters, cursor=queue.place)
    filtering = queue.filters.active or "filter" in request.GET
    title, text = queue.tab.empty
    context = {
        "queue": queue,
        "page": page,
        "lines": [_line(queue, row) for row in page.rows],
        "tabs": [_tab(queue, tab) for tab in _offered(request)],
        "bulk_choices": [_bulk_button(choice) for choice in page.choices if choice.act in BULK_ICONS],
        "facets": queries.facets(request.actor, tab=queue.tab, now=now) if filtering else None,
        "filtering": filtering,
        "filters_url": queue.query(filter="1"),
        "first_url": queue.query() if queue.place else "",
        "next_url": queue.query(at=page.next_cursor) if page.next_cursor else "",
        "page_size": PAGE_SIZE,
        "empty_title": _("Không có hồ sơ nào khớp bộ lọc") if queue.filters.active else title.render(),
        "empty_text": _("Bỏ bớt điều kiện lọc rồi xem lại.") if queue.filters.active else text.render(),
        "empty_url": queue.tab_url(queue.tab) if queue.filters.active else _elsewhere(queue),
        "now": now,
    }
    return render(request, "dossiers/worklist.html", context)


@require_GET
@signed_in
def counts(request: ActorRequest) -> HttpResponse:
    """How many rows each list has; asked for by the page after it is shown."""
    found = queries.counts(request.actor, _offered(request), now=clock.now())
    tabs = [{"key": tab.value, "count": count} for tab, count in found.items()]
    return render(request, "dossiers/parts/counts.html", {"tabs": tabs})


@require_GET
@signed_in
def next_one(request: ActorRequest) -> HttpResponse:
    """The next dossier of the list, or the list when there is none."""
    return go_on(request, Queue.read(request.GET), skip=request.GET.get("from", ""))


def go_on(request: HttpRequest, queue: Queue, *, skip: str, extra: str = "") -> HttpResponseRedirect:
    """Open the next dossier of the list; back to the list when it is empty."""
    assert isinstance(request, HttpRequest)
    actor = request.actor  # type: ignore[attr-defined]  # set by the middleware
    row = queue.next_row(actor, skip=[skip], now=clock.now())
    if row is None:
        messages.info(request, _("Đã hết việc trong danh sách này."))
        return HttpResponseRedirect(queue.list_url)
    return HttpResponseRedirect(queue.row_url(row) + extra)


def _offered(request: ActorRequest) -> tuple[Tab, ...]:
    return Tab.offered(counter=request.actor.has(Role.ONE_STOP_OFFICER.value))


def _elsewhere(queue: Queue) -> str:
    return queue.tab_url(Tab.MINE) if queue.tab is Tab.TODAY else ""


def _tab(queue: Queue, tab: Tab) -> dict[str, object]:
    return {
        "key": tab.value,
        "label": tab.label.render(),
        "url": queue.tab_url(tab),
        "active": tab is queue.tab,
        "kind": MARKED.get(tab, ""),
    }


def _line(queue: Queue, row: Row) -> dict[str, object]:
    """A row with its addresses and what the bulk bar may do with it."""
    choice = row.next_act
    return {
        "row": row,
        "url": queue.row_url(row),
        "can": " ".join(found.key for found in row.choices),
        "act_label": choice.label if choice else "",
        "act_url": _act_url(queue, row, choice) if choice else "",
    }


def _act_url(queue: Queue, row: Row, choice: Choice) -> str:
    query = queue.query(at=row.cursor, task=row.task_id, outcome=choice.outcome or None)
    if choice.act not in SLUGS and choice.act is not Act.HAND_OVER:
        return queue.row_url(row)
    return url_of(choice.act, row.code, query)


def _bulk_button(choice: Choice) -> dict[str, object]:
    kind = "primary" if choice.primary and choice.act is Act.COMPLETE_STEP else "secondary"
    return {"key": choice.key, "label": choice.label, "icon": BULK_ICONS[choice.act], "kind": kind}

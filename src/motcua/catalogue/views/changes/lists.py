"""The list of change-sets: by state, each with who has to act next."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from motcua.catalogue import permissions, queries, words_changes
from motcua.catalogue.types_changes import ChangeState
from motcua.catalogue.views.paging import Page, integer
from motcua.kernel import clock
from motcua.kernel.http import ActorRequest
from motcua.kernel.web.access import signed_in

PER_PAGE = 50


@signed_in
@require_safe
def change_sets(request: ActorRequest) -> HttpResponse:
    """`/quyet-dinh/`: newest first."""
    asked = request.GET.get("trang-thai", "")
    state = asked if asked in {s.value for s in ChangeState} else ""
    text = request.GET.get("q", "").strip()[:64]
    page = Page(integer(request.GET.get("trang"), default=1), PER_PAGE)
    now = clock.now()
    found = queries.changes.change_sets(state=state, text=text, offset=page.offset, limit=PER_PAGE)
    context = {
        "rows": [_row(row, now) for row in found.rows],
        "tabs": _tabs(state, found.counts),
        "state": state,
        "query": text,
        "may_draft": permissions.may_draft(request.actor),
        "pages": page.links(request, found.total),
        "now": now,
    }
    return render(request, "catalogue/changes/list.html", context)


def _row(listed: queries.changes.Listed, now: datetime) -> dict[str, object]:
    info = listed.info
    badge, icon = words_changes.STATE_BADGES[info.state]
    return {
        "info": info,
        "url": reverse("changes:page", args=[info.id]),
        "kind": words_changes.KINDS[info.kind],
        "state": words_changes.STATES[info.state],
        "badge": badge,
        "icon": icon,
        "counts": listed.counts,
        "turn": words_changes.turn(info, listed.counts, listed.rehearsal, now),
    }


def _tabs(state: str, counts: dict[str, int]) -> list[dict[str, object]]:
    url = reverse("changes:list")
    tabs: list[dict[str, object]] = [
        {"label": _("Tất cả"), "url": url, "active": not state, "count": sum(counts.values())}
    ]
    tabs += [
        {
            "label": label,
            "url": f"{url}?trang-thai={kind.value}",
            "active": state == kind.value,
            "count": counts.get(kind.value, 0),
        }
        for kind, label in words_changes.STATES.items()
    ]
    return tabs

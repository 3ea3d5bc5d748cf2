"""Where people are received."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from motcua.kernel import clock
from motcua.kernel.http import ActorRequest
from motcua.portal import queries
from motcua.portal.queries import Places


@require_safe
def centres(request: ActorRequest) -> HttpResponse:
    """`/trung-tam/`: the reception points with address, hours and telephone."""
    text = request.GET.get("q", "")[:120]
    found = queries.places(text, page=_page(request.GET.get("trang", "")), now=clock.now())
    context = {
        "places": found,
        "query": text,
        "count_words": ngettext("%(n)s nơi tiếp nhận", "%(n)s nơi tiếp nhận", found.total)
        % {"n": found.total},
        "pager": _links(request, found),
    }
    return render(request, "portal/centres.html", context)


def _page(text: str) -> int:
    return int(text[:4]) if text.isascii() and text.isdigit() else 1


def _links(request: ActorRequest, found: Places) -> dict[str, str]:
    def url(page: int) -> str:
        query = request.GET.copy()
        query["trang"] = str(page)
        return f"?{query.urlencode()}"

    return {
        "previous": url(found.page - 1) if found.page > 1 else "",
        "next": url(found.page + 1) if found.page < found.pages else "",
        "text": _("Trang %(page)s trong %(pages)s") % {"page": found.page, "pages": found.pages},
    }

"""The list of procedures and the report on the sources."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from motcua.catalogue import permissions, queries, words
from motcua.catalogue.types import SearchHit
from motcua.catalogue.views.paging import Page, base_template, integer
from motcua.kernel import clock
from motcua.kernel.errors import NotAllowed
from motcua.kernel.http import ActorRequest
from motcua.kernel.messages import msg
from motcua.kernel.web.access import signed_in

PER_PAGE = 50


def procedures(request: ActorRequest) -> HttpResponse:
    """`/thu-tuc/`: every procedure in force; with `HX-Request` only the rows, for search as one types."""
    text = request.GET.get("q", "")[:120]
    field = request.GET.get("linh-vuc", "")[:255]
    level = request.GET.get("cap", "")
    level = level if level in words.LEVELS else ""
    now = clock.now()
    page = Page(integer(request.GET.get("trang"), default=1), PER_PAGE)
    found = queries.listing(text, field=field, level=level, offset=page.offset, limit=PER_PAGE, at=now)
    context = {
        "base": base_template(request),
        "rows": [_row(hit) for hit in found.hits],
        "total": found.total,
        "count_words": ngettext("%(n)s thủ tục", "%(n)s thủ tục", found.total) % {"n": found.total},
        "query": text,
        "field": field,
        "level": level,
        "levels": words.LEVELS.items(),
        "pages": page.links(request, found.total),
        "may_see_findings": permissions.may_see_findings(request.actor),
    }
    if request.headers.get("HX-Request") and not request.headers.get("HX-Boosted"):
        return render(request, "catalogue/parts/rows.html", context)
    context["fields"] = queries.fields(at=now)
    return render(request, "catalogue/list.html", context)


@signed_in
def data_report(request: ActorRequest) -> HttpResponse:
    """`/thu-tuc/bao-cao-du-lieu/`: what was not taken at its word, by kind."""
    if not permissions.may_see_findings(request.actor):
        raise NotAllowed(msg("Báo cáo dữ liệu chỉ dành cho cán bộ đã đăng nhập."))
    kind = request.GET.get("loai", "")[:32]
    code = request.GET.get("ma", "").strip()[:64]
    page = Page(integer(request.GET.get("trang"), default=1), PER_PAGE)
    found = queries.findings(kind=kind, code=code, offset=page.offset, limit=PER_PAGE)
    context = {
        "rows": [
            {
                "code": row.code,
                "url": reverse("catalogue:procedure", args=[row.code])
                if row.code and " " not in row.code
                else "",
                "name": row.name,
                "field": row.field,
                "kind": words.finding_words(row.kind),
                "text": row.message.render(),
                "raw": row.raw,
            }
            for row in found.rows
        ],
        "kinds": [(key, words.finding_words(key), n) for key, n in queries.finding_kinds()],
        "kind": kind,
        "code": code,
        "count_words": ngettext("%(n)s điều cần xem", "%(n)s điều cần xem", found.total) % {"n": found.total},
        "imports": queries.imports(),
        "pages": page.links(request, found.total),
        "crumbs": [
            {"url": reverse("catalogue:list"), "label": _("Thủ tục")},
            {"label": _("Báo cáo dữ liệu")},
        ],
    }
    return render(request, "catalogue/data_report.html", context)


def _url(code: str) -> str:
    """The page of a procedure; a finding may name several codes, or none."""
    return reverse("catalogue:procedure", args=[code]) if code and not set(code) & set(" /") else ""


def _row(hit: SearchHit) -> dict[str, object]:
    return {
        "url": reverse("catalogue:procedure", args=[hit.code or str(hit.procedure_id)]),
        "code": hit.code,
        "name": hit.short_name,
        "full_name": hit.name,
        "field": hit.field,
        "levels": words.level_words(hit.levels),
        "detailed": hit.detailed,
    }

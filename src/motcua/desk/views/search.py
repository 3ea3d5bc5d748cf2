"""One box over everything."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from motcua.catalogue.types import SearchHit
from motcua.desk import actions
from motcua.kernel import clock
from motcua.kernel.http import ActorRequest
from motcua.kernel.text import nfc
from motcua.kernel.web.access import signed_in


@require_safe
@signed_in
def search(request: ActorRequest) -> HttpResponse:
    """`/tim/?q=`: a code opens its dossier; anything else lists dossiers, procedures and units."""
    text = nfc(request.GET.get("q", "")[:120])
    context: dict[str, object] = {"search_query": text, "page_keys": _keys()}
    if len(text) < 2:
        return render(request, "desk/search.html", context)
    found = actions.search(actor=request.actor, text=text, now=clock.now())
    if found.exact:
        return redirect("dossiers:detail", found.exact)
    context |= {"found": found, "procedures": [_procedure(hit) for hit in found.procedures]}
    return render(request, "desk/search.html", context)


def _procedure(hit: SearchHit) -> dict[str, str]:
    return {
        "url": reverse("catalogue:procedure", args=[hit.code or str(hit.procedure_id)]),
        "code": hit.code,
        "name": hit.short_name,
        "field": hit.field,
    }


def _keys() -> list[dict[str, str]]:
    return [
        {"keys": "j k", "text": _("Dòng dưới, dòng trên")},
        {"keys": "Enter", "text": _("Mở dòng đang chọn")},
    ]

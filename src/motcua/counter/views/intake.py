"""The person is back with what form 02 asked for: tick the papers, receive."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from motcua.counter import actions, queries
from motcua.counter.queries_intake import IntakeView, intake
from motcua.counter.reading import papers_given
from motcua.counter.rules.paper_list import Ticks, read_ticks
from motcua.counter.views.seat import Seat, seated
from motcua.kernel import clock
from motcua.kernel.errors import Refused
from motcua.kernel.http import ActorRequest
from motcua.organisation import queries as organisation


@require_http_methods(["GET", "HEAD", "POST"])
@seated
def page(request: ActorRequest, code: str, *, seat: Seat) -> HttpResponse:
    """The waiting dossier's papers; F9 receives it."""
    now = clock.now()
    waiting = intake(request.actor, code)
    if request.method != "POST":
        return _show(request, waiting, _panel(waiting, waiting.ticks, now), "\n".join(waiting.extra))
    ticks = read_ticks({name: request.POST.getlist(name) for name in request.POST})
    panel, extra = _panel(waiting, ticks, now), request.POST.get("extra_papers", "")[:4000]
    try:
        saved = actions.complete_intake(
            actor=request.actor, code=waiting.code, papers=papers_given(panel, extra), now=now
        )
    except Refused as refused:
        text = refused.message.render()
        return _show(request, waiting, panel, extra, errors={"papers": text}, status=refused.status)
    query = urlencode({"xong": saved.code, "phieu": str(saved.letter_id)})
    return HttpResponseRedirect(f"{reverse('counter:reception')}?{query}")


def _panel(waiting: IntakeView, ticks: Ticks, now: datetime) -> queries.ProcedurePanel:
    return queries.procedure_panel(
        version_id=waiting.version_id,
        unit=organisation.unit(waiting.unit_id),
        case_key=waiting.case_key,
        place_id=waiting.place_id,
        channel=waiting.channel,
        ticks=ticks,
        now=now,
    )


def _show(
    request: ActorRequest,
    waiting: IntakeView,
    panel: queries.ProcedurePanel,
    extra: str,
    *,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"waiting": waiting, "panel": panel, "extra_papers": extra, "errors": errors or {}}
    return render(request, "counter/intake.html", context, status=status)

"""The front of the house."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from motcua.kernel import clock
from motcua.kernel.http import ActorRequest
from motcua.portal import queries
from motcua.portal.forms import TrackingForm


@require_safe
def home(request: ActorRequest) -> HttpResponse:
    """`/`: tracking, procedures and places for strangers; officers go on to their desk."""
    if request.actor.user_id is not None:
        return redirect("desk:home")
    context = {
        "form": TrackingForm(),
        "centre": queries.provincial_centre(clock.now()),
        "province": queries.province_name(),
    }
    return render(request, "portal/home.html", context)


@require_safe
def robots(request: ActorRequest) -> HttpResponse:
    """`/robots.txt`: procedures and places may be found by search engines, nothing about a person."""
    return render(request, "portal/robots.txt", content_type="text/plain; charset=utf-8")

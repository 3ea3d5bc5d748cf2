"""Where is my dossier: by code and check value, or by the QR on the slip."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.http import require_http_methods, require_safe

from motcua.kernel import clock
from motcua.kernel.errors import NotFound, TooMany
from motcua.kernel.http import ActorRequest
from motcua.portal import actions
from motcua.portal.forms import TrackingForm

View = Callable[..., HttpResponse]
HEADERS = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow, noarchive"}
LANGUAGE = "ngon-ngu"


def private(view: View) -> View:
    """Kept by nobody: no cache, no search engine, no other site learns the address."""

    @wraps(view)
    def kept(request: ActorRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        for name, value in HEADERS.items():
            response[name] = value
        return response

    return kept


@require_http_methods(["GET", "HEAD", "POST"])
@private
def tracking(request: ActorRequest) -> HttpResponse:
    """`/tra-cuu/`: ask for code and check value; the answer to a good pair is the dossier's own page."""
    if request.method != "POST":
        return render(request, "portal/tracking.html", {"form": TrackingForm()})
    form = TrackingForm(request.POST)
    if not form.is_valid():
        return render(request, "portal/tracking.html", {"form": form}, status=422)
    typed = form.cleaned_data
    try:
        token = actions.look_up(
            actor=request.actor, code=typed["code"], check=typed["check_value"], now=clock.now()
        )
    except (NotFound, TooMany) as refusal:
        form.add_error(None, refusal.message.render())
        status = 429 if isinstance(refusal, TooMany) else 422
        response = render(request, "portal/tracking.html", {"form": form}, status=status)
        if isinstance(refusal, TooMany):
            response["Retry-After"] = str(refusal.retry_after)
        return response
    return redirect("portal:track", token)


@require_safe
@private
def track(request: ActorRequest, token: str) -> HttpResponse:
    """`/tra-cuu/<token>/`: one dossier for whoever holds its slip.

    A page without referrer cannot post (the browser hides its origin too), so its language is chosen by a link.
    """
    with chosen_language(request) as link:
        page = actions.track(actor=request.actor, token=token, now=clock.now())
        context = {"page": page, "now": page.seen_at, "language_link": link}
        response = render(request, "portal/track.html", context)
    response["Referrer-Policy"] = "no-referrer"
    wanted = request.GET.get(LANGUAGE, "")
    if wanted in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, wanted, max_age=365 * 86400, samesite="Lax")
    return response


@contextmanager
def chosen_language(request: ActorRequest) -> Iterator[str]:
    """The language a page is asked for by its address, and the link to the other one: a form would name the page."""
    wanted = request.GET.get(LANGUAGE, "")
    language = wanted if wanted in dict(settings.LANGUAGES) else translation.get_language()
    with translation.override(language):
        yield f"?{LANGUAGE}={'vi' if language == 'en' else 'en'}"

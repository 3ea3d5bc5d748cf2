"""Pages that need somebody signed in."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from motcua.kernel.http import ActorRequest

View = Callable[..., HttpResponse]
R = TypeVar("R", bound=HttpResponseBase)


def signed_in(view: Callable[..., R]) -> Callable[..., R | HttpResponse]:
    """Send strangers to the sign-in page and back; scripts get 401 so that nothing typed is lost."""

    @wraps(view)
    def guarded(request: ActorRequest, *args: Any, **kwargs: Any) -> R | HttpResponse:
        if request.actor.user_id is not None:
            return view(request, *args, **kwargs)
        target = request.get_full_path() if request.method == "GET" else "/"
        login = f"{reverse('kernel:sign_in')}?{urlencode({'next': target})}"
        if request.headers.get("HX-Request") or request.headers.get("X-Requested-With"):
            response = HttpResponse(status=401)
            response["X-Login"] = login
            return response
        return HttpResponseRedirect(login)

    vars(guarded)["needs_sign_in"] = True  # read by the permission table test
    return guarded

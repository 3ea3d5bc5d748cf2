"""Which counter the officer sits at: remembered in a cookie, checked against today's posts every time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from motcua.counter.permissions import books_kept, seats
from motcua.kernel.http import ActorRequest
from motcua.kernel.web.access import signed_in
from motcua.organisation.types import UnitInfo

COOKIE, A_YEAR = "motcua_counter", 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Seat:
    """The counter one works at, and the others one could choose."""

    unit: UnitInfo
    others: tuple[UnitInfo, ...]


def seated(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    """Give the view its `Seat`; without one, ask which counter, or say that there is none."""

    @wraps(view)
    def at_counter(request: ActorRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        offered = seats(request.actor)
        chosen = request.GET.get("quay", "")
        wanted = chosen or request.POST.get("unit", "") or request.COOKIES.get(COOKIE, "")
        unit = next((unit for unit in offered if str(unit.id) == wanted), None)
        if unit is None and len(offered) == 1:
            unit = offered[0]
        if unit is None:
            status = 200 if offered else 403
            return render(request, "counter/choose_seat.html", {"units": offered}, status=status)
        others = tuple(other for other in offered if other.id != unit.id)
        response = view(request, *args, seat=Seat(unit, others), **kwargs)
        if len(offered) > 1 and request.COOKIES.get(COOKIE) != str(unit.id):
            response.set_cookie(
                COOKIE,
                str(unit.id),
                max_age=A_YEAR,
                httponly=True,
                samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )
        return response

    return signed_in(at_counter)


def at_books(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    """As `seated`, where the books of an agency may be chosen (`so`) instead of the counter's own."""

    @wraps(view)
    def with_books(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        kept, own = books_kept(request.actor), seats(request.actor)
        asked = request.POST.get("so", "") or request.GET.get("so", "")
        chosen = next((unit for unit in kept if str(unit.id) == asked), None)
        if chosen is None and kept and not own:
            chosen = kept[0]
        if chosen is None:
            return seated(view)(request, *args, **kwargs)
        others = tuple(unit for unit in own if unit.id != chosen.id) if chosen in own else ()
        return view(request, *args, seat=Seat(chosen, others), **kwargs)

    return signed_in(with_books)

"""The screen turned to the citizen: its page, what it shows, and how it is paired."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.counter import actions_display, queries_display
from motcua.counter.forms_cashier import CodeForm
from motcua.counter.queries_display import Shown
from motcua.counter.rules.display import Phase
from motcua.counter.views.cashier.heads import blame, paying_address, seat_id
from motcua.counter.views.seat import Seat, seated
from motcua.kernel import clock
from motcua.kernel.errors import Refused
from motcua.kernel.http import ActorRequest, client_ip
from motcua.payments import queries as payments
from motcua.payments.rules.cash import in_notes
from motcua.payments.rules.qr import qr_svg

WANTED = {"transfer": Phase.TRANSFER, "platform": Phase.ONLINE}
COOKIE, KEPT_DAYS = "motcua_display", 180


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def page(request: ActorRequest) -> HttpResponse:
    """The display: of the paired seat, else of the officer signed in on this machine, else a place for the code."""
    if request.method == "POST":
        return _pair(request)
    picture = _picture(request)
    if picture is None:
        return _ask(request, CodeForm())
    return _draw(request, picture, "counter/cashier/display.html")


def _pair(request: ActorRequest) -> HttpResponse:
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _ask(request, form, status=422)
    ip = client_ip(request, trust_proxy=settings.TRUST_PROXY)
    try:
        secret = actions_display.pair_display(code=form.cleaned_data["code"], ip=ip, now=clock.now())
    except Refused as refused:
        blame(form, refused)
        return _ask(request, form, status=refused.status)
    response = HttpResponseRedirect(reverse("cashier:display"))
    response.set_cookie(
        COOKIE,
        secret,
        max_age=KEPT_DAYS * 24 * 3600,
        path=reverse("cashier:display"),
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


@require_safe
@never_cache
def content(request: ActorRequest) -> HttpResponse:
    """The picture alone, for the page that asks every second; 304 while it is the same."""
    picture = _picture(request)
    if picture is None:
        return HttpResponse(status=204)
    if request.headers.get("If-None-Match") == f'"{picture.tag}"':
        return HttpResponse(status=304)
    return _draw(request, picture, "counter/cashier/_display.html")


@require_POST
@seated
def show(request: ActorRequest, *, seat: Seat) -> HttpResponse:
    """Show a bill on this seat's display: what the cashier's page asks for by itself."""
    reference = request.POST.get("ma", "")[:25]
    phase = WANTED.get(request.POST.get("hien", ""), Phase.BILL)
    link = ""
    if phase is Phase.ONLINE:
        link = paying_address(request, payments.bill_view(request.actor, reference).subject)
    actions_display.show_on_display(
        actor=request.actor,
        unit_id=seat.unit.id,
        reference=reference,
        phase=phase,
        link=link,
        now=clock.now(),
    )
    return HttpResponse(status=204)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@seated
def pairing(request: ActorRequest, *, seat: Seat) -> HttpResponse:
    """A code for another machine, or the end of its pairing."""
    code, now = "", clock.now()
    if request.method == "POST":
        if request.POST.get("do") == "forget":
            actions_display.forget_display(actor=request.actor, unit_id=seat.unit.id, now=now)
        else:
            code = actions_display.offer_display(actor=request.actor, unit_id=seat.unit.id, now=now)
    paired = queries_display.has_device(request.actor.user_id or 0, seat.unit.id)
    address = request.build_absolute_uri(reverse("cashier:display"))
    context = {"seat": seat, "code": code, "paired": paired, "address": address}
    return render(request, "counter/cashier/pairing.html", context)


def _picture(request: ActorRequest) -> Shown | None:
    now = clock.now()
    secret = request.COOKIES.get(COOKIE, "")
    if secret:
        picture = queries_display.shown_to(now=now, device=actions_display.digest(secret))
        if picture is not None:
            return picture
    if request.actor.user_id is None:
        return None
    unit_id = seat_id(request)
    if unit_id is None:
        return None
    return queries_display.shown_to(
        now=now, user_id=request.actor.user_id, unit_id=unit_id
    ) or queries_display.idle(unit_id)


def _draw(request: HttpRequest, picture: Shown, template: str) -> HttpResponse:
    transfer = queries_display.transfer_of(picture, clock.now())
    code = transfer.payload if transfer else picture.link
    context = {
        "shown": picture,
        "transfer": transfer,
        "qr_svg": mark_safe(qr_svg(code)) if code else "",  # noqa: S308 - drawn by us
        "notes": in_notes(picture.change),
    }
    response = render(request, template, context)
    response["ETag"] = f'"{picture.tag}"'
    return response


def _ask(request: HttpRequest, form: CodeForm, *, status: int = 200) -> HttpResponse:
    return render(request, "counter/cashier/display_code.html", {"form": form}, status=status)

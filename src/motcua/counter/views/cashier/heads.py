"""What the cashier's pages share: the keys that work on each, where a payment came from, errors by field."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from motcua.counter import queries_cashier
from motcua.counter.permissions import seats
from motcua.counter.views.seat import COOKIE
from motcua.kernel.errors import Refused
from motcua.kernel.http import ActorRequest

BACK = {"quay": "counter:reception"}
"""Where one comes from and wants to go back to; anything else is the list."""


def page_keys() -> list[dict[str, str]]:
    """The keys that work on every page of the till."""
    return [
        {"keys": "F3", "text": _("Nộp trực tuyến")},
        {"keys": "F4", "text": _("Tiền mặt")},
        {"keys": "F6", "text": _("Thẻ")},
        {"keys": "F7", "text": _("Chuyển khoản, hiện mã QR")},
        {"keys": "F8", "text": _("Người tiếp theo")},
        {"keys": "F9", "text": _("Thu tiền, in biên lai")},
        {"keys": "F10", "text": _("In lại")},
    ]


def back_to(request: ActorRequest) -> tuple[str, str]:
    """The word of where one came from, and its address."""
    word = request.POST.get("ve", "") or request.GET.get("ve", "")
    word = word if word in BACK else ""
    return word, reverse(BACK.get(word, "cashier:waiting"))


def paying_address(request: ActorRequest, subject: str) -> str:
    """The public page on which the dossier's owner pays online; empty when the bill is no dossier's."""
    token = queries_cashier.tracking_token(request.actor, subject)
    try:
        return f"{settings.PUBLIC_URL}{reverse('portal:bills', args=[token])}" if token else ""
    except NoReverseMatch:
        return ""


def seat_id(request: ActorRequest) -> int | None:
    """The seat one sits at, without asking: for the display, which only follows."""
    offered = [unit.id for unit in seats(request.actor)]
    chosen = request.COOKIES.get(COOKIE, "")
    return next((unit_id for unit_id in offered if str(unit_id) == chosen), offered[0] if offered else None)


def blame(form: forms.Form, refused: Refused) -> None:
    """A refusal stands at the field it is about, else above the form."""
    field = refused.field if refused.field in form.fields else None
    form.add_error(field, refused.message.render())

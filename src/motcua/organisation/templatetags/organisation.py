"""Words and marks for roles and for kinds of day."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from motcua.organisation.types import DayReason, Role

register = template.Library()

# A letter stands beside every colour, so that the month reads without colour.
MARKS = {
    "working": "",
    "weekly": "",
    "holiday": "L",
    "in_lieu": "NB",
    "swap": "HĐ",
    "compensatory": "LB",
    "closure": "Đ",
    "extra": "+",
}


@register.filter
def role_label(role: str) -> str:
    """`{{ post.role|role_label }}`: the role in words."""
    return str(Role(role).label) if role in Role.values else role


@register.filter
def look_mark(look: str) -> str:
    """The short mark of a kind of day."""
    return MARKS.get(look, "")


@register.filter
def look_label(look: str) -> str:
    """A kind of day in words, for people who hear the page."""
    if look in DayReason.values:
        return str(DayReason(look).label)
    return _("nghỉ hằng tuần") if look == "weekly" else _("làm việc")


@register.filter
def weekday_letter(weekday: int) -> str:
    """T2 … T7, CN for narrow screens."""
    return _("CN") if weekday == 6 else f"T{weekday + 2}"

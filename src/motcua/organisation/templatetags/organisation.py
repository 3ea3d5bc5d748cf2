"""Words and marks for roles and for kinds of day."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from motcua.organisation.types import DayReason, Role

register = template.Library()

# A letter stands beside every colour, so that the month reads without colour.
MARKS = {
    "working": "",
    "weekly": "",
    "holiday": gettext_noop("L"),
    "in_lieu": gettext_noop("NB"),
    "swap": gettext_noop("HĐ"),
    "compensatory": gettext_noop("LB"),
    "closure": gettext_noop("Đ"),
    "extra": "+",
}


@register.filter
def role_label(role: str) -> str:
    """`{{ post.role|role_label }}`: the role in words."""
    return str(Role(role).label) if role in Role.values else role


@register.filter
def look_mark(look: str) -> str:
    """The short mark of a kind of day."""
    mark = MARKS.get(look, "")
    return _(mark) if mark else ""


@register.filter
def look_label(look: str) -> str:
    """A kind of day in words, for people who hear the page."""
    if look in DayReason.values:
        return str(DayReason(look).label)
    return _("nghỉ hằng tuần") if look == "weekly" else _("làm việc")


@register.filter
def weekday_letter(weekday: int) -> str:
    """T2 … T7, CN for narrow screens."""
    return (_("T2"), _("T3"), _("T4"), _("T5"), _("T6"), _("T7"), _("CN"))[weekday]

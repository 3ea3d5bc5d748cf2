"""Days and months in forms: typed as day/month/year whatever the browser's language, or picked from its calendar.

The field is text, since `<input type=date>` shows the order of the browser: on an English one 03/04 is March. The
button opens the browser's own calendar by script (`days.js`) and writes day/month/year; without script one types.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.kernel.days import read_day, read_month

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

KINDS: Mapping[str, tuple[str, StrOrPromise]] = {
    "date": ("%d/%m/%Y", gettext_lazy("ngày/tháng/năm")),
    "month": ("%m/%Y", gettext_lazy("tháng/năm")),
}


class DayInput(forms.DateInput):
    """Text with a calendar's button beside it. What can be read is shown as day/month/year, the rest as it was typed.

    `picker=False` leaves the button away: nobody looks for a day of birth in a calendar.
    """

    kind = "date"

    def __init__(self, attrs: Mapping[str, Any] | None = None, *, picker: bool = True) -> None:
        pattern, placeholder = KINDS[self.kind]
        usual = {
            "inputmode": "numeric",
            "placeholder": placeholder,
            "autocomplete": "off",
            "maxlength": 16,
            "class": "input-day",
        }
        super().__init__(attrs={**usual, **(attrs or {})}, format=pattern)
        self.picker = picker

    def format_value(self, value: Any) -> str | None:
        if isinstance(value, str):
            value = self.read(value) or value
        return super().format_value(value)

    def read(self, text: str) -> date | None:
        return read_day(text, short_year=True)

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        field = super().render(name, value, attrs, renderer)
        context = {"field": field, "kind": self.kind, "picker": self.picker}
        return render_to_string("kernel/components/day_input.html", context)


class MonthInput(DayInput):
    """The same for a month."""

    kind = "month"

    def read(self, text: str) -> date | None:
        return read_month(text)


class DayField(forms.DateField):
    """A day; what is none is refused with what was typed and how to write it."""

    def __init__(self, *, picker: bool = True, **options: Any) -> None:
        options.setdefault("widget", DayInput(picker=picker))
        super().__init__(**options)

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, date):
            return super().to_python(value)
        day = self.read(str(value))
        if day is None:
            raise self.refusal(value)
        return day

    def read(self, text: str) -> date | None:
        return read_day(text, short_year=True)

    def refusal(self, seen: object) -> forms.ValidationError:
        return forms.ValidationError(wrong_day(str(seen)), code="invalid")


def wrong_day(seen: str) -> str:
    """The sentence for what is no day."""
    return _("Không có ngày “%(seen)s”. Gõ ngày trước, tháng sau, rồi năm, ví dụ 25/11/2026.") % {
        "seen": seen.strip()[:40]
    }


def wrong_month(seen: str) -> str:
    """The sentence for what is no month."""
    return _("Không có tháng “%(seen)s”. Gõ tháng rồi năm, ví dụ 11/2026.") % {"seen": seen.strip()[:40]}

"""What narrows the log down."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.dossiers.rules.log_words import ACTIONS, Group, actions_in
from motcua.dossiers.rules.worklist import day_bounds
from motcua.kernel.audit.queries import LogFilters
from motcua.kernel.web.days import DayField
from motcua.kernel.web.forms import Form


def _choices() -> list[tuple[str, Any]]:
    """Every group with all its actions together and one by one."""
    found: list[tuple[str, Any]] = [("", _("Mọi việc"))]
    for group in Group:
        label = group.label.render()
        every = (group.value, _("%(group)s: tất cả") % {"group": label})
        found.append((label, [every, *((key, ACTIONS[key].label.render()) for key in actions_in(group))]))
    return found


class LogForm(Form):
    """Filters of the log, carried in the address."""

    ma = forms.CharField(label=gettext_lazy("Mã hồ sơ"), required=False, max_length=64)
    nguoi = forms.CharField(label=gettext_lazy("Người làm"), required=False, max_length=120)
    viec = forms.ChoiceField(label=gettext_lazy("Việc"), required=False, choices=_choices)
    tu = DayField(label=gettext_lazy("Từ ngày"), required=False)
    den = DayField(label=gettext_lazy("Đến ngày"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, last = cleaned.get("tu"), cleaned.get("den")
        if first and last and last < first:
            self.add_error("den", _("“Đến ngày” phải từ “Từ ngày” trở đi."))
        return cleaned

    def filters(self) -> LogFilters:
        """What was asked for; a value that cannot be used narrows nothing."""
        self.is_valid()
        given = self.cleaned_data
        wanted = str(given.get("viec") or "")
        since, until = day_bounds(_day(given.get("tu")), _day(given.get("den")))
        return LogFilters(
            dossier=str(given.get("ma") or "").strip(),
            person=str(given.get("nguoi") or "").strip(),
            actions=actions_in(Group(wanted)) if wanted in set(Group) else (wanted,) if wanted else (),
            since=since,
            until=until,
        )


def _day(value: object) -> date | None:
    """A day the log can have; databases cannot turn the first and last years of the calendar into instants."""
    return value if isinstance(value, date) and 2000 <= value.year < 2200 else None

"""Template tags and filters of the design system; docs/design.md shows each in use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import template
from django.forms import BoundField
from django.forms.widgets import (
    CheckboxInput,
    CheckboxSelectMultiple,
    ClearableFileInput,
    RadioSelect,
    Select,
)
from django.http import HttpRequest, QueryDict
from django.template.context import Context
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from motcua.kernel import clock
from motcua.kernel.text import grouped as group_digits
from motcua.kernel.web import words
from motcua.kernel.web.days import DayInput, MonthInput

register = template.Library()

STATUS_ICONS = {
    "neutral": "circle",
    "progress": "player-play",
    "waiting": "hourglass",
    "done": "circle-check",
    "stopped": "ban",
    "attention": "alert-circle",
    "danger": "alert-triangle",
}


@register.filter
def vn_date(value: date | datetime | None) -> str:
    """`{{ day|vn_date }}`: 25/11/2026."""
    return words.date_words(value)


@register.filter
def vn_datetime(value: datetime | None) -> str:
    """`{{ moment|vn_datetime }}`: 25/11/2026 14:05, Vietnamese time."""
    return words.datetime_words(value)


@register.filter
def weekday_date(value: date | datetime | None) -> str:
    """`{{ day|weekday_date }}`: Thứ Tư, 25/11/2026."""
    return words.weekday_words(value)


@register.filter
def dong(value: int | None) -> str:
    """`{{ fee|dong }}`: 1.250.000 đồng."""
    return words.money_words(value)


@register.filter
def grouped(value: int | None) -> str:
    """`{{ amount|grouped }}`: 1.250.000, where the unit stands in the heading."""
    return "" if value is None else group_digits(value)


@register.filter
def capped(value: int, cap: int = 500) -> str:
    """`{{ count|capped }}`: 500+ beyond the cap."""
    return words.capped_words(value, cap)


@register.simple_tag
def icon(name: str, label: str = "", size: str = "", css: str = "") -> SafeString:
    """`{% icon "printer" %}`: decoration; with `label` it is read out. `size` is "", "lg" or "xl"."""
    classes = " ".join(part for part in ("icon", f"icon-{size}" if size else "", css) if part)
    href = static("vendor/icons.svg")
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}#{}"></use></svg>',
            classes,
            label,
            href,
            name,
        )
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        classes,
        href,
        name,
    )


@register.simple_tag
def status_badge(text: object, kind: str = "neutral", icon_name: str = "") -> SafeString:
    """`{% status_badge "Đang xử lý" "progress" %}`: words, an icon and a colour, never colour alone."""
    kind = kind if kind in STATUS_ICONS else "neutral"
    drawing = icon(icon_name or STATUS_ICONS[kind])
    return format_html('<span class="status status-{}">{}<span>{}</span></span>', kind, drawing, text)


@register.simple_tag(takes_context=True)
def time_left(
    context: Context,
    due_at: datetime | None,
    now: datetime | None = None,
    paused: bool = False,
    done_at: datetime | None = None,
    days: words.Quantity | None = None,
    hours: words.Quantity | None = None,
) -> SafeString:
    """`{% time_left row.due_at paused=row.paused days=row.working_days %}`: a badge in words."""
    moment = now or context.get("now") or clock.now()
    left = words.time_left(
        due_at or None,
        moment,
        paused=bool(paused),
        done_at=done_at or None,
        days=None if days == "" else days,
        hours=None if hours == "" else hours,
    )
    return format_html(
        '<span class="time time-{}"{}>{}<span>{}</span></span>',
        left.kind,
        format_html(' title="{}"', left.detail) if left.detail else "",
        icon(left.icon),
        left.text,
    )


@register.simple_tag(takes_context=True)
def query_with(context: Context, **changes: object) -> str:
    """`href="{% query_with tab="late" cursor=None %}"`: this page's query, changed; None removes a key."""
    request = context.get("request")
    query = request.GET.copy() if isinstance(request, HttpRequest) else QueryDict(mutable=True)
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = str(value)
    return "?" + query.urlencode()


@register.simple_tag
def control(field: BoundField, **attrs: object) -> SafeString:
    """`{% control form.phone autocomplete="tel" %}`: the widget in our classes, tied to hint and error."""
    given: dict[str, Any] = {key.replace("_", "-"): value for key, value in attrs.items()}
    known = str(field.field.widget.attrs.get("class", ""))
    classes = " ".join(part for part in (_widget_class(field), known, str(given.pop("class", ""))) if part)
    if classes:
        given["class"] = classes + (" is-invalid" if field.errors else "")
    described = described_by(field)
    if described:
        given["aria-describedby"] = described
    return mark_safe(field.as_widget(attrs=given))  # noqa: S308 - Django escapes the widget itself


@register.simple_tag
def day_input(name: str, value: date | str | None, kind: str = "date", **attrs: object) -> SafeString:
    """`{% day_input "tu" period.first %}`: a day, or with `kind="month"` a month, where there is no form."""
    given: dict[str, object] = {"id": name, **{key.replace("_", "-"): said for key, said in attrs.items()}}
    given["class"] = "input-day form-control" + (" is-invalid" if given.get("aria-invalid") else "")
    widget = MonthInput() if kind == "month" else DayInput()
    return widget.render(name, value, {key: said for key, said in given.items() if said})


@register.filter
def described_by(field: BoundField) -> str:
    """The ids of a field's hint and error, in the order they are read."""
    parts = (("hint", bool(field.help_text)), ("error", bool(field.errors)))
    return " ".join(f"{field.auto_id}-{name}" for name, present in parts if present)


def _widget_class(field: BoundField) -> str:
    widget = field.field.widget
    if isinstance(widget, CheckboxInput):
        return "form-check-input"
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return ""
    if isinstance(widget, Select):
        return "form-select"
    return "form-control form-file" if isinstance(widget, ClearableFileInput) else "form-control"


@register.filter
def is_choice_list(field: BoundField) -> bool:
    """Whether a field is a group of radios or ticks and so wants a fieldset with a legend."""
    return isinstance(field.field.widget, RadioSelect | CheckboxSelectMultiple)


@register.filter
def is_tick(field: BoundField) -> bool:
    """Whether a field is one tick box, whose label stands after it."""
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def error_links(form: Any) -> list[dict[str, str]]:
    """Every error as `{"href", "text", "label"}` for the summary; form-wide ones have no href.

    Takes a Django form, or a mapping from the id of an input to its error. A sentence that already names its
    field gets no label before it.
    """
    if isinstance(form, Mapping):
        return [
            {"href": f"#{key}" if key else "", "label": "", "text": str(text)} for key, text in form.items()
        ]
    if not getattr(form, "errors", None):
        return []
    found = [{"href": "", "label": "", "text": str(text)} for text in form.non_field_errors()]
    for bound in _visible(form):
        href = f"#{bound.id_for_label or bound.auto_id}"
        label = str(bound.label)
        found += [
            {"href": href, "label": "" if label in str(text) else label, "text": str(text)}
            for text in bound.errors
        ]
    return found


def _visible(form: Any) -> Iterable[BoundField]:
    return (bound for bound in form if bound.errors)


@register.filter
def at(items: Sequence[Any], index: int) -> Any:
    """`{{ columns|at:forloop.counter0 }}`: the item at a place, or nothing beyond the end."""
    return items[index] if 0 <= index < len(items) else ""


@register.filter
def get(mapping: Mapping[Any, Any] | None, key: Any) -> Any:
    """`{{ counts|get:tab.key }}`: a value by a key that is itself a variable."""
    return (mapping or {}).get(key)

"""The form every context starts from: its errors name the field and say what to do."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from motcua.kernel.errors import Refused


class Form(forms.Form):
    """A Django form whose standard errors are ours, and whose texts are stored in one spelling (NFC).

    A field that brings its own sentence in `error_messages` keeps it.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            _say_what_to_do(field, str(field.label or name))

    def clean(self) -> dict[str, Any]:
        """Texts in NFC: some keyboards and every macOS file name send letters and marks apart."""
        cleaned = super().clean() or self.cleaned_data
        return {
            key: unicodedata.normalize("NFC", value) if isinstance(value, str) else value
            for key, value in cleaned.items()
        }


def _say_what_to_do(field: forms.Field, label: str) -> None:
    usual = {
        key: str(said) for kind in reversed(type(field).__mro__) for key, said in _defaults(kind).items()
    }
    ours = {
        "required": _required(field) % {"label": label},
        "invalid_choice": _("Chọn “%(label)s” trong danh sách.") % {"label": label},
        "invalid": _invalid(field) % {"label": label},
    }
    for key, sentence in ours.items():
        if key in usual and str(field.error_messages.get(key)) == usual[key]:
            field.error_messages[key] = sentence
    said = label.replace("%", "%%")
    for key, sentence in _limits().items():
        field.error_messages.setdefault(key, sentence % {"label": said})


def _limits() -> dict[str, str]:
    """What is too long or too much, with the limit still to be put in."""
    return {
        "max_length": _("“%(label)s” dài %%(show_value)d chữ, nhiều nhất %%(limit_value)d. Rút ngắn lại."),
        "max_value": _("“%(label)s” nhiều nhất là %%(limit_value)s. Kiểm tra số chữ số."),
        "min_value": _("“%(label)s” ít nhất là %%(limit_value)s."),
    }


def _defaults(kind: type) -> dict[str, Any]:
    return dict(vars(kind).get("default_error_messages", {}))


def _required(field: forms.Field) -> str:
    if isinstance(field, forms.BooleanField):
        return _("Chưa đánh dấu “%(label)s”.")
    if isinstance(field, forms.FileField):
        return _("Chưa chọn tệp cho “%(label)s”.")
    if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        return _("Chưa chọn “%(label)s”.")
    return _("Chưa nhập “%(label)s”.")


def _invalid(field: forms.Field) -> str:
    if isinstance(field, forms.DateTimeField):
        return _("“%(label)s” phải là ngày giờ, ví dụ 25/11/2026 14:30.")
    if isinstance(field, forms.DateField):
        return _("“%(label)s” phải là ngày, ví dụ 25/11/2026.")
    if isinstance(field, forms.IntegerField):
        return _("“%(label)s” phải là số.")
    return _("“%(label)s” chưa đúng. Kiểm tra rồi nhập lại.")


def refuse_at(form: forms.Form, refusal: Refused) -> None:
    """The sentence of a refusal at the field it names, or above the form where the form has no such field."""
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message.render())

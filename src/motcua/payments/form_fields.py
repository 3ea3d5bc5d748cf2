"""Numbers as they are typed in books: text, since a number field turns with the mouse wheel and reads 1.000 as 1."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from motcua.payments.rules.cash import read_amount

_WHOLE = re.compile(r"[0-9]{1,15}|[0-9]{1,3}(?:([. ])[0-9]{3})(?:\1[0-9]{3})*")


def _typed() -> forms.TextInput:
    return forms.TextInput({"inputmode": "numeric", "autocomplete": "off", "maxlength": 20})


class CountField(forms.IntegerField):
    """A whole number, nought or more: 1500, 0001500, 1.500."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", _typed())
        super().__init__(**options)

    def to_python(self, value: Any) -> int | None:
        if isinstance(value, int) or value in self.empty_values:
            return value if isinstance(value, int) else None
        if not _WHOLE.fullmatch(text := str(value).strip()):
            raise forms.ValidationError(
                _("“%(seen)s” không phải là số nguyên. Gõ chữ số, ví dụ 1500.") % {"seen": text[:40]},
                code="invalid",
            )
        return int(re.sub(r"[. ]", "", text))


class AmountField(forms.IntegerField):
    """Whole đồng: 500000, 500.000, 500k."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", _typed())
        super().__init__(**options)

    def to_python(self, value: Any) -> int | None:
        if isinstance(value, int) or value in self.empty_values:
            return value if isinstance(value, int) else None
        amount = read_amount(str(value))
        if amount is None:
            raise forms.ValidationError(
                _("“%(seen)s” không phải số tiền. Gõ số đồng, ví dụ 500000, 500.000 hoặc 500k.")
                % {"seen": str(value).strip()[:40]},
                code="invalid",
            )
        return amount

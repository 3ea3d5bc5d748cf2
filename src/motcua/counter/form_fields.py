"""The shapes of what is typed at the counter: phones, days, numbers. What the law allows is decided below."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _t

from motcua.dossiers.rules.identity import number_problem
from motcua.kernel.days import read_day
from motcua.kernel.web.days import DayField

_PHONE_NOISE = re.compile(r"[\s.()-]")


def _wrong(what: str, how: str, seen: object) -> forms.ValidationError:
    """What is wrong, short enough to stand under a narrow field, and what to do, for the summary above."""
    return forms.ValidationError([forms.ValidationError(what, params={"seen": seen}), how])


class PhoneField(forms.CharField):
    """A Vietnamese telephone number as digits from 0: ten of a mobile, ten or eleven of a landline."""

    def __init__(self, **options: Any) -> None:
        attrs = {"inputmode": "tel", "autocomplete": "off"}
        super().__init__(max_length=20, widget=forms.TextInput(attrs=attrs), **options)

    def clean(self, value: Any) -> Any:
        digits = _PHONE_NOISE.sub("", str(super().clean(value) or ""))
        if not digits:
            return ""
        if digits.startswith(("+84", "0084")):
            digits = "0" + digits.split("84", 1)[1]
        if not re.fullmatch(r"0[35789][0-9]{8}|02[0-9]{8,9}", digits):
            raise _wrong(
                _t("Số điện thoại “%(seen)s” chưa đúng."), _t("Gõ 10 chữ số, ví dụ 0912345678."), value
            )
        return digits


class TypedDateField(DayField):
    """A day typed fast: 15081990 or 15/08/1990. A year of two figures would be a guess where people are born."""

    def read(self, text: str) -> date | None:
        return read_day(text)

    def refusal(self, seen: object) -> forms.ValidationError:
        return _wrong(
            _t("Không có ngày “%(seen)s”."), _t("Gõ ngày, tháng, năm liền nhau, ví dụ 15081990."), seen
        )


class IdNumberField(forms.CharField):
    """A personal number (12, or 9 of an old card), a tax code (10 or 13), or a foreigner's passport."""

    def __init__(self, **options: Any) -> None:
        attrs = {"inputmode": "numeric", "autocomplete": "off"}
        super().__init__(max_length=20, widget=forms.TextInput(attrs=attrs), **options)

    def clean(self, value: Any) -> Any:
        number = re.sub(r"[\s.-]", "", str(super().clean(value) or "")).upper()
        if number_problem(number, is_organisation=False) and number_problem(number, is_organisation=True):
            raise _wrong(
                _t("Số giấy tờ “%(seen)s” chưa đúng."),
                _t(
                    "Số định danh có 12 chữ số (chứng minh nhân dân cũ 9), "
                    "mã số thuế 10 hoặc 13, hộ chiếu gồm chữ và số."
                ),
                value,
            )
        return number

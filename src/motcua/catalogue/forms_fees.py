"""The shape of a resolution on fees as it is typed; whether it may be set is for the actions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from motcua.catalogue import words
from motcua.catalogue.rules.fees.giving_way import CHANNELS
from motcua.catalogue.types import Territory
from motcua.kernel.web.days import DayField
from motcua.kernel.web.forms import Form

TERRITORIES = [
    (Territory.ALL.value, _("Toàn tỉnh")),
    (Territory.BAC_NINH_CU.value, _("Địa bàn Bắc Ninh cũ")),
    (Territory.BAC_GIANG_CU.value, _("Địa bàn Bắc Giang cũ")),
]
AMOUNT, PERCENT, FREE = "amount", "percent", "free"
MOST_LINES = 40


def _date(label: Any, **more: Any) -> DayField:
    return DayField(label=label, error_messages={"required": _("Ghi ngày.")}, **more)


class ResolutionForm(Form):
    """The head of a resolution."""

    field_order = ("number", "signed_on", "valid_from", "last_day", "territory", "title")

    number = forms.CharField(
        label=_("Số nghị quyết"),
        max_length=80,
        widget=forms.TextInput(attrs={"placeholder": "15/2026/NQ-HĐND", "autocomplete": "off"}),
        error_messages={"required": _("Ghi số nghị quyết.")},
    )
    title = forms.CharField(
        label=_("Trích yếu"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    signed_on = _date(_("Ngày ký"))
    valid_from = _date(_("Có hiệu lực từ ngày"))
    last_day = _date(_("Đến hết ngày"), required=False)
    territory = forms.ChoiceField(label=_("Áp dụng ở"), choices=TERRITORIES)


class EndForm(Form):
    """When a resolution ends."""

    last_day = _date(_("Áp dụng đến hết ngày"))


class LineForm(Form):
    """One thing the resolution says: of which lines, and what becomes of them."""

    procedures = forms.CharField(
        label=_("Mã thủ tục"),
        required=False,
        max_length=2000,
        widget=forms.TextInput(attrs={"placeholder": "1.004873, 1.001193", "autocomplete": "off"}),
    )
    field = forms.CharField(
        label=_("hoặc lĩnh vực"),
        required=False,
        max_length=255,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    kind = forms.ChoiceField(
        label=_("Loại"),
        required=False,
        choices=[("", _("Phí và lệ phí")), ("phi", _("Phí")), ("le_phi", _("Lệ phí"))],
    )
    names = forms.CharField(
        label=_("Khoản bắt đầu bằng"),
        required=False,
        max_length=255,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    channel = forms.ChoiceField(label=_("Cách nộp"), required=False, choices=[("", _("Mọi cách"))])
    how = forms.ChoiceField(
        label=_("Quy định"),
        choices=[(AMOUNT, _("Mức thu (đồng)")), (PERCENT, _("Giảm (%)")), (FREE, _("Không thu"))],
        initial=AMOUNT,
    )
    value = forms.CharField(
        label=_("Con số"),
        required=False,
        max_length=15,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    unit_name = forms.CharField(
        label=_("Đơn vị tính"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        channel = self.fields["channel"]
        assert isinstance(channel, forms.ChoiceField)
        channel.choices = [("", _t("Mọi cách")), *((key, words.CHANNELS[key]) for key in CHANNELS)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not (data.get("procedures") or data.get("field")):
            self.add_error("procedures", _t("Ghi mã thủ tục hoặc lĩnh vực."))
        value = str(data.get("value") or "").replace(".", "").replace(" ", "")
        how = data.get("how")
        if how == AMOUNT and not (value.isascii() and value.isdigit()):
            self.add_error("value", _t("Ghi số đồng, ví dụ 8.000."))
        if how == PERCENT and not (value.isascii() and value.isdigit() and 1 <= int(value) <= 100):
            self.add_error("value", _t("Ghi phần trăm giảm từ 1 đến 100."))
        data["value"] = value
        return data

    def line(self) -> Mapping[str, Any]:
        """As the rules take it (`ResolutionLine.from_dict`)."""
        data = self.cleaned_data
        found: dict[str, Any] = {
            "procedures": [code for code in re.split(r"[,;\s]+", data["procedures"]) if code],
            "fields": [data["field"].strip()] if data["field"].strip() else [],
            "lines": [data["names"].strip()] if data["names"].strip() else [],
            "channels": [data["channel"]] if data["channel"] else [],
        }
        if data["kind"]:
            found["kind"] = data["kind"]
        if data["how"] == PERCENT:
            return {**found, "percent": f"{int(data['value'])}/100"}
        amount = 0 if data["how"] == FREE else int(data["value"])
        unit = data["unit_name"].strip()
        return {**found, "set": {"amount": amount, **({"unit_name": unit} if unit else {})}}


if TYPE_CHECKING:  # a formset takes its form as a parameter in types only
    _Base = BaseFormSet[LineForm]
else:
    _Base = BaseFormSet


class _Lines(_Base):
    """The lines that were filled in; at least one."""

    def clean(self) -> None:
        if not any(self.errors) and not any(form.has_changed() for form in self.forms):
            raise forms.ValidationError(_t("Ghi ít nhất một dòng."))


LineFormSet = formset_factory(LineForm, formset=_Lines, extra=3, max_num=MOST_LINES, absolute_max=MOST_LINES)


def lines_of(typed: BaseFormSet[LineForm]) -> list[Mapping[str, Any]]:
    """The lines that were filled in, as the actions take them."""
    return [form.line() for form in typed.forms if form.has_changed()]


def first_day_after(last_day: date | None) -> date | None:
    """The first day a resolution no longer counts."""
    return date.fromordinal(last_day.toordinal() + 1) if last_day is not None else None

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
from motcua.catalogue.rules.fees.computing import QUANTITIES
from motcua.catalogue.rules.fees.giving_way import CHANNELS
from motcua.catalogue.rules.fees.tiers_typed import MOST_AMOUNT, read_tiers
from motcua.catalogue.types import Territory
from motcua.kernel.web.days import DayField
from motcua.kernel.web.forms import Form

TERRITORIES = [
    (Territory.ALL.value, _("Toàn tỉnh")),
    (Territory.BAC_NINH_CU.value, _("Địa bàn Bắc Ninh cũ")),
    (Territory.BAC_GIANG_CU.value, _("Địa bàn Bắc Giang cũ")),
]
AMOUNT, TIERS, PERCENT, FREE = "amount", "tiers", "percent", "free"
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
        choices=[
            (AMOUNT, _("Mức thu (đồng)")),
            (TIERS, _("Biểu theo bậc")),
            (PERCENT, _("Giảm (%)")),
            (FREE, _("Không thu")),
        ],
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

    counts = forms.ChoiceField(label=_("Tính theo"), required=False)
    tiers = forms.CharField(
        label=_("Các bậc"),
        required=False,
        max_length=600,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": "đến 2: 2.000\ncòn lại: 1.000"}),
        help_text=_("Mỗi bậc một dòng: đến số nào, mức thu cho một đơn vị. Dòng cuối: “còn lại”."),
    )
    cap = forms.CharField(
        label=_("Cao nhất (đồng)"),
        required=False,
        max_length=15,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    times = forms.ChoiceField(label=_("Nhân với"), required=False)

    MORE = ("counts", "tiers", "cap", "times")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        counted = [(key, said.render().capitalize()) for key, said in QUANTITIES.items()]
        for name, nothing in (("counts", _t("Không đếm")), ("times", _t("Không nhân"))):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", nothing), *counted]
        channel = self.fields["channel"]
        assert isinstance(channel, forms.ChoiceField)
        channel.choices = [("", _t("Mọi cách")), *((key, words.CHANNELS[key]) for key in CHANNELS)]

    @property
    def main(self) -> list[forms.BoundField]:
        """What every line says."""
        return [field for field in self if field.name not in self.MORE]

    @property
    def more(self) -> list[forms.BoundField]:
        """Tiers, what is counted, a ceiling: folded away until a line needs them."""
        return [field for field in self if field.name in self.MORE]

    @property
    def opens(self) -> bool:
        return self["how"].value() == TIERS or any(field.value() for field in self.more)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not (data.get("procedures") or data.get("field")):
            self.add_error("procedures", _t("Ghi mã thủ tục hoặc lĩnh vực."))
        value = str(data.get("value") or "").replace(".", "").replace(" ", "")
        how = data.get("how")
        if how == AMOUNT and not (value.isascii() and value.isdigit()):
            self.add_error("value", _t("Ghi số đồng, ví dụ 8.000."))
        elif how == AMOUNT and int(value) > MOST_AMOUNT:
            self.add_error("value", _t("Mức thu quá lớn. Kiểm tra số chữ số 0."))
        self._clean_more(data, how)
        if how == PERCENT and not (value.isascii() and value.isdigit() and 1 <= int(value) <= 100):
            self.add_error("value", _t("Ghi phần trăm giảm từ 1 đến 100."))
        data["value"] = value
        return data

    def _clean_more(self, data: dict[str, Any], how: str | None) -> None:
        """Tiers need something to count; a ceiling is đồng; elsewhere they say nothing and are refused."""
        cap = str(data.get("cap") or "").replace(".", "").replace(" ", "")
        if cap and not (cap.isascii() and cap.isdigit() and 0 < int(cap) <= MOST_AMOUNT):
            self.add_error("cap", _t("Ghi số đồng, ví dụ 200.000."))
        data["cap"] = cap
        if how == TIERS:
            read = read_tiers(str(data.get("tiers") or ""))
            if isinstance(read, tuple):
                data["read_tiers"] = read
            else:
                self.add_error("tiers", read.render())
            if not data.get("counts"):
                self.add_error("counts", _t("Chọn biểu tính theo gì, ví dụ số trang."))
        elif data.get("tiers"):
            self.add_error("how", _t("Đã ghi các bậc: chọn “Biểu theo bậc”, hoặc xóa các bậc."))
        if how in (PERCENT, FREE) and (cap or data.get("counts") or data.get("times")):
            self.add_error("how", _t("Mức trần và cách tính chỉ dùng với mức thu hoặc biểu theo bậc."))
        if data.get("times") and data.get("times") == data.get("counts"):
            self.add_error("times", _t("Chọn khác với “Tính theo”."))

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
        unit = data["unit_name"].strip()
        said: dict[str, Any] = {"unit_name": unit} if unit else {}
        if data["how"] == TIERS:
            said["tiers"] = [
                {"amount": tier.amount, **({"up_to": tier.up_to} if tier.up_to is not None else {})}
                for tier in data["read_tiers"]
            ]
        else:
            said["amount"] = 0 if data["how"] == FREE else int(data["value"])
        said |= {name: data[name] for name in ("counts", "times") if data.get(name)}
        if data.get("cap"):
            said["cap"] = int(data["cap"])
        return {**found, "set": said}


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

"""The form of the hand-over: who takes the result away."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from motcua.counter.form_fields import IdNumberField
from motcua.dossiers.types import HandOverData, Person, ReturnMethod
from motcua.kernel.text import nfc


class HandOverForm(forms.Form):
    """Who takes the result away."""

    who = forms.ChoiceField(
        label=_("Người nhận"),
        choices=[
            ("owner", _("Chủ hồ sơ")),
            ("known", _("Người nhận đã đăng ký")),
            ("other", _("Người được ủy quyền")),
        ],
        initial="owner",
    )
    name = forms.CharField(
        label=_("Họ tên người nhận"),
        required=False,
        max_length=255,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    id_number = IdNumberField(label=_("Số định danh"), required=False)
    authorisation = forms.CharField(
        label=_("Giấy ủy quyền nhận kết quả"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    method = forms.ChoiceField(
        label=_("Cách trả"),
        choices=[(m.value, m.label) for m in ReturnMethod],
        initial=ReturnMethod.COUNTER.value,
        widget=forms.RadioSelect,
    )
    slip_returned = forms.BooleanField(
        label=_("Đã thu lại giấy tiếp nhận (mẫu 01)"), required=False, initial=True
    )
    tracking_number = forms.CharField(
        label=_("Số hiệu bưu gửi"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    note = forms.CharField(label=_("Ghi chú"), required=False, max_length=500)

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("label_suffix", "")
        options.setdefault("use_required_attribute", False)
        super().__init__(*args, **options)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        post = data.get("method") == ReturnMethod.POST.value
        if post and not str(data.get("tracking_number") or "").strip():
            self.add_error("tracking_number", _t("Nhập số hiệu bưu gửi."))
        if data.get("who") == "other" and not post:
            if not str(data.get("name") or "").strip():
                self.add_error("name", _t("Nhập họ tên người nhận."))
            if not str(data.get("authorisation") or "").strip():
                self.add_error("authorisation", _t("Ghi giấy ủy quyền nhận kết quả."))
        return data

    def data_for(self, *, owner: Person, known: Person | None) -> HandOverData:
        """The hand-over of one dossier; each dossier has its own owner and registered recipient."""
        data = self.cleaned_data
        person = {"owner": owner, "known": known or owner}.get(data["who"])
        return HandOverData(
            name=person.name if person else nfc(data["name"]),
            id_number=person.id_number if person else data["id_number"],
            authorisation="" if person else nfc(data["authorisation"]),
            method=ReturnMethod(data["method"]),
            slip_returned=data["slip_returned"],
            tracking_number=nfc(data["tracking_number"]),
            note=nfc(data["note"]),
        )

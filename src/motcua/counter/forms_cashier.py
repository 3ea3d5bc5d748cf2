"""What is typed at the till: amounts as people write them, notes by pieces, reasons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from motcua.kernel.text import grouped
from motcua.kernel.web.forms import Form
from motcua.payments.rules.cash import MOST_PIECES, NOTES, read_amount
from motcua.payments.types import WAYS, Method

WAY_CHOICES = [(way.value, way.label) for way in WAYS]


class MoneyField(forms.CharField):
    """Whole đồng as typed: 500000, 500.000, 500k."""

    def __init__(self, **options: Any) -> None:
        attrs = {"inputmode": "numeric", "autocomplete": "off", "data-money": ""}
        super().__init__(max_length=24, widget=forms.TextInput(attrs=attrs), **options)

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value) or "")
        if not text:
            return None
        amount = read_amount(text)
        if amount is None:
            raise forms.ValidationError(
                _t("“%(seen)s” không phải số tiền. Gõ số đồng, ví dụ 500000, 500.000 hoặc 500k.")
                % {"seen": text}
            )
        return amount


class PiecesField(forms.IntegerField):
    """How many notes of one kind."""

    def __init__(self, note: int, **options: Any) -> None:
        attrs = {
            "inputmode": "numeric",
            "autocomplete": "off",
            "data-note": str(note),
            "class": "form-control",
        }
        label = f"{grouped(note)} đ"
        super().__init__(
            min_value=0,
            max_value=MOST_PIECES,
            required=False,
            label=label,
            widget=forms.TextInput(attrs=attrs),
            error_messages=dict.fromkeys(
                ("invalid", "min_value", "max_value"), _t("Số tờ phải là số nguyên từ 0 trở lên.")
            ),
            **options,
        )


class PayForm(Form):
    """One payment over the counter. Without `amount` all that is owed; without `tendered` the exact amount."""

    method = forms.ChoiceField(choices=WAY_CHOICES, label=_("Cách nộp"), widget=forms.RadioSelect)
    tendered = MoneyField(required=False, label=_("Tiền khách đưa"))
    reference = forms.CharField(
        required=False,
        max_length=64,
        label=_("Số tham chiếu trên hóa đơn máy thẻ"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    amount = MoneyField(required=False, label=_("Chỉ thu một phần"))


class ReasonForm(Form):
    """Why something is taken back or refused."""

    reason = forms.CharField(label=_("Lý do"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class RefundForm(Form):
    """What goes back, how and why; one amount for each kind that was paid."""

    method = forms.ChoiceField(
        choices=[choice for choice in WAY_CHOICES if choice[0] != Method.PLATFORM],
        label=_("Cách hoàn tiền"),
    )
    to_account = forms.CharField(
        required=False,
        max_length=255,
        label=_("Tài khoản nhận"),
        help_text=_("Chỉ khi hoàn bằng chuyển khoản: ngân hàng, số tài khoản, chủ tài khoản."),
    )
    reason = forms.CharField(
        label=_("Lý do hoàn trả"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, left: Mapping[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = [kind for kind, amount in left.items() if amount > 0]
        labels = {"phi": _("Phí"), "le_phi": _("Lệ phí"), "advance": _("Tiền nộp thừa")}
        for kind in self.kinds:
            hint = _t("Hoàn được nhiều nhất %(left)s đồng.") % {"left": grouped(left[kind])}
            only = len(self.kinds) == 1
            self.fields[kind] = MoneyField(
                required=only,
                label=labels[kind],
                help_text=hint,
                initial=grouped(left[kind]) if only else None,
                error_messages={"required": _t("Nhập số tiền hoàn trả lớn hơn 0.")},
            )
        self.order_fields([*self.kinds, "method", "to_account", "reason"])

    def amounts(self) -> dict[str, int]:
        """What was typed, by kind (`phi`, `le_phi`, `advance`)."""
        return {kind: self.cleaned_data.get(kind) or 0 for kind in self.kinds}


class PayOutForm(Form):
    """The bank's or the terminal's number for money that does not go out in cash."""

    reference = forms.CharField(
        max_length=64,
        label=_("Số chứng từ chi trả của ngân hàng, máy thẻ"),
        error_messages={"required": _("Nhập số chứng từ của ngân hàng hoặc máy thẻ đã trả tiền.")},
    )

    def __init__(self, *args: Any, cash: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reference"].required = not cash


class CountForm(Form):
    """The till note by note."""

    loose = MoneyField(required=False, label=_("Tiền xu, tiền lẻ khác"))
    explanation = forms.CharField(
        required=False,
        max_length=1000,
        label=_("Giải trình chênh lệch"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for note in NOTES:
            self.fields[f"note-{note}"] = PiecesField(note)

    @property
    def notes(self) -> list[Any]:
        return [self[f"note-{note}"] for note in NOTES]

    def pieces(self) -> dict[int, int]:
        return {note: self.cleaned_data.get(f"note-{note}") or 0 for note in NOTES}


class RemitForm(Form):
    """Money paid in at the State Treasury."""

    method = forms.ChoiceField(choices=WAY_CHOICES, label=_("Nguồn tiền"))
    amount = MoneyField(label=_("Số tiền nộp"))
    document = forms.CharField(max_length=200, label=_("Số giấy nộp tiền"))


class CodeForm(Form):
    """The pairing code of a display."""

    code = forms.CharField(
        max_length=20,
        label=_("Mã ghép màn hình"),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )

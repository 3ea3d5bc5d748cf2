"""The shape of what people type about receipts and their books; whether it may be done is for the actions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from motcua.kernel.web.days import DayField
from motcua.kernel.web.forms import Form
from motcua.organisation.types import UnitInfo
from motcua.payments.form_fields import CountField
from motcua.payments.rules.receipt_symbols import LAST
from motcua.payments.types import BookRest, ReceiptState

LAYOUT_CHOICES = [("a5", _("Giấy A5")), ("a4", _("Giấy A4, hai liên một tờ")), ("k80", _("Cuộn nhiệt 80 mm"))]


class ReceiptFilterForm(Form):
    """What narrows the list; a value that cannot be used narrows nothing and is said."""

    don_vi = forms.ChoiceField(label=_("Đơn vị thu"), required=False)
    tu = DayField(label=_("Từ ngày"), required=False)
    den = DayField(label=_("Đến ngày"), required=False)
    so = CountField(label=_("Số biên lai"), required=False, min_value=1, max_value=LAST)
    nguoi_nop = forms.CharField(label=_("Người nộp"), required=False, max_length=120)

    def __init__(self, data: Any, *, units: Sequence[UnitInfo]) -> None:
        super().__init__(data)
        self.fields["don_vi"].choices = [("", _("Tất cả đơn vị")), *((u.code, u.name) for u in units)]  # type: ignore[attr-defined]  # a ChoiceField, which the mapping of fields does not know
        if len(units) < 2:
            del self.fields["don_vi"]


class ReasonForm(Form):
    """Why: it stands in the report to the tax office."""

    reason = forms.CharField(
        label=_("Lý do"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Ghi trên biên lai, trong nhật ký và trong báo cáo gửi cơ quan thuế."),
    )


class LostForm(ReasonForm):
    """A copy that is gone."""

    minutes = forms.CharField(
        label=_("Số, ngày biên bản mất"), max_length=80, help_text=_("Ví dụ: 02/BB ngày 05/12/2025.")
    )


class ReplaceForm(ReasonForm):
    """A wrong receipt in the payer's hands: minutes of both, the copy taken back, another one in its place."""

    payer_name = forms.CharField(label=_("Tên người nộp đúng"), max_length=255, required=False)
    payer_address = forms.CharField(label=_("Địa chỉ đúng"), max_length=500, required=False)
    minutes = forms.CharField(
        label=_("Số, ngày biên bản thu hồi"),
        max_length=80,
        help_text=_("Biên bản ghi sai sót có chữ ký của người nộp, kèm liên 2 đã thu hồi."),
    )
    field_order = ["payer_name", "payer_address", "minutes", "reason"]


class AdjustForm(ReplaceForm):
    """What is right where the amount is not touched."""

    minutes = forms.CharField(
        label=_("Số, ngày biên bản điều chỉnh"),
        max_length=80,
        help_text=_("Biên bản ghi sai sót có chữ ký của người nộp."),
    )


class ReprintForm(Form):
    """A further print says which it is."""

    layout = forms.ChoiceField(label=_("Khổ giấy"), choices=LAYOUT_CHOICES)
    reason = forms.CharField(
        label=_("Lý do in lại"), max_length=200, help_text=_("Ví dụ: máy in kẹt giấy, liên 2 bị rách.")
    )


class BookForm(Form):
    """A book with its symbols, numbers and notice of issue."""

    unit = forms.ChoiceField(label=_("Đơn vị"))
    form_symbol = forms.CharField(
        label=_("Ký hiệu mẫu"),
        max_length=12,
        help_text=_("Ví dụ: 01BLP2-001 (2 liên), 01BLP0-001 (điện tử)."),
    )
    series = forms.CharField(
        label=_("Ký hiệu biên lai"),
        max_length=12,
        help_text=_("Hai chữ cái, năm, T tự in, P đặt in, E điện tử. Ví dụ: AA-25T."),
    )
    fee_kind = forms.ChoiceField(
        label=_("Dùng cho"),
        required=False,
        choices=[("", _("Phí và lệ phí")), ("phi", _("Chỉ phí")), ("le_phi", _("Chỉ lệ phí"))],
    )
    first_number = CountField(label=_("Từ số"), initial=1)
    last_number = CountField(label=_("Đến số"), initial=LAST)
    starts_on = DayField(label=_("Dùng từ ngày"))
    notice_number = forms.CharField(
        label=_("Số thông báo phát hành"),
        max_length=64,
        required=False,
        help_text=_("Biên lai giấy phải thông báo phát hành với cơ quan thuế trước khi dùng."),
    )
    notice_on = DayField(label=_("Ngày thông báo phát hành"), required=False)
    carried_from = forms.CharField(
        label=_("Nhận bàn giao từ đơn vị đã giải thể"),
        max_length=255,
        required=False,
        help_text=_("Tên đơn vị cũ, in trên biên lai. Để trống nếu là biên lai của đơn vị."),
    )

    def __init__(self, *args: Any, units: Sequence[UnitInfo], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [(str(u.id), u.full_name) for u in units]  # type: ignore[attr-defined]  # a ChoiceField, which the mapping of fields does not know


class ConfirmBookForm(Form):
    """A proposed book with its notice of issue."""

    first_number = CountField(label=_("Từ số"))
    last_number = CountField(label=_("Đến số"))
    starts_on = DayField(label=_("Dùng từ ngày"))
    notice_number = forms.CharField(label=_("Số thông báo phát hành"), max_length=64, required=False)
    notice_on = DayField(label=_("Ngày thông báo phát hành"), required=False)

    def __init__(self, *args: Any, on_paper: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("notice_number", "notice_on"):
            self.fields[name].required = on_paper


class NoticeForm(Form):
    """The notice of issue."""

    notice_number = forms.CharField(label=_("Số thông báo phát hành"), max_length=64)
    notice_on = DayField(label=_("Ngày thông báo phát hành"))


class CloseBookForm(Form):
    """Why, and what becomes of the rest."""

    rest = forms.ChoiceField(label=_("Số biên lai còn lại"), choices=BookRest.choices, required=False)
    reason = forms.CharField(label=_("Lý do khóa"), max_length=400)


STATES = [("", _("Tất cả")), *ReceiptState.choices]

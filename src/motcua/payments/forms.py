"""The shape of what people type about collecting units; whether it may be done is for the actions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from motcua.kernel.web.days import DayField
from motcua.kernel.web.forms import Form
from motcua.payments.form_fields import AmountField
from motcua.payments.queries import banks


class CollectorForm(Form):
    name = forms.CharField(
        label=gettext_lazy("Tên đơn vị thu"),
        max_length=255,
        help_text=gettext_lazy("In trên biên lai, ví dụ: Ủy ban nhân dân phường Kinh Bắc."),
        error_messages={"required": gettext_lazy("Nhập tên đơn vị thu như sẽ in trên biên lai.")},
    )
    tax_code = forms.CharField(
        label=gettext_lazy("Mã số thuế"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("10 chữ số; đơn vị phụ thuộc thêm gạch ngang và 3 chữ số."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    address = forms.CharField(label=gettext_lazy("Địa chỉ"), max_length=255, required=False)
    takes_card = forms.BooleanField(label=gettext_lazy("Quầy có máy quẹt thẻ"), required=False)
    platform_partner = forms.CharField(
        label=gettext_lazy("Mã đối tác của nền tảng thanh toán"),
        max_length=64,
        required=False,
        help_text=gettext_lazy("Do Cổng Dịch vụ công quốc gia cấp. Để trống nếu chưa thu trực tuyến."),
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none"}),
    )


class AccountForm(Form):
    bank_bin = forms.ChoiceField(label=gettext_lazy("Ngân hàng"))
    number = forms.CharField(
        label=gettext_lazy("Số tài khoản"),
        max_length=30,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    holder = forms.CharField(
        label=gettext_lazy("Chủ tài khoản"),
        max_length=160,
        help_text=gettext_lazy("Viết như ngân hàng ghi, ví dụ: UBND PHUONG KINH BAC."),
    )
    starts_on = DayField(label=gettext_lazy("Dùng từ ngày"))
    registered_on = DayField(
        label=gettext_lazy("Ngày đăng ký trên Cổng Dịch vụ công quốc gia"),
        required=False,
        help_text=gettext_lazy("Để trống nếu chưa đăng ký; khi đó chưa thu trực tuyến được."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["bank_bin"]
        assert isinstance(field, forms.ChoiceField)
        usable = [bank for bank in banks().values() if bank.receives]
        field.choices = [("", gettext_lazy("Chọn ngân hàng"))] + [
            (bank.bin, f"{bank.short_name} – {bank.name}") for bank in usable
        ]


class EndAccountForm(Form):
    ends_on = DayField(
        label=gettext_lazy("Ngày cuối dùng"),
        help_text=gettext_lazy("Giấy hẹn đã in vẫn mang mã QR của tài khoản này: đóng ở ngân hàng muộn hơn."),
    )
    reason = forms.CharField(label=gettext_lazy("Lý do"), max_length=255)


class RegisterForm(Form):
    registered_on = DayField(
        label=gettext_lazy("Ngày đăng ký"),
        required=False,
        help_text=gettext_lazy("Để trống nếu tài khoản không còn đăng ký."),
    )


class ResolveForm(Form):
    came = AmountField(
        label=gettext_lazy("Số tiền thực nhận (đồng)"),
        min_value=0,
        max_value=10**11,
        help_text=gettext_lazy("Theo sao kê ngân hàng; nhập 0 nếu tiền không về."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Căn cứ đối chiếu"),
        max_length=500,
        help_text=gettext_lazy("Ví dụ: sao kê Agribank ngày 01/12/2025, dòng 14."),
    )

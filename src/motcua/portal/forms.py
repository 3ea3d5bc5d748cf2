"""The one form of the public site."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.kernel.web.forms import Form
from motcua.portal.rules.check import digits_of


class TrackingForm(Form):
    """A dossier's code and the last four digits of a number its owner or submitter knows."""

    code = forms.CharField(
        label=gettext_lazy("Mã hồ sơ"),
        help_text=gettext_lazy("In trên giấy tiếp nhận hồ sơ, ví dụ H05.101-261123-0012."),
        max_length=60,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    check_value = forms.CharField(
        label=gettext_lazy("4 số cuối của số căn cước hoặc số điện thoại"),
        help_text=gettext_lazy("Của chủ hồ sơ hoặc của người nộp, như đã khai khi nộp hồ sơ."),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )

    def clean_check_value(self) -> str:
        typed: str = self.cleaned_data["check_value"]
        if not digits_of(typed):
            raise forms.ValidationError(
                _("Nhập đủ 4 số cuối của số căn cước hoặc số điện thoại, ví dụ 1234.")
            )
        return typed

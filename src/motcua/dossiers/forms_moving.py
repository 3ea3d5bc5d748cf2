"""What is typed on the pages of dossiers under way."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from motcua.dossiers.form_parts import text_area
from motcua.kernel.web.days import DayField
from motcua.kernel.web.forms import Form


class UndoForm(Form):
    """Why something is taken back."""

    use_required_attribute = False
    reason = forms.CharField(
        label=_("Lý do hoàn tác"),
        max_length=500,
        widget=text_area(3),
        help_text=_("Lý do được ghi vào nhật ký của từng hồ sơ."),
    )


class ChoiceForm(Form):
    """What the applicant chose, and when."""

    use_required_attribute = False
    choice = forms.ChoiceField(
        label=_("Người nộp chọn"),
        choices=[
            ("finish", _("Tiếp tục theo quy định lúc tiếp nhận")),
            ("convert", _("Chuyển sang quy định mới")),
        ],
        widget=forms.RadioSelect,
    )
    chosen_on = DayField(label=_("Ngày lựa chọn"))
    note = forms.CharField(
        label=_("Ghi chú"),
        max_length=500,
        required=False,
        widget=text_area(2),
        help_text=_("Ví dụ: người nộp trả lời tại quầy, qua điện thoại, bằng văn bản số nào."),
    )

"""What changes the course of a dossier: its case, its date, its end, its result, its files."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from motcua.dossiers.form_parts import ActForm, Choices, ResultFields, text_area
from motcua.dossiers.types import Act
from motcua.kernel.web.days import DayField


class ChangeCaseForm(ActForm):
    act = Act.CHANGE_CASE
    case_key = forms.ChoiceField(
        label=_("Trường hợp đúng"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Chọn trường hợp.")},
    )
    reason = forms.CharField(
        label=_("Lý do"),
        max_length=500,
        widget=text_area(2),
        error_messages={"required": _("Ghi lý do đổi trường hợp: hạn trả có thể thay đổi.")},
    )

    def offer(self, choices: Choices) -> None:
        self._fill("case_key", choices.cases)


class ExtendForm(ActForm):
    """Apology and the one new date (form 04)."""

    act = Act.EXTEND
    new_due_on = DayField(
        label=_("Hẹn lại ngày"),
        help_text=_(
            "Chỉ được hẹn lại một lần, và phải gửi lời xin lỗi chậm nhất một ngày trước ngày hẹn cũ."
        ),
        error_messages={"required": _("Ghi ngày hẹn mới.")},
    )
    reason = forms.CharField(
        label=_("Lý do chậm"),
        max_length=1000,
        widget=text_area(),
        help_text=_("Được in trên thư xin lỗi gửi người dân."),
        error_messages={"required": _("Ghi lý do: người dân được biết vì sao hồ sơ chậm.")},
    )


class StopForm(ActForm):
    """Stop handling, by the applicant's wish or not (form 05)."""

    act = Act.STOP
    requested_by_applicant = forms.ChoiceField(
        label=_("Vì sao dừng"),
        widget=forms.RadioSelect,
        choices=[("yes", _("Công dân xin rút hồ sơ")), ("no", _("Không đủ điều kiện giải quyết tiếp"))],
        error_messages={"required": _("Chọn vì sao dừng giải quyết.")},
    )
    reason = forms.CharField(
        label=_("Lý do"),
        max_length=2000,
        widget=text_area(),
        error_messages={"required": _("Ghi lý do; lý do được in trên thông báo.")},
    )
    papers_returned = forms.CharField(
        label=_("Giấy tờ trả lại"),
        required=False,
        max_length=2000,
        widget=text_area(2),
        help_text=_("Mỗi dòng một giấy tờ."),
    )

    def arguments(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        data["requested_by_applicant"] = data["requested_by_applicant"] == "yes"
        return data


class ResultForm(ResultFields, ActForm):
    """Record or correct the result without moving the dossier."""

    act = Act.RECORD_RESULT

    def offer(self, choices: Choices) -> None:
        if not choices.may_attach:
            del self.fields["result_file"]

    def arguments(self) -> dict[str, Any]:
        return {"result": self.result()}


class AttachForm(ActForm):
    act = Act.ATTACH
    file = forms.FileField(
        label=_("Tệp"),
        error_messages={
            "required": _("Chọn tệp cần thêm."),
            "empty": _("Tệp này trống. Hãy chọn tệp khác."),
        },
    )
    paper_id = forms.TypedChoiceField(label=_("Thuộc giấy tờ"), required=False, coerce=int, empty_value=None)

    def offer(self, choices: Choices) -> None:
        self._fill("paper_id", [("", str(_("Không thuộc giấy tờ nào trong danh mục"))), *choices.papers])

    def arguments(self) -> dict[str, Any]:
        return {"paper_id": self.cleaned_data["paper_id"]}

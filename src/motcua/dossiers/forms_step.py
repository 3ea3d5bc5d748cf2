"""What people fill in on their own step: which way it goes on, whom they ask, who takes it over."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from motcua.dossiers.form_parts import RESULT_FIELDS, ActForm, Choices, ResultFields, text_area
from motcua.dossiers.types import Act


class CompleteForm(ResultFields, ActForm):
    """Finish a step: which way it goes, what there is to say, who goes on, and at the end the result."""

    act = Act.COMPLETE_STEP
    field_order = ("outcome", "note", "assignee_id", *RESULT_FIELDS)
    outcome = forms.ChoiceField(
        label=_("Hướng đi tiếp"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Chọn hướng đi tiếp của hồ sơ."),
            "invalid_choice": _("Hướng đi này không còn ở bước hiện tại. Hãy tải lại trang."),
        },
    )
    note = forms.CharField(label=_("Ý kiến, ghi chú"), required=False, max_length=2000, widget=text_area())
    assignee_id = forms.TypedChoiceField(
        label=_("Giao cho"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("Để trống: mọi người có vai trò này ở đơn vị tiếp theo đều thấy việc."),
    )

    def offer(self, choices: Choices) -> None:
        self._fill("outcome", choices.outcomes)
        self._fill("assignee_id", [("", str(_("Không giao riêng ai"))), *choices.people])
        if not choices.people:
            del self.fields["assignee_id"]
        if not choices.needs_result:
            for name in RESULT_FIELDS:
                del self.fields[name]
        if len(choices.outcomes) == 1:
            self.fields["outcome"].initial = choices.outcomes[0][0]

    def full_clean(self) -> None:
        """The result is asked for only on the way that leads to it."""
        if self.is_bound and self.data.get("outcome") != self.choices.ordinary_outcome:
            for name in RESULT_FIELDS:
                if name in self.fields:
                    self.fields[name].required = False
        super().full_clean()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("outcome") in self.choices.noted_outcomes and not str(data.get("note") or "").strip():
            self.add_error("note", str(_("Hướng này cần nêu lý do: người nhận phải biết sửa điều gì.")))
        return data

    @property
    def is_untouched(self) -> bool:
        typed = [name for name in ("note", *RESULT_FIELDS) if name != "result_granted"]
        known = self.data.get("outcome") in dict(self.choices.outcomes)
        return known and not self.files and not any(str(self.data.get(name) or "").strip() for name in typed)

    def focus_first(self) -> str:
        outcome = self.initial.get("outcome")
        needed = ""
        if outcome in self.choices.noted_outcomes:
            needed = "note"
        elif self.choices.needs_result and outcome == self.choices.ordinary_outcome:
            needed = RESULT_FIELDS[0]
        if needed:
            self.fields[needed].widget.attrs["autofocus"] = True
        return needed

    @property
    def goes_on(self) -> bool:
        """Whether the ordinary way on was chosen, which is what the assignee and the result belong to."""
        return bool(self.cleaned_data["outcome"] == self.choices.ordinary_outcome)

    def arguments(self) -> dict[str, Any]:
        found = {"outcome": self.cleaned_data["outcome"], "note": self.cleaned_data["note"]}
        if self.goes_on:
            found["assignee_id"] = self.cleaned_data.get("assignee_id")
            found["result"] = self.result() if self.choices.needs_result else None
        return found


class ConsultForm(ActForm):
    """Ask other units for their opinion while the step stays open."""

    act = Act.CONSULT
    aliases = {"units": "unit_ids"}
    unit_ids = forms.TypedMultipleChoiceField(
        label=_("Đơn vị được lấy ý kiến"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Chọn ít nhất một đơn vị.")},
    )
    question = forms.CharField(
        label=_("Nội dung hỏi"),
        max_length=2000,
        widget=text_area(),
        error_messages={"required": _("Ghi rõ cần đơn vị cho ý kiến về việc gì.")},
    )
    days = forms.DecimalField(
        label=_("Thời hạn trả lời (ngày làm việc)"),
        min_value=Decimal("0.25"),
        max_value=Decimal(60),
        decimal_places=2,
        localize=True,
        initial=Decimal(2),
        widget=forms.TextInput(attrs={"class": "input-date", "inputmode": "decimal", "maxlength": 5}),
        error_messages={
            "required": _("Ghi số ngày làm việc, ví dụ 2 hoặc 0,5."),
            "invalid": _("Ghi số ngày làm việc, ví dụ 2 hoặc 0,5."),
            "min_value": _("Từ 0,25 đến 60 ngày làm việc."),
            "max_value": _("Từ 0,25 đến 60 ngày làm việc."),
            "max_decimal_places": _("Ghi số ngày làm việc, nhiều nhất hai chữ số sau dấu phẩy."),
        },
    )

    def offer(self, choices: Choices) -> None:
        field = self.fields["unit_ids"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = list(choices.units)


class AnswerForm(ActForm):
    """The opinion of a unit that was asked."""

    act = Act.ANSWER
    agrees = forms.ChoiceField(
        label=_("Ý kiến"),
        widget=forms.RadioSelect,
        choices=[("yes", _("Đồng ý")), ("no", _("Không đồng ý")), ("other", _("Ý kiến khác"))],
        error_messages={"required": _("Chọn đồng ý, không đồng ý hoặc ý kiến khác.")},
    )
    opinion = forms.CharField(
        label=_("Nội dung ý kiến"), required=False, max_length=4000, widget=text_area(4)
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("agrees") in {"no", "other"} and not str(data.get("opinion") or "").strip():
            self.add_error("opinion", str(_("Ghi nội dung ý kiến để đơn vị hỏi biết phải làm gì.")))
        return data

    def arguments(self) -> dict[str, Any]:
        agrees = {"yes": True, "no": False, "other": None}[self.cleaned_data["agrees"]]
        return {"opinion": self.cleaned_data["opinion"] or str(_("Đồng ý.")), "agrees": agrees}


class WithdrawConsultationForm(ActForm):
    """Nothing to type: one button."""

    act = Act.WITHDRAW_CONSULTATION


class ReassignForm(ActForm):
    act = Act.REASSIGN
    assignee_id = forms.TypedChoiceField(
        label=_("Giao cho"),
        coerce=int,
        error_messages={"required": _("Chọn người nhận việc.")},
    )
    reason = forms.CharField(
        label=_("Lý do"),
        max_length=500,
        widget=text_area(2),
        error_messages={"required": _("Ghi lý do phân công lại.")},
    )

    def offer(self, choices: Choices) -> None:
        self._fill("assignee_id", [("", str(_("Chọn người"))), *choices.people])


class ClaimForm(ActForm):
    """Nothing to type: one button."""

    act = Act.CLAIM


class TakeBackForm(ActForm):
    act = Act.TAKE_BACK
    reason = forms.CharField(
        label=_("Lý do rút lại"),
        max_length=500,
        widget=text_area(2),
        error_messages={"required": _("Ghi lý do rút lại.")},
    )

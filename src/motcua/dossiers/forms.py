"""The forms of the acts. Choices come from the page; nothing here asks the database."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from motcua.dossiers.actions import SupplementItem
from motcua.dossiers.form_parts import (
    RESULT_FIELDS,
    ActForm,
    Choices,
    LinesField,
    ResultFields,
    VnDateField,
    text_area,
)
from motcua.dossiers.forms_money import AssessFeesForm, AwaitPaymentForm, PaymentDoneForm
from motcua.dossiers.types import Act, PaperGiven, PaperState


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


class SupplementForm(ActForm):
    """Ask once for everything that is missing (Decree 118/2025 Art. 11)."""

    act = Act.REQUEST_SUPPLEMENT
    papers = forms.MultipleChoiceField(
        label=_("Giấy tờ còn thiếu hoặc chưa đúng"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Đánh dấu tất cả ngay lần này: luật chỉ cho yêu cầu bổ sung một lần."),
    )
    lines = LinesField(
        label=_("Nội dung khác cần bổ sung"),
        required=False,
        max_length=4000,
        help_text=_("Mỗi dòng một nội dung."),
    )
    reason = forms.CharField(
        label=_("Lý do, căn cứ"),
        max_length=2000,
        widget=text_area(),
        error_messages={"required": _("Nêu lý do để người dân hiểu vì sao phải bổ sung.")},
    )
    respond_by = VnDateField(label=_("Bổ sung trước ngày"), required=False)
    leader_reason = forms.CharField(
        label=_("Lý do của lãnh đạo cho lần bổ sung này"),
        required=False,
        max_length=2000,
        widget=text_area(2),
        help_text=_("Từ lần thứ hai chỉ lãnh đạo được cho phép, và hồ sơ bị tính là trễ hạn."),
    )

    def offer(self, choices: Choices) -> None:
        field = self.fields["papers"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = list(choices.papers)
        if not choices.papers:
            del self.fields["papers"]
        if choices.needs_leader_reason:
            self.order_fields(["leader_reason"])
        else:
            del self.fields["leader_reason"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("papers") and not data.get("lines"):
            where = "papers" if "papers" in self.fields else "lines"
            self.add_error(where, str(_("Đánh dấu ít nhất một giấy tờ, hoặc ghi nội dung cần bổ sung.")))
        if "leader_reason" in self.fields and not str(data.get("leader_reason") or "").strip():
            self.add_error(
                "leader_reason", str(_("Hồ sơ đã được yêu cầu bổ sung một lần: cần lý do của lãnh đạo."))
            )
        return data

    def arguments(self) -> dict[str, Any]:
        names = dict(self.choices.papers)
        keys = self.cleaned_data.get("papers") or []
        items = [SupplementItem(key=key, text=names[key]) for key in keys]
        items += [SupplementItem(key="", text=line) for line in self.cleaned_data["lines"]]
        return {
            "items": items,
            "reason": self.cleaned_data["reason"],
            "respond_by": self.cleaned_data["respond_by"],
            "leader_reason": self.cleaned_data.get("leader_reason") or "",
        }

    def field_for(self, field: str | None) -> str | None:
        named = {"items": "papers" if "papers" in self.fields else "lines"}
        return super().field_for(named.get(field or "", field))


class RegisterSupplementForm(ActForm):
    """The person brought what was missing; the clock goes on."""

    act = Act.REGISTER_SUPPLEMENT
    papers = forms.MultipleChoiceField(
        label=_("Giấy tờ đã nhận"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    note = forms.CharField(
        label=_("Ghi chú"),
        required=False,
        max_length=1000,
        widget=text_area(2),
        help_text=_("Chưa nhận giấy tờ nào: ghi rõ vì sao tiếp tục."),
    )

    def offer(self, choices: Choices) -> None:
        field = self.fields["papers"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = list(choices.papers)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("papers") and not str(data.get("note") or "").strip() and not self.errors:
            self.add_error("papers", str(_("Đánh dấu giấy tờ đã nhận, hoặc ghi rõ vì sao tiếp tục.")))
        return data

    def arguments(self) -> dict[str, Any]:
        names = dict(self.choices.papers)
        papers = tuple(
            PaperGiven(key=_paper_key(key), state=PaperState.RECEIVED, name=names[key])
            for key in self.cleaned_data["papers"]
        )
        return {"papers": papers, "note": self.cleaned_data["note"]}


def _paper_key(choice: str) -> str:
    """Lines typed by an officer have no key in the catalogue; the page numbers them `#1`, `#2`."""
    return "" if choice.startswith("#") else choice


class IntakeForm(ActForm):
    """The person came back with what form 02 asked for: receive the dossier now."""

    act = Act.RECEIVE
    papers = forms.MultipleChoiceField(
        label=_("Giấy tờ nộp lần này"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Đánh dấu mọi giấy tờ đã có đủ, kể cả những giấy tờ nộp lần trước."),
    )

    def offer(self, choices: Choices) -> None:
        field = self.fields["papers"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = list(choices.papers)
        field.initial = [key for key, _name in choices.papers]

    def arguments(self) -> dict[str, Any]:
        given = set(self.cleaned_data["papers"])
        papers = tuple(
            PaperGiven(
                key=_paper_key(key),
                state=PaperState.RECEIVED if key in given else PaperState.MISSING,
                name=name,
            )
            for key, name in self.choices.papers
        )
        return {"papers": papers}


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
    new_due_on = VnDateField(
        label=_("Hẹn lại ngày"),
        help_text=_(
            "Chỉ được hẹn lại một lần, và phải gửi lời xin lỗi chậm nhất một ngày trước ngày hẹn cũ."
        ),
        error_messages={
            "required": _("Ghi ngày hẹn mới."),
            "invalid": _("Nhập ngày theo dạng ngày/tháng/năm, ví dụ 25/11/2026."),
        },
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


FORMS: dict[Act, type[ActForm]] = {
    form.act: form
    for form in (
        CompleteForm,
        SupplementForm,
        RegisterSupplementForm,
        IntakeForm,
        ConsultForm,
        AnswerForm,
        WithdrawConsultationForm,
        ReassignForm,
        ClaimForm,
        TakeBackForm,
        ChangeCaseForm,
        ExtendForm,
        StopForm,
        ResultForm,
        AttachForm,
        AssessFeesForm,
        AwaitPaymentForm,
        PaymentDoneForm,
    )
}

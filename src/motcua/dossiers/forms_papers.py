"""What is missing and what was brought: form 02 asked for, registered, received after."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from motcua.dossiers.actions import SupplementItem
from motcua.dossiers.form_parts import ActForm, Choices, LinesField, text_area
from motcua.dossiers.types import Act, PaperGiven, PaperState
from motcua.kernel.web.days import DayField


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
    respond_by = DayField(label=_("Bổ sung trước ngày"), required=False)
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

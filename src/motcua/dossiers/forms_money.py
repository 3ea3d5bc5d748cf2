"""The forms of the acts on a dossier's money. What is asked comes from the page's choices."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from motcua.catalogue.queries.fee_asking import EXEMPT, PREFIX
from motcua.catalogue.queries.fee_asking import Field as FeeField
from motcua.dossiers.form_parts import ActForm, Choices, text_area
from motcua.dossiers.types import Act


def _fits(part: FeeField | None) -> list[FeeField]:
    return [part] if part else []


class AssessFeesForm(ActForm):
    """What the fees are counted by, told again: counts, conditions, the day of an event, proofs that were shown."""

    act = Act.ASSESS_FEES
    reason = forms.CharField(
        label=_("Lý do tính lại"),
        max_length=500,
        required=False,
        widget=text_area(2),
        help_text=_("Lưu cùng hồ sơ và ghi vào khoản phải nộp."),
    )

    def offer(self, choices: Choices) -> None:
        assert choices.ask_fees is not None
        asking = choices.ask_fees(None)
        made: dict[str, forms.Field] = {}
        for one in (*asking.counts, *_fits(asking.event)):
            attrs = {"inputmode": "numeric", "autocomplete": "off"}
            made[one.name] = forms.CharField(
                label=one.label.render().capitalize(),
                required=False,
                max_length=20,
                initial=one.value,
                help_text=one.hint.render() if one.hint else "",
                widget=forms.TextInput(attrs=attrs),
            )
        for one in asking.conditions:
            yes_no = [("", _("Chưa rõ")), ("co", _("Có")), ("khong", _("Không"))]
            made[one.name] = forms.ChoiceField(
                label=one.label.render().capitalize(), required=False, initial=one.value, choices=yes_no
            )
        if asking.groups:
            made[EXEMPT] = forms.MultipleChoiceField(
                label=_("Diện miễn, giảm đã xem giấy tờ"),
                required=False,
                widget=forms.CheckboxSelectMultiple,
                choices=[
                    (one.key, f"{one.name}: {one.proof}" if one.proof else one.name) for one in asking.groups
                ],
                initial=[one.key for one in asking.groups if one.ticked],
            )
        self.fields = {**made, **self.fields}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        assert self.choices.ask_fees is not None
        typed = {name: self._posted(name, value) for name, value in data.items()}
        asking = self.choices.ask_fees(lambda name: typed.get(name, []))
        for name, sentence in asking.wrong.items():
            self.add_error(name if name in self.fields else None, sentence.render())
        self._answers = asking.answers
        return data

    def _posted(self, name: str, value: Any) -> list[str]:
        return list(value) if isinstance(value, list) else [str(value or "")]

    def arguments(self) -> dict[str, Any]:
        return {"answers": self._answers, "reason": self.cleaned_data["reason"]}

    def field_for(self, field: str | None) -> str | None:
        return super().field_for((field or "").replace("fees.", PREFIX))


class AwaitPaymentForm(ActForm):
    act = Act.AWAIT_PAYMENT
    note = forms.CharField(
        label=_("Nghĩa vụ phải nộp"),
        max_length=300,
        required=False,
        widget=text_area(2),
        help_text=_(
            "Ví dụ: Thông báo nộp tiền số 12/TB-CT ngày 20/11/2026. Để trống nếu chỉ chờ khoản thu ở đây."
        ),
    )

    def offer(self, choices: Choices) -> None:
        if not choices.owed:
            self.fields["note"].required = True
            self.fields["note"].error_messages["required"] = _("Ghi nghĩa vụ phải nộp và số thông báo.")


class PaymentDoneForm(ActForm):
    act = Act.PAYMENT_DONE
    note = forms.CharField(
        label=_("Chứng từ đã nộp"),
        max_length=300,
        widget=text_area(2),
        error_messages={"required": _("Ghi chứng từ đã nộp: số, ngày, nơi nộp.")},
    )

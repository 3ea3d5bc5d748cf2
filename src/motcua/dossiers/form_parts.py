"""What every form on a dossier is made of: Vietnamese dates, lists of lines, and the act it stands for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from motcua.catalogue.queries.fee_asking import Asking, Typed
from motcua.dossiers.rules.worklist import Filters
from motcua.dossiers.types import Act, ResultData, Status
from motcua.kernel.messages import Message
from motcua.kernel.text import nfc
from motcua.kernel.web.days import DayField

Choice = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Choices:
    """What the lists of an act's form offer."""

    outcomes: Sequence[Choice] = ()
    noted_outcomes: frozenset[str] = frozenset()
    people: Sequence[Choice] = ()
    papers: Sequence[Choice] = ()
    units: Sequence[Choice] = ()
    cases: Sequence[Choice] = ()
    needs_leader_reason: bool = False
    needs_result: bool = False
    may_attach: bool = True
    ordinary_outcome: str = ""
    ask_fees: Callable[[Typed | None], Asking] | None = None
    owed: int = 0
    money: Sequence[Message] = ()


class LinesField(forms.CharField):
    """One thing a line; empty lines are dropped."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.Textarea(attrs={"rows": 3}))
        super().__init__(**options)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return [line for raw in str(text or "").splitlines() if (line := nfc(raw))]


def text_area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class ActForm(forms.Form):
    """Base: takes the page's choices, and turns what was typed into the action's arguments."""

    act: ClassVar[Act]
    aliases: ClassVar[Mapping[str, str]] = {}
    """What an action calls an input, where the form has another name for it."""
    use_required_attribute = False

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choices = choices
        self.offer(choices)

    def offer(self, choices: Choices) -> None:
        """Put the choices into the fields."""

    @property
    def is_untouched(self) -> bool:
        """Whether nothing was typed yet: choices made by a button do not count."""
        return False

    def focus_first(self) -> str:
        """Put the cursor into the first field the chosen way needs; its name, "" when it needs none."""
        return ""

    def arguments(self) -> dict[str, Any]:
        """Keyword arguments of the action, beyond actor, code, task and time."""
        return dict(self.cleaned_data)

    def refuse(self, field: str | None, message: str) -> None:
        """Show a refusal where it belongs: at the field it names, else above the form."""
        self.add_error(self.field_for(field), message)

    def field_for(self, field: str | None) -> str | None:
        named = self.aliases.get(field or "", field)
        return named if named in self.fields else None

    def _fill(self, name: str, choices: Iterable[Choice]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices)


class ResultFields(forms.Form):
    """The document that was decided."""

    result_number = forms.CharField(
        label=_("Số, ký hiệu kết quả"),
        max_length=64,
        error_messages={"required": _("Ghi số, ký hiệu của văn bản kết quả.")},
    )
    result_issued_on = DayField(
        label=_("Ngày ký"),
        error_messages={"required": _("Ghi ngày ký kết quả.")},
    )
    result_summary = forms.CharField(
        label=_("Trích yếu"),
        max_length=1000,
        widget=text_area(2),
        error_messages={"required": _("Ghi trích yếu: kết quả là gì, cho ai.")},
    )
    result_signer = forms.CharField(label=_("Người ký"), required=False, max_length=160)
    result_granted = forms.ChoiceField(
        label=_("Nội dung"),
        widget=forms.RadioSelect,
        choices=[("yes", _("Giải quyết theo đề nghị")), ("no", _("Từ chối, có văn bản trả lời"))],
        initial="yes",
    )
    result_file = forms.FileField(
        label=_("Bản điện tử của kết quả"), required=False, help_text=_("PDF đã ký số hoặc bản quét.")
    )

    def result(self) -> ResultData:
        """What was typed, one spelling for storing."""
        data = self.cleaned_data
        return ResultData(
            number=nfc(data["result_number"]),
            issued_on=data["result_issued_on"],
            summary=nfc(data["result_summary"]),
            signer=nfc(data["result_signer"]),
            granted=data["result_granted"] == "yes",
        )


RESULT_FIELDS = tuple(ResultFields.base_fields)


class FilterForm(forms.Form):
    """What narrows the worklist; every value is optional and a wrong one narrows nothing."""

    tim = forms.CharField(label=_("Tìm trong danh sách"), required=False, max_length=120)
    linh_vuc = forms.CharField(label=_("Lĩnh vực"), required=False, max_length=160)
    thu_tuc = forms.CharField(label=_("Thủ tục"), required=False, max_length=500)
    buoc = forms.CharField(label=_("Bước"), required=False, max_length=255)
    trang_thai = forms.ChoiceField(
        label=_("Trạng thái"),
        required=False,
        choices=[("", _("Tất cả")), *[(s.value, s.label) for s in Status]],
    )
    don_vi = forms.IntegerField(label=_("Đơn vị"), required=False, min_value=1, max_value=2**31)
    nguoi = forms.IntegerField(label=_("Người xử lý"), required=False, min_value=1, max_value=2**31)
    tu = DayField(label=_("Nhận từ ngày"), required=False)
    den = DayField(label=_("đến ngày"), required=False)

    def filters(self) -> Filters:
        """The values that could be read."""
        self.is_valid()
        data: dict[str, Any] = self.cleaned_data
        return Filters(
            text=nfc(data.get("tim") or ""),
            field=data.get("linh_vuc") or "",
            procedure=data.get("thu_tuc") or "",
            step=data.get("buoc") or "",
            status=data.get("trang_thai") or "",
            unit_id=data.get("don_vi"),
            assignee_id=data.get("nguoi"),
            received_from=_day(data.get("tu")),
            received_to=_day(data.get("den")),
        )


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None

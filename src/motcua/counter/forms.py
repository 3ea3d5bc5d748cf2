"""The forms of a reception: its four people, the rest of the page, and all of them together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from motcua.counter.form_fields import IdNumberField, PhoneField, TypedDateField
from motcua.counter.rules.id_number import FEMALE, MALE
from motcua.dossiers.types import Channel, Person, Reception, ReturnMethod
from motcua.kernel.text import nfc

ORGANISATION_LENGTHS = frozenset({10, 13})
PARTS = ("owner", "submitter", "recipient", "payer")


class PersonForm(forms.Form):
    """One of the four people (or organisations) of a dossier."""

    id_number = IdNumberField(label=_("Số định danh, MST"), required=False)
    name = forms.CharField(
        label=_("Họ tên, tên tổ chức"),
        max_length=255,
        error_messages={"required": _("Nhập họ tên (hoặc tên tổ chức).")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "words"}),
    )
    born_on = TypedDateField(label=_("Ngày sinh"), required=False, picker=False)
    gender = forms.ChoiceField(
        label=_("Giới tính"), required=False, choices=[("", "—"), (MALE, _("Nam")), (FEMALE, _("Nữ"))]
    )
    phone = PhoneField(label=_("Điện thoại"), required=False)
    email = forms.EmailField(
        label=_("Thư điện tử"),
        required=False,
        max_length=160,
        error_messages={"invalid": _("Địa chỉ thư điện tử chưa đúng, ví dụ ten@vidu.vn.")},
    )
    address = forms.CharField(
        label=_("Địa chỉ"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    is_organisation = forms.BooleanField(label=_("Là tổ chức"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("label_suffix", "")
        options.setdefault("use_required_attribute", False)
        super().__init__(*args, **options)

    def person(self) -> Person:
        """The person as typed; a tax code makes an organisation."""
        data = self.cleaned_data
        number = data["id_number"]
        return Person(
            name=nfc(data["name"]),
            id_number=number,
            is_organisation=bool(data["is_organisation"]) or len(number) in ORGANISATION_LENGTHS,
            born_on=data["born_on"],
            gender=data["gender"],
            address=nfc(data["address"]),
            phone=data["phone"],
            email=data["email"],
        )


def _lines(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "placeholder": " "})


class ReceptionForm(forms.Form):
    """What a reception says besides its people and its papers."""

    key = forms.CharField(max_length=64, widget=forms.HiddenInput)
    procedure = forms.IntegerField(
        min_value=1,
        max_value=2**63 - 1,
        widget=forms.HiddenInput,
        error_messages={
            "required": _("Chọn thủ tục: gõ vài chữ cái rồi Enter."),
            "invalid": _("Chọn lại thủ tục trong danh sách."),
        },
    )
    case_key = forms.CharField(required=False, max_length=120)
    place = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    has_submitter = forms.BooleanField(label=_("Có người nộp thay"), required=False)
    authorisation = forms.CharField(
        label=_("Giấy tờ ủy quyền"),
        required=False,
        max_length=500,
        help_text=_("Ví dụ: Giấy ủy quyền số 15 ngày 20/11/2026; hoặc quan hệ: con đẻ, có giấy khai sinh."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    has_recipient = forms.BooleanField(label=_("Người nhận khác"), required=False)
    has_payer = forms.BooleanField(label=_("Người nộp phí khác"), required=False)
    channel = forms.TypedChoiceField(
        label=_("Nộp bằng cách"),
        coerce=int,
        choices=[(int(Channel.COUNTER), Channel.COUNTER.label), (int(Channel.POST), Channel.POST.label)],
        initial=int(Channel.COUNTER),
    )
    return_method = forms.ChoiceField(
        label=_("Nhận kết quả"),
        choices=[(method.value, method.label) for method in ReturnMethod],
        initial=ReturnMethod.COUNTER.value,
        widget=forms.RadioSelect,
        error_messages={"required": _("Chọn cách nhận kết quả.")},
    )
    return_address = forms.CharField(
        label=_("Gửi kết quả tới địa chỉ"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    extra_papers = forms.CharField(
        label=_("Giấy tờ khác người dân nộp thêm"),
        required=False,
        max_length=4000,
        widget=_lines(2),
        help_text=_("Mỗi dòng một loại. Không yêu cầu giấy tờ ngoài danh mục."),
    )
    request_summary = forms.CharField(
        label=_("Nội dung yêu cầu"),
        required=False,
        max_length=1000,
        widget=_lines(2),
        help_text=_("Để trống: dùng tên thủ tục."),
    )
    set_count = forms.IntegerField(
        label=_("Số bộ hồ sơ"),
        required=False,
        min_value=1,
        max_value=99,
        initial=1,
        error_messages={
            "min_value": _("Số bộ hồ sơ từ 1 đến 99."),
            "max_value": _("Số bộ hồ sơ từ 1 đến 99."),
        },
    )
    related_code = forms.CharField(
        label=_("Mã hồ sơ liên quan"),
        required=False,
        max_length=48,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    agency_initiated = forms.BooleanField(
        label=_("Hồ sơ do cơ quan lập, không do công dân nộp"), required=False
    )
    supplement_lines = forms.CharField(
        label=_("Nội dung khác cần bổ sung, sửa lại"),
        required=False,
        max_length=4000,
        widget=_lines(2),
        help_text=_("Mỗi dòng một nội dung. Ghi đủ trong một lần."),
    )
    supplement_reason = forms.CharField(
        label=_("Lý do"),
        required=False,
        max_length=1000,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    respond_by = TypedDateField(label=_("Bổ sung trước ngày"), required=False)
    refusal_reason = forms.CharField(
        label=_("Lý do từ chối"),
        required=False,
        max_length=2000,
        widget=_lines(3),
        help_text=_("Mỗi dòng một lý do, in trên phiếu giao cho người dân."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("label_suffix", "")
        options.setdefault("use_required_attribute", False)
        super().__init__(*args, **options)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        by_post = data.get("return_method") == ReturnMethod.POST.value
        if by_post and not str(data.get("return_address") or "").strip():
            self.add_error("return_address", _t("Nhận qua bưu chính cần địa chỉ gửi."))
        if data.get("has_submitter") and not str(data.get("authorisation") or "").strip():
            self.add_error("authorisation", _t("Ghi giấy tờ ủy quyền hoặc quan hệ với chủ hồ sơ."))
        return data


class ReceptionInput:
    """Everything of one reception page: the four people, the rest, and which parts are in use."""

    def __init__(
        self, data: Any | None, *, unit_id: int, initial: Mapping[str, Mapping[str, Any]] | None = None
    ):
        given = initial or {}
        self.unit_id = unit_id
        self.data = data
        self.refused: dict[str, str] = {}
        self.form = ReceptionForm(data, initial=dict(given.get("form", {})))
        self.people = {
            part: PersonForm(data, prefix=part, initial=dict(given.get(part, {}))) for part in PARTS
        }
        self.people["submitter"].fields["name"].error_messages["required"] = _t("Nhập họ tên người nộp thay.")
        self.people["recipient"].fields["name"].error_messages["required"] = _t(
            "Nhập họ tên người nhận kết quả."
        )
        self.people["payer"].fields["name"].error_messages["required"] = _t(
            "Nhập họ tên người nộp phí, lệ phí."
        )
        self.people["owner"].fields["name"].error_messages["required"] = _t("Nhập họ tên chủ hồ sơ.")

    @classmethod
    def unchecked(cls, data: Any, *, unit_id: int) -> ReceptionInput:
        """The forms as they stand, nothing checked and no errors shown: while one is still typing."""
        parts: dict[str, type[forms.Form]] = dict.fromkeys(PARTS, PersonForm)
        initial = {
            part: {
                name: _as_typed(data, f"{part}-{name}", field)
                for name, field in form.base_fields.items()
                if f"{part}-{name}" in data
            }
            for part, form in parts.items()
        }
        initial["form"] = {
            name: _as_typed(data, name, field)
            for name, field in ReceptionForm.base_fields.items()
            if name in data
        }
        return cls(None, unit_id=unit_id, initial=initial)

    def uses(self, part: str) -> bool:
        """Whether this person is somebody else than the owner."""
        return part == "owner" or bool(self.form[f"has_{part}"].value())

    def is_valid(self) -> bool:
        """Check every part in use; the errors stay on the forms."""
        found = [self.form.is_valid(), *(self.people[part].is_valid() for part in PARTS if self.uses(part))]
        return all(found)

    def add_refusal(self, field: str | None, text: str) -> None:
        """Put what an action refused at the field it is about."""
        part, _sep, name = (field or "").partition("_")
        if part in self.people and name in self.people[part].fields:
            self.people[part].add_error(name, text)
        elif field == "procedure_version_id":
            self.form.add_error("procedure", text)
        elif field == "place_agency_id":
            self.form.add_error("place", text)
        elif field and field.startswith("fees."):
            self.refused[field.replace(".", "-").replace("fees", "fee")] = text
        elif field in self.form.fields:
            self.form.add_error(field, text)
        else:
            self.refused[TARGETS.get(field or "", "")] = text

    def errors(self) -> dict[str, str]:
        """Every error by the id of its input, top to bottom as the page shows them."""
        found: dict[str, str] = {}
        for part in PARTS:
            form = self.people[part]
            if self.uses(part) and form.is_bound:
                found |= {
                    form[name].id_for_label: " ".join(map(str, errors))
                    for name, errors in form.errors.items()
                }
        for name, errors in self.form.errors.items():
            target = TARGETS.get(name) or (self.form[name].id_for_label if name in self.form.fields else "")
            found[target] = " ".join(str(error) for error in errors)
        return found | self.refused

    def reception(self, papers: Any) -> Reception:
        """The reception as the dossiers context takes it."""
        data = self.form.cleaned_data
        people = {part: self.people[part].person() if self.uses(part) else None for part in PARTS}
        owner = people["owner"]
        assert owner is not None
        return Reception(
            procedure_version_id=data["procedure"],
            owner=owner,
            receiving_unit_id=self.unit_id,
            case_key=data["case_key"],
            submitter=people["submitter"],
            authorisation=nfc(data["authorisation"]) if people["submitter"] else "",
            recipient=people["recipient"],
            payer=people["payer"],
            papers=tuple(papers),
            channel=Channel(data["channel"]),
            place_agency_id=data["place"],
            return_method=ReturnMethod(data["return_method"]),
            return_address=nfc(data["return_address"]),
            request_summary=nfc(data["request_summary"]),
            set_count=data["set_count"] or 1,
            idempotency_key=data["key"],
            agency_initiated=data["agency_initiated"],
            related_code=data["related_code"].strip(),
        )


def _as_typed(data: Any, name: str, field: forms.Field) -> Any:
    return bool(data.get(name)) if isinstance(field, forms.BooleanField) else data.get(name)


TARGETS = {
    "procedure": "procedure-search",
    "case_key": "cases",
    "papers": "papers",
    "items": "papers",
    "place": "place",
    "reason": "id_refusal_reason",
    "__all__": "",
}
"""Errors whose input is not a field of the form: where the link of the summary leads."""

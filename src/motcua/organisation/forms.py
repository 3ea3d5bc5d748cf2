"""The shape of what people type on the organisation's screens; whether it may be done is for the actions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, time
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.kernel.web.days import DayField
from motcua.organisation.rules.working_time import Session
from motcua.organisation.types import DayKind, DayReason, PersonInfo, Role, UnitFunction, UnitKind

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SPAN = re.compile(r"^(\d{1,2})[:hg.](\d{2})\s*[-–]\s*(\d{1,2})[:hg.](\d{2})$")


def parse_sessions(text: str) -> tuple[Session, ...]:
    """`07:30-11:30, 13:30-17:30` as sessions; `ValidationError` names the part that cannot be read."""
    found = []
    for part in (piece.strip() for piece in re.split(r"[,;]", text)):
        if not part:
            continue
        match = SPAN.match(part)
        try:
            if match is None:
                raise ValueError(part)
            numbers = [int(number) for number in match.groups()]
            found.append(Session(time(numbers[0], numbers[1]), time(numbers[2], numbers[3])))
        except ValueError:
            raise ValidationError(
                _("Không đọc được buổi “%(part)s”. Viết giờ mở và giờ đóng, ví dụ 07:30-11:30."),
                params={"part": part},
            ) from None
    return tuple(found)


def sessions_text(sessions: Iterable[Session]) -> str:
    """Sessions as `parse_sessions` reads them."""
    return ", ".join(f"{s.opens:%H:%M}-{s.closes:%H:%M}" for s in sessions)


def _day_field(label: StrOrPromise, wanted: StrOrPromise, **more: Any) -> DayField:
    return DayField(label=label, error_messages={"required": wanted}, **more)


class PersonField(forms.CharField):
    """A user name, chosen from the list or typed."""

    def __init__(self, label: StrOrPromise, list_id: str = "people") -> None:
        super().__init__(
            label=label,
            max_length=64,
            help_text=gettext_lazy("Gõ tên đăng nhập; danh sách gợi ý hiện theo họ tên."),
            error_messages={"required": gettext_lazy("Nhập tên đăng nhập của người này.")},
            widget=forms.TextInput({"list": list_id, "autocomplete": "off", "autocapitalize": "none"}),
        )


class PersonForm(forms.Form):
    """A form with a person in it: the view looks the account up and hands it over with `found`."""

    found: PersonInfo | None = None

    def clean_person(self) -> str:
        username = str(self.cleaned_data["person"]).strip().lower()
        if self.found is None:
            raise ValidationError(
                _("Không có tài khoản đang hoạt động mang tên đăng nhập “%(name)s”."),
                params={"name": username},
            )
        return username


class PostForm(PersonForm):
    person = PersonField(label=gettext_lazy("Người giữ vị trí"))
    role = forms.ChoiceField(label=gettext_lazy("Vai trò"), choices=Role.choices)
    title = forms.CharField(
        label=gettext_lazy("Chức danh"),
        max_length=160,
        help_text=gettext_lazy("In trên giấy tờ, ví dụ: Chuyên viên, Phó Chủ tịch UBND phường."),
        error_messages={"required": gettext_lazy("Nhập chức danh ghi trên giấy tờ.")},
    )
    starts_on = _day_field(gettext_lazy("Từ ngày"), gettext_lazy("Nhập ngày bắt đầu giữ vị trí."))
    ends_on = _day_field(
        gettext_lazy("Đến hết ngày"),
        "",
        required=False,
        help_text=gettext_lazy("Để trống nếu chưa có ngày kết thúc."),
    )


class ClosePostForm(forms.Form):
    ends_on = _day_field(
        gettext_lazy("Ngày cuối cùng giữ vị trí"),
        gettext_lazy("Nhập ngày cuối cùng giữ vị trí."),
        help_text=gettext_lazy("Chọn ngày hôm qua để hết quyền ngay."),
    )


class DelegationForm(PersonForm):
    person = PersonField(label=gettext_lazy("Người nhận ủy quyền"))
    role = forms.ChoiceField(label=gettext_lazy("Được làm việc của vai trò"))
    starts_on = _day_field(gettext_lazy("Từ ngày"), gettext_lazy("Nhập ngày bắt đầu ủy quyền."))
    ends_on = _day_field(gettext_lazy("Đến hết ngày"), gettext_lazy("Nhập ngày kết thúc ủy quyền."))
    document = forms.CharField(
        label=gettext_lazy("Văn bản ủy quyền"),
        max_length=255,
        help_text=gettext_lazy("Số, ngày, cơ quan ban hành, ví dụ: QĐ 15/QĐ-UBND ngày 30/10/2026."),
        error_messages={"required": gettext_lazy("Nhập số, ngày văn bản ủy quyền.")},
    )
    scope = forms.CharField(
        label=gettext_lazy("Phạm vi"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy("Việc được ủy quyền; để trống nếu toàn bộ vai trò."),
    )

    def __init__(self, *args: Any, roles: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = roles


class RevokeForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Lý do hoặc văn bản chấm dứt"),
        max_length=255,
        error_messages={"required": gettext_lazy("Nhập lý do hoặc số văn bản chấm dứt ủy quyền.")},
    )


class UnitEditForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Tên"),
        max_length=200,
        error_messages={"required": gettext_lazy("Nhập tên đơn vị.")},
    )
    full_name = forms.CharField(
        label=gettext_lazy("Tên đầy đủ"),
        max_length=255,
        error_messages={"required": gettext_lazy("Nhập tên đầy đủ của đơn vị.")},
    )
    short_name = forms.CharField(
        label=gettext_lazy("Tên viết tắt"),
        max_length=80,
        error_messages={"required": gettext_lazy("Nhập tên viết tắt của đơn vị.")},
    )
    agency_code = forms.RegexField(
        r"^[A-Z]\d{2}(\.\d{1,3})*$",
        label=gettext_lazy("Mã định danh"),
        max_length=20,
        required=False,
        help_text=gettext_lazy(
            "Mã định danh điện tử, đứng đầu mã hồ sơ, ví dụ H05.16. Phòng, bộ phận để trống."
        ),
        error_messages={
            "invalid": gettext_lazy("Mã định danh gồm một chữ, hai số, rồi các nhóm số sau dấu chấm.")
        },
    )
    place_name = forms.CharField(label=gettext_lazy("Địa danh trên văn bản"), max_length=80, required=False)
    address = forms.CharField(label=gettext_lazy("Địa chỉ"), max_length=255, required=False)
    phone = forms.CharField(
        label=gettext_lazy("Điện thoại"),
        max_length=40,
        required=False,
        widget=forms.TextInput({"inputmode": "tel"}),
    )


class NewUnitForm(forms.Form):
    code = forms.RegexField(
        r"^[A-Za-z0-9][A-Za-z0-9.\-]{0,39}$",
        label=gettext_lazy("Mã trong hệ thống"),
        help_text=gettext_lazy("Chữ không dấu, số, dấu chấm; thường là mã cơ quan rồi mã phòng: 09187.KT."),
        error_messages={
            "required": gettext_lazy("Nhập mã đơn vị."),
            "invalid": gettext_lazy("Mã chỉ gồm chữ không dấu, số, dấu chấm, gạch ngang."),
        },
    )
    name = forms.CharField(
        label=gettext_lazy("Tên"),
        max_length=200,
        error_messages={"required": gettext_lazy("Nhập tên đơn vị.")},
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Loại"),
        choices=[(k.value, k.label) for k in (UnitKind.DIVISION, UnitKind.SERVICE_CENTRE)],
    )
    function = forms.ChoiceField(
        label=gettext_lazy("Chức năng"),
        required=False,
        choices=[("", gettext_lazy("Không riêng")), *UnitFunction.choices],
        help_text=gettext_lazy("Việc của lĩnh vực được chuyển tới phòng theo chức năng này."),
    )
    address = forms.CharField(label=gettext_lazy("Địa chỉ"), max_length=255, required=False)
    phone = forms.CharField(label=gettext_lazy("Điện thoại"), max_length=40, required=False)
    is_reception_point = forms.BooleanField(label=gettext_lazy("Là nơi tiếp nhận hồ sơ"), required=False)


class DayForm(forms.Form):
    day = _day_field(gettext_lazy("Ngày"), gettext_lazy("Chọn ngày."))
    kind = forms.ChoiceField(
        label=gettext_lazy("Ngày này"), choices=DayKind.choices, widget=forms.RadioSelect
    )
    reason = forms.ChoiceField(label=gettext_lazy("Vì sao"), choices=DayReason.choices)
    name = forms.CharField(
        label=gettext_lazy("Tên ngày"),
        max_length=160,
        error_messages={"required": gettext_lazy("Nhập tên ngày, ví dụ: Giỗ Tổ Hùng Vương.")},
    )
    decision = forms.CharField(
        label=gettext_lazy("Văn bản"),
        max_length=255,
        help_text=gettext_lazy("Số, ngày văn bản quyết định ngày nghỉ hoặc ngày làm bù."),
        error_messages={"required": gettext_lazy("Nhập số, ngày văn bản.")},
    )
    paired_day = _day_field(
        gettext_lazy("Hoán đổi với ngày"),
        "",
        required=False,
        help_text=gettext_lazy("Ngày làm bù cho ngày nghỉ này, hoặc ngày nghỉ được làm bù."),
    )
    sessions = forms.CharField(
        label=gettext_lazy("Buổi làm việc riêng"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Ví dụ 07:30-11:30. Để trống: theo ngày được hoán đổi."),
    )

    understood = forms.BooleanField(
        label=gettext_lazy("Tôi hiểu hạn đã qua sẽ được tính lại; việc này được ghi nhật ký"),
        required=False,
        help_text=gettext_lazy("Chỉ cần khi ngày đã qua."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        understood = cleaned.pop("understood", False)
        day = cleaned.get("day")
        if day is not None and day < self.today and not understood:
            self.add_error("understood", _("Ngày này đã qua. Đánh dấu vào đây nếu vẫn muốn lưu."))
        return cleaned

    def clean_sessions(self) -> tuple[Session, ...] | None:
        return parse_sessions(str(self.cleaned_data["sessions"])) or None


class WeekForm(forms.Form):
    """For each weekday a choice (inherit, closed, own sessions) and the own sessions in one line."""

    INHERIT, CLOSED, OWN = "inherit", "closed", "own"

    def __init__(self, *args: Any, names: list[str], can_inherit: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(self.OWN, _("Buổi riêng")), (self.CLOSED, _("Nghỉ"))]
        if can_inherit:
            choices.insert(0, (self.INHERIT, _("Theo cấp trên")))
        for weekday, name in enumerate(names):
            self.fields[f"mode_{weekday}"] = forms.ChoiceField(label=name, choices=choices)
            self.fields[f"sessions_{weekday}"] = forms.CharField(
                label=_("Buổi làm việc %(day)s") % {"day": name}, max_length=200, required=False
            )
        self.names = names

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for weekday in range(len(self.names)):
            self._clean_weekday(cleaned, weekday)
        return cleaned

    def week(self) -> dict[int, tuple[Session, ...] | None]:
        """What the form asks for, in the words of `actions.set_week`."""
        wanted: dict[int, tuple[Session, ...] | None] = {}
        for weekday in range(len(self.names)):
            mode = self.cleaned_data[f"mode_{weekday}"]
            own = self.cleaned_data[f"sessions_{weekday}"]
            wanted[weekday] = None if mode == self.INHERIT else () if mode == self.CLOSED else own
        return wanted

    def _clean_weekday(self, cleaned: dict[str, Any], weekday: int) -> None:
        name = f"sessions_{weekday}"
        if cleaned.get(f"mode_{weekday}") != self.OWN:
            if name in self.changed_data and cleaned.get(name):
                self.add_error(name, _("Chọn “Buổi riêng” để dùng giờ vừa nhập, hoặc xóa giờ này."))
            return
        try:
            cleaned[name] = parse_sessions(cleaned.get(name, ""))
        except ValidationError as error:
            self.add_error(name, error)
            return
        if not cleaned[name]:
            self.add_error(name, _("Nhập ít nhất một buổi, ví dụ 07:30-11:30, 13:30-17:30."))
            return
        ordered = sorted(cleaned[name])
        if any(later.opens < earlier.closes for earlier, later in pairwise(ordered)):
            self.add_error(name, _("Các buổi trong ngày chồng giờ nhau."))


class ProposalForm(forms.Form):
    """Days chosen for confirming or discarding, and the decision that confirms them."""

    days = forms.MultipleChoiceField(
        label=gettext_lazy("Ngày đề xuất"),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Có ngày không còn trong danh sách đề xuất.")},
    )
    decision = forms.CharField(
        label=gettext_lazy("Văn bản thông báo lịch nghỉ"),
        max_length=255,
        required=False,
        help_text=gettext_lazy("Bắt buộc khi xác nhận, ví dụ: Thông báo 9441/TB-BNV ngày 16/10/2025."),
    )

    def __init__(self, *args: Any, days: Iterable[date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["days"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(day.isoformat(), day.isoformat()) for day in days]

    def clean_days(self) -> list[date]:
        chosen = [date.fromisoformat(text) for text in self.cleaned_data["days"]]
        if not chosen:
            raise ValidationError(_("Chọn ít nhất một ngày."))
        return chosen


class FileForm(forms.Form):
    """A file somebody brings; what is in it is for the reader to say."""

    file = forms.FileField(label=gettext_lazy("Tệp"), max_length=255)

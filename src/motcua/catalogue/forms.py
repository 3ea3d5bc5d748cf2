"""The shape of what people type on the pages of change-sets; whether it may be done is for the actions."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from motcua.catalogue import words, words_changes
from motcua.catalogue.rules.time_limits import LimitUnit
from motcua.catalogue.types_changes import ChangeKind
from motcua.catalogue.types_drafts import ChangeHead, ChangeSetInfo
from motcua.kernel.clock import VN, local
from motcua.kernel.web.days import DayField
from motcua.kernel.web.forms import Form

TIMES = ["%H:%M:%S", "%H:%M"]
UNITS = [
    ("", _("không đổi hoặc chưa rõ")),
    (LimitUnit.WORKING_DAY.value, _("ngày làm việc")),
    (LimitUnit.CALENDAR_DAY.value, _("ngày")),
    (LimitUnit.WORKING_HOUR.value, _("giờ làm việc")),
    (LimitUnit.HOUR.value, _("giờ")),
    (LimitUnit.MONTH.value, _("tháng")),
]


class UploadForm(Form):
    """A file of a decision."""

    file = forms.FileField(label=_("Tệp quyết định"))


class HeadForm(Form):
    """The head of a decision."""

    number = forms.CharField(label=_("Số quyết định"), max_length=64)
    kind = forms.ChoiceField(
        label=_("Loại"), choices=[(kind.value, label) for kind, label in words_changes.KINDS.items()]
    )
    title = forms.CharField(
        label=_("Trích yếu"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )
    issuer = forms.CharField(label=_("Cơ quan ban hành"), required=False, max_length=255)
    field_text = forms.CharField(label=_("Lĩnh vực"), required=False, max_length=500)
    signed_on = DayField(label=_("Ngày ký"), required=False)
    effective_on = DayField(label=_("Có hiệu lực từ ngày"), required=False)
    effective_time = forms.TimeField(
        label=_("Giờ"), required=False, input_formats=TIMES, help_text=_("để trống là 0 giờ")
    )
    until = DayField(
        label=_("Chỉ đến hết ngày"), required=False, help_text=_("chỉ ghi khi quyết định có thời hạn áp dụng")
    )
    effective_rule = forms.CharField(
        label=_("Quyết định nói về hiệu lực"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=2000,
    )
    based_on = forms.CharField(label=_("Căn cứ quyết định của bộ"), required=False, max_length=1000)
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def head(self, kept: ChangeSetInfo) -> ChangeHead:
        """What was typed as a head."""
        values = self.cleaned_data
        day = values["effective_on"]
        until = values["until"]
        at = datetime.combine(day, values["effective_time"] or time(), VN) if day else None
        return ChangeHead(
            number=values["number"],
            kind=ChangeKind(values["kind"]),
            title=values["title"],
            field_text=values["field_text"],
            issuer=values["issuer"],
            signed_on=values["signed_on"],
            effective_at=at,
            effective_to=_next_midnight(until) if until else None,
            effective_rule=values["effective_rule"],
            based_on=values["based_on"],
            notes=kept.notes,
        )

    @staticmethod
    def initial_of(info: ChangeSetInfo) -> dict[str, Any]:
        """What is stored, for the form."""
        at = local(info.effective_at) if info.effective_at else None
        return {
            "number": info.number,
            "kind": info.kind.value,
            "title": info.title,
            "issuer": info.issuer,
            "field_text": info.field_text,
            "signed_on": info.signed_on,
            "effective_on": at.date() if at else None,
            "effective_time": at.time() if at and at.time() != time() else None,
            "until": _day_before(info.effective_to) if info.effective_to else None,
            "effective_rule": info.effective_rule,
            "based_on": info.based_on,
            "revision": info.revision,
        }


class LineForm(Form):
    """A line: what happens, to which procedure, and the content it gets."""

    action = forms.ChoiceField(
        label=_("Việc"), choices=[(action.value, label) for action, label in words_changes.ACTIONS.items()]
    )
    code = forms.CharField(label=_("Mã thủ tục"), required=False, max_length=32)
    old_code = forms.CharField(
        label=_("Mã bị thay thế"),
        required=False,
        max_length=400,
        help_text=_("nhiều mã thì cách nhau bằng dấu phẩy"),
    )
    policy = forms.ChoiceField(
        label=_("Hồ sơ đã nhận trước đó"),
        choices=[(policy.value, label) for policy, label in words_changes.POLICIES.items()],
    )
    name = forms.CharField(
        label=_("Tên thủ tục"), required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=2000
    )
    short_name = forms.CharField(label=_("Tên gọn"), required=False, max_length=500)
    field = forms.CharField(label=_("Lĩnh vực"), required=False, max_length=255)
    levels = forms.MultipleChoiceField(
        label=_("Cấp thực hiện"),
        required=False,
        choices=list(words.LEVELS.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    authority = forms.CharField(label=_("Cơ quan giải quyết"), required=False, max_length=500)
    limit_amount = forms.CharField(label=_("Thời hạn"), required=False, max_length=12)
    limit_unit = forms.ChoiceField(label=_("Đơn vị"), required=False, choices=UNITS)
    papers = forms.CharField(
        label=_("Thành phần hồ sơ"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("mỗi dòng một giấy tờ"),
    )
    fees = forms.CharField(
        label=_("Phí, lệ phí"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("mỗi dòng: tên | số tiền | đơn vị, ví dụ Lệ phí | 50.000 | hồ sơ"),
    )
    results = forms.CharField(
        label=_("Kết quả"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("mỗi dòng một kết quả"),
    )
    conditions = forms.CharField(
        label=_("Điều kiện"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    legal_bases = forms.CharField(
        label=_("Căn cứ pháp lý"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)


def _next_midnight(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), VN)


def _day_before(instant: datetime) -> date:
    return (local(instant) - timedelta(seconds=1)).date()

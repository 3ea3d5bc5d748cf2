"""What people type to begin a draft; whether it may be done is for the actions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.kernel.web.forms import Form
from motcua.organisation.types import UnitInfo
from motcua.workflow.rules.definition import Span, TimeUnit
from motcua.workflow.rules.pasted import About
from motcua.workflow.rules.pasted_words import codes_in, time_cell
from motcua.workflow.rules.templates import TEMPLATES

LEVELS = (
    ("", gettext_lazy("Tự nhận ra")),
    ("tinh", gettext_lazy("Cấp tỉnh")),
    ("xa", gettext_lazy("Cấp xã")),
)


class BeginForm(Form):
    """A process from a pasted or uploaded table, a BPMN file or a template."""

    agency = forms.ChoiceField(label=gettext_lazy("Cơ quan"))
    title = forms.CharField(
        label=gettext_lazy("Tên quy trình"),
        required=False,
        max_length=900,
        help_text=gettext_lazy("Để trống thì lấy dòng chữ trên bảng."),
    )
    codes = forms.CharField(
        label=gettext_lazy("Mã thủ tục"),
        required=False,
        max_length=600,
        help_text=gettext_lazy("Nhiều mã cách nhau dấu phẩy nếu quy trình dùng chung."),
    )
    limit = forms.CharField(
        label=gettext_lazy("Thời hạn giải quyết"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("Ví dụ 17 ngày, 05 ngày làm việc, 4 giờ."),
    )
    field = forms.CharField(label=gettext_lazy("Lĩnh vực"), required=False, max_length=200)
    reference = forms.CharField(label=gettext_lazy("Quyết định"), required=False, max_length=900)
    level = forms.ChoiceField(label=gettext_lazy("Cấp giải quyết"), required=False, choices=LEVELS)
    text = forms.CharField(
        label=gettext_lazy("Dán bảng vào đây"),
        required=False,
        strip=False,
        max_length=500_000,
        widget=forms.Textarea(attrs={"rows": 10, "wrap": "off", "spellcheck": "false"}),
        help_text=gettext_lazy(
            "Chọn cả bảng trong Word hoặc Excel, kể cả dòng tiêu đề, rồi chép sang. Ô gộp với ô trên ghi 〃."
        ),
    )
    file = forms.FileField(
        label=gettext_lazy("hoặc tải tệp lên"),
        required=False,
        help_text=gettext_lazy("Tệp .docx, .xlsx, .csv có bảng, hoặc .bpmn của Camunda, Flowable, iGate."),
    )
    number = forms.IntegerField(
        label=gettext_lazy("Bảng quy trình thứ mấy trong tệp"), required=False, min_value=1, max_value=500
    )
    template = forms.ChoiceField(label=gettext_lazy("hoặc bắt đầu từ mẫu"), required=False)
    leave_gaps = forms.BooleanField(
        label=gettext_lazy("Tạo bản nháp dù còn chỗ chưa hiểu, để trống các ô đó"), required=False
    )

    def __init__(self, *args: Any, agencies: Iterable[UnitInfo], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(unit.id), unit.full_name) for unit in agencies]
        self._choice("agency").choices = choices
        self._choice("template").choices = [
            ("", _("Không dùng mẫu")),
            *((template.key, template.label.render()) for template in TEMPLATES.values()),
        ]
        if len(choices) == 1:
            self.fields["agency"].widget = forms.HiddenInput()
            self.fields["agency"].initial = choices[0][0]

    def _choice(self, name: str) -> forms.ChoiceField:
        found = self.fields[name]
        assert isinstance(found, forms.ChoiceField)
        return found

    def clean_limit(self) -> Span | None:
        text = self.cleaned_data["limit"]
        if not text:
            return None
        read = time_cell(text, default=TimeUnit.CALENDAR_DAY)
        if read.span is None or read.left:
            raise forms.ValidationError(
                _("Không hiểu thời hạn. Ghi như “17 ngày”, “05 ngày làm việc” hoặc “4 giờ”.")
            )
        return read.span

    def clean_codes(self) -> tuple[str, ...]:
        text = self.cleaned_data["codes"]
        wrong = [part for part in re.split(r"[\s,;]+", text) if part and not codes_in(part)]
        if wrong:
            message = _("“%(code)s” không phải mã thủ tục. Mã có dạng 1.001193.") % {"code": wrong[0][:40]}
            raise forms.ValidationError(message)
        return codes_in(text)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        given = [
            name
            for name in ("text", "file", "template")
            if (cleaned.get(name) or "") and str(cleaned[name]).strip()
        ]
        if not given and not self.errors:
            self.add_error("text", _("Chưa có bảng nào. Dán bảng, tải tệp lên, hoặc chọn một mẫu."))
        if cleaned.get("template") and not cleaned.get("title") and given == ["template"]:
            self.add_error("title", _("Chưa nhập “Tên quy trình”."))
        return cleaned

    def about(self) -> About:
        """What was typed beside the table."""
        data = self.cleaned_data
        return About(
            title=data["title"],
            level=data["level"],
            limit=data["limit"],
            codes=data["codes"],
            reference=data["reference"],
            field=data["field"],
        )

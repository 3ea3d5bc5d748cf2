"""The content of the style page: everyday, long, empty and wrong, so that every component shows its worst."""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.kernel.web.days import DayField
from motcua.kernel.web.forms import Form

LONG_PERSON = "Nguyễn Phước Bảo Quỳnh Ngọc Thiên Hương Công Tằng Tôn Nữ"
LONG_PROCEDURE = (
    "Đăng ký biến động quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất trong các trường hợp "
    "chuyển đổi, chuyển nhượng, cho thuê, cho thuê lại, thừa kế, tặng cho, góp vốn bằng quyền sử dụng đất"
)
PEOPLE = ("Nguyễn Thị Hạnh", "Trần Văn Đức", LONG_PERSON, "Ngô Bá Ước", "Đỗ Thị Mỹ Duyên", "Lê Hữu Nghĩa")
PROCEDURES = (
    "Đăng ký khai sinh",
    "Chứng thực bản sao từ bản chính",
    LONG_PROCEDURE,
    "Cấp giấy phép xây dựng nhà ở",
)


class SampleForm(Form):
    """A form with one of each kind of field."""

    name = forms.CharField(label=gettext_lazy("Họ, chữ đệm và tên"), max_length=120)
    phone = forms.RegexField(
        r"^0\d{9}$",
        label=gettext_lazy("Số điện thoại"),
        help_text=gettext_lazy("10 chữ số, bắt đầu bằng 0; dùng để báo khi có kết quả."),
        error_messages={"invalid": gettext_lazy("Số điện thoại phải có 10 chữ số, bắt đầu bằng 0.")},
    )
    day = DayField(label=gettext_lazy("Ngày hẹn"))
    unit = forms.ChoiceField(
        label=gettext_lazy("Nơi nhận kết quả"),
        choices=[("1", "Trung tâm Phục vụ hành chính công phường Kinh Bắc"), ("2", "Bưu điện")],
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("Cách nhận kết quả"),
        choices=[
            ("counter", gettext_lazy("Tại quầy")),
            ("post", gettext_lazy("Qua bưu chính")),
            ("online", gettext_lazy("Bản điện tử")),
        ],
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Bản điện tử có giá trị như bản giấy."),
    )
    note = forms.CharField(label=gettext_lazy("Ghi chú"), widget=forms.Textarea({"rows": 3}), required=False)
    agree = forms.BooleanField(label=gettext_lazy("Người nộp đã xem lại và đồng ý với nội dung trên"))


def context(now: datetime, posted: QueryDict | None = None) -> dict[str, Any]:
    """Everything kernel/style.html shows, for the moment `now`."""
    wrong = SampleForm(
        {
            "name": LONG_PERSON,
            "phone": "0912",
            "day": "11/25/2026",
            "unit": "1",
            "note": "Giữ nguyên những gì đã nhập",
        }
    )
    return {
        "now": now,
        "form": SampleForm(posted) if posted is not None else None,
        "fresh_form": SampleForm(prefix="fresh"),
        "wrong_form": wrong,
        "statuses": statuses(),
        "moments": moments(now),
        "worklist": worklist(now, 12),
        "tabs": tabs(),
        "entries": timeline(now),
        "facts": facts(),
        "columns": [
            {"label": _("Đơn vị")},
            {"label": _("Đã nhận"), "num": True},
            {"label": _("Trễ"), "num": True},
        ],
        "rows": [{"cells": [name, count, late], "url": "#"} for name, count, late in _UNITS],
        "style_crumbs": [{"label": _("Trang đầu"), "url": "/"}, {"label": _("Kiểu dáng")}],
        "bulk_actions": [
            {"label": _("Chuyển bước"), "value": "forward", "icon": "send", "kind": "primary"},
            {"label": _("Phân công lại"), "value": "reassign", "icon": "users"},
        ],
        "page_keys": [{"keys": "F9", "text": _("Lưu, cấp số và in")}],
        "long_procedure": LONG_PROCEDURE,
        "swatches": SWATCHES,
    }


_UNITS = (
    ("Phường Kinh Bắc", "1.204", 0),
    ("Xã Đại Đồng", "318", 4),
    ("Trung tâm Phục vụ hành chính công tỉnh Bắc Ninh, cơ sở 2 tại phường Bắc Giang", "12.961", 37),
)
SWATCHES = (
    ("ink", "#14282c"),
    ("ink-soft", "#47595d"),
    ("teal-deep", "#0b3b40"),
    ("teal", "#0f5f66"),
    ("teal-tint", "#e2efef"),
    ("ground", "#f3f6f5"),
    ("line", "#d3dcdc"),
    ("amber", "#7c4a03"),
    ("amber-tint", "#fdf0d5"),
    ("red", "#a4161a"),
    ("green", "#1c6a3d"),
    ("slate", "#44546a"),
)


def statuses() -> list[dict[str, str]]:
    """One badge of each kind."""
    return [
        {"kind": "neutral", "text": _("Mới đăng ký")},
        {"kind": "progress", "text": _("Đang xử lý")},
        {"kind": "waiting", "text": _("Chờ bổ sung giấy tờ")},
        {"kind": "attention", "text": _("Cần ký")},
        {"kind": "done", "text": _("Đã có kết quả")},
        {"kind": "stopped", "text": _("Dừng xử lý")},
        {"kind": "danger", "text": _("Bị từ chối")},
    ]


def moments(now: datetime) -> list[dict[str, Any]]:
    """One time-left badge of each kind."""
    return [
        {"due_at": now - timedelta(days=5), "days": 3},
        {"due_at": now - timedelta(days=5)},
        {"due_at": now + timedelta(minutes=1)},
        {"due_at": now + timedelta(days=1), "hours": Fraction(13, 2)},
        {"due_at": now + timedelta(days=1)},
        {"due_at": now + timedelta(days=9), "days": Fraction(13, 2)},
        {"due_at": now + timedelta(days=9), "paused": True},
        {"due_at": now, "done_at": now - timedelta(days=1)},
        {"due_at": now - timedelta(days=1), "done_at": now},
        {"due_at": None},
    ]


def worklist(now: datetime, size: int) -> list[dict[str, Any]]:
    """Rows as a worklist has them; sizes are free so that tests can ask for 0 and 200."""
    spread = moments(now)
    return [
        {
            "id": index + 1,
            "code": f"H05.16-261123-{index + 1:04}",
            "person": PEOPLE[index % len(PEOPLE)],
            "procedure": PROCEDURES[index % len(PROCEDURES)],
            "step": _("Thẩm định hồ sơ"),
            **spread[index % 7],
        }
        for index in range(size)
    ]


def tabs() -> list[dict[str, Any]]:
    """Tabs with capped counts."""
    return [
        {"label": _("Hôm nay phải xong"), "url": "#", "count": 12, "active": True, "kind": "today"},
        {"label": _("Quá hạn"), "url": "#", "count": 3, "kind": "overdue"},
        {"label": _("Việc của tôi"), "url": "#", "count": 48},
        {"label": _("Chờ bổ sung"), "url": "#", "count": 0},
        {"label": _("Tất cả"), "url": "#", "count": 26_412},
    ]


def timeline(now: datetime) -> list[dict[str, Any]]:
    """A dossier's life with a pause in it."""
    return [
        {"kind": "done", "title": _("Tiếp nhận hồ sơ"), "at": now - timedelta(days=9), "who": _UNITS[2][0]},
        {
            "kind": "pause",
            "title": _("Tạm dừng: chờ bổ sung giấy tờ"),
            "at": now - timedelta(days=7),
            "who": "Phòng Kinh tế, Hạ tầng và Đô thị",
            "text": _("Thời gian này không tính vào hạn giải quyết."),
            "badge": _("2 ngày làm việc"),
        },
        {
            "kind": "late",
            "title": _("Thẩm định, trễ 1 ngày"),
            "at": now - timedelta(days=3),
            "who": LONG_PERSON,
        },
        {"kind": "current", "title": _("Lãnh đạo ký duyệt"), "at": now, "text": _("Đang ở bước này.")},
        {"kind": "future", "title": _("Trả kết quả"), "text": _("Dự kiến Thứ Năm, 26/11/2026")},
    ]


def facts() -> list[dict[str, Any]]:
    """Facts about a dossier: long, linked and missing ones."""
    return [
        {"label": _("Chủ hồ sơ"), "value": LONG_PERSON},
        {"label": _("Thủ tục"), "value": LONG_PROCEDURE, "url": "#"},
        {"label": _("Số giấy tờ"), "value": "027••••••123", "hint": _("Che bớt khi hiện ở nơi công cộng")},
        {"label": _("Người được ủy quyền"), "value": ""},
    ]

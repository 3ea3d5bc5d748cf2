"""Collecting units: the list, one unit, and what is said of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from motcua.kernel import clock
from motcua.kernel.http import ActorRequest
from motcua.kernel.web.access import signed_in
from motcua.organisation.types import UnitInfo
from motcua.payments import actions, queries
from motcua.payments.forms import AccountForm, CollectorForm, EndAccountForm, RegisterForm
from motcua.payments.rules.collectors import AccountData, CollectorData
from motcua.payments.rules.qr import qr_svg
from motcua.payments.views.form_page import form_page


@require_safe
@signed_in
def collectors(request: ActorRequest) -> HttpResponse:
    """`/thu-phi/don-vi-thu/`: every collecting unit with what works there and what is missing."""
    text, lacks = request.GET.get("q", "")[:100], request.GET.get("thieu", "")
    page = request.GET.get("trang", "")
    found = queries.collectors_page(
        actor=request.actor,
        text=text,
        lacks=lacks,
        page=int(page[:4]) if page.isascii() and page.isdigit() else 1,
        today=clock.today(clock.now()),
    )
    if len(found.rows) == 1 and not text and not lacks:
        return redirect("payments:collector", found.rows[0].unit.code)
    context = {
        "page": found,
        "q": text,
        "tabs": _tabs(found, lacks, text),
        "page_actions": [
            {"label": _("Nạp từ bảng tính"), "url": reverse("payments:upload_collectors"), "icon": "upload"}
        ]
        if queries.sets_up_all(request.actor)
        else [],
    }
    return render(request, "payments/collectors.html", context)


@require_safe
@signed_in
def collector(request: ActorRequest, code: str) -> HttpResponse:
    """`/thu-phi/don-vi-thu/<code>/`: one unit."""
    page = queries.collector_page(actor=request.actor, code=code, today=clock.today(clock.now()))
    own = page.collector
    edit = reverse("payments:edit_collector", args=[page.unit.code])
    words = (
        _("Sửa") if own and not page.inherited else _("Khai báo riêng") if own else _("Khai báo đơn vị thu")
    )
    context = {
        "page": page,
        "unit": page.unit,
        "crumbs": _crumbs(page.unit),
        "facts": _facts(own),
        "qr": qr_svg(page.static_qr) if page.static_qr else "",
        "page_actions": [{"label": words, "url": edit, "icon": "edit", "kind": "secondary"}]
        if page.can_set_up
        else [],
    }
    return render(request, "payments/collector.html", context)


@require_http_methods(["GET", "POST"])
@signed_in
def edit_collector(request: ActorRequest, code: str) -> HttpResponse:
    """What stands on the unit's receipts, its card terminal and its partner code."""
    unit, said = queries.unit_to_set_up(actor=request.actor, code=code)
    first = {"name": unit.full_name, "address": unit.address}
    initial = {name: getattr(said, name) for name in CollectorData.__slots__} if said else first
    return _form(
        request,
        CollectorForm(request.POST or None, initial=initial),
        lambda values: actions.set_collector(
            actor=request.actor, unit_id=unit.id, data=CollectorData(**values), now=clock.now()
        ),
        unit=unit,
        title=_("Khai báo đơn vị thu"),
        submit=_("Lưu"),
        done=_("Đã lưu đơn vị thu %(unit)s.") % {"unit": unit.name},
    )


@require_http_methods(["GET", "POST"])
@signed_in
def new_account(request: ActorRequest, code: str) -> HttpResponse:
    """A bank account people transfer to."""
    unit, _said = queries.unit_to_set_up(actor=request.actor, code=code)
    now = clock.now()
    return _form(
        request,
        AccountForm(request.POST or None, initial={"starts_on": clock.today(now)}),
        lambda values: actions.add_account(
            actor=request.actor, unit_id=unit.id, data=AccountData(**values), now=now
        ),
        unit=unit,
        title=_("Thêm tài khoản ngân hàng"),
        submit=_("Thêm tài khoản"),
        done=_("Đã thêm tài khoản. Quét thử mã QR trước khi in giấy hẹn."),
    )


@require_http_methods(["GET", "POST"])
@signed_in
def end_account(request: ActorRequest, account_id: int) -> HttpResponse:
    """The last day of an account."""
    now = clock.now()
    unit, account = queries.account_to_set_up(
        actor=request.actor, account_id=account_id, today=clock.today(now)
    )
    return _form(
        request,
        EndAccountForm(request.POST or None, initial={"ends_on": account.ends_on or clock.today(now)}),
        lambda values: actions.end_account(actor=request.actor, account_id=account_id, now=now, **values),
        unit=unit,
        title=_("Ngừng dùng tài khoản %(number)s") % {"number": account.number},
        submit=_("Ngừng dùng"),
        submit_kind="danger",
        done=_("Đã ghi ngày cuối dùng tài khoản %(number)s.") % {"number": account.number},
    )


@require_http_methods(["GET", "POST"])
@signed_in
def register_account(request: ActorRequest, account_id: int) -> HttpResponse:
    """Since when an account is registered at the National Portal."""
    now = clock.now()
    unit, account = queries.account_to_set_up(
        actor=request.actor, account_id=account_id, today=clock.today(now)
    )
    first = account.registered_on or clock.today(now)
    return _form(
        request,
        RegisterForm(request.POST or None, initial={"registered_on": first}),
        lambda values: actions.register_account(
            actor=request.actor, account_id=account_id, now=now, **values
        ),
        unit=unit,
        title=_("Đăng ký tài khoản %(number)s trên Cổng Dịch vụ công quốc gia") % {"number": account.number},
        submit=_("Lưu"),
        done=_("Đã ghi việc đăng ký tài khoản %(number)s.") % {"number": account.number},
    )


def _form(
    request: ActorRequest,
    form: forms.Form,
    act: Callable[[dict[str, Any]], object],
    *,
    unit: UnitInfo,
    title: str,
    **words: str,
) -> HttpResponse:
    return form_page(
        request,
        form,
        act,
        back=reverse("payments:collector", args=[unit.code]),
        crumbs=[*_crumbs(unit, linked=True), {"label": title, "url": ""}],
        title=title,
        eyebrow=unit.full_name,
        **words,
    )


def _crumbs(unit: UnitInfo, *, linked: bool = False) -> list[dict[str, str]]:
    own = reverse("payments:collector", args=[unit.code]) if linked else ""
    return [
        {"label": _("Đơn vị thu"), "url": reverse("payments:collectors")},
        {"label": unit.name, "url": own},
    ]


def _facts(own: CollectorData | None) -> list[dict[str, str]]:
    if own is None:
        return []
    nothing = _("chưa có")
    return [
        {"label": _("Tên trên biên lai"), "value": own.name},
        {"label": _("Mã số thuế"), "value": own.tax_code or nothing},
        {"label": _("Địa chỉ"), "value": own.address or nothing},
        {"label": _("Máy quẹt thẻ"), "value": _("có") if own.takes_card else _("không")},
        {"label": _("Mã đối tác thanh toán trực tuyến"), "value": own.platform_partner or nothing},
    ]


def _tabs(page: Any, lacks: str, text: str) -> list[dict[str, Any]]:
    labels = {
        "": _("Tất cả"),
        "don-vi-thu": _("Chưa khai báo"),
        "bien-lai": _("Chưa có biên lai"),
        "tai-khoan": _("Chưa có tài khoản"),
        "truc-tuyen": _("Chưa thu trực tuyến"),
    }
    return [
        {
            "label": label,
            "count": page.counts[key],
            "active": key == lacks,
            "url": "?" + urlencode({"q": text, "thieu": key}),
        }
        for key, label in labels.items()
    ]


urls_collectors = [
    path("thu-phi/don-vi-thu/", collectors, name="collectors"),
    path("thu-phi/don-vi-thu/<str:code>/", collector, name="collector"),
    path("thu-phi/don-vi-thu/<str:code>/sua/", edit_collector, name="edit_collector"),
    path("thu-phi/don-vi-thu/<str:code>/tai-khoan/", new_account, name="new_account"),
    path("thu-phi/tai-khoan/<int:account_id>/ngung/", end_account, name="end_account"),
    path("thu-phi/tai-khoan/<int:account_id>/dang-ky/", register_account, name="register_account"),
]

"""Units: the searchable list, one unit, and correcting or adding one."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from motcua.kernel import clock
from motcua.kernel.actor import Actor
from motcua.kernel.http import ActorRequest
from motcua.kernel.web.access import signed_in
from motcua.organisation import actions, queries
from motcua.organisation.forms import NewUnitForm, UnitEditForm
from motcua.organisation.types import FormerName, UnitInfo, UnitKind
from motcua.organisation.views.forms_flow import form_page

KINDS = ("", "service_centre", "department", "commune", "vertical", "division")
FORMER = ("Bắc Ninh", "Bắc Giang")


@signed_in
@require_safe
def units(request: ActorRequest) -> HttpResponse:
    """The list of agencies with their parts; searched without accents, by name or code."""
    text, kind = request.GET.get("q", "")[:100], request.GET.get("loai", "")
    former = request.GET.get("tinh-cu", "")
    page = queries.units_page(
        text=text,
        kind=kind if kind in KINDS else "",
        former_province=former if former in FORMER else "",
        page=_number(request.GET.get("trang", "")),
        today=clock.today(clock.now()),
    )
    context = {
        "page_actions": _list_actions(request.actor),
        "page": page,
        "q": text,
        "former": former,
        "formers": FORMER,
        "tabs": _tabs(page, kind, text, former),
    }
    return render(request, "organisation/units.html", context)


@signed_in
@require_safe
def unit(request: ActorRequest, code: str) -> HttpResponse:
    """One unit: parts, people, delegations."""
    page = queries.unit_page(actor=request.actor, code=code, today=clock.today(clock.now()))
    context = {"page": page, "unit": page.unit, "crumbs": crumbs(page.unit), "facts": _facts(page)}
    context["page_actions"] = _page_actions(page)
    return render(request, "organisation/unit.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def edit_unit(request: ActorRequest, code: str) -> HttpResponse:
    """Correct a unit's names, address and code."""
    shown = queries.unit_to_manage(actor=request.actor, code=code)
    initial = {name: getattr(shown, name) for name in UnitEditForm.base_fields}
    return form_page(
        request,
        UnitEditForm(request.POST or None, initial=initial),
        lambda values: actions.update_unit(
            actor=request.actor, now=clock.now(), unit_id=shown.id, changes=values
        ),
        template="organisation/form.html",
        context={
            "title": _("Sửa thông tin đơn vị"),
            "eyebrow": shown.full_name,
            "crumbs": crumbs(shown, _("Sửa")),
            "submit": _("Lưu thay đổi"),
            "note": _placeholder_note(shown),
        },
        done=_("Đã lưu thông tin của %(unit)s.") % {"unit": shown.name},
        done_url=reverse("organisation:unit", args=[code]),
    )


@signed_in
@require_http_methods(["GET", "POST"])
def new_unit(request: ActorRequest, code: str) -> HttpResponse:
    """Add a division or a further reception point below a unit."""
    above = queries.unit_to_manage(actor=request.actor, code=code)

    def add(values: dict[str, Any]) -> object:
        return actions.create_unit(
            actor=request.actor, now=clock.now(), parent_id=above.id, is_agency=False, **values
        )

    return form_page(
        request,
        NewUnitForm(request.POST or None, initial={"code": f"{above.code}."}),
        add,
        template="organisation/form.html",
        context={
            "title": _("Thêm phòng, bộ phận"),
            "eyebrow": above.full_name,
            "crumbs": crumbs(above, _("Thêm phòng, bộ phận")),
            "submit": _("Thêm"),
        },
        done=_("Đã thêm vào %(unit)s.") % {"unit": above.name},
        done_url=reverse("organisation:unit", args=[code]),
    )


def crumbs(shown: UnitInfo, last: str = "") -> list[dict[str, str]]:
    """The way from the list to a unit, and to what is done there."""
    found = [{"label": _("Tổ chức"), "url": reverse("organisation:units")}]
    above = queries.trail(shown)
    found += [{"label": u.name, "url": reverse("organisation:unit", args=[u.code])} for u in above[1:]]
    here = {"label": shown.name, "url": reverse("organisation:unit", args=[shown.code]) if last else ""}
    return [*found, here, {"label": last, "url": ""}] if last else [*found, here]


def _tabs(page: Any, kind: str, text: str, former: str) -> list[dict[str, Any]]:
    labels = {
        "": _("Tất cả"),
        "service_centre": _("Trung tâm"),
        "department": _("Sở, ngành"),
        "commune": _("Xã, phường"),
        "vertical": _("Ngành dọc"),
        "division": _("Phòng, bộ phận"),
    }
    shown = [key for key in KINDS if key != "division" or page.counts[UnitKind.DIVISION]]
    return [
        {
            "label": labels[key],
            "count": page.counts[key],
            "active": key == kind,
            "url": "?" + urlencode({"q": text, "tinh-cu": former, "loai": key}),
        }
        for key in shown
    ]


def _facts(page: Any) -> list[dict[str, Any]]:
    shown: UnitInfo = page.unit
    code_hint = _("Mã tạm, chờ mã chính thức của tỉnh") if shown.agency_code_source == "placeholder" else ""
    rows: list[dict[str, Any]] = [
        {"label": _("Loại"), "value": page.kind},
        {"label": _("Mã trong hệ thống"), "value": shown.code},
    ]
    if shown.is_agency:
        rows.append({"label": _("Mã định danh"), "value": shown.agency_code, "hint": code_hint})
    else:
        rows.append({"label": _("Thuộc"), "value": page.agency.full_name, "url": _url(page.agency)})
    if page.area:
        rows.append({"label": _("Địa bàn"), "value": page.area.name, "url": _url(page.area)})
    if page.police:
        rows.append({"label": _("Công an"), "value": page.police.name, "url": _url(page.police)})
    if shown.former_province:
        rows.append({"label": _("Tỉnh cũ"), "value": shown.former_province})
    if shown.predecessors and not page.formed_from:
        rows.append({"label": _("Hợp thành từ"), "value": ", ".join(shown.predecessors)})
    if shown.ends_on:
        rows.append({"label": _("Kết thúc ngày"), "value": f"{shown.ends_on:%d/%m/%Y}"})
    rows += [_former_fact(name) for name in reversed(shown.former_names)]
    rows += [
        {"label": _("Địa danh trên văn bản"), "value": shown.place_name},
        {"label": _("Địa chỉ"), "value": shown.address},
        {"label": _("Điện thoại"), "value": shown.phone},
    ]
    return rows


def _former_fact(name: FormerName) -> dict[str, Any]:
    """What a unit was called, or which code it had, until a day."""
    until = f"{name.ends_on:%d/%m/%Y}" if name.ends_on else ""
    return {
        "label": _("Tên cũ") if name.full_name else _("Mã cũ"),
        "value": name.full_name or name.code or name.agency_code,
        "hint": " ".join(
            part
            for part in (
                name.agency_code if name.full_name else "",
                _("đến %(day)s") % {"day": until} if until else "",
                name.decision,
            )
            if part
        ),
    }


def _list_actions(actor: Actor) -> list[dict[str, str]]:
    """What is done with many units or people at once."""
    found = []
    if queries.can_keep_staff(actor):
        url = reverse("organisation:staff_lists")
        found.append({"label": _("Danh sách nhân sự"), "url": url, "icon": "users"})
    if queries.can_manage_province(actor):
        url = reverse("organisation:successions")
        found.append({"label": _("Sắp xếp đơn vị"), "url": url, "icon": "arrows-join"})
    return found


def _page_actions(page: Any) -> list[dict[str, str]]:
    code = page.unit.code
    calendar = f"{reverse('organisation:calendar')}?don-vi={code}"
    found = [{"label": _("Lịch làm việc"), "url": calendar, "icon": "calendar"}]
    if page.can_manage and not page.unit.is_former:
        found.append(
            {"label": _("Sửa"), "url": reverse("organisation:edit_unit", args=[code]), "icon": "edit"}
        )
        found.append(
            {
                "label": _("Thêm vị trí"),
                "url": reverse("organisation:open_post", args=[code]),
                "icon": "user-plus",
                "kind": "primary",
            }
        )
    return found


def _placeholder_note(shown: UnitInfo) -> str:
    if shown.agency_code_source != "placeholder":
        return ""
    return _("Mã định danh đang là mã tạm. Thay bằng mã tỉnh đã ban hành trước khi nhận hồ sơ thật.")


def _url(shown: UnitInfo) -> str:
    return reverse("organisation:unit", args=[shown.code])


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1

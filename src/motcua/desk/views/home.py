"""The first page after signing in."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from motcua.desk import permissions, queries
from motcua.desk.hints import Hint
from motcua.desk.queries import DeskHome, Tile
from motcua.dossiers.rules.worklist import Tab
from motcua.kernel import clock
from motcua.kernel.actor import Actor
from motcua.kernel.http import ActorRequest
from motcua.kernel.web.access import signed_in

KINDS = {Tab.TODAY: "today", Tab.LATE: "overdue"}


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    hint: str
    url: str
    icon: str
    key: str = ""


@require_safe
@signed_in
def home(request: ActorRequest) -> HttpResponse:
    """`/ban-lam-viec/`: what is due, what came in today, where to go next."""
    now = clock.now()
    found = queries.home(request.actor, now)
    context = {
        "home": found,
        "tiles": [_tile(tile) for tile in found.tiles],
        "rows_url": _list_url(found.rows_of),
        "links": _links(request.actor, found),
        "hints": [{"text": hint.text, "url": address_of(hint)} for hint in found.hints[: queries.SHOWN]],
        "more_hints": max(0, len(found.hints) - queries.SHOWN),
        "now": now,
    }
    return render(request, "desk/home.html", context)


def _tile(tile: Tile) -> dict[str, object]:
    return {
        "label": tile.tab.label,
        "count": tile.count,
        "url": _list_url(tile.tab),
        "kind": KINDS.get(tile.tab, "") if tile.count else "",
    }


def _list_url(tab: Tab) -> str:
    return f"{reverse('dossiers:worklist')}?queue={tab.value}"


def address_of(hint: Hint) -> str:
    """Where one sees to it."""
    if hint.unit_code:
        return reverse("organisation:unit", args=[hint.unit_code])
    address = reverse(hint.view, args=[hint.place] if hint.place else [])
    return f"{address}?{hint.query}" if hint.query else address


def _links(actor: Actor, found: DeskHome) -> list[Link]:
    links = []
    if found.counter is not None:
        links.append(
            Link(
                _("Tiếp nhận hồ sơ"),
                _("Quét căn cước, in giấy hẹn"),
                reverse("counter:reception"),
                "file-plus",
                "F2",
            )
        )
        links.append(
            Link(_("Trả kết quả"), _("Quét mã QR trên giấy hẹn"), reverse("counter:handover"), "file-check")
        )
    if found.has_worklist:
        links.append(
            Link(
                _("Danh sách việc"),
                _("Lọc, làm nhiều hồ sơ một lúc"),
                reverse("dossiers:worklist"),
                "list-check",
            )
        )
    links.append(
        Link(_("Thủ tục"), _("Giấy tờ, thời hạn, phí của từng thủ tục"), reverse("catalogue:list"), "book")
    )
    links.append(Link(_("Tổ chức"), _("Đơn vị, người giữ vị trí"), reverse("organisation:units"), "building"))
    if permissions.can_see_log(actor):
        links.append(Link(_("Nhật ký"), _("Ai đã làm gì, xem gì"), reverse("desk:audit"), "shield-check"))
    if permissions.can_see_jobs(actor):
        links.append(
            Link(_("Việc nền"), _("Việc tự động bị lỗi, hạn bị dời"), reverse("desk:jobs"), "refresh")
        )
        links.append(
            Link(_("Ký số"), _("Chứng thư, văn bản chưa ký được"), reverse("desk:signing"), "signature")
        )
    return links

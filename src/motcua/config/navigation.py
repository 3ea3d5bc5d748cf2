"""The menu: who sees which entry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from motcua.catalogue import permissions as catalogue
from motcua.kernel.actor import Actor
from motcua.payments import permissions as payments


@dataclass(frozen=True, slots=True)
class Entry:
    label: str
    view: str
    icon: str
    shortcut: str = ""
    roles: frozenset[str] = frozenset()


OFFICER = frozenset({"one_stop_officer"})
MANAGER = frozenset({"it_admin", "procedure_controller"})
CONFIRMING = frozenset({"leader", "dept_head"})
MONEY = OFFICER | {"leader", "dept_head", "inspector", "it_admin", "procedure_controller"}
MANAGER_OF_CHANGE = frozenset({"procedure_controller", "leader"})
COLLECTING = frozenset({"it_admin", "procedure_controller", "leader", "dept_head"})
RECEIPTS = COLLECTING | {"one_stop_officer", "clerk", "inspector"}

ENTRIES = (
    Entry(gettext_noop("Tiếp nhận"), "counter:reception", "file-plus", "F2", OFFICER),
    Entry(gettext_noop("Hôm nay tại quầy"), "counter:today", "calendar-event", "", OFFICER),
    Entry(gettext_noop("Trả kết quả"), "counter:handover", "file-check", "", OFFICER),
    Entry(gettext_noop("Thu ngân"), "cashier:waiting", "cash", "", OFFICER),
    Entry(gettext_noop("Việc của tôi"), "dossiers:worklist", "list-check"),
    Entry(gettext_noop("Hoàn trả"), "cashier:refunds", "arrow-back-up", "", CONFIRMING),
    Entry(gettext_noop("Xem xét hoàn phí"), "dossiers:refunds", "coins", "", OFFICER | MANAGER_OF_CHANGE),
    Entry(gettext_noop("Biên lai"), "payments:receipts", "receipt", "", RECEIPTS),
    Entry(gettext_noop("Sao kê"), "payments:statements", "building-bank", "", MONEY),
    Entry(gettext_noop("Báo cáo thu"), "payments:report", "chart-bar", "", MONEY),
    Entry(gettext_noop("Đơn vị thu"), "payments:collectors", "wallet", "", COLLECTING),
    Entry(gettext_noop("Bảng sẵn sàng"), "support:readiness", "checklist", "", MANAGER_OF_CHANGE | MANAGER),
    Entry(gettext_noop("Thủ tục"), "catalogue:list", "book"),
    Entry(gettext_noop("Quyết định"), "changes:list", "gavel"),
    Entry(gettext_noop("Diễn tập"), "rehearsals:list", "player-play", "", MANAGER),
    Entry(gettext_noop("Hồ sơ chuyển tiếp"), "moving:sets", "arrows-split", "", MANAGER_OF_CHANGE),
    Entry(gettext_noop("Cấu hình"), "catalogue_configuring:grid", "adjustments-horizontal", "", MANAGER),
    Entry(
        gettext_noop("Nghị quyết về phí"),
        "catalogue_configuring:fee_resolutions",
        "coins",
        "",
        MANAGER_OF_CHANGE,
    ),
    Entry(gettext_noop("Quy trình"), "workflow:processes", "route"),
    Entry(gettext_noop("Thẩm quyền"), "matrix:procedures", "scale", "", MANAGER_OF_CHANGE | MANAGER),
    Entry(gettext_noop("Tổ chức"), "organisation:units", "building"),
    Entry(gettext_noop("Lịch làm việc"), "organisation:calendar", "calendar"),
    Entry(gettext_noop("Nhật ký"), "desk:audit", "shield-check", "", MANAGER | {"inspector"}),
)
"""In the order of work: the counter, one's own tasks, money, a decision from its draft to the dossiers under way, then
what stands behind it all."""


def always(actor: Actor) -> bool:
    """No condition but the role."""
    return True


ALSO: dict[str, Callable[[Actor], bool]] = {
    "catalogue_configuring:grid": catalogue.configures_something,
    "rehearsals:list": catalogue.configures_something,
    **dict.fromkeys(
        ("payments:receipts", "payments:statements", "payments:report"), payments.may_read_somewhere
    ),
}
"""What a role alone does not say: the IT administrator of a commune configures and rehearses no procedures, and books
are for those who read some unit's.
"""


def items(actor: Actor, path: str) -> list[dict[str, Any]]:
    """The entries this person sees, the one under `path` marked active."""
    if actor.user_id is None:
        return []
    shown = []
    for entry in ENTRIES:
        if not _is_for(actor, entry) or not ALSO.get(entry.view, always)(actor):
            continue
        try:
            url = reverse(entry.view)
        except NoReverseMatch:
            continue
        shown.append({**asdict(entry), "label": _(entry.label), "url": url, "active": path.startswith(url)})
    longest = max((len(item["url"]) for item in shown if item["active"]), default=0)
    for item in shown:
        item["active"] = item["active"] and len(item["url"]) == longest
    return shown


def _is_for(actor: Actor, entry: Entry) -> bool:
    """Whoever runs the installation sees what managers see, but has no seat at a counter."""
    return (
        not entry.roles or bool(entry.roles & actor.roles) or (actor.is_admin and bool(entry.roles & MANAGER))
    )

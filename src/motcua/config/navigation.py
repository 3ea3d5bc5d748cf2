"""The menu: who sees which entry, under which heading."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
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


@dataclass(frozen=True, slots=True)
class Group:
    """Entries under a heading. `home`: whose daily work it is, so that it stands open; `always` never folds."""

    key: str
    label: str
    entries: tuple[Entry, ...]
    home: frozenset[str] = frozenset()
    always: bool = False


OFFICER = frozenset({"one_stop_officer"})
MANAGER = frozenset({"it_admin", "procedure_controller"})
CONFIRMING = frozenset({"leader", "dept_head"})
MONEY = OFFICER | {"leader", "dept_head", "inspector", "it_admin", "procedure_controller"}
MANAGER_OF_CHANGE = frozenset({"procedure_controller", "leader"})
COLLECTING = frozenset({"it_admin", "procedure_controller", "leader", "dept_head"})
RECEIPTS = COLLECTING | {"one_stop_officer", "clerk", "inspector"}
QUICK = 4
"""So many entries stand in the bar of a telephone; the rest is behind "Menu"."""

WORK = Group(
    "cong-viec",
    gettext_noop("Công việc"),
    (
        Entry(gettext_noop("Tiếp nhận"), "counter:reception", "file-plus", "F2", OFFICER),
        Entry(gettext_noop("Hôm nay tại quầy"), "counter:today", "calendar-event", "", OFFICER),
        Entry(gettext_noop("Trả kết quả"), "counter:handover", "file-check", "", OFFICER),
        Entry(gettext_noop("Việc của tôi"), "dossiers:worklist", "list-check"),
    ),
    always=True,
)
TAKINGS = Group(
    "thu-tien",
    gettext_noop("Thu tiền"),
    (
        Entry(gettext_noop("Thu ngân"), "cashier:waiting", "cash", "", OFFICER),
        Entry(
            gettext_noop("Hồ sơ xét hoàn phí"),
            "dossiers:refunds",
            "file-search",
            "",
            OFFICER | MANAGER_OF_CHANGE,
        ),
        Entry(
            gettext_noop("Duyệt và chi hoàn"), "cashier:refunds", "arrow-back-up", "", OFFICER | CONFIRMING
        ),
        Entry(gettext_noop("Biên lai"), "payments:receipts", "receipt", "", RECEIPTS),
        Entry(gettext_noop("Sao kê"), "payments:statements", "building-bank", "", MONEY),
        Entry(gettext_noop("Báo cáo thu"), "payments:report", "chart-bar", "", MONEY),
        Entry(gettext_noop("Đơn vị thu"), "payments:collectors", "wallet", "", COLLECTING),
    ),
    home=OFFICER | CONFIRMING | {"inspector"},
)
PROCEDURES = Group(
    "thu-tuc",
    gettext_noop("Thủ tục hành chính"),
    (
        Entry(gettext_noop("Thủ tục"), "catalogue:list", "book"),
        Entry(gettext_noop("Quyết định"), "changes:list", "gavel"),
        Entry(gettext_noop("Hồ sơ chuyển tiếp"), "moving:sets", "arrows-split", "", MANAGER_OF_CHANGE),
        Entry(gettext_noop("Cấu hình"), "catalogue_configuring:grid", "adjustments-horizontal", "", MANAGER),
        Entry(gettext_noop("Diễn tập"), "rehearsals:list", "player-play", "", MANAGER),
        Entry(
            gettext_noop("Nghị quyết về phí"),
            "catalogue_configuring:fee_resolutions",
            "coins",
            "",
            MANAGER_OF_CHANGE,
        ),
        Entry(gettext_noop("Quy trình"), "workflow:processes", "route"),
        Entry(gettext_noop("Thẩm quyền"), "matrix:procedures", "scale", "", MANAGER_OF_CHANGE | MANAGER),
    ),
    home=MANAGER,
)
PLACES = Group(
    "to-chuc",
    gettext_noop("Tổ chức"),
    (
        Entry(gettext_noop("Đơn vị, nhân sự"), "organisation:units", "building"),
        Entry(gettext_noop("Lịch làm việc"), "organisation:calendar", "calendar"),
    ),
    home=frozenset({"it_admin"}),
)
OVERSIGHT = Group(
    "giam-sat",
    gettext_noop("Giám sát"),
    (
        Entry(
            gettext_noop("Bảng sẵn sàng"), "support:readiness", "checklist", "", MANAGER_OF_CHANGE | MANAGER
        ),
        Entry(gettext_noop("Nhật ký"), "desk:audit", "shield-check", "", MANAGER | {"inspector"}),
    ),
    home=MANAGER | {"inspector"},
)
GROUPS = (WORK, TAKINGS, PROCEDURES, PLACES, OVERSIGHT)
"""In one order for everybody, so that one person can tell another where a page is."""
ENTRIES = tuple(entry for group in GROUPS for entry in group.entries)


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


def menu(actor: Actor, path: str, folded: Mapping[str, bool]) -> list[dict[str, Any]]:
    """The groups this person has, each with its entries and whether it stands open.

    `folded` is what the person chose (`chosen`). The group of the page under `path` is open whatever was chosen. The
    entries are `items_shown`, since `group.items` in a template would be the method of the dict.
    """
    shown = {entry["view"]: entry for entry in items(actor, path)}
    found = []
    for group in GROUPS:
        entries = [shown[entry.view] for entry in group.entries if entry.view in shown]
        if not entries:
            continue
        here = any(entry["active"] for entry in entries)
        usual = bool(group.home & actor.roles) or (actor.is_admin and bool(group.home & MANAGER))
        found.append(
            {
                "key": group.key,
                "label": _(group.label),
                "always": group.always,
                "open": group.always or here or not folded.get(group.key, not usual),
                "here": here,
                "items_shown": entries,
            }
        )
    return found


def quick(groups: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What stands in the bar of a telephone: daily work, then the first entries of the groups that are open."""
    usual = sorted(groups, key=lambda group: (not group["always"], not group["open"]))
    return [entry for group in usual for entry in group["items_shown"]][:QUICK]


def chosen(cookie: str) -> dict[str, bool]:
    """Which groups a person folded or opened: `thu-tien:1.thu-tuc:0`, 1 for folded; anything else says nothing."""
    parts = [part.partition(":") for part in cookie[:200].split(".")]
    return {key: value == "1" for key, _colon, value in parts if value in ("0", "1")}


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

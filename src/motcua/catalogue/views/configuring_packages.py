"""Packages of configuration that left the grid: where they stand, and the page of their change-set."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from motcua.catalogue.queries.configuring import Submitted
from motcua.catalogue.types_changes import ChangeState


def change_set_url(change_set_id: int) -> str:
    """The page of a change-set; empty where those pages are not mounted."""
    address = f"/quyet-dinh/{change_set_id}/"
    try:
        resolve(address)
    except Resolver404:
        return ""
    return address


STATES: dict[str, Callable[[], tuple[str, str]]] = {
    ChangeState.DRAFT.value: lambda: (_("chờ phê duyệt"), "waiting"),
    ChangeState.APPROVED.value: lambda: (_("đã phê duyệt, chờ công bố"), "progress"),
    ChangeState.PUBLISHED.value: lambda: (_("đã công bố"), "done"),
    ChangeState.UNDONE.value: lambda: (_("đã thu hồi"), "stopped"),
    ChangeState.DISCARDED.value: lambda: (_("đã bỏ"), "stopped"),
}


def submitted_views(found: Iterable[Submitted]) -> list[dict[str, Any]]:
    """Packages handed in, with their state in words."""
    shown = []
    for item in found:
        text, kind = STATES[item.state]()
        shown.append({"item": item, "url": change_set_url(item.id), "state": text, "kind": kind})
    return shown

"""What stands on versions and bindings of a change-set in the contexts above; they register how to look."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from motcua.kernel.messages import Message


@dataclass(frozen=True, slots=True)
class Footing:
    """What something may stand on: the decision itself, versions, and bindings as (procedure id, process version id)
    since an instant.
    """

    change_set_id: int
    version_ids: tuple[int, ...]
    bindings: tuple[tuple[int, int], ...]
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Pin:
    """What keeps a change-set from being undone: how many things, and the names of the first of them."""

    message: Message
    count: int


Look = Callable[[Footing], list[Pin]]
_looks: dict[str, Look] = {}


def register_pins(name: str, look: Look) -> None:
    """Let a context above say what of it stands on a change-set; called when it starts."""
    _looks[name] = look


def pinned(footing: Footing) -> list[Pin]:
    """Everything that stands on it, in the order the contexts were started."""
    return [pin for look in _looks.values() for pin in look(footing)]

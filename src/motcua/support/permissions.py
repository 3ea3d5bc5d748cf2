"""Who sees what is ready: everybody who works in the province. Nothing personal is on the board."""

from __future__ import annotations

from motcua.kernel.actor import Actor
from motcua.kernel.errors import NotAllowed
from motcua.kernel.messages import msg


def can_see_readiness(actor: Actor) -> bool:
    """Officers of any unit and administrators."""
    return actor.is_admin or bool(actor.grants)


def require_readiness(actor: Actor) -> None:
    """Raise `NotAllowed` unless the actor may see the board."""
    if not can_see_readiness(actor):
        raise NotAllowed(
            msg("Bảng sẵn sàng dành cho cán bộ của tỉnh. Hãy nhờ quản trị giao vị trí công tác.")
        )

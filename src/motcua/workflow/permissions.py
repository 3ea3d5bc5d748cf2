"""Who may do what with processes. What may be done with a run is decided by its owner (the dossier)."""

from __future__ import annotations

from motcua.kernel.actor import Actor
from motcua.kernel.errors import NotAllowed
from motcua.kernel.messages import msg


def may_publish(actor: Actor) -> bool:
    """Processes are published by procedure controllers, IT administrators and the product itself."""
    return actor.is_admin or actor.has("it_admin", "procedure_controller")


def may_read(actor: Actor) -> bool:
    """Every officer may read the internal processes; they carry no personal data."""
    return actor.is_known


def require_publish(actor: Actor) -> None:
    if not may_publish(actor):
        raise NotAllowed(msg("Bạn không có quyền ban hành quy trình nội bộ."))


def require_read(actor: Actor) -> None:
    if not may_read(actor):
        raise NotAllowed(msg("Hãy đăng nhập để xem quy trình nội bộ."))

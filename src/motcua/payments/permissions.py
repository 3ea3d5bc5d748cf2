"""Who may touch money. Counter officers collect (their post says so); two people give money back."""

from __future__ import annotations

from motcua.kernel.actor import Actor
from motcua.kernel.errors import NotAllowed, NotFound
from motcua.kernel.messages import Message, msg
from motcua.organisation import queries as organisation
from motcua.organisation.permissions import can_manage_province
from motcua.organisation.types import Role, UnitKind

COLLECTING = (Role.ONE_STOP_OFFICER,)
CONFIRMING = (Role.LEADER, Role.DEPT_HEAD)
READING = (*COLLECTING, *CONFIRMING, Role.CLERK, Role.IT_ADMIN, Role.INSPECTOR, Role.PROCEDURE_CONTROLLER)


def can_collect(actor: Actor, unit_id: int) -> bool:
    """Take money, issue receipts, close the day, ask for a refund."""
    return _has(actor, unit_id, *COLLECTING) or _is_product(actor)


def can_close(actor: Actor, unit_id: int) -> bool:
    """Close a day of the unit's books and pay its money in: whoever collects; where the agency has no counter, so that
    nobody does, those who confirm.
    """
    return can_collect(actor, unit_id) or (not has_counter(unit_id) and can_confirm(actor, unit_id))


def has_counter(unit_id: int) -> bool:
    """Whether somebody sits at a counter of the unit's agency."""
    agency_id = organisation.unit(unit_id).agency_id
    own = (unit for unit in organisation.units().values() if unit.agency_id == agency_id)
    return any(unit.is_reception_point for unit in own)


def can_confirm(actor: Actor, unit_id: int) -> bool:
    """Confirm what a cashier asked for: a refund, a void, a difference."""
    return _has(actor, unit_id, *CONFIRMING)


def can_set_up(actor: Actor, unit_id: int) -> bool:
    """Books of receipts, bank accounts, what stands on receipts."""
    return actor.is_admin or _has(actor, unit_id, Role.IT_ADMIN, *CONFIRMING)


def can_read(actor: Actor, unit_id: int) -> bool:
    """Bills, receipts and sums of the unit."""
    units = units_to_read(actor)
    return units is None or unit_id in units


def readable_agencies(actor: Actor) -> frozenset[int] | None:
    """The agencies whose books somebody reads; None for those who oversee the province: all of them."""
    if actor.is_admin or can_manage_province(actor) or _is_provincial_inspector(actor):
        return None
    return frozenset(grant.agency_id for grant in actor.grants if grant.role in READING)


def units_to_read(actor: Actor) -> frozenset[int] | None:
    """The units whose books somebody reads; None is all of them."""
    return None if readable_agencies(actor) is None else readable_units(actor)


def readable_units(actor: Actor) -> frozenset[int]:
    """The units whose books somebody reads, each by its number."""
    agencies = readable_agencies(actor)
    known = organisation.units().values()
    return frozenset(unit.id for unit in known if agencies is None or unit.agency_id in agencies)


def may_read_somewhere(actor: Actor) -> bool:
    """Whether some unit's books are open to the person."""
    units = units_to_read(actor)
    return units is None or bool(units)


def _is_provincial_inspector(actor: Actor) -> bool:
    """Inspectors of the province, whichever of its agencies their post is in, as for dossiers."""
    provincial = (UnitKind.PROVINCE, UnitKind.DEPARTMENT, UnitKind.SERVICE_CENTRE)
    return any(
        grant.role == Role.INSPECTOR and organisation.unit(grant.agency_id).kind in provincial
        for grant in actor.grants
    )


def can_correct(actor: Actor, unit_id: int, *, fresh: bool) -> bool:
    """Void, replace or adjust a receipt, report it lost: a `fresh` one (of an open day) by whoever collects too."""
    return can_confirm(actor, unit_id) or (fresh and can_collect(actor, unit_id)) or _is_product(actor)


def can_print(actor: Actor, unit_id: int) -> bool:
    """Print receipts, which is counted."""
    return can_collect(actor, unit_id) or can_confirm(actor, unit_id)


def require_correct(actor: Actor, unit_id: int, *, fresh: bool) -> None:
    """Raise `NotAllowed` unless the actor may correct the receipt."""
    _require(
        can_correct(actor, unit_id, fresh=fresh),
        msg(
            "Cán bộ tiếp nhận sửa biên lai trong ngày lập, trước khi chốt sổ. Sau đó cần lãnh đạo đơn vị thu."
        ),
    )


def require_print(actor: Actor, unit_id: int) -> None:
    """Raise `NotAllowed` unless the actor may print receipts there."""
    _require(
        can_print(actor, unit_id),
        msg("Chỉ cán bộ tiếp nhận hoặc lãnh đạo của đơn vị thu mới được in biên lai."),
    )


def require_collect(actor: Actor, unit_id: int) -> None:
    """Raise `NotAllowed` unless the actor may take money there."""
    _require(can_collect(actor, unit_id), msg("Chỉ cán bộ tiếp nhận của đơn vị thu mới được thu tiền ở đây."))


def require_close(actor: Actor, unit_id: int) -> None:
    """Raise `NotAllowed` unless the actor may close the unit's days."""
    _require(
        can_close(actor, unit_id),
        msg("Sổ thu do cán bộ tiếp nhận của đơn vị khóa; nơi không có quầy thì lãnh đạo đơn vị khóa."),
    )


def require_known(actor: Actor, unit_id: int, unknown: NotFound) -> None:
    """Raise `unknown` for something of a unit whose money the actor does not see: foreign and unknown are alike."""
    if not can_see(actor, unit_id):
        raise unknown


def require_confirm(actor: Actor, unit_id: int) -> None:
    """Raise `NotAllowed` unless the actor may confirm there."""
    _require(
        can_confirm(actor, unit_id), msg("Việc này cần lãnh đạo phòng hoặc lãnh đạo cơ quan thu xác nhận.")
    )


def can_sign(actor: Actor, unit_id: int) -> bool:
    """Ask for the signatures of a record: whoever closes days there, confirms them, or sets collecting up."""
    return can_collect(actor, unit_id) or can_confirm(actor, unit_id) or can_set_up(actor, unit_id)


def require_sign(actor: Actor, unit_id: int) -> None:
    """Raise `NotAllowed` unless the actor may have a record signed there."""
    _require(
        can_sign(actor, unit_id),
        msg("Chỉ cán bộ tiếp nhận, lãnh đạo hoặc quản trị của đơn vị thu mới yêu cầu ký số biên bản."),
    )


def require_set_up(actor: Actor, unit_id: int) -> None:
    """Raise `NotAllowed` unless the actor sets up collecting there."""
    _require(
        can_set_up(actor, unit_id),
        msg("Chỉ quản trị công nghệ thông tin hoặc lãnh đạo đơn vị mới được khai báo việc thu."),
    )


def require_read(actor: Actor, unit_id: int) -> None:
    """Raise `NotAllowed` unless the actor may read the unit's books."""
    _require(can_read(actor, unit_id), msg("Bạn không xem được sổ thu của đơn vị này."))


def require_province(actor: Actor) -> None:
    """Raise `NotAllowed` unless the actor looks after every unit: loading many collectors at once."""
    _require(
        can_manage_province(actor),
        msg("Chỉ Trung tâm cấp tỉnh hoặc quản trị hệ thống mới nạp cho nhiều đơn vị."),
    )


def can_see(actor: Actor, unit_id: int) -> bool:
    """See how a unit collects: its own people, and whoever looks after every unit."""
    return can_read(actor, unit_id) or can_manage_province(actor)


def _require(allowed: bool, sentence: Message) -> None:
    if not allowed:
        raise NotAllowed(sentence)


def _has(actor: Actor, unit_id: int, *roles: str) -> bool:
    return actor.has(*roles, agency_id=organisation.unit(unit_id).agency_id)


def _is_product(actor: Actor) -> bool:
    """The product itself: the platform's confirmations, matched statements."""
    return actor.is_admin and actor.user_id is None

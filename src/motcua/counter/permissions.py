"""Who works at which counter."""

from __future__ import annotations

from motcua.kernel.actor import Actor
from motcua.kernel.errors import NotAllowed
from motcua.kernel.messages import msg
from motcua.organisation import queries as organisation
from motcua.organisation.types import Role, UnitInfo
from motcua.payments import queries as payments
from motcua.payments.permissions import CONFIRMING, has_counter


def seats(actor: Actor) -> list[UnitInfo]:
    """The reception points where the actor is an officer, their own posts before delegated ones."""
    grants = sorted(
        (grant for grant in actor.grants if grant.role == Role.ONE_STOP_OFFICER),
        key=lambda grant: grant.on_behalf_of is not None,
    )
    known = organisation.units()
    found: dict[int, UnitInfo] = {}
    for grant in grants:
        unit = known.get(grant.unit_id)
        if unit is not None and unit.is_reception_point:
            found.setdefault(unit.id, unit)
    return list(found.values())


def books_kept(actor: Actor) -> list[UnitInfo]:
    """The books whose days somebody closes: of their counters, of those counters' agencies, and of collecting agencies
    without a counter where they confirm (a statement for heads only).
    """
    own = seats(actor)
    found = {unit.id: unit for unit in own}
    found.update({unit.agency_id: organisation.unit(unit.agency_id) for unit in own})
    heads = {grant.agency_id for grant in actor.grants if grant.role in CONFIRMING}
    bare = [agency_id for agency_id in heads - found.keys() if not has_counter(agency_id)]
    collecting = payments.those_that_collect(bare) if bare else ()
    found.update({agency_id: organisation.unit(agency_id) for agency_id in collecting})
    return list(found.values())


def officer_id(actor: Actor) -> int:
    """The account of the person at the counter; partner systems and the product itself keep no drafts."""
    if actor.user_id is None:
        raise NotAllowed(msg("Chỉ cán bộ đăng nhập mới dùng được trang quầy."))
    return actor.user_id


def require_seat(actor: Actor, unit_id: int) -> UnitInfo:
    """The unit, or `NotAllowed` when the actor is no officer there."""
    for unit in seats(actor):
        if unit.id == unit_id:
            return unit
    raise NotAllowed(msg("Bạn không phải cán bộ tiếp nhận của quầy này. Chọn lại nơi làm việc."))

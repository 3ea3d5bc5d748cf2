"""What every page shows around its content."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from motcua import __version__
from motcua.config import navigation
from motcua.kernel.actor import Actor
from motcua.organisation import queries as organisation
from motcua.organisation.types import Role


def shell(request: HttpRequest) -> dict[str, Any]:
    """Navigation and seat of the person, the demo flag, the product's version."""
    actor = getattr(request, "actor", None)
    known = actor is not None and actor.user_id is not None
    return {
        "version": __version__,
        "province_name": _("Tỉnh Bắc Ninh"),
        **(_seat(actor) if actor is not None and known else {}),
        **(_menu(request, actor) if actor is not None else {}),
        "actor": actor,
        "is_demo": settings.DEMO,
        "public_url": settings.PUBLIC_URL,
    }


def _menu(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    """The groups of the menu as the person left them, and what stands in a telephone's bar."""
    groups = navigation.menu(actor, request.path, navigation.chosen(request.COOKIES.get("motcua_menu", "")))
    bar = navigation.quick(groups)
    elsewhere = any(group["here"] for group in groups) and not any(entry["active"] for entry in bar)
    return {"nav": groups, "nav_quick": bar, "nav_elsewhere": elsewhere}


def _seat(actor: Actor) -> dict[str, Any]:
    """Where the person sits and in which roles; delegated ones are named as such. No statement."""
    units = organisation.units()
    roles = [
        {
            "title": Role(grant.role).label,
            "unit": units[grant.unit_id].full_name,
            "on_behalf_of": grant.on_behalf_of is not None,
        }
        for grant in actor.grants
        if grant.unit_id in units
    ]
    first = next((units[grant.agency_id].full_name for grant in actor.grants if grant.agency_id in units), "")
    return {"unit_name": first, "person_roles": roles}

"""Writes of the organisation: the public door."""

from motcua.organisation.actions.api_clients import close_api_client, create_api_client
from motcua.organisation.actions.calendar import (
    confirm_proposed,
    discard_proposed,
    propose_holidays,
    remove_calendar_day,
    set_calendar_day,
    set_sessions,
    set_week,
)
from motcua.organisation.actions.load import LoadReport, load_organisation
from motcua.organisation.actions.posts import (
    close_post,
    delegable_roles,
    delegate,
    open_post,
    revoke_delegation,
)
from motcua.organisation.actions.staff import NewPost, open_posts
from motcua.organisation.actions.units import create_unit, update_unit

__all__ = [
    "LoadReport",
    "NewPost",
    "close_api_client",
    "close_post",
    "confirm_proposed",
    "create_api_client",
    "create_unit",
    "delegable_roles",
    "delegate",
    "discard_proposed",
    "load_organisation",
    "open_post",
    "open_posts",
    "propose_holidays",
    "remove_calendar_day",
    "revoke_delegation",
    "set_calendar_day",
    "set_sessions",
    "set_week",
    "update_unit",
]

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
from motcua.organisation.actions.staff_list import (
    NewAccount,
    StaffReport,
    apply_staff_list,
    import_staff,
    keep_apart,
    load_staff_list,
    merge_accounts,
)
from motcua.organisation.actions.succession import (
    CARRY_OUT,
    SuccessionReport,
    carry_out_succession,
    plan_succession,
    rehearse_planned,
    rehearse_succession,
    succeed,
    undo_succession,
)
from motcua.organisation.actions.units import create_unit, update_unit
from motcua.organisation.followers import Followed, Moves, register_follower, register_open_work
from motcua.organisation.office_files import register_table_reader

__all__ = [
    "CARRY_OUT",
    "Followed",
    "LoadReport",
    "Moves",
    "NewAccount",
    "NewPost",
    "StaffReport",
    "SuccessionReport",
    "apply_staff_list",
    "carry_out_succession",
    "close_api_client",
    "close_post",
    "confirm_proposed",
    "create_api_client",
    "create_unit",
    "delegable_roles",
    "delegate",
    "discard_proposed",
    "import_staff",
    "keep_apart",
    "load_organisation",
    "load_staff_list",
    "merge_accounts",
    "open_post",
    "open_posts",
    "plan_succession",
    "propose_holidays",
    "register_follower",
    "register_open_work",
    "register_table_reader",
    "rehearse_planned",
    "rehearse_succession",
    "remove_calendar_day",
    "revoke_delegation",
    "set_calendar_day",
    "set_sessions",
    "set_week",
    "succeed",
    "undo_succession",
    "update_unit",
]

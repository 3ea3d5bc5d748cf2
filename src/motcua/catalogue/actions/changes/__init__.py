"""Writing change-sets: drafted, edited, approved, published all or nothing, undone as a whole."""

from motcua.catalogue.actions.changes.approving import approve_change_set, return_to_draft
from motcua.catalogue.actions.changes.drafting import (
    Drafted,
    discard_change_set,
    draft_change_set,
    draft_decisions,
)
from motcua.catalogue.actions.changes.editing import (
    add_lines,
    attach_scan,
    choose_policy,
    edit_head,
    edit_line,
    match_line,
    refresh_lines,
    remove_line,
)
from motcua.catalogue.actions.changes.publishing import as_if_published, publish_change_set
from motcua.catalogue.actions.changes.undoing import undo_change_set, undo_reasons

__all__ = [
    "Drafted",
    "add_lines",
    "approve_change_set",
    "as_if_published",
    "attach_scan",
    "choose_policy",
    "discard_change_set",
    "draft_change_set",
    "draft_decisions",
    "edit_head",
    "edit_line",
    "match_line",
    "publish_change_set",
    "refresh_lines",
    "remove_line",
    "return_to_draft",
    "undo_change_set",
    "undo_reasons",
]

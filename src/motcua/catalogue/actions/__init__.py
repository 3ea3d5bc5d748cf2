"""The public door for writing."""

from motcua.catalogue.actions.changes import (
    Drafted,
    add_lines,
    approve_change_set,
    as_if_published,
    attach_scan,
    choose_policy,
    discard_change_set,
    draft_change_set,
    draft_decisions,
    edit_head,
    edit_line,
    match_line,
    publish_change_set,
    refresh_lines,
    remove_line,
    return_to_draft,
    undo_change_set,
    undo_reasons,
)
from motcua.catalogue.actions.competence import set_competence_rules
from motcua.catalogue.actions.configuring import edit_cells, submit_configuration, undo_cells
from motcua.catalogue.actions.fees import (
    approve_fee_resolution,
    discard_fee_draft,
    draft_fee_resolution,
    end_fee_resolution,
    set_fee_resolution,
)
from motcua.catalogue.actions.importing import BEGINNING, import_procedures
from motcua.catalogue.actions.loading import LoadReport, load_catalogue
from motcua.catalogue.actions.processes import import_processes
from motcua.catalogue.actions.templates import delete_template, save_template

__all__ = [
    "BEGINNING",
    "Drafted",
    "LoadReport",
    "add_lines",
    "approve_change_set",
    "approve_fee_resolution",
    "as_if_published",
    "attach_scan",
    "choose_policy",
    "delete_template",
    "discard_change_set",
    "discard_fee_draft",
    "draft_change_set",
    "draft_decisions",
    "draft_fee_resolution",
    "edit_cells",
    "edit_head",
    "edit_line",
    "end_fee_resolution",
    "import_procedures",
    "import_processes",
    "load_catalogue",
    "match_line",
    "publish_change_set",
    "refresh_lines",
    "remove_line",
    "return_to_draft",
    "save_template",
    "set_competence_rules",
    "set_fee_resolution",
    "submit_configuration",
    "undo_cells",
    "undo_change_set",
    "undo_reasons",
]

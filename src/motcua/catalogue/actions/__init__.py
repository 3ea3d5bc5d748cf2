"""The public door for writing."""

from motcua.catalogue.actions.competence import set_competence_rules
from motcua.catalogue.actions.configuring import edit_cells, submit_configuration, undo_cells
from motcua.catalogue.actions.configuring_lines import publish_carried_processes
from motcua.catalogue.actions.importing import BEGINNING, import_procedures
from motcua.catalogue.actions.loading import LoadReport, load_catalogue
from motcua.catalogue.actions.processes import import_processes
from motcua.catalogue.actions.templates import delete_template, save_template

__all__ = [
    "BEGINNING",
    "LoadReport",
    "delete_template",
    "edit_cells",
    "import_procedures",
    "import_processes",
    "load_catalogue",
    "publish_carried_processes",
    "save_template",
    "set_competence_rules",
    "submit_configuration",
    "undo_cells",
]

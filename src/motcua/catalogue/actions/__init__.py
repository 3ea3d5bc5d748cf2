"""The public door for writing."""

from motcua.catalogue.actions.competence import set_competence_rules
from motcua.catalogue.actions.importing import BEGINNING, import_procedures
from motcua.catalogue.actions.loading import LoadReport, load_catalogue
from motcua.catalogue.actions.processes import import_processes

__all__ = [
    "BEGINNING",
    "LoadReport",
    "import_procedures",
    "import_processes",
    "load_catalogue",
    "set_competence_rules",
]

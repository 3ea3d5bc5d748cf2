"""The public door for reading; the matrix of competence is `queries.matrix`."""

from motcua.catalogue.queries import changes, decisions, fees, matrix
from motcua.catalogue.queries.carried import carried_definition
from motcua.catalogue.queries.chosen import form_for, letter_for
from motcua.catalogue.queries.deciding import agencies_at_work, competence, offered_at
from motcua.catalogue.queries.in_time import (
    ComingChange,
    KnownVersion,
    PastVersion,
    coming_changes,
    history,
    known_at,
)
from motcua.catalogue.queries.pins import Footing, Pin, register_pins
from motcua.catalogue.queries.searching import Listing, fields, listing, search
from motcua.catalogue.queries.sheet import Sheet, Where, procedure_sheet
from motcua.catalogue.queries.sources import Findings, finding_kinds, findings, imports
from motcua.catalogue.queries.versions import (
    BoundProcess,
    ProcedurePage,
    current_version,
    definition,
    page,
    process_for,
    setting,
    standing_instead,
    version,
    versions_of,
)
from motcua.catalogue.snapshot import forget

__all__ = [
    "BoundProcess",
    "ComingChange",
    "Findings",
    "Footing",
    "KnownVersion",
    "Listing",
    "PastVersion",
    "Pin",
    "ProcedurePage",
    "Sheet",
    "Where",
    "agencies_at_work",
    "carried_definition",
    "changes",
    "coming_changes",
    "competence",
    "current_version",
    "decisions",
    "definition",
    "fees",
    "fields",
    "finding_kinds",
    "findings",
    "forget",
    "form_for",
    "history",
    "imports",
    "known_at",
    "letter_for",
    "listing",
    "matrix",
    "offered_at",
    "page",
    "procedure_sheet",
    "process_for",
    "register_pins",
    "search",
    "setting",
    "standing_instead",
    "version",
    "versions_of",
]

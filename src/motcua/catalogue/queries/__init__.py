"""The public door for reading."""

from motcua.catalogue.queries import changes
from motcua.catalogue.queries.carried import carried_definition
from motcua.catalogue.queries.deciding import competence, offered_at
from motcua.catalogue.queries.pins import Footing, register_pins
from motcua.catalogue.queries.searching import Listing, fields, listing, search
from motcua.catalogue.queries.sources import Findings, finding_kinds, findings, imports
from motcua.catalogue.queries.versions import (
    BoundProcess,
    ProcedurePage,
    current_version,
    definition,
    page,
    process_for,
    version,
    versions_of,
)
from motcua.catalogue.snapshot import forget

__all__ = [
    "BoundProcess",
    "Findings",
    "Footing",
    "Listing",
    "ProcedurePage",
    "carried_definition",
    "changes",
    "competence",
    "current_version",
    "definition",
    "fields",
    "finding_kinds",
    "findings",
    "forget",
    "imports",
    "listing",
    "offered_at",
    "page",
    "process_for",
    "register_pins",
    "search",
    "version",
    "versions_of",
]

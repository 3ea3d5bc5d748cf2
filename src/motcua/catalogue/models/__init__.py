"""The catalogue's tables."""

from motcua.catalogue.models.procedure import Field, Immutable, Procedure, ProcedureCode, ProcedureVersion
from motcua.catalogue.models.rules import (
    CatalogueState,
    CompetenceRule,
    ProcessBinding,
    SourceFindingRow,
    SourceImport,
)

__all__ = [
    "CatalogueState",
    "CompetenceRule",
    "Field",
    "Immutable",
    "Procedure",
    "ProcedureCode",
    "ProcedureVersion",
    "ProcessBinding",
    "SourceFindingRow",
    "SourceImport",
]

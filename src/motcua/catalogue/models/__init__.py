"""The catalogue's tables."""

from motcua.catalogue.models.changes import ChangeLine, ChangeSet, ProcedureSetting, VersionPeriod
from motcua.catalogue.models.fees import FeeResolution, FeeResolutionDraft
from motcua.catalogue.models.procedure import Field, Immutable, Procedure, ProcedureCode, ProcedureVersion
from motcua.catalogue.models.rehearsals import GoldenDossier, Rehearsal, RehearsalFailure
from motcua.catalogue.models.rules import (
    CatalogueState,
    CompetenceRule,
    ProcessBinding,
    SourceFindingRow,
    SourceImport,
)
from motcua.catalogue.models.succession import ConfigurationMove
from motcua.catalogue.models.templates import ConfigurationTemplate

__all__ = [
    "CatalogueState",
    "ChangeLine",
    "ChangeSet",
    "CompetenceRule",
    "ConfigurationMove",
    "ConfigurationTemplate",
    "FeeResolution",
    "FeeResolutionDraft",
    "Field",
    "GoldenDossier",
    "Immutable",
    "Procedure",
    "ProcedureCode",
    "ProcedureSetting",
    "ProcedureVersion",
    "ProcessBinding",
    "Rehearsal",
    "RehearsalFailure",
    "SourceFindingRow",
    "SourceImport",
    "VersionPeriod",
]

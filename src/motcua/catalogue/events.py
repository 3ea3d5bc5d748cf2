"""What happened in the catalogue, told through the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class ProceduresImported:
    """A source of procedures was read; `created` versions are new."""

    name: ClassVar[str] = "catalogue.procedures_imported"
    import_id: int
    created: int


@dataclass(frozen=True, slots=True)
class ProcessesBound:
    """Internal processes were published and bound to procedures."""

    name: ClassVar[str] = "catalogue.processes_bound"
    import_id: int
    bindings: int


@dataclass(frozen=True, slots=True)
class FeeResolutionSet:
    """A resolution on fees counts, perhaps from a day before."""

    name: ClassVar[str] = "catalogue.fee_resolution_set"
    resolution_id: int
    number: str
    at: str


@dataclass(frozen=True, slots=True)
class ChangeSetDrafted:
    """A decision was drafted as a change-set."""

    name: ClassVar[str] = "catalogue.change_set_drafted"
    change_set_id: int
    number: str


@dataclass(frozen=True, slots=True)
class ChangeSetApproved:
    """A change-set was approved; it waits to be published."""

    name: ClassVar[str] = "catalogue.change_set_approved"
    change_set_id: int
    number: str


@dataclass(frozen=True, slots=True)
class ChangeSetPublished:
    """A change-set was carried out; its versions stand from their instants."""

    name: ClassVar[str] = "catalogue.change_set_published"
    change_set_id: int
    number: str
    versions: int


@dataclass(frozen=True, slots=True)
class ChangeSetUndone:
    """A published change-set was taken back as a whole."""

    name: ClassVar[str] = "catalogue.change_set_undone"
    change_set_id: int
    number: str
    reason: str

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

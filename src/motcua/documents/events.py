"""What happened here that others may want to know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class FileFoundInfected:
    """A stored file was found infected by a later scan; it is no longer given to anybody."""

    name: ClassVar[str] = "documents.file_found_infected"

    file_id: int
    sha256: str

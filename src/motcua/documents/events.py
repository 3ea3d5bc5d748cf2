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


@dataclass(frozen=True, slots=True)
class LetterSigned:
    """Every signature of a letter is put; `sha256` is the signed file's."""

    name: ClassVar[str] = "documents.letter_signed"

    letter_id: int
    subject: str
    sha256: str

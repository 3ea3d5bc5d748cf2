"""Who points at stored files. Contexts above register here, so that integrity checks can ask downward
only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet


@dataclass(frozen=True, slots=True)
class Reference:
    """A table that points at stored files: a query over it and the name of its id column ("file_id")."""

    label: str
    rows: Callable[[], QuerySet[Any]]
    column: str


_references: dict[str, Reference] = {}


def register_reference(label: str, *, rows: Callable[[], QuerySet[Any]], column: str) -> None:
    """Say that `rows()` points at stored files by `column`. Call it once, when the app is ready."""
    _references[label] = Reference(label, rows, column)


def references() -> list[Reference]:
    return list(_references.values())

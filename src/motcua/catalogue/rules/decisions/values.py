"""What is read from a decision, as values. A part that the file does not say is empty, never guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any

from motcua.catalogue.types import ProcedureDefinition
from motcua.catalogue.types_changes import ChangeAction, ChangeKind
from motcua.kernel.messages import Message, msg

BESIDE = frozenset({"replaced_by", "change", "old_name", "reason", "note"})
"""What a line may say that is no field of a procedure: kept as text (`replaced_by` as codes)."""

HEAD_LABELS: Mapping[str, Message] = {
    "number": msg("số quyết định"),
    "signed_on": msg("ngày ký"),
    "issuer": msg("cơ quan ban hành"),
    "kind": msg("loại văn bản"),
    "title": msg("trích yếu"),
    "effective_at": msg("ngày có hiệu lực"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the file that a person must correct; `cell` is where it stands, as the program shows it."""

    cell: str
    message: Message

    def to_dict(self) -> dict[str, str]:
        """JSON shape, in Vietnamese."""
        return {"cell": self.cell, "message": self.message.source()}


@dataclass(frozen=True, slots=True)
class DecisionHead:
    """The decision itself. `effective_at` is the first instant it counts, `effective_to` the first it no longer
    does; `effective_rule` its own words about that. `actions` are what its title says it does.
    """

    number: str = ""
    signed_on: date | None = None
    issuer: str = ""
    kind: ChangeKind | None = None
    title: str = ""
    field: str = ""
    effective_at: datetime | None = None
    effective_to: datetime | None = None
    effective_rule: str = ""
    based_on: str = ""
    notes: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """The parts that a person must give before the decision can be approved."""
        return tuple(name for name in HEAD_LABELS if not getattr(self, name))


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """One line of the annex. `values` holds only what the line says: fields of `ProcedureDefinition` and the
    words of `BESIDE`. `raw` is the row as it stood, by the column's title.
    """

    position: int
    cell: str
    code: str
    name: str
    action: ChangeAction
    old_code: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    raw: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DecisionRead:
    """A file's decision: head, lines, every problem at once, and remarks that stop nobody."""

    head: DecisionHead
    lines: tuple[DecisionLine, ...]
    problems: tuple[Problem, ...] = ()
    remarks: tuple[Problem, ...] = ()

    @property
    def clean(self) -> bool:
        """Whether the lines may be taken over."""
        return not self.problems


def values_to_dict(values: Mapping[str, object]) -> dict[str, Any]:
    """A line's values JSON-ready."""
    stated = {name: value for name, value in values.items() if name not in BESIDE}
    whole = ProcedureDefinition(**{"name": "", "short_name": "", "field": "", "levels": (), **stated})  # type: ignore[arg-type]  # by name
    plain = whole.to_dict()
    beside = {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in values.items()
        if name in BESIDE
    }
    kept = {name: plain.get(name, _empty(value)) for name, value in stated.items()}
    return {**kept, **beside}


def values_from_dict(data: Mapping[str, Any]) -> dict[str, object]:
    """The inverse of `values_to_dict`; raises KeyError, TypeError or ValueError on anything else."""
    stated = {name: value for name, value in data.items() if name not in BESIDE}
    whole = ProcedureDefinition.from_dict({"name": "", "short_name": "", "field": "", "levels": [], **stated})
    known = {part.name for part in fields(ProcedureDefinition)}
    found: dict[str, object] = {
        name: getattr(whole, name) for name in data if name in known and name not in BESIDE
    }
    for name in data:
        if name in BESIDE:
            found[name] = tuple(data[name]) if isinstance(data[name], list) else data[name]
    return found


def _empty(value: object) -> object:
    return [] if isinstance(value, tuple) else value

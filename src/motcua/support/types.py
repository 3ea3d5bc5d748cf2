"""The readiness of the province as its pages show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from motcua.kernel.messages import Message
from motcua.organisation.types import UnitInfo
from motcua.support.rules.readiness import Aspect, Facts, Grade, Mark, grade, share


@dataclass(frozen=True, slots=True)
class Item:
    """One procedure at one level, with everything that does not depend on the unit."""

    procedure_id: int
    version_id: int
    code: str
    name: str
    field: str
    level: str
    facts: Facts
    marks: Mapping[Aspect, Mark]
    process_ids: tuple[int, ...]
    late: bool

    @property
    def key(self) -> tuple[int, str]:
        """The version and the level: no two items have both."""
        return self.version_id, self.level


@dataclass(frozen=True, slots=True)
class Collecting:
    """How an agency takes money: whether in any way, and what is missing, each in a few words."""

    offered: bool = False
    missing: tuple[Message, ...] = ()


@dataclass(slots=True)
class UnitState:
    """One agency: how many procedures it decides, and what is in the way.

    `missing` tells for each unfilled (unit, role) how many procedures it blocks here.
    """

    unit: UnitInfo
    total: int = 0
    blocked: int = 0
    doubtful: int = 0
    late: int = 0
    by_aspect: dict[Aspect, dict[Mark, int]] = field(default_factory=dict)
    missing: dict[tuple[int, str], int] = field(default_factory=dict)
    with_fees: int = 0

    @property
    def ready(self) -> int:
        return self.total - self.blocked - self.doubtful

    @property
    def grade(self) -> Grade:
        return grade(self.total, self.blocked)

    @property
    def share(self) -> int:
        return share(self.total, self.blocked)


@dataclass(frozen=True, slots=True)
class Board:
    """The whole province at one instant."""

    at: datetime
    today: date
    items: tuple[Item, ...]
    units: Mapping[int, UnitState]
    deciding: Mapping[tuple[int, str], frozenset[int]]
    """Item to the agencies that decide it."""
    filled: frozenset[tuple[int, str]] = frozenset()
    collecting: Mapping[int, Collecting] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(state.total for state in self.units.values())

    @property
    def blocked(self) -> int:
        return sum(state.blocked for state in self.units.values())

    @property
    def doubtful(self) -> int:
        return sum(state.doubtful for state in self.units.values())

    @property
    def late(self) -> int:
        """Procedures whose electronic process is late, each counted once."""
        return sum(item.late for item in self.items)

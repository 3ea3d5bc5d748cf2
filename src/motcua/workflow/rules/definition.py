"""The internal process of a procedure (quy trình nội bộ) as a table of steps.

A definition is a value: frozen, comparable, with a canonical JSON form and a digest. It knows nothing of
dossiers, people or databases. Times are exact fractions, never floats.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Any

from motcua.kernel.text import fold
from motcua.workflow.rules.paths import reachable
from motcua.workflow.rules.slug import slug

MINUTES_PER_HOUR = 60
MINUTES_PER_DAY = 480
"""One working day is eight working hours (Cần Thơ and Nghệ An decisions; law.md D3)."""


class StepKind(StrEnum):
    """What a step is, as far as the engine, the checks and the drawing care."""

    RECEPTION = "reception"
    WORK = "work"
    APPROVAL = "approval"
    CLERK = "clerk"
    CONSULT = "consult"
    WAIT = "wait"
    RETURN = "return"
    AFTER = "after"


class Where(StrEnum):
    """Which unit performs a step; resolved for each run by whoever starts it."""

    RECEIVING_CENTRE = "receiving_centre"
    AGENCY = "agency"
    FIELD_DIVISION = "field_division"
    COMMUNE = "commune"
    PROVINCE_COMMITTEE = "province_committee"
    PROVINCE_OFFICE = "province_office"
    NAMED = "named"
    CONSULTED = "consulted"


class TimeUnit(StrEnum):
    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"
    WORKING_HOUR = "working_hour"


class WaitReason(StrEnum):
    """Why the clock may stand still. Only `payment`, `posting` and `applicant` are known not to count."""

    PAYMENT = "payment"
    POSTING = "posting"
    APPLICANT = "applicant"
    OTHER = "other"


_OTHERS_MONEY = re.compile(r"nghia vu tai chinh|\bthue\b|kho bac|chung tu")


class Join(StrEnum):
    """When a step where several branches meet opens."""

    ALL = "all"
    ANY = "any"


class Effect(StrEnum):
    """What an outcome means for the thing that runs; the run's owner carries it out, not the engine."""

    NONE = ""
    SUPPLEMENT = "supplement"
    REFUSE = "refuse"
    RETURN_UNRESOLVED = "return_unresolved"


@dataclass(frozen=True, slots=True)
class UnitRef:
    """A unit described by its part in the run; `name` is what the source table says.

    `code` goes with NAMED: the code of a unit, or a unit function such as `land_registry`, of which the one
    that serves the place is meant. COMMUNE is the commune of the land or residence concerned, which is the
    competent agency itself where that is a commune.
    """

    which: Where
    name: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """An amount of time, exact."""

    amount: Fraction
    unit: TimeUnit

    @property
    def working_minutes(self) -> int | None:
        """Working minutes, rounded up to a whole one; None for calendar days, which are no working time."""
        if self.unit is TimeUnit.CALENDAR_DAY:
            return None
        per_unit = MINUTES_PER_DAY if self.unit is TimeUnit.WORKING_DAY else MINUTES_PER_HOUR
        return -int(-self.amount * per_unit // 1)

    @property
    def planned_minutes(self) -> int:
        """Like `working_minutes`, a calendar day taken as a working day: for planning, not for deadlines."""
        return self.working_minutes or -int(-self.amount * MINUTES_PER_DAY // 1)


@dataclass(frozen=True, slots=True)
class Wait:
    """What a step waits for."""

    reason: WaitReason
    text: str

    @property
    def for_own_bills(self) -> bool:
        """Whether it waits for what the unit itself asks for, by its words: tax and land money others ask for."""
        return self.reason is WaitReason.PAYMENT and not _OTHERS_MONEY.search(fold(self.text))


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way to finish a step.

    `to` lists the steps that open (several = in parallel, none = this branch ends). `back` marks a loop to an
    earlier step. `stay` opens the steps and leaves the present one open (a consultation beside the work).
    """

    key: str
    label: str
    to: tuple[str, ...]
    needs_note: bool = False
    back: bool = False
    stay: bool = False
    effect: Effect = Effect.NONE


@dataclass(frozen=True, slots=True)
class SharedTime:
    """One amount of time used by several steps together; they end together and it counts once."""

    key: str
    label: str
    time: Span


@dataclass(frozen=True, slots=True)
class Step:
    """A row of the process table.

    `role` is a role key of the organisation; `performer` the words of the source. `time` None means the step
    has no time of its own. `counted` False keeps its time out of the legal limit. `join_count` is the n of
    `Join.ANY`.
    """

    key: str
    name: str
    kind: StepKind
    role: str
    unit_ref: UnitRef
    performer: str = ""
    time: Span | None = None
    shared_group: str | None = None
    counted: bool = True
    wait_for: Wait | None = None
    optional_when: str | None = None
    phase: str | None = None
    output: str | None = None
    form: str | None = None
    outcomes: tuple[Outcome, ...] = ()
    join: Join = Join.ALL
    join_count: int = 0
    note: str = ""

    def outcome(self, key: str) -> Outcome | None:
        return next((outcome for outcome in self.outcomes if outcome.key == key), None)

    @property
    def default_outcome(self) -> Outcome | None:
        """The ordinary way on: the first outcome that neither goes back nor stays nor has an effect."""
        plain = [o for o in self.outcomes if not (o.back or o.stay or o.effect)]
        return plain[0] if plain else None

    @property
    def lane(self) -> str:
        """The performer as shown to people; steps with the same lane share a swim-lane."""
        return self.performer or self.unit_ref.name or self.role


@dataclass(frozen=True)
class ProcessDefinition:
    """A whole internal process, immutable. The first step is where every run starts."""

    key: str
    title: str
    level: str
    steps: tuple[Step, ...]
    branch: str | None = None
    procedure_codes: tuple[str, ...] = ()
    limit: Span | None = None
    phases: tuple[str, ...] = ()
    shared: tuple[SharedTime, ...] = ()
    reference: str = ""
    field: str = ""
    issuer: str = ""
    issued: str = ""
    is_real: bool = True
    confidence: str = ""
    notes: tuple[str, ...] = ()

    @property
    def first(self) -> Step | None:
        return self.steps[0] if self.steps else None

    @cached_property
    def by_key(self) -> Mapping[str, Step]:
        return {step.key: step for step in reversed(self.steps)}

    def step(self, key: str) -> Step | None:
        return self.by_key.get(key)

    def shared_time(self, key: str | None) -> SharedTime | None:
        return next((group for group in self.shared if group.key == key), None)

    @cached_property
    def forward(self) -> Mapping[str, tuple[str, ...]]:
        """Step key -> keys that any outcome except a loop back leads to."""
        return {
            step.key: tuple(dict.fromkeys(t for o in step.outcomes if not o.back for t in o.to))
            for step in self.steps
        }

    @cached_property
    def reaches(self) -> Mapping[str, frozenset[str]]:
        """Step key -> every step that can come after it without a loop back."""
        return {key: reachable(self.forward, self.forward[key]) for key in self.forward}

    @cached_property
    def entries(self) -> Mapping[str, tuple[str, ...]]:
        """Step key -> steps with a forward outcome that leads to it, in table order."""
        found: dict[str, list[str]] = {step.key: [] for step in self.steps}
        for source, targets in self.forward.items():
            for target in targets:
                found.setdefault(target, []).append(source)
        return {key: tuple(sources) for key, sources in found.items()}

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON: equal exactly when the definitions are."""
        text = json.dumps(self.to_dict(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form; `from_dict` is its exact inverse."""
        from motcua.workflow.rules.serial import definition_to_dict

        return definition_to_dict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> ProcessDefinition:
        """Rebuild a definition. Raises ValueError naming the part that cannot be read."""
        from motcua.workflow.rules.serial import definition_from_dict

        return definition_from_dict(data)


def process_key(field_name: str, code: str, issue: str, branch: str | None = None) -> str:
    """The key of a process: (field, code, issue), because codes repeat between fields (QT 01/CX-HCTP does).

    >>> process_key("Hộ tịch", "QT 01/CX-HCTP", "2025-07-07")
    'ho-tich.qt-01-cx-hctp.2025-07-07'
    """
    parts: Sequence[str | None] = (field_name, code, issue, branch)
    return ".".join(slug(part) for part in parts if part)

"""Golden dossiers: what must become of an example dossier under a configuration, and whether it does. Pure.

`expect` says it: the desks it passes, who decides and returns it, its dates, papers, fees, letters and form. It
walks the real engine and deadline rules; units and calendars come from a `World`. Answers name units by their part
("own:society"), so that one example speaks for every unit that resolves alike.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Generic, Protocol, Self, TypeVar

from motcua.catalogue.rules.competence import Rule, Subject
from motcua.catalogue.rules.fees.tariff import FeeRule
from motcua.catalogue.rules.time_limits import TimeLimit
from motcua.catalogue.types import Paper, ProcedureDefinition
from motcua.dossiers.rules import deadline
from motcua.dossiers.rules.appointments import with_appointments
from motcua.dossiers.rules.deadline import DeadlinePolicy
from motcua.dossiers.rules.golden_fees import example_fees
from motcua.dossiers.rules.golden_process import Choice, Way, follow
from motcua.dossiers.rules.golden_text import terms
from motcua.kernel.clock import local
from motcua.kernel.messages import Message, msg
from motcua.organisation.rules.working_time import NoWorkingTime, WorkCalendar
from motcua.workflow.rules.definition import ProcessDefinition, Step

CHANNELS = ("in_person", "post", "online")
SLIP, SUPPLEMENT = "reception_slip", "supplement_request"
LETTERS = (SLIP, SUPPLEMENT, "refusal", "apology", "stop_notice")
"""What a dossier may need; which kind of letter serves each purpose can be configured."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Choose(Generic[T]):
    """Something configured for a level, a case, an agency, or for all; `fallback` counts where nothing else does."""

    value: T
    level: str = ""
    case_key: str = ""
    agency_id: int | None = None
    fallback: bool = False


def chosen(choices: Iterable[Choose[T]], *, level: str, case_key: str, agency_ids: Sequence[int]) -> T | None:
    """The most particular choice: of the procedure before the general, of the case, then of the agency."""
    fitting = [
        choice
        for choice in choices
        if choice.level in ("", level)
        and choice.case_key in ("", case_key)
        and (choice.agency_id is None or choice.agency_id in agency_ids)
    ]
    best = max(
        fitting,
        key=lambda c: (not c.fallback, c.case_key == case_key, c.agency_id is not None),
        default=None,
    )
    return best.value if best else None


@dataclass(frozen=True)
class Configuration:
    """Everything that decides how dossiers of one procedure go.

    `forms` are codes of forms, `letters` map a purpose to a kind, `returning` is "original", "deciding" or a unit's
    code, `receiving` codes of the only units that receive.
    """

    procedure_id: int
    definition: ProcedureDefinition
    rules: tuple[Rule, ...] = ()
    processes: tuple[Choose[ProcessDefinition], ...] = ()
    forms: tuple[Choose[str], ...] = ()
    letters: tuple[Choose[Mapping[str, str]], ...] = ()
    returning: tuple[Choose[str], ...] = ()
    receiving: tuple[Choose[tuple[str, ...]], ...] = ()

    @property
    def subject(self) -> Subject:
        """What the rules of competence are asked about."""
        found = self.definition
        return Subject(
            procedure_id=self.procedure_id,
            field=found.field,
            ministry=found.ministry,
            levels=tuple(level.value for level in found.levels),
            territory=found.territory,
        )


@dataclass(frozen=True, slots=True)
class Ends:
    """The three units of a dossier and the level it is decided at."""

    level: str
    receiving_id: int
    deciding_id: int
    returning_id: int


class World(Protocol):
    """Units, calendars and letters as they are where the dossier is received."""

    policy: DeadlinePolicy
    memory: dict[object, Any]
    """What was worked out before, for those who ask again."""

    def ends(self, configuration: Configuration, given: Given) -> Ends | Message:
        """Who receives, decides and returns, or why it is not received there."""

    def desk(self, step: Step, ends: Ends, field: str) -> tuple[str, str]:
        """Who performs a step: the unit by its part ("own:society", "STP:specialist") and the role."""

    def part(self, unit_id: int, ends: Ends) -> str:
        """A unit by the part it plays for this receiving unit."""

    def calendar(self, unit_id: int) -> WorkCalendar:
        """The unit's work calendar."""

    def letter_title(self, kind: str) -> str:
        """What a kind of letter is called; empty for a kind that does not exist."""

    def has_form(self, code: str) -> bool:
        """Whether a form of this code comes with the product."""

    def fee_rules(
        self, definition: ProcedureDefinition, *, day: date, deciding_id: int | None
    ) -> Sequence[FeeRule]:
        """The rules about fees on a day where this agency decides (None: nobody knows who)."""


@dataclass(frozen=True, slots=True)
class Given:
    """The example: where, which case, through which channel, with which papers, and when.

    `unit` and `place` are codes; `received` are (name, instant) pairs; `choices` the outcomes that make the branch.
    """

    unit: str
    case_key: str = ""
    place: str = ""
    channel: str = "in_person"
    papers: tuple[str, ...] = ()
    received: tuple[tuple[str, datetime], ...] = ()
    branch: str = ""
    choices: tuple[Choice, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready; `from_dict` is its inverse."""
        return {**asdict(self), "received": {name: at.isoformat() for name, at in self.received}}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Raises KeyError, TypeError or ValueError on anything `to_dict` does not write."""
        received = tuple((name, datetime.fromisoformat(at)) for name, at in data["received"].items())
        choices = tuple((step, outcome) for step, outcome in data["choices"])
        return cls(**{**data, "received": received, "choices": choices, "papers": tuple(data["papers"])})


@dataclass(frozen=True, slots=True)
class Expected:
    """What must come of it; plain JSON types, so that it is stored as it stands. `refused` empties the rest."""

    refused: str = ""
    level: str = ""
    deciding: str = ""
    returning: str = ""
    terms: str = ""
    due: tuple[tuple[str, str], ...] = ()
    papers: tuple[str, ...] = ()
    fees: tuple[tuple[str, int], ...] = ()
    fee_total: int = 0
    fees_unknown: tuple[str, ...] = ()
    letters: tuple[tuple[str, str], ...] = ()
    form: str = ""
    route: tuple[str, ...] = ()
    stuck: str = ""

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready; empty parts are left out."""
        plain: dict[str, Any] = json.loads(json.dumps(asdict(self), ensure_ascii=False))
        return {name: value for name, value in plain.items() if value not in ("", [], 0)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The inverse of `to_dict`."""
        return cls(**{name: _frozen(value) for name, value in data.items()})


def _frozen(value: Any) -> Any:
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value


def expect(configuration: Configuration, given: Given, world: World) -> Expected:
    """What comes of the example under this configuration."""
    definition = configuration.definition
    refusal = _reception_refusal(definition, given)
    ends = refusal or world.ends(configuration, given)
    if isinstance(ends, Message):
        return Expected(refused=ends.source())
    process = process_of(configuration, given.case_key, ends)
    if process is None:
        return Expected(refused=msg("Chưa có quy trình nội bộ cho thủ tục này.").source())
    limit = limit_of(definition, given.case_key, process)
    day = local(given.received[0][1]).date() if given.received else date.max
    fees = example_fees(
        world.fee_rules(definition, day=day, deciding_id=ends.deciding_id),
        case_key=given.case_key,
        channel=given.channel,
        day=day,
    )
    way = follow(process, given.choices)
    return Expected(
        level=ends.level,
        deciding=world.part(ends.deciding_id, ends),
        returning=world.part(ends.returning_id, ends),
        terms=terms(limit),
        due=_due(limit, given, ends, world),
        papers=tuple(paper_line(paper) for paper in _papers(definition, given)),
        fees=fees.lines,
        fee_total=fees.total,
        fees_unknown=fees.unknown,
        letters=_letters(configuration, given, ends, limit, world),
        form=_form(configuration, given, ends),
        route=_route(process, way, ends, definition.field, world),
        stuck=way.stuck,
    )


def process_of(configuration: Configuration, case_key: str, ends: Ends) -> ProcessDefinition | None:
    """The process that runs; None where none is bound."""
    return chosen(
        configuration.processes, level=ends.level, case_key=case_key, agency_ids=(ends.deciding_id,)
    )


def limit_of(
    definition: ProcedureDefinition, case_key: str, process: ProcessDefinition | None
) -> TimeLimit | None:
    """The limit of the case, cut into the appointments it is announced in."""
    case = definition.case(case_key)
    return with_appointments(definition.limit_for(case_key), case.appointments if case else (), process)


def _due(limit: TimeLimit | None, given: Given, ends: Ends, world: World) -> tuple[tuple[str, str], ...]:
    key = ("due", limit, given.received, ends.deciding_id)
    found: tuple[tuple[str, str], ...] | None = world.memory.get(key)
    if found is None:
        calendar = world.calendar(ends.deciding_id)
        found = world.memory[key] = due_dates(limit, given.received, calendar, world.policy)
    return found


def due_dates(
    limit: TimeLimit | None,
    received: Sequence[tuple[str, datetime]],
    calendar: WorkCalendar,
    policy: DeadlinePolicy,
) -> tuple[tuple[str, str], ...]:
    """The date promised for each instant of reception, as "2026-11-23T17:30"; empty without a limit."""
    found = []
    for name, at in received:
        try:
            due = deadline.compute(limit or TimeLimit.none(), at, calendar, (), policy).due_at
        except NoWorkingTime as refusal:
            found.append((name, refusal.message.source()))
            continue
        found.append((name, f"{local(due):%Y-%m-%dT%H:%M}" if due else ""))
    return tuple(found)


def paper_line(paper: Paper) -> str:
    """One paper with what is asked of it: "to-khai form always 1+0"."""
    return f"{paper.key} {paper.kind} {paper.required} {paper.originals}+{paper.copies}"


def required_papers(definition: ProcedureDefinition, case_key: str, channel: str) -> tuple[str, ...]:
    """Keys of the papers without which there is no reception."""
    found = definition.papers
    return tuple(p.key for p in found if p.required == "always" and _asked(p, case_key, channel))


def _papers(definition: ProcedureDefinition, given: Given) -> list[Paper]:
    return [paper for paper in definition.papers if _asked(paper, given.case_key, given.channel)]


def _asked(paper: Paper, case_key: str, channel: str) -> bool:
    in_case = not paper.case_key or not case_key or paper.case_key == case_key
    return in_case and (not paper.channels or channel in paper.channels)


def _reception_refusal(definition: ProcedureDefinition, given: Given) -> Message | None:
    """As the counter refuses it: the case and the papers must be the procedure's own."""
    if given.case_key and definition.case(given.case_key) is None:
        return msg("Trường hợp đã chọn không thuộc thủ tục này. Hãy chọn lại.")
    if not given.case_key and any(case.changes_limit for case in definition.cases):
        return msg("Chọn trường hợp: thời hạn của thủ tục này khác nhau theo trường hợp.")
    known = {paper.key for paper in definition.papers}
    foreign = next((key for key in given.papers if key not in known), None)
    if foreign is not None:
        return msg("Giấy tờ “%(key)s” không có trong danh mục của thủ tục này.", key=foreign)
    return None


def letter_kinds(configuration: Configuration, given: Given, ends: Ends) -> dict[str, str]:
    """The kind of letter for each purpose: as configured, else the one of the circular."""
    own = chosen(
        configuration.letters,
        level=ends.level,
        case_key=given.case_key,
        agency_ids=(ends.deciding_id, ends.receiving_id),
    )
    return {purpose: (own or {}).get(purpose, purpose) for purpose in LETTERS}


def _letters(
    configuration: Configuration, given: Given, ends: Ends, limit: TimeLimit | None, world: World
) -> tuple[tuple[str, str], ...]:
    """(purpose, "kind digest"): the digest fixes what the letter says about the procedure."""
    definition = configuration.definition
    papers = tuple((p.name, p.originals, p.copies, p.kind) for p in _papers(definition, given))
    said = {SLIP: (papers, limit.text().source() if limit else "", world.part(ends.returning_id, ends))}
    return tuple(
        (purpose, f"{kind} {_digest(world.letter_title(kind), definition.name, said.get(purpose))}")
        for purpose, kind in letter_kinds(configuration, given, ends).items()
    )


@lru_cache(maxsize=8192)
def _digest(title: str, request: str, slip: tuple[Any, ...] | None) -> str:
    """Kept, because the letters of a procedure say the same in every unit."""
    says: dict[str, object] = {"request": request}
    if slip is not None:
        says |= dict(zip(("papers", "limit", "return"), slip, strict=True))
    text = json.dumps([title, says], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _form(configuration: Configuration, given: Given, ends: Ends) -> str:
    """The form that was configured, else the first the papers name."""
    own = chosen(
        configuration.forms,
        level=ends.level,
        case_key=given.case_key,
        agency_ids=(ends.deciding_id, ends.receiving_id),
    )
    if own:
        return own
    papers = _papers(configuration.definition, given)
    return next((paper.form_code for paper in papers if paper.form_code), "")


def _route(process: ProcessDefinition, way: Way, ends: Ends, field: str, world: World) -> tuple[str, ...]:
    """A line for each task: "ky ky leader own 480": step, outcome, role, part of the unit, planned minutes."""
    lines = []
    for hop in way.hops:
        step = process.by_key[hop.step]
        part, role = world.desk(step, ends, field)
        minutes = "-" if hop.minutes is None else str(hop.minutes)
        lines.append(" ".join((hop.step, hop.outcome or "-", role, part, minutes, *_clock(step))))
    return tuple(lines)


def _clock(step: Step) -> tuple[str, ...]:
    """What a step does to the clock, where it does anything."""
    words = []
    if not step.counted:
        words.append("uncounted")
    if step.wait_for is not None:
        words.append(f"waits:{step.wait_for.reason.value}")
    return tuple(words)


@dataclass(frozen=True, slots=True)
class Difference:
    """One part of an expectation that turned out otherwise."""

    part: str
    expected: Any
    found: Any


def compare(expected: Expected, found: Expected) -> tuple[Difference, ...]:
    """Every part that differs, in the order of `Expected`. Due dates by the name of the instant: PostgreSQL keeps the
    instants of an example in an order of its own.
    """
    return tuple(
        Difference(part.name, before, after)
        for part in fields(Expected)
        if (before := getattr(expected, part.name)) != (after := getattr(found, part.name))
        and not (part.name == "due" and sorted(before) == sorted(after))
    )

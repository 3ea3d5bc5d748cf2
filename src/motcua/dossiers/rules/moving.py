"""What becomes of a dossier under way when a decision changes its procedure. Pure.

`plan` takes what the decision wants (its policy) and what the law and fairness allow, and answers with an outcome
and the reason for it; what is forbidden is an outcome of its own, never an error. Guard rails, whatever the
policy says:

- a dossier that has a result, or waits to be returned, or has ended, is left alone;
- the promised date never moves later, and never to a moment already past;
- the fee never rises: the lines of the version it was received under go on counting;
- a paper is never asked again; a new one only where the decision says so (its article is named in the mapping).

The rule behind the default: a procedure that was received is dealt with by the provisions of the day of reception
unless the decision provides otherwise (Law on the Promulgation of Legal Documents, provisions on retroactive effect).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from motcua.catalogue.types import FeeLine, Paper, ProcedureDefinition
from motcua.catalogue.types_changes import ChangeAction, Policy
from motcua.dossiers.rules import lifecycle
from motcua.kernel.text import fold


class Outcome(StrEnum):
    """What becomes of one dossier."""

    FINISH = "finish"
    CONVERT = "convert"
    ASK = "ask"
    TRANSFER = "transfer"
    STOP = "stop"
    LEFT = "left"


class Reason(StrEnum):
    """Why it is this outcome; every reason but the first forbids what the policy wanted."""

    BY_DECISION = "by_decision"
    HAS_RESULT = "has_result"
    AWAITS_RETURN = "awaits_return"
    ENDED = "ended"
    NOT_CHANGED = "not_changed"
    NOTHING_NEW = "nothing_new"
    OTHER_LEVEL = "other_level"
    NO_CASE = "no_case"
    NO_PROCESS = "no_process"
    NO_STEP = "no_step"
    NO_UNIT = "no_unit"
    SAME_UNIT = "same_unit"
    LATER_THERE = "later_there"
    REFUSED = "refused"


class Kept(StrEnum):
    """What stays as it was although the dossier goes on under the new provisions."""

    DATE_LATER = "date_later"
    DATE_PAST = "date_past"
    DATE_UNKNOWN = "date_unknown"
    DATE_PAUSED = "date_paused"
    FEE = "fee"
    PAPERS = "papers"


class State(StrEnum):
    """Where a dossier stands, as finely as the rules tell states apart."""

    SUBMITTED = "submitted"
    RECEIVED = "received"
    REFUSED = "refused"
    PROCESSING = "processing"
    DECIDED = "decided"
    """Under way, yet what was decided is already recorded."""
    INTAKE_SUPPLEMENT = "intake_supplement"
    """Papers were asked for at the counter: never received, no clock."""
    AWAITING_SUPPLEMENT = "awaiting_supplement"
    AWAITING_PAYMENT = "awaiting_payment"
    WITHDRAWN = "withdrawn"
    STOPPED = "stopped"
    COMPLETED = "completed"
    RETURNED = "returned"

    @classmethod
    def of(cls, status: str, *, received: bool, has_result: bool) -> Self:
        """The state of a dossier with this legal status."""
        if has_result and status in lifecycle.OPEN:
            return cls("decided")
        if status == lifecycle.AWAITING_SUPPLEMENT and not received:
            return cls("intake_supplement")
        return cls(status)


ENDED = frozenset({State.REFUSED, State.WITHDRAWN, State.STOPPED, State.RETURNED})


@dataclass(frozen=True, slots=True)
class CarryOver:
    """How a line carries dossiers over, as somebody wrote it into the line's mapping.

    `cases` and `steps` lead from old key to new, `papers` from the new key of a paper to the old one it was handed in
    under. `papers_article` is the article of the decision that asks new papers of dossiers under way; empty: none does.
    `transfer_to` is the code of the unit that takes them over where the rules of competence cannot tell.
    """

    cases: Mapping[str, str] = field(default_factory=dict)
    steps: Mapping[str, str] = field(default_factory=dict)
    papers: Mapping[str, str] = field(default_factory=dict)
    papers_article: str = ""
    transfer_to: str = ""

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> Self:
        """What the mapping says; parts it does not have are empty, other parts are not ours."""
        return cls(
            cases=_texts(mapping.get("cases")),
            steps=_texts(mapping.get("steps")),
            papers=_texts(mapping.get("papers")),
            papers_article=str(mapping.get("papers_article") or "").strip(),
            transfer_to=str(mapping.get("transfer_to") or "").strip(),
        )

    def case_for(self, case_key: str, definition: ProcedureDefinition) -> str | None:
        """The case of the new content that an old case goes on as; None when it has no place there."""
        wanted = self.cases.get(case_key, case_key)
        if not wanted or not definition.cases:
            return ""
        return wanted if definition.case(wanted) is not None else None


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a dossier would go on. Made once for all dossiers that look alike.

    `exists` false: nothing takes the place of the old. `case_key`, `process_id` and `agency_id` None: no place, no
    process, nobody known. `steps_fit` false: an open step has no place in the new process.
    """

    exists: bool
    case_key: str | None = ""
    levels: frozenset[str] = frozenset()
    process_id: int | None = None
    steps_fit: bool = True
    agency_id: int | None = None
    level: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules know of one dossier. `has_run` is false before reception."""

    state: State
    level: str
    agency_id: int
    has_run: bool


@dataclass(frozen=True, slots=True)
class Dates:
    """The promised date as it is and as the new provisions would have it; None where there is none.

    `paused`: the clock stands and nobody can say yet which of the two would be later.
    """

    old: datetime | None = None
    new: datetime | None = None
    paused: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of one dossier. `kept` and `asked` matter only where it goes on under the new provisions."""

    outcome: Outcome
    reason: Reason
    kept: tuple[Kept, ...] = ()
    asked: tuple[Paper, ...] = ()


def plan(action: ChangeAction, policy: Policy, facts: Facts, to: Destination) -> Plan:
    """The outcome for one dossier, before the guards of a conversion are looked at (`guarded`)."""
    left = _left_alone(action, facts.state)
    if left is not None:
        return Plan(Outcome.LEFT, left)
    if policy is Policy.STOP:
        return Plan(Outcome.STOP, Reason.BY_DECISION)
    if policy is Policy.TRANSFER:
        obstacle = _no_transfer(facts, to)
        return Plan(Outcome.FINISH, obstacle) if obstacle else Plan(Outcome.TRANSFER, Reason.BY_DECISION)
    if policy in (Policy.CONVERT, Policy.ASK):
        obstacle = _no_conversion(facts, to)
        wanted = Outcome.CONVERT if policy is Policy.CONVERT else Outcome.ASK
        return Plan(Outcome.FINISH, obstacle) if obstacle else Plan(wanted, Reason.BY_DECISION)
    return Plan(Outcome.FINISH, Reason.BY_DECISION)


def guarded(
    found: Plan,
    *,
    dates: Dates,
    old: ProcedureDefinition,
    new: ProcedureDefinition,
    case_key: str,
    given: Sequence[str],
    carry: CarryOver,
    now: datetime,
) -> Plan:
    """The plan of a conversion with what the guard rails keep; `given` are keys and names of papers handed in."""
    kept = [
        *([late] if (late := date_guard(dates, now)) else []),
        *([Kept.FEE] if fee_rises(old.fees, new.fees) else []),
    ]
    fresh = new_papers(new.papers_for(case_key), given, carry.papers)
    asked = fresh if carry.papers_article else ()
    if fresh and not asked:
        kept.append(Kept.PAPERS)
    return Plan(found.outcome, found.reason, tuple(kept), tuple(asked))


def transferred(found: Plan, dates: Dates) -> Plan:
    """The plan of a transfer; not where the new unit's calendar would move the promised date later."""
    if dates.old is not None and dates.new is not None and dates.new > dates.old:
        return Plan(Outcome.FINISH, Reason.LATER_THERE)
    return found


def date_guard(dates: Dates, now: datetime) -> Kept | None:
    """Why the old date stays; None when the new one may count, or both are the same."""
    if dates.paused:
        return Kept.DATE_PAUSED
    if dates.old == dates.new:
        return None
    if dates.old is None or dates.new is None:
        return Kept.DATE_UNKNOWN
    if dates.new > dates.old:
        return Kept.DATE_LATER
    return Kept.DATE_PAST if dates.new <= now else None


def fee_rises(old: Iterable[FeeLine], new: Iterable[FeeLine]) -> bool:
    """Whether somebody could have to pay more: a higher amount, an unknown one for a known one, or a new line."""
    before = {line.key: line.amount for line in old if line.applies}
    for line in new:
        if not line.applies or line.amount == 0:
            continue
        if line.key not in before:
            return True
        known = before[line.key]
        if line.amount != known and (known is None or line.amount is None or line.amount > known):
            return True
    return False


def new_papers(asked: Iterable[Paper], given: Sequence[str], renamed: Mapping[str, str]) -> tuple[Paper, ...]:
    """Papers always required that nobody handed in under this key, the key it had before, or this name."""
    have = {fold(text) for text in given if text}
    return tuple(
        paper
        for paper in asked
        if paper.required == "always"
        and not {fold(paper.key), fold(renamed.get(paper.key, paper.key)), fold(paper.name)} & have
    )


def _left_alone(action: ChangeAction, state: State) -> Reason | None:
    if state in ENDED:
        return Reason.ENDED
    if state is State.COMPLETED:
        return Reason.AWAITS_RETURN
    if state is State.DECIDED:
        return Reason.HAS_RESULT
    return Reason.NOT_CHANGED if action in (ChangeAction.NEW, ChangeAction.NOTED) else None


def _no_conversion(facts: Facts, to: Destination) -> Reason | None:
    if not to.exists:
        return Reason.NOTHING_NEW
    if facts.level not in to.levels:
        return Reason.OTHER_LEVEL
    if to.case_key is None:
        return Reason.NO_CASE
    return _no_process(facts, to)


def _no_process(facts: Facts, to: Destination) -> Reason | None:
    if not facts.has_run:
        return None
    if to.process_id is None:
        return Reason.NO_PROCESS
    return None if to.steps_fit else Reason.NO_STEP


def _no_transfer(facts: Facts, to: Destination) -> Reason | None:
    if to.agency_id is None:
        return Reason.NO_UNIT
    return Reason.SAME_UNIT if to.agency_id == facts.agency_id else None


def _texts(value: object) -> dict[str, str]:
    if not isinstance(value, Mapping):
        return {}
    return {str(key): str(found) for key, found in value.items() if found}

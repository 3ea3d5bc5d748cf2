"""Whether a procedure can be done in a unit today, and what is in the way. Pure.

A unit is ready for a procedure when nothing is blocked; a doubt lets work go on and wants settling. After a decision
the electronic process must stand within 3 or 5 working days, as the decision says (Bắc Ninh 1490/QĐ-UBND: 5,
1582/QĐ-UBND: 3).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

DEFAULT_ELECTRONIC_DAYS = 5
_DAYS = re.compile(r"(\d{1,2})\s*ngày\s+làm\s+việc", re.IGNORECASE)


class Aspect(StrEnum):
    """What must be there before a procedure can be received, in the order in which it is prepared."""

    PUBLISHED = "published"
    LIMIT = "limit"
    FEES = "fees"
    FORM = "form"
    LETTERS = "letters"
    PROCESS = "process"
    ELECTRONIC = "electronic"
    REHEARSAL = "rehearsal"
    ROLES = "roles"
    PAYING = "paying"


OF_THE_UNIT = frozenset({Aspect.ROLES, Aspect.PAYING})
"""What depends on the unit and not on the procedure alone."""


class Mark(StrEnum):
    """How one aspect stands; the later, the worse."""

    NOT_NEEDED = "not_needed"
    READY = "ready"
    DOUBT = "doubt"
    BLOCKED = "blocked"


WORSE = {mark: place for place, mark in enumerate(Mark)}


class Grade(StrEnum):
    """A unit or department at a glance."""

    DONE = "done"
    NEARLY = "nearly"
    FAR = "far"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one procedure at one level; `rehearsed` None means never, `process_is_real` None no process."""

    in_force: bool
    limits_unknown: int
    fee_lines: int
    fees_unknown: int
    has_form: bool
    form_known: bool
    letters_unknown: int
    process_is_real: bool | None
    electronic_due: date | None
    rehearsed: bool | None


def marks(facts: Facts) -> Mapping[Aspect, Mark]:
    """Every aspect but those of the unit."""
    process = _process(facts)
    return {
        Aspect.PUBLISHED: Mark.READY if facts.in_force else Mark.BLOCKED,
        Aspect.LIMIT: Mark.DOUBT if facts.limits_unknown else Mark.READY,
        Aspect.FEES: _known(facts.fee_lines > 0, facts.fees_unknown == 0),
        Aspect.FORM: _known(facts.has_form, facts.form_known),
        Aspect.LETTERS: Mark.BLOCKED if facts.letters_unknown else Mark.READY,
        Aspect.PROCESS: process,
        Aspect.ELECTRONIC: _electronic(facts, process),
        Aspect.REHEARSAL: _rehearsal(facts.rehearsed),
    }


def paying(facts: Facts, *, offered: bool) -> Mark:
    """A unit that can take no money still receives; who pays, and where, has to be settled."""
    if not facts.fee_lines:
        return Mark.NOT_NEEDED
    return Mark.READY if offered else Mark.DOUBT


def _known(needed: bool, known: bool) -> Mark:
    if not needed:
        return Mark.NOT_NEEDED
    return Mark.READY if known else Mark.DOUBT


def _process(facts: Facts) -> Mark:
    if facts.process_is_real is None:
        return Mark.BLOCKED
    return Mark.READY if facts.process_is_real else Mark.DOUBT


def _electronic(facts: Facts, process: Mark) -> Mark:
    """Only asked where a decision set a day for it."""
    if facts.electronic_due is None:
        return Mark.NOT_NEEDED
    return Mark.READY if process is Mark.READY else Mark.DOUBT


def _rehearsal(rehearsed: bool | None) -> Mark:
    if rehearsed is None:
        return Mark.DOUBT
    return Mark.READY if rehearsed else Mark.BLOCKED


def worst(found: Iterable[Mark]) -> Mark:
    """The worst of several marks; NOT_NEEDED of none."""
    return max(found, key=WORSE.__getitem__, default=Mark.NOT_NEEDED)


def is_late(facts: Facts, today: date) -> bool:
    """Whether the day for the electronic process has passed and no real process stands."""
    return facts.electronic_due is not None and not facts.process_is_real and today > facts.electronic_due


def electronic_days(notes: Iterable[str]) -> int:
    """The working days a decision gives for the electronic process; five where it names none.

    >>> electronic_days(["quy trình điện tử trong 03 ngày làm việc"])
    3
    """
    for note in notes:
        if "điện tử" in note and (found := _DAYS.search(note)):
            return int(found[1])
    return DEFAULT_ELECTRONIC_DAYS


def grade(total: int, blocked: int) -> Grade:
    """Everything can be received, nearly everything (nine in ten), less, or nothing at all.

    A unit that decides nothing has nothing left to do.
    """
    if not blocked:
        return Grade.DONE
    if blocked >= total:
        return Grade.NOTHING
    return Grade.NEARLY if (total - blocked) * 10 >= total * 9 else Grade.FAR


def share(total: int, blocked: int) -> int:
    """Per cent that can be received, rounded down: 100 only when nothing is blocked."""
    return 100 if not total else (total - blocked) * 100 // total

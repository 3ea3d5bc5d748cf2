"""How long a procedure may take: phases with mixed units, legal and shortened, cut-off and start rule.

A limit is data of a published procedure version. Turning it into a date is `dossiers.rules.deadline`.
Amounts are exact fractions; 1 working day = 8 working hours = 480 minutes wherever amounts are summed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import time
from enum import StrEnum
from fractions import Fraction

from motcua.kernel.messages import Message, msg

WORKING_DAY_MINUTES = 480

Amount = Fraction | int | str


class LimitUnit(StrEnum):
    """What a limit counts. HOUR is a working hour unless its phase says `around_the_clock`."""

    WITHIN_DAY = "within_day"
    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"
    WORKING_HOUR = "working_hour"
    HOUR = "hour"
    MONTH = "month"
    NONE = "none"


class LimitBasis(StrEnum):
    """What sums of a unit may be compared with."""

    WORKING = "working"
    CALENDAR = "calendar"


class StartRule(StrEnum):
    """The event a limit runs from."""

    ON_RECEIPT = "on_receipt"
    ON_COMPLETE = "on_complete"
    ON_COMPETENT_RECEIPT = "on_competent_receipt"
    ON_EVENT = "on_event"


class CutoffKind(StrEnum):
    """After which moment of the day a dossier counts from the next working day."""

    NONE = "none"
    AT_TIME = "at_time"
    BEFORE_CLOSING = "before_closing"


BASES: Mapping[LimitUnit, LimitBasis] = {
    LimitUnit.WITHIN_DAY: LimitBasis.WORKING,
    LimitUnit.WORKING_DAY: LimitBasis.WORKING,
    LimitUnit.WORKING_HOUR: LimitBasis.WORKING,
    LimitUnit.HOUR: LimitBasis.WORKING,
    LimitUnit.CALENDAR_DAY: LimitBasis.CALENDAR,
}
UNIT_MINUTES: Mapping[LimitUnit, int] = {
    LimitUnit.WITHIN_DAY: WORKING_DAY_MINUTES,
    LimitUnit.WORKING_DAY: WORKING_DAY_MINUTES,
    LimitUnit.CALENDAR_DAY: WORKING_DAY_MINUTES,
    LimitUnit.WORKING_HOUR: 60,
    LimitUnit.HOUR: 60,
}
TEXTS: Mapping[LimitUnit, Message] = {
    LimitUnit.WORKING_DAY: msg("%(amount)s ngày làm việc"),
    LimitUnit.CALENDAR_DAY: msg("%(amount)s ngày"),
    LimitUnit.WORKING_HOUR: msg("%(amount)s giờ làm việc"),
    LimitUnit.HOUR: msg("%(amount)s giờ"),
    LimitUnit.MONTH: msg("%(amount)s tháng"),
}


@dataclass(frozen=True, slots=True)
class Cutoff:
    """Received after this moment = counted from the next working day (Decree 23/2015, 63/2024, …).

    AT_TIME needs `at` (e.g. 15:00); BEFORE_CLOSING needs `minutes` before the last session closes.
    Whether the exact moment is already "after" is `DeadlinePolicy.cutoff_exact_is_after`.
    """

    kind: CutoffKind = CutoffKind.NONE
    at: time | None = None
    minutes: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", CutoffKind(self.kind))
        if self.kind is CutoffKind.AT_TIME and self.at is None:
            raise ValueError("a cut-off at a time needs the time")
        if self.kind is CutoffKind.BEFORE_CLOSING and not (self.minutes and self.minutes > 0):
            raise ValueError("a cut-off before closing needs a positive number of minutes")

    def text(self) -> Message:
        """The rule in words; empty when there is none."""
        if self.kind is CutoffKind.AT_TIME and self.at is not None:
            return msg("nhận sau %(time)s thì tính từ ngày làm việc tiếp theo", time=f"{self.at:%H:%M}")
        if self.kind is CutoffKind.BEFORE_CLOSING:
            return msg(
                "nhận trong %(minutes)s phút cuối giờ làm việc thì tính từ ngày làm việc tiếp theo",
                minutes=self.minutes,
            )
        return msg("")


NO_CUTOFF = Cutoff()
AFTER_15H = Cutoff(CutoffKind.AT_TIME, at=time(15))
LAST_HOUR = Cutoff(CutoffKind.BEFORE_CLOSING, minutes=60)


@dataclass(frozen=True, slots=True)
class LimitPhase:
    """One stretch of a limit. With `waits_for` it begins only when that has happened (second appointment)."""

    amount: Fraction
    unit: LimitUnit
    label: str = ""
    waits_for: str = ""
    around_the_clock: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "amount", exact(self.amount))
        object.__setattr__(self, "unit", LimitUnit(self.unit))
        if self.unit is LimitUnit.NONE:
            return
        if self.amount <= 0:
            raise ValueError("a phase of a limit must be longer than nothing")
        if self.unit is LimitUnit.MONTH and (self.amount * 2).denominator != 1:
            raise ValueError("months are counted whole or by halves (Civil Code Art. 146)")

    def text(self) -> Message:
        """The phase in words: "5 ngày làm việc", "trong ngày", "0,25 ngày làm việc"."""
        if self.unit is LimitUnit.WITHIN_DAY:
            return msg("trong ngày")
        if self.unit is LimitUnit.NONE:
            return msg("không hẹn ngày trả")
        if self.unit is LimitUnit.HOUR and not self.around_the_clock:
            return msg(TEXTS[LimitUnit.WORKING_HOUR].text, amount=amount_text(self.amount))
        return msg(TEXTS[self.unit].text, amount=amount_text(self.amount))

    def to_dict(self) -> dict[str, object]:
        """JSON shape; the amount is text so that 1/3 stays exact."""
        data: dict[str, object] = {"amount": str(self.amount), "unit": self.unit.value}
        if self.label:
            data["label"] = self.label
        if self.waits_for:
            data["waits_for"] = self.waits_for
        if self.around_the_clock:
            data["around_the_clock"] = True
        return data

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> LimitPhase:
        """The phase `to_dict` wrote; ValueError for an unknown unit or amount."""
        return cls(
            amount=exact(str(data["amount"])),
            unit=LimitUnit(str(data["unit"])),
            label=str(data.get("label", "")),
            waits_for=str(data.get("waits_for", "")),
            around_the_clock=bool(data.get("around_the_clock", False)),
        )


@dataclass(frozen=True, slots=True)
class LimitExtra:
    """Time a rule of area adds, e.g. +10 working days for land in hard communes (Decree 151/2025)."""

    amount: Fraction
    unit: LimitUnit
    reason: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "amount", exact(self.amount))
        object.__setattr__(self, "unit", LimitUnit(self.unit))

    def to_dict(self) -> dict[str, object]:
        """JSON shape."""
        return {"amount": str(self.amount), "unit": self.unit.value, "reason": self.reason}

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> LimitExtra:
        """The extra `to_dict` wrote."""
        return cls(exact(str(data["amount"])), LimitUnit(str(data["unit"])), str(data["reason"]))


@dataclass(frozen=True, slots=True)
class LimitTotal:
    """A sum of durations: minutes of 8-hour days, comparable only with a total of the same basis."""

    basis: LimitBasis
    minutes: Fraction

    def exceeds(self, other: LimitTotal | None) -> bool | None:
        """Whether this is longer than `other`; None when the two cannot be compared."""
        if other is None or other.basis is not self.basis:
            return None
        return self.minutes > other.minutes

    def text(self) -> Message:
        """The sum in days."""
        days = amount_text(self.minutes / WORKING_DAY_MINUTES)
        if self.basis is LimitBasis.WORKING:
            return msg("%(amount)s ngày làm việc", amount=days)
        return msg("%(amount)s ngày", amount=days)


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """The time limit of one case of a procedure, as published.

    `phases` is what the province promises; `legal_phases` the law's own where the province shortened it
    (None: the same). No phases, or only a NONE phase, means no due date.
    """

    phases: tuple[LimitPhase, ...]
    legal_phases: tuple[LimitPhase, ...] | None = None
    cutoff: Cutoff = NO_CUTOFF
    starts: StartRule = StartRule.ON_COMPLETE
    extra: LimitExtra | None = None
    note: str = ""
    source: str = ""

    @classmethod
    def of(cls, amount: Amount, unit: LimitUnit | str, *, cutoff: Cutoff = NO_CUTOFF) -> TimeLimit:
        """A limit of one phase."""
        return cls((LimitPhase(exact(amount), LimitUnit(unit)),), cutoff=cutoff)

    @classmethod
    def none(cls, note: str = "") -> TimeLimit:
        """No due date: a campaign, a step that is not counted, or a limit nobody has found."""
        return cls((LimitPhase(Fraction(0), LimitUnit.NONE),), note=note)

    @property
    def has_due_date(self) -> bool:
        """Whether a date can be promised."""
        return bool(self.phases) and all(phase.unit is not LimitUnit.NONE for phase in self.phases)

    def effective_phases(self) -> tuple[LimitPhase, ...]:
        """The phases with the extra of the area in the first phase of its unit, else as one more phase."""
        return _lengthened(self.phases, self.extra)

    def effective_legal_phases(self) -> tuple[LimitPhase, ...] | None:
        """The law's phases with the same extra; None when the promise is the law's limit."""
        return None if self.legal_phases is None else _lengthened(self.legal_phases, self.extra)

    def with_extra(self, extra: LimitExtra | None) -> TimeLimit:
        """The same limit where the rule of area applies."""
        return replace(self, extra=extra)

    def text(self) -> Message:
        """The limit in words: "5 ngày làm việc + 15 ngày"."""
        return _joined([phase.text() for phase in self.effective_phases()])

    def legal_text(self) -> Message | None:
        """The law's limit in words; None when it is the same."""
        phases = self.effective_legal_phases()
        return None if phases is None else _joined([phase.text() for phase in phases])

    def total(self) -> LimitTotal | None:
        """All phases summed; None when they mix working and calendar time, or have months or no limit."""
        return _total(self.effective_phases())

    def legal_total(self) -> LimitTotal | None:
        """The law's phases summed; the promise's total when they are the same."""
        phases = self.effective_legal_phases()
        return self.total() if phases is None else _total(phases)

    def shortened_percent(self) -> Fraction | None:
        """By how many percent the province shortened the law's limit; None when unknown or not comparable."""
        promised, legal = self.total(), self.legal_total()
        if promised is None or legal is None or promised.basis is not legal.basis or not legal.minutes:
            return None
        return (legal.minutes - promised.minutes) * 100 / legal.minutes

    def to_dict(self) -> dict[str, object]:
        """JSON shape, stable key order, defaults left out."""
        data: dict[str, object] = {"phases": [phase.to_dict() for phase in self.phases]}
        if self.legal_phases is not None:
            data["legal_phases"] = [phase.to_dict() for phase in self.legal_phases]
        if self.cutoff.kind is not CutoffKind.NONE:
            data["cutoff"] = _cutoff_to_dict(self.cutoff)
        data["starts"] = self.starts.value
        if self.extra is not None:
            data["extra"] = self.extra.to_dict()
        if self.note:
            data["note"] = self.note
        if self.source:
            data["source"] = self.source
        return data

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> TimeLimit:
        """The limit `to_dict` wrote; KeyError or ValueError when it is not one."""
        legal, extra = data.get("legal_phases"), data.get("extra")
        return cls(
            phases=_phases(data["phases"]),
            legal_phases=None if legal is None else _phases(legal),
            cutoff=_cutoff_from_dict(data.get("cutoff")),
            starts=StartRule(str(data.get("starts", StartRule.ON_COMPLETE))),
            extra=LimitExtra.from_dict(extra) if isinstance(extra, Mapping) else None,
            note=str(data.get("note", "")),
            source=str(data.get("source", "")),
        )


def exact(amount: Amount) -> Fraction:
    """An amount as an exact fraction: 5, "0.25", "0,25", "1/3". ValueError for the rest, floats too."""
    if isinstance(amount, float):
        raise ValueError("amounts of time are never floats; pass text or a fraction")
    if isinstance(amount, str):
        return Fraction(amount.strip().replace(",", "."))
    return Fraction(amount)


def amount_text(amount: Fraction) -> str:
    """A number as Vietnamese papers write it: "5", "0,25", and "1/3" where decimals do not end."""
    for places in range(7):
        scaled = amount * 10**places
        if scaled.denominator == 1:
            whole = f"{scaled.numerator:0{places + 1}d}"
            return f"{whole[:-places]},{whole[-places:]}" if places else whole
    return f"{amount.numerator}/{amount.denominator}"


def sum_durations(durations: Iterable[tuple[Amount, LimitUnit | str]]) -> LimitTotal | None:
    """Steps summed for comparison with a limit; zero amounts fit any basis. None when the bases mix."""
    basis: LimitBasis | None = None
    minutes = Fraction(0)
    for amount, unit in durations:
        part = exact(amount)
        if part == 0:
            continue
        unit = LimitUnit(unit)
        if BASES.get(unit) is None or basis not in (None, BASES[unit]):
            return None
        basis = BASES[unit]
        minutes += part * UNIT_MINUTES[unit]
    return LimitTotal(basis or LimitBasis.WORKING, minutes)


def _total(phases: Sequence[LimitPhase]) -> LimitTotal | None:
    if not phases or any(phase.unit is LimitUnit.NONE or phase.around_the_clock for phase in phases):
        return None
    return sum_durations((phase.amount, phase.unit) for phase in phases)


def _lengthened(phases: tuple[LimitPhase, ...], extra: LimitExtra | None) -> tuple[LimitPhase, ...]:
    if extra is None or not phases:
        return phases
    for index, phase in enumerate(phases):
        if phase.unit is extra.unit:
            longer = replace(phase, amount=phase.amount + extra.amount)
            return (*phases[:index], longer, *phases[index + 1 :])
    return (*phases, LimitPhase(extra.amount, extra.unit, extra.reason))


def _joined(texts: Sequence[Message]) -> Message:
    if not texts:
        return msg("không hẹn ngày trả")
    joined = texts[0]
    for text in texts[1:]:
        joined = msg("%(first)s + %(next)s", first=joined, next=text)
    return joined


def _phases(data: object) -> tuple[LimitPhase, ...]:
    if not isinstance(data, Sequence) or isinstance(data, str):
        raise ValueError("phases must be a list")
    return tuple(LimitPhase.from_dict(item) for item in data)


def _cutoff_to_dict(cutoff: Cutoff) -> dict[str, object]:
    if cutoff.at is not None:
        return {"kind": cutoff.kind.value, "at": f"{cutoff.at:%H:%M}"}
    return {"kind": cutoff.kind.value, "minutes": cutoff.minutes}


def _cutoff_from_dict(data: object) -> Cutoff:
    if not isinstance(data, Mapping):
        return NO_CUTOFF
    at, minutes = data.get("at"), data.get("minutes")
    return Cutoff(
        CutoffKind(str(data["kind"])),
        at=time.fromisoformat(str(at)) if at else None,
        minutes=int(str(minutes)) if minutes else None,
    )

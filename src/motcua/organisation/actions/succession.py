"""Successions: loaded in good time, rehearsed as often as one likes, carried out at once, undone while unused."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from motcua.kernel import audit, clock, outbox
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Conflict
from motcua.kernel.messages import msg
from motcua.organisation.actions import succession_people as people
from motcua.organisation.actions.succession_plan import digest_of, file_of, midnight, plan_of
from motcua.organisation.actions.succession_undo import put_back
from motcua.organisation.actions.succession_units import Journal, end_units, make_units, parts_of_units
from motcua.organisation.errors import BadSuccession, SuccessionInUse, UnknownSuccession
from motcua.organisation.events import CalendarChanged, SuccessionUndone, UnitsSucceeded
from motcua.organisation.followers import Moves, followers
from motcua.organisation.models import Succession, SuccessionLine
from motcua.organisation.permissions import require_manage_province
from motcua.organisation.queries.tree import function_for_field
from motcua.organisation.rules import succession as rules
from motcua.organisation.rules.succession import Problem, Tally
from motcua.organisation.rules.succession_file import SuccessionFile
from motcua.organisation.snapshot import touch
from motcua.organisation.types import SuccessionState, UnitFunction

CARRY_OUT = "organisation.carry_out_succession"


@dataclass(slots=True)
class SuccessionReport:
    """What a succession did or, rehearsed, would do. `rows` are counts from unit to unit; `problems` stop it."""

    succession_id: int | None
    number: str
    effective_on: str
    state: str
    units_created: int = 0
    units_recorded: int = 0
    units_ended: int = 0
    units_renamed: int = 0
    totals: dict[str, int] = field(default_factory=dict)
    rows: list[dict[str, object]] = field(default_factory=list)
    before: dict[str, int] = field(default_factory=dict)
    after: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


class _RehearsedError(Exception):
    """Ends a rehearsal: everything that was done is rolled back."""


@transaction.atomic
def plan_succession(*, actor: Actor, file: SuccessionFile, now: datetime) -> int:
    """Keep a succession for its day; a job carries it out at the first moment of it. The same file twice is one
    succession, and one that was undone stands planned again. Returns its id.

    Raises `NotYourUnit`.
    """
    require_manage_province(actor)
    plan, digest = plan_of(file), digest_of(file)
    held = Succession.objects.select_for_update().filter(digest=digest).first()
    if held is not None and held.state != SuccessionState.UNDONE:
        return held.pk
    if held is None:
        held = Succession(digest=digest, plan=plan, loaded_at=now, loaded_by_id=actor.user_id)
        held.number, held.decided_on = file.number[:80], file.decided_on
        held.issuer, held.title, held.effective_on = file.issuer[:255], file.title[:500], file.effective_on
    held.state = SuccessionState.PLANNED
    held.save()
    audit.record(
        actor,
        "organisation.succession_planned",
        subject_type="succession",
        subject=file.number,
        data={"effective_on": file.effective_on, "lines": len(file.lines)},
        at=now,
    )
    if file.effective_on > clock.today(now):
        outbox.enqueue(CARRY_OUT, {"succession_id": held.pk}, now=now, run_at=midnight(file))
    return held.pk


@transaction.atomic
def carry_out_succession(*, actor: Actor, succession_id: int, now: datetime) -> SuccessionReport:
    """Do all of it or nothing: units, people, calendars, and all that follows in the contexts above.

    One that is carried out already gives its report and changes nothing. Raises `NotYourUnit`,
    `UnknownSuccession`, `Conflict` before its day, `BadSuccession` with everything that stands in the way.
    """
    require_manage_province(actor)
    held = _locked(succession_id)
    if held.state == SuccessionState.APPLIED:
        return SuccessionReport(**{**held.report, "state": "unchanged"})
    if held.state == SuccessionState.UNDONE:
        return SuccessionReport(held.pk, held.number, held.effective_on.isoformat(), "undone")
    if held.effective_on > clock.today(now):
        raise Conflict(
            msg("Quyết định có hiệu lực từ %(day)s, chưa đến ngày.", day=f"{held.effective_on:%d/%m/%Y}")
        )
    file = file_of(held)
    report, journal = _carry_out(actor, held, file, now)
    if report.problems:
        raise BadSuccession(report.problems, field=None)
    held.state, held.applied_at = SuccessionState.APPLIED, now
    held.journal, held.report = asdict(journal), report.to_dict()
    held.save()
    audit.record(
        actor,
        "organisation.units_succeeded",
        subject_type="succession",
        subject=held.number,
        data={
            "effective_on": held.effective_on,
            "ended": report.units_ended,
            "created": report.units_created,
            "totals": report.totals,
        },
        at=now,
    )
    outbox.publish(UnitsSucceeded(succession_id=held.pk, number=held.number), now=now)
    return report


@transaction.atomic
def rehearse_succession(*, actor: Actor, file: SuccessionFile, now: datetime) -> SuccessionReport:
    """Do all of it in a transaction that is rolled back: what would move, by unit, and what stands in the way.

    The day is not waited for. Raises `NotYourUnit`.
    """
    require_manage_province(actor)
    report: SuccessionReport | None = None
    try:
        with transaction.atomic():
            held = _locked(plan_succession(actor=actor, file=file, now=now))
            if held.state == SuccessionState.APPLIED:
                report = SuccessionReport(**{**held.report, "state": "unchanged"})
            else:
                report, _journal = _carry_out(actor, held, file, now)
                report.state, report.succession_id = "rehearsed", None
            raise _RehearsedError
    except _RehearsedError:
        assert report is not None
        return report


@transaction.atomic
def rehearse_planned(*, actor: Actor, succession_id: int, now: datetime) -> SuccessionReport:
    """`rehearse_succession` of one that is loaded. Raises `UnknownSuccession`, `NotYourUnit`."""
    require_manage_province(actor)
    held = Succession.objects.filter(pk=succession_id).first()
    if held is None:
        raise UnknownSuccession(msg("Không có quyết định này."))
    return rehearse_succession(actor=actor, file=file_of(held), now=now)


@transaction.atomic
def undo_succession(*, actor: Actor, succession_id: int, now: datetime) -> int:
    """Put everything back while nothing was built on it; returns how many dossiers and other things went back.

    Units are not deleted: those made by it end. Raises `NotYourUnit`, `UnknownSuccession`, `SuccessionInUse`
    with everything that was done since.
    """
    require_manage_province(actor)
    held = _locked(succession_id)
    if held.state == SuccessionState.UNDONE:
        return 0
    if held.state == SuccessionState.PLANNED:
        return _withdraw(actor, held, now)
    assert held.applied_at is not None
    journal = Journal(**held.journal)
    hindrances = [
        text
        for follower in followers().values()
        for text in follower.hindrances(
            reference=held.pk, unit_ids=[*journal.created, *journal.reopened], since=held.applied_at
        )
    ]
    hindrances += people.built_since(journal, held)
    if hindrances:
        raise SuccessionInUse(
            msg(
                "Không hoàn tác được, đã có %(count)s việc dựa trên quyết định này: %(shown)s",
                count=len(hindrances),
                shown="; ".join(text.render() for text in hindrances[:5]),
            )
        )
    decision = f"{held.number} ngày {held.decided_on:%d/%m/%Y}"
    count = sum(
        follower.undo(actor=actor, reference=held.pk, decision=decision, now=now)
        for follower in followers().values()
    )
    count += put_back(journal, held)
    held.lines.all().delete()
    held.state, held.undone_at, held.journal = SuccessionState.UNDONE, now, {}
    held.save()
    touch()
    audit.record(
        actor,
        "organisation.succession_undone",
        subject_type="succession",
        subject=held.number,
        data={"put_back": count},
        at=now,
    )
    outbox.publish(SuccessionUndone(succession_id=held.pk, number=held.number), now=now)
    return count


def _withdraw(actor: Actor, held: Succession, now: datetime) -> int:
    """Take back what has not happened yet."""
    held.state, held.undone_at = SuccessionState.UNDONE, now
    held.save(update_fields=["state", "undone_at"])
    audit.record(
        actor, "organisation.succession_withdrawn", subject_type="succession", subject=held.number, at=now
    )
    return 0


def _carry_out(
    actor: Actor, held: Succession, file: SuccessionFile, now: datetime
) -> tuple[SuccessionReport, Journal]:
    journal = Journal()
    report = SuccessionReport(held.pk, held.number, held.effective_on.isoformat(), "applied")
    staffed_before = people.staffed(rules.last_day(file.effective_on))
    problems = make_units(file, journal)
    parts, ids = parts_of_units()
    # Old units that are only recorded have ended as rows, but stand before this succession.
    codes = {pk: code for code, pk in ids.items()}
    recorded = {codes[pk] for pk in journal.recorded}
    parts = {code: _standing(part) if code in recorded else part for code, part in parts.items()}
    problems += _known_functions(file)
    if not problems:
        problems = rules.check(file.lines, parts, renamed=[str(row["code"]) for row in file.renames])
    if problems:
        report.problems = [problem.render() for problem in problems]
        return report, journal
    whole = rules.Succession.of(file.lines, parts)
    end_units(whole, ids, file, journal)
    _write_lines(held, file, ids)
    touch()
    moves = Moves(
        reference=held.pk,
        decision=file.decision,
        effective_on=file.effective_on,
        at=midnight(file),
        whole=whole,
        ids=ids,
        codes=codes,
        function_of=_function_finder(whole),
        staffed_before=staffed_before,
    )
    _move_all(actor, file, moves, journal, report, now)
    report.units_created = len(journal.created) + len(journal.reopened)
    report.units_recorded = len(journal.recorded)
    report.units_ended, report.units_renamed = len(journal.ended), len(file.renames)
    return report, journal


def _move_all(
    actor: Actor,
    file: SuccessionFile,
    moves: Moves,
    journal: Journal,
    report: SuccessionReport,
    now: datetime,
) -> None:
    passed = people.Passed()
    people.move_posts(file, moves, journal, passed)
    people.move_clients(moves, journal, passed)
    for unit_id in sorted(people.move_calendars(moves, journal, passed)):
        touch()
        outbox.publish(CalendarChanged(unit_id=unit_id, since=file.effective_on.isoformat()), now=now)
    after = Moves(
        **{
            **{name: getattr(moves, name) for name in Moves.__dataclass_fields__},
            "staffed_after": people.staffed(file.effective_on),
            "held_after": people.held_posts(file.effective_on),
        }
    )
    tally, problems, notes = passed.tally, list(passed.problems), list(passed.notes)
    for follower in followers().values():
        done = follower.move(actor=actor, moves=after, now=now)
        tally.merge(done.tally)
        problems += done.problems
        notes += done.notes
        for name in done.before:
            report.before[name] = report.before.get(name, 0) + done.before[name]
        for name in done.after:
            report.after[name] = report.after.get(name, 0) + done.after[name]
    report.rows, report.totals = tally.rows(), _totals(tally)
    report.problems = [problem.render() for problem in problems]
    report.notes = [note.render() for note in notes]


def _totals(tally: Tally) -> dict[str, int]:
    totals: dict[str, int] = {}
    for row in tally.counts.values():
        for what, number in row.items():
            totals[what] = totals.get(what, 0) + number
    return totals


def _standing(part: rules.Part) -> rules.Part:
    return rules.Part(
        part.code, part.agency, part.name, part.function, part.area, part.is_reception_point, ended=False
    )


def _known_functions(file: SuccessionFile) -> list[Problem]:
    return [
        Problem(line.where, msg("Chức năng “%(value)s” không có trong danh mục.", value=line.function[:40]))
        for line in file.lines
        if line.function and line.function not in UnitFunction.values
    ]


def _function_finder(whole: rules.Succession) -> Any:
    """The function of the part of an agency that works on a field, as it was before the succession."""
    have: dict[str, set[str]] = {}
    for part in whole.parts.values():
        have.setdefault(part.agency, set()).add(part.function)
    return lambda agency, name: function_for_field(name, have.get(agency, set()))


def _write_lines(held: Succession, file: SuccessionFile, ids: dict[str, int]) -> None:
    held.lines.all().delete()
    SuccessionLine.objects.bulk_create(
        SuccessionLine(
            succession=held,
            kind=line.kind.value,
            predecessor_id=ids[line.predecessor],
            function=line.function,
            field=line.field,
            successor_id=ids[line.successor],
        )
        for line in file.lines
    )


def _locked(succession_id: int) -> Succession:
    held = Succession.objects.select_for_update().filter(pk=succession_id).first()
    if held is None:
        raise UnknownSuccession(msg("Không có quyết định này."))
    return held


@transaction.atomic
def succeed(
    *, actor: Actor, file: SuccessionFile, now: datetime, dry_run: bool = False, undo: bool = False
) -> SuccessionReport:
    """What the command does with a file: rehearse it, put it back, or load it and, once its day has come, carry it
    out. Running it again finishes what was not done and changes nothing that was.

    Raises what those acts raise.
    """
    if dry_run:
        return rehearse_succession(actor=actor, file=file, now=now)
    if undo:
        held = Succession.objects.filter(digest=digest_of(file)).first()
        if held is None:
            raise UnknownSuccession(msg("Tệp này chưa được nạp nên không có gì để hoàn tác."))
        count = undo_succession(actor=actor, succession_id=held.pk, now=now)
        day = held.effective_on.isoformat()
        return SuccessionReport(held.pk, held.number, day, "undone", totals={"put_back": count})
    succession_id = plan_succession(actor=actor, file=file, now=now)
    if file.effective_on > clock.today(now):
        day = file.effective_on.isoformat()
        return SuccessionReport(succession_id, file.number, day, "planned")
    return carry_out_succession(actor=actor, succession_id=succession_id, now=now)

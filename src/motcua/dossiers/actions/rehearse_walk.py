"""One dossier walked from the counter to the hand-over by the real acts, and taken back without a trace."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction

from motcua.documents.queries import Letter
from motcua.dossiers.actions import process, results, supplement
from motcua.dossiers.actions.change import extend_deadline, stop_dossier
from motcua.dossiers.actions.consult import answer_consultation, request_consultation
from motcua.dossiers.actions.loading import open_desks
from motcua.dossiers.actions.receive import SupplementItem, receive_dossier, refuse_reception
from motcua.dossiers.models import Dossier
from motcua.dossiers.rules.golden import Ends, Given
from motcua.dossiers.rules.golden_process import Choice, ordinary
from motcua.dossiers.types import (
    Channel,
    HandOverData,
    PaperGiven,
    PaperState,
    Person,
    Reception,
    ResultData,
)
from motcua.kernel import clock
from motcua.kernel.actor import Actor, Grant
from motcua.kernel.errors import Refused
from motcua.kernel.messages import Message, msg
from motcua.organisation import queries as organisation
from motcua.organisation.types import Holder, Role
from motcua.payments import actions as payments
from motcua.payments import queries as payments_queries
from motcua.workflow import queries as workflow
from motcua.workflow.queries import Task
from motcua.workflow.rules.definition import Effect, Outcome, ProcessDefinition, Step, StepKind

log = logging.getLogger("motcua.rehearsal")

CHANNELS = {"in_person": Channel.COUNTER, "post": Channel.POST, "online": Channel.ONLINE}
OWNER = "Nguyễn Phúc Hoàng Tôn Nữ Thị Phương Quỳnh Như"
"""The length of the longest names people have; letters must hold them."""
MOST_ACTS = 200
STANDING_IN = "Diễn tập"
PAYER = Actor.system("Diễn tập")


@dataclass(frozen=True, slots=True)
class Trouble:
    """An act that was refused: at which desk, and the sentence it was refused with."""

    message: Message
    step: str = ""
    unit_id: int | None = None


@dataclass(slots=True)
class Walked:
    """What came of a walk. `route` are lines as a golden dossier writes them, without minutes."""

    due: str = ""
    ends: Ends | None = None
    tasks: list[tuple[str, int, str]] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)
    trouble: Trouble | None = None
    returned: bool = False


@dataclass(frozen=True, slots=True)
class People:
    """Who sits at which desk on the day. An empty desk is told elsewhere; here somebody stands in, so that the rest of
    the way is tried as well.
    """

    held: Mapping[tuple[int, str], Holder]

    @classmethod
    def on(cls, day: date) -> People:
        return cls(organisation.held_desks(day))

    def at(self, unit_id: int, role: str) -> Actor:
        """The person at a desk, with that desk alone."""
        agency_id = organisation.unit(unit_id).agency_id
        holder = self.held.get((unit_id, role))
        if holder is None:
            return Actor(None, STANDING_IN, via="job", grants=(Grant(unit_id, agency_id, role),))
        grant = Grant(
            unit_id=unit_id,
            agency_id=agency_id,
            role=role,
            post_id=holder.post_id,
            on_behalf_of=holder.on_behalf_of,
            delegation_id=holder.delegation_id,
        )
        return Actor(holder.user_id, holder.full_name, via="job", grants=(grant,))


@contextmanager
def leaving_no_trace() -> Iterator[None]:
    """Everything written within is taken back, and what it locked is free again."""
    with transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)


@dataclass(slots=True)
class Walk:
    """One walk: `wanted` outcomes are taken where they come up; with `thorough` every outcome not yet in `taken` is
    tried too, papers are asked for once and another unit's opinion once.
    """

    version_id: int
    given: Given
    people: People
    now: datetime
    taken: set[Choice]
    wanted: tuple[Choice, ...] = ()
    thorough: bool = True

    def __call__(self) -> Walked:
        """Never raises: what was refused, or broke, is in the answer."""
        walked = Walked()
        with leaving_no_trace():
            _guarded(walked, lambda: self._go(walked))
        return walked

    def _go(self, walked: Walked) -> None:
        dossier = self._receive(walked)
        left = list(self.wanted)
        asked = not self.thorough
        for _act in range(MOST_ACTS):
            task = self._next(dossier)
            if task is None:
                return
            actor = self.people.at(task.unit_id, task.role)
            walked.tasks.append((task.step_key, task.unit_id, task.role))
            definition = _process(dossier)
            step = definition.by_key[task.step_key]
            walked.trouble = Trouble(msg(""), step.name, task.unit_id)
            dossier = task.run.dossier
            if step.kind is StepKind.RETURN:
                self._hand_over(dossier, walked, actor)
                continue
            if not asked and step.kind is StepKind.WORK:
                asked = True
                self._ask(dossier, walked, task, actor)
            if step.wait_for is not None and step.wait_for.for_own_bills:
                self._owe_nothing(dossier)
            self._complete(dossier, definition, step, task, actor, left)
        walked.trouble = Trouble(msg("Hồ sơ không tới bước cuối sau %(n)s việc.", n=MOST_ACTS))
        raise _Endless

    def _receive(self, walked: Walked) -> Dossier:
        receiving = organisation.unit_by_code(self.given.unit)
        walked.trouble = Trouble(msg(""), "", receiving.id)
        counter = self.people.at(receiving.id, Role.ONE_STOP_OFFICER.value)
        done = receive_dossier(
            actor=counter, reception=reception_of(self.version_id, self.given), now=self.now
        )
        dossier = done.dossier
        walked.letters.append(done.letter)
        walked.due = f"{clock.local(dossier.due_at):%Y-%m-%dT%H:%M}" if dossier.due_at else ""
        walked.ends = Ends(
            dossier.level, dossier.receiving_unit_id, dossier.competent_agency_id, dossier.returning_unit_id
        )
        return dossier

    def _next(self, dossier: Dossier) -> Task | None:
        self.now += timedelta(minutes=1)
        found = [task for task in open_desks(dossier.code) if task.asked_from_id is None]
        return min(found, key=lambda task: (task.position, task.pk), default=None)

    def _complete(
        self,
        dossier: Dossier,
        definition: ProcessDefinition,
        step: Step,
        task: Task,
        actor: Actor,
        left: list[Choice],
    ) -> None:
        outcome = self._choose(step, left)
        self.taken.add((step.key, outcome.key if outcome else ""))
        targets = [definition.by_key[key] for key in (outcome.to if outcome else ())]
        ends = any(target.kind is StepKind.RETURN for target in targets) and not dossier.has_result()
        process.complete_step(
            actor=actor,
            code=dossier.code,
            task_id=task.pk,
            outcome=outcome.key if outcome else "",
            note="Diễn tập",
            result=self._result(granted=outcome is None or not outcome.effect) if ends else None,
            now=self.now,
        )

    def _choose(self, step: Step, left: list[Choice]) -> Outcome | None:
        """A wanted outcome, else one nobody has tried, else the ordinary way on."""
        wanted = next((choice for choice in left if choice[0] == step.key), None)
        if wanted is not None:
            left.remove(wanted)
            found = step.outcome(wanted[1])
            if found is not None and found.effect is not Effect.SUPPLEMENT:
                return found
        if self.thorough:
            fresh = (o for o in step.outcomes if (step.key, o.key) not in self.taken)
            found = next((o for o in fresh if o.back and o.effect is not Effect.SUPPLEMENT), None)
            if found is not None:
                return found
        return ordinary(step)

    def _ask(self, dossier: Dossier, walked: Walked, task: Task, actor: Actor) -> None:
        """Missing papers once (form 02), and another unit's opinion once."""
        done = supplement.request_supplement(
            actor=actor,
            code=dossier.code,
            items=[SupplementItem("Giấy tờ còn thiếu (diễn tập)")],
            reason="Diễn tập",
            now=self.now,
        )
        walked.letters.append(done.letter)
        self.now += timedelta(minutes=1)
        counter = self.people.at(dossier.receiving_unit_id, Role.ONE_STOP_OFFICER.value)
        supplement.register_supplement(actor=counter, code=dossier.code, note="Diễn tập", now=self.now)
        (asked, *_more) = request_consultation(
            actor=actor,
            code=dossier.code,
            task_id=task.pk,
            unit_ids=[dossier.competent_agency_id],
            question="Diễn tập",
            days=Decimal(1),
            now=self.now,
        )
        self.now += timedelta(minutes=1)
        answer_consultation(
            actor=self.people.at(asked.unit_id, asked.role),
            code=dossier.code,
            task_id=asked.pk,
            opinion="Diễn tập",
            now=self.now,
        )

    def _owe_nothing(self, dossier: Dossier) -> None:
        """Nobody pays in a rehearsal: what the step waits for is owed no more, which ends it as a payment does."""
        for bill in payments_queries.bills_of(dossier.code):
            if bill.state in payments_queries.OPEN:
                payments.cancel_bill(actor=PAYER, bill_id=bill.pk, reason="Diễn tập", now=self.now)

    def _hand_over(self, dossier: Dossier, walked: Walked, actor: Actor) -> None:
        results.hand_over_result(actor=actor, code=dossier.code, data=HandOverData(name=OWNER), now=self.now)
        walked.returned = True

    def _result(self, *, granted: bool) -> ResultData:
        return ResultData(
            number="01/DT", issued_on=clock.today(self.now), summary="Diễn tập", granted=granted
        )


class _Endless(Exception):
    """The walk did not come to an end."""


def side_letters(version_id: int, given: Given, people: People, now: datetime) -> Walked:
    """The letters of what seldom happens: refusing reception (03), apologising (04), stopping (05)."""
    walked = Walked()
    with leaving_no_trace():
        _guarded(walked, lambda: _side_acts(walked, version_id, given, people, now))
    return walked


def _side_acts(walked: Walked, version_id: int, given: Given, people: People, now: datetime) -> None:
    receiving = organisation.unit_by_code(given.unit)
    counter = people.at(receiving.id, Role.ONE_STOP_OFFICER.value)
    reception = reception_of(version_id, given)
    walked.trouble = Trouble(msg(""), "", receiving.id)
    refused = refuse_reception(actor=counter, reception=reception, reason="Diễn tập", now=now)
    walked.letters.append(refused.letter)
    dossier = receive_dossier(actor=counter, reception=reception, now=now).dossier
    if dossier.due_at is not None and dossier.due_at - now > timedelta(days=2):
        agency_id = dossier.competent_agency_id
        calendar = organisation.calendar_for(agency_id)
        later = extend_deadline(
            actor=people.at(agency_id, Role.LEADER.value),
            code=dossier.code,
            new_due_on=calendar.add_working_days(clock.today(dossier.due_at), 3),
            reason="Diễn tập",
            now=now + timedelta(minutes=1),
        )
        walked.letters.append(later.letter)
    stopped = stop_dossier(
        actor=counter,
        code=dossier.code,
        reason="Diễn tập",
        requested_by_applicant=True,
        now=now + timedelta(minutes=2),
    )
    walked.letters.append(stopped.letter)


def reception_of(version_id: int, given: Given) -> Reception:
    """What the counter would send for an example."""
    owner = Person(name=OWNER, id_number="027185001234", phone="0912345678", address="Tỉnh Bắc Ninh")
    return Reception(
        procedure_version_id=version_id,
        owner=owner,
        receiving_unit_id=organisation.unit_by_code(given.unit).id,
        case_key=given.case_key,
        papers=tuple(PaperGiven(key, PaperState.RECEIVED) for key in given.papers),
        channel=CHANNELS[given.channel],
        place_agency_id=organisation.unit_by_code(given.place).id if given.place else None,
    )


def _process(dossier: Dossier) -> ProcessDefinition:
    assert dossier.run is not None
    return workflow.process(dossier.run.process_version_id)


def _guarded(walked: Walked, go: Callable[[], None]) -> None:
    """Run; what is refused is put into words with the desk it happened at, what breaks as well."""
    try:
        with transaction.atomic():
            go()
        walked.trouble = None
    except Refused as refusal:
        walked.trouble = _at(walked, refusal.message)
    except _Endless:
        pass
    except Exception as error:
        log.exception("a rehearsed dossier broke")
        sentence = msg("Lỗi của phần mềm: %(error)s", error=f"{type(error).__name__}: {error}"[:300])
        walked.trouble = _at(walked, sentence)


def _at(walked: Walked, message: Message) -> Trouble:
    there = walked.trouble
    return Trouble(message, there.step, there.unit_id) if there else Trouble(message)


def walk_every_outcome(
    version_id: int,
    given: Given,
    ways: Sequence[tuple[Choice, ...]],
    people: People,
    now: datetime,
) -> list[Walked]:
    """As many walks as it takes to try every outcome of the process once; `ways` are its branches."""
    taken: set[Choice] = set()
    found = [Walk(version_id, given, people, now, taken)()]
    for wanted in ways:
        if wanted and wanted[-1] not in taken and found[-1].trouble is None:
            found.append(Walk(version_id, given, people, now, taken, wanted, thorough=False)())
    return found

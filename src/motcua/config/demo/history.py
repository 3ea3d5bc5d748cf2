"""Months of work of the demo province, done through the same acts as real work, in the order of time."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO
from itertools import count
from random import Random

from PIL import Image, ImageDraw

from motcua.catalogue import queries as catalogue
from motcua.catalogue.queries.fees import Answers
from motcua.catalogue.types import ProcedureDefinition
from motcua.config.demo import names
from motcua.config.demo.staff import COMMUNES
from motcua.config.demo.till import Till
from motcua.config.demo.weights import COMMUNE_WORK, FATES, PROVINCE_WORK, Fate
from motcua.dossiers import actions
from motcua.dossiers.models import Dossier
from motcua.dossiers.types import (
    Channel,
    HandOverData,
    PaperGiven,
    PaperState,
    Reception,
    ResultData,
    ReturnMethod,
)
from motcua.kernel import clock
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Refused
from motcua.organisation import queries as organisation
from motcua.organisation.types import UnitInfo
from motcua.workflow import queries as workflow
from motcua.workflow.queries import Task
from motcua.workflow.rules.definition import Outcome, StepKind

STUCK_LATELY = timedelta(days=16)


@dataclass
class History:
    """An agenda of acts ordered by time; each act may put more on it. Nothing after `until` happens."""

    random: Random
    actors: Mapping[int, Actor]
    officers: Mapping[int, list[Actor]]
    until: datetime
    agenda: list[tuple[datetime, int, Callable[[datetime], None]]] = field(default_factory=list)
    counter: count[int] = field(default_factory=count)
    received: int = 0
    refusals: dict[str, int] = field(default_factory=dict)
    desks: dict[tuple[int, str], list[Actor]] = field(default_factory=dict)
    till: Till | None = None

    def at(self, moment: datetime, act: Callable[[datetime], None]) -> None:
        if moment <= self.until:
            heapq.heappush(self.agenda, (moment, next(self.counter), act))

    def run(self) -> None:
        while self.agenda:
            moment, _order, act = heapq.heappop(self.agenda)
            try:
                act(moment)
            except Refused as refusal:
                self.refusals[refusal.code] = self.refusals.get(refusal.code, 0) + 1

    # -- reception

    def plan(self, total: int, days: int) -> None:
        """Spread receptions over the working time of the last `days`, more of them lately."""
        communes = [organisation.unit_by_code(code) for code in COMMUNES]
        weights = [30, 24, 18, 12, 10, 14]
        for _number in range(total):
            provincial = self.random.random() < 0.14
            back = int(days * self.random.random() ** 1.6)
            if provincial:
                home = organisation.province()
                work: Sequence[tuple[str, int]] = PROVINCE_WORK
            else:
                home = self.random.choices(communes, weights)[0]
                work = COMMUNE_WORK
            code = self.random.choices([item[0] for item in work], [item[1] for item in work])[0]
            self.at(self._moment(home, back), self._receive(home, code, self._fate()))

    def plan_today(self, each: int) -> None:
        """Some receptions of the last hours, whatever the hour: a demo opened at night has a day too."""
        midnight = clock.local(self.until).replace(hour=0, minute=0, second=0, microsecond=0)
        hours = max(min(self.until - midnight, timedelta(hours=4)), timedelta(minutes=5))
        for code in COMMUNES[:3]:
            home = organisation.unit_by_code(code)
            for _number in range(each):
                procedure = self.random.choices([w[0] for w in COMMUNE_WORK], [w[1] for w in COMMUNE_WORK])[0]
                back = hours * self.random.uniform(0.02, 0.95)
                self.at(self.until - back, self._receive(home, procedure, Fate()))

    def plan_one(self, home: UnitInfo, code: str, fate: Fate, *, days_back: int) -> None:
        """Somebody comes to the centre of `home` so many days before the end, for the procedure of a code."""
        self.at(self._moment(home, days_back), self._receive(home, code, fate))

    def _fate(self) -> Fate:
        return self.random.choices([item[0] for item in FATES], [item[1] for item in FATES])[0]

    def _moment(self, unit: UnitInfo, days_back: int) -> datetime:
        calendar = organisation.calendar_for(unit.id)
        day = clock.today(self.until) - timedelta(days=days_back)
        midnight = datetime(day.year, day.month, day.day, tzinfo=clock.VN)
        start = calendar.first_working_instant(midnight)
        return calendar.add_working_minutes(start, self.random.randrange(1, 470)) + timedelta(
            seconds=self.random.randrange(60)
        )

    def _receive(self, home: UnitInfo, code: str, fate: Fate) -> Callable[[datetime], None]:
        def act(now: datetime) -> None:
            centre = organisation.centre_of(home.id)
            officer = self.random.choice(self.officers[centre.id])
            reception = self.reception(centre, code, now)
            if fate.kind == "refused":
                actions.refuse_reception(
                    actor=officer,
                    reception=reception,
                    reason="Nội dung yêu cầu không thuộc thẩm quyền giải quyết của đơn vị.",
                    now=now,
                )
                return
            # Nobody leaves a dossier lying for months.
            forgotten = fate.kind == "stuck" and now < self.until - STUCK_LATELY
            if fate.kind == "intake":
                self._intake(officer, reception, now)
                return
            done = actions.receive_dossier(actor=officer, reception=reception, now=now)
            self.received += 1
            if self.till is not None:
                self.till.pay(officer, done.bills, now)
            if self.received % 25 == 0:
                self._scan(officer, done.dossier, now)
            self._go_on(done.dossier, Fate() if forgotten else fate, now)

        return act

    def _scan(self, officer: Actor, dossier: Dossier, now: datetime) -> None:
        """The scan of a paper, drawn here so that nobody's real paper is in the demo."""
        paper = dossier.papers.first()
        page = Image.new("L", (620, 877), 250)
        ImageDraw.Draw(page).text((60, 80), f"BAN MAU - {dossier.code}", fill=40)
        content = BytesIO()
        page.save(content, "JPEG", quality=60)
        content.seek(0)
        actions.attach_file(
            actor=officer,
            code=dossier.code,
            content=content,
            name="ban-quet.jpg",
            paper_id=paper.pk if paper else None,
            now=now,
        )

    def reception(self, centre: UnitInfo, code: str, now: datetime) -> Reception:
        version = catalogue.current_version(code, now)
        definition = catalogue.definition(version.id)
        timed = [case.key for case in definition.cases if case.changes_limit and case.limit]
        case_key = self.random.choices(timed, [6] + [1] * (len(timed) - 1))[0] if timed else ""
        place = organisation.unit(centre.agency_id).place_name or "Bắc Ninh"
        owner = (
            names.company(self.random, place)
            if definition.field.startswith("Đầu tư")
            else names.citizen(self.random, place)
        )
        by_another = self.random.random() < 0.08 and not owner.is_organisation
        return Reception(
            procedure_version_id=version.id,
            owner=owner,
            submitter=names.citizen(self.random, place) if by_another else None,
            authorisation="Văn bản ủy quyền đã chứng thực" if by_another else "",
            receiving_unit_id=centre.id,
            case_key=case_key,
            papers=self._papers(definition, case_key),
            channel=self.random.choices((Channel.COUNTER, Channel.POST), (95, 5))[0],
            return_method=self.random.choices(
                (ReturnMethod.COUNTER, ReturnMethod.POST, ReturnMethod.ONLINE), (86, 8, 6)
            )[0],
            place_agency_id=None,
            fees=self.till.told(version.id, case_key, now) if self.till is not None else Answers(),
        )

    def _papers(self, definition: ProcedureDefinition, case_key: str) -> tuple[PaperGiven, ...]:
        papers = definition.papers_for(case_key, "in_person")[:6]
        return tuple(
            PaperGiven(
                paper.key,
                PaperState.PRESENTED if paper.kind == "present" else PaperState.RECEIVED,
                originals=paper.originals,
                copies=paper.copies,
            )
            for paper in papers
            if paper.required == "always" or self.random.random() < 0.6
        )

    def _intake(self, officer: Actor, reception: Reception, now: datetime) -> None:
        items = [actions.SupplementItem("Bản sao giấy tờ chứng minh nơi cư trú")]
        done = actions.request_intake_supplement(
            actor=officer, reception=reception, items=items, reason="Thành phần hồ sơ chưa đầy đủ.", now=now
        )
        if self.random.random() < 0.6:
            later = now + timedelta(days=self.random.randrange(1, 4))

            def comes_back(moment: datetime) -> None:
                received = actions.receive_after_intake(
                    actor=officer, code=done.dossier.code, papers=reception.papers, now=moment
                )
                self.received += 1
                if self.till is not None:
                    self.till.pay(officer, received.bills, moment)
                self._go_on(received.dossier, Fate(), moment)

            self.at(self._in_hours(reception.receiving_unit_id, later), comes_back)

    # -- processing

    def _go_on(
        self, dossier: Dossier, fate: Fate, now: datetime, opened: Sequence[Task] | None = None
    ) -> None:
        """Put the next act on each open task, some way into the time it has."""
        for task in workflow.open_tasks().filter(run=dossier.run_id) if opened is None else opened:
            if dossier.run is not None:
                task.run = dossier.run
            self.at(self._when(task, fate, now), self._step(dossier, task, fate))

    def _when(self, task: Task, fate: Fate, now: datetime) -> datetime:
        calendar = organisation.calendar_for(task.unit_id)
        start = calendar.first_working_instant(max(task.opened_at, now))
        given = (
            calendar.working_minutes_between(start, task.due_at)
            if task.due_at and task.due_at > start
            else 120
        )
        shared = task.due_at == task.run_due_at  # several steps live off the same time
        share = self.random.uniform(0.06, 0.34) if shared else self.random.uniform(0.15, 0.85)
        if fate.kind == "slow":
            share = self.random.uniform(0.9, 1.7)
        if task.kind == StepKind.WAIT.value:
            return self._in_hours(task.unit_id, start + timedelta(days=self.random.randrange(2, 12)))
        return calendar.add_working_minutes(start, max(1, int(given * share)))

    def _step(self, dossier: Dossier, task: Task, fate: Fate) -> Callable[[datetime], None]:
        def act(now: datetime) -> None:
            if fate.kind == "stuck" and task.position >= fate.stuck_at:
                return
            if task.kind == StepKind.RETURN.value:
                self._collect(dossier, fate, now)
                return
            if (
                fate.kind != "ordinary"
                and task.kind == StepKind.WORK.value
                and self._special(dossier, task, fate, now)
            ):
                return
            self._complete(dossier, task, fate, now)

        return act

    def _actor(self, task: Task) -> Actor | None:
        able = self._able(task.unit_id, task.role)
        return self.random.choice(able) if able else None

    def _able(self, unit_id: int, role: str) -> list[Actor]:
        """Demo posts began before the first dossier and none has ended: one look is enough."""
        known = self.desks.get((unit_id, role))
        if known is None:
            held = organisation.holders(unit_id, role, clock.today(self.until))
            known = [self.actors[holder.user_id] for holder in held if holder.user_id in self.actors]
            self.desks[unit_id, role] = known
        return known

    def _complete(self, dossier: Dossier, task: Task, fate: Fate, now: datetime) -> None:
        actor = self._actor(task)
        if actor is None:
            return
        outcome = self._outcome(task)
        leads_to_return = any(
            step.kind is StepKind.RETURN
            for step in workflow.process(task.run.process_version_id).steps
            if step.key in outcome.to
        )
        result = None
        if leads_to_return:
            result = ResultData(
                number=f"{self.random.randrange(1, 999)}/{self.random.choice(('XN', 'GXN', 'QĐ', 'TB'))}-UBND",
                issued_on=clock.today(now),
                summary=f"Kết quả giải quyết: {dossier.procedure_name}"[:240],
                signer="",
            )
        done = actions.complete_step(
            actor=actor,
            code=dossier.code,
            task_id=task.pk,
            outcome=outcome.key,
            note="Đề nghị kiểm tra lại căn cứ." if outcome.needs_note else "",
            result=result,
            now=now,
        )
        self._go_on(done.dossier, fate, now, done.opened)

    def _outcome(self, task: Task) -> Outcome:
        step = workflow.process(task.run.process_version_id).by_key[task.step_key]
        back = [outcome for outcome in step.outcomes if outcome.back and not outcome.effect]
        if back and task.visit == 1 and self.random.random() < 0.05:
            return back[0]
        default = step.default_outcome
        assert default is not None
        return default

    def _special(self, dossier: Dossier, task: Task, fate: Fate, now: datetime) -> bool:
        """Carry out the fate once, at the appraisal; True when the step itself must wait."""
        actor = self._actor(task)
        if actor is None or dossier.supplement_count or dossier.extended:
            return False
        if fate.kind in {"supplement", "silent_supplement"}:
            return self._supplement(dossier, actor, fate, now)
        if fate.kind in {"stopped", "withdrawn"}:
            officer = self.officers[dossier.receiving_unit_id][0]
            actions.stop_dossier(
                actor=officer,
                code=dossier.code,
                reason="Người nộp đề nghị rút hồ sơ."
                if fate.kind == "withdrawn"
                else "Hồ sơ không đủ điều kiện giải quyết.",
                requested_by_applicant=fate.kind == "withdrawn",
                now=now,
            )
            return True
        if fate.kind == "consulted":
            return self._consult(dossier, task, actor, now)
        if fate.kind == "extended":
            self._extend(dossier, now)
        return False

    def _supplement(self, dossier: Dossier, actor: Actor, fate: Fate, now: datetime) -> bool:
        actions.request_supplement(
            actor=actor,
            code=dossier.code,
            items=[
                actions.SupplementItem("Bản sao có chứng thực giấy tờ kèm theo"),
                actions.SupplementItem("Số điện thoại liên hệ"),
            ],
            reason="Giấy tờ nộp kèm chưa đủ căn cứ để giải quyết.",
            now=now,
        )
        if fate.kind == "supplement":
            back = self._in_hours(
                dossier.receiving_unit_id, now + timedelta(days=self.random.randrange(1, 7))
            )
            officer = self.officers[dossier.receiving_unit_id][0]

            def comes_back(moment: datetime) -> None:
                answered = actions.register_supplement(
                    actor=officer,
                    code=dossier.code,
                    papers=(PaperGiven("", name="Giấy tờ bổ sung"),),
                    now=moment,
                )
                self._go_on(answered, Fate(), moment)

            self.at(back, comes_back)
        return True

    def _consult(self, dossier: Dossier, task: Task, actor: Actor, now: datetime) -> bool:
        units = [organisation.unit_by_code(code).id for code in ("STP", "SXD")]
        asked = actions.request_consultation(
            actor=actor,
            code=dossier.code,
            task_id=task.pk,
            unit_ids=units,
            question="Đề nghị cho ý kiến về hồ sơ theo lĩnh vực quản lý.",
            days=Decimal(2),
            now=now,
        )
        for consultation in asked:
            moment = organisation.calendar_for(consultation.unit_id).add_working_minutes(
                now, self.random.randrange(60, 1500)
            )
            self.at(moment, self._answer(dossier, consultation, task))
        return True

    def _answer(self, dossier: Dossier, asked: Task, host: Task) -> Callable[[datetime], None]:
        def act(now: datetime) -> None:
            actor = self._actor(asked)
            if actor is None:
                return
            actions.answer_consultation(
                actor=actor,
                code=dossier.code,
                task_id=asked.pk,
                opinion="Thống nhất với nội dung đề nghị.",
                agrees=True,
                now=now,
            )
            if not workflow.open_tasks().filter(asked_from=host.pk).exists():
                self.at(now + timedelta(minutes=30), self._step(dossier, host, Fate()))

        return act

    def _extend(self, dossier: Dossier, now: datetime) -> None:
        if dossier.due_at is None:
            return
        leaders = self._able(dossier.competent_agency_id, "leader")
        calendar = organisation.calendar_for(dossier.competent_agency_id)
        new_due = calendar.add_working_days(clock.today(dossier.due_at), 3)
        if leaders:
            actions.extend_deadline(
                actor=leaders[0],
                code=dossier.code,
                new_due_on=new_due,
                reason="Cần thêm thời gian xác minh tại cơ quan liên quan.",
                now=now,
            )

    # -- return

    def _collect(self, dossier: Dossier, fate: Fate, now: datetime) -> None:
        if fate.kind == "uncollected" or dossier.status != "completed":
            return
        officer = self.random.choice(self.officers[dossier.returning_unit_id])
        method = ReturnMethod(dossier.return_method)
        data = HandOverData(name=dossier.owner_name, id_number=dossier.owner_id_number, method=method)
        if method is ReturnMethod.POST:
            data = replace(data, tracking_number=f"EM{self.random.randrange(10**9):09d}VN")
        actions.hand_over_result(actor=officer, code=dossier.code, data=data, now=now)

    def _in_hours(self, unit_id: int, moment: datetime) -> datetime:
        calendar = organisation.calendar_for(unit_id)
        start = calendar.first_working_instant(moment)
        return calendar.add_working_minutes(start, self.random.randrange(5, 200))

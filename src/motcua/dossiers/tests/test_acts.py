"""What people do with a dossier on its way, and what the law refuses."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from motcua.documents import queries as documents
from motcua.dossiers import actions
from motcua.dossiers.models import Dossier
from motcua.dossiers.rules import lifecycle
from motcua.dossiers.tests import factories
from motcua.dossiers.tests.factories import MONDAY, Province, Staff, advance, at, open_task
from motcua.dossiers.types import Act, HandOverData, PaperGiven, Person, ReturnMethod, Status
from motcua.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from motcua.workflow import queries as workflow

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Province:
    return factories.make_province()


@pytest.fixture
def staff(place: Province) -> Staff:
    return factories.make_staff(place.commune)


@pytest.fixture
def dossier(staff: Staff) -> Dossier:
    return factories.receive(staff.counter, factories.make_procedure())


def test_the_statuses_of_the_table_are_those_of_the_law() -> None:
    assert tuple(status.value for status in Status) == lifecycle.STATUSES
    assert [status.national_code for status in Status] == list(range(1, 11))


def test_every_act_has_a_row_and_every_row_ends_in_a_known_status() -> None:
    assert {act.value for act in Act} <= set(lifecycle.TABLE)
    for rule in lifecycle.TABLE.values():
        assert set(rule.to.values()) <= set(lifecycle.STATUSES)


@pytest.mark.parametrize("status", ["refused", "withdrawn", "stopped", "returned"])
def test_nothing_leaves_a_final_status(status: str) -> None:
    assert [rule.act for rule in lifecycle.TABLE.values() if status in rule.to] == []


def test_a_dossier_goes_from_counter_to_counter(staff: Staff, dossier: Dossier) -> None:
    done = advance(dossier, staff, until="tra")
    assert done.state is Status.COMPLETED
    assert done.outcome == "early"
    data = HandOverData(name=done.owner_name)
    returned = actions.hand_over_result(actor=staff.counter, code=dossier.code, data=data, now=at(17))
    assert returned.state is Status.RETURNED
    assert not workflow.open_tasks_of(returned.run_id or 0).exists()


def test_a_step_costs_six_statements(staff: Staff, dossier: Dossier) -> None:
    task = open_task(dossier)
    with CaptureQueriesContext(connection) as caught:
        actions.complete_step(
            actor=staff.specialist, code=dossier.code, task_id=task.pk, outcome="trinh", now=at(17)
        )
    statements = [
        q["sql"] for q in caught.captured_queries if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))
    ]
    assert len(statements) <= 6, statements


def test_the_second_of_two_officers_hears_who_was_first(
    staff: Staff, dossier: Dossier, place: Province
) -> None:
    colleague = factories.make_officer("specialist", place.commune.division)
    task = open_task(dossier)
    actions.complete_step(
        actor=staff.specialist, code=dossier.code, task_id=task.pk, outcome="trinh", now=at(17)
    )
    with pytest.raises(Conflict) as refused:
        actions.complete_step(
            actor=colleague, code=dossier.code, task_id=task.pk, outcome="trinh", now=at(17, 10)
        )
    assert "Trần Văn Chuyên" in refused.value.message.source()


def test_foreign_dossiers_do_not_exist(place: Province, dossier: Dossier) -> None:
    stranger = factories.make_officer("specialist", place.other.division)
    with pytest.raises(NotFound):
        actions.complete_step(
            actor=stranger, code=dossier.code, task_id=open_task(dossier).pk, outcome="trinh", now=at(17)
        )


def test_a_step_belongs_to_its_desk(staff: Staff, dossier: Dossier) -> None:
    with pytest.raises(NotAllowed):
        actions.complete_step(
            actor=staff.clerk, code=dossier.code, task_id=open_task(dossier).pk, outcome="trinh", now=at(17)
        )


def test_a_delegate_acts_for_the_absent_leader_until_the_last_day(staff: Staff, dossier: Dossier) -> None:
    advance(dossier, staff, until="ky")
    factories.delegate(staff.leader, staff.head, days=(date(2026, 11, 10), date(2026, 11, 20)))
    assert staff.head.user_id is not None
    deputy = factories.actor_of(staff.head.user_id, at(18))
    task = open_task(dossier)
    actions.complete_step(actor=deputy, code=dossier.code, task_id=task.pk, outcome="ky", now=at(18))
    signed = workflow.tasks_of(task.run_id).get(pk=task.pk)
    assert (signed.completed_by_id, signed.acted_for_id) == (staff.head.user_id, staff.leader.user_id)
    later = factories.actor_of(staff.head.user_id, at(21))
    assert not later.has("leader")


def test_sending_back_needs_a_reason_and_opens_the_earlier_desk(staff: Staff, dossier: Dossier) -> None:
    advance(dossier, staff, until="duyet")
    task = open_task(dossier)
    with pytest.raises(Invalid):
        actions.complete_step(
            actor=staff.head, code=dossier.code, task_id=task.pk, outcome="tra_lai", now=at(17)
        )
    actions.complete_step(
        actor=staff.head,
        code=dossier.code,
        task_id=task.pk,
        outcome="tra_lai",
        note="Thiếu căn cứ",
        now=at(17),
    )
    assert (open_task(dossier).step_key, open_task(dossier).visit) == ("xu-ly", 2)


def test_a_forward_can_be_taken_back_until_the_next_desk_begins(staff: Staff, dossier: Dossier) -> None:
    task = open_task(dossier)
    actions.complete_step(
        actor=staff.specialist, code=dossier.code, task_id=task.pk, outcome="trinh", now=at(17)
    )
    actions.take_back(
        actor=staff.specialist, code=dossier.code, task_id=task.pk, reason="Nhầm", now=at(17, 10)
    )
    again = open_task(dossier)
    assert again.step_key == "xu-ly"
    actions.complete_step(
        actor=staff.specialist, code=dossier.code, task_id=again.pk, outcome="trinh", now=at(17, 11)
    )
    actions.claim_task(actor=staff.head, code=dossier.code, task_id=open_task(dossier).pk, now=at(17, 12))
    with pytest.raises(Conflict):
        actions.take_back(
            actor=staff.specialist, code=dossier.code, task_id=again.pk, reason="Nhầm", now=at(17, 13)
        )


def test_a_head_gives_the_task_to_another_holder_of_the_role(
    staff: Staff, dossier: Dossier, place: Province
) -> None:
    colleague = factories.make_officer("specialist", place.commune.division)
    assert colleague.user_id is not None
    task = open_task(dossier)
    given: dict[str, Any] = {"code": dossier.code, "task_id": task.pk, "reason": "Nghỉ phép", "now": at(17)}
    with pytest.raises(Invalid):
        actions.reassign_task(actor=staff.head, assignee_id=staff.clerk.user_id or 0, **given)
    actions.reassign_task(actor=staff.head, assignee_id=colleague.user_id, **given)
    with pytest.raises(NotAllowed):
        actions.complete_step(
            actor=staff.specialist, code=dossier.code, task_id=task.pk, outcome="trinh", now=at(17)
        )
    actions.complete_step(actor=colleague, code=dossier.code, task_id=task.pk, outcome="trinh", now=at(17))


def test_a_head_of_a_unit_that_was_asked_has_no_say_over_the_desk_that_asked(
    staff: Staff, dossier: Dossier, place: Province
) -> None:
    stranger = factories.make_officer("dept_head", place.department_division)
    colleague = factories.make_officer("specialist", place.commune.division)
    task = open_task(dossier)
    actions.request_consultation(
        actor=staff.specialist,
        code=dossier.code,
        task_id=task.pk,
        unit_ids=[place.department.id],
        question="Có vướng mắc gì không?",
        days=Decimal(2),
        now=at(17),
    )
    assert colleague.user_id is not None
    with pytest.raises(NotAllowed):
        actions.reassign_task(
            actor=stranger,
            code=dossier.code,
            task_id=task.pk,
            assignee_id=colleague.user_id,
            reason="",
            now=at(17),
        )


def test_who_had_a_part_in_a_dossier_is_not_told_that_it_does_not_exist(
    staff: Staff, dossier: Dossier, place: Province
) -> None:
    task = open_task(dossier)
    actions.request_consultation(
        actor=staff.specialist,
        code=dossier.code,
        task_id=task.pk,
        unit_ids=[place.department.id],
        question="Có vướng mắc gì không?",
        days=Decimal(2),
        now=at(17),
    )
    asked = workflow.open_tasks_of(dossier.run_id or 0).get(asked_from_id=task.pk)
    expert = factories.make_officer("specialist", place.department_division)
    given: dict[str, Any] = {"actor": expert, "code": dossier.code, "task_id": asked.pk, "opinion": "Đồng ý"}
    actions.answer_consultation(now=at(17), **given)
    with pytest.raises(NotAllowed):
        actions.answer_consultation(now=at(17), **given)


def ask(staff: Staff, dossier: Dossier, **more: object) -> actions.SupplementDone:
    given: dict[str, Any] = {"actor": staff.specialist, "reason": "Thiếu giấy tờ", "now": at(18), **more}
    return actions.request_supplement(
        code=dossier.code, items=[actions.SupplementItem("Bản sao trích lục")], **given
    )


def test_the_clock_stops_while_a_supplement_is_awaited_and_starts_again_from_zero(
    staff: Staff, dossier: Dossier
) -> None:
    asked = ask(staff, dossier)
    assert asked.letter.kind == "supplement_request"
    assert (asked.dossier.state, asked.dossier.due_at) == (Status.AWAITING_SUPPLEMENT, None)
    answered = actions.register_supplement(
        actor=staff.counter, code=dossier.code, papers=(PaperGiven("", name="Trích lục"),), now=at(24)
    )
    assert answered.state is Status.PROCESSING
    assert answered.due_at == at(1, month=12)
    assert answered.original_due_at == at(23)


def test_a_second_supplement_needs_the_leaders_reason_and_counts_as_late(
    staff: Staff, dossier: Dossier
) -> None:
    ask(staff, dossier)
    actions.register_supplement(actor=staff.counter, code=dossier.code, note="Đã đủ", now=at(19))
    with pytest.raises(Invalid) as refused:
        ask(staff, dossier, now=at(20))
    assert refused.value.field == "leader_reason"
    with pytest.raises(NotAllowed):
        ask(staff, dossier, now=at(20), leader_reason="Cần thiết")


def test_a_leader_may_ask_a_second_time(staff: Staff, dossier: Dossier) -> None:
    ask(staff, dossier)
    actions.register_supplement(actor=staff.counter, code=dossier.code, note="Đã đủ", now=at(19))
    advance(dossier, staff, until="ky", now=at(19, 10))
    second = ask(staff, dossier, actor=staff.leader, now=at(20), leader_reason="Nghị định 175/2024")
    assert second.dossier.counted_late
    actions.register_supplement(actor=staff.counter, code=dossier.code, note="Đã đủ", now=at(23))
    assert advance(dossier, staff, until="tra", now=at(23, 10)).outcome == "overdue"


def test_a_consultation_holds_the_step_until_it_is_answered(
    staff: Staff, dossier: Dossier, place: Province
) -> None:
    expert = factories.make_officer("specialist", place.department_division)
    task = open_task(dossier)
    [asked] = actions.request_consultation(
        actor=staff.specialist,
        code=dossier.code,
        task_id=task.pk,
        unit_ids=[place.department.id],
        question="Đề nghị cho ý kiến",
        days=Decimal(2),
        now=at(17),
    )
    assert asked.due_at == at(19)
    step: dict[str, Any] = {
        "actor": staff.specialist,
        "code": dossier.code,
        "task_id": task.pk,
        "outcome": "trinh",
    }
    with pytest.raises(Conflict):
        actions.complete_step(now=at(17, 10), **step)
    actions.answer_consultation(
        actor=expert, code=dossier.code, task_id=asked.pk, opinion="Nhất trí", agrees=True, now=at(18)
    )
    actions.complete_step(now=at(18, 10), **step)


def test_the_due_date_moves_once_with_an_apology_a_day_ahead(staff: Staff, dossier: Dossier) -> None:
    extension: dict[str, Any] = {"code": dossier.code, "reason": "Chờ xác minh"}
    with pytest.raises(NotAllowed):
        actions.extend_deadline(
            actor=staff.specialist, new_due_on=date(2026, 11, 26), now=at(18), **extension
        )
    with pytest.raises(Invalid):
        actions.extend_deadline(actor=staff.leader, new_due_on=date(2026, 11, 26), now=at(23, 8), **extension)
    done = actions.extend_deadline(actor=staff.leader, new_due_on=date(2026, 11, 26), now=at(18), **extension)
    assert done.letter.kind == "apology"
    assert done.dossier.due_at == at(26, 17, 30)
    assert done.dossier.original_due_at == at(23)
    with pytest.raises(Invalid):
        actions.extend_deadline(actor=staff.leader, new_due_on=date(2026, 11, 30), now=at(19), **extension)


def test_another_case_means_another_date_and_a_new_slip(staff: Staff, dossier: Dossier) -> None:
    change: dict[str, Any] = {
        "actor": staff.specialist,
        "code": dossier.code,
        "case_key": "xac-minh",
        "reason": "Phải xác minh",
    }
    done = actions.change_case(now=at(17), **change)
    assert (done.dossier.due_at, done.dossier.original_due_at) == (at(30), at(23))
    assert done.letter.kind == "reception_slip"
    kept = done.dossier.clock_events.get()
    assert (kept.data["by"], kept.reason) == ("Trần Văn Chuyên", "Phải xác minh")


def test_a_change_of_case_cannot_wipe_out_a_delay(staff: Staff, dossier: Dossier) -> None:
    with pytest.raises(Conflict):
        actions.change_case(
            actor=staff.specialist, code=dossier.code, case_key="xac-minh", reason="Xác minh", now=at(24)
        )


def test_a_withdrawal_ends_the_dossier_while_there_is_no_decision(staff: Staff, dossier: Dossier) -> None:
    done = actions.stop_dossier(
        actor=staff.counter, code=dossier.code, reason="Xin rút", requested_by_applicant=True, now=at(18)
    )
    assert (done.dossier.state, done.letter.kind) == (Status.WITHDRAWN, "stop_notice")
    assert not workflow.open_tasks_of(done.dossier.run_id or 0).exists()


def test_after_the_decision_there_is_no_withdrawal(staff: Staff, dossier: Dossier) -> None:
    actions.record_result(actor=staff.clerk, code=dossier.code, result=factories.result(), now=at(18))
    with pytest.raises(Conflict):
        actions.stop_dossier(
            actor=staff.counter, code=dossier.code, reason="Xin rút", requested_by_applicant=True, now=at(18)
        )


def test_nothing_goes_to_the_return_desk_without_a_recorded_result(staff: Staff, dossier: Dossier) -> None:
    advance(dossier, staff, until="dong-dau")
    with pytest.raises(Invalid) as refused:
        actions.complete_step(
            actor=staff.clerk,
            code=dossier.code,
            task_id=open_task(dossier).pk,
            outcome="phat_hanh",
            now=at(18),
        )
    assert refused.value.field == "result_number"


@pytest.mark.parametrize(
    ("data", "field"),
    [
        (HandOverData(name=""), "name"),
        (HandOverData(name="Người lạ"), "authorisation"),
        (HandOverData(name="x", method=ReturnMethod.POST), "tracking_number"),
    ],
)
def test_a_result_goes_only_to_whom_it_may(
    staff: Staff, dossier: Dossier, data: HandOverData, field: str
) -> None:
    advance(dossier, staff, until="tra")
    with pytest.raises(Invalid) as refused:
        actions.hand_over_result(actor=staff.counter, code=dossier.code, data=data, now=at(18))
    assert refused.value.field == field


def test_a_delegate_collects_with_an_authorisation(staff: Staff, dossier: Dossier) -> None:
    advance(dossier, staff, until="tra")
    data = HandOverData(name="Người lạ", authorisation="Giấy ủy quyền 12/2026")
    assert actions.hand_over_result(
        actor=staff.counter, code=dossier.code, data=data, now=at(18)
    ).handover.name


def test_a_bulk_act_answers_for_each_dossier(staff: Staff, place: Province) -> None:
    procedure = factories.make_procedure()
    found = [factories.receive(staff.counter, procedure, owner=Person(name=f"Người {n}")) for n in range(3)]
    targets = [actions.Target(one.code, open_task(one).pk) for one in found]
    actions.complete_step(
        actor=staff.specialist,
        code=found[1].code,
        task_id=targets[1].task_id or 0,
        outcome="trinh",
        now=at(17),
    )
    answers = actions.bulk(
        Act.COMPLETE_STEP, actor=staff.specialist, targets=targets, now=at(17), outcome="trinh"
    )
    assert [answer.ok for answer in answers] == [True, False, True]
    assert "đã xử lý" in answers[1].message


def test_every_letter_of_a_dossier_prints_for_those_who_may_read_it(
    staff: Staff, dossier: Dossier, place: Province
) -> None:
    letter = documents.letters_of(dossier.code)[0]
    pdf = actions.print_letter(actor=staff.leader, code=dossier.code, letter_id=letter.pk, now=MONDAY)
    assert pdf.content.startswith(b"%PDF")
    stranger = factories.make_officer("leader", place.other.agency)
    with pytest.raises(NotFound):
        actions.print_letter(actor=stranger, code=dossier.code, letter_id=letter.pk, now=MONDAY)

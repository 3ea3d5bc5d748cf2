"""Decisions applied to dossiers under way: what changes, what is kept, what can be taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from motcua.catalogue.models import ChangeSet, ProcedureVersion
from motcua.catalogue.types import FeeLine, Level, ProcedureCase
from motcua.catalogue.types_changes import (
    ChangeAction,
    LineSettings,
    Policy,
    ProcessChoice,
    RuleChoice,
)
from motcua.documents.queries import letters_of
from motcua.dossiers import actions
from motcua.dossiers.actions import moving
from motcua.dossiers.models import Dossier, DossierChange, MoveBatch
from motcua.dossiers.tests import factories as make
from motcua.dossiers.tests.decisions import make_decision
from motcua.dossiers.tests.moving_world import (
    LATER,
    NEW_PAPER,
    NIGHT,
    World,
    again,
    change_of,
    snapshot,
)
from motcua.dossiers.types import PaperGiven, Status
from motcua.kernel.audit.models import AuditEntry
from motcua.workflow.models import Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


# --- finishing as received ------------------------------------------------------------------------------------


def test_the_default_leaves_everything_as_it_was_but_for_one_line(world: World) -> None:
    dossier = world.receive()
    before = snapshot(dossier)
    batch = world.apply(make_decision(world.procedure, replace(world.old, limit=make.limit_of(3))))
    assert snapshot(dossier) == before
    assert (batch.looked_at, batch.counts) == (1, {"finish:by_decision": 1})
    entry = AuditEntry.objects.get(action="dossiers.moved", subject=dossier.code)
    assert (
        "Từ 11:00 16/11/2026 thủ tục này thay đổi theo Quyết định 1513/QĐ-UBND; hồ sơ tiếp tục theo quy định lúc "
        "tiếp nhận." in entry.data
    )


def test_applying_it_twice_changes_nothing_more(world: World) -> None:
    world.receive()
    decision = make_decision(
        world.procedure, replace(world.old, limit=make.limit_of(3)), policy=Policy.CONVERT
    )
    world.apply(decision)
    rows = list(DossierChange.objects.values())
    moving.run_batch(batch_id=MoveBatch.objects.get().pk, now=LATER)
    second = world.apply(decision, LATER)
    assert second.looked_at == 0
    assert list(DossierChange.objects.values()) == rows


def test_those_received_under_the_new_version_are_no_candidates(world: World) -> None:
    decision = make_decision(world.procedure, replace(world.old, limit=make.limit_of(3)))
    new = ProcedureVersion.objects.get(procedure=world.procedure.procedure, number=2)
    make.receive(world.staff.counter, new, now=NIGHT)
    assert world.apply(decision, LATER).looked_at == 0


# --- converting -----------------------------------------------------------------------------------------------


def test_a_converted_dossier_pins_the_new_version_and_gets_the_earlier_date(world: World) -> None:
    dossier = world.receive()
    promised = dossier.due_at
    decision = make_decision(
        world.procedure, replace(world.old, limit=make.limit_of(3)), policy=Policy.CONVERT
    )
    world.apply(decision)
    found = again(dossier)
    assert found.procedure_version.number == 2
    assert found.due_at is not None and promised is not None and found.due_at == make.at(19, 9)
    assert found.due_at < promised
    assert make.open_task(found).run_due_at == found.due_at


def test_a_later_date_is_not_taken_and_the_line_says_so(world: World) -> None:
    dossier = world.receive()
    promised = dossier.due_at
    world.apply(
        make_decision(world.procedure, replace(world.old, limit=make.limit_of(9)), policy=Policy.CONVERT)
    )
    found, change = again(dossier), change_of(dossier)
    assert (found.procedure_version.number, found.due_at) == (2, promised)
    assert (change.outcome, change.kept) == ("convert", ["date_later"])


def test_a_higher_fee_is_not_taken(world: World) -> None:
    dossier = world.receive()
    dearer = replace(world.old, fees=(FeeLine("le-phi", "charge", "Lệ phí", 8_000, "hồ sơ"),))
    world.apply(make_decision(world.procedure, dearer, policy=Policy.CONVERT))
    change = change_of(dossier)
    assert (change.kept, change.fee_version_id) == (["fee"], world.procedure.pk)


def test_no_new_paper_is_asked_where_the_decision_names_no_article(world: World) -> None:
    dossier = world.receive()
    before = dossier.papers.count()
    world.apply(
        make_decision(
            world.procedure, replace(world.old, papers=(*world.old.papers, NEW_PAPER)), policy=Policy.CONVERT
        )
    )
    assert dossier.papers.count() == before
    assert change_of(dossier).kept == ["papers"]


def test_a_new_paper_is_asked_by_the_article_that_says_so(world: World) -> None:
    dossier = world.receive()
    world.apply(
        make_decision(
            world.procedure,
            replace(world.old, papers=(*world.old.papers, NEW_PAPER)),
            policy=Policy.CONVERT,
            mapping={"papers_article": "khoản 2 Điều 3"},
        )
    )
    paper = dossier.papers.get(key="so-do")
    assert (paper.state, paper.note) == ("missing", "khoản 2 Điều 3 Quyết định 1513/QĐ-UBND")
    assert dossier.papers.filter(key="to-khai").count() == 1


def test_a_case_and_a_step_go_where_the_mapping_sends_them(world: World) -> None:
    dossier = world.receive()
    cases = (ProcedureCase("don-gian", "Trường hợp đơn giản"),)
    process = make.process_definition("thu.qt-02")
    steps = tuple(
        replace(step, key="tham-dinh", name="Thẩm định theo quy trình mới")
        if step.key == "xu-ly"
        else replace(
            step,
            outcomes=tuple(
                replace(way, to=tuple("tham-dinh" if to == "xu-ly" else to for to in way.to))
                for way in step.outcomes
            ),
        )
        for step in process.steps
    )
    published = make.publish(
        replace(
            process,
            steps=tuple(
                replace(
                    step,
                    outcomes=tuple(
                        replace(way, to=tuple("tham-dinh" if to == "xu-ly" else to for to in way.to))
                        for way in step.outcomes
                    ),
                )
                for step in steps
            ),
        )
    )
    world.apply(
        make_decision(
            world.procedure,
            replace(world.old, cases=cases),
            policy=Policy.CONVERT,
            mapping={"cases": {"thuong": "don-gian"}, "steps": {"xu-ly": "tham-dinh"}},
            settings=LineSettings(processes=(ProcessChoice(published.pk, "xa"),)),
        )
    )
    found = again(dossier)
    assert (found.case_key, found.case_name) == ("don-gian", "Trường hợp đơn giản")
    assert found.run is not None and found.run.process_version_id == published.pk
    task = make.open_task(found)
    assert (task.step_key, task.name) == ("tham-dinh", "Thẩm định theo quy trình mới")
    actions.complete_step(
        actor=world.staff.specialist, code=found.code, task_id=task.pk, outcome="trinh", now=LATER
    )
    assert make.open_task(found).step_key == "duyet"


def test_a_case_that_is_gone_finishes_as_received(world: World) -> None:
    dossier = world.receive()
    cases = (ProcedureCase("don-gian", "Trường hợp đơn giản"),)
    world.apply(make_decision(world.procedure, replace(world.old, cases=cases), policy=Policy.CONVERT))
    change = change_of(dossier)
    assert (change.outcome, change.reason) == ("finish", "no_case")
    assert again(dossier).procedure_version_id == world.procedure.pk


# --- what is left alone ---------------------------------------------------------------------------------------


def test_a_dossier_waiting_to_be_returned_is_left_alone_without_a_line(world: World) -> None:
    dossier = make.advance(world.receive(), world.staff, until="tra")
    before = snapshot(dossier)
    world.apply(
        make_decision(world.procedure, replace(world.old, limit=make.limit_of(3)), policy=Policy.STOP)
    )
    assert snapshot(dossier) == before
    assert (change_of(dossier).outcome, change_of(dossier).reason) == ("left", "awaits_return")
    assert not AuditEntry.objects.filter(action="dossiers.moved").exists()


def test_a_dossier_with_a_recorded_result_is_never_touched(world: World) -> None:
    dossier = make.advance(world.receive(), world.staff, until="dong-dau")
    actions.record_result(actor=world.staff.clerk, code=dossier.code, result=make.result(), now=make.MONDAY)
    before = snapshot(dossier)
    world.apply(make_decision(world.procedure, None, action=ChangeAction.ABOLISHED, policy=Policy.STOP))
    assert snapshot(dossier) == before
    assert change_of(dossier).reason == "has_result"


def paused(world: World) -> Dossier:
    dossier = world.receive()
    actions.request_supplement(
        actor=world.staff.specialist,
        code=dossier.code,
        items=[actions.SupplementItem("can-cuoc", "Bản sao căn cước")],
        reason="Căn cước đã hết hạn",
        now=make.MONDAY + timedelta(hours=1),
    )
    return again(dossier)


def test_a_paused_dossier_keeps_its_pause_and_its_date(world: World) -> None:
    dossier = paused(world)
    world.apply(
        make_decision(world.procedure, replace(world.old, limit=make.limit_of(3)), policy=Policy.CONVERT)
    )
    found = again(dossier)
    assert found.procedure_version.number == 2
    assert (found.status, found.paused_since, found.due_at) == (
        dossier.status,
        dossier.paused_since,
        dossier.due_at,
    )
    assert change_of(dossier).kept == ["date_paused"]
    actions.register_supplement(
        actor=world.staff.counter, code=dossier.code, note="Đã nộp bản sao mới", now=LATER
    )
    assert again(dossier).state is Status.PROCESSING


def test_one_never_received_is_received_later_under_the_new_limit(world: World) -> None:
    given = make.reception_of(world.staff.counter, world.procedure, papers=(PaperGiven("to-khai"),))
    dossier = actions.request_intake_supplement(
        actor=world.staff.counter,
        reception=given,
        items=[actions.SupplementItem("can-cuoc", "Căn cước")],
        reason="Thiếu căn cước",
        now=make.MONDAY,
    ).dossier
    world.apply(
        make_decision(world.procedure, replace(world.old, limit=make.limit_of(3)), policy=Policy.CONVERT)
    )
    assert again(dossier).state is Status.AWAITING_SUPPLEMENT
    received = actions.receive_after_intake(
        actor=world.staff.counter, code=dossier.code, papers=make.PAPERS, now=make.at(17, 9)
    ).dossier
    assert (received.procedure_version.number, received.due_at) == (2, make.at(20, 9))


# --- transfer -------------------------------------------------------------------------------------------------


def to_department(world: World, **more: Any) -> ChangeSet:
    given: dict[str, Any] = {
        "policy": Policy.TRANSFER,
        "action": ChangeAction.REDELEGATED,
        "mapping": {"transfer_to": "STP"},
        **more,
    }
    return make_decision(world.procedure, None, **given)


def test_a_transferred_dossier_lies_on_the_desk_of_the_new_unit(world: World) -> None:
    dossier = world.receive()
    promised = dossier.due_at
    world.apply(to_department(world))
    found, change = again(dossier), change_of(dossier)
    assert change.outcome == "transfer"
    assert found.competent_agency_id == world.place.department.id
    assert make.open_task(found).unit_id == world.place.department_division.id
    assert (found.due_at, found.procedure_version_id) == (promised, world.procedure.pk)


def test_a_level_moved_to_the_province_goes_to_the_unit_the_rule_names(world: World) -> None:
    dossier = world.receive()
    world.apply(
        make_decision(
            world.procedure,
            replace(world.old, levels=(Level.PROVINCE,)),
            policy=Policy.TRANSFER,
            action=ChangeAction.LEVEL_MOVED,
            settings=LineSettings(rules=(RuleChoice(level="tinh", deciding_unit="STP"),)),
        )
    )
    found = again(dossier)
    assert (found.competent_agency_id, found.level) == (world.place.department.id, "tinh")


def test_a_transfer_to_the_same_unit_is_none(world: World) -> None:
    dossier = world.receive()
    world.apply(to_department(world, mapping={}))
    assert (change_of(dossier).outcome, change_of(dossier).reason) == ("finish", "same_unit")


# --- stopping -------------------------------------------------------------------------------------------------


def stopped(world: World) -> Dossier:
    dossier = world.receive()
    world.apply(make_decision(world.procedure, None, policy=Policy.STOP, action=ChangeAction.ABOLISHED))
    return dossier


def test_a_stopped_dossier_gets_its_notice_and_a_mark_that_money_is_owed_back(world: World) -> None:
    dossier = stopped(world)
    found, change = again(dossier), change_of(dossier)
    assert (found.state, found.closed_at) == (Status.STOPPED, NIGHT)
    assert (change.refund, change.refund_amount) == ("unknown", None)
    letter = next(found for found in letters_of(dossier.code) if found.kind == "change_stop_notice")
    assert letter.data["decision"] == "Quyết định 1513/QĐ-UBND"
    assert dossier.run_id is not None
    assert not Task.objects.filter(run_id=dossier.run_id, status="open").exists()

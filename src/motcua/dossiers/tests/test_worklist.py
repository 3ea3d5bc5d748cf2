"""The officer's lists: who sees what, in which order, at what cost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from motcua.catalogue.models import ProcedureVersion
from motcua.dossiers import actions
from motcua.dossiers.models import Dossier
from motcua.dossiers.queries_bulk import bulk_page
from motcua.dossiers.queries_worklist import WorklistPage, counts, facets, next_row, worklist
from motcua.dossiers.rules.worklist import Cursor, Filters, Tab
from motcua.dossiers.tests import factories as f
from motcua.dossiers.types import Act, Status
from motcua.kernel.actor import Actor
from motcua.workflow.models import Run, Task

pytestmark = pytest.mark.django_db

RECEIVED = f.at(16, 9)  # Monday; the specialist's two days end on Wednesday 09:00


@dataclass
class Ward:
    place: f.Province
    staff: f.Staff
    procedure: ProcedureVersion

    def receive(
        self, name: str = "Nguyễn Thị Đào", number: str = "027185001234", *, day: int = 16
    ) -> Dossier:
        return f.receive(self.staff.counter, self.procedure, owner=f.person(name, number), now=f.at(day, 9))


@pytest.fixture
def ward() -> Iterator[Ward]:
    place = f.make_province()
    yield Ward(place, f.make_staff(place.commune), f.make_procedure())


def codes(page: WorklistPage) -> list[str]:
    return [row.code for row in page.rows]


def shown(
    actor: Actor, tab: Tab = Tab.MINE, *, day: int = 16, hour: int = 10, filters: Filters | None = None
) -> list[str]:
    return codes(worklist(actor, now=f.at(day, hour), tab=tab, filters=filters))


def test_a_dossier_stands_on_the_desk_its_step_names_and_on_no_other(ward: Ward) -> None:
    dossier = ward.receive()
    assert shown(ward.staff.specialist) == [dossier.code]
    for other in (ward.staff.head, ward.staff.leader, ward.staff.clerk, ward.staff.counter):
        assert shown(other) == []


def test_what_somebody_claimed_leaves_the_colleagues_desk_but_not_the_units_list(ward: Ward) -> None:
    dossier = ward.receive()
    colleague = f.make_officer("specialist", ward.place.commune.division)
    task = f.open_task(dossier)
    actions.claim_task(actor=ward.staff.specialist, code=dossier.code, task_id=task.pk, now=RECEIVED)
    assert shown(colleague) == []
    assert shown(ward.staff.specialist) == [dossier.code]
    assert shown(colleague, Tab.UNIT) == [dossier.code]


def test_a_leader_sees_the_work_of_all_divisions_and_a_foreign_ward_none(ward: Ward) -> None:
    dossier = ward.receive()
    assert shown(ward.staff.leader, Tab.UNIT) == [dossier.code]
    assert shown(ward.staff.clerk, Tab.UNIT) == [dossier.code]  # the clerk sits in the same division here
    stranger = f.make_officer("leader", ward.place.other.agency)
    assert [shown(stranger, tab) for tab in Tab] == [[] for _tab in Tab]


def test_today_holds_what_is_due_today_and_what_is_late(ward: Ward) -> None:
    late, today, later = (ward.receive(day=day) for day in (11, 12, 16))
    found = worklist(ward.staff.specialist, now=f.at(16, 8), tab=Tab.TODAY)
    assert codes(found) == [late.code, today.code]
    assert [row.urgency for row in found.rows] == ["overdue", "today"]
    assert shown(ward.staff.specialist, Tab.LATE, hour=8) == [late.code]
    assert shown(ward.staff.specialist, Tab.SOON, hour=8) == [today.code, later.code]
    assert shown(ward.staff.specialist, hour=8) == [late.code, today.code, later.code]


def test_rows_tell_working_time_and_the_dossiers_own_date(ward: Ward) -> None:
    ward.receive()
    row = worklist(ward.staff.specialist, now=f.at(16, 9), tab=Tab.MINE).rows[0]
    assert row.due_at == f.at(18, 9)
    assert row.days == 2
    assert row.hours is None
    assert row.dossier_due_at == f.at(23, 9)


def test_a_paused_dossier_waits_in_its_own_list(ward: Ward) -> None:
    dossier = ward.receive()
    actions.request_supplement(
        actor=ward.staff.specialist,
        code=dossier.code,
        items=[actions.SupplementItem(text="Tờ khai", key="to-khai")],
        reason="Chưa ký",
        respond_by=None,
        now=RECEIVED,
    )
    for who in (ward.staff.specialist, ward.staff.counter):
        page = worklist(who, now=f.at(30, 9), tab=Tab.PAUSED)
        assert codes(page) == [dossier.code]
        assert page.rows[0].urgency == ""
        assert shown(who, Tab.LATE, day=30) == []
        assert shown(who, Tab.MINE, day=30) == []
    act = worklist(ward.staff.counter, now=RECEIVED, tab=Tab.PAUSED).rows[0].next_act
    assert act is not None and act.act is Act.REGISTER_SUPPLEMENT


def test_a_result_waits_for_the_counter_that_returns_it(ward: Ward) -> None:
    dossier = f.advance(ward.receive(), ward.staff, until="tra", now=f.at(17, 9))
    page = worklist(ward.staff.counter, now=f.at(17, 10), tab=Tab.RETURN)
    assert codes(page) == [dossier.code]
    assert page.rows[0].next_act is not None and page.rows[0].next_act.act is Act.HAND_OVER
    assert shown(ward.staff.counter) == []
    assert shown(ward.staff.specialist, Tab.RETURN) == []


def test_who_waits_for_an_opinion_sees_whose(ward: Ward) -> None:
    dossier = ward.receive()
    asked = _consult(ward, dossier)
    page = worklist(ward.staff.specialist, now=RECEIVED, tab=Tab.CONSULT)
    assert codes(page) == [dossier.code]
    assert "phường Vũ Ninh" in page.rows[0].note
    consulted = f.make_officer("specialist", ward.place.other.division)
    row = worklist(consulted, now=RECEIVED, tab=Tab.MINE).rows[0]
    assert (row.task_id, row.is_consultation) == (asked.pk, True)
    assert row.next_act is not None and row.next_act.act is Act.ANSWER


def _consult(ward: Ward, dossier: Dossier) -> Task:
    return actions.request_consultation(
        actor=ward.staff.specialist,
        code=dossier.code,
        task_id=f.open_task(dossier).pk,
        unit_ids=[ward.place.other.agency.id],
        question="Có lưu sổ gốc không?",
        days=Decimal(1),
        now=RECEIVED,
    )[0]


def test_what_one_passed_on_can_be_taken_back_until_somebody_begins(ward: Ward) -> None:
    dossier = ward.receive()
    actions.complete_step(
        actor=ward.staff.specialist,
        code=dossier.code,
        task_id=f.open_task(dossier).pk,
        outcome="trinh",
        now=f.at(16, 11),
    )
    row = worklist(ward.staff.specialist, now=f.at(16, 12), tab=Tab.SENT).rows[0]
    assert row.next_act is not None and row.next_act.act is Act.TAKE_BACK
    assert row.note.startswith("Xem xét, trình ký")
    actions.claim_task(
        actor=ward.staff.head, code=dossier.code, task_id=f.open_task(dossier).pk, now=f.at(16, 13)
    )
    assert worklist(ward.staff.specialist, now=f.at(16, 14), tab=Tab.SENT).rows[0].next_act is None


def test_what_was_sent_long_ago_is_no_longer_listed(ward: Ward) -> None:
    dossier = ward.receive()
    f.advance(dossier, ward.staff, until="duyet", now=RECEIVED)
    assert shown(ward.staff.specialist, Tab.SENT) == [dossier.code]
    assert codes(worklist(ward.staff.specialist, now=RECEIVED + timedelta(days=31), tab=Tab.SENT)) == []


def test_several_posts_are_one_list(ward: Ward) -> None:
    dossier = ward.receive()
    mine = ward.staff.specialist
    assert mine.user_id is not None
    f.give_post(mine.user_id, "leader", ward.place.commune.agency)
    both = f.actor_of(mine.user_id)
    signed = f.advance(ward.receive(), ward.staff, until="ky", now=RECEIVED)
    assert sorted(shown(both)) == sorted([dossier.code, signed.code])


def test_delegated_work_says_on_whose_behalf(ward: Ward) -> None:
    signed = f.advance(ward.receive(), ward.staff, until="ky", now=RECEIVED)
    clerk = ward.staff.clerk
    assert clerk.user_id is not None
    f.delegate(ward.staff.leader, clerk, days=(date(2026, 11, 1), date(2026, 11, 30)))
    deputy = f.actor_of(clerk.user_id)
    page = worklist(deputy, now=RECEIVED, tab=Tab.MINE)
    assert codes(page) == [signed.code]
    assert page.rows[0].on_behalf_of == "Phạm Văn Chủ"
    assert worklist(ward.staff.leader, now=RECEIVED, tab=Tab.MINE).rows[0].on_behalf_of == ""


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(text="dao"), [0]),
        (Filters(text="ĐỨC duy"), [1]),
        (Filters(text="027185009999"), [1]),
        (Filters(text="không ai"), []),
        (Filters(field="Hộ tịch"), [0, 1]),
        (Filters(field="Đất đai"), []),
        (Filters(step="Thẩm định hồ sơ"), [0, 1]),
        (Filters(status=Status.RECEIVED.value), [0, 1]),
        (Filters(status=Status.PROCESSING.value), []),
        (Filters(received_from=date(2026, 11, 17)), [1]),
        (Filters(received_to=date(2026, 11, 16)), [0]),
        (Filters(received_from=date(2026, 11, 16), received_to=date(2026, 11, 17)), [0, 1]),
    ],
)
def test_filters_narrow_the_list(ward: Ward, filters: Filters, found: list[int]) -> None:
    both = [ward.receive(), ward.receive("Đỗ Đức Duy", "027185009999", day=17)]
    assert shown(ward.staff.specialist, day=17, filters=filters) == [both[place].code for place in found]


def test_filters_by_unit_and_person(ward: Ward) -> None:
    mine, free = ward.receive(), ward.receive()
    actions.claim_task(
        actor=ward.staff.specialist, code=mine.code, task_id=f.open_task(mine).pk, now=RECEIVED
    )
    by_person = Filters(assignee_id=ward.staff.specialist.user_id)
    assert shown(ward.staff.leader, Tab.UNIT, filters=by_person) == [mine.code]
    by_unit = Filters(unit_id=ward.place.commune.division.id)
    assert shown(ward.staff.leader, Tab.UNIT, filters=by_unit) == [mine.code, free.code]
    assert shown(ward.staff.leader, Tab.UNIT, filters=Filters(unit_id=1)) == []
    offered = facets(ward.staff.leader, tab=Tab.UNIT, now=RECEIVED)
    assert [name for _id, name in offered.people] == ["Trần Văn Chuyên"]
    assert offered.steps == ("Thẩm định hồ sơ",)


def test_pages_follow_one_another_without_gap_or_repetition(ward: Ward) -> None:
    _many(ward, 120)
    seen: list[str] = []
    cursor: Cursor | None = None
    for _page in range(4):
        page = worklist(ward.staff.specialist, now=RECEIVED, tab=Tab.MINE, cursor=cursor)
        seen += codes(page)
        if not page.next_cursor:
            break
        cursor = Cursor.decode(page.next_cursor)
    assert len(seen) == len(set(seen)) == 120


def test_the_next_row_is_the_one_below_the_place_and_then_the_first(ward: Ward) -> None:
    first, second, third = (ward.receive(day=day) for day in (10, 11, 12))
    actor = ward.staff.specialist
    rows = worklist(actor, now=RECEIVED, tab=Tab.MINE).rows

    def after(place: int, *skip: str) -> str:
        row = next_row(
            actor,
            tab=Tab.MINE,
            filters=Filters(),
            cursor=Cursor.decode(rows[place].cursor),
            skip=skip,
            now=RECEIVED,
        )
        return row.code if row else ""

    assert after(0, first.code) == second.code
    assert after(2, third.code) == first.code
    assert after(1, second.code) == third.code
    assert after(0, first.code, second.code, third.code) == ""


def test_a_page_of_fifty_out_of_two_hundred_costs_one_statement(
    ward: Ward, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    _many(ward, 200)
    worklist(
        ward.staff.specialist, now=RECEIVED, tab=Tab.MINE
    )  # definitions and units are kept by the process
    with django_assert_num_queries(1):
        page = worklist(ward.staff.specialist, now=RECEIVED, tab=Tab.MINE)
    assert len(page.rows) == 50
    assert page.next_cursor
    for tab in Tab:
        with CaptureQueriesContext(
            connection,
        ) as made:
            worklist(ward.staff.specialist, now=RECEIVED, tab=tab)
        assert len(made) <= 3, tab
        assert not any("OFFSET" in query["sql"] or "COUNT(" in query["sql"] for query in made), tab


def test_counts_stop_at_501_and_cost_one_statement_a_list(ward: Ward) -> None:
    _many(ward, 60)
    with CaptureQueriesContext(connection) as made:
        found = counts(ward.staff.specialist, Tab.offered(counter=False), now=RECEIVED)
    assert found[Tab.MINE] == found[Tab.UNIT] == 60
    assert len(made) == len(found) == 8
    assert all("LIMIT 501" in query["sql"] for query in made)


def _many(ward: Ward, amount: int) -> None:
    """Copies of one dossier, written straight: two hundred receptions would only test patience."""
    model = ward.receive()
    task = f.open_task(model)
    for number in range(1, amount):
        run = Run.objects.get(pk=task.run_id)
        run.pk = None
        run.save(force_insert=True)
        dossier = Dossier.objects.get(pk=model.pk)
        dossier.pk, dossier.code, dossier.tracking_token = (
            None,
            f"H05.16-261116-{9000 + number}",
            f"token{number}",
        )
        dossier.run = run
        dossier.save(force_insert=True)
        copied = Task.objects.get(pk=task.pk)
        copied.pk, copied.run = None, run
        copied.due_at = None if number % 40 == 0 else f.at(18, 9) + timedelta(minutes=number // 3)
        copied.save(force_insert=True)


def test_the_bulk_bar_offers_what_the_rows_allow(ward: Ward) -> None:
    ward.receive()
    page = worklist(ward.staff.specialist, now=RECEIVED, tab=Tab.MINE)
    assert [choice.act for choice in page.choices] == [Act.COMPLETE_STEP, Act.CLAIM]
    head = worklist(ward.staff.head, now=RECEIVED, tab=Tab.UNIT)
    assert [choice.act for choice in head.choices] == [Act.REASSIGN]


def test_chosen_rows_are_sorted_into_those_that_fit_and_those_that_do_not(ward: Ward) -> None:
    ready, foreign = ward.receive(), ward.receive()
    f.advance(foreign, ward.staff, until="duyet", now=RECEIVED)
    choice = worklist(ward.staff.specialist, now=RECEIVED, tab=Tab.MINE).rows[0].choices[0]
    targets = [
        actions.Target(ready.code, f.open_task(ready).pk),
        actions.Target(foreign.code, f.open_task(foreign).pk),
        actions.Target("H05.99-261116-0001", 999_999),
        actions.Target(ready.code, f.open_task(foreign).pk),
    ]
    page = bulk_page(ward.staff.specialist, targets, choice.key, now=RECEIVED)
    assert [row.code for row in page.rows] == [ready.code]
    assert {item.code for item in page.skipped} == {foreign.code, "H05.99-261116-0001", ready.code}
    assert page.act is Act.COMPLETE_STEP
    stranger = f.make_officer("specialist", ward.place.other.division)
    hidden = bulk_page(stranger, targets[:1], choice.key, now=RECEIVED)
    assert hidden.rows == ()
    assert hidden.skipped[0].why.source() == "Không tìm thấy việc này trong phạm vi của bạn."

"""Drafts: begun from a table, a diagram, a version or a template; saved, undone; published by a second person."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from fractions import Fraction
from threading import Barrier, Thread
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from motcua.kernel.actor import Actor, Grant
from motcua.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from motcua.workflow import actions, queries
from motcua.workflow.errors import (
    DiagramRefused,
    DraftMoved,
    NotAcknowledged,
    NotPublishable,
    TableNotUnderstood,
)
from motcua.workflow.models import DraftRevision, ProcessDraft, ProcessVersion
from motcua.workflow.rules.bpmn import export
from motcua.workflow.rules.definition import ProcessDefinition, Span, TimeUnit
from motcua.workflow.rules.editing import move_step
from motcua.workflow.rules.pasted import About
from motcua.workflow.tests.tables import days, simple
from motcua.workflow.tests.test_pasted_tables import BAC_NINH, table
from motcua.workflow.types import DraftStatus

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
TODAY = date(2026, 11, 23)


@dataclass(frozen=True)
class People:
    agency: int
    foreign: int
    it: Actor
    controller: Actor
    leader: Actor
    specialist: Actor
    stranger: Actor


def _unit(code: str, name: str) -> int:
    model = apps.get_model("organisation", "Unit")
    row = model.objects.create(code=code, kind="department", name=name, full_name=name, short_name=code)
    row.agency = row
    row.save()
    return int(row.pk)


def _officer(name: str, agency: int, role: str) -> Actor:
    user = apps.get_model("kernel", "User").objects.create(username=name, full_name=name.title())
    return Actor(user.pk, user.full_name, grants=(Grant(agency, agency, role),))


@pytest.fixture
def people() -> People:
    from motcua.organisation.snapshot import touch

    agency, foreign = _unit("STC", "Sở Tài chính"), _unit("SXD", "Sở Xây dựng")
    touch()
    return People(
        agency,
        foreign,
        _officer("tin", agency, "it_admin"),
        _officer("kiem", agency, "procedure_controller"),
        _officer("lanh", agency, "leader"),
        _officer("vien", agency, "specialist"),
        _officer("la", foreign, "it_admin"),
    )


ABOUT = About(
    title="Chấp thuận chủ trương đầu tư", limit=Span(Fraction(17), TimeUnit.CALENDAR_DAY), field="Đầu tư"
)


def begin(people: People, about: About = ABOUT, text: str = BAC_NINH) -> ProcessDraft:
    return actions.draft_from_table(
        actor=people.it, agency_id=people.agency, table=table(text), about=about, now=NOW
    )


def of(draft: ProcessDraft) -> ProcessDefinition:
    draft.refresh_from_db()
    return ProcessDefinition.from_dict(draft.definition)


def save(
    people: People, draft: ProcessDraft, definition: ProcessDefinition, actor: Actor | None = None
) -> ProcessDraft:
    draft.refresh_from_db()
    return actions.save_draft(
        actor=actor or people.it, draft_id=draft.pk, revision=draft.revision, definition=definition, now=NOW
    )


def submit(people: People, draft: ProcessDraft, *accepted: str) -> ProcessDraft:
    draft.refresh_from_db()
    return actions.submit_draft(
        actor=people.it, draft_id=draft.pk, revision=draft.revision, accepted=accepted, now=NOW
    )


def publish(people: People, draft: ProcessDraft, actor: Actor | None = None) -> ProcessVersion:
    draft.refresh_from_db()
    return actions.publish_draft(
        actor=actor or people.leader, draft_id=draft.pk, revision=draft.revision, now=NOW
    )


def test_a_table_becomes_a_published_process_by_two_people(people: People) -> None:
    draft = begin(people)
    assert (draft.status, draft.revision, draft.source) == ("drafting", 1, "table")
    assert any(remark["code"] == "cases" and remark["row"] == 8 for remark in draft.remarks)
    submit(people, draft)
    version = publish(people, draft)
    draft.refresh_from_db()
    assert (draft.status, draft.published_id, draft.decided_by_id) == (
        "published",
        version.pk,
        people.leader.user_id,
    )
    assert version.title == "Chấp thuận chủ trương đầu tư"
    assert version.issuer == "Sở Tài chính"


def test_what_was_written_is_in_the_log(people: People) -> None:
    draft = begin(people)
    save(people, draft, move_step(of(draft), "b2", 3))
    submit(people, draft, "sum_below_limit")
    publish(people, draft)
    entries = apps.get_model("kernel", "AuditEntry").objects.order_by("pk").values_list("action", flat=True)
    assert list(entries) == [
        "workflow.draft_begun",
        "workflow.draft_saved",
        "workflow.draft_submitted",
        "workflow.publish_process",
        "workflow.draft_published",
    ]


def test_unclear_cells_refuse_the_table_and_all_are_named(people: People) -> None:
    text = BAC_NINH.replace("07 ngày", "lâu").replace("Văn thư Sở", "Ông Ba")
    with pytest.raises(TableNotUnderstood) as refused:
        begin(people, text=text)
    assert {r.cell for r in refused.value.remarks if r.severity == "error"} == {"D7", "C11"}
    assert not ProcessDraft.objects.exists()
    draft = actions.draft_from_table(
        actor=people.it, agency_id=people.agency, table=table(text), about=ABOUT, now=NOW, leave_gaps=True
    )
    assert of(draft).by_key["b6"].time is None
    assert of(draft).by_key["b10"].role == ""


def test_a_diagram_becomes_a_draft_with_its_report(people: People) -> None:
    data = export(simple()).replace('name="Bước work"', 'name="Thẩm định"').encode()
    draft = actions.draft_from_bpmn(actor=people.it, agency_id=people.agency, data=data, now=NOW)
    assert of(draft).by_key["work"].name == "Thẩm định"
    assert [remark["code"] for remark in draft.remarks] == ["renamed"]
    with pytest.raises(DiagramRefused) as refused:
        actions.draft_from_bpmn(actor=people.it, agency_id=people.agency, data=b"<!DOCTYPE a><a/>", now=NOW)
    assert refused.value.field == "file"


def test_a_version_is_copied_and_published_as_the_next_one(people: People) -> None:
    first = actions.publish_process(
        actor=Actor.system("t"), definition=replace(simple(), issuer="UBND tỉnh"), now=NOW
    )
    draft = actions.draft_from_version(actor=people.it, agency_id=people.agency, version_id=first.pk, now=NOW)
    changed = replace(of(draft), key="khac", issuer="Người khác", steps=of(draft).steps, title="Thử hai")
    save(people, draft, changed)
    submit(people, draft)
    second = publish(people, draft)
    assert (second.key, second.number, second.issuer, second.title) == (first.key, 2, "UBND tỉnh", "Thử hai")


def test_a_template_begins_a_draft(people: People) -> None:
    draft = actions.draft_from_template(
        actor=people.it, agency_id=people.agency, template="ubnd-tinh", about=About(title="Giao đất"), now=NOW
    )
    assert of(draft).title == "Giao đất"
    with pytest.raises(NotFound):
        actions.draft_from_template(
            actor=people.it, agency_id=people.agency, template="khong", about=About(), now=NOW
        )


def test_a_key_of_another_issuer_is_never_taken(people: People) -> None:
    actions.publish_process(
        actor=Actor.system("t"),
        definition=replace(simple(), key="dau-tu.chap-thuan-chu-truong-dau-tu", issuer="Sở khác"),
        now=NOW,
    )
    about = replace(ABOUT, key="dau-tu.chap-thuan-chu-truong-dau-tu")
    assert begin(people, about).key == "dau-tu.chap-thuan-chu-truong-dau-tu.stc"


def test_two_writers_lose_nothing(people: People) -> None:
    draft = begin(people)
    mine, theirs = move_step(of(draft), "b2", 3), replace(of(draft), title="Tên khác")
    actions.save_draft(actor=people.controller, draft_id=draft.pk, revision=1, definition=theirs, now=NOW)
    with pytest.raises(DraftMoved) as refused:
        actions.save_draft(actor=people.it, draft_id=draft.pk, revision=1, definition=mine, now=NOW)
    assert refused.value.revision == 2
    assert "Kiem" in str(refused.value.message)
    assert of(draft).title == "Tên khác"
    assert queries.draft_revision(people.it, draft.pk, 1).title == ABOUT.title


@pytest.mark.django_db(transaction=True)
def test_two_saves_at_the_same_instant_write_one(people: People) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no row locks")
    draft = begin(people)
    barrier, answers = Barrier(2), []

    def write(title: str) -> None:
        try:
            barrier.wait(5)
            actions.save_draft(
                actor=people.it,
                draft_id=draft.pk,
                revision=1,
                definition=replace(of(draft), title=title),
                now=NOW,
            )
            answers.append("saved")
        except DraftMoved:
            answers.append("moved")
        finally:
            connection.close()

    threads = [Thread(target=write, args=(name,)) for name in ("Một", "Hai")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(answers) == ["moved", "saved"]
    assert DraftRevision.objects.filter(draft=draft).count() == 2


def test_the_same_content_again_is_no_new_revision(people: People) -> None:
    draft = begin(people)
    assert save(people, draft, of(draft)).revision == 1


def test_undo_goes_back_step_by_step_and_says_when_there_is_no_more(people: People) -> None:
    draft = begin(people)
    begun = of(draft)
    for title in ("Một", "Hai", "Ba"):
        save(people, draft, replace(of(draft), title=title))
    titles = []
    for _time in range(3):
        draft.refresh_from_db()
        actions.undo_draft(actor=people.it, draft_id=draft.pk, revision=draft.revision, now=NOW)
        titles.append(of(draft).title)
    assert titles == ["Hai", "Một", begun.title]
    with pytest.raises(Conflict) as refused:
        actions.undo_draft(actor=people.it, draft_id=draft.pk, revision=draft.revision, now=NOW)
    assert refused.value.code == "nothing_to_undo"
    save(people, draft, replace(of(draft), title="Bốn"))
    draft.refresh_from_db()
    actions.undo_draft(actor=people.it, draft_id=draft.pk, revision=draft.revision, now=NOW)
    assert of(draft) == begun


def test_steps_above_the_limit_refuse_with_both_numbers(people: People) -> None:
    draft = begin(people)
    long = replace(of(draft).steps[0], time=Span(Fraction(3), TimeUnit.CALENDAR_DAY))
    save(people, draft, replace(of(draft), steps=(long, *of(draft).steps[1:])))
    with pytest.raises(NotPublishable) as refused:
        submit(people, draft, "sum_below_limit")
    said = str(refused.value.message)
    assert "19,5 ngày" in said
    assert "17 ngày" in said
    assert "2,5" in said


def test_steps_below_the_limit_are_taken_on_by_whoever_submits(people: People) -> None:
    draft = begin(people, replace(ABOUT, limit=Span(Fraction(20), TimeUnit.CALENDAR_DAY)))
    with pytest.raises(NotAcknowledged) as refused:
        submit(people, draft)
    assert "17 ngày" in str(refused.value.message)
    assert refused.value.field == "acknowledge"
    assert submit(people, draft, "sum_below_limit").accepted == ["sum_below_limit"]
    assert publish(people, draft).number == 1


def test_a_dead_end_cannot_be_submitted(people: People) -> None:
    draft = begin(people)
    stuck = replace(of(draft).steps[3], outcomes=())
    save(people, draft, replace(of(draft), steps=(*of(draft).steps[:3], stuck, *of(draft).steps[4:])))
    with pytest.raises(NotPublishable):
        submit(people, draft)


@pytest.mark.parametrize("who", ["it", "controller"])
def test_whoever_wrote_in_it_does_not_approve_it(people: People, who: str) -> None:
    draft = begin(people)
    save(people, draft, replace(of(draft), title="Khác"), people.controller)
    submit(people, draft)
    with pytest.raises(NotAllowed):
        publish(people, draft, getattr(people, who))
    publish(people, draft, people.leader)


def test_the_product_itself_is_no_second_person(people: People) -> None:
    draft = begin(people)
    submit(people, draft)
    with pytest.raises(NotAllowed) as refused:
        publish(people, draft, Actor.system("job"))
    assert refused.value.code == "same_person"


def test_a_submitted_draft_is_changed_by_nobody_until_it_comes_back(people: People) -> None:
    draft = begin(people)
    submit(people, draft)
    with pytest.raises(Conflict) as refused:
        save(people, draft, replace(of(draft), title="Lén"))
    assert refused.value.code == "draft_submitted"
    with pytest.raises(Invalid):
        actions.return_draft(actor=people.leader, draft_id=draft.pk, now=NOW, note=" ")
    back = actions.return_draft(actor=people.leader, draft_id=draft.pk, now=NOW, note="Thiếu bước văn thư")
    assert (back.status, back.note) == (DraftStatus.DRAFTING, "Thiếu bước văn thư")
    save(people, draft, replace(of(draft), title="Đã sửa"))
    submit(people, draft)
    assert actions.return_draft(actor=people.it, draft_id=draft.pk, now=NOW, note="").status == "drafting"


def test_an_unsubmitted_or_moved_draft_is_not_published(people: People) -> None:
    draft = begin(people)
    with pytest.raises(Conflict):
        publish(people, draft)
    submit(people, draft)
    with pytest.raises(DraftMoved):
        actions.publish_draft(actor=people.leader, draft_id=draft.pk, revision=99, now=NOW)


def test_a_discarded_draft_stays_readable_and_closed(people: People) -> None:
    draft = begin(people)
    actions.discard_draft(actor=people.it, draft_id=draft.pk, now=NOW)
    with pytest.raises(Conflict):
        save(people, draft, replace(of(draft), title="Sống lại"))
    assert queries.drafts(people.it).rows == []
    assert queries.drafts(people.it, status="discarded").rows == [draft]


def act_on(draft: ProcessDraft, name: str, actor: Actor) -> Any:
    arguments: dict[str, dict[str, Any]] = {
        "save_draft": {"revision": 1, "definition": of(draft)},
        "undo_draft": {"revision": 1},
        "submit_draft": {"revision": 1},
        "publish_draft": {"revision": 1},
        "return_draft": {"note": "x"},
        "discard_draft": {},
    }
    return getattr(actions, name)(actor=actor, draft_id=draft.pk, now=NOW, **arguments[name])


ACTS = ["save_draft", "undo_draft", "submit_draft", "publish_draft", "return_draft", "discard_draft"]


@pytest.mark.parametrize("name", ACTS)
def test_a_foreign_draft_is_not_there(people: People, name: str) -> None:
    draft = begin(people)
    for actor in (people.stranger, people.specialist):
        with pytest.raises(NotFound):
            act_on(draft, name, actor)


@pytest.mark.parametrize("name", ["save_draft", "undo_draft", "submit_draft", "discard_draft"])
def test_who_only_approves_does_not_write(people: People, name: str) -> None:
    with pytest.raises(NotAllowed):
        act_on(begin(people), name, people.leader)


def test_nobody_begins_a_draft_for_a_foreign_agency(people: People) -> None:
    for actor in (people.stranger, people.specialist, people.leader):
        with pytest.raises(NotAllowed):
            actions.draft_from_table(
                actor=actor, agency_id=people.agency, table=table(BAC_NINH), about=ABOUT, now=NOW
            )


def test_a_refusal_names_no_other_exception_than_ours(people: People) -> None:
    with pytest.raises(Refused):
        actions.draft_from_version(actor=people.it, agency_id=people.agency, version_id=1, now=NOW)


def test_the_list_costs_one_statement_and_shows_ones_own_agency(people: People) -> None:
    for n in range(35):
        begin(people, replace(ABOUT, title=f"Quy trình số {n}", key=f"q{n}"))
    queries.drafts(people.it)
    with CaptureQueriesContext(connection) as seen:
        page = queries.drafts(people.it, text="quy trinh so")
        assert [row.updated_by.full_name for row in page.rows if row.updated_by][:1] == ["Tin"]
    assert len(seen) == 1
    assert (len(page.rows), page.has_more) == (30, True)
    assert len(queries.drafts(people.it, page=2).rows) == 5
    assert queries.drafts(people.stranger).rows == []


def test_one_draft_costs_few_statements_and_tells_who_is_missing(people: People) -> None:
    draft = begin(people)
    queries.draft(people.it, draft.pk, today=TODAY)
    with CaptureQueriesContext(connection) as seen:
        found = queries.draft(people.it, draft.pk, today=TODAY)
    assert len(seen) <= 3
    assert "role_without_holder" in {f.code for f in found.findings if f.severity == "warning"}
    with pytest.raises(NotFound):
        queries.draft(people.stranger, draft.pk, today=TODAY)


def test_old_revisions_are_dropped_after_two_hundred(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("motcua.workflow.actions.drafts.KEPT_REVISIONS", 3)
    draft = begin(people)
    for n in range(6):
        save(people, draft, replace(of(draft), title=f"Lần {n}"))
    assert list(
        DraftRevision.objects.filter(draft=draft).order_by("number").values_list("number", flat=True)
    ) == [5, 6, 7]


def test_days_are_exact_through_the_database(people: People) -> None:
    draft = begin(people)
    third = replace(of(draft).steps[0], time=days("1/3"))
    save(people, draft, replace(of(draft), steps=(third, *of(draft).steps[1:])))
    assert of(draft).steps[0].time == days("1/3")

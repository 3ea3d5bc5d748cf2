"""Drafts: begun from a table, a diagram, a version or a template; saved and undone; two writers lose nothing."""

from __future__ import annotations

from dataclasses import replace
from threading import Barrier, Thread

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from motcua.kernel.actor import Actor
from motcua.kernel.errors import Conflict, NotFound
from motcua.workflow import actions, queries
from motcua.workflow.errors import (
    DiagramRefused,
    DraftMoved,
    TableNotUnderstood,
)
from motcua.workflow.models import DraftRevision, ProcessDraft
from motcua.workflow.rules.bpmn import export
from motcua.workflow.rules.editing import move_step
from motcua.workflow.rules.pasted import About
from motcua.workflow.tests.desks import ABOUT, NOW, TODAY, People, begin, of, publish, save, submit
from motcua.workflow.tests.tables import days, simple
from motcua.workflow.tests.test_pasted_tables import BAC_NINH, table

pytestmark = pytest.mark.django_db


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

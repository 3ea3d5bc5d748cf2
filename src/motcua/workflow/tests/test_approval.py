"""Drafts are published by a second person, and only when their steps add up."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from motcua.kernel.actor import Actor
from motcua.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from motcua.workflow import actions, queries
from motcua.workflow.errors import (
    DraftMoved,
    NotAcknowledged,
    NotPublishable,
)
from motcua.workflow.models import ProcessDraft
from motcua.workflow.rules.definition import Span, TimeUnit
from motcua.workflow.tests.desks import ABOUT, NOW, People, begin, of, publish, save, submit
from motcua.workflow.tests.test_pasted_tables import BAC_NINH, table
from motcua.workflow.types import DraftStatus

pytestmark = pytest.mark.django_db


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

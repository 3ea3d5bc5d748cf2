"""Drafting and approving a change-set: what is broken stops it, nobody overwrites another or approves alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from motcua.catalogue import actions, queries
from motcua.catalogue.errors import EditedMeanwhile, NotReady, WrongState
from motcua.catalogue.models import (
    ChangeSet,
)
from motcua.catalogue.rules.decisions import DecisionHead, DecisionLine, DecisionRead
from motcua.catalogue.tests import decisions as d
from motcua.catalogue.tests.conftest import SYSTEM
from motcua.catalogue.types_changes import ChangeAction, ChangeKind, Policy
from motcua.catalogue.types_drafts import DraftLine, Remark
from motcua.kernel.actor import Actor
from motcua.kernel.errors import NotAllowed
from motcua.kernel.messages import msg
from motcua.organisation.types import Role
from motcua.workflow import actions as workflow
from motcua.workflow.tests.tables import simple

pytestmark = pytest.mark.django_db


def test_the_same_file_again_makes_nothing_new(people: tuple[Actor, Actor]) -> None:
    first = actions.draft_change_set(actor=people[0], head=d.head(), lines=[d.new("9.100001")], now=d.NOW)
    again = actions.draft_change_set(actor=people[0], head=d.head(), lines=[d.new("9.100001")], now=d.NOW)
    assert again == first
    assert ChangeSet.objects.count() == 1
    with pytest.raises(WrongState, match="1513"):
        actions.draft_change_set(
            actor=people[0], head=d.head(source_digest="another"), lines=[d.new("9.100002")], now=d.NOW
        )


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (
            DraftLine(ChangeAction.AMENDED, code="8.888888", content=d.new_content("8.888888")),
            "unknown_procedure",
        ),
        (DraftLine(ChangeAction.ABOLISHED, name="Không mã"), "unknown_procedure"),
        (DraftLine(ChangeAction.NEW, code="9.000001", content=d.new_content("9.000001")), "already_there"),
        (DraftLine(ChangeAction.AMENDED, code="9.000001"), "no_content"),
        (DraftLine(ChangeAction.REPLACED, code="9.100001", content=d.new_content("9.100001")), "no_old_code"),
        (d.replaced("9.100001", "8.888888"), "unknown_old_code"),
        (DraftLine(ChangeAction.CONFIGURED, code="9.000001"), "nothing_to_do"),
    ],
)
def test_a_line_that_cannot_be_carried_out_stops_the_approval(
    people: tuple[Actor, Actor], line: DraftLine, kind: str
) -> None:
    drafted = actions.draft_change_set(actor=people[0], head=d.head(), lines=[line], now=d.NOW)
    (stored,) = queries.changes.lines(drafted.id)
    assert kind in {problem.kind for problem in stored.problems}
    with pytest.raises(NotReady):
        actions.approve_change_set(actor=people[1], change_set_id=drafted.id, now=d.NOW)


def test_one_procedure_may_not_be_changed_by_two_lines(people: tuple[Actor, Actor]) -> None:
    lines = [d.amended("9.000001"), d.abolished("9.000001")]
    drafted = actions.draft_change_set(actor=people[0], head=d.head(), lines=lines, now=d.NOW)
    assert [line.problems[0].kind for line in queries.changes.lines(drafted.id)] == ["duplicate", "duplicate"]


def test_a_problem_of_the_file_is_mended_by_editing_its_line(people: tuple[Actor, Actor]) -> None:
    broken = replace(d.amended("9.000001"), problems=(Remark("cell", msg("Ô F7 không phải số ngày.")),))
    drafted = actions.draft_change_set(actor=people[0], head=d.head(), lines=[broken], now=d.NOW)
    with pytest.raises(NotReady, match="F7"):
        actions.approve_change_set(actor=people[1], change_set_id=drafted.id, now=d.NOW)
    (line,) = queries.changes.lines(drafted.id)
    mended = actions.edit_line(
        actor=people[0],
        change_set_id=drafted.id,
        line_id=line.id,
        revision=1,
        line=d.amended("9.000001"),
        now=d.NOW,
    )
    assert mended.problems == ()
    actions.approve_change_set(actor=people[1], change_set_id=drafted.id, now=d.NOW)


def test_an_edit_never_overwrites_another_persons(people: tuple[Actor, Actor]) -> None:
    drafted = actions.draft_change_set(actor=people[0], head=d.head(), lines=[d.new("9.100001")], now=d.NOW)
    actions.edit_head(
        actor=people[1], change_set_id=drafted.id, revision=1, head=d.head(title="Của người kia"), now=d.NOW
    )
    with pytest.raises(EditedMeanwhile):
        actions.edit_head(
            actor=people[0], change_set_id=drafted.id, revision=1, head=d.head(title="Của tôi"), now=d.NOW
        )
    assert queries.changes.change_set(drafted.id).title == "Của người kia"


def test_nobody_approves_what_they_drafted(people: tuple[Actor, Actor]) -> None:
    drafted = actions.draft_change_set(actor=people[1], head=d.head(), lines=[d.new("9.100001")], now=d.NOW)
    with pytest.raises(NotAllowed, match="không tự duyệt"):
        actions.approve_change_set(actor=people[1], change_set_id=drafted.id, now=d.NOW)


@pytest.mark.parametrize("edit", ["head", "line", "added", "removed", "policy", "matched"])
def test_nobody_approves_what_they_edited(people: tuple[Actor, Actor], edit: str) -> None:
    lines = [d.new("9.100001"), d.amended("9.000001")]
    drafted = actions.draft_change_set(actor=people[0], head=d.head(), lines=lines, now=d.NOW)
    first, second = queries.changes.lines(drafted.id)
    at: dict[str, Any] = {"actor": people[1], "change_set_id": drafted.id, "revision": 1, "now": d.NOW}
    if edit == "head":
        actions.edit_head(head=d.head(effective_at=d.EFFECTIVE + timedelta(days=1)), **at)
    elif edit == "line":
        actions.edit_line(line_id=first.id, line=d.new("9.100002"), **at)
    elif edit == "added":
        actions.add_lines(lines=[d.new("9.100002")], **at)
    elif edit == "removed":
        actions.remove_line(line_id=first.id, **at)
    elif edit == "policy":
        actions.choose_policy(policy=Policy.STOP, **at)
    else:
        assert second.procedure_id is not None
        actions.match_line(line_id=second.id, procedure_id=second.procedure_id, **at)
    with pytest.raises(NotAllowed, match="Bạn đã sửa"):
        actions.approve_change_set(actor=people[1], change_set_id=drafted.id, now=d.NOW)
    other = d.person("người thứ ba", Role.PROCEDURE_CONTROLLER, "TTPVHCC")
    actions.approve_change_set(actor=other, change_set_id=drafted.id, now=d.NOW)


def test_who_had_the_lines_compared_anew_may_still_approve(people: tuple[Actor, Actor]) -> None:
    drafted = actions.draft_change_set(actor=people[0], head=d.head(), lines=[d.new("9.100001")], now=d.NOW)
    actions.refresh_lines(actor=people[1], change_set_id=drafted.id, revision=1, now=d.NOW)
    actions.approve_change_set(actor=people[1], change_set_id=drafted.id, now=d.NOW)


def test_a_decision_without_an_effective_instant_is_not_approved(people: tuple[Actor, Actor]) -> None:
    drafted = actions.draft_change_set(
        actor=people[0], head=d.head(effective_at=None), lines=[d.new("9.100001")], now=d.NOW
    )
    with pytest.raises(NotReady, match="ngày có hiệu lực"):
        actions.approve_change_set(actor=people[1], change_set_id=drafted.id, now=d.NOW)


def test_a_department_changes_only_procedures_of_its_fields(people: tuple[Actor, Actor]) -> None:
    own, foreign = d.person("stp", Role.IT_ADMIN, "STP"), d.person("stc", Role.IT_ADMIN, "STC")
    with pytest.raises(NotAllowed, match="Hộ tịch"):
        actions.draft_change_set(actor=foreign, head=d.head(), lines=[d.abolished("9.000001")], now=d.NOW)
    drafted = actions.draft_change_set(actor=own, head=d.head(), lines=[d.abolished("9.000001")], now=d.NOW)
    with pytest.raises(NotAllowed):
        actions.discard_change_set(actor=foreign, change_set_id=drafted.id, now=d.NOW)
    chief = d.person("giám đốc", Role.LEADER, "STP")
    actions.approve_change_set(actor=chief, change_set_id=drafted.id, now=d.NOW)
    with pytest.raises(NotAllowed):
        actions.publish_change_set(actor=chief, change_set_id=drafted.id, now=d.NOW)


def test_specialists_neither_draft_nor_approve(people: tuple[Actor, Actor]) -> None:
    specialist = d.person("chuyên viên", Role.SPECIALIST, "STP")
    with pytest.raises(NotAllowed):
        actions.draft_change_set(actor=specialist, head=d.head(), lines=[], now=d.NOW)


def test_a_discarded_draft_frees_its_number(people: tuple[Actor, Actor]) -> None:
    drafted = actions.draft_change_set(actor=people[0], head=d.head(), lines=[d.new("9.100001")], now=d.NOW)
    actions.discard_change_set(actor=people[0], change_set_id=drafted.id, now=d.NOW)
    again = actions.draft_change_set(actor=people[0], head=d.head(), lines=[d.new("9.100001")], now=d.NOW)
    assert again.id != drafted.id
    with pytest.raises(WrongState):
        actions.discard_change_set(actor=people[0], change_set_id=drafted.id, now=d.NOW)


def test_a_line_about_a_process_takes_the_published_process_of_its_procedure(
    people: tuple[Actor, Actor],
) -> None:
    """A decision that approves internal processes names procedures only; their steps were published before."""
    level = d.content_of("9.000001").levels[0].value
    process = replace(simple(), key="qt.9000001", procedure_codes=("9.000001",), level=level)
    version = workflow.publish_process(actor=SYSTEM, definition=process, now=d.NOW, accept_findings=True)
    read = DecisionRead(
        DecisionHead(number="77/QĐ-UBND", kind=ChangeKind.INTERNAL_PROCESS, effective_at=d.EFFECTIVE),
        (
            DecisionLine(1, "A1", "9.000001", "Thủ tục thử số 1", ChangeAction.PROCESS),
            DecisionLine(2, "A2", "9.000002", "Thủ tục thử số 2", ChangeAction.PROCESS),
        ),
        (),
        (),
    )
    (done,) = actions.draft_decisions(actor=people[0], reads=[read], source="tệp", now=d.NOW)
    first, second = queries.changes.lines(done.info.id)
    assert [choice.process_version_id for choice in first.settings.processes] == [version.pk]
    assert first.problems == ()
    assert [problem.kind for problem in second.problems] == ["nothing_to_do"]
    assert "ban hành quy trình rồi so lại" in second.problems[0].message.source()

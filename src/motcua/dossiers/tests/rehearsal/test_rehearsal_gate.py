"""What a rehearsal must be for its change-set to be published: of this very content, of today's ground, and recent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from motcua.catalogue import actions as catalogue
from motcua.catalogue.errors import NotReady
from motcua.catalogue.models import (
    ChangeLine,
    ChangeSet,
    CompetenceRule,
    ProcedureVersion,
    ProcessBinding,
    Rehearsal,
)
from motcua.catalogue.queries import changes
from motcua.documents import queries as documents
from motcua.dossiers.actions import rehearse as module
from motcua.dossiers.rules.rehearsal import FailureKind
from motcua.dossiers.tests import factories as f
from motcua.dossiers.tests.rehearsal.rehearsing import (
    EFFECTIVE,
    NOW,
    changed,
    draft,
    kinds,
    publish,
    run,
    sentences,
)
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Conflict
from motcua.organisation.models import CalendarDay, Post
from motcua.organisation.types import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def approver(place: f.Province) -> Actor:
    return f.make_officer(Role.PROCEDURE_CONTROLLER, place.committee)


def test_the_gate_opens_for_a_green_rehearsal_of_this_very_content(
    version: ProcedureVersion, controller: Actor, approver: Actor
) -> None:
    made = draft(controller, version, changed(version, limit=f.limit_of(4)), said=("limit",))
    catalogue.approve_change_set(actor=approver, change_set_id=made, now=NOW)
    with pytest.raises(NotReady, match="chưa được diễn tập"):
        publish(approver, made)
    assert run(made).digest == changes.digest_of(made)
    publish(approver, made)
    assert ProcedureVersion.objects.filter(procedure=version.procedure).count() == 2


def test_the_gate_stays_shut_for_a_red_one(
    place: f.Province, version: ProcedureVersion, controller: Actor, approver: Actor
) -> None:
    made = draft(controller, version, changed(version, limit=f.limit_of(4)), said=())
    catalogue.approve_change_set(actor=approver, change_set_id=made, now=NOW)
    assert not run(made).green
    with pytest.raises(NotReady, match="không đạt"):
        publish(approver, made)


def test_the_gate_stays_shut_for_a_stale_one(
    version: ProcedureVersion, controller: Actor, approver: Actor
) -> None:
    made = draft(controller, version, changed(version, limit=f.limit_of(4)), said=("limit",))
    catalogue.approve_change_set(actor=approver, change_set_id=made, now=NOW)
    assert run(made).green
    content = changed(version, limit=f.limit_of(3)).to_dict()
    ChangeLine.objects.filter(change_set_id=made).update(content=content)
    with pytest.raises(NotReady, match="đã thay đổi sau lần diễn tập cuối"):
        publish(approver, made)


def green(version: ProcedureVersion, controller: Actor, approver: Actor) -> int:
    """An approved change-set with a green rehearsal."""
    made = draft(controller, version, changed(version, limit=f.limit_of(4)), said=("limit",))
    catalogue.approve_change_set(actor=approver, change_set_id=made, now=NOW)
    assert run(made).green
    return made


def test_a_line_that_could_not_be_tried_is_red(version: ProcedureVersion, controller: Actor) -> None:
    """It ends before the first working day: nothing was tried, which is not green."""
    made = draft(controller, version, changed(version, limit=f.limit_of(4)), said=("limit",))
    ChangeSet.objects.filter(pk=made).update(effective_to=EFFECTIVE + timedelta(hours=2))
    ProcedureVersion.objects.filter(pk=version.pk).update(valid_to=EFFECTIVE + timedelta(hours=2))
    report = run(made)
    assert kinds(report) == {FailureKind.UNTRIED}
    assert "chưa diễn tập được" in sentences(report)


def test_a_line_that_the_province_never_receives_passes_with_its_reason(
    version: ProcedureVersion, controller: Actor, approver: Actor
) -> None:
    CompetenceRule.objects.create(
        procedure=version.procedure, reception="not_here", source="Cục Thuế nhận", valid_from=f.BEGINNING
    )
    made = draft(controller, version, changed(version, limit=f.limit_of(4)), said=("limit",))
    report = run(made)
    assert report.green and report.trials == 0
    assert [(list(codes), "Cục Thuế nhận" in why) for why, codes in report.passed.items()] == [
        ([version.code], True)
    ]


def test_a_desk_emptied_since_shuts_the_gate_and_is_named(
    place: f.Province, version: ProcedureVersion, controller: Actor, approver: Actor
) -> None:
    made = green(version, controller, approver)
    Post.objects.filter(unit_id=place.other.office.id, role="clerk").delete()
    with pytest.raises(NotReady, match="phường Vũ Ninh không còn ai giữ vai trò Văn thư"):
        publish(approver, made)


def test_another_person_at_the_same_desk_makes_nothing_stale(
    place: f.Province, version: ProcedureVersion, controller: Actor, approver: Actor
) -> None:
    made = green(version, controller, approver)
    Post.objects.filter(unit_id=place.other.office.id, role="clerk").delete()
    f.make_officer("clerk", place.other.office)
    f.make_officer("specialist", place.other.economy)
    publish(approver, made)


def test_a_calendar_changed_since_makes_it_stale(
    place: f.Province, version: ProcedureVersion, controller: Actor, approver: Actor
) -> None:
    made = green(version, controller, approver)
    CalendarDay.objects.create(
        unit_id=place.other.agency.id, day=date(2026, 12, 2), kind="off", reason="local", name="Lễ hội"
    )
    with pytest.raises(NotReady, match="lịch làm việc"):
        publish(approver, made)


def test_letters_set_otherwise_since_make_it_stale(
    version: ProcedureVersion, controller: Actor, approver: Actor, monkeypatch: Any
) -> None:
    made = green(version, controller, approver)
    found = {kind: documents.letter_kind(kind) for kind in documents.letter_kinds()}
    renamed = {**found, "reception_slip": replace(found["reception_slip"], form="99")}
    monkeypatch.setattr(documents, "letter_kind", renamed.__getitem__)
    with pytest.raises(NotReady, match="loại văn bản"):
        publish(approver, made)


def test_a_process_bound_since_makes_it_stale(
    version: ProcedureVersion, controller: Actor, approver: Actor
) -> None:
    made = green(version, controller, approver)
    bound = ProcessBinding.objects.filter(procedure=version.procedure).first()
    assert bound is not None
    bound.case_key = "khac"
    bound.save(update_fields=["case_key"])
    with pytest.raises(NotReady, match="quy trình, thẩm quyền hoặc cấu hình"):
        publish(approver, made)


def test_an_old_rehearsal_opens_nothing(
    version: ProcedureVersion, controller: Actor, approver: Actor, settings: Any
) -> None:
    made = green(version, controller, approver)
    with pytest.raises(NotReady, match="đã quá 7 ngày"):
        publish(approver, made, NOW + timedelta(days=7, minutes=1))
    settings.REHEARSAL_MAX_DAYS = 8
    publish(approver, made, NOW + timedelta(days=7, minutes=1))


def test_a_change_between_preparing_and_staging_is_no_rehearsal(
    version: ProcedureVersion, controller: Actor, monkeypatch: Any
) -> None:
    """The digest is the one under the lock; another one has been changed meanwhile."""
    made = draft(controller, version, changed(version, limit=f.limit_of(4)), said=("limit",))
    prepared = module._before

    def edited(*args: Any) -> Any:
        found = prepared(*args)
        content = changed(version, limit=f.limit_of(3)).to_dict()
        ChangeLine.objects.filter(change_set_id=made).update(content=content)
        return found

    monkeypatch.setattr(module, "_before", edited)
    with pytest.raises(Conflict, match="vừa được sửa"):
        run(made)
    assert not Rehearsal.objects.exists()

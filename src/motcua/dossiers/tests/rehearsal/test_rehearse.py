"""Rehearsing: what is caught before people depend on it, and that nothing is left behind."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from motcua.catalogue import actions as catalogue
from motcua.catalogue.models import (
    ChangeLine,
    GoldenDossier,
    ProcedureSetting,
    ProcedureVersion,
    Rehearsal,
    RehearsalFailure,
)
from motcua.catalogue.queries import changes, rehearsals
from motcua.catalogue.types import FeeLine, Paper
from motcua.catalogue.types_changes import ChangeAction, ChangeKind, LineSettings, SettingChoice, SettingKey
from motcua.catalogue.types_drafts import ChangeHead, DraftLine
from motcua.dossiers.actions.rehearse import rehearse
from motcua.dossiers.rules.rehearsal import FailureKind
from motcua.dossiers.tests import factories as f
from motcua.dossiers.tests.rehearsal.rehearsing import NOW, changed, draft, kinds, run, sentences
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Invalid, NotAllowed, NotFound

pytestmark = pytest.mark.django_db


def every_table(*, but: tuple[str, ...] = ()) -> str:
    """A hash of every row of every table."""
    found = hashlib.sha256()
    for model in sorted(apps.get_models(include_auto_created=True), key=lambda m: m._meta.db_table):
        table = model._meta.db_table
        if table in but or not model._meta.managed:
            continue
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)} ORDER BY 1")
            found.update(repr((table, cursor.fetchall())).encode())
    return found.hexdigest()


OWN = ("catalogue_goldendossier", "catalogue_rehearsal", "catalogue_rehearsalfailure", "kernel_auditentry")


def test_a_sound_change_is_green_in_every_unit(version: ProcedureVersion, controller: Actor) -> None:
    report = run(draft(controller, version, changed(version, limit=f.limit_of(4)), said=("limit",)))
    assert report.green, sentences(report)
    assert report.procedures == 1
    assert report.units == 2, "both wards; the provincial centre sends it to a ward"
    assert report.real >= 4
    stored = rehearsals.latest(Rehearsal.objects.get().change_set_id or 0)
    assert stored is not None and stored.green and stored.trials == report.trials


def test_nothing_is_left_behind_but_the_rehearsal(version: ProcedureVersion, controller: Actor) -> None:
    made = draft(controller, version, changed(version, limit=f.limit_of(4)), said=("limit",))
    before = every_table(but=OWN)
    catalogue_before = changes.catalogue_hash()
    run(made)
    assert every_table(but=OWN) == before
    assert changes.catalogue_hash() == catalogue_before


def test_the_very_walks_change_no_table_at_all(version: ProcedureVersion, monkeypatch: Any) -> None:
    monkeypatch.setattr("motcua.dossiers.actions.rehearse.store_rehearsal", lambda **_: 1)
    before = every_table()
    assert run().real > 0
    assert every_table() == before


def test_a_desk_without_anybody_is_red_and_named(
    place: f.Province, version: ProcedureVersion, controller: Actor
) -> None:
    from motcua.organisation.models import Post

    Post.objects.filter(unit_id=place.other.office.id, role="clerk").delete()
    report = run(draft(controller, version, changed(version, limit=f.limit_of(4)), said=("limit",)))
    assert kinds(report) == {FailureKind.NOBODY}
    assert "phường Vũ Ninh: chưa có ai giữ vai trò Văn thư." in sentences(report)
    row = RehearsalFailure.objects.exclude(kind="trials").get()
    assert (row.unit_id, row.params["role"]) == (place.other.office.id, "clerk")


def test_a_delegation_fills_the_desk(place: f.Province, version: ProcedureVersion, controller: Actor) -> None:
    from motcua.organisation.models import Delegation, Post

    leader = Post.objects.get(unit_id=place.other.agency.id, role="leader")
    deputy = f.make_officer("specialist", place.other.economy)
    f.delegate(f.actor_of(leader.user_id), deputy, days=(date(2026, 11, 1), date(2026, 12, 31)))
    leader.user.is_active = False
    leader.user.save()
    report = run(draft(controller, version, changed(version, limit=f.limit_of(4)), said=("limit",)))
    assert report.green, sentences(report)
    assert Delegation.objects.count() == 1


def test_a_limit_that_changes_without_a_word_is_red(version: ProcedureVersion, controller: Actor) -> None:
    report = run(draft(controller, version, changed(version, limit=f.limit_of(4)), said=("papers",)))
    assert kinds(report) == {FailureKind.SILENT}
    assert "thời hạn đổi từ “5 ngày làm việc" in sentences(report)
    assert "mà quyết định không nói" in sentences(report)


def test_a_configuration_cannot_change_the_law(version: ProcedureVersion, controller: Actor) -> None:
    made = draft(controller, version, changed(version, limit=f.limit_of(4)), said=("limit",))
    ChangeLine.objects.get(change_set_id=made)
    from motcua.catalogue.models import ChangeSet

    ChangeSet.objects.filter(pk=made).update(kind=ChangeKind.CONFIGURATION.value)
    assert FailureKind.SILENT in kinds(run(made))


def test_fees_and_papers_that_the_decision_names_are_green(
    version: ProcedureVersion, controller: Actor
) -> None:
    papers = (Paper("to-khai", "Tờ khai theo mẫu mới", 1, 0, "form", "always"),)
    fees = (FeeLine("le-phi", "lệ phí", "Lệ phí hộ tịch", 8_000, "lần"),)
    report = run(
        draft(controller, version, changed(version, papers=papers, fees=fees), said=("papers", "fees.le-phi"))
    )
    assert report.green, sentences(report)
    silent = run(
        draft(controller, version, changed(version, fees=fees), said=("papers",), number="16/QĐ-UBND")
    )
    assert "8.000" in sentences(silent) or "8000" in sentences(silent)


def test_a_form_that_does_not_exist_is_red(version: ProcedureVersion, controller: Actor) -> None:
    settings = LineSettings(settings=(SettingChoice(SettingKey.FORM, {"form": "Mẫu số 999"}),))
    papers = (Paper("to-khai", "Tờ khai", 1, 0, "form", "always", form_code="Mẫu số 1"),)
    after = changed(version, papers=papers)
    report = run(draft(controller, version, after, said=("papers",), settings=settings))
    assert FailureKind.FORM in kinds(report)
    assert "Mẫu số 999" in sentences(report)


def test_where_no_paper_names_its_form_the_number_of_the_decision_is_taken(
    version: ProcedureVersion, controller: Actor
) -> None:
    settings = LineSettings(settings=(SettingChoice(SettingKey.FORM, {"form": "Mẫu số 999"}),))
    after = changed(version, limit=f.limit_of(4))
    report = run(draft(controller, version, after, said=("limit",), settings=settings))
    assert FailureKind.FORM not in kinds(report)


def test_a_letter_in_the_wrong_clothes_is_red(version: ProcedureVersion, controller: Actor) -> None:
    """A kind of letter whose template wants other data than the purpose has."""
    settings = LineSettings(settings=(SettingChoice(SettingKey.LETTERS, {"reception_slip": "stop_notice"}),))
    report = run(
        draft(controller, version, changed(version, limit=f.limit_of(4)), said=("limit",), settings=settings)
    )
    assert FailureKind.LETTER in kinds(report), sentences(report)
    unknown = LineSettings(settings=(SettingChoice(SettingKey.LETTERS, {"reception_slip": "khong-co"}),))
    made = draft(
        controller,
        version,
        changed(version, limit=f.limit_of(4)),
        said=("limit",),
        settings=unknown,
        number="17/QĐ-UBND",
    )
    assert "khong-co" in sentences(run(made))


def test_a_process_that_ends_nowhere_is_red(place: f.Province) -> None:
    process = f.process_definition("thu.cut")
    last = process.steps[3]
    cut = replace(last, outcomes=(replace(last.outcomes[0], to=()),))
    f.make_procedure(process=replace(process, steps=(*process.steps[:3], cut, *process.steps[4:])))
    report = run()
    assert not report.green
    assert kinds(report) & {FailureKind.STUCK, FailureKind.ACT}


def test_what_a_person_confirmed_is_held_against_the_draft(
    version: ProcedureVersion, controller: Actor
) -> None:
    made = draft(controller, version, changed(version, limit=f.limit_of(4)), said=("limit",))
    assert run(made).green
    golden = GoldenDossier.objects.filter(change_line__isnull=False).order_by("pk").first()
    assert golden is not None
    from motcua.catalogue.actions.rehearsals import confirm_golden

    wrong = {**golden.expected, "terms": "3 ngày làm việc"}
    confirm_golden(actor=controller, golden_id=golden.pk, expected=wrong, note="đọc lại quyết định", now=NOW)
    report = run(made)
    assert kinds(report) == {FailureKind.GOLDEN}
    assert "3 ngày làm việc" in sentences(report)
    golden.refresh_from_db()
    assert golden.made_by == controller.name, "what a person said stays"


def test_golden_dossiers_of_the_version_before_are_frozen_once(
    version: ProcedureVersion, controller: Actor
) -> None:
    made = draft(controller, version, changed(version, limit=f.limit_of(4)), said=("limit",))
    run(made)
    first = list(GoldenDossier.objects.filter(version=version).values_list("key", "expected"))
    run(made)
    assert first
    assert list(GoldenDossier.objects.filter(version=version).values_list("key", "expected")) == first
    assert {golden.key for golden in rehearsals.golden_of(version.pk)} == {key for key, _expected in first}


def test_the_catalogue_as_it_stands_is_rehearsed_too(version: ProcedureVersion) -> None:
    report = run()
    assert report.green, sentences(report)
    assert Rehearsal.objects.get().change_set_id is None
    assert report.digest == run().digest
    ProcedureSetting.objects.create(
        procedure=version.procedure,
        key="letters",
        value={"reception_slip": "no_such_letter"},
        valid_from=f.BEGINNING,
    )
    again = run()
    assert again.digest != report.digest
    assert kinds(again) == {FailureKind.LETTER}


def test_it_can_be_narrowed_to_a_procedure_and_a_unit(
    place: f.Province, version: ProcedureVersion, controller: Actor
) -> None:
    made = draft(controller, version, changed(version, limit=f.limit_of(4)), said=("limit",))
    report = run(made, unit="09187")
    assert (report.units, Rehearsal.objects.get(pk=report.id).scope) == (1, "09187")
    assert rehearsals.latest(made) is None, "a part of it opens no gate"
    with pytest.raises(NotFound):
        run(procedure="9.999999")


def test_without_an_effective_day_there_is_nothing_to_rehearse(
    version: ProcedureVersion, controller: Actor
) -> None:
    made = catalogue.draft_change_set(
        actor=controller,
        head=ChangeHead(number="1/QĐ"),
        lines=[DraftLine(action=ChangeAction.NOTED, code=version.code)],
        now=NOW,
    )
    with pytest.raises(Invalid, match="chưa có ngày hiệu lực"):
        run(made.id)


def test_only_those_who_answer_for_it_may_rehearse(place: f.Province, version: ProcedureVersion) -> None:
    counter = f.make_officer("one_stop_officer", place.commune.centre)
    with pytest.raises(NotAllowed):
        rehearse(actor=counter, now=NOW)
    assert rehearse(actor=f.make_officer("leader", place.department), now=NOW).trials


def test_the_desks_of_the_police_are_not_asked_for_what_others_do(
    place: f.Province, version: ProcedureVersion
) -> None:
    """They have nobody at the counter here: green, because they do not receive it."""
    police = f.make_police(place.other)
    report = run()
    assert report.green, sentences(report)
    assert police.code not in sentences(report) and report.units == 2
    f.make_procedure(f.procedure_definition(field="Đăng ký, quản lý cư trú", name="Đăng ký thường trú"))
    report = run()
    assert f"{police.full_name}: chưa có ai giữ vai trò Cán bộ tiếp nhận hồ sơ." in sentences(report)

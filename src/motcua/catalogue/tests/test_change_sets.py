"""A decision becomes one change-set: drafted by one, approved by another, published whole, undone whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from motcua.catalogue import actions, permissions, queries
from motcua.catalogue.errors import InUse, NotReady
from motcua.catalogue.models import (
    ChangeLine,
    CompetenceRule,
    ProcedureCode,
    ProcedureSetting,
    ProcedureVersion,
    VersionPeriod,
)
from motcua.catalogue.tests import decisions as d
from motcua.catalogue.tests.conftest import SYSTEM, compact_row
from motcua.catalogue.types import Level
from motcua.catalogue.types_changes import (
    ChangeAction,
    ChangeKind,
    ChangeState,
    LineSettings,
    Policy,
    RuleChoice,
    SettingChoice,
    SettingKey,
)
from motcua.catalogue.types_drafts import DraftLine
from motcua.kernel.actor import Actor, Grant
from motcua.kernel.audit.models import AuditEntry
from motcua.kernel.errors import Invalid, NotAllowed
from motcua.kernel.outbox.models import Job
from motcua.organisation import queries as organisation
from motcua.organisation.models import Unit
from motcua.organisation.snapshot import touch as touch_units

pytestmark = pytest.mark.django_db


def publish(actor: Actor, change_set_id: int) -> None:
    actions.publish_change_set(actor=actor, change_set_id=change_set_id, now=d.NOW)


def test_a_decision_ends_old_versions_and_begins_new_ones_at_its_instant(people: tuple[Actor, Actor]) -> None:
    ready = d.approved(*people, [d.amended("9.000001"), d.abolished("9.000002"), d.new("9.100001")])
    publish(people[1], ready.id)
    first, second = ProcedureVersion.objects.filter(code="9.000001").order_by("number")
    assert (first.valid_to, second.valid_from, second.valid_to) == (d.EFFECTIVE, d.EFFECTIVE, None)
    assert second.decision == "1513/QĐ-UBND"
    assert ProcedureVersion.objects.get(code="9.000002").valid_to == d.EFFECTIVE
    assert ProcedureVersion.objects.get(code="9.100001").valid_from == d.EFFECTIVE


def test_each_new_version_points_to_its_decision_and_line(people: tuple[Actor, Actor]) -> None:
    ready = d.approved(*people, [d.amended("9.000001"), d.new("9.100001")])
    publish(people[1], ready.id)
    for line in ChangeLine.objects.filter(change_set_id=ready.id):
        assert line.made_version is not None
        assert line.made_version.code == line.code
        period = VersionPeriod.objects.get(version=line.made_version, known_to__isnull=True)
        assert period.change_set_id == ready.id


def test_what_was_believed_before_publishing_is_kept(people: tuple[Actor, Actor]) -> None:
    ready = d.approved(*people, [d.amended("9.000001")], effective_at=d.NOW - timedelta(days=10))
    later = d.NOW + timedelta(hours=1)
    actions.publish_change_set(actor=people[1], change_set_id=ready.id, now=later)
    old = ProcedureVersion.objects.get(code="9.000001", number=1)
    beliefs = list(old.periods.order_by("known_from").values_list("valid_to", "known_from", "known_to"))
    assert beliefs == [(None, d.NOW, later), (ready.effective_at, later, None)]
    new = ProcedureVersion.objects.get(code="9.000001", number=2)
    assert new.periods.get().known_from > new.valid_from
    assert queries.changes.change_set(ready.id).retroactive


def test_undoing_gives_back_the_catalogue_as_it_was(people: tuple[Actor, Actor]) -> None:
    before, at_effect = queries.changes.catalogue_hash(), queries.changes.catalogue_hash(d.EFFECTIVE)
    lines = [
        d.amended("9.000001"),
        d.abolished("9.000002"),
        d.new("9.100001"),
        d.replaced("9.100002", "9.000003", "9.000004"),
        d.replaced("9.100003", "9.000005"),
        d.replaced("9.100004", "9.000005"),
    ]
    ready = d.approved(*people, lines)
    publish(people[1], ready.id)
    assert queries.changes.catalogue_hash() != before
    assert queries.changes.catalogue_hash(d.EFFECTIVE) != at_effect
    undone = actions.undo_change_set(actor=people[1], change_set_id=ready.id, reason="Nhầm", now=d.NOW)
    assert undone.state is ChangeState.UNDONE
    assert queries.changes.catalogue_hash() == before
    assert queries.changes.catalogue_hash(d.EFFECTIVE) == at_effect


def test_an_undone_decision_can_be_drafted_and_published_again(people: tuple[Actor, Actor]) -> None:
    lines = [d.new("9.100001"), d.amended("9.000001")]
    first = d.approved(*people, lines)
    publish(people[1], first.id)
    published = queries.changes.catalogue_hash(d.EFFECTIVE)
    actions.undo_change_set(actor=people[1], change_set_id=first.id, reason="Nhầm", now=d.NOW)
    again = d.approved(*people, lines)
    publish(people[1], again.id)
    assert again.id != first.id
    assert queries.changes.catalogue_hash(d.EFFECTIVE) != published  # versions are numbered on, never reused
    assert ProcedureVersion.objects.filter(code="9.100001", withdrawn_at__isnull=True).get().number == 2


def test_a_replaced_code_leads_to_every_procedure_that_replaces_it(people: tuple[Actor, Actor]) -> None:
    lines = [d.replaced("9.100001", "9.000001"), d.replaced("9.100002", "9.000001")]
    publish(people[1], d.approved(*people, lines).id)
    heirs = ProcedureCode.objects.filter(code="9.000001").values_list("procedure__code", "kind")
    assert sorted(heirs) == [("9.100001", "replaced"), ("9.100002", "replaced")]
    assert ProcedureVersion.objects.get(code="9.000001").valid_to == d.EFFECTIVE


def test_a_replaced_code_still_finds_what_is_in_force(people: tuple[Actor, Actor]) -> None:
    publish(people[1], d.approved(*people, [d.replaced("9.100001", "9.000001")]).id)
    just_before = d.EFFECTIVE - timedelta(seconds=1)
    assert queries.current_version("9.000001", just_before).code == "9.000001"
    assert queries.current_version("9.000001", d.EFFECTIVE).code == "9.100001"
    assert [hit.code for hit in queries.search("9.000001", at=d.EFFECTIVE)] == ["9.100001"]


def test_what_replaces_takes_over_rules_and_settings(people: tuple[Actor, Actor]) -> None:
    rule = LineSettings(
        rules=(RuleChoice(level="tinh", deciding_unit="STP"),),
        settings=(SettingChoice(SettingKey.RETURNING, {"at": "deciding"}),),
    )
    configured = DraftLine(ChangeAction.CONFIGURED, code="9.000001", settings=rule)
    publish(people[1], d.approved(*people, [configured], number="1/CH", kind=ChangeKind.CONFIGURATION).id)
    later = d.EFFECTIVE + timedelta(days=1)
    publish(people[1], d.approved(*people, [d.replaced("9.100001", "9.000001")], effective_at=later).id)
    heir = d.procedure("9.100001").pk
    taken = CompetenceRule.objects.get(procedure_id=heir)
    assert (taken.deciding_unit.code if taken.deciding_unit else "", taken.valid_from) == ("STP", later)
    assert ProcedureSetting.objects.get(procedure_id=heir).value == {"at": "deciding"}


def test_a_configuration_closes_the_one_before_and_undoing_opens_it_again(
    people: tuple[Actor, Actor],
) -> None:
    def line(unit: str) -> DraftLine:
        chosen = LineSettings(settings=(SettingChoice(SettingKey.RETURNING, {"at": unit}),))
        return DraftLine(ChangeAction.CONFIGURED, code="9.000001", settings=chosen)

    publish(people[1], d.approved(*people, [line("STP")], number="1/CH").id)
    before = queries.changes.catalogue_hash()
    until = d.EFFECTIVE + timedelta(days=9)
    second = d.approved(
        *people,
        [line("STC")],
        number="2/CH",
        effective_at=d.EFFECTIVE + timedelta(days=2),
        effective_to=until,
    )
    publish(people[1], second.id)
    rows = ProcedureSetting.objects.order_by("valid_from").values_list("value", "valid_from", "valid_to")
    assert list(rows) == [
        ({"at": "STP"}, d.EFFECTIVE, second.effective_at),
        ({"at": "STC"}, second.effective_at, until),
        ({"at": "STP"}, until, None),
    ]
    actions.undo_change_set(actor=people[1], change_set_id=second.id, reason="Nhầm", now=d.NOW)
    assert queries.changes.catalogue_hash() == before


def test_a_hole_in_the_matrix_refuses_publication_by_name(people: tuple[Actor, Actor]) -> None:
    content = d.content_of("9.000001", levels=(Level.COMMUNE,), field="Lĩnh vực không ai giữ")
    line = DraftLine(ChangeAction.LEVEL_MOVED, code="9.000001", content=content)
    Unit.objects.filter(code__startswith="STP.").update(ends_on=date(2026, 11, 25))
    touch_units()
    before = queries.changes.catalogue_hash()
    ready = d.approved(*people, [line])
    with pytest.raises(NotReady, match=r"Thẩm quyền của 9\.000002"):
        publish(people[1], ready.id)
    assert queries.changes.catalogue_hash() == before
    assert queries.changes.change_set(ready.id).state is ChangeState.APPROVED


def test_rows_that_replace_by_the_same_new_code_become_one_line(people: tuple[Actor, Actor]) -> None:
    lines = [
        replace(d.replaced("9.100001", "9.000001"), cell="A5"),
        replace(d.replaced("9.100001", "9.000002"), cell="A6"),
    ]
    drafted = actions.draft_change_set(actor=people[0], head=d.head(), lines=lines, now=d.NOW)
    (line,) = queries.changes.lines(drafted.id)
    assert (line.old_code, line.cell) == ("9.000001, 9.000002", "A5, A6")


def test_a_change_limited_in_time_gives_way_to_what_was_before(people: tuple[Actor, Actor]) -> None:
    until = d.EFFECTIVE + timedelta(days=90)
    lines = [d.amended("9.000001"), d.abolished("9.000002")]
    before = queries.changes.catalogue_hash()
    ready = d.approved(*people, lines, effective_to=until)
    publish(people[1], ready.id)
    changed = ProcedureVersion.objects.filter(code="9.000001").order_by("number")
    assert [(row.valid_from, row.valid_to) for row in changed][1:] == [(d.EFFECTIVE, until), (until, None)]
    assert changed[0].digest == changed[2].digest
    gap = ProcedureVersion.objects.filter(code="9.000002").order_by("number")
    assert [row.valid_from for row in gap][1:] == [until]
    actions.undo_change_set(actor=people[1], change_set_id=ready.id, reason="Nhầm", now=d.NOW)
    assert queries.changes.catalogue_hash() == before


@pytest.mark.parametrize("failed", [None, 1])
def test_without_a_green_rehearsal_nothing_is_published(
    people: tuple[Actor, Actor], failed: int | None
) -> None:
    drafted = actions.draft_change_set(actor=people[0], head=d.head(), lines=[d.new("9.100001")], now=d.NOW)
    actions.approve_change_set(actor=people[1], change_set_id=drafted.id, now=d.NOW)
    if failed is not None:
        d.rehearsed(drafted.id, failed=failed)
    before = queries.changes.catalogue_hash()
    with pytest.raises(NotReady, match=r"[Dd]iễn tập"):
        publish(people[1], drafted.id)
    assert queries.changes.catalogue_hash() == before


def test_a_rehearsal_of_another_content_does_not_count(people: tuple[Actor, Actor]) -> None:
    drafted = actions.draft_change_set(actor=people[0], head=d.head(), lines=[d.new("9.100001")], now=d.NOW)
    d.rehearsed(drafted.id)
    actions.choose_policy(
        actor=people[0], change_set_id=drafted.id, revision=1, policy=Policy.CONVERT, now=d.NOW
    )
    actions.approve_change_set(actor=people[1], change_set_id=drafted.id, now=d.NOW)
    with pytest.raises(NotReady, match="sau lần diễn tập cuối"):
        publish(people[1], drafted.id)


def test_what_another_decision_changed_meanwhile_is_looked_at_again(people: tuple[Actor, Actor]) -> None:
    slow = d.approved(*people, [d.amended("9.000001")], effective_at=d.EFFECTIVE + timedelta(days=5))
    quick = d.approved(*people, [d.amended("9.000001", name="Tên khác")], number="2/QĐ")
    publish(people[1], quick.id)
    with pytest.raises(NotReady, match="đã thay đổi sau khi soạn"):
        publish(people[1], slow.id)
    back = actions.return_to_draft(actor=people[1], change_set_id=slow.id, reason="xem lại", now=d.NOW)
    fresh = actions.refresh_lines(actor=people[0], change_set_id=slow.id, revision=back.revision, now=d.NOW)
    d.rehearsed(fresh.id)
    actions.approve_change_set(actor=people[1], change_set_id=slow.id, now=d.NOW)
    publish(people[1], slow.id)
    assert ProcedureVersion.objects.filter(code="9.000001").count() == 3


def test_a_change_before_one_already_published_is_refused_by_name(people: tuple[Actor, Actor]) -> None:
    publish(people[1], d.approved(*people, [d.amended("9.000001")], number="2/QĐ").id)
    early = d.EFFECTIVE - timedelta(days=3)
    drafted = actions.draft_change_set(
        actor=people[0], head=d.head(effective_at=early), lines=[d.abolished("9.000001")], now=d.NOW
    )
    with pytest.raises(NotReady, match="2/QĐ"):
        actions.approve_change_set(actor=people[1], change_set_id=drafted.id, now=d.NOW)


def test_a_decision_others_build_on_is_not_undone(people: tuple[Actor, Actor]) -> None:
    first = d.approved(*people, [d.amended("9.000001")])
    publish(people[1], first.id)
    second = d.approved(
        *people,
        [d.amended("9.000001", name="Khác")],
        number="2/QĐ",
        effective_at=d.EFFECTIVE + timedelta(days=1),
    )
    publish(people[1], second.id)
    with pytest.raises(InUse, match="2/QĐ"):
        actions.undo_change_set(actor=people[1], change_set_id=first.id, reason="Nhầm", now=d.NOW)
    actions.undo_change_set(actor=people[1], change_set_id=second.id, reason="Nhầm", now=d.NOW)
    actions.undo_change_set(actor=people[1], change_set_id=first.id, reason="Nhầm", now=d.NOW)


def test_a_procedure_read_anew_from_its_source_keeps_a_decision_from_being_undone(
    people: tuple[Actor, Actor],
) -> None:
    ready = d.approved(*people, [d.amended("9.000001")], effective_at=d.NOW - timedelta(days=1))
    publish(people[1], ready.id)
    row = compact_row(code="9.000001", name="Tên từ nguồn", field=d.FIELD)
    actions.import_procedures(
        actor=SYSTEM, document={"rows": [row]}, now=d.NOW + timedelta(days=1), source="s"
    )
    with pytest.raises(InUse, match=r"9\.000001"):
        actions.undo_change_set(actor=people[1], change_set_id=ready.id, reason="Nhầm", now=d.NOW)


def test_undoing_needs_a_reason(people: tuple[Actor, Actor]) -> None:
    ready = d.approved(*people, [d.amended("9.000001")])
    publish(people[1], ready.id)
    with pytest.raises(Invalid, match="lý do"):
        actions.undo_change_set(actor=people[1], change_set_id=ready.id, reason=" ", now=d.NOW)


def test_looking_as_if_published_leaves_nothing_behind(people: tuple[Actor, Actor]) -> None:
    before = queries.changes.catalogue_hash()
    ready = d.approved(*people, [d.new("9.100001"), d.abolished("9.000001")])
    drafted = queries.changes.digest_of(ready.id)
    with actions.as_if_published(change_set_id=ready.id, day=d.NOW.date(), now=d.NOW) as staged:
        assert staged.digest == drafted
        assert queries.current_version("9.100001", d.EFFECTIVE).code == "9.100001"
    assert queries.changes.catalogue_hash() == before
    with (
        pytest.raises(ZeroDivisionError),
        actions.as_if_published(change_set_id=ready.id, day=d.NOW.date(), now=d.NOW),
    ):
        raise ZeroDivisionError
    assert queries.changes.catalogue_hash() == before
    assert queries.changes.change_set(ready.id).state is ChangeState.APPROVED


def test_every_act_is_in_the_log_and_told_through_the_outbox(people: tuple[Actor, Actor]) -> None:
    ready = d.approved(*people, [d.amended("9.000001")])
    publish(people[1], ready.id)
    actions.undo_change_set(actor=people[1], change_set_id=ready.id, reason="Nhầm", now=d.NOW)
    logged = AuditEntry.objects.filter(subject_type="change_set", subject=str(ready.id)).order_by("pk")
    assert [entry.action.removeprefix("catalogue.") for entry in logged] == [
        "draft_change_set",
        "approve_change_set",
        "publish_change_set",
        "undo_change_set",
    ]
    told = Job.objects.filter(name__startswith="event:catalogue.change_set").values_list("name", flat=True)
    assert sorted(name.rpartition("_")[2] for name in told) == ["approved", "drafted", "published", "undone"]


def test_a_content_that_ends_before_it_begins_is_refused_and_never_open_ended(
    people: tuple[Actor, Actor],
) -> None:
    line = d.amended("9.000001", valid_to=date(2026, 1, 1), conditions=("Điều kiện mới",))
    made = actions.draft_change_set(actor=people[0], head=d.head(), lines=[line], now=d.NOW)
    (stored,) = queries.changes.lines(made.id)
    assert [problem.kind for problem in stored.problems] == ["ends_before_start"]
    assert "01/01/2026" in stored.problems[0].message.source()


@pytest.mark.usefixtures("people")
def test_where_no_field_is_named_only_the_province_publishes() -> None:
    department = organisation.unit_by_code("STP")
    actor = Actor(7, "Sở", grants=(Grant(department.id, department.id, "procedure_controller"),))
    with pytest.raises(NotAllowed):
        permissions.require_publish(actor, [])
    with pytest.raises(NotAllowed):
        permissions.require_import(actor)


def test_a_procedure_with_a_new_code_is_the_same_procedure(people: tuple[Actor, Actor]) -> None:
    """Its versions, processes and settings stay with it, the old code finds it, and undoing gives the old one back."""
    before = queries.changes.catalogue_hash()
    old = d.procedure("9.000001")
    line = replace(
        d.replaced("9.200001", "9.000001"), content=replace(d.content_of("9.000001"), code="9.200001")
    )
    ready = d.approved(*people, [line], kind=ChangeKind.RENUMBER)
    publish(people[1], ready.id)
    found = queries.current_version("9.200001", d.EFFECTIVE)
    assert (found.procedure_id, found.number) == (old.pk, 2)
    assert queries.current_version("9.000001", d.EFFECTIVE).id == found.id
    assert ProcedureCode.objects.get(procedure=old, code="9.000001").kind == "former"
    assert d.procedure("9.200001").pk == old.pk
    actions.undo_change_set(actor=people[1], change_set_id=ready.id, reason="Nhầm", now=d.NOW)
    assert d.procedure("9.000001").pk == old.pk
    assert queries.changes.catalogue_hash() == before


def test_codes_that_become_several_or_one_are_replaced(people: tuple[Actor, Actor]) -> None:
    lines = [d.replaced("9.200001", "9.000001"), d.replaced("9.200002", "9.000001")]
    ready = d.approved(*people, lines, kind=ChangeKind.RENUMBER)
    publish(people[1], ready.id)
    assert d.procedure("9.000001").versions.filter(valid_to__isnull=True).count() == 0
    assert d.procedure("9.200001").pk != d.procedure("9.200002").pk

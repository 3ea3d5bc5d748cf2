"""A department configures its procedures: edits collect in a draft, a second person approves, then they count."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from motcua.catalogue import actions, queries
from motcua.catalogue.models import ChangeLine, ChangeSet, ConfigurationTemplate, ProcedureVersion
from motcua.catalogue.queries import configuring, configuring_pages
from motcua.catalogue.rules.grid.cells import Choices, live_steps
from motcua.catalogue.rules.grid.columns import Column
from motcua.catalogue.tests import decisions as d
from motcua.catalogue.tests.configuring import NOW, Office, edit, key_of, make_office, row_of, wish
from motcua.catalogue.tests.conftest import SYSTEM, compact_row
from motcua.catalogue.types_changes import ChangeAction, SettingKey
from motcua.kernel.audit.models import AuditEntry
from motcua.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from motcua.workflow import queries as workflow
from motcua.workflow.models import ProcessVersion

pytestmark = pytest.mark.django_db
FEE = "Lệ phí cấp giấy | 20.000 | giấy | NQ 07/2026/NQ-HĐND"


@pytest.fixture
def office() -> Office:
    return make_office()


def process_text(office: Office) -> str:
    return str(office.process_id)


def published(office: Office) -> int:
    """Hand the draft in, approve it by the controller, rehearse, publish."""
    draft = configuring.open_draft(office.stp)
    assert draft is not None
    number = actions.submit_configuration(
        actor=office.it, department=office.stp, effective_at=d.EFFECTIVE, revision=draft.revision, now=NOW
    )
    d.rehearsed(number)
    actions.approve_change_set(actor=office.controller, change_set_id=number, now=NOW)
    actions.publish_change_set(actor=office.controller, change_set_id=number, now=NOW)
    return number


AFTER = d.EFFECTIVE + timedelta(days=1)


# --- whose ------------------------------------------------------------------------------------------------


def test_a_department_sees_its_fields_only(office: Office) -> None:
    assert [unit.code for unit in configuring.departments(office.it, NOW)] == ["STP"]
    assert [unit.code for unit in configuring.departments(office.controller, NOW)] == ["STP"]
    assert configuring.departments(office.other, NOW) == []
    with pytest.raises(NotAllowed):
        configuring.department(office.other, "STP", NOW)
    with pytest.raises(NotFound):
        configuring.department(office.it, "STC", NOW)


def test_another_department_changes_nothing(office: Office) -> None:
    with pytest.raises(NotAllowed):
        edit(office, wish(office, 1, Column.FORM, "M01"), actor=office.other)
    with pytest.raises(NotAllowed):
        actions.save_template(actor=office.other, department=office.stp, name="x", key=key_of(1), now=NOW)
    assert not ChangeSet.objects.exists()


# --- the draft --------------------------------------------------------------------------------------------


def test_edits_of_several_people_collect_in_one_draft(office: Office) -> None:
    edit(office, wish(office, 1, Column.FORM, "M01"))
    edit(
        office,
        wish(office, 2, Column.FORM, "M02"),
        wish(office, 1, Column.DECIDING, "STC"),
        actor=office.colleague,
    )
    change_set = ChangeSet.objects.get()
    assert (change_set.title, change_set.effective_at) == ("Gói cấu hình của Sở Tư pháp", None)
    draft = configuring.open_draft(office.stp)
    assert draft is not None and (draft.cell_count, draft.revision) == (3, 3)
    assert change_set.lines.get(procedure_id=key_of(1).procedure_id).raw["editors"] == sorted(
        [office.it.user_id or 0, office.colleague.user_id or 0]
    )


def test_nothing_counts_before_it_is_published(office: Office) -> None:
    edit(office, wish(office, 1, Column.FORM, "M01"))
    assert queries.setting(key_of(1).procedure_id, SettingKey.FORM, at=AFTER) is None
    assert row_of(office, 1).token(Column.FORM) == "M01"
    assert row_of(office, 1).live[Column.FORM] == ""


def test_a_cell_is_taken_back_by_itself(office: Office) -> None:
    edit(office, wish(office, 1, Column.FORM, "M01"), wish(office, 1, Column.DECIDING, "STC"))
    cells = [(key_of(1), Column.FORM)]
    assert actions.undo_cells(actor=office.it, department=office.stp, cells=cells, now=NOW) == 1
    assert set(row_of(office, 1).draft) == {Column.DECIDING}
    assert ChangeLine.objects.get().settings.keys() == {"rules"}


def test_a_line_without_cells_goes_away(office: Office) -> None:
    edit(office, wish(office, 1, Column.FORM, "M01"))
    actions.undo_cells(actor=office.it, department=office.stp, cells=[(key_of(1), None)], now=NOW)
    assert not ChangeLine.objects.exists()


def test_taking_back_a_process_takes_its_steps_along(office: Office) -> None:
    edit(office, wish(office, 1, Column.PROCESS, process_text(office)))
    steps = row_of(office, 1).token(Column.STEPS).replace("| 3 ngày", "| 2 ngày")
    edit(office, wish(office, 1, Column.STEPS, steps))
    cells = [(key_of(1), Column.PROCESS)]
    assert actions.undo_cells(actor=office.it, department=office.stp, cells=cells, now=NOW) == 2


def test_what_somebody_else_changed_is_a_clash_and_stays(office: Office) -> None:
    mine = wish(office, 1, Column.FORM, "M-TÔI")
    edit(office, wish(office, 1, Column.FORM, "M-HỌ"), actor=office.colleague)
    found = edit(office, mine)
    assert [(c.now, c.mine) for c in found.clashes] == [("M-HỌ", "M-TÔI")]
    assert row_of(office, 1).token(Column.FORM) == "M-HỌ"


def test_every_edit_is_in_the_log(office: Office) -> None:
    edit(office, wish(office, 1, Column.FORM, "M01"))
    entry = AuditEntry.objects.get(action="catalogue.edit_configuration")
    assert (entry.actor_name, json.loads(entry.data)["cells"]) == ("it", 1)


def test_steps_over_the_limit_are_refused_with_the_sum(office: Office) -> None:
    edit(office, wish(office, 1, Column.PROCESS, process_text(office)))
    steps = row_of(office, 1).token(Column.STEPS).replace("| 3 ngày", "| 9 ngày")
    found = edit(office, wish(office, 1, Column.STEPS, steps))
    assert "cộng lại 10 ngày làm việc, quá thời hạn 5 ngày làm việc" in found.problems[0].message.source()
    assert Column.STEPS not in row_of(office, 1).draft


# --- handing in -------------------------------------------------------------------------------------------


def test_a_draft_edited_since_it_was_read_is_not_handed_in(office: Office) -> None:
    edit(office, wish(office, 1, Column.FORM, "M01"))
    draft = configuring.open_draft(office.stp)
    assert draft is not None
    edit(office, wish(office, 2, Column.FORM, "M02"), actor=office.colleague)
    with pytest.raises(Conflict, match="vừa có người sửa thêm"):
        actions.submit_configuration(
            actor=office.it, department=office.stp, effective_at=d.EFFECTIVE, revision=draft.revision, now=NOW
        )


def test_an_empty_draft_and_a_day_in_the_past_are_refused(office: Office) -> None:
    with pytest.raises(Conflict):
        actions.submit_configuration(
            actor=office.it, department=office.stp, effective_at=d.EFFECTIVE, revision=1, now=NOW
        )
    edit(office, wish(office, 1, Column.FORM, "M01"))
    with pytest.raises(Invalid, match="từ hôm nay"):
        actions.submit_configuration(
            actor=office.it, department=office.stp, effective_at=NOW - timedelta(days=2), revision=2, now=NOW
        )


def test_nobody_approves_what_they_edited(office: Office) -> None:
    edit(office, wish(office, 1, Column.FORM, "M01"), actor=office.controller)
    draft = configuring.open_draft(office.stp)
    assert draft is not None
    number = actions.submit_configuration(
        actor=office.it, department=office.stp, effective_at=d.EFFECTIVE, revision=draft.revision, now=NOW
    )
    with pytest.raises(NotAllowed, match="sửa một phần gói này"):
        actions.approve_change_set(actor=office.controller, change_set_id=number, now=NOW)


def test_after_handing_in_edits_collect_in_a_new_draft(office: Office) -> None:
    edit(office, wish(office, 1, Column.FORM, "M01"))
    first = published(office)
    edit(office, wish(office, 2, Column.FORM, "M02"))
    second = ChangeSet.objects.exclude(pk=first).get()
    assert (second.effective_at, second.number[-3:]) == (None, "002")
    assert [item.id for item in configuring.submitted(office.stp)] == [first]


def test_a_value_in_force_that_changed_meanwhile_stops_handing_in(office: Office) -> None:
    edit(office, wish(office, 1, Column.FORM, "M01"))
    published(office)
    late = wish(office, 1, Column.FORM, "M02")
    edit(office, late)
    assert row_of(office, 1, at=AFTER).overtaken(Column.FORM)
    draft = configuring.open_draft(office.stp)
    assert draft is not None
    with pytest.raises(Conflict, match="đã đổi trên hệ thống"):
        actions.submit_configuration(
            actor=office.it,
            department=office.stp,
            effective_at=AFTER + timedelta(days=5),
            revision=draft.revision,
            now=AFTER,
        )


# --- what counts once it is published ---------------------------------------------------------------------


def test_settings_rules_and_processes_count_from_the_instant(office: Office) -> None:
    edit(
        office,
        wish(office, 1, Column.PROCESS, process_text(office)),
        wish(office, 1, Column.FORM, "M01"),
        wish(office, 1, Column.RETURNING, "deciding"),
        wish(office, 1, Column.DECIDING, "STC"),
        wish(office, 1, Column.RECEIVING, "Chỉ Trung tâm tỉnh"),
    )
    published(office)
    procedure_id = key_of(1).procedure_id
    assert queries.setting(procedure_id, SettingKey.FORM, at=NOW) is None
    assert queries.setting(procedure_id, SettingKey.FORM, at=AFTER) == {"form": "M01"}
    assert queries.process_for(procedure_id, "", "tinh", at=AFTER) == office.process_id
    row = row_of(office, 1, at=AFTER)
    assert row.draft == {}
    assert (row.live[Column.DECIDING], row.live[Column.RECEIVING]) == ("STC", "provincial_centre")


def test_changed_steps_become_a_process_of_the_procedure_when_published(office: Office) -> None:
    edit(office, wish(office, 1, Column.PROCESS, process_text(office)))
    steps = row_of(office, 1).token(Column.STEPS).replace("| 3 ngày", "| 2,5 ngày")
    edit(office, wish(office, 1, Column.STEPS, steps))
    before = ProcessVersion.objects.count()
    published(office)
    assert ProcessVersion.objects.count() == before + 1
    made = queries.process_for(key_of(1).procedure_id, "", "tinh", at=AFTER)
    assert made != office.process_id
    process = workflow.process(made)
    assert (process.issuer, process.procedure_codes) == ("Sở Tư pháp", (d.code_of(1),))
    assert "2,5 ngày làm việc" in row_of(office, 1, at=AFTER).token(Column.STEPS)
    assert "| 3 ngày làm việc" in live_steps(workflow.process(office.process_id), _choices(office))


def _choices(office: Office) -> Choices:
    return configuring.book(office.stp, NOW).choices


def test_looking_at_what_publishing_would_do_publishes_no_process(office: Office) -> None:
    edit(office, wish(office, 1, Column.PROCESS, process_text(office)))
    steps = row_of(office, 1).token(Column.STEPS).replace("| 3 ngày", "| 2,5 ngày")
    edit(office, wish(office, 1, Column.STEPS, steps))
    draft = configuring.open_draft(office.stp)
    assert draft is not None
    number = actions.submit_configuration(
        actor=office.it, department=office.stp, effective_at=d.EFFECTIVE, revision=draft.revision, now=NOW
    )
    before = ProcessVersion.objects.count()
    with actions.as_if_published(change_set_id=number, day=NOW.date(), now=NOW):
        assert ProcessVersion.objects.count() == before + 1
    assert ProcessVersion.objects.count() == before


def test_changed_fees_become_a_new_version_that_names_its_resolution(office: Office) -> None:
    edit(office, wish(office, 1, Column.FEES, FEE))
    assert ChangeLine.objects.get().action == ChangeAction.AMENDED
    published(office)
    old, new = ProcedureVersion.objects.filter(code=d.code_of(1)).order_by("number")
    assert (old.valid_to, new.valid_from) == (d.EFFECTIVE, d.EFFECTIVE)
    fee = queries.definition(new.pk).fees[0]
    assert (fee.amount, fee.set_by) == (20_000, "NQ 07/2026/NQ-HĐND")


def test_undoing_the_package_gives_back_what_stood(office: Office) -> None:
    before = queries.changes.catalogue_hash()
    edit(office, wish(office, 1, Column.FORM, "M01"), wish(office, 2, Column.FEES, FEE))
    number = published(office)
    assert queries.changes.catalogue_hash() != before
    actions.undo_change_set(actor=office.controller, change_set_id=number, reason="nhầm", now=NOW)
    assert queries.changes.catalogue_hash() == before


# --- templates --------------------------------------------------------------------------------------------


def test_a_row_is_kept_under_a_name_and_taken_away_again(office: Office) -> None:
    edit(office, wish(office, 1, Column.PROCESS, process_text(office)), wish(office, 1, Column.FORM, "M01"))
    number = actions.save_template(
        actor=office.it, department=office.stp, name=" Mẫu  A ", key=key_of(1), now=NOW
    )
    (found,) = configuring_pages.templates(office.stp)
    assert (found.name, found.cells["form"]) == ("Mẫu A", "M01")
    assert "fees" not in found.cells
    with pytest.raises(Conflict, match="đã có mẫu tên"):
        actions.save_template(actor=office.it, department=office.stp, name="Mẫu A", key=key_of(2), now=NOW)
    with pytest.raises(Invalid):
        actions.save_template(actor=office.it, department=office.stp, name=" ", key=key_of(2), now=NOW)
    actions.delete_template(actor=office.colleague, department=office.stp, template_id=number, now=NOW)
    assert not ConfigurationTemplate.objects.exists()


# --- how much it asks -------------------------------------------------------------------------------------


def test_the_grid_asks_the_database_the_same_for_any_number_of_rows(office: Office) -> None:
    edit(office, wish(office, 1, Column.FORM, "M01"))
    d_small = _statements(office)
    rows = [
        compact_row(code=d.code_of(n), name=f"Thủ tục thử số {n}", field=d.FIELD, decision=f"{n}/QĐ")
        for n in range(13, 313)
    ]
    actions.import_procedures(actor=SYSTEM, document={"rows": rows}, now=NOW, source="more")
    configuring.book(office.stp, NOW)
    assert _statements(office) <= d_small
    assert d_small <= 10


def _statements(office: Office) -> int:
    with CaptureQueriesContext(connection) as asked:
        configuring_pages.grid(office.it, "STP", configuring_pages.Filters(), offset=0, limit=300, at=NOW)
    return len(asked)

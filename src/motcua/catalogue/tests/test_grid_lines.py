"""What the changed cells of a procedure become: the line of a change-set, and how complete its row is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from motcua.catalogue.rules.grid.cells import CellEdit, parse
from motcua.catalogue.rules.grid.columns import Column, RowKey
from motcua.catalogue.rules.grid.completeness import Lack, score
from motcua.catalogue.rules.grid.composing import compose, edits_from_json, edits_to_json
from motcua.catalogue.rules.grid.merging import with_change
from motcua.catalogue.tests.grid_rows import CHOICES, FEES, KEY, PROCESSES, STEPS, definition, row
from motcua.catalogue.types_changes import LineSettings, SettingKey
from motcua.workflow.rules.definition import ProcessDefinition

CASE = RowKey(7, "tinh", "gap")


# --- what a line says -------------------------------------------------------------------------------------


def composed(changes: dict[Column, str], key: RowKey = KEY) -> tuple[LineSettings, object]:
    changed = row(key)
    for column, text in changes.items():
        token = parse(changed, column, text, CHOICES)
        assert isinstance(token, str), token
        changed = with_change(changed, column, token, CHOICES)
    made = compose([changed], CHOICES, department="Sở Tư pháp", source="CH-STP-2026-001")
    return made.settings, made.content


def test_everything_but_fees_and_steps_is_a_setting() -> None:
    settings, content = composed(
        {
            Column.PROCESS: "2",
            Column.RECEIVING: "Chỉ nơi giải quyết",
            Column.DECIDING: "STC",
            Column.RETURNING: "Nơi giải quyết",
            Column.FORM: "M01",
            Column.LETTERS: "Mẫu có bảng",
        }
    )
    assert content is None
    assert [(p.process_version_id, p.level, p.case_key) for p in settings.processes] == [(2, "tinh", "")]
    assert [(r.level, r.reception, r.deciding_unit) for r in settings.rules] == [
        ("tinh", "deciding_only", "STC")
    ]
    assert {s.key: s.value for s in settings.settings} == {
        SettingKey.RETURNING: {"at": "deciding"},
        SettingKey.FORM: {"form": "M01"},
        SettingKey.LETTERS: {"reception_slip": "reception_slip_table"},
    }
    assert LineSettings.from_dict(settings.to_dict()) == settings


def test_a_list_of_receiving_units_is_a_setting_and_leaves_the_rule_alone() -> None:
    settings, _ = composed({Column.RECEIVING: "09187.TT"})
    assert settings.rules == ()
    assert [(s.key, s.value) for s in settings.settings] == [(SettingKey.RECEIVING, {"units": ["09187.TT"]})]


def test_the_usual_value_takes_the_setting_away() -> None:
    changed = replace(row(), live={**row().live, Column.FORM: "M01"})
    changed = with_change(changed, Column.FORM, "", CHOICES)
    settings = compose([changed], CHOICES, department="S", source="").settings
    assert [(s.key, s.value) for s in settings.settings] == [(SettingKey.FORM, None)]


def test_changed_steps_make_a_process_that_is_published_along() -> None:
    settings, _ = composed({Column.STEPS: STEPS.replace("| 3 ngày", "| 2 ngày")})
    assert settings.processes == ()
    (new,) = settings.new_processes
    made = ProcessDefinition.from_dict(dict(new.definition))
    assert (new.level, made.procedure_codes) == ("tinh", ("9.000007",))
    assert made.steps[1].time != PROCESSES["1"].steps[1].time
    assert LineSettings.from_dict(settings.to_dict()) == settings


def test_changed_fees_make_a_whole_new_content() -> None:
    _, content = composed({Column.FEES: FEES.replace("8.000", "9.000").replace("01/2025", "07/2026")})
    fees = content.fees  # type: ignore[attr-defined]
    assert (fees[0].amount, fees[0].set_by, fees[1]) == (9_000, "NQ 07/2026", definition().fees[1])
    assert replace(content, fees=definition().fees) == definition()  # type: ignore[type-var]


def test_another_process_brings_its_own_steps() -> None:
    changed = with_change(row(), Column.STEPS, STEPS.replace("| 3 ngày", "| 2 ngày"), CHOICES)
    changed = with_change(changed, Column.PROCESS, "2", CHOICES)
    assert Column.STEPS not in changed.draft
    assert "1 ngày làm việc" in changed.token(Column.STEPS)


def test_a_cell_put_back_is_no_change() -> None:
    changed = with_change(with_change(row(), Column.FORM, "M01", CHOICES), Column.FORM, "", CHOICES)
    assert changed.draft == {}


def test_changed_cells_are_kept_with_the_line_and_read_back() -> None:
    changed = with_change(row(), Column.FORM, "M01", CHOICES)
    kept = edits_from_json(7, edits_to_json([changed]))
    assert kept == {KEY: {Column.FORM: CellEdit("", "M01")}}
    assert (
        edits_from_json(7, [{"level": "xa", "case_key": "", "column": "gone", "before": "", "after": ""}])
        == {}
    )


# --- completeness -----------------------------------------------------------------------------------------


def test_a_row_says_what_it_lacks() -> None:
    found = row().completeness(CHOICES)
    assert found.lacks == (Lack.FORM, Lack.FEES)
    assert found.percent == 66


@pytest.mark.parametrize(
    ("content", "token", "lack"),
    [
        (definition(limit=None), "1", Lack.LIMIT),
        (definition(), "", Lack.PROCESS),
        (definition(), "3", Lack.TIME),
    ],
)
def test_each_thing_that_is_missing_is_seen(content: object, token: str, lack: Lack) -> None:
    assert lack in row(process_token=token, content=content).completeness(CHOICES).lacks  # type: ignore[arg-type]


def test_the_draft_counts_for_completeness() -> None:
    changed = with_change(row(), Column.FORM, "M01", CHOICES)
    changed = with_change(
        changed, Column.FEES, FEES.replace("chưa rõ | hồ sơ |", "50.000 | hồ sơ | NQ 07/2026"), CHOICES
    )
    assert changed.completeness(CHOICES).is_complete


def test_a_department_is_the_mean_of_its_rows() -> None:
    found = score([row().completeness(CHOICES), row(CASE).completeness(CHOICES)])
    assert (found.rows, found.complete) == (2, 0)
    assert found.percent == (66 + row(CASE).completeness(CHOICES).percent) // 2
    assert dict(found.missing)[Lack.FEES] == 1
    assert score([]).percent == 100

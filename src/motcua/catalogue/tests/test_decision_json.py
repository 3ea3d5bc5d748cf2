"""The carried decisions and others as JSON: all read; printed or in the workbook they stay the same."""

from __future__ import annotations

import json

import pytest

from motcua.catalogue.errors import UnreadableSource
from motcua.catalogue.rules.decisions import (
    DecisionRead,
    read_decision,
    read_decisions_json,
    values_from_dict,
    values_to_dict,
    write_decision_workbook,
)
from motcua.catalogue.snapshot import DATA
from motcua.catalogue.tests.decision_files import (
    key,
    listed,
    printed,
)
from motcua.documents.errors import TableRefused
from motcua.kernel.text import fold


def carried() -> tuple[DecisionRead, ...]:
    return read_decisions_json(json.loads((DATA / "decisions.json").read_text(encoding="utf-8")))


CARRIED = carried()


def read(data: bytes, name: str = "phu-luc.xlsx") -> DecisionRead:
    (found,) = read_decision(data, name=name)
    return found


def test_the_carried_decisions_are_all_read() -> None:
    assert len(CARRIED) == 45
    assert sum(len(found.lines) for found in CARRIED) == 398
    assert [problem for found in CARRIED for problem in found.problems] == []
    assert all(found.head.number and found.head.issuer and found.head.kind for found in CARRIED)


@pytest.mark.parametrize("found", CARRIED, ids=lambda found: found.head.number)
def test_a_decision_printed_in_word_or_excel_gives_the_same_lines(found: DecisionRead) -> None:
    for again in (read(printed(found), "a.docx"), read(listed(found))):
        assert again.problems == ()
        assert [key(line) for line in again.lines] == [key(line) for line in found.lines]


@pytest.mark.parametrize("found", CARRIED, ids=lambda found: found.head.number)
def test_a_printed_head_gives_the_same_head(found: DecisionRead) -> None:
    head, again = found.head, read(printed(found), "a.docx").head
    assert (again.number, again.signed_on) == (head.number, head.signed_on)
    assert fold(again.issuer).replace("ubnd", "uy ban nhan dan") == fold(head.issuer).replace(
        "ubnd", "uy ban nhan dan"
    )
    assert fold(again.title) == fold(head.title)


@pytest.mark.parametrize("found", CARRIED, ids=lambda found: found.head.number)
def test_the_template_filled_from_a_decision_reads_back_as_it(found: DecisionRead) -> None:
    again = read(write_decision_workbook(found.head, found.lines))
    assert again.problems == ()
    assert [key(line) for line in again.lines] == [key(line) for line in found.lines]
    assert (again.head.number, again.head.kind, again.head.title) == (
        found.head.number,
        found.head.kind,
        found.head.title,
    )
    assert (again.head.effective_at, again.head.effective_to) == (
        found.head.effective_at,
        found.head.effective_to,
    )
    assert (again.head.effective_rule, again.head.notes) == (found.head.effective_rule, found.head.notes)


def test_an_empty_template_has_no_line_and_asks_for_its_head() -> None:
    found = read(write_decision_workbook())
    assert (found.lines, found.problems) == ((), ())
    assert found.head.missing == ("number", "signed_on", "issuer", "kind", "title", "effective_at")


@pytest.mark.parametrize("found", CARRIED, ids=lambda found: found.head.number)
def test_values_of_lines_survive_json(found: DecisionRead) -> None:
    for line in found.lines:
        assert values_from_dict(json.loads(json.dumps(values_to_dict(line.values)))) == line.values


@pytest.mark.parametrize(
    "document_",
    [42, [], {}, {"decisions": []}, {"decisions": {}}, {"rows": []}],
)
def test_json_of_another_shape_is_refused(document_: object) -> None:
    with pytest.raises(UnreadableSource):
        read_decisions_json(document_)


def test_broken_json_lines_are_all_named_by_path() -> None:
    bad = {
        "number": "1/QĐ-UBND",
        "date": "32/13/2025",
        "kind": "poem",
        "new": [{"code": "1.00001", "name": "x"}, {"name": ""}, "text"],
        "other": [{"code": "1.000001", "action": "sing"}],
        "replaced": [{"old": "1.000002", "new": ""}],
        "surprise": 1,
    }
    (found,) = read_decisions_json([bad])
    places = [problem.cell.removeprefix("1/QĐ-UBND, ") for problem in found.problems]
    assert places == [
        "trường “date”",
        "trường “kind”",
        "mục ban hành mới, dòng 1, trường “code”",
        "mục ban hành mới, dòng 2",
        "mục ban hành mới, dòng 3",
        "mục thay thế, dòng 1, trường “new”",
        "mục khác, dòng 1, trường “action”",
        "trường “surprise”",
    ]


def test_json_that_is_not_json_and_files_that_are_no_tables_are_refused() -> None:
    with pytest.raises(UnreadableSource):
        read_decision(b'{"decisions": [', name="a.json")
    with pytest.raises(TableRefused):
        read_decision(b"%PDF-1.7", name="a.xlsx")

"""Which papers are there, which are missing, which are not needed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.catalogue.types import Paper
from motcua.counter.rules.paper_list import (
    Ticks,
    missing,
    paper_rows,
    read_count,
    read_ticks,
    with_usual_missing,
)

PAPERS = (
    Paper("cu", "Bản sao cũ", 0, 1, "submit", "conditional", condition="nếu có"),
    Paper("don", "Đơn", 1, 0, "form", "always"),
    Paper("the", "Căn cước", 1, 0, "present", "always"),
)


@pytest.mark.parametrize(
    ("here", "lacking", "states"),
    [
        ((), (), {"don": "missing", "the": "missing", "cu": "not_needed"}),
        (("don", "the"), (), {"don": "received", "the": "presented", "cu": "not_needed"}),
        (("don",), ("cu",), {"don": "received", "the": "missing", "cu": "missing"}),
        (("don", "cu"), ("cu",), {"don": "received", "the": "missing", "cu": "received"}),
    ],
)
def test_a_paper_is_there_missing_or_not_needed(
    here: tuple[str, ...], lacking: tuple[str, ...], states: dict[str, str]
) -> None:
    rows = paper_rows(PAPERS, Ticks(frozenset(here), frozenset(lacking)))
    assert {row.key: row.state for row in rows} == states


def test_what_is_always_asked_comes_first_and_form_02_names_what_is_missing() -> None:
    rows = paper_rows(PAPERS, Ticks(frozenset({"don"}), frozenset({"cu"})))
    assert [row.key for row in rows] == ["don", "the", "cu"]
    assert [row.key for row in missing(rows)] == ["the", "cu"]


@pytest.mark.parametrize(
    ("papers", "case", "usual"),
    [
        (PAPERS, "", {"don", "the"}),
        (
            (PAPERS[0], Paper("mau", "Tờ khai", 1, 0, "form", "conditional", condition="nếu ở xa")),
            "",
            {"mau"},
        ),
        ((PAPERS[0],), "", set()),
        (
            (PAPERS[1], Paper("rieng", "Giấy riêng", 1, 0, "submit", "conditional", case_key="a")),
            "a",
            {"don", "rieng"},
        ),
        ((PAPERS[1], Paper("rieng", "Giấy riêng", 1, 0, "submit", "conditional", case_key="a")), "", {"don"}),
    ],
)
def test_one_key_ticks_only_what_everybody_in_the_case_hands_in(
    papers: tuple[Paper, ...], case: str, usual: set[str]
) -> None:
    assert {row.key for row in paper_rows(papers, Ticks(), case_key=case) if row.usual} == usual


CONDITIONAL = (PAPERS[0], Paper("mau", "Tờ khai", 1, 0, "form", "conditional", condition="nộp trực tiếp"))


@pytest.mark.parametrize(
    ("papers", "ticks", "asked"),
    [
        (CONDITIONAL, Ticks(), ["mau"]),
        (CONDITIONAL, Ticks(here=frozenset({"mau"})), []),
        (CONDITIONAL, Ticks(lacking=frozenset({"cu"})), ["cu"]),
        (PAPERS, Ticks(here=frozenset({"don", "the"})), []),
        (PAPERS, Ticks(), ["don", "the"]),
    ],
)
def test_form_02_of_a_list_of_conditional_papers_asks_for_the_form_to_fill_in(
    papers: tuple[Paper, ...], ticks: Ticks, asked: list[str]
) -> None:
    assert [row.key for row in missing(with_usual_missing(paper_rows(papers, ticks)))] == asked


def test_numbers_of_originals_and_copies_are_the_officers_or_the_decisions() -> None:
    ticks = read_ticks({"paper": ["don"], "originals:don": ["2"], "copies:don": ["x"], "copies:cu": ["3"]})
    rows = {row.key: row for row in paper_rows(PAPERS, ticks)}
    assert (rows["don"].originals, rows["don"].copies, rows["cu"].copies) == (2, 0, 3)


@given(st.text(max_size=8), st.integers(0, 9))
def test_a_count_is_always_a_small_number(text: str, default: int) -> None:
    assert 0 <= read_count(text, default) <= 99

"""The table says what was measured, and what it misses."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from bench import table
from bench.figures import Figure, Goal

RECEIVE = Figure(
    "receive a dossier", "SQLite", 6.0, "ms", 1.5, 10, 10, Goal(statements=10, ratio=3), "what it did"
)


def test_a_ratio_above_the_goal_is_a_miss() -> None:
    assert RECEIVE.verdict == "MISS (ratio)"


def test_too_many_statements_are_a_miss() -> None:
    figure = Figure("complete a step", "SQLite", 1.0, raw=1.0, statements=7, goal=Goal(statements=6, ratio=5))
    assert figure.verdict == "MISS (statements)"


def test_what_must_be_fast_enough_is_met_from_the_goal_up() -> None:
    goal = Goal(value=60, at_least=True)
    assert Figure("pairs", "-", 60.0, "pairs/s", goal=goal).verdict == "ok"
    assert Figure("pairs", "-", 59.9, "pairs/s", goal=goal).verdict == "MISS (pairs/s)"


def test_a_line_without_goal_is_not_judged() -> None:
    assert Figure("due date", "-", 80.0, "µs").verdict == "-"


def test_a_figure_travels_between_processes_unchanged() -> None:
    assert Figure.from_line(RECEIVE.line()) == RECEIVE


def test_the_table_is_aligned() -> None:
    lines = table.plain([RECEIVE]).splitlines()
    assert len(lines) == 3
    assert lines[0].index("verdict") == lines[2].index("MISS")


def test_writing_the_page_keeps_the_words_around_the_table(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    page.write_text(f"before\n{table.BEGIN}\nold\n{table.END}\nafter\n", encoding="utf-8")
    for _again in range(2):
        table.write_docs(
            [RECEIVE], page, today=date(2026, 11, 23), volume="lists over 200,000 dossiers", load=0.4
        )
    text = page.read_text(encoding="utf-8")
    assert text.startswith("before\n") and text.endswith("\nafter\n")
    assert "old" not in text
    assert text.count("| receive a dossier |") == 1

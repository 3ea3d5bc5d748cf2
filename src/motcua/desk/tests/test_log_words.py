"""Every action of the log has words, and what was said with it reads as words."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import motcua
from motcua.desk.rules.job_words import job_label
from motcua.dossiers.rules.log_words import ACTIONS, Group, actions_in, details, label_of

PACKAGE = Path(motcua.__file__).parent


def recorded() -> Iterator[str]:
    """The actions that the source writes to the log, where they are named in the call."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if "tests" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _called(node) in {"record", "_record"}:
                for argument in node.args:
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                        yield argument.value


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def test_every_recorded_action_has_words() -> None:
    found = set(recorded())
    assert "dossiers.read" in found
    assert found - set(ACTIONS) == set()


def test_every_group_has_actions_and_an_unknown_action_keeps_its_name() -> None:
    assert all(actions_in(group) for group in Group)
    assert label_of("later.added") == "later.added"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"outcome": "forward", "step": "Thẩm định"}, "bước: Thẩm định; kết quả bước: chuyển tiếp"),
        ({"to": ["Ký duyệt", "Lấy ý kiến"]}, "chuyển tới: Ký duyệt, Lấy ý kiến"),
        ({"due_after": "2026-11-25T02:00:00+00:00", "reason": ""}, "hạn mới: 25/11/2026 09:00"),
        ({"from": "2026-11-25"}, "từ: 25/11/2026"),
        ({"by_applicant": False}, "theo đề nghị của người nộp: không"),
        ({"letter": "2026-11-99"}, "văn bản số: 2026-11-99"),
        ({"strange": {"a": 1}}, "strange: a: 1"),
        ({}, ""),
    ],
)
def test_what_was_said_reads_as_words(data: dict[str, object], words: str) -> None:
    assert "; ".join(f"{label}: {value}" for label, value in details(data)) == words


def test_jobs_have_words_and_events_say_what_they_are() -> None:
    assert str(job_label("kernel.seal_audit")) == "Niêm phong nhật ký"
    assert str(job_label("event:dossiers.received")) == "Chuyển thông báo dossiers.received"
    assert job_label("unknown.job") == "unknown.job"

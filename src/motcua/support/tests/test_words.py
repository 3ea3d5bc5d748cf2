"""Whatever the board can say has words."""

from __future__ import annotations

from motcua.support import words
from motcua.support.rules.next_steps import URGENCY, StepKind
from motcua.support.rules.readiness import Aspect, Grade, Mark


def test_every_step_aspect_mark_and_grade_has_its_words() -> None:
    assert set(words.STEPS) == set(URGENCY) == set(StepKind)
    assert set(words.ASPECTS) == set(Aspect)
    assert set(words.MARKS) == set(words.MARK_ICONS) == set(Mark)
    assert set(words.GRADES) == set(words.GRADE_ICONS) == set(Grade)

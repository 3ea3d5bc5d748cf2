"""The matrix of competence as a gate: every procedure has one decider in every unit, or is not done there."""

from __future__ import annotations

from datetime import datetime

from motcua.catalogue.queries import matrix
from motcua.kernel.messages import Message, msg


def matrix_reasons(at: datetime) -> list[Message]:
    """Holes and overlaps of the matrix at an instant, each as a sentence; asked after the change was applied."""
    report = matrix.check(at)
    return [
        msg("Thẩm quyền của %(code)s: %(problem)s", code=problem.code or problem.name, problem=problem.text)
        for problem in (*report.holes, *report.overlaps)
    ]

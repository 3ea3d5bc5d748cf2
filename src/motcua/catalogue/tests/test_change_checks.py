"""What keeps a line from being approved, in words that tell a stranger's change from the decision's own."""

from __future__ import annotations

from datetime import date

import pytest

from motcua.catalogue.rules.change_checks import Later, Proposal, Standing, line_problems
from motcua.catalogue.types_changes import ChangeAction

LINE = Proposal(
    1, ChangeAction.AMENDED, "1.014199", "Cấp giấy phép lao động", has_content=True, has_settings=False
)
DAY = date(2025, 11, 20)


@pytest.mark.parametrize(
    ("decision", "says"),
    [
        ("1513/QĐ-UBND 22/11/2025", "chính quyết định này"),
        ("616/QĐ-UBND 15/08/2025", "đã thay đổi theo 616/QĐ-UBND 15/08/2025"),
        ("", "đã có phiên bản khác"),
    ],
)
def test_a_later_version_is_told_by_whose_it_is(decision: str, says: str) -> None:
    found = Standing(known=True, in_force=True, later=Later(decision, DAY))
    (problem,) = line_problems(LINE, found, number="1513/QĐ-UBND")
    assert problem.kind == "later_change"
    assert says in problem.message.source() or says in problem.message.render()
    assert "20/11/2025" in problem.message.render()
    assert "(" not in problem.message.render(), "no brackets within brackets"

"""The counter never says that nothing is asked where the source does not know."""

from __future__ import annotations

from dataclasses import replace

import pytest

from motcua.counter.queries import ProcedurePanel
from motcua.dossiers.tests import factories as f


@pytest.mark.parametrize(
    ("known", "confidence", "says"),
    [(True, {}, True), (True, {"documents": "none"}, False), (False, {}, False)],
)
def test_an_empty_list_of_papers_counts_only_where_the_source_vouches_for_it(
    known: bool, confidence: dict[str, str], says: bool
) -> None:
    content = replace(
        f.procedure_definition(code="1.000001"), papers=(), papers_known=known, confidence=confidence
    )
    panel = ProcedurePanel.__new__(ProcedurePanel)
    object.__setattr__(panel, "definition", content)
    assert panel.papers_known is says

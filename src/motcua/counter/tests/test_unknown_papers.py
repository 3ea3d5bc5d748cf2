"""Lists of papers that say little: none known, or each under a condition."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.urls import reverse

from motcua.catalogue.types import Paper
from motcua.counter.queries import ProcedurePanel
from motcua.counter.tests.counter_desk import Counter
from motcua.dossiers.models import Dossier
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


def test_one_press_is_enough_where_every_paper_hangs_on_a_condition(counter: Counter) -> None:
    """1.004873, of the tour: no paper is always asked, and the form to fill in is what the person lacks."""
    form = Paper("to-khai", "Tờ khai", 1, 0, "form", "conditional", condition="nộp trực tiếp")
    old = Paper("cu", "Giấy đã cấp", 1, 0, "submit", "conditional", condition="xin cấp lại")
    version = f.make_procedure(f.procedure_definition(papers=(form, old)))
    data = counter.form(do="supplement", procedure=str(version.pk), paper=None)
    assert counter.client.post(reverse("counter:reception"), data).status_code == 302
    dossier = Dossier.objects.get()
    assert [item["text"] for item in dossier.supplements.get().items] == ["Tờ khai"]
    assert [(paper.key, paper.state) for paper in dossier.papers.all()] == [("to-khai", "missing")]

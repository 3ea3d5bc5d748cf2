"""What the department configured reaches the counter: the form beside its paper, the kind of reception slip."""

from __future__ import annotations

import pytest
import time_machine

from motcua.catalogue.models import ProcedureSetting
from motcua.catalogue.snapshot import touch
from motcua.catalogue.types_changes import SettingKey
from motcua.counter.rules.paper_list import Ticks, paper_rows
from motcua.counter.tests.counter_desk import NOW, Counter, words
from motcua.counter.tests.test_paper_list import PAPERS
from motcua.counter.tests.test_reception import URL
from motcua.documents.models import Letter
from motcua.dossiers import actions
from motcua.dossiers.tests import factories as f


def choose(counter: Counter, key: SettingKey, value: dict[str, str]) -> None:
    ProcedureSetting.objects.create(
        procedure_id=counter.procedure.procedure_id, key=key.value, value=value, valid_from=f.MONDAY
    )
    touch()


def panel(counter: Counter) -> str:
    address = "/quay/tiep-nhan/giay-to/"
    return words(counter.client.get(address, {"procedure": counter.procedure.pk, "unit": counter.unit_id}))


@time_machine.travel(NOW, tick=False)
def test_the_form_of_the_department_stands_beside_the_paper(counter: Counter) -> None:
    assert "Mẫu STP-01" not in panel(counter)
    choose(counter, SettingKey.FORM, {"form": "STP-01"})
    assert "Mẫu STP-01" in panel(counter)


def test_only_the_first_form_of_the_list_gets_it() -> None:
    kinds = {paper.key: paper.kind for paper in PAPERS}
    rows = {row.key: row.form_code for row in paper_rows(PAPERS, Ticks(), form="STP-01")}
    assert [key for key, code in rows.items() if code == "STP-01"] == [
        next(key for key, kind in kinds.items() if kind == "form")
    ]


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize(
    ("chosen", "kind"),
    [
        ("reception_slip_table", "reception_slip_table"),
        ("refusal", "reception_slip"),
        ("gone", "reception_slip"),
    ],
)
def test_the_slip_is_of_the_kind_the_department_chose(counter: Counter, chosen: str, kind: str) -> None:
    choose(counter, SettingKey.LETTERS, {"reception_slip": chosen})
    assert counter.client.post(URL, counter.form()).status_code == 302
    assert [letter.kind for letter in Letter.objects.all()] == [kind]


@time_machine.travel(NOW, tick=False)
def test_pressing_twice_finds_the_slip_of_another_kind(counter: Counter) -> None:
    choose(counter, SettingKey.LETTERS, {"reception_slip": "reception_slip_table"})
    first = counter.client.post(URL, counter.form())["Location"]
    assert counter.client.post(URL, counter.form())["Location"].partition("&")[0] == first.partition("&")[0]
    assert Letter.objects.count() == 1


@time_machine.travel(NOW, tick=False)
def test_a_dossier_that_changes_its_case_gets_a_new_slip_of_that_kind(counter: Counter) -> None:
    dossier = f.receive(counter.officer, counter.procedure, now=f.MONDAY, case_key="thuong")
    choose(counter, SettingKey.LETTERS, {"reception_slip": "reception_slip_table"})
    done = actions.change_case(
        actor=counter.staff.specialist,
        code=dossier.code,
        case_key="xac-minh",
        reason="Hồ sơ phức tạp",
        now=NOW,
    )
    assert done.letter is not None and done.letter.kind == "reception_slip_table"

"""A form opened before midnight and saved after it: it stops once, explains, and loses nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.utils.html import escape

from motcua.catalogue.models import ProcedureVersion
from motcua.catalogue.types import FeeLine, Paper, ProcedureDefinition
from motcua.counter.rules.carrying import carried_over
from motcua.counter.tests.counter_desk import Counter, words
from motcua.counter.tests.test_reception import URL
from motcua.dossiers.models import Dossier
from motcua.dossiers.tests import factories as f

MIDNIGHT = f.at(19, 0, 0)
BEFORE, AFTER = MIDNIGHT - timedelta(minutes=2), MIDNIGHT + timedelta(minutes=3)
STRICTER = (
    Paper("to-khai", "Tờ khai theo mẫu", 1, 0, "form", "always", form_code="TK2"),
    Paper("can-cuoc", "Căn cước của người yêu cầu", 1, 0, "present", "always"),
    Paper("anh", "Ảnh chân dung", 2, 0, "submit", "conditional"),
)
FEE = FeeLine("le-phi", "lệ phí", "Lệ phí hộ tịch", 15_000, "việc")


@pytest.fixture
def next_version(counter: Counter) -> ProcedureVersion:
    """From midnight: ten days, a fee, another form, one more paper."""
    return f.amend(
        counter.procedure,
        MIDNIGHT,
        known=f.MONDAY,
        limit=f.limit_of(10),
        papers=STRICTER,
        fees=(FEE,),
    )


def test_a_form_of_yesterday_stops_once_and_is_received_under_todays_version(
    counter: Counter, next_version: ProcedureVersion
) -> None:
    with time_machine.travel(BEFORE, tick=False):
        opened = counter.client.get(
            "/quay/tiep-nhan/giay-to/", {"procedure": counter.procedure.pk, "unit": counter.unit_id}
        )
        assert "5 ngày làm việc" in words(opened)
    with time_machine.travel(AFTER, tick=False):
        answer = counter.client.post(URL, counter.form(request_summary="Cấp lại cho cụ"))
        page = words(answer)
        assert answer.status_code == 409
        assert not Dossier.objects.exists()
        assert "Quy định thay đổi từ 19/11/2026" in page
        for said in ("10 ngày làm việc", "Lệ phí hộ tịch: 15.000 đồng", "Ảnh chân dung", "TK2"):
            assert said in page, said
        for typed in ("Nguyễn Văn An", "027090001234", "Cấp lại cho cụ", "Thôn Đông, Xã Yên Phong"):
            assert escape(typed) in page, typed
        assert f'name="procedure" value="{next_version.pk}"' in page
        assert page.count(' name="paper" value="to-khai" checked') == 1
        again = counter.client.post(URL, counter.form(procedure=str(next_version.pk)))
    assert again.status_code == 302, words(again)
    assert Dossier.objects.get().procedure_version_id == next_version.pk


def test_before_midnight_the_old_version_is_still_received(
    counter: Counter, next_version: ProcedureVersion
) -> None:
    with time_machine.travel(MIDNIGHT - timedelta(seconds=1), tick=False):
        assert counter.client.post(URL, counter.form()).status_code == 302
    assert Dossier.objects.get().procedure_version_id == counter.procedure.pk


@pytest.mark.parametrize("do", ["save", "supplement", "refuse"])
def test_a_version_that_has_not_begun_is_refused_by_every_button(
    counter: Counter, next_version: ProcedureVersion, do: str
) -> None:
    more = {"lacks": ["anh"], "refusal_reason": "Không thuộc thẩm quyền"}
    with time_machine.travel(BEFORE, tick=False):
        answer = counter.client.post(URL, counter.form(do=do, procedure=str(next_version.pk), **more))
    assert answer.status_code == 409
    assert f'name="procedure" value="{counter.procedure.pk}"' in words(answer)
    assert "Quy định đã chọn đến 19/11/2026 mới có hiệu lực" in words(answer)
    assert not Dossier.objects.exists()


def test_the_panel_says_what_is_coming(counter: Counter, next_version: ProcedureVersion) -> None:
    with time_machine.travel(BEFORE, tick=False):
        page = words(counter.client.post(URL, counter.form(do=f"choose:{counter.procedure.pk}")))
    assert "Từ 19/11/2026: thời hạn 10 ngày làm việc (trước: 5 ngày làm việc)" in page


def test_an_abolished_procedure_names_no_other_version(counter: Counter) -> None:
    f.end(counter.procedure, MIDNIGHT)
    with time_machine.travel(AFTER, tick=False):
        answer = counter.client.post(URL, counter.form())
    assert answer.status_code == 422
    assert "đã hết hiệu lực" in words(answer) and "Nguyễn Văn An" in words(answer)


def test_a_dossier_that_waits_for_papers_goes_on_as_it_began(
    counter: Counter, next_version: ProcedureVersion
) -> None:
    with time_machine.travel(BEFORE, tick=False):
        asked = counter.client.post(URL, counter.form(do="supplement", paper=["can-cuoc"], lacks=["to-khai"]))
        assert asked.status_code == 302, words(asked)
    code = Dossier.objects.get().code
    with time_machine.travel(AFTER, tick=False):
        answer = counter.client.post(f"/quay/bo-sung/{code}/", {"paper": ["to-khai", "can-cuoc"]})
    assert answer.status_code == 302, words(answer)
    assert Dossier.objects.get().procedure_version_id == counter.procedure.pk


def definition(**changes: object) -> ProcedureDefinition:
    return replace(f.procedure_definition(), **changes)  # type: ignore[arg-type]  # named parts of the value


def test_ticks_follow_the_paper_by_its_name_and_untouched_counts_are_the_new_ones() -> None:
    before = definition(
        papers=(Paper("p1", "Tờ khai", 1, 0, "form", "always"), Paper("p2", "Ảnh", 2, 0, "submit", "always"))
    )
    after = definition(
        papers=(Paper("p1", "Ảnh", 4, 0, "submit", "always"), Paper("p9", "Tờ khai", 1, 0, "form", "always"))
    )
    typed = {"paper": ["p1", "p2"], "originals:p1": ["3"], "originals:p2": ["2"], "owner-name": ["An"]}
    assert carried_over(typed, before, after) == {
        "paper": ["p9", "p1"],
        "originals:p9": ["3"],
        "owner-name": ["An"],
    }


def test_a_case_that_is_gone_is_asked_again() -> None:
    before, after = definition(), definition(cases=())
    assert carried_over({"case_key": ["thuong"]}, before, after) == {"case_key": [""]}
    assert carried_over({"case_key": ["xac-minh"]}, before, before) == {"case_key": ["xac-minh"]}

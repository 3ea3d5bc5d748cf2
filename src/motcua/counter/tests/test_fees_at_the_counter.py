"""The fee while a dossier is received: asked, added up, kept, booked; with and without script."""

from __future__ import annotations

import pytest
from django.utils.html import escape

from motcua.counter.tests.counter_desk import Counter
from motcua.dossiers.models import Dossier
from motcua.dossiers.tests.money import CHARGE, COPIES, costly
from motcua.payments import queries

URL, SUM = "/quay/tiep-nhan/", "/quay/tiep-nhan/phi/"
PROOF = "Giấy chứng nhận hộ nghèo còn hạn"


@pytest.fixture
def desk(counter: Counter) -> Counter:
    counter.procedure = costly(COPIES)
    return counter


def asked(desk: Counter, **typed: str) -> str:
    data = {
        "unit": str(desk.unit_id),
        "procedure": str(desk.procedure.pk),
        "case_key": "thuong",
        **typed,
    }
    answer = desk.client.get(SUM, data)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_sum_follows_what_is_typed(desk: Counter) -> None:
    assert "Cần đếm: số bản." in asked(desk)
    told = asked(desk, **{"fee-copies": "3"})
    assert "24.000" in told and "8.000 đồng × 3 bản sao." in told
    assert "Trung tâm Phục vụ hành chính công phường Kinh Bắc thu" in told


@pytest.mark.parametrize(
    ("typed", "why"), [("ba", "bằng chữ số"), ("0", "từ 1 trở lên"), ("9999999", "quá lớn")]
)
def test_a_count_that_cannot_be_is_told_while_it_is_typed(desk: Counter, typed: str, why: str) -> None:
    assert why in asked(desk, **{"fee-copies": typed})


def test_what_was_counted_is_booked_with_the_reception(desk: Counter) -> None:
    assert desk.client.post(URL, desk.form(**{"fee-copies": "2"})).status_code == 302
    (bill,) = queries.bills_of(Dossier.objects.get().code)
    assert bill.total == 16_000


def test_a_wrong_count_stops_the_reception_and_stays_typed(desk: Counter) -> None:
    answer = desk.client.post(URL, desk.form(**{"fee-copies": "hai"}))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="hai"' in page and 'href="#fee-copies"' in page
    assert not Dossier.objects.exists()


def test_counts_are_kept_when_something_else_is_wrong(desk: Counter) -> None:
    page = desk.client.post(URL, desk.form(**{"fee-copies": "4", "owner-name": ""})).content.decode()
    assert 'name="fee-copies" value="4"' in page
    assert "32.000" in page


def test_without_script_the_sum_is_drawn_by_a_button(desk: Counter) -> None:
    page = desk.client.post(URL, desk.form(**{"fee-copies": "4", "do": "count"})).content.decode()
    assert "32.000" in page
    assert not Dossier.objects.exists()


def test_who_pays_less_is_ticked_against_the_proof(counter: Counter) -> None:
    counter.procedure = costly(CHARGE, exemptions=("Người thuộc hộ nghèo",))
    page = counter.client.get(
        "/quay/tiep-nhan/giay-to/", {"unit": counter.unit_id, "procedure": counter.procedure.pk}
    ).content.decode()
    assert escape(PROOF) in page
    assert counter.client.post(URL, counter.form(**{"fee-exempt": "ho-ngheo"})).status_code == 302
    dossier = Dossier.objects.get()
    assert (dossier.fees["total"], queries.bills_of(dossier.code)) == (0, [])

"""An issued letter is a snapshot with its own number."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from motcua.documents import actions, queries
from motcua.documents.errors import LetterAlreadyCancelled, LetterNotFound
from motcua.documents.letters.kinds import load_kinds
from motcua.documents.models import Letter
from motcua.documents.tests import samples
from motcua.organisation.models import Unit
from motcua.organisation.snapshot import touch

pytestmark = pytest.mark.django_db
NOW = samples.ISSUED


@pytest.fixture
def unit_id() -> int:
    unit = Unit.objects.create(
        code="KB.TTPVHCC",
        kind="service_centre",
        name="Trung tâm Phục vụ hành chính công",
        full_name="Trung tâm Phục vụ hành chính công phường Kinh Bắc",
        short_name="TTPVHCC",
        place_name="Kinh Bắc",
        address="Số 31 đường Kinh Dương Vương",
        letter_head={"superior": "ỦY BAN NHÂN DÂN PHƯỜNG KINH BẮC"},
        starts_on=NOW.date(),
    )
    touch()  # the process keeps a picture of all units
    return unit.pk


def issue(unit_id: int, number: int = 1, kind: str = "reception_slip", now: datetime = NOW) -> Letter:
    return actions.issue_letter(
        kind=kind,
        unit_id=unit_id,
        subject=samples.CODE,
        data=samples.all_samples()[kind],
        number=number,
        issued_by=None,
        now=now,
    )


def test_issuing_is_one_insert(unit_id: int) -> None:
    with CaptureQueriesContext(connection) as done:
        letter = issue(unit_id, 12)
    assert len(done) == 1
    assert (letter.number_text, letter.year, letter.template_version) == ("12/TTPVHCC", 2026, 1)


def test_numbers_run_per_unit_kind_and_vietnamese_year(unit_id: int) -> None:
    new_year_in_viet_nam = datetime(2026, 12, 31, 17, 30, tzinfo=UTC)
    assert (
        actions.letter_series(unit_id=7, kind="refusal", now=new_year_in_viet_nam) == "letter:7:refusal:2027"
    )
    numbers = [
        actions.next_letter_number(unit_id=unit_id, kind=kind, now=now)
        for kind, now in [
            ("refusal", NOW),
            ("refusal", NOW),
            ("apology", NOW),
            ("refusal", new_year_in_viet_nam),
        ]
    ]
    assert numbers == [1, 2, 1, 1]


def test_the_same_number_twice_is_impossible(unit_id: int) -> None:
    issue(unit_id)
    with pytest.raises(IntegrityError), transaction.atomic():
        issue(unit_id)


def test_a_letter_is_the_same_after_settings_and_units_change(unit_id: int) -> None:
    letter = issue(unit_id)
    before = queries.render_letter(letter).content
    Unit.objects.filter(pk=unit_id).update(name="Tên mới", place_name="Nơi mới")
    load_kinds.cache_clear()
    assert queries.render_letter(queries.letter(letter.pk)).content == before


def test_the_letters_of_a_dossier_come_in_order_in_one_statement(unit_id: int) -> None:
    issue(unit_id, 1)
    issue(unit_id, 1, "supplement_request")
    with CaptureQueriesContext(connection) as done:
        found = [letter.kind for letter in queries.letters_of(samples.CODE)]
    assert found == ["reception_slip", "supplement_request"]
    assert len(done) == 1


def test_a_letter_has_a_name_to_save_it_under(unit_id: int) -> None:
    pdf = queries.render_letter(issue(unit_id))
    assert pdf.filename == f"{samples.CODE}-giay-tiep-nhan-ho-so-va-hen-tra-ket-qua.pdf"
    assert pdf.content.startswith(b"%PDF-")


def test_cancelling_keeps_the_number_and_happens_once(unit_id: int) -> None:
    letter = issue(unit_id)
    cancelled = actions.cancel_letter(letter_id=letter.pk, reason="Ghi sai tên", cancelled_by=None, now=NOW)
    assert (cancelled.cancelled_at, cancelled.number) == (NOW, 1)
    with pytest.raises(LetterAlreadyCancelled):
        actions.cancel_letter(letter_id=letter.pk, reason="lần nữa", cancelled_by=None, now=NOW)


def test_an_unknown_letter_is_not_found() -> None:
    with pytest.raises(LetterNotFound):
        queries.letter(404)


def test_the_head_comes_from_the_unit(unit_id: int) -> None:
    head = queries.letter_head(unit_id)
    assert (head.name, head.place, head.sign) == ("Trung tâm Phục vụ hành chính công", "Kinh Bắc", "TTPVHCC")
    assert head.superior == "ỦY BAN NHÂN DÂN PHƯỜNG KINH BẮC"


def test_a_preview_is_not_kept(unit_id: int) -> None:
    slip = dataclasses.replace(samples.control_slip(), head=queries.letter_head(unit_id))
    pdf = queries.preview_letter("control_slip", slip, issued_at=NOW, subject=samples.CODE)
    assert pdf.content.startswith(b"%PDF-")
    assert Letter.objects.count() == 0

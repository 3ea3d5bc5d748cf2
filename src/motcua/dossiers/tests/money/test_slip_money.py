"""What a slip says of money: asked for when it is issued, paid when it is printed again; the letter itself stays."""

from __future__ import annotations

import io

import pypdf
import pytest

from motcua.documents import queries as documents
from motcua.documents.queries import Letter
from motcua.dossiers import actions
from motcua.dossiers.models import Dossier
from motcua.dossiers.tests import factories
from motcua.dossiers.tests.factories import MONDAY, Province, Staff, at
from motcua.dossiers.tests.money import CHARGE, OTHERWISE, costly, pay
from motcua.dossiers.types import LetterVersion
from motcua.kernel.audit.models import AuditEntry
from motcua.kernel.outbox import worker
from motcua.payments import actions as payments
from motcua.payments import queries
from motcua.payments.models import ReceiptBook

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier(staff: Staff) -> Dossier:
    return factories.receive(staff.counter, costly(CHARGE, OTHERWISE))


def slip(dossier: Dossier) -> Letter:
    return documents.letters_of(dossier.code)[-1]


def printed(staff: Staff, dossier: Dossier, *, version: LetterVersion = LetterVersion.LATEST) -> str:
    pdf = actions.print_letter(
        actor=staff.counter,
        code=dossier.code,
        letter_id=slip(dossier).pk,
        now=at(17, 10),
        version=version,
    )
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf.content)).pages)
    return " ".join(text.split())


def test_before_it_is_paid_it_asks_and_is_the_same_every_time(staff: Staff, dossier: Dossier) -> None:
    text = printed(staff, dossier)
    assert "Phí, lệ phí phải nộp: 5.000 đồng" in text
    assert text == printed(staff, dossier, version=LetterVersion.ISSUED)


def test_printed_again_after_the_payment_it_names_the_receipt(staff: Staff, dossier: Dossier) -> None:
    stored = slip(dossier).data
    pay(staff, queries.bills_of(dossier.code)[0])
    text = printed(staff, dossier)
    assert "phải nộp" not in text
    assert "Đã nộp phí, lệ phí 5.000 đồng, biên lai AA-26T số 0000001 ngày 16/11/2026." in text
    assert "Bản in lại lúc 10:00 ngày 17/11/2026" in text
    assert slip(dossier).data == stored, "the letter stays as it was issued"
    assert "phải nộp: 5.000 đồng" in printed(staff, dossier, version=LetterVersion.ISSUED)
    entry = AuditEntry.objects.filter(action="dossiers.letter_printed").order_by("-pk")[1]
    assert "money_as_of_print" in str(entry.data)


def test_partly_paid_it_asks_for_the_rest(staff: Staff, dossier: Dossier) -> None:
    pay(staff, queries.bills_of(dossier.code)[0], amount=2_000)
    text = printed(staff, dossier)
    assert "Đã nộp phí, lệ phí 2.000 đồng" in text and "phải nộp: 3.000 đồng" in text


def test_taken_back_it_asks_again(staff: Staff, dossier: Dossier) -> None:
    done = pay(staff, queries.bills_of(dossier.code)[0])
    payments.reverse_payment(actor=staff.counter, payment_id=done.payment.pk, reason="Nhầm", now=MONDAY)
    worker.drain(MONDAY)
    text = printed(staff, dossier)
    assert "Đã nộp" not in text and "phải nộp: 5.000 đồng" in text


def test_what_is_owed_no_more_is_said(staff: Staff, dossier: Dossier) -> None:
    actions.stop_dossier(
        actor=staff.counter, code=dossier.code, reason="Rút", requested_by_applicant=True, now=at(17)
    )
    letter = documents.letters_of(dossier.code)[0]
    pdf = actions.print_letter(actor=staff.counter, code=dossier.code, letter_id=letter.pk, now=at(17, 10))
    text = " ".join(pypdf.PdfReader(io.BytesIO(pdf.content)).pages[0].extract_text().split())
    assert "Không còn khoản phí, lệ phí phải nộp." in text


def test_money_that_waits_for_a_receipt_is_called_paid(
    staff: Staff, place: Province, dossier: Dossier
) -> None:
    ReceiptBook.objects.update(confirmed=False)
    pay(staff, queries.bills_of(dossier.code)[0], method="transfer")
    assert "Đã nộp phí, lệ phí 5.000 đồng, biên lai lập sau." in printed(staff, dossier)


def test_the_slip_of_another_case_says_what_was_paid_and_asks_for_the_difference(
    staff: Staff, dossier: Dossier
) -> None:
    pay(staff, queries.bills_of(dossier.code)[0])
    actions.change_case(
        actor=staff.specialist, code=dossier.code, case_key="xac-minh", reason="Phải xác minh", now=at(17)
    )
    data = slip(dossier).data
    assert [one["amount"] for one in data["payments"]] == [20_000]
    assert data["paid"] == ["Đã nộp phí, lệ phí 5.000 đồng, biên lai AA-26T số 0000001 ngày 16/11/2026."]
    text = printed(staff, dossier)
    assert "Bản in lại" not in text and "phải nộp: 20.000 đồng" in text


def test_with_its_receipts_it_says_the_same(staff: Staff, dossier: Dossier) -> None:
    pay(staff, queries.bills_of(dossier.code)[0])
    pdf = actions.print_with_receipts(
        actor=staff.counter, code=dossier.code, letter_id=slip(dossier).pk, now=at(17, 10)
    )
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf.content)).pages]
    assert "Đã nộp phí" in " ".join(pages[0].split()) and len(pages) > 1


def test_another_letter_is_printed_as_it_is(staff: Staff, dossier: Dossier) -> None:
    done = actions.stop_dossier(
        actor=staff.counter, code=dossier.code, reason="Rút", requested_by_applicant=True, now=at(17)
    )
    first, second = (
        actions.print_letter(
            actor=staff.counter, code=dossier.code, letter_id=done.letter.pk, now=at(17, each)
        )
        for each in (10, 11)
    )
    assert first.content == second.content

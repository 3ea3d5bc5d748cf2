"""One press prints the slip and the receipts of what was paid."""

from __future__ import annotations

import io

import pypdf
import pytest
from django.urls import reverse

from motcua.counter.tests.counter_desk import NOW, Counter
from motcua.dossiers.models import Dossier
from motcua.kernel.actor import Actor
from motcua.payments import actions as payments
from motcua.payments.rules.collectors import CollectorData

SYSTEM = Actor.system("test")


def pages(content: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(content)).pages]


def save(counter: Counter) -> tuple[Dossier, int]:
    answer = counter.client.post(reverse("counter:reception"), counter.form())
    assert answer.status_code == 302, answer.content.decode()
    letter_id = int(answer.headers["Location"].rsplit("phieu=", 1)[1].split("&")[0])
    return Dossier.objects.get(), letter_id


@pytest.fixture
def collecting(counter: Counter) -> Counter:
    ward = counter.place.commune.agency
    data = CollectorData(name=ward.full_name, tax_code="2400123456", address="Phường Bắc Giang")
    payments.set_collector(actor=SYSTEM, unit_id=ward.id, data=data, now=NOW)
    payments.open_book(
        actor=SYSTEM, unit_id=ward.id, form_symbol="01BLP2-001", series=f"AA-{NOW.year % 100}T", now=NOW
    )
    return counter


def take_money(counter: Counter, dossier: Dossier) -> None:
    bill = payments.open_bill(
        actor=SYSTEM,
        unit_id=counter.unit_id,
        budget_unit_id=counter.unit_id,
        subject=dossier.code,
        payer=payments.Payer("Nguyễn Văn An"),
        lines=(payments.BillLine("ho-tich", "le_phi", "Lệ phí hộ tịch", 8_000),),
        key=f"bill:{dossier.code}",
        now=NOW,
    )
    payments.take_payment(
        actor=counter.officer, bill_id=bill.pk, method="cash", amount=8_000, key="pay", now=NOW
    )


def test_where_money_was_taken_slip_and_receipt_come_out_together(collecting: Counter) -> None:
    dossier, letter_id = save(collecting)
    take_money(collecting, dossier)
    address = reverse("counter:slip_with_receipts", args=[dossier.code, letter_id])
    shown = collecting.client.get(
        reverse("counter:reception"), {"xong": dossier.code, "phieu": str(letter_id)}
    ).content.decode()
    assert f'<meta name="print-now" content="{address}">' in shown
    assert "In lại phiếu và biên lai" in shown
    found = pages(collecting.client.get(address).content)
    assert "HẸN TRẢ KẾT QUẢ" in found[0] and "Trang 1/" not in found[0]
    assert "Liên 1: Lưu" in found[-1] and "Liên 2: Giao người nộp" in found[-1]
    assert "in lại" not in found[-1]
    assert "Bản in lại lần 1" in pages(collecting.client.get(address).content)[-1]


def test_without_money_the_slip_is_printed_alone(collecting: Counter) -> None:
    dossier, letter_id = save(collecting)
    shown = collecting.client.get(
        reverse("counter:reception"), {"xong": dossier.code, "phieu": str(letter_id)}
    ).content.decode()
    assert reverse("counter:slip", args=[dossier.code, letter_id]) in shown
    both = collecting.client.get(reverse("counter:slip_with_receipts", args=[dossier.code, letter_id]))
    alone = collecting.client.get(reverse("counter:slip", args=[dossier.code, letter_id]))
    assert both.content == alone.content


def test_asking_for_the_head_of_a_print_counts_nothing(collecting: Counter) -> None:
    dossier, letter_id = save(collecting)
    take_money(collecting, dossier)
    address = reverse("counter:slip_with_receipts", args=[dossier.code, letter_id])
    assert collecting.client.head(address).status_code == 200
    assert "in lại" not in pages(collecting.client.get(address).content)[-1]

"""Printing receipts: what stands on them, copies, reprints, and what became of them since."""

from __future__ import annotations

import io
from datetime import timedelta

import pypdf
import pytest
from django.utils import translation

from motcua.documents.errors import LetterNotRendered
from motcua.kernel.audit.models import AuditEntry
from motcua.kernel.errors import Invalid, NotAllowed, NotFound
from motcua.organisation import queries as organisation
from motcua.organisation.tests import factories
from motcua.organisation.types import Role
from motcua.payments import actions, queries
from motcua.payments.models import Collector, Receipt
from motcua.payments.rules import receipt_data
from motcua.payments.tests.counter import NOW, Counter, make_counter

pytestmark = pytest.mark.django_db
LONG = (
    "Công ty trách nhiệm hữu hạn một thành viên Thương mại và Dịch vụ Kỹ thuật Xuất nhập khẩu Nguyễn Thị"
    " Hoàng Ánh Nguyệt"
)


@pytest.fixture
def counter() -> Counter:
    return make_counter()


@pytest.fixture
def receipt(counter: Counter) -> Receipt:
    return counter.pay(counter.bill()).receipts[0]


def pages(content: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(content)).pages]


def printed(counter: Counter, receipt: Receipt, layout: str = "a5") -> list[str]:
    return pages(
        actions.receipt_pdf(receipt_id=receipt.pk, layout=layout, actor=counter.cashier, now=NOW).content
    )


def test_every_copy_says_everything_the_decree_asks(counter: Counter, receipt: Receipt) -> None:
    first, second = printed(counter, receipt)
    assert "Liên 1: Lưu" in first and "Liên 2: Giao người nộp" in second
    for page in (first, second):
        for said in (
            "BIÊN LAI THU PHÍ, LỆ PHÍ",
            "Mẫu số: 01BLP2-001",
            "Ký hiệu: AA-25T",
            "Số: 0000001",
            "ỦY BAN NHÂN DÂN PHƯỜNG BẮC GIANG",
            "Mã số thuế: 2400123456",
            "Họ tên người nộp: Nguyễn Thị Ánh",
            "Phí chứng thực bản sao",
            "8.000",
            "Mười ba nghìn đồng",
            "Tiền mặt",
            "Ngày 01 tháng 12 năm 2025",
        ):
            assert said in page, said
        assert "in lại" not in page


def test_a_reprint_says_so_and_how_often_and_is_in_the_log(counter: Counter, receipt: Receipt) -> None:
    """The printer failed after the number was taken: the number stands, the next print is a reprint."""
    printed(counter, receipt)
    assert "Bản in lại lần 1" in printed(counter, receipt)[0]
    assert "Bản in lại lần 2" in printed(counter, receipt, "k80")[1]
    receipt.refresh_from_db()
    assert (receipt.printed, receipt.number, receipt.state) == (3, 1, "issued")
    told = AuditEntry.objects.filter(subject__endswith="AA-25T 0000001").values_list("action", flat=True)
    assert list(told.order_by("pk")) == [
        "payments.receipt_issued",
        "payments.receipt_printed",
        "payments.receipt_reprinted",
        "payments.receipt_reprinted",
    ]


def test_a_receipt_that_could_not_be_drawn_was_not_printed(
    counter: Counter, receipt: Receipt, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object) -> bytes:
        raise LetterNotRendered("no font")

    monkeypatch.setattr("motcua.documents.queries.render_receipts", broken)
    with pytest.raises(LetterNotRendered):
        printed(counter, receipt)
    receipt.refresh_from_db()
    assert (receipt.printed, receipt.number) == (0, 1)


def test_a_look_is_marked_and_not_counted(counter: Counter, receipt: Receipt) -> None:
    seen = queries.receipt_preview(receipt_id=receipt.pk, layout="a4", actor=counter.leader)
    assert "Bản xem" in pages(seen.content)[0]
    receipt.refresh_from_db()
    assert receipt.printed == 0


def test_void_and_its_replacement_say_what_they_are(counter: Counter, receipt: Receipt) -> None:
    new = actions.void_receipt(actor=counter.cashier, receipt_id=receipt.pk, reason="Kẹt giấy", now=NOW)
    old_page, new_page = printed(counter, receipt)[0], printed(counter, new)[0]
    assert "BIÊN LAI ĐÃ XÓA BỎ" in old_page
    assert "Kẹt giấy" in old_page and "0000002" in old_page
    assert "Thay thế biên lai mẫu số 01BLP2-001, ký hiệu AA-25T, số 0000001, ngày 01/12/2025" in new_page


def test_what_is_printed_is_what_was_stored_whatever_changes_around_it(
    counter: Counter, receipt: Receipt
) -> None:
    before = queries.receipt_preview(receipt_id=receipt.pk, layout="a5", actor=counter.leader).content
    Collector.objects.update(name="Ủy ban nhân dân phường Kinh Bắc", tax_code="1")
    type(receipt.book).objects.update(copies=5)
    with translation.override("en"):
        again = queries.receipt_preview(receipt_id=receipt.pk, layout="a5", actor=counter.leader).content
    assert again == before


def test_an_officer_who_reads_english_writes_vietnamese_receipts(counter: Counter) -> None:
    with translation.override("en"):
        receipt = counter.pay(counter.bill("en")).receipts[0]
    assert receipt.content["method_name"] == "Tiền mặt"


@pytest.mark.parametrize("layout", ["a5", "a4", "k80"])
def test_long_names_twelve_digits_and_eight_lines_stay_on_their_paper(counter: Counter, layout: str) -> None:
    lines = tuple(
        actions.BillLine(
            f"k{n}", "phi", f"Phí thẩm định hồ sơ cấp giấy phép môi trường, lần {n}", 12_345_678_901
        )
        for n in range(8)
    )
    bill = actions.open_bill(
        actor=counter.cashier,
        unit_id=counter.unit_id,
        budget_unit_id=counter.unit_id,
        subject="H05.101-251201-0009",
        payer=actions.Payer(LONG, "027090001234", f"{LONG}, {LONG}"),
        lines=lines,
        key="long",
        now=NOW,
    )
    receipt = counter.pay(bill, method="cash").receipts[0]
    found = printed(counter, receipt, layout)
    assert len(found) == {"a5": 2, "a4": 1, "k80": 2}[layout]
    assert "98.765.431.208" in found[0] and "NGƯỜI THU TIỀN" in found[0]


def test_what_was_stored_before_the_structure_had_a_number_is_still_read(receipt: Receipt) -> None:
    old = {k: v for k, v in receipt.content.items() if k not in ("title", "version", "layout", "relation")}
    assert receipt_data.read(old).title == "BIÊN LAI THU PHÍ, LỆ PHÍ"
    assert receipt_data.read(receipt.content).to_json() == receipt.content
    with pytest.raises(ValueError, match="version 9"):
        receipt_data.read({**receipt.content, "version": 9})


def test_only_people_of_the_unit_print_and_strangers_find_nothing(counter: Counter, receipt: Receipt) -> None:
    reader = factories.person("van-thu")
    factories.post(reader, "07210", Role.CLERK)
    for actor, refusal in (
        (organisation.actor_for(reader, NOW), NotAllowed),
        (organisation.actor_for(factories.person("nguoi-la"), NOW), NotFound),
    ):
        with pytest.raises(refusal):
            actions.receipt_pdf(receipt_id=receipt.pk, layout="a5", actor=actor, now=NOW)
    with pytest.raises(Invalid):
        actions.receipt_pdf(receipt_id=receipt.pk, layout="a3", actor=counter.cashier, now=NOW)


def test_after_its_day_a_receipt_is_corrected_by_who_confirms(counter: Counter, receipt: Receipt) -> None:
    tomorrow = NOW + timedelta(days=1)
    with pytest.raises(NotAllowed, match="lãnh đạo"):
        actions.void_receipt(actor=counter.cashier, receipt_id=receipt.pk, reason="Sai", now=tomorrow)
    made = actions.replace_receipt(
        actor=counter.leader, receipt_id=receipt.pk, reason="Sai tên", payer_name="Lê Văn Bình", now=tomorrow
    )
    assert made.payer_name == "Lê Văn Bình"

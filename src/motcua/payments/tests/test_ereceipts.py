"""Electronic receipts: the documented XML, and handing each over once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from lxml import etree

from motcua.kernel.actor import Actor
from motcua.kernel.outbox.models import Job
from motcua.kernel.outbox.worker import drain
from motcua.payments import actions
from motcua.payments.adapters import ereceipts
from motcua.payments.adapters.ereceipts import SCHEMA, FolderDriver, Sent
from motcua.payments.models import Receipt, ReceiptCancellation, ReceiptSending
from motcua.payments.rules import receipt_data
from motcua.payments.tests.counter import NOW, Counter, make_counter

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
NS = {"r": ereceipts.NAMESPACE}


@pytest.fixture
def counter() -> Counter:
    """A ward that gives electronic receipts."""
    made = make_counter(books=False)
    actions.open_book(
        actor=made.leader,
        unit_id=made.leader.grants[0].unit_id,
        form_symbol="01BLP0-001",
        series="AA-25E",
        now=NOW,
    )
    return made


@pytest.fixture
def receipt(counter: Counter) -> Receipt:
    return counter.pay(counter.bill()).receipts[0]


@pytest.fixture
def folder(settings: LazySettings, tmp_path: Path) -> Path:
    settings.ERECEIPT_DRIVER, settings.ERECEIPT_DIR = "folder", tmp_path / "out"
    return tmp_path / "out"


def valid(document: bytes) -> etree._Element:
    """By an independent reader of the schema."""
    root = etree.fromstring(document)
    etree.XMLSchema(etree.parse(str(SCHEMA))).assertValid(root)
    return root


def test_the_xml_says_what_the_receipt_says_and_keeps_to_its_schema(
    counter: Counter, receipt: Receipt
) -> None:
    odd = {**receipt.content, "payer": {"name": "A & <B> \x0b“C”", "id_number": "", "address": ""}}
    root = valid(ereceipts.to_xml(receipt_data.read(odd), key="BL-1"))
    assert root.findtext(".//r:Payer/r:Name", namespaces=NS) == "A & <B> “C”"
    assert root.findtext(".//r:Amount", namespaces=NS) == "8000"
    assert root.findtext("./r:Data/r:Amount", namespaces=NS) == "13000"
    assert root.findtext(".//r:AmountInWords", namespaces=NS) == "Mười ba nghìn đồng"
    new = actions.replace_receipt(
        actor=counter.cashier, receipt_id=receipt.pk, reason="Sai tên", payer_name="Lê Văn Bình", now=NOW
    )
    tie = valid(ereceipts.to_xml(receipt_data.read(new.content), key="BL-2")).find(".//r:Relation", NS)
    assert tie is not None
    assert (tie.get("kind"), tie.findtext(".//r:Number", namespaces=NS)) == ("replaces", "0000001")


def test_a_paper_receipt_has_the_same_structure() -> None:
    counter = make_counter()
    paper = counter.pay(counter.bill()).receipts[0]
    valid(ereceipts.to_xml(receipt_data.read(paper.content), key="BL-3"))
    assert not Job.objects.filter(name="payments.send_ereceipt").exists(), "paper goes nowhere"


def test_it_is_handed_over_once_however_often_the_job_runs(folder: Path, receipt: Receipt) -> None:
    drain(now=NOW)
    sending = ReceiptSending.objects.get()
    assert (sending.state, sending.driver) == ("sent", "folder")
    (file,) = folder.iterdir()
    assert file.read_text(encoding="utf-8") == sending.document
    assert ereceipts.digest(file.read_bytes()) == sending.digest
    before = file.stat().st_mtime_ns
    for _time in range(2):
        actions.send_receipt(actor=SYSTEM, receipt_id=receipt.pk, now=NOW + timedelta(hours=1))
    assert (ReceiptSending.objects.count(), file.stat().st_mtime_ns) == (1, before)


def test_a_driver_that_took_it_and_died_gets_the_same_bytes_under_the_same_key(
    folder: Path, receipt: Receipt, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, bytes]] = []
    real = FolderDriver.send

    def send(self: FolderDriver, document: bytes, *, key: str) -> Sent:
        seen.append((key, document))
        answer = real(self, document, key=key)
        if len(seen) == 1:
            raise OSError("the line broke after it was taken")
        return answer

    monkeypatch.setattr(FolderDriver, "send", send)
    with pytest.raises(OSError, match="line broke"):
        actions.send_receipt(actor=SYSTEM, receipt_id=receipt.pk, now=NOW)
    assert ReceiptSending.objects.get().state == "waiting"
    actions.send_receipt(actor=SYSTEM, receipt_id=receipt.pk, now=NOW)
    assert seen[0] == seen[1]
    assert (ReceiptSending.objects.get().state, len(list(folder.iterdir()))) == ("sent", 1)


def test_without_a_driver_it_waits_and_goes_when_one_is_chosen(
    receipt: Receipt, settings: LazySettings, tmp_path: Path
) -> None:
    drain(now=NOW)
    assert ReceiptSending.objects.get().state == "waiting"
    assert actions.send_waiting(now=NOW) == 0
    settings.ERECEIPT_DRIVER, settings.ERECEIPT_DIR = "folder", tmp_path
    later = NOW + timedelta(hours=1)
    assert actions.send_waiting(now=later) == 1
    drain(now=later)
    assert ReceiptSending.objects.get().state == "sent"


def test_a_refusal_is_kept_with_the_drivers_words(
    folder: Path, receipt: Receipt, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_self: FolderDriver, _document: bytes, *, key: str) -> Sent:
        return Sent(accepted=False, answer=f"{key}: mã số thuế không đúng")

    monkeypatch.setattr(FolderDriver, "send", refuse)
    sending = actions.send_receipt(actor=SYSTEM, receipt_id=receipt.pk, now=NOW)
    assert sending.state == "refused" and "mã số thuế" in sending.answer


# --- what becomes of it afterwards ------------------------------------------------------------------------


def documents(folder: Path) -> dict[str, etree._Element]:
    """What the driver was given, by the end of its name, each held against the schema."""
    return {
        file.stem.removeprefix("BL-07210-01BLP0-001-AA-25E-"): valid(file.read_bytes())
        for file in folder.iterdir()
    }


def text(root: etree._Element, path: str) -> str:
    return str(root.findtext(path, namespaces=NS))


def test_a_payment_taken_back_cancels_its_receipt_at_the_driver(
    counter: Counter, folder: Path, receipt: Receipt
) -> None:
    drain(now=NOW)
    assert receipt.payment_id is not None
    actions.reverse_payment(
        actor=counter.cashier, payment_id=receipt.payment_id, reason="Thu nhầm hồ sơ", now=NOW
    )
    drain(now=NOW)
    told = documents(folder)
    assert sorted(told) == ["0000001", "0000001-HUY"]
    gone = told["0000001-HUY"]
    assert gone.tag == f"{{{ereceipts.NAMESPACE}}}Cancellation"
    assert text(gone, ".//r:Identity/r:Number") == "0000001"
    assert text(gone, ".//r:Reason") == "Thu nhầm hồ sơ"
    assert gone.find(".//r:ReplacedBy", NS) is None
    assert ReceiptCancellation.objects.get().state == "sent"


def test_a_spoiled_one_is_cancelled_and_names_what_stands_in_its_place(
    counter: Counter, folder: Path, receipt: Receipt
) -> None:
    actions.void_receipt(actor=counter.cashier, receipt_id=receipt.pk, reason="Sai tên", now=NOW)
    drain(now=NOW)
    told = documents(folder)
    assert sorted(told) == ["0000001", "0000001-HUY", "0000002"]
    assert text(told["0000001-HUY"], ".//r:ReplacedBy/r:Number") == "0000002"


@pytest.mark.parametrize(("act", "kind"), [("adjust", "adjusts"), ("replace", "replaces")])
def test_a_correction_goes_out_as_a_document_that_names_what_it_corrects(
    counter: Counter, folder: Path, receipt: Receipt, act: str, kind: str
) -> None:
    correct = {"adjust": actions.adjust_receipt, "replace": actions.replace_receipt}[act]
    correct(actor=counter.cashier, receipt_id=receipt.pk, reason="Sai tên", payer_name="Lê Văn An", now=NOW)
    drain(now=NOW)
    told = documents(folder)
    assert sorted(told) == ["0000001", "0000002"]
    tie = told["0000002"].find(".//r:Relation", NS)
    assert tie is not None and (tie.get("kind"), text(tie, ".//r:Number")) == (kind, "0000001")


def test_a_cancellation_waits_for_a_driver_and_goes_after_its_receipt(
    counter: Counter,
    receipt: Receipt,
    settings: LazySettings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert receipt.payment_id is not None
    actions.reverse_payment(actor=counter.cashier, payment_id=receipt.payment_id, reason="Nhầm", now=NOW)
    drain(now=NOW)
    assert ReceiptCancellation.objects.get().state == "waiting"
    seen: list[str] = []
    real = FolderDriver.send

    def send(self: FolderDriver, document: bytes, *, key: str) -> Sent:
        seen.append(key[-11:])
        return real(self, document, key=key)

    monkeypatch.setattr(FolderDriver, "send", send)
    settings.ERECEIPT_DRIVER, settings.ERECEIPT_DIR = "folder", tmp_path
    actions.send_cancellation(actor=SYSTEM, receipt_id=receipt.pk, now=NOW)
    assert seen == ["25E-0000001", "0000001-HUY"]
    later = NOW + timedelta(hours=1)
    assert actions.send_waiting(now=later) == 0
    actions.send_cancellation(actor=SYSTEM, receipt_id=receipt.pk, now=later)
    assert len(seen) == 2, "once"


def test_what_the_driver_never_took_needs_no_cancellation(
    counter: Counter, folder: Path, receipt: Receipt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FolderDriver, "send", lambda *_args, **_named: Sent(accepted=False, answer="không"))
    drain(now=NOW)
    assert receipt.payment_id is not None
    actions.reverse_payment(actor=counter.cashier, payment_id=receipt.payment_id, reason="Nhầm", now=NOW)
    drain(now=NOW)
    assert not ReceiptCancellation.objects.exists()


def test_a_paper_receipt_that_is_void_is_told_to_nobody() -> None:
    counter = make_counter()
    done = counter.pay(counter.bill())
    actions.reverse_payment(actor=counter.cashier, payment_id=done.payment.pk, reason="Nhầm", now=NOW)
    assert not Job.objects.filter(name="payments.cancel_ereceipt").exists()


def test_an_unknown_driver_is_named(settings: LazySettings) -> None:
    settings.ERECEIPT_DRIVER = "fax"
    with pytest.raises(ValueError, match="fax"):
        ereceipts.driver()

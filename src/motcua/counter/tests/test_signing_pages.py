"""The record of a closed day on its page: signed by whom and when, or why not yet and what to do."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdf
import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from motcua.counter.tests.till import CLOSE, TODAY, Till, make_till, words
from motcua.documents.tests.signers import Folder
from motcua.kernel.accounts.models import User
from motcua.kernel.actor import Actor
from motcua.kernel.audit.models import AuditEntry
from motcua.kernel.outbox.worker import drain
from motcua.organisation.models import Unit
from motcua.payments.models import CashCount, CashierDay
from motcua.payments.tests.counter import NOW


@pytest.fixture
def till(db: None, tmp_path: Path, settings: Any) -> Iterator[Till]:
    settings.MEDIA_DIR = tmp_path / "media"
    with time_machine.travel(NOW, tick=False):
        made = make_till()
        made.pay(made.bill())
        yield made


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Folder:
    made = Folder(tmp_path / "ky-so")
    settings.SIGNERS = str(made.file)
    return made


def declare(folder: Folder, till: Till, *, cashier: bool = True) -> None:
    """The cashier's own certificate and the unit's seal."""
    if cashier:
        folder.declare("Nguyễn Thị Hoa", person=username(till.books.cashier))
    folder.declare("Ủy ban nhân dân phường", unit=Unit.objects.get(pk=till.unit_id).code, role="seal")


def username(actor: Actor) -> str:
    assert actor.user_id is not None
    return User.objects.get(pk=actor.user_id).username


def close(till: Till, **typed: str) -> CashierDay:
    data = {"do": "close", "day": str(TODAY), "note-10000": "1", "note-1000": "3", **typed}
    assert till.cashier.post(CLOSE, data).status_code == 302
    return CashierDay.objects.get()


def page(till: Till) -> str:
    return words(till.cashier.get(f"{CLOSE}{CashierDay.objects.get().pk}/"))


def test_without_a_certificate_the_day_closes_as_ever_and_the_page_says_what_to_do(
    till: Till, folder: Folder
) -> None:
    day = close(till)
    said = page(till)
    assert "Biên bản chưa ký số" in said and "in biên bản và ký tay" in said
    assert f"{CLOSE}{day.pk}/ky-so/" not in said
    answer = till.cashier.post(f"{CLOSE}{day.pk}/ky-so/", follow=True)
    assert "Chưa khai báo chứng thư cho ai ký văn bản này" in words(answer)


def test_the_closed_day_shows_who_signed_with_which_certificate(till: Till, folder: Folder) -> None:
    declare(folder, till)
    day = close(till)
    assert "Biên bản đang được ký số" in page(till)
    drain(NOW)
    said = page(till)
    assert "Đã ký số" in said and "Tải bản ký số" in said
    for name, label in (
        ("Nguyễn Thị Hoa", "Người thu tiền"),
        ("Ủy ban nhân dân phường", "Con dấu của cơ quan"),
    ):
        assert f"{label}: <strong>{name}</strong>" in said
    assert said.count("nơi cấp: CA của phép thử") == 2
    record = f"{CLOSE}{day.pk}/bien-ban/"
    signed, issued = till.cashier.get(record), till.cashier.get(f"{record}?goc=1")
    assert signed.content.startswith(issued.content) and len(signed.content) > len(issued.content)
    assert "/ByteRange" in signed.content.decode("latin-1")
    saved = till.cashier.get(f"{record}?tai=1")
    assert saved["Content-Disposition"].startswith("attachment") and saved.content == signed.content


def test_a_confirmed_difference_is_signed_by_two_people(till: Till, folder: Folder) -> None:
    declare(folder, till)
    folder.declare("Ngô Thị Minh", person=username(till.books.leader))
    data = {"do": "close", "day": str(TODAY), "note-200000": "1", "explanation": "Chưa rõ"}
    till.cashier.post(CLOSE, data)
    till.leader.post(f"{CLOSE}dem/{CashCount.objects.get().pk}/", {"do": "confirm"})
    drain(NOW)
    said = page(till)
    assert "Người thu tiền: <strong>Nguyễn Thị Hoa</strong>" in said
    assert "Người xác nhận chênh lệch: <strong>Ngô Thị Minh</strong>" in said


def test_what_could_not_be_signed_says_why_and_is_tried_again_from_the_page(
    till: Till, folder: Folder
) -> None:
    declare(folder, till)
    (folder.path / "mat-khau.txt").write_text("sai")
    day = close(till)
    drain(NOW)
    said = page(till)
    assert "Biên bản chưa ký số được" in said and "Mật khẩu không mở được tệp chứng thư 0.p12" in said
    pdf = till.cashier.get(f"{CLOSE}{day.pk}/bien-ban/")
    assert pdf.status_code == 200 and b"/ByteRange" not in pdf.content
    Folder(folder.path, folder.entries)  # the passphrase is put right
    till.cashier.post(f"{CLOSE}{day.pk}/ky-so/")
    drain(NOW)
    assert "Đã ký số" in page(till)


def test_a_day_closed_before_there_was_a_certificate_is_signed_when_asked(till: Till, folder: Folder) -> None:
    day = close(till)
    declare(folder, till)
    assert "Bấm “Ký số”" in page(till)
    answer = till.leader.post(f"{CLOSE}{day.pk}/ky-so/", follow=True)
    assert "Đã yêu cầu ký số" in words(answer)
    assert AuditEntry.objects.filter(action="payments.record_signing_asked").count() == 1
    drain(NOW)
    assert "Người thu tiền: <strong>Nguyễn Thị Hoa</strong>" in page(till)
    again = till.leader.post(f"{CLOSE}{day.pk}/ky-so/", follow=True)
    assert "đã ký số xong" in words(again)


def test_the_signed_record_reads_like_the_paper(till: Till, folder: Folder) -> None:
    declare(folder, till)
    day = close(till)
    drain(NOW)
    content = till.cashier.get(f"{CLOSE}{day.pk}/bien-ban/").content
    said = " ".join(one.extract_text() for one in pypdf.PdfReader(io.BytesIO(content)).pages)
    assert "13.000" in said and day.digest[:20] in said.replace("\u200b", "")


def test_the_page_takes_few_statements(till: Till, folder: Folder) -> None:
    declare(folder, till)
    day = close(till)
    drain(NOW)
    till.cashier.get(f"{CLOSE}{day.pk}/")
    with CaptureQueriesContext(connection) as run:
        till.cashier.get(f"{CLOSE}{day.pk}/")
    assert len(run) <= 7, [query["sql"][:120] for query in run]

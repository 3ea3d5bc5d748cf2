"""Certificates and letters that could not be signed, for those who look after the installation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from motcua.catalogue.models import ProcedureVersion
from motcua.desk.tests.test_log_and_jobs import browser
from motcua.documents.models import Signing
from motcua.documents.tests.signers import Folder
from motcua.dossiers.tests import factories as f
from motcua.kernel.actor import Actor
from motcua.kernel.audit.models import AuditEntry
from motcua.kernel.outbox.worker import drain

pytestmark = pytest.mark.django_db
NOW = f.at(17, 10)


@pytest.fixture
def place() -> Iterator[f.Province]:
    with time_machine.travel(NOW, tick=False):
        yield f.make_province()


@pytest.fixture
def folder(place: f.Province, tmp_path: Path, settings: Any) -> Folder:
    made = Folder(tmp_path / "ky-so")
    settings.SIGNERS = str(made.file)
    settings.MEDIA_DIR = tmp_path / "media"
    return made


@pytest.fixture
def controller(place: f.Province) -> Client:
    return browser(f.make_officer("procedure_controller", place.centre))


def stuck(place: f.Province, folder: Folder) -> tuple[Actor, ProcedureVersion]:
    """A letter whose certificate ended yesterday; who received it, and of which procedure."""
    folder.declare(
        "Trung tâm Phục vụ hành chính công",
        unit=place.commune.centre.code,
        role="seal",
        end=NOW - timedelta(days=1),
    )
    staff, procedure = f.make_staff(place.commune), f.make_procedure()
    f.receive(staff.counter, procedure)
    drain(NOW)
    return staff.counter, procedure


def test_certificates_stand_with_their_end_and_what_is_wrong(
    place: f.Province, folder: Folder, controller: Client
) -> None:
    folder.declare("Trung tâm Phục vụ hành chính công", unit=place.commune.centre.code, role="seal")
    folder.declare("Nguyễn Thị Hoa", person="hoa", end=NOW + timedelta(days=9))
    folder.declare("Ngô Thị Minh", "mat.p12", person="minh")
    (folder.path / "mat.p12").unlink()
    html = controller.get("/ky-so/").content.decode()
    assert "Ký được" in html and "Sắp hết hạn" in html and "Không ký được" in html
    assert "Không đọc được tệp chứng thư mat.p12" in html and "01/01/2028" in html


def test_without_a_declaration_the_page_says_where_it_goes(controller: Client, settings: Any) -> None:
    settings.SIGNERS = ""
    html = controller.get("/ky-so/").content.decode()
    assert "MOTCUA_SIGNERS" in html and "Không có văn bản nào chờ ký số." in html


def test_a_declaration_that_cannot_be_read_is_told(folder: Folder, controller: Client) -> None:
    folder.file.write_text("{", encoding="utf-8")
    assert "có chỗ sai ở chu-ky.json" in controller.get("/ky-so/").content.decode()


def test_a_letter_that_could_not_be_signed_is_signed_when_its_certificate_is_renewed(
    place: f.Province, folder: Folder, controller: Client
) -> None:
    stuck(place, folder)
    html = controller.get("/ky-so/").content.decode()
    assert "đã hết hạn ngày 16/11/2026" in html and "Giấy tiếp nhận hồ sơ và hẹn trả kết quả số" in html
    assert "1 văn bản chưa ký số được" in controller.get("/ban-lam-viec/").content.decode()
    folder.entries.clear()
    folder.declare("Trung tâm", "moi.p12", unit=place.commune.centre.code, role="seal")
    answer = controller.post(f"/ky-so/{Signing.objects.get().pk}/thu-lai/", follow=True)
    assert "Đã yêu cầu ký lại" in answer.content.decode()
    assert AuditEntry.objects.filter(action="documents.signing_asked").exists()
    drain(NOW)
    assert "Không có văn bản nào chờ ký số." in controller.get("/ky-so/").content.decode()
    assert controller.post("/ky-so/999999/thu-lai/").status_code == 404


def test_the_list_takes_the_same_statements_however_long_it_is(
    place: f.Province, folder: Folder, controller: Client
) -> None:
    officer, procedure = stuck(place, folder)
    controller.get("/ky-so/")
    with CaptureQueriesContext(connection) as few:
        controller.get("/ky-so/")
    for _ in range(8):
        f.receive(officer, procedure)
    drain(NOW)
    with CaptureQueriesContext(connection) as many:
        controller.get("/ky-so/")
    assert len(many) == len(few) <= 6


def test_a_ward_does_not_look_after_certificates(place: f.Province) -> None:
    client = browser(f.make_officer("it_admin", place.commune.agency))
    assert client.get("/ky-so/").status_code == 403
    assert client.post("/ky-so/1/thu-lai/").status_code == 403

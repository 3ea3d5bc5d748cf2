"""The letters of a dossier: signed where certificates are declared, and asked for where they came later."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from motcua.catalogue.models import ProcedureVersion
from motcua.documents.models import Letter
from motcua.documents.tests.signers import Folder
from motcua.dossiers.models import Dossier
from motcua.dossiers.tests import factories as f
from motcua.kernel.accounts.models import User
from motcua.kernel.actor import Actor
from motcua.kernel.audit.models import AuditEntry
from motcua.kernel.outbox.worker import drain

pytestmark = pytest.mark.django_db
NOW = f.at(17, 10)


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Folder:
    made = Folder(tmp_path / "ky-so")
    settings.SIGNERS = str(made.file)
    settings.MEDIA_DIR = tmp_path / "media"
    return made


@pytest.fixture
def place() -> Iterator[f.Province]:
    with time_machine.travel(NOW, tick=False):
        yield f.make_province()


@pytest.fixture
def procedure(place: f.Province) -> ProcedureVersion:
    return f.make_procedure()


@pytest.fixture
def staff(place: f.Province) -> f.Staff:
    return f.make_staff(place.commune)


def browser(actor: Actor) -> Client:
    assert actor.user_id is not None
    client = Client()
    client.force_login(
        User.objects.get(pk=actor.user_id), backend="motcua.kernel.accounts.backend.PasswordBackend"
    )
    return client


def declare(folder: Folder, place: f.Province, staff: f.Staff) -> None:
    assert staff.counter.user_id is not None
    officer = User.objects.get(pk=staff.counter.user_id).username
    folder.declare("Nguyễn Thị Hoa", person=officer)
    folder.declare("Trung tâm Phục vụ hành chính công", unit=place.commune.centre.code, role="seal")


def slip_of(dossier: Dossier) -> Letter:
    return Letter.objects.get(subject=dossier.code)


def test_the_slip_is_signed_by_the_officer_and_sealed(
    place: f.Province, staff: f.Staff, procedure: ProcedureVersion, folder: Folder
) -> None:
    declare(folder, place, staff)
    dossier = f.receive(staff.counter, procedure)
    drain(NOW)
    client, url = browser(staff.counter), f"/ho-so/{dossier.code}/"
    said = client.get(url).content.decode()
    assert "Cán bộ lập văn bản: <strong>Nguyễn Thị Hoa</strong>" in said
    assert "Con dấu của cơ quan: <strong>Trung tâm Phục vụ hành chính công</strong>" in said
    address = f"{url}van-ban/{slip_of(dossier).pk}/"
    signed, issued = client.get(address).content, client.get(f"{address}?goc=1").content
    assert signed.startswith(issued) and b"/ByteRange" in signed
    assert client.get(f"{address}?tai=1")["Content-Disposition"].startswith("attachment")
    assert client.post(f"{address}ky-so/", follow=True).content.decode().count("đã ký số xong") == 1


def test_without_certificates_the_page_says_that_letters_are_signed_by_hand(
    staff: f.Staff, procedure: ProcedureVersion, folder: Folder
) -> None:
    dossier = f.receive(staff.counter, procedure)
    said = browser(staff.counter).get(f"/ho-so/{dossier.code}/").content.decode()
    assert "Văn bản chưa ký số: in ra, ký tay và đóng dấu." in said and "ky-so" not in said


def test_an_older_letter_is_signed_when_its_agency_asks(
    place: f.Province, staff: f.Staff, procedure: ProcedureVersion, folder: Folder
) -> None:
    dossier = f.receive(staff.counter, procedure)
    declare(folder, place, staff)
    address = f"/ho-so/{dossier.code}/van-ban/{slip_of(dossier).pk}/ky-so/"
    client = browser(staff.counter)
    assert address in client.get(f"/ho-so/{dossier.code}/").content.decode()
    assert "Đã yêu cầu ký số" in client.post(address, follow=True).content.decode()
    assert AuditEntry.objects.filter(action="dossiers.letter_signing_asked", subject=dossier.code).exists()
    drain(NOW)
    assert "Đã yêu cầu" not in (said := client.get(f"/ho-so/{dossier.code}/").content.decode())
    assert "Tải bản ký số" in said


def test_who_only_reads_does_not_have_letters_signed(
    place: f.Province, staff: f.Staff, procedure: ProcedureVersion, folder: Folder
) -> None:
    dossier = f.receive(staff.counter, procedure)
    declare(folder, place, staff)
    address = f"/ho-so/{dossier.code}/van-ban/{slip_of(dossier).pk}/ky-so/"
    inspector = browser(f.make_officer("inspector", place.commune.agency))
    assert "ky-so/" not in inspector.get(f"/ho-so/{dossier.code}/").content.decode()
    assert inspector.post(address).status_code == 403
    stranger = browser(f.make_officer("one_stop_officer", place.other.centre))
    assert stranger.post(address).status_code == 404


def test_a_reception_where_nobody_is_declared_takes_no_statement_more(
    place: f.Province, staff: f.Staff, procedure: ProcedureVersion, folder: Folder
) -> None:
    f.receive(staff.counter, procedure)
    with CaptureQueriesContext(connection) as without:
        f.receive(staff.counter, procedure)
    folder.declare("Phường khác", unit=place.other.centre.code, role="seal")
    with CaptureQueriesContext(connection) as others:
        f.receive(staff.counter, procedure)
    assert len(others) == len(without)
    declare(folder, place, staff)
    with CaptureQueriesContext(connection) as signed:
        f.receive(staff.counter, procedure)
    assert len(signed) <= len(without) + 4

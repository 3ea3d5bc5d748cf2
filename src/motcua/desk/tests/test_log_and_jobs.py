"""The log and the jobs: who may look, what they see, and that looking is recorded."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from motcua.catalogue.models import ProcedureVersion
from motcua.dossiers import queries
from motcua.dossiers.models import Dossier
from motcua.dossiers.tests import factories as f
from motcua.kernel import audit
from motcua.kernel.accounts.models import User
from motcua.kernel.actor import Actor
from motcua.kernel.audit.models import AuditEntry
from motcua.kernel.outbox.models import Job
from motcua.kernel.outbox.worker import drain
from motcua.kernel.tasks import ask_to_verify_audit

pytestmark = pytest.mark.django_db

TUESDAY = f.at(17, 10)


@dataclass
class Ward:
    place: f.Province
    staff: f.Staff
    procedure: ProcedureVersion
    ours: Dossier
    foreign: Dossier


@pytest.fixture
def ward() -> Iterator[Ward]:
    place = f.make_province()
    procedure = f.make_procedure()
    staff = f.make_staff(place.commune)
    ours = f.receive(staff.counter, procedure)
    foreign = f.receive(f.make_officer("one_stop_officer", place.other.centre), procedure)
    with time_machine.travel(TUESDAY, tick=False):
        yield Ward(place, staff, procedure, ours, foreign)


def browser(actor: Actor) -> Client:
    assert actor.user_id is not None
    client = Client()
    user = User.objects.get(pk=actor.user_id)
    client.force_login(user, backend="motcua.kernel.accounts.backend.PasswordBackend")
    return client


@pytest.fixture
def inspector(ward: Ward) -> Client:
    """An inspector of the province."""
    return browser(f.make_officer("inspector", ward.place.centre, name="Bùi Thanh Tra"))


@pytest.fixture
def controller(ward: Ward) -> Client:
    return browser(f.make_officer("procedure_controller", ward.place.centre))


@pytest.mark.parametrize("desk", ["counter", "specialist", "head", "leader", "clerk"])
def test_the_log_and_the_jobs_are_not_for_everybody(ward: Ward, desk: str) -> None:
    client = browser(getattr(ward.staff, desk))
    for path in ("/nhat-ky/", "/nhat-ky/xuat.csv", "/viec-nen/"):
        assert client.get(path).status_code == 403
    for path in ("/nhat-ky/kiem-tra/", "/viec-nen/1/thu-lai/"):
        assert client.post(path).status_code == 403


def test_an_inspector_sees_who_did_and_who_looked(ward: Ward, inspector: Client) -> None:
    queries.dossier_for_reading(ward.staff.specialist, ward.ours.code, TUESDAY)
    html = inspector.get("/nhat-ky/").content.decode()
    assert "Xem hồ sơ" in html
    assert "Trần Văn Chuyên" in html
    assert f'href="/ho-so/{ward.ours.code}/"' in html
    assert ward.foreign.code in html


def test_an_inspector_of_the_provincial_inspectorate_oversees_the_province(ward: Ward) -> None:
    client = browser(f.make_officer("inspector", ward.place.department))
    html = client.get("/nhat-ky/").content.decode()
    assert ward.ours.code in html
    assert client.get(f"/ho-so/{ward.foreign.code}/").status_code == 200


def test_looking_at_the_log_is_recorded(ward: Ward, inspector: Client) -> None:
    inspector.get("/nhat-ky/", {"ma": ward.ours.code})
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.actor_name) == ("desk.log_read", "Bùi Thanh Tra")
    assert ward.ours.code in entry.data


@pytest.mark.parametrize("role", ["inspector", "it_admin", "procedure_controller"])
def test_a_wards_overseer_sees_only_what_concerns_the_ward(ward: Ward, role: str) -> None:
    client = browser(f.make_officer(role, ward.place.commune.agency))
    html = client.get("/nhat-ky/").content.decode()
    assert ward.ours.code in html
    assert ward.foreign.code not in html
    exported = client.get("/nhat-ky/xuat.csv").content.decode()
    assert ward.ours.code in exported
    assert ward.foreign.code not in exported
    html = client.get("/nhat-ky/", {"ma": ward.foreign.code}).content.decode()
    assert "Không có dòng nào như vậy" in html


@pytest.mark.parametrize(
    ("query", "there", "gone"),
    [
        ({"viec": "xem"}, "Xem hồ sơ</span>", "Tiếp nhận hồ sơ</span>"),
        ({"viec": "dossiers.received"}, "Tiếp nhận hồ sơ</span>", "Xem hồ sơ</span>"),
        ({"nguoi": "Trần Văn Chuyên"}, "Xem hồ sơ</span>", "Tiếp nhận hồ sơ</span>"),
        ({"nguoi": "không ai cả"}, "Không có dòng nào như vậy", "Xem hồ sơ</span>"),
        ({"tu": "2026-11-17"}, "Xem hồ sơ</span>", "Tiếp nhận hồ sơ</span>"),
        ({"den": "16/11/2026"}, "Tiếp nhận hồ sơ</span>", "Xem hồ sơ</span>"),
        ({"ma": "  h05.16-261116-0001 "}, "H05.16-261116-0001</a>", "H05.17-261116-0001</a>"),
    ],
)
def test_the_log_is_narrowed_down(
    ward: Ward, inspector: Client, query: dict[str, str], there: str, gone: str
) -> None:
    queries.dossier_for_reading(ward.staff.specialist, ward.ours.code, TUESDAY)
    html = inspector.get("/nhat-ky/", query).content.decode()
    assert there in html
    assert gone not in html


@pytest.mark.parametrize(
    "query",
    [
        {"tu": "31/02/2026"},
        {"viec": "gì đó"},
        {"truoc": "abc"},
        {"truoc": "9" * 40},
        {"den": "9999-12-31"},
        {"tu": "0001-01-01"},
        {"ma": "x" * 900},
    ],
)
def test_a_filter_that_cannot_be_used_is_answered_all_the_same(
    inspector: Client, query: dict[str, str]
) -> None:
    assert inspector.get("/nhat-ky/", query).status_code == 200


def test_days_in_the_wrong_order_are_named(inspector: Client) -> None:
    html = inspector.get("/nhat-ky/", {"tu": "2026-11-17", "den": "2026-11-16"}).content.decode()
    assert "phải từ “Từ ngày” trở đi" in html


def test_the_log_is_paged_by_place_and_costs_the_same(ward: Ward, inspector: Client) -> None:
    for number in range(120):
        audit.record(f.SYSTEM, "dossiers.read", subject_type="dossier", subject=f"M-{number:03}", at=TUESDAY)
    inspector.get("/nhat-ky/")
    with CaptureQueriesContext(connection) as made:
        first = inspector.get("/nhat-ky/").content.decode()
    assert "M-119" in first
    assert "M-050" not in first
    assert len(made) <= 12
    older = first.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0]
    second = inspector.get(f"/nhat-ky/{older}").content.decode()
    assert "M-060" in second
    assert "M-119" not in second


def test_the_export_is_a_table_without_formulas_and_is_recorded(ward: Ward, inspector: Client) -> None:
    said = {"reason": '=HYPERLINK("http://x")', "note": "một\ndòng"}
    audit.record(f.SYSTEM, "=cmd", subject_type="dossier", subject="@x", data=said, at=TUESDAY)
    response = inspector.get("/nhat-ky/xuat.csv", {"ma": "@x"})
    text = response.content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0][1] == "Lúc"
    assert rows[1][5] == "'=cmd"
    assert not any(cell.startswith(("=", "@", "+", "-")) for row in rows for cell in row)
    assert 'filename="nhat-ky-20261117-1000.csv"' in response["Content-Disposition"]
    assert AuditEntry.objects.latest("pk").action == "desk.log_exported"


def test_the_sixth_export_within_the_hour_waits(inspector: Client) -> None:
    statuses = [inspector.get("/nhat-ky/xuat.csv").status_code for _number in range(6)]
    assert statuses == [200] * 5 + [429]


def test_a_verification_is_asked_for_done_by_the_worker_and_shown(ward: Ward, inspector: Client) -> None:
    assert "chưa được kiểm tra lần nào" in inspector.get("/nhat-ky/").content.decode()
    assert inspector.post("/nhat-ky/kiem-tra/")["Location"] == "/nhat-ky/"
    drain(TUESDAY)
    html = inspector.get("/nhat-ky/").content.decode()
    assert "Nhật ký nguyên vẹn." in html
    assert AuditEntry.objects.filter(action="kernel.verification_requested").count() == 1


def test_a_changed_entry_is_shown_in_red(ward: Ward, inspector: Client) -> None:
    result = {"entries": 10, "problem_count": 2, "problems": [{"where": "ab:3", "what": "was changed"}]}
    Job.objects.create(
        name="kernel.verify_audit", created_at=TUESDAY, run_at=TUESDAY, done_at=TUESDAY, result=result
    )
    html = inspector.get("/nhat-ky/").content.decode()
    assert "Nhật ký có 2 chỗ không còn nguyên vẹn." in html
    assert "ab:3: was changed" in html


def test_the_log_is_verified_once_a_night() -> None:
    for hour, count in ((23, 0), (24, 0), (25, 1), (25, 1), (26, 1), (49, 2)):
        ask_to_verify_audit({}, f.at(16, 0) + timedelta(hours=hour))
        assert Job.objects.filter(name="kernel.verify_audit").count() == count


# --- jobs -------------------------------------------------------------------------------------------------


@pytest.fixture
def dead() -> Job:
    return Job.objects.create(
        name="documents.rescan_held",
        payload={"file": 1},
        created_at=TUESDAY,
        run_at=TUESDAY,
        dead_at=TUESDAY,
        attempts=9,
        error="Traceback\n  File x\nConnectionRefusedError: <refused>",
    )


def test_a_job_given_up_is_shown_with_its_reason_and_runs_again(controller: Client, dead: Job) -> None:
    html = controller.get("/viec-nen/").content.decode()
    assert "Quét lại tệp đang giữ" in html
    assert "ConnectionRefusedError: &lt;refused&gt;" in html
    assert controller.post(f"/viec-nen/{dead.pk}/thu-lai/")["Location"] == "/viec-nen/"
    dead.refresh_from_db()
    assert (dead.dead_at, dead.attempts, dead.run_at) == (None, 0, TUESDAY)
    assert AuditEntry.objects.latest("pk").action == "kernel.job_retried"
    assert controller.post(f"/viec-nen/{dead.pk}/thu-lai/").status_code == 409
    assert controller.post("/viec-nen/999999/thu-lai/").status_code == 404


def test_a_wards_controller_does_not_look_after_the_jobs(ward: Ward, dead: Job) -> None:
    client = browser(f.make_officer("procedure_controller", ward.place.commune.agency))
    assert client.get("/viec-nen/").status_code == 403
    assert client.post(f"/viec-nen/{dead.pk}/thu-lai/").status_code == 403


def test_a_worker_that_does_not_work_is_noticed(controller: Client) -> None:
    Job.objects.create(name="kernel.seal_audit", created_at=TUESDAY, run_at=TUESDAY - timedelta(hours=1))
    assert "Việc nền không chạy" in controller.get("/viec-nen/").content.decode()


def test_what_a_calendar_moved_is_listed(ward: Ward, controller: Client) -> None:
    moved = [
        {"code": ward.ours.code, "before": "2026-11-23T02:00:00+00:00", "after": "2026-11-25T02:00:00+00:00"}
    ]
    Job.objects.create(
        name="dossiers.recompute_deadlines",
        payload={"unit_id": ward.place.committee.id, "reason": "Lịch làm việc thay đổi"},
        created_at=TUESDAY,
        run_at=TUESDAY,
        done_at=TUESDAY,
        result={"looked_at": 12, "moved": moved},
    )
    html = controller.get("/viec-nen/").content.decode()
    assert "23/11/2026 09:00" in html
    assert "25/11/2026 09:00" in html
    assert "dời hạn 1" in html

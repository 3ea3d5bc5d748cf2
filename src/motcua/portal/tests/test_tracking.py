"""Following a dossier without signing in: every status, nothing of the person, brakes, and what is recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from motcua.catalogue.models import ProcedureVersion
from motcua.dossiers import actions
from motcua.dossiers.models import Dossier
from motcua.dossiers.tests import factories as f
from motcua.dossiers.types import HandOverData, Status
from motcua.kernel.audit.models import AuditEntry
from motcua.workflow.rules.definition import Outcome, Step, StepKind, Wait, WaitReason

pytestmark = pytest.mark.django_db

NAME, NUMBER, PHONE = "Hoàng Thị Canary7731", "024099000777", "0987000666"
NOW = f.at(17, 10)


@dataclass
class Ward:
    place: f.Province
    staff: f.Staff
    procedure: ProcedureVersion

    def receive(self, **more: Any) -> Dossier:
        owner = f.person(NAME, NUMBER, PHONE)
        return f.receive(self.staff.counter, self.procedure, owner=owner, **more)


@pytest.fixture
def ward() -> Iterator[Ward]:
    place = f.make_province()
    with time_machine.travel(NOW, tick=False):
        yield Ward(place, f.make_staff(place.commune), f.make_procedure())


def page_of(dossier: Dossier, at: datetime = NOW) -> str:
    with time_machine.travel(at, tick=False):
        response = Client().get(f"/tra-cuu/{dossier.tracking_token}/")
    assert response.status_code == 200
    html: str = response.content.decode()
    for secret in ("Canary7731", NUMBER, PHONE, "Trần Văn Chuyên", "Nguyễn Thị Quầy"):
        assert secret not in html
    assert dossier.tracking_token not in html
    return html


# --- every status -----------------------------------------------------------------------------------------


def received(ward: Ward) -> Dossier:
    return ward.receive()


def paused(ward: Ward) -> Dossier:
    dossier = ward.receive()
    actions.request_supplement(
        actor=ward.staff.specialist,
        code=dossier.code,
        items=[actions.SupplementItem(f"Bản sao căn cước {NUMBER} của {NAME}")],
        reason=f"Giấy tờ của {NAME} không đọc được.",
        respond_by=date(2026, 11, 27),
        now=f.at(16, 15),
    )
    return dossier


def intake(ward: Ward) -> Dossier:
    reception = f.reception_of(ward.staff.counter, ward.procedure, owner=f.person(NAME, NUMBER, PHONE))
    done = actions.request_intake_supplement(
        actor=ward.staff.counter,
        reception=reception,
        items=[actions.SupplementItem("Tờ khai theo mẫu")],
        reason="Thiếu tờ khai.",
        now=f.MONDAY,
    )
    return done.dossier


def refused(ward: Ward) -> Dossier:
    reception = f.reception_of(ward.staff.counter, ward.procedure, owner=f.person(NAME, NUMBER, PHONE))
    return actions.refuse_reception(
        actor=ward.staff.counter,
        reception=reception,
        reason=f"Việc của {NAME} không thuộc thẩm quyền.",
        now=f.MONDAY,
    ).dossier


def extended(ward: Ward) -> Dossier:
    dossier = ward.receive()
    actions.extend_deadline(
        actor=ward.staff.leader,
        code=dossier.code,
        new_due_on=date(2026, 11, 27),
        reason="Cần xác minh thêm.",
        now=f.at(16, 15),
    )
    return dossier


def completed(ward: Ward) -> Dossier:
    return f.advance(ward.receive(), ward.staff, until="tra")


def returned(ward: Ward) -> Dossier:
    dossier = completed(ward)
    data = HandOverData(name=NAME)
    return actions.hand_over_result(actor=ward.staff.counter, code=dossier.code, data=data, now=NOW)


def stopped(ward: Ward, by_applicant: bool = False) -> Dossier:
    dossier = ward.receive()
    actions.stop_dossier(
        actor=ward.staff.counter,
        code=dossier.code,
        reason=f"Không đủ điều kiện, gọi {PHONE}.",
        requested_by_applicant=by_applicant,
        papers_returned="01 bản chính tờ khai",
        now=f.at(16, 15),
    )
    return dossier


def withdrawn(ward: Ward) -> Dossier:
    return stopped(ward, by_applicant=True)


def awaiting_payment(ward: Ward) -> Dossier:
    process = f.process_definition("thu.qt-nop-tien")
    first, work, *rest = process.steps
    work = replace(work, outcomes=(Outcome("trinh", "Chờ nộp tiền", ("nop-tien",)),))
    wait = Step(
        key="nop-tien",
        name="Chờ nộp tiền",
        kind=StepKind.WAIT,
        role=work.role,
        unit_ref=work.unit_ref,
        performer=work.performer,
        wait_for=Wait(WaitReason.PAYMENT, "chứng từ nộp tiền"),
        outcomes=(Outcome("xong", "Đã nộp", ("duyet",)),),
    )
    procedure = f.make_procedure(process=replace(process, steps=(first, work, wait, *rest)))
    dossier = f.receive(ward.staff.counter, procedure, owner=f.person(NAME, NUMBER, PHONE))
    task = f.open_task(dossier)
    actions.complete_step(
        actor=ward.staff.specialist, code=dossier.code, task_id=task.pk, outcome="trinh", now=f.at(16, 15)
    )
    return dossier


@pytest.mark.parametrize(
    ("made", "status", "words"),
    [
        (received, Status.RECEIVED, ("Đã tiếp nhận", "Bạn chưa phải làm gì", "5 ngày làm việc, kể từ khi tiếp nhận")),
        (paused, Status.AWAITING_SUPPLEMENT, ("Chờ bạn bổ sung", "Mang đến các giấy tờ sau", "Thứ Sáu, 27/11/2026")),
        (intake, Status.AWAITING_SUPPLEMENT, ("Chờ bạn nộp đủ giấy tờ", "Tờ khai theo mẫu", "Chưa tiếp nhận")),
        (awaiting_payment, Status.AWAITING_PAYMENT, ("Thực hiện nghĩa vụ tài chính", "chứng từ nộp tiền")),
        (extended, Status.RECEIVED, ("hẹn lại ngày 27/11/2026", "Ngày hẹn ban đầu", "Cần xác minh thêm.")),
        (completed, Status.COMPLETED, ("Đến nhận kết quả", "Kết quả số 15/TLKS-BS", "Thẻ căn cước")),
        (returned, Status.RETURNED, ("Đã trả kết quả", "đã xong")),
        (stopped, Status.STOPPED, ("Đã dừng giải quyết", "Không đủ điều kiện", "01 bản chính tờ khai")),
        (withdrawn, Status.WITHDRAWN, ("Đã rút hồ sơ", "theo đề nghị")),
        (refused, Status.REFUSED, ("Không được tiếp nhận", "không thuộc thẩm quyền")),
    ],
)  # fmt: skip
def test_every_status_says_how_it_stands_and_what_to_do(
    ward: Ward, made: Callable[[Ward], Dossier], status: Status, words: tuple[str, ...]
) -> None:
    dossier = made(ward)
    html = page_of(dossier)
    assert Dossier.objects.get(pk=dossier.pk).state is status
    assert "Hoàng T*** C***" in html
    assert "••••0777" in html
    assert [word for word in words if word not in html] == []


def test_what_is_overdue_is_apologised_for(ward: Ward) -> None:
    html = page_of(ward.receive(), at=f.at(26))
    assert "quá ngày hẹn" in html
    assert "xin lỗi" in html


def test_where_it_is_names_the_unit_in_full(ward: Ward) -> None:
    division = ward.place.commune.division
    assert f"{division.name}, {ward.place.commune.agency.full_name}" in page_of(ward.receive())


def test_the_date_is_explained_line_by_line(ward: Ward) -> None:
    html = page_of(ward.receive())
    assert "Vì sao là ngày này?" in html
    assert "Hạn trả kết quả:" in html


def test_the_page_is_in_english_by_a_link_because_it_cannot_post(ward: Ward) -> None:
    dossier = ward.receive()
    client = Client()
    response = client.get(f"/tra-cuu/{dossier.tracking_token}/?ngon-ngu=en")
    assert 'lang="en"' in response.content.decode()
    assert client.cookies["django_language"].value == "en"


# --- who may look, and what is kept -----------------------------------------------------------------------


def test_the_page_is_kept_by_nobody(ward: Ward) -> None:
    response = Client().get(f"/tra-cuu/{ward.receive().tracking_token}/")
    assert response["Cache-Control"] == "no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Robots-Tag"].startswith("noindex")


@pytest.mark.parametrize("token", ["0" * 32, "F" * 32, "abc", "0" * 31 + "g"])
def test_an_unknown_token_is_a_page_that_does_not_exist(ward: Ward, token: str) -> None:
    assert Client().get(f"/tra-cuu/{token}/").status_code == 404


def test_every_look_is_recorded_without_a_name(ward: Ward) -> None:
    dossier = ward.receive()
    page_of(dossier)
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.subject, entry.actor_id, entry.ip) == (
        "portal.tracked",
        dossier.code,
        None,
        "127.0.0.1",
    )


def test_a_long_life_costs_no_more_statements_than_a_short_one(ward: Ward) -> None:
    short, long = ward.receive(), returned(ward)
    counts = []
    for dossier in (short, long):
        with CaptureQueriesContext(connection) as made:
            page_of(dossier)
        counts.append(len([query for query in made if "SAVEPOINT" not in query["sql"]]))
    assert counts[1] <= counts[0]
    assert max(counts) <= 8


# --- by code and check value ------------------------------------------------------------------------------


def ask(code: str, check: str, client: Client | None = None) -> tuple[int, str, str]:
    response = (client or Client()).post("/tra-cuu/", {"code": code, "check_value": check})
    return response.status_code, response.content.decode(), response.headers.get("Location", "")


@pytest.mark.parametrize("check", [NUMBER[-4:], PHONE[-4:], NUMBER])
def test_code_and_four_digits_lead_to_the_page(ward: Ward, check: str) -> None:
    dossier = ward.receive()
    status, _html, location = ask(dossier.code.lower(), check)
    assert (status, location) == (302, f"/tra-cuu/{dossier.tracking_token}/")


def test_the_submitters_number_opens_too(ward: Ward) -> None:
    submitter = f.person("Lê Văn Nộp", "027170004321", "0911222333")
    dossier = ward.receive(submitter=submitter, authorisation="Giấy ủy quyền")
    assert ask(dossier.code, "4321")[0] == 302
    assert ask(dossier.code, "2333")[0] == 302


def test_a_wrong_answer_does_not_tell_whether_the_code_exists(ward: Ward) -> None:
    dossier = ward.receive()
    answers, costs = [], []
    for code in (dossier.code, "H05.16-261116-9999"):
        with CaptureQueriesContext(connection) as made:
            status, html, _location = ask(code, "0001")
        answers.append((status, html.replace(code, "").partition("<main")[2].partition("csrf")[0]))
        costs.append([query["sql"].split()[0] for query in made])
        assert code in html
    assert answers[0] == answers[1]
    assert answers[0][0] == 422
    assert costs[0] == costs[1]


def test_refused_looks_are_recorded_for_known_and_unknown_codes_alike(ward: Ward) -> None:
    dossier = ward.receive()
    for code in (dossier.code, "KHONG-CO-1"):
        ask(code, "0001")
        assert AuditEntry.objects.latest("pk").subject == code
        assert AuditEntry.objects.latest("pk").action == "portal.look_up_refused"


@pytest.mark.parametrize(
    ("code", "check", "sentence"),
    [
        ("", "1234", "Chưa nhập “Mã hồ sơ”"),
        ("H05.16-261116-0001", "", "Chưa nhập “4 số cuối"),
        ("H05.16-261116-0001", "12", "Nhập đủ 4 số cuối"),
    ],
)
def test_a_field_left_empty_is_named_and_the_rest_is_kept(
    ward: Ward, code: str, check: str, sentence: str
) -> None:
    status, html, _location = ask(code, check)
    assert status == 422
    assert sentence in html
    assert f'value="{code}"' in html or not code


def test_the_eleventh_try_from_one_address_waits(ward: Ward, settings: Settings) -> None:
    for number in range(settings.TRACKING_LIMIT):
        assert ask(f"KHONG-CO-{number}", "0001")[0] == 422
    response = Client().post("/tra-cuu/", {"code": "KHONG-CO", "check_value": "0001"})
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    assert 'value="KHONG-CO"' in response.content.decode()


def test_tries_for_one_code_are_counted_over_all_addresses(ward: Ward, settings: Settings) -> None:
    dossier = ward.receive()
    statuses = []
    for number in range(settings.TRACKING_LIMIT + 1):
        client = Client(REMOTE_ADDR=f"203.0.113.{number}")
        statuses.append(ask(dossier.code, "0001", client)[0])
    assert statuses[-1] == 429
    assert set(statuses[:-1]) == {422}
    # The slip in somebody's hand still opens: a stranger cannot lock the owner out.
    page_of(dossier)


def test_one_code_is_not_tried_for_ever_within_an_hour(ward: Ward, settings: Settings) -> None:
    dossier = ward.receive()
    answered = 0
    for minute in range(10):
        with time_machine.travel(f.at(17, 10, minute), tick=False):
            for number in range(settings.TRACKING_LIMIT):
                client = Client(REMOTE_ADDR=f"203.0.{minute}.{number}")
                answered += ask(dossier.code, "0001", client)[0] == 422
    assert answered == settings.TRACKING_LIMIT * 3

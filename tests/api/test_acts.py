"""Everything an officer does with a dossier, each act once well and once refused."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from motcua.documents.tests import hostile
from motcua.dossiers.models import Dossier
from motcua.kernel import clock
from motcua.kernel.accounts.models import User
from motcua.kernel.audit.models import AuditEntry
from tests.api.conftest import Partner, World, walk


@pytest.fixture
def code(world: World, partner: Partner) -> str:
    return str(partner.post("/dossiers", world.reception()).json()["code"])


def task_of(partner: Partner, code: str) -> dict[str, object]:
    found: dict[str, object] = partner.get(f"/dossiers/{code}").json()["tasks"][0]
    return found


def username(user_id: int | None) -> str:
    assert user_id is not None
    return User.objects.get(pk=user_id).username


def test_a_dossier_runs_from_the_counter_to_the_hand_over(partner: Partner, code: str) -> None:
    dossier = walk(partner, code, "tra")
    assert (dossier["status"], dossier["national_status"]) == ("completed", 9)
    assert dossier["result"]["number"] == "15/TLKS"
    assert dossier["tasks"][0]["outcomes"] == []
    refused = partner.post(f"/dossiers/{code}/handover", {"name": "Người Lạ"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "authorisation")
    done = partner.post(f"/dossiers/{code}/handover", {"name": "Nguyễn Thị Đào"})
    assert (done.status_code, done.json()["status"], done.json()["national_status"]) == (200, "returned", 10)
    assert partner.post(f"/dossiers/{code}/handover", {"name": "Nguyễn Thị Đào"}).status_code == 409


def test_a_step_names_its_outcomes_and_tells_who_was_faster(partner: Partner, code: str) -> None:
    task = task_of(partner, code)
    outcomes = task["outcomes"]
    assert isinstance(outcomes, list)
    assert [outcome["key"] for outcome in outcomes] == ["trinh", "bo_sung"]
    address = f"/dossiers/{code}/steps/{task['id']}/complete"
    done = partner.post(address, {"outcome": "trinh", "note": "Đủ điều kiện"}).json()
    assert [opened["step_key"] for opened in done["opened"]] == ["duyet"]
    assert done["finished"] is False
    late = partner.post(address, {"outcome": "trinh"})
    assert late.status_code == 409
    unknown = partner.post(f"/dossiers/{code}/steps/{done['opened'][0]['id']}/complete", {"outcome": "bay"})
    assert unknown.status_code in (409, 422)


def test_the_result_is_needed_before_the_step_of_return(partner: Partner, code: str) -> None:
    dossier = walk(partner, code, "dong-dau")
    address = f"/dossiers/{code}/steps/{dossier['tasks'][0]['id']}/complete"
    refused = partner.post(address, {"outcome": "phat_hanh"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "result.number")
    body = {"number": "7/TL", "issued_on": "2026-11-20", "summary": "Giấy khai sinh"}
    recorded = partner.post(f"/dossiers/{code}/result", body)
    assert recorded.status_code == 200
    future = (clock.today(clock.now()) + timedelta(days=9)).isoformat()
    wrong = partner.post(f"/dossiers/{code}/result", body | {"issued_on": future})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "result.issued_on")
    assert partner.post(address, {"outcome": "phat_hanh"}).status_code == 200


def test_an_officer_claims_and_takes_back_through_a_partner_system(
    world: World, partner: Partner, code: str
) -> None:
    specialist, head = username(world.staff.specialist.user_id), username(world.staff.head.user_id)
    task = task_of(partner, code)
    address = f"/dossiers/{code}/steps/{task['id']}"
    assert partner.post(f"{address}/claim").status_code == 403, "a system is nobody to claim for"
    claimed = partner.post(f"{address}/claim", officer=specialist)
    assert claimed.json()["task"]["assignee"]["full_name"] == "Trần Văn Chuyên"
    assert partner.post(f"{address}/complete", {"outcome": "trinh"}, officer=head).status_code == 403
    done = partner.post(f"{address}/complete", {"outcome": "trinh"}, officer=specialist)
    assert done.status_code == 200
    assert partner.post(f"{address}/take-back", {"reason": "Nhầm"}).status_code == 403
    back = partner.post(f"{address}/take-back", {"reason": "Chuyển nhầm"}, officer=specialist)
    assert [opened["step_key"] for opened in back.json()["opened"]] == ["xu-ly"]
    told = AuditEntry.objects.filter(action="api.acted_for_officer")
    assert told.count() == 3, "refused calls leave no trace of an act"
    assert AuditEntry.objects.get(action="dossiers.step_completed").actor_id == world.staff.specialist.user_id


def test_a_head_reassigns_a_step_to_somebody_of_the_role(world: World, partner: Partner, code: str) -> None:
    task = task_of(partner, code)
    unit = world.province.commune.division.code
    holders = partner.get(f"/units/{unit}/holders", role="specialist").json()["items"]
    address = f"/dossiers/{code}/steps/{task['id']}/reassign"
    given = partner.post(address, {"assignee_id": holders[0]["user_id"], "reason": "Nghỉ phép"})
    assert given.json()["task"]["assignee"]["user_id"] == holders[0]["user_id"]
    wrong = partner.post(address, {"assignee_id": world.staff.clerk.user_id})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "assignee_id")


def test_units_are_asked_for_opinions_and_answer(world: World, partner: Partner, code: str) -> None:
    task = task_of(partner, code)
    body = {"task_id": task["id"], "units": ["STP"], "question": "Có hồ sơ gốc không?", "days": "0.5"}
    asked = partner.post(f"/dossiers/{code}/consultations", body)
    assert asked.status_code == 201, asked.content.decode()
    question = asked.json()["asked"][0]
    assert question["unit"]["code"] == "STP.HT" and question["is_consultation"]
    unknown = partner.post(f"/dossiers/{code}/consultations", body | {"units": ["khong-co"]})
    assert (unknown.status_code, unknown.json()["errors"][0]["field"]) == (422, "units")
    address = f"/dossiers/{code}/consultations/{question['id']}/answer"
    assert partner.post(address, {}).status_code == 422
    assert partner.post(address, {"opinion": "Có", "agrees": True}).status_code == 200


def test_a_supplement_stops_the_clock_and_its_answer_starts_it(partner: Partner, code: str) -> None:
    body = {"items": [{"text": "Bản sao có chứng thực"}], "reason": "Chưa đủ căn cứ"}
    asked = partner.post(f"/dossiers/{code}/supplements", body)
    assert (asked.status_code, asked.json()["status"]) == (201, "awaiting_supplement")
    assert asked.json()["letter_url"] and asked.json()["paused_since"]
    assert partner.post(f"/dossiers/{code}/supplements", body).status_code == 409
    answer = {"papers": [{"name": "Bản sao có chứng thực", "copies": 1}], "note": "Đủ"}
    came = partner.post(f"/dossiers/{code}/supplements/register", answer)
    assert (came.status_code, came.json()["status"], came.json()["paused_since"]) == (200, "processing", None)
    second = partner.post(f"/dossiers/{code}/supplements", body)
    assert (second.status_code, second.json()["errors"][0]["field"]) == (422, "leader_reason")


def test_another_case_brings_a_new_slip_and_date(partner: Partner, code: str) -> None:
    before = partner.get(f"/dossiers/{code}").json()["due_at"]
    changed = partner.post(f"/dossiers/{code}/case", {"case": "phải xác minh", "reason": "Cần xác minh"})
    assert changed.status_code == 200, changed.content.decode()
    assert changed.json()["due_at"] > before
    assert changed.json()["original_due_at"] == before
    same = partner.post(f"/dossiers/{code}/case", {"case": "xac-minh", "reason": "Lại"})
    assert (same.status_code, same.json()["errors"][0]["field"]) == (422, "case")


def test_one_extension_with_an_apology_is_possible(partner: Partner, code: str) -> None:
    later = (clock.today(clock.now()) + timedelta(days=30)).isoformat()
    extended = partner.post(f"/dossiers/{code}/extension", {"new_due_on": later, "reason": "Cần xác minh"})
    assert extended.status_code == 201, extended.content.decode()
    assert extended.json()["extended"] and extended.json()["letter_number"]
    again = partner.post(f"/dossiers/{code}/extension", {"new_due_on": later, "reason": "Nữa"})
    assert again.status_code == 422


def test_a_dossier_is_withdrawn_once(partner: Partner, code: str) -> None:
    body = {"reason": "Người nộp xin rút", "requested_by_applicant": True}
    stopped = partner.post(f"/dossiers/{code}/stop", body)
    assert (stopped.status_code, stopped.json()["status"]) == (200, "withdrawn")
    assert partner.post(f"/dossiers/{code}/stop", body).status_code == 409


def test_files_are_attached_listed_and_given_out(partner: Partner, code: str) -> None:
    content = hostile.pdf()
    address = f"/api/v1/dossiers/{code}/attachments"
    file = SimpleUploadedFile("Giấy khai sinh cũ.pdf", content, "application/pdf")
    put = partner.http.post(address, {"file": file}, headers=partner.headers(key="tep-1"))
    assert put.status_code == 201, put.content.decode()
    again = partner.http.post(
        address,
        {"file": SimpleUploadedFile("Giấy khai sinh cũ.pdf", content)},
        headers=partner.headers(key="tep-1"),
    )
    assert again["Idempotent-Replay"] == "true" and again.json() == put.json()
    listed = partner.get(f"/dossiers/{code}/attachments").json()["items"]
    assert [item["name"] for item in listed] == ["Giấy khai sinh cũ.pdf"]
    given = partner.http.get(listed[0]["url"], headers=partner.headers())
    assert b"".join(given.streaming_content) == content  # type: ignore[attr-defined]
    wrong = SimpleUploadedFile("virus.exe", b"MZ\x90\x00" + b"\x00" * 400)
    refused = partner.http.post(address, {"file": wrong}, headers=partner.headers())
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "file")
    assert partner.http.post(address, {}, headers=partner.headers()).status_code == 422


def test_a_dossier_tells_where_it_is_and_why_that_date(partner: Partner, code: str) -> None:
    said = partner.get(f"/dossiers/{code}").json()
    assert "Thẩm định hồ sơ" in said["where"]
    assert said["deadline"]["reasons"][-1]["text"].startswith("Hạn trả kết quả")
    assert [party["role"] for party in said["parties"]] == ["owner"]
    assert said["letters"][0]["url"].endswith(".pdf")
    assert said["timeline"] and said["process"]["key"]
    assert "complete_step" in said["possible_acts"] and "hand_over" not in said["possible_acts"]
    assert AuditEntry.objects.filter(action="dossiers.read", subject=code).exists()
    assert partner.get("/dossiers/H05.16-990101-0001").status_code == 404


def test_the_list_pages_by_cursor_and_filters(world: World, partner: Partner, code: str) -> None:
    more = [partner.post("/dossiers", world.reception()).json()["code"] for _ in range(4)]
    codes: list[str] = []
    cursor = ""
    while True:
        page = partner.get("/dossiers", limit=2, cursor=cursor).json()
        codes += [item["code"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert codes == [*reversed(more), code]
    today = clock.today(clock.now()).isoformat()
    hits = partner.get(
        "/dossiers", status="received", unit="09187", q="dao", received_from=today, received_to=today,
        due_before="2099-01-01T00:00:00+07:00", procedure=world.procedure.code,
    )  # fmt: skip
    assert len(hits.json()["items"]) == 5
    assert partner.get("/dossiers", status="returned").json() == {"items": [], "next": None}
    assert partner.get("/dossiers", unit="khong-co").status_code == 404
    assert partner.get("/dossiers", due_before="2026-11-23").status_code == 422


def test_the_list_costs_a_fixed_number_of_statements(
    world: World, partner: Partner, django_assert_max_num_queries: object
) -> None:
    for _ in range(3):
        partner.post("/dossiers", world.reception())
    partner.get("/dossiers")
    # Token, rate, savepoint (2), rows, audit; the stamps of two pictures may be compared.
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        assert len(partner.get("/dossiers").json()["items"]) == 3
    assert Dossier.objects.count() == 3

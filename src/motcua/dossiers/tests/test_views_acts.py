"""Every act through its page: done, refused with what was typed kept, lost to somebody faster."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from motcua.catalogue.models import ProcedureVersion
from motcua.dossiers import actions
from motcua.dossiers.models import Attachment, Dossier
from motcua.dossiers.tests import factories as f
from motcua.dossiers.types import Status
from motcua.kernel.accounts.models import User
from motcua.kernel.actor import Actor
from motcua.workflow.models import Task

pytestmark = pytest.mark.django_db

TUESDAY = f.at(17, 10)
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


@dataclass
class Desk:
    """The ward, its people, a dossier on the specialist's desk."""

    place: f.Province
    staff: f.Staff
    procedure: ProcedureVersion
    dossier: Dossier

    @property
    def now_is(self) -> Dossier:
        return Dossier.objects.get(pk=self.dossier.pk)


@pytest.fixture
def desk() -> Iterator[Desk]:
    place = f.make_province()
    staff = f.make_staff(place.commune)
    procedure = f.make_procedure()
    with time_machine.travel(TUESDAY, tick=False):
        yield Desk(place, staff, procedure, f.receive(staff.counter, procedure))


def browser(actor: Actor) -> Client:
    """The person, signed in."""
    assert actor.user_id is not None
    client = Client()
    user = User.objects.get(pk=actor.user_id)
    client.force_login(user, backend="motcua.kernel.accounts.backend.PasswordBackend")
    return client


def url(act: str, dossier: Dossier, query: str = "") -> str:
    return reverse(f"dossiers:{act}", args=[dossier.code]) + query


def post(actor: Actor, act: str, dossier: Dossier, data: dict[str, object], query: str = "") -> Any:
    return browser(actor).post(url(act, dossier, query), data)


def words(response: Any) -> str:
    return str(response.content.decode())


def test_a_step_is_completed_and_the_dossier_page_comes_back(desk: Desk) -> None:
    answer = post(
        desk.staff.specialist, "complete_step", desk.dossier, {"outcome": "trinh", "note": "Đủ điều kiện"}
    )
    assert answer.status_code == 302
    assert answer["Location"] == reverse("dossiers:detail", args=[desk.dossier.code])
    assert f.open_task(desk.dossier).step_key == "duyet"


def test_the_next_dossier_of_the_list_opens_after_an_act(desk: Desk) -> None:
    second = f.receive(desk.staff.counter, desk.procedure, owner=f.person("Lê Văn Hai", "027185009999"))
    place = browser(desk.staff.specialist)
    page = place.get(reverse("dossiers:worklist") + "?queue=cua-toi")
    first_url = page.context["lines"][0]["url"]
    query = first_url.partition("?")[2]
    answer = place.post(url("complete_step", desk.dossier, f"?{query}"), {"outcome": "trinh"})
    assert answer["Location"].startswith(reverse("dossiers:detail", args=[second.code]) + "?queue=cua-toi")
    last = place.post(answer["Location"].replace("/?", "/hoan-thanh/?"), {"outcome": "trinh"}, follow=True)
    assert last.redirect_chain[-1][0] == reverse("dossiers:worklist") + "?queue=cua-toi"
    assert "Đã hết việc trong danh sách này." in words(last)


def test_sending_back_without_a_reason_is_refused_at_the_field(desk: Desk) -> None:
    f.advance(desk.dossier, desk.staff, until="duyet")
    answer = post(desk.staff.head, "complete_step", desk.dossier, {"outcome": "tra_lai", "note": " "})
    assert answer.status_code == 422
    assert "note" in answer.context["form"].errors
    assert f.open_task(desk.dossier).step_key == "duyet"


def test_the_last_step_asks_for_the_result_and_keeps_what_was_typed(desk: Desk) -> None:
    f.advance(desk.dossier, desk.staff, until="dong-dau")
    wrong = post(
        desk.staff.clerk,
        "complete_step",
        desk.dossier,
        {"outcome": "phat_hanh", "result_number": "15/TLKS", "result_issued_on": "32/11/2026"},
    )
    assert wrong.status_code == 422
    assert 'value="15/TLKS"' in words(wrong)
    assert 'value="32/11/2026"' in words(wrong)
    right = post(
        desk.staff.clerk,
        "complete_step",
        desk.dossier,
        {
            "outcome": "phat_hanh",
            "result_number": "15/TLKS",
            "result_issued_on": "17/11/2026",
            "result_summary": "Giấy khai sinh",
            "result_granted": "yes",
            "result_file": SimpleUploadedFile("ket-qua.pdf", PDF),
        },
    )
    assert right.status_code == 302
    assert desk.now_is.status == Status.COMPLETED
    assert Attachment.objects.get(dossier=desk.dossier).kind == "result"


def test_a_result_with_a_refused_file_is_not_recorded_at_all(desk: Desk) -> None:
    f.advance(desk.dossier, desk.staff, until="dong-dau")
    answer = post(
        desk.staff.clerk,
        "complete_step",
        desk.dossier,
        {
            "outcome": "phat_hanh",
            "result_number": "15/TLKS",
            "result_issued_on": "17/11/2026",
            "result_summary": "Giấy khai sinh",
            "result_granted": "yes",
            "result_file": SimpleUploadedFile("ket-qua.pdf", b"MZ\x90\x00 not a pdf"),
        },
    )
    assert answer.status_code == 422
    assert "result_file" in answer.context["form"].errors
    assert desk.now_is.status == Status.PROCESSING


def test_the_second_of_two_officers_sees_who_was_first_and_keeps_the_words(desk: Desk) -> None:
    task = f.open_task(desk.dossier)
    post(desk.staff.specialist, "complete_step", desk.dossier, {"outcome": "trinh", "task": task.pk})
    other = f.make_officer("specialist", desk.place.commune.division, name="Vũ Thị Chậm")
    answer = post(
        other,
        "complete_step",
        desk.dossier,
        {"outcome": "trinh", "task": task.pk, "note": "Tôi đã kiểm tra kỹ"},
    )
    assert answer.status_code == 409
    assert "Trần Văn Chuyên đã xử lý bước “Thẩm định hồ sơ” lúc 10:00 ngày 17/11/2026" in words(answer)
    assert "Tôi đã kiểm tra kỹ" in words(answer)


def test_a_supplement_is_asked_in_one_list_and_its_letter_is_printed(desk: Desk) -> None:
    answer = post(
        desk.staff.specialist,
        "request_supplement",
        desk.dossier,
        {
            "papers": ["to-khai"],
            "lines": "Xác nhận cư trú\n\n",
            "reason": "Tờ khai thiếu chữ ký",
            "respond_by": "30/11/2026",
        },
    )
    assert answer.status_code == 302
    assert f"print={desk.dossier.code}" in answer["Location"].replace("%3A", ":")
    assert desk.now_is.status == Status.AWAITING_SUPPLEMENT
    asked = desk.now_is.supplements.get()
    assert [item["text"] for item in asked.items] == ["Tờ khai theo mẫu", "Xác nhận cư trú"]
    page = browser(desk.staff.specialist).get(answer["Location"])
    assert 'name="print-now"' in words(page)


def test_a_supplement_without_papers_or_reason_names_both_places(desk: Desk) -> None:
    answer = post(desk.staff.specialist, "request_supplement", desk.dossier, {"lines": "", "reason": ""})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"papers", "reason"}


def test_a_second_supplement_needs_the_leaders_reason(desk: Desk) -> None:
    _supplemented(desk)
    blank = post(
        desk.staff.specialist, "request_supplement", desk.dossier, {"papers": ["can-cuoc"], "reason": "Thiếu"}
    )
    assert blank.status_code == 422
    assert "leader_reason" in blank.context["form"].errors


def _supplemented(desk: Desk) -> None:
    post(
        desk.staff.specialist,
        "request_supplement",
        desk.dossier,
        {"papers": ["to-khai"], "reason": "Thiếu chữ ký"},
    )
    answer = post(
        desk.staff.counter, "register_supplement", desk.dossier, {"papers": ["to-khai"], "note": "Đã đủ"}
    )
    assert answer.status_code == 302


def test_a_registered_supplement_starts_the_clock_again(desk: Desk) -> None:
    _supplemented(desk)
    assert desk.now_is.status == Status.PROCESSING
    assert desk.now_is.paused_since is None


def test_units_are_consulted_and_answer(desk: Desk) -> None:
    asked = post(
        desk.staff.specialist,
        "consult",
        desk.dossier,
        {"unit_ids": [desk.place.other.agency.id], "question": "Có lưu sổ gốc không?", "days": "1,5"},
    )
    assert asked.status_code == 302
    task = Task.objects.get(asked_from__isnull=False)
    consulted = f.make_officer("specialist", desk.place.other.division)
    silent = post(consulted, "answer", desk.dossier, {"task": task.pk, "agrees": "no", "opinion": ""})
    assert silent.status_code == 422
    said = post(
        consulted, "answer", desk.dossier, {"task": task.pk, "agrees": "no", "opinion": "Không có sổ gốc"}
    )
    assert said.status_code == 302
    task.refresh_from_db()
    assert task.note == "Không đồng ý. Không có sổ gốc"


def test_consulting_nobody_is_refused_and_the_question_stays(desk: Desk) -> None:
    answer = post(
        desk.staff.specialist, "consult", desk.dossier, {"question": "Có lưu sổ không?", "days": "nhiều"}
    )
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"unit_ids", "days"}
    assert "Có lưu sổ không?" in words(answer)


def test_a_head_gives_the_task_to_somebody_else(desk: Desk) -> None:
    other = f.make_officer("specialist", desk.place.commune.division)
    answer = post(
        desk.staff.head, "reassign", desk.dossier, {"assignee_id": other.user_id, "reason": "Nghỉ phép"}
    )
    assert answer.status_code == 302
    assert f.open_task(desk.dossier).assignee_id == other.user_id


def test_a_task_is_claimed_with_one_button(desk: Desk) -> None:
    assert post(desk.staff.specialist, "claim", desk.dossier, {}).status_code == 302
    assert f.open_task(desk.dossier).assignee_id == desk.staff.specialist.user_id


def test_one_takes_back_what_one_has_just_sent(desk: Desk) -> None:
    task = f.open_task(desk.dossier)
    post(desk.staff.specialist, "complete_step", desk.dossier, {"outcome": "trinh"})
    assert (
        post(desk.staff.specialist, "take_back", desk.dossier, {"task": task.pk, "reason": ""}).status_code
        == 422
    )
    answer = post(desk.staff.specialist, "take_back", desk.dossier, {"task": task.pk, "reason": "Nhầm hồ sơ"})
    assert answer.status_code == 302
    assert f.open_task(desk.dossier).step_key == "xu-ly"


def test_what_the_next_desk_has_begun_cannot_be_taken_back(desk: Desk) -> None:
    task = f.open_task(desk.dossier)
    post(desk.staff.specialist, "complete_step", desk.dossier, {"outcome": "trinh"})
    post(desk.staff.head, "claim", desk.dossier, {})
    answer = post(desk.staff.specialist, "take_back", desk.dossier, {"task": task.pk, "reason": "Nhầm hồ sơ"})
    assert answer.status_code == 409
    assert "Nhầm hồ sơ" in words(answer)


def test_the_case_changes_and_the_new_slip_is_printed(desk: Desk) -> None:
    answer = post(
        desk.staff.specialist,
        "change_case",
        desk.dossier,
        {"case_key": "xac-minh", "reason": "Phải xác minh"},
    )
    assert answer.status_code == 302
    assert desk.now_is.case_key == "xac-minh"
    assert "print=" in answer["Location"]


def test_an_extension_too_late_is_refused_at_the_day(desk: Desk) -> None:
    with time_machine.travel(f.at(23, 8), tick=False):
        answer = post(
            desk.staff.head, "extend", desk.dossier, {"new_due_on": "30/11/2026", "reason": "Chờ xác minh"}
        )
    assert answer.status_code == 422
    assert "new_due_on" in answer.context["form"].errors
    assert "Chờ xác minh" in words(answer)


def test_an_extension_in_time_writes_the_apology(desk: Desk) -> None:
    answer = post(
        desk.staff.head, "extend", desk.dossier, {"new_due_on": "30/11/2026", "reason": "Chờ xác minh"}
    )
    assert answer.status_code == 302
    assert desk.now_is.extended
    assert "print=" in answer["Location"]


def test_a_withdrawn_dossier_is_stopped_with_its_notice(desk: Desk) -> None:
    blank = post(desk.staff.counter, "stop", desk.dossier, {"reason": "Đổi ý"})
    assert blank.status_code == 422
    answer = post(
        desk.staff.counter, "stop", desk.dossier, {"reason": "Đổi ý", "requested_by_applicant": "yes"}
    )
    assert answer.status_code == 302
    assert desk.now_is.status == Status.WITHDRAWN


def test_a_result_is_recorded_beside_the_steps(desk: Desk) -> None:
    answer = post(
        desk.staff.leader,
        "record_result",
        desk.dossier,
        {
            "result_number": "15/TLKS",
            "result_issued_on": "17-11-2026",
            "result_summary": "Giấy khai sinh",
            "result_granted": "no",
        },
    )
    assert answer.status_code == 302
    assert not desk.now_is.result.granted


def test_a_result_of_tomorrow_is_refused_at_its_day(desk: Desk) -> None:
    answer = post(
        desk.staff.leader,
        "record_result",
        desk.dossier,
        {
            "result_number": "15/TLKS",
            "result_issued_on": "18/11/2026",
            "result_summary": "Giấy khai sinh",
            "result_granted": "yes",
        },
    )
    assert answer.status_code == 422
    assert "result_issued_on" in answer.context["form"].errors


def test_a_file_is_attached_to_its_paper_and_served_to_those_who_may_read(desk: Desk) -> None:
    paper = desk.dossier.papers.get(key="to-khai")
    data = {"paper_id": paper.pk, "file": SimpleUploadedFile("Tờ khai.pdf", PDF)}
    assert post(desk.staff.specialist, "attach", desk.dossier, data).status_code == 302
    found = Attachment.objects.get(dossier=desk.dossier)
    assert found.paper_id == paper.pk
    link = reverse("dossiers:attachment", args=[desk.dossier.code, found.pk])
    shown: Any = browser(desk.staff.head).get(link)
    assert shown["Content-Type"] == "application/pdf"
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert shown["Content-Disposition"].startswith("inline;")
    assert shown["Cache-Control"] == "private, no-store"
    assert b"".join(shown.streaming_content) == PDF
    saved = browser(desk.staff.head).get(link + "?download=1")
    assert saved["Content-Disposition"].startswith("attachment;")
    stranger = f.make_officer("specialist", desk.place.other.division)
    assert browser(stranger).get(link).status_code == 404


def test_a_held_file_is_never_served(desk: Desk) -> None:
    post(desk.staff.specialist, "attach", desk.dossier, {"file": SimpleUploadedFile("a.pdf", PDF)})
    found = Attachment.objects.select_related("file").get(dossier=desk.dossier)
    found.file.state = "held"
    found.file.save(update_fields=["state"])
    link = reverse("dossiers:attachment", args=[desk.dossier.code, found.pk])
    answer = browser(desk.staff.specialist).get(link)
    assert answer.status_code == 409
    page = browser(desk.staff.specialist).get(reverse("dossiers:detail", args=[desk.dossier.code]))
    assert link not in words(page)


def test_a_wrong_file_is_refused_with_the_reason(desk: Desk) -> None:
    answer = post(
        desk.staff.specialist, "attach", desk.dossier, {"file": SimpleUploadedFile("a.pdf", b"MZ\x90 exe")}
    )
    assert answer.status_code == 422
    assert "file" in answer.context["form"].errors


def test_an_incomplete_dossier_is_received_when_the_papers_come(desk: Desk) -> None:
    reception = f.reception_of(desk.staff.counter, desk.procedure)
    waiting = actions.request_intake_supplement(
        actor=desk.staff.counter,
        reception=reception,
        items=[actions.SupplementItem(text="Tờ khai theo mẫu", key="to-khai")],
        reason="Thiếu tờ khai",
        now=TUESDAY,
    ).dossier
    answer = post(
        desk.staff.counter, "receive", waiting, {"papers": ["to-khai", "can-cuoc", "giay-khai-sinh"]}
    )
    assert answer.status_code == 302
    waiting.refresh_from_db()
    assert waiting.status == Status.RECEIVED


@pytest.mark.parametrize(
    "act",
    [
        "complete_step",
        "request_supplement",
        "register_supplement",
        "receive",
        "consult",
        "answer",
        "reassign",
        "claim",
        "take_back",
        "change_case",
        "extend",
        "record_result",
        "attach",
        "stop",
    ],
)
def test_foreign_officers_find_no_such_dossier(desk: Desk, act: str) -> None:
    stranger = f.make_officer("specialist", desk.place.other.division)
    assert post(stranger, act, desk.dossier, {}).status_code == 404
    assert browser(stranger).get(url(act, desk.dossier)).status_code == 404
    assert Client().get(url(act, desk.dossier)).status_code == 302


@pytest.mark.parametrize(
    ("act", "who"),
    [("reassign", "specialist"), ("extend", "specialist"), ("consult", "head")],
)
def test_a_colleague_without_the_right_is_told_so(desk: Desk, act: str, who: str) -> None:
    assert post(getattr(desk.staff, who), act, desk.dossier, {}).status_code == 403


def test_every_form_page_opens_for_those_who_may_act(desk: Desk) -> None:
    opened = {
        "complete_step": desk.staff.specialist,
        "request_supplement": desk.staff.specialist,
        "consult": desk.staff.specialist,
        "claim": desk.staff.specialist,
        "attach": desk.staff.specialist,
        "change_case": desk.staff.specialist,
        "record_result": desk.staff.specialist,
        "reassign": desk.staff.head,
        "extend": desk.staff.leader,
        "stop": desk.staff.counter,
    }
    for act, actor in opened.items():
        answer = browser(actor).get(url(act, desk.dossier))
        assert answer.status_code == 200, act


def test_papers_are_asked_back_after_today(desk: Desk) -> None:
    for day in ("01/01/2020", "17/11/2026"):
        answer = post(
            desk.staff.specialist,
            "request_supplement",
            desk.dossier,
            {"papers": ["to-khai"], "reason": "Thiếu chữ ký", "respond_by": day},
        )
        assert answer.status_code == 422
        assert "phải sau hôm nay" in answer.context["form"].errors["respond_by"][0]


def test_a_new_date_has_a_ceiling_that_is_named(desk: Desk) -> None:
    answer = post(desk.staff.head, "extend", desk.dossier, {"new_due_on": "31/12/2099", "reason": "Chờ"})
    assert answer.status_code == 422
    assert "nhiều nhất 30 ngày làm việc" in answer.context["form"].errors["new_due_on"][0]


def test_nothing_is_ticked_before_papers_came_and_something_must_be_said(desk: Desk) -> None:
    post(
        desk.staff.specialist, "request_supplement", desk.dossier, {"papers": ["to-khai"], "reason": "Thiếu"}
    )
    page = browser(desk.staff.counter).get(url("register_supplement", desk.dossier))
    assert " checked" not in words(page).partition("<form method")[2]
    blank = post(desk.staff.counter, "register_supplement", desk.dossier, {"papers": [], "note": " "})
    assert blank.status_code == 422
    assert "ghi rõ vì sao tiếp tục" in blank.context["form"].errors["papers"][0]
    noted = post(desk.staff.counter, "register_supplement", desk.dossier, {"note": "Đã có trong dữ liệu"})
    assert noted.status_code == 302
    assert desk.now_is.status == Status.PROCESSING


@pytest.mark.parametrize(
    ("until", "who", "outcome", "focus"),
    [("duyet", "head", "tra_lai", "note"), ("dong-dau", "clerk", "phat_hanh", "result_number")],
)
def test_a_way_that_needs_words_opens_its_form_without_errors(
    desk: Desk, until: str, who: str, outcome: str, focus: str
) -> None:
    f.advance(desk.dossier, desk.staff, until=until)
    actor: Actor = getattr(desk.staff, who)
    pressed = post(actor, "complete_step", desk.dossier, {"outcome": outcome, "from_page": "1", "note": ""})
    assert pressed.status_code == 302
    page = browser(actor).get(pressed["Location"])
    form = page.context["form"]
    assert page.status_code == 200
    assert not form.is_bound
    assert form.initial == {"outcome": outcome}
    assert form.fields[focus].widget.attrs["autofocus"]
    assert words(page).count("autofocus") == 1


def test_the_second_request_says_so_first_and_asks_for_the_leaders_reason(desk: Desk) -> None:
    _supplemented(desk)
    page = browser(desk.staff.specialist).get(url("request_supplement", desk.dossier))
    assert "Từ lần thứ hai chỉ lãnh đạo cơ quan giải quyết" in words(page)
    assert next(iter(page.context["form"].fields)) == "leader_reason"


@pytest.mark.parametrize("days", ["0", "0,1", "61"])
def test_days_for_an_opinion_are_refused_in_our_own_words(desk: Desk, days: str) -> None:
    answer = post(
        desk.staff.specialist,
        "consult",
        desk.dossier,
        {"unit_ids": [desk.place.other.agency.id], "question": "Có sổ gốc không?", "days": days},
    )
    assert answer.context["form"].errors["days"] == ["Từ 0,25 đến 60 ngày làm việc."]


def test_a_consultation_is_withdrawn_by_those_who_asked_and_the_step_goes_on(desk: Desk) -> None:
    post(
        desk.staff.specialist,
        "consult",
        desk.dossier,
        {"unit_ids": [desk.place.other.agency.id], "question": "Có lưu sổ gốc không?", "days": "1"},
    )
    task = Task.objects.get(asked_from__isnull=False)
    held = post(desk.staff.specialist, "complete_step", desk.dossier, {"outcome": "trinh"})
    assert held.status_code == 409
    page = browser(desk.staff.specialist).get(url("detail", desk.dossier))
    assert f"/rut-lay-y-kien/?task={task.pk}" in words(page)
    consulted = f.make_officer("specialist", desk.place.other.division)
    assert post(consulted, "withdraw_consultation", desk.dossier, {"task": task.pk}).status_code == 403
    done = post(desk.staff.specialist, "withdraw_consultation", desk.dossier, {"task": task.pk})
    assert done.status_code == 302
    task.refresh_from_db()
    assert task.status == "cancelled"
    moved = post(desk.staff.specialist, "complete_step", desk.dossier, {"outcome": "trinh"})
    assert moved.status_code == 302

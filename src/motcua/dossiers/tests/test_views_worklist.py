"""The lists and the dossier page in the browser's eyes: what is offered, what happens in bulk, who may look."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from motcua.catalogue.models import ProcedureVersion
from motcua.dossiers import actions
from motcua.dossiers.models import Dossier
from motcua.dossiers.tests import factories as f
from motcua.kernel.accounts.models import User
from motcua.kernel.actor import Actor

pytestmark = pytest.mark.django_db

TUESDAY = f.at(17, 10)
LIST = "/ho-so/"


@dataclass
class Ward:
    place: f.Province
    staff: f.Staff
    procedure: ProcedureVersion

    def receive(self, count: int) -> list[Dossier]:
        return [
            f.receive(self.staff.counter, self.procedure, owner=f.person(f"Nguyễn Thị {number}"))
            for number in range(count)
        ]


@pytest.fixture
def ward() -> Iterator[Ward]:
    place = f.make_province()
    with time_machine.travel(TUESDAY, tick=False):
        yield Ward(place, f.make_staff(place.commune), f.make_procedure())


def browser(actor: Actor) -> Client:
    """The person, signed in."""
    assert actor.user_id is not None
    client = Client()
    user = User.objects.get(pk=actor.user_id)
    client.force_login(user, backend="motcua.kernel.accounts.backend.PasswordBackend")
    return client


def target(dossier: Dossier) -> str:
    return f"{dossier.code}:{f.open_task(dossier).pk}"


def test_strangers_are_sent_to_sign_in() -> None:
    for address in (LIST, "/ho-so/so-luong/", "/ho-so/tiep-theo/", "/ho-so/H05.16-261116-0001/"):
        answer = Client().get(address)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/dang-nhap/?next=")


def test_a_row_carries_its_place_and_its_next_act(ward: Ward) -> None:
    (dossier,) = ward.receive(1)
    page = browser(ward.staff.specialist).get(LIST + "?queue=cua-toi")
    text = page.content.decode()
    (line,) = page.context["lines"]
    assert dossier.code in line["url"] and "queue=cua-toi" in line["url"] and "at=" in line["url"]
    assert line["act_label"] == "Trình lãnh đạo phòng"
    assert "outcome=trinh" in line["act_url"]
    assert 'data-if="complete_step.trinh.trinh-lanh-dao-phong"' in text
    assert "Nguyễn Thị 0" in text


def test_an_empty_list_is_friendly(ward: Ward) -> None:
    answer = browser(ward.staff.specialist).get(LIST)
    assert "Hôm nay không còn việc nào phải xong" in answer.content.decode()
    filtered = browser(ward.staff.specialist).get(LIST + "?queue=cua-toi&tim=khong-ai")
    assert "Không có hồ sơ nào khớp bộ lọc" in filtered.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "?queue=khong-co",
        "?queue=cua-toi&at=%00%ff",
        "?queue=cua-toi&at=MTIz",
        "?queue=qua-han&tu=hom-qua&den=99/99/9999",
        "?queue=don-vi&don_vi=abc&nguoi=-1",
        "?queue=cho-tra&trang_thai=la&buoc=" + "x" * 400,
        "?queue=tam-dung&tim=%25_%27%22--",
    ],
)
def test_a_broken_address_still_shows_a_list(ward: Ward, query: str) -> None:
    assert browser(ward.staff.specialist).get(LIST + query).status_code in (200, 400)


def test_a_wrong_day_in_the_filter_is_named(ward: Ward) -> None:
    answer = browser(ward.staff.specialist).get(LIST + "?queue=cua-toi&filter=1&tu=31/02/2026")
    assert "Gõ ngày trước, tháng sau, rồi năm" in answer.content.decode()


def test_counts_come_apart_and_name_their_tabs(ward: Ward) -> None:
    ward.receive(2)
    text = browser(ward.staff.specialist).get("/ho-so/so-luong/").content.decode()
    assert 'id="count-cua-toi" hx-swap-oob="true">2</span>' in text
    assert 'id="count-qua-han" hx-swap-oob="true" hidden>0</span>' in text
    assert "count-cho-tra" not in text


def test_next_opens_the_dossier_below(ward: Ward) -> None:
    first, second = ward.receive(2)
    client = browser(ward.staff.specialist)
    lines = client.get(LIST + "?queue=cua-toi").context["lines"]
    query = lines[0]["url"].partition("?")[2]
    answer = client.get(f"/ho-so/tiep-theo/?{query}&from={first.code}")
    assert answer["Location"].startswith(f"/ho-so/{second.code}/?queue=cua-toi")


def test_a_bulk_act_shows_first_what_will_happen_and_then_reports_each(ward: Ward) -> None:
    ready = ward.receive(3)
    moved = ward.receive(1)[0]
    client = browser(ward.staff.specialist)
    choice = client.get(LIST + "?queue=cua-toi").context["bulk_choices"][0]["key"]
    f.advance(moved, ward.staff, until="duyet", now=TUESDAY)
    chosen = [*(target(dossier) for dossier in ready), f"{moved.code}:{f.open_task(moved).pk}"]
    first = client.post("/ho-so/hang-loat/?queue=cua-toi", {"choice": choice, "target": chosen})
    text = first.content.decode()
    assert "Sẽ làm cho 3 hồ sơ" in text
    assert "Không làm được" in text and moved.code in text
    assert f.open_task(ready[0]).step_key == "xu-ly"
    done = client.post(
        "/ho-so/hang-loat/?queue=cua-toi",
        {"choice": choice, "target": chosen, "confirm": "1", "note": "Đủ điều kiện"},
    )
    assert "Đã làm xong 3 hồ sơ." in done.content.decode()
    assert {f.open_task(dossier).step_key for dossier in ready} == {"duyet"}
    assert f.open_task(moved).step_key == "duyet"


def test_one_refusal_in_bulk_does_not_touch_the_others(ward: Ward) -> None:
    plain, asking = ward.receive(2)
    actions.request_consultation(
        actor=ward.staff.specialist,
        code=asking.code,
        task_id=f.open_task(asking).pk,
        unit_ids=[ward.place.other.agency.id],
        question="Có lưu sổ không?",
        days=Decimal(1),
        now=TUESDAY,
    )
    client = browser(ward.staff.specialist)
    choice = client.get(LIST + "?queue=cua-toi").context["bulk_choices"][0]["key"]
    done = client.post(
        "/ho-so/hang-loat/",
        {"choice": choice, "target": [target(plain), target(asking)], "confirm": "1", "note": ""},
    ).content.decode()
    assert "Đã làm xong 1 hồ sơ." in done
    assert "còn chờ 1 đơn vị trả lời ý kiến" in done


def test_claiming_in_bulk_needs_no_second_page(ward: Ward) -> None:
    chosen = ward.receive(2)
    client = browser(ward.staff.specialist)
    done = client.post(
        "/ho-so/hang-loat/", {"choice": "claim", "target": [target(dossier) for dossier in chosen]}
    )
    assert "Đã làm xong 2 hồ sơ." in done.content.decode()
    assert {f.open_task(dossier).assignee_id for dossier in chosen} == {ward.staff.specialist.user_id}


def test_a_head_reassigns_in_bulk_with_one_reason(ward: Ward) -> None:
    chosen = [target(dossier) for dossier in ward.receive(2)]
    client = browser(ward.staff.head)
    wrong = client.post("/ho-so/hang-loat/", {"choice": "reassign", "target": chosen, "confirm": "1"})
    assert wrong.status_code == 422
    assert set(wrong.context["form"].errors) == {"assignee_id", "reason"}
    right = client.post(
        "/ho-so/hang-loat/",
        {
            "choice": "reassign",
            "target": chosen,
            "confirm": "1",
            "assignee_id": ward.staff.specialist.user_id,
            "reason": "Chia việc",
        },
    )
    assert "Đã làm xong 2 hồ sơ." in right.content.decode()


@pytest.mark.parametrize("targets", [[], ["rác"], ["H05.16-261116-0001:abc"], [":5"]])
def test_bulk_without_a_usable_row_changes_nothing(ward: Ward, targets: list[str]) -> None:
    answer = browser(ward.staff.specialist).post(
        "/ho-so/hang-loat/", {"choice": "claim", "target": targets}, follow=True
    )
    assert answer.status_code == 200


def test_the_dossier_page_shows_its_parts(ward: Ward) -> None:
    (dossier,) = ward.receive(1)
    answer = browser(ward.staff.specialist).get(f"/ho-so/{dossier.code}/?queue=cua-toi")
    text = answer.content.decode()
    for words in (
        "Thẩm định hồ sơ",
        "Vì sao ngày này",
        "Đang ở đâu",
        "Người trong hồ sơ",
        "Chủ hồ sơ",
        "Tờ khai theo mẫu",
        "Diễn biến",
        "Giấy tiếp nhận hồ sơ và hẹn trả kết quả",
        'class="swimlane"',
        'data-key="1"',
    ):
        assert words in text, words
    assert "Nhật ký" not in text
    assert len(answer.content) < 300_000


def test_a_foreign_dossier_looks_like_none(ward: Ward) -> None:
    (dossier,) = ward.receive(1)
    stranger = f.make_officer("leader", ward.place.other.agency)
    assert browser(stranger).get(f"/ho-so/{dossier.code}/").status_code == 404
    assert browser(stranger).get("/ho-so/H05.16-261116-9999/").status_code == 404


def test_letters_open_as_pdf_for_readers_only(ward: Ward) -> None:
    (dossier,) = ward.receive(1)
    client = browser(ward.staff.specialist)
    (letter,) = client.get(f"/ho-so/{dossier.code}/").context["page"].letters
    link = reverse("dossiers:letter", args=[dossier.code, letter.id])
    answer = client.get(link)
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert answer["Cache-Control"] == "private, no-store"
    stranger = f.make_officer("leader", ward.place.other.agency)
    assert browser(stranger).get(link).status_code == 404
    (another,) = ward.receive(1)
    assert client.get(reverse("dossiers:letter", args=[another.code, letter.id])).status_code == 404


@pytest.mark.parametrize(
    "given", ["x", "H05:abc", "a/b:1", "javascript:alert(1)", ":", "H05.16-1:99999999999999999999"]
)
def test_only_our_own_letters_are_printed_by_themselves(ward: Ward, given: str) -> None:
    (dossier,) = ward.receive(1)
    answer = browser(ward.staff.specialist).get(f"/ho-so/{dossier.code}/", {"print": given})
    assert answer.status_code == 200
    assert "print-now" not in answer.content.decode()

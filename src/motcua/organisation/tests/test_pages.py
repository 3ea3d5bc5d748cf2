"""The organisation's screens: what they show, what they refuse, and that nothing typed is lost."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import quote

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from motcua.organisation import actions, queries
from motcua.organisation.models import CalendarDay, Delegation, Post, Unit
from motcua.organisation.tests.factories import NOW, SYSTEM, person, post
from motcua.organisation.types import Role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def admin(province: actions.LoadReport) -> Client:
    """The IT administrator of phường Kinh Bắc, signed in."""
    user = person("quan-tri", "Quản Thị Trị")
    post(user, "09187.VP", Role.IT_ADMIN, title="Công chức")
    return signed_in(user.username)


@pytest.fixture
def reader(province: actions.LoadReport) -> Client:
    """Somebody who may only look."""
    user = person("can-bo")
    post(user, "07210.TTPVHCC", Role.ONE_STOP_OFFICER)
    return signed_in(user.username)


def signed_in(username: str) -> Client:
    from motcua.kernel.accounts.models import User

    client = Client()
    client.force_login(User.objects.get(username=username))
    return client


def text_of(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined, no-any-return]  # Django's test response


ADDRESSES = [
    "/to-chuc/",
    "/to-chuc/09187/",
    "/lich/",
    "/lich/?don-vi=09187&thang=2026-08",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_strangers_are_sent_to_sign_in(province: actions.LoadReport, address: str) -> None:
    response = Client().get(address)
    assert response.status_code == 302 and "/dang-nhap/" in response["Location"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_everybody_signed_in_reads(reader: Client, address: str) -> None:
    assert reader.get(address).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/to-chuc/09187/sua/",
        "/to-chuc/09187/them-phong/",
        "/to-chuc/09187/them-vi-tri/",
        "/lich/09187/tuan/",
        "/lich/09187/ngay/",
        "/lich/09187/de-xuat/",
    ],
)
def test_only_the_agency_administrator_opens_its_forms(admin: Client, reader: Client, address: str) -> None:
    assert admin.get(address).status_code == 200
    assert reader.get(address).status_code == 403
    assert reader.post(address, {}).status_code == 403
    assert admin.get(address.replace("09187", "07210")).status_code == 403
    assert admin.get(address.replace("09187", "99999")).status_code == 404


def test_units_are_found_without_accents_by_name_or_code(reader: Client) -> None:
    for words in ("kinh bac", "KINH  BẮC", "09187"):
        assert "Phường Kinh Bắc" in text_of(reader.get("/to-chuc/", {"q": words}))
    found = text_of(reader.get("/to-chuc/", {"q": "dang ky dat dai"}))
    assert "Văn phòng đăng ký đất đai" in found
    assert "Không có đơn vị nào khớp" in text_of(reader.get("/to-chuc/", {"q": "khongco"}))


def test_units_are_filtered_by_kind_and_former_province(reader: Client) -> None:
    page = queries.units_page(
        text="", kind="commune", former_province="Bắc Giang", page=99, today=date(2026, 11, 23)
    )
    assert page.total == 58 and page.page == page.pages == 2
    response = reader.get("/to-chuc/", {"loai": "department"})
    assert "Sở Tư pháp" in text_of(response) and "Phường Bắc Giang" not in text_of(response)


@pytest.mark.parametrize("trang", ["0", "-1", "abc", "999999999", "²"])
def test_strange_page_numbers_show_a_page(reader: Client, trang: str) -> None:
    assert reader.get("/to-chuc/", {"trang": trang}).status_code == 200


def test_lists_cost_a_few_statements(
    province: actions.LoadReport, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    user = person("xem")
    client = signed_in(user.username)
    for number in range(12):
        post(person(f"nguoi-{number}"), "09187.VP", Role.SPECIALIST)
    client.get("/to-chuc/")
    # session, account, posts, delegations; then the page's own
    with django_assert_num_queries(4 + 1):
        client.get("/to-chuc/")
    with django_assert_num_queries(4 + 2):
        client.get("/to-chuc/09187/")
    with django_assert_num_queries(4 + 2):
        client.get("/lich/?don-vi=09187")


def test_unit_page_shows_people_delegations_and_placeholder_code(admin: Client) -> None:
    chairman, deputy = person("chu-tich", "Lê Thị Chủ"), person("pho", "Phạm Văn Phó")
    seat = post(chairman, "09187", Role.LEADER, title="Chủ tịch UBND phường")
    actions.delegate(
        actor=SYSTEM,
        now=NOW,
        post_id=seat,
        delegate_id=deputy.pk,
        starts_on=date(2026, 11, 20),
        ends_on=date(2026, 11, 30),
        document="QĐ 15",
    )
    page = text_of(admin.get("/to-chuc/09187/"))
    for words in (
        "Lê Thị Chủ",
        "Phạm Văn Phó",
        "QĐ 15",
        "Mã tạm",
        "phường Suối Hoa",
        "Công an phường Kinh Bắc",
    ):
        assert words in page


def test_post_is_opened_from_its_form(admin: Client) -> None:
    person("lan", "Nguyễn Thị Lan")
    response = admin.post(
        "/to-chuc/09187.VP/them-vi-tri/",
        {"person": "Lan", "role": "clerk", "title": "Văn thư", "starts_on": "2026-11-23", "ends_on": ""},
    )
    assert response.status_code == 302
    assert Post.objects.filter(user__username="lan", role="clerk", ends_on=None).exists()


def test_wrong_post_keeps_everything_typed_and_names_the_field(admin: Client) -> None:
    person("lan")
    given = {
        "person": "khong-co",
        "role": "clerk",
        "title": "Văn thư kiêm lưu trữ",
        "starts_on": "2026-11-23",
        "ends_on": "2026-11-01",
    }
    response = admin.post("/to-chuc/09187.VP/them-vi-tri/", given)
    page = text_of(response)
    assert response.status_code == 422
    assert "Không có tài khoản đang hoạt động mang tên đăng nhập “khong-co”" in page
    assert all(f'value="{value}"' in page for value in ("khong-co", "Văn thư kiêm lưu trữ", "01/11/2026"))
    response = admin.post("/to-chuc/09187.VP/them-vi-tri/", {**given, "person": "lan"})
    assert response.status_code == 422
    assert response.context["form"].errors == {
        "ends_on": ["Ngày kết thúc phải từ ngày bắt đầu 23/11/2026 trở đi."]
    }
    assert not Post.objects.filter(user__username="lan").exists()


def test_delegation_is_given_and_ended_from_its_forms(admin: Client) -> None:
    chairman = person("chu-tich", "Lê Thị Chủ")
    person("pho", "Phạm Văn Phó")
    seat = post(chairman, "09187", Role.LEADER, title="Chủ tịch")
    given = {
        "person": "pho",
        "role": "authorised_certifier",
        "starts_on": "2026-11-23",
        "ends_on": "2026-12-31",
        "document": "QĐ 15/QĐ-UBND",
        "scope": "Chứng thực",
    }
    response = admin.post(f"/to-chuc/vi-tri/{seat}/uy-quyen/", {**given, "person": "chu-tich"})
    assert response.status_code == 422 and "person" in response.context["form"].errors
    assert admin.post(f"/to-chuc/vi-tri/{seat}/uy-quyen/", given).status_code == 302
    delegation = Delegation.objects.get()
    address = f"/to-chuc/uy-quyen/{delegation.pk}/cham-dut/"
    assert admin.post(address, {"reason": " "}).status_code == 422
    assert admin.post(address, {"reason": "Đã đi làm lại"}).status_code == 302
    delegation.refresh_from_db()
    assert delegation.revoked_at is not None


def test_post_is_closed_from_its_form(admin: Client) -> None:
    seat = post(person("lan"), "09187.VP", Role.CLERK)
    assert admin.post(f"/to-chuc/vi-tri/{seat}/ket-thuc/", {"ends_on": "2020-01-01"}).status_code == 422
    assert admin.post(f"/to-chuc/vi-tri/{seat}/ket-thuc/", {"ends_on": "2026-11-22"}).status_code == 302
    assert Post.objects.get(pk=seat).ends_on == date(2026, 11, 22)
    assert admin.get("/to-chuc/vi-tri/987654/ket-thuc/").status_code == 404


def test_unit_is_corrected_and_divided(admin: Client) -> None:
    ward = queries.unit_by_code("09187")
    given = {
        "name": ward.name,
        "full_name": ward.full_name,
        "short_name": ward.short_name,
        "agency_code": "H05.16",
        "address": "Số 1",
    }
    response = admin.post("/to-chuc/09187/sua/", given)
    assert response.status_code == 422 and "agency_code" in response.context["form"].errors
    assert admin.post("/to-chuc/09187/sua/", {**given, "agency_code": "H05.777"}).status_code == 302
    assert queries.unit_by_code("09187").agency_code_source == "entered"
    part = {"code": "09187.QLDT", "name": "Tổ quản lý đô thị", "kind": "division", "function": ""}
    assert admin.post("/to-chuc/09187/them-phong/", part).status_code == 302
    assert Unit.objects.get(code="09187.QLDT").agency_id == ward.id
    assert admin.post("/to-chuc/09187/them-phong/", part).status_code == 422


def test_month_names_days_off_swapped_and_compensatory_days(reader: Client) -> None:
    page = text_of(reader.get("/lich/?don-vi=09187&thang=2026-08"))
    for words in ("Tháng 8 năm 2026", "Nghỉ hoán đổi", "Làm bù", "22/08/2026", "theo lịch Tỉnh Bắc Ninh"):
        assert words in page
    assert "Giỗ Tổ" in text_of(reader.get("/lich/?thang=2026-04"))


@pytest.mark.parametrize("month", ["2026-13", "abc", "9999-01", "0001-01"])
def test_a_month_that_is_none_is_told_at_its_field_and_the_present_one_shown(
    reader: Client, month: str
) -> None:
    answer = reader.get("/lich/", {"thang": month})
    assert answer.status_code == 422
    assert "Tháng 11 năm 2026" in text_of(answer)
    assert f"Không có tháng “{month}”. Gõ tháng rồi năm, ví dụ 11/2026." in text_of(answer)


@pytest.mark.parametrize("month", ["", "11/2026", "112026", "2026-11"])
def test_a_month_is_typed_in_any_usual_way(reader: Client, month: str) -> None:
    page = text_of(reader.get("/lich/", {"thang": month}))
    assert "Tháng 11 năm 2026" in page
    assert 'value="11/2026"' in page


def test_calendar_of_a_unit_typed_by_name(reader: Client) -> None:
    assert "Ủy ban nhân dân phường Chũ" in text_of(reader.get(f"/lich/?don-vi={quote('uy ban phuong chu')}"))
    several = reader.get("/lich/", {"don-vi": "bac"})
    assert several.status_code == 422 and "Chọn một đơn vị bên dưới" in text_of(several)
    nothing = reader.get("/lich/", {"don-vi": "khongco"})
    assert nothing.status_code == 422 and 'value="khongco"' in text_of(nothing)


def week_of(code: str) -> dict[str, str]:
    can_inherit = queries.unit_by_code(code).parent_id is not None
    mode = "inherit" if can_inherit else "own"
    return {f"mode_{day}": mode for day in range(7)} | {f"sessions_{day}": "" for day in range(7)}


def test_week_is_set_from_its_form(admin: Client) -> None:
    given = week_of("09187") | {"mode_5": "own", "sessions_5": "7h30-11h30", "mode_4": "closed"}
    assert admin.post("/lich/09187/tuan/", given).status_code == 302
    calendar = queries.calendar_for(queries.unit_by_code("09187").id)
    assert calendar.is_working_day(date(2026, 11, 28))
    assert not calendar.is_working_day(date(2026, 11, 27))
    assert calendar.is_working_day(date(2026, 11, 26))
    forgotten = admin.post("/lich/09187/tuan/", week_of("09187") | {"sessions_6": "07:30-11:30"})
    assert forgotten.status_code == 422 and "Chọn “Buổi riêng”" in text_of(forgotten)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("sáng", "Không đọc được buổi “sáng”"),
        ("11:30-07:30", "Không đọc được buổi “11:30-07:30”"),
        ("25:00-26:00", "Không đọc được buổi"),
        ("07:30-11:30, 11:00-12:00", "chồng giờ nhau"),
        ("", "Nhập ít nhất một buổi"),
    ],
)
def test_unreadable_sessions_are_named_and_kept(admin: Client, typed: str, sentence: str) -> None:
    response = admin.post("/lich/09187/tuan/", week_of("09187") | {"mode_0": "own", "sessions_0": typed})
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert f'value="{typed}"' in text_of(response) or not typed


def test_day_is_set_and_removed_from_its_form(admin: Client) -> None:
    given = {
        "day": "2026-12-04",
        "kind": "off",
        "reason": "closure",
        "name": "Mất điện",
        "decision": "",
        "paired_day": "",
        "sessions": "",
    }
    response = admin.post("/lich/09187/ngay/", given)
    assert response.status_code == 422 and 'value="Mất điện"' in text_of(response)
    assert admin.post("/lich/09187/ngay/", {**given, "decision": "TB 12"}).status_code == 302
    past = {**given, "decision": "TB 12", "day": "2020-12-04"}
    response = admin.post("/lich/09187/ngay/", past)
    assert response.status_code == 422 and "Ngày này đã qua" in text_of(response)
    assert admin.post("/lich/09187/ngay/", {**past, "understood": "on"}).status_code == 302
    ward = queries.unit_by_code("09187").id
    assert not queries.calendar_for(ward).is_working_day(date(2026, 12, 4))
    assert "Mất điện" in text_of(admin.get("/lich/09187/ngay/?ngay=2026-12-04"))
    assert admin.post("/lich/09187/ngay/bo/", {"day": "2026-12-04"}).status_code == 302
    assert queries.calendar_for(ward).is_working_day(date(2026, 12, 4))


def test_next_year_is_proposed_reviewed_confirmed_and_discarded(province: actions.LoadReport) -> None:
    user = person("kiem-soat")
    post(user, "TTPVHCC.KS", Role.PROCEDURE_CONTROLLER)
    client = signed_in(user.username)
    assert client.post("/lich/24/de-xuat/lay/", {"nam": "2027"}).status_code == 302
    page = text_of(client.get("/lich/24/de-xuat/?nam=2027"))
    assert "Giỗ Tổ Hùng Vương" in page
    address = "/lich/24/de-xuat/?nam=2027"
    without = client.post(address, {"act": "confirm", "days": ["2027-01-01"], "decision": ""})
    assert without.status_code == 422 and "Nhập số, ngày văn bản" in text_of(without)
    assert client.post(address, {"act": "confirm", "days": [], "decision": "TB"}).status_code == 422
    assert client.post(address, {"act": "confirm", "days": ["x"], "decision": "TB"}).status_code == 422
    confirm = {"act": "confirm", "days": ["2027-01-01", "2027-04-16"], "decision": "TB 1/TB-BNV"}
    assert client.post(address, confirm).status_code == 302
    assert client.post(address, {"act": "discard", "days": ["2027-02-04"]}).status_code == 302
    assert not CalendarDay.objects.filter(day=date(2027, 2, 4)).exists()
    calendar = queries.calendar_for(queries.unit_by_code("09187").id)
    assert not calendar.is_working_day(date(2027, 4, 16))
    assert calendar.is_working_day(date(2027, 4, 30))


def test_closed_post_closes_the_forms_on_the_next_request(admin: Client) -> None:
    assert admin.get("/lich/09187/tuan/").status_code == 200
    held = Post.objects.get(user__username="quan-tri")
    actions.close_post(actor=SYSTEM, now=NOW, post_id=held.pk, ends_on=date(2026, 11, 22))
    assert admin.get("/lich/09187/tuan/").status_code == 403


def test_closed_account_is_signed_out_on_the_next_request(admin: Client) -> None:
    held = Post.objects.get(user__username="quan-tri").user
    held.is_active = False
    held.save()
    assert admin.get("/to-chuc/").status_code == 302


def test_idle_session_is_signed_out(admin: Client) -> None:
    assert admin.get("/to-chuc/").status_code == 200
    with time_machine.travel(NOW + timedelta(hours=3), tick=False):
        assert admin.get("/to-chuc/").status_code == 302


def test_addresses_are_the_words_people_see() -> None:
    assert reverse("organisation:units") == "/to-chuc/"
    assert reverse("organisation:calendar") == "/lich/"

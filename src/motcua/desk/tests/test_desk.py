"""The officer's first page and the one search."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from motcua.catalogue.models import ProcedureVersion
from motcua.dossiers.models import Dossier
from motcua.dossiers.tests import factories as f
from motcua.kernel.accounts.models import User
from motcua.kernel.actor import Actor
from motcua.kernel.audit.models import AuditEntry

pytestmark = pytest.mark.django_db

TUESDAY = f.at(17, 10)


@dataclass
class Ward:
    place: f.Province
    staff: f.Staff
    procedure: ProcedureVersion

    def receive(self, count: int = 1) -> list[Dossier]:
        return [
            f.receive(
                self.staff.counter,
                self.procedure,
                owner=f.person(f"Nguyễn Thị Đào {n}", f"02718500{n:04}", f"09123456{n:02}"),
                now=f.at(17, 9),
            )
            for n in range(count)
        ]


@pytest.fixture
def ward() -> Iterator[Ward]:
    place = f.make_province()
    with time_machine.travel(TUESDAY, tick=False):
        yield Ward(place, f.make_staff(place.commune), f.make_procedure())


def browser(actor: Actor) -> Client:
    assert actor.user_id is not None
    client = Client()
    user = User.objects.get(pk=actor.user_id)
    client.force_login(user, backend="motcua.kernel.accounts.backend.PasswordBackend")
    return client


def admin() -> Client:
    client = Client()
    user = User.objects.create_user("quan-tri", "Quản trị", is_admin=True)
    client.force_login(user, backend="motcua.kernel.accounts.backend.PasswordBackend")
    return client


@pytest.mark.parametrize(
    "path", ["/ban-lam-viec/", "/tim/?q=a", "/nhat-ky/", "/viec-nen/", "/nhat-ky/xuat.csv"]
)
def test_strangers_are_sent_to_sign_in(path: str) -> None:
    assert Client().get(path)["Location"].startswith("/dang-nhap/?next=")


def test_a_counter_officer_sees_the_day_at_the_counter(ward: Ward) -> None:
    code = ward.receive()[0].code
    html = browser(ward.staff.counter).get("/ban-lam-viec/").content.decode()
    assert "Hôm nay tại quầy" in html
    assert code in html
    assert 'href="/quay/' in html
    assert "Đã tiếp nhận" in html


def test_what_is_due_today_comes_first_else_what_is_next(ward: Ward) -> None:
    code = ward.receive()[0].code
    client = browser(ward.staff.specialist)
    html = client.get("/ban-lam-viec/").content.decode()
    assert "Việc sắp tới" in html
    assert code in html
    with time_machine.travel(f.at(19, 8), tick=False):
        html = browser(ward.staff.specialist).get("/ban-lam-viec/").content.decode()
    assert "tile-today" in html
    with time_machine.travel(f.at(26, 8), tick=False):
        html = browser(ward.staff.specialist).get("/ban-lam-viec/").content.decode()
    assert "tile-overdue" in html


def test_the_desk_costs_the_same_with_one_and_with_many(ward: Ward) -> None:
    ward.receive(1)
    client, costs = browser(ward.staff.counter), []
    client.get("/ban-lam-viec/")
    for more in (0, 6):
        ward.receive(more)
        with CaptureQueriesContext(connection) as made:
            client.get("/ban-lam-viec/")
        costs.append(len(made))
    assert costs[0] == costs[1]
    assert costs[0] <= 22


def test_those_who_oversee_see_figures_instead_of_a_worklist(ward: Ward) -> None:
    ward.receive(3)
    inspector = f.make_officer("inspector", ward.place.committee_office)
    html = browser(inspector).get("/ban-lam-viec/").content.decode()
    assert "Hồ sơ trong phạm vi của bạn" in html
    assert "Không có hồ sơ nào giao cho bạn xử lý" in html


def test_leaders_are_told_of_empty_desks_and_others_are_not(ward: Ward) -> None:
    f.make_officer("it_admin", ward.place.other.agency, name="Người Trông Máy")
    html = browser(f.make_officer("leader", ward.place.other.agency)).get("/ban-lam-viec/").content.decode()
    assert "Chưa có ai giữ vai trò" in html
    html = browser(ward.staff.specialist).get("/ban-lam-viec/").content.decode()
    assert "Cần sắp xếp" not in html


def test_an_administrator_is_told_of_a_year_without_days_off(ward: Ward) -> None:
    html = admin().get("/ban-lam-viec/").content.decode()
    assert "Chưa có ngày nghỉ của năm 2027" in html
    assert "xã, phường còn vị trí chưa có người" in html


# --- search -----------------------------------------------------------------------------------------------


def test_a_code_typed_in_full_opens_its_dossier(ward: Ward) -> None:
    code = ward.receive()[0].code
    response = browser(ward.staff.counter).get("/tim/", {"q": f" {code.lower()} "})
    assert response["Location"] == f"/ho-so/{code}/"


@pytest.mark.parametrize("words", ["dao nguyen", "ĐÀO", "027185000000", "0912345600"])
def test_people_are_found_by_name_and_numbers_without_accents(ward: Ward, words: str) -> None:
    code = ward.receive()[0].code
    assert code in browser(ward.staff.counter).get("/tim/", {"q": words}).content.decode()


def test_procedures_and_units_are_found_in_the_same_box(ward: Ward) -> None:
    client = browser(ward.staff.counter)
    assert "Đăng ký lại khai sinh" in client.get("/tim/", {"q": "khai sinh"}).content.decode()
    assert "Ủy ban nhân dân phường Vũ Ninh" in client.get("/tim/", {"q": "vu ninh"}).content.decode()


def test_dossiers_of_others_are_not_found(ward: Ward) -> None:
    code = ward.receive()[0].code
    stranger = f.make_officer("specialist", ward.place.other.division)
    html = browser(stranger).get("/tim/", {"q": "dao"}).content.decode()
    assert code not in html
    assert browser(stranger).get("/tim/", {"q": code}).status_code == 200


@pytest.mark.parametrize("words", ["", " ", "a", "%", "'; --", "x" * 500, "٣٣٣", "nguyen " * 40])
def test_any_words_are_answered(ward: Ward, words: str) -> None:
    assert browser(ward.staff.counter).get("/tim/", {"q": words}).status_code == 200


def test_who_searched_for_what_is_kept(ward: Ward) -> None:
    ward.receive()
    browser(ward.staff.counter).get("/tim/", {"q": "dao"})
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.actor_id) == ("desk.searched", ward.staff.counter.user_id)
    assert '"words": "dao"' in entry.data


def test_a_search_asks_the_database_once_for_dossiers(ward: Ward) -> None:
    ward.receive(5)
    client = browser(ward.staff.counter)
    client.get("/tim/", {"q": "dao nguyen"})
    with CaptureQueriesContext(connection) as made:
        client.get("/tim/", {"q": "dao nguyen"})
    asked = [query for query in made if 'FROM "dossiers_dossier"' in query["sql"]]
    assert len(asked) == 1

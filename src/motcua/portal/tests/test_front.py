"""The front page, the reception points, and what search engines may read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from motcua.dossiers.tests import factories as f
from motcua.kernel.accounts.models import User
from motcua.organisation.models import Unit
from motcua.organisation.snapshot import touch

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Iterator[f.Province]:
    found = f.make_province()
    Unit.objects.filter(pk=found.commune.agency.id).update(predecessors=["phường Suối Hoa", "xã Kim Chân"])
    touch()
    with time_machine.travel(f.at(17, 10), tick=False):
        yield found


def test_strangers_get_the_front_page_and_officers_their_desk(place: f.Province) -> None:
    client = Client()
    html = client.get("/").content.decode()
    assert "Hồ sơ của tôi đang ở đâu?" in html
    assert "Đang mở cửa, đến 11:30" in html
    officer = f.make_officer("one_stop_officer", place.commune.centre)
    assert officer.user_id is not None
    user = User.objects.get(pk=officer.user_id)
    client.force_login(user, backend="motcua.kernel.accounts.backend.PasswordBackend")
    assert client.get("/")["Location"] == "/ban-lam-viec/"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("kinh bac", ["phường Kinh Bắc"]),
        ("KINH BẮC", ["phường Kinh Bắc"]),
        ("suoi hoa", ["phường Kinh Bắc"]),
        ("vu ninh", ["phường Vũ Ninh"]),
        ("khong co", []),
        ("uối", []),
    ],
)
def test_places_are_found_by_todays_and_former_names(place: f.Province, text: str, names: list[str]) -> None:
    html = Client().get("/trung-tam/", {"q": text}).content.decode()
    found = [name for name in ("phường Kinh Bắc", "phường Vũ Ninh") if f"công {name}" in html]
    assert found == names
    assert ("Không có nơi nào tên như vậy" in html) is (not names)


@pytest.mark.parametrize("page", ["", "0", "-3", "99999999999", "abc", "٢"])
def test_any_page_number_shows_a_page(place: f.Province, page: str) -> None:
    response = Client().get("/trung-tam/", {"trang": page})
    assert response.status_code == 200
    assert "Trung tâm Phục vụ hành chính công tỉnh Bắc Ninh" in response.content.decode()


def test_public_lists_ask_the_database_for_next_to_nothing(place: f.Province) -> None:
    for path in ("/", "/trung-tam/", "/tra-cuu/"):
        Client().get(path)  # fills what the process keeps in memory
        with CaptureQueriesContext(connection) as made:
            Client().get(path)
        assert len(made) <= 1, [path, *(query["sql"] for query in made)]  # the snapshot's version


def test_search_engines_find_places_and_procedures_but_nothing_of_people() -> None:
    text = Client().get("/robots.txt").content.decode()
    assert text.rstrip().endswith("Disallow: /")
    assert "Allow: /thu-tuc/" in text
    assert "tra-cuu" not in text


@pytest.mark.parametrize("path", ["/", "/trung-tam/", "/robots.txt", f"/tra-cuu/{'0' * 32}/"])
def test_what_is_only_read_refuses_to_be_posted_to(place: f.Province, path: str) -> None:
    assert Client().post(path).status_code == 405

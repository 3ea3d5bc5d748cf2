"""Accounts: signing in, the brakes before hashing, closing an account."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.conf import settings as active
from django.test import Client
from pytest_django import Settings

from motcua.kernel import ratelimit
from motcua.kernel.accounts import queries
from motcua.kernel.accounts.models import User
from motcua.kernel.audit.models import AuditEntry

pytestmark = pytest.mark.django_db
NAME, WORD = "can-bo", "mật khẩu đúng"


@pytest.fixture
def user() -> User:
    return User.objects.create_user(NAME, "Nguyễn Thị Ánh", password=WORD)


def sign_in(client: Client, name: str = NAME, word: str = WORD, target: str = "") -> int:
    return client.post("/dang-nhap/", {"username": name, "password": word, "next": target}).status_code


def test_the_right_password_opens_a_session_and_is_audited(client: Client, user: User) -> None:
    assert sign_in(client) == 302
    assert AuditEntry.objects.get(action="kernel.signed_in").subject == NAME


def test_names_are_found_in_any_case_and_with_spaces_around(client: Client, user: User) -> None:
    assert sign_in(client, f"  {NAME.upper()} ") == 302


@pytest.mark.parametrize(("name", "word"), [(NAME, "sai"), ("khong-co", WORD), ("", WORD), (NAME, "")])
def test_wrong_names_and_passwords_get_one_sentence_and_keep_the_name(
    client: Client, user: User, name: str, word: str
) -> None:
    answer = client.post("/dang-nhap/", {"username": name, "password": word})
    assert answer.status_code == 422
    assert f'value="{name}"' in answer.content.decode() or not name
    assert "khong-co" not in str(answer.context["errors"])


def test_a_closed_account_cannot_sign_in_nor_go_on(client: Client, user: User) -> None:
    assert sign_in(client) == 302
    User.objects.update(is_active=False)
    assert client.get("/ho-so/").status_code == 302
    assert sign_in(Client()) == 422


def test_the_brake_stops_guessing_before_the_password_is_hashed(
    client: Client, user: User, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.LOGIN_LIMIT_ACCOUNT = 3
    answers = [sign_in(client, word="sai") for _time in range(3)]
    monkeypatch.setattr(User, "check_password", lambda *_: pytest.fail("hashed after the brake"))
    answer = client.post("/dang-nhap/", {"username": NAME, "password": WORD})
    assert answers == [422, 422, 422]
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0


def test_a_stranger_cannot_lock_somebody_out(client: Client, user: User, settings: Settings) -> None:
    settings.LOGIN_LIMIT_ACCOUNT = 3
    settings.TRUST_PROXY = True
    for _time in range(4):
        client.post(
            "/dang-nhap/", {"username": NAME, "password": "x"}, headers={"x-forwarded-for": "10.0.0.9"}
        )
    answer = client.post(
        "/dang-nhap/", {"username": NAME, "password": WORD}, headers={"x-forwarded-for": "10.0.0.1"}
    )
    assert answer.status_code == 302


@pytest.mark.parametrize("target", ["https://example.org/", "//example.org", "javascript:alert(1)"])
def test_nobody_is_sent_to_another_site_after_signing_in(client: Client, user: User, target: str) -> None:
    answer = client.post("/dang-nhap/", {"username": NAME, "password": WORD, "next": target})
    assert answer["Location"] == "/"


def test_a_new_session_begins_at_sign_in(client: Client, user: User) -> None:
    client.get("/dang-nhap/")
    session = client.session
    session["x"] = 1
    session.save()
    before = session.session_key
    assert sign_in(client) == 302
    assert client.session.session_key != before


def test_vietnamese_names_are_stored_composed() -> None:
    made = User.objects.create_user("x", "Nguye\u0302\u0303n Thi\u0323 A\u0301nh")
    assert made.full_name == "Nguyễn Thị Ánh"


def test_a_window_counts_and_the_next_one_starts_again() -> None:
    now = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    assert [ratelimit.hit("b", limit=2, seconds=60, now=now).allowed for _time in range(3)] == [
        True,
        True,
        False,
    ]
    assert ratelimit.hit("b", limit=2, seconds=60, now=now.replace(minute=1)).allowed


def test_demo_accounts_are_shown_only_in_demo_mode(client: Client, settings: Settings) -> None:
    User.objects.create_user("demo", "Demo", password="x", is_demo=True, demo_about="Quầy")
    assert "Quầy" in client.get("/dang-nhap/").content.decode()
    settings.DEMO = False
    assert "Quầy" not in client.get("/dang-nhap/").content.decode()
    assert active.DEMO is False


def test_demo_accounts_of_a_group_stand_together_in_the_order_of_their_groups() -> None:
    for order, group in enumerate(("Tỉnh", "Phường", "Tỉnh")):
        User.objects.create_user(
            f"demo-{order}",
            "Demo",
            password="x",
            is_demo=True,
            demo_about="Quầy",
            demo_group=group,
            demo_order=order,
        )
    assert [found.username for found in queries.demo_accounts()] == ["demo-0", "demo-2", "demo-1"]


def test_a_session_ends_after_its_longest_age_however_busy(
    client: Client, user: User, settings: Settings
) -> None:
    assert sign_in(client) == 302
    session = client.session
    session["since"] -= settings.SESSION_COOKIE_AGE + 1
    session.save()
    assert client.get("/ho-so/").status_code == 302

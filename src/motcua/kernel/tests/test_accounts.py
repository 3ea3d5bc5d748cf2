"""Opening accounts."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from motcua.kernel.accounts import actions
from motcua.kernel.accounts.models import User
from motcua.kernel.actor import Actor
from motcua.kernel.audit.queries import entries_about
from motcua.kernel.errors import Conflict, Invalid, NotAllowed

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
SYSTEM = Actor.system("test", "command")
PASSWORD = "mười hai ký tự"


def open_account(username: str = "nva", *, actor: Actor = SYSTEM, **changes: Any) -> User:
    given: dict[str, Any] = {"full_name": "Nguyễn Văn An", "password": PASSWORD, **changes}
    return actions.open_account(actor=actor, username=username, now=NOW, **given)


def test_a_person_signs_in_with_an_account_just_opened() -> None:
    open_account("  NVA ")
    answer = Client().post(reverse("kernel:sign_in"), {"username": "nva", "password": PASSWORD})
    assert answer.status_code == 302
    assert entries_about("user", "nva")[-1].action == "kernel.account_created"


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("username", {"username": "nguyễn an"}),
        ("username", {"username": "an"}),
        ("full_name", {"full_name": "  "}),
        ("password", {"password": "ngắn"}),
    ],
)
def test_what_is_wrong_is_named(field: str, changes: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refused:
        open_account(**changes)
    assert refused.value.field == field


def test_a_name_is_given_once() -> None:
    open_account()
    with pytest.raises(Conflict):
        open_account()


def test_only_administrators_open_accounts() -> None:
    with pytest.raises(NotAllowed):
        open_account(actor=Actor(user_id=1, name="Ai đó"))


def test_the_command_reads_the_password_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    said = io.StringIO()
    call_command("add_account", "quan-tri", name="Trần Thị Quản", admin=True, json=True, stdout=said)
    assert json.loads(said.getvalue())["username"] == "quan-tri"
    user = User.objects.get(username="quan-tri")
    assert user.is_admin and user.check_password(PASSWORD)

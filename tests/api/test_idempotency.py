"""The same key gives the same answer and one effect, also when two come at once."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections

from motcua.dossiers.models import Dossier
from motcua.kernel.idempotency import IdempotencyKey
from tests.api.conftest import Partner, World, make_world


def test_a_repeated_request_gets_the_first_answer_and_no_second_effect(
    world: World, partner: Partner
) -> None:
    first = partner.post("/dossiers", world.reception(), key="k-1")
    again = partner.post("/dossiers", world.reception(), key="k-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again["Idempotent-Replay"] == "true" and "Idempotent-Replay" not in first
    assert Dossier.objects.count() == 1
    assert partner.post("/dossiers", world.reception(), key="k-2").json()["code"] != first.json()["code"]


def test_a_key_used_for_something_else_is_refused(world: World, partner: Partner) -> None:
    partner.post("/dossiers", world.reception(), key="k-1")
    other = partner.post("/dossiers", world.reception(set_count=2), key="k-1")
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")
    elsewhere = partner.post("/dossiers/refusals", world.reception(reason="Không nhận"), key="k-1")
    assert elsewhere.status_code == 409
    assert Dossier.objects.count() == 1


def test_a_refused_request_does_not_spend_its_key(world: World, partner: Partner) -> None:
    assert partner.post("/dossiers", world.reception(case=""), key="k-1").status_code == 422
    assert not IdempotencyKey.objects.exists()
    assert partner.post("/dossiers", world.reception(), key="k-1").status_code == 201


def test_two_systems_may_use_the_same_key(world: World, partner: Partner) -> None:
    neighbour = world.partner()
    one, two = (who.post("/dossiers", world.reception(), key="k").json() for who in (partner, neighbour))
    assert one["code"] != two["code"]


def test_the_dossier_remembers_its_key_longer_than_the_stored_answer(world: World, partner: Partner) -> None:
    first = partner.post("/dossiers", world.reception(), key="k-1").json()
    IdempotencyKey.objects.all().delete()
    again = partner.post("/dossiers", world.reception(), key="k-1").json()
    assert (again["code"], again["repeated"]) == (first["code"], True)


@pytest.mark.parametrize("key", [" ", "có dấu", "a b", "x" * 129])
def test_an_odd_key_is_refused(world: World, partner: Partner, key: str) -> None:
    answer = partner.post("/dossiers", world.reception(), key=key)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "Idempotency-Key")


def test_steps_are_not_done_twice(world: World, partner: Partner) -> None:
    code = partner.post("/dossiers", world.reception()).json()["code"]
    task = partner.get(f"/dossiers/{code}").json()["tasks"][0]
    address = f"/dossiers/{code}/steps/{task['id']}/complete"
    first = partner.post(address, {"outcome": "trinh"}, key="buoc-1")
    again = partner.post(address, {"outcome": "trinh"}, key="buoc-1")
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json() == first.json()
    assert partner.post(address, {"outcome": "trinh"}, key="buoc-2").status_code == 409


@pytest.fixture
def shared_database(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[], None]:
    """Lets threads meet in one real database: PostgreSQL as it is, SQLite's memory copied into a file."""

    def share() -> None:
        if connection.vendor != "sqlite":
            return
        file = tmp_path / "shared.sqlite3"
        with closing(sqlite3.connect(file)) as copy:
            connection.connection.backup(copy)
        monkeypatch.setitem(
            connections.settings, "default", {**connections.settings["default"], "NAME": str(file)}
        )

    return share


@pytest.mark.django_db(transaction=True)
def test_duplicates_that_come_at_once_make_one_dossier(shared_database: Callable[[], None]) -> None:
    world = make_world()
    token = world.partner().token
    shared_database()
    together = Barrier(6)

    def send(number: int) -> Any:
        try:
            together.wait(timeout=20)
            return Partner(token).post("/dossiers", world.reception(), key=f"k-{number % 2}")
        finally:
            connection.close()

    def count() -> int:
        try:
            return Dossier.objects.count()
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(send, range(6)))
        stored = pool.submit(count).result()
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["code"] for answer in answers}) == stored == 2
    assert sum("Idempotent-Replay" in answer for answer in answers) == 4

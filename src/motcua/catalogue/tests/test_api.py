"""Procedures for partner systems, through the router alone."""

from __future__ import annotations

import pytest
from ninja.testing import TestClient

from motcua.catalogue.api import router

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]


@pytest.fixture(scope="module")
def api() -> TestClient:
    return TestClient(router)


def test_search_gives_the_best_match_first(api: TestClient) -> None:
    answer = api.get("/procedures?q=dkks&limit=3").json()
    assert answer["items"][0]["code"] == "1.001193"
    assert len(answer["items"]) == 3


def test_pages_follow_each_other_without_a_gap(api: TestClient) -> None:
    seen: list[int] = []
    cursor = ""
    while True:
        page = api.get(f"/procedures?limit=200&level=xa&cursor={cursor}").json()
        seen += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        cursor = page["next"]
    assert len(seen) == len(set(seen)) == page["total"]


def test_one_procedure_has_cases_papers_and_limits(api: TestClient) -> None:
    found = api.get("/procedures/1.004873").json()
    cases = {case["key"]: case["limit"]["text"] for case in found["cases"]}
    assert cases["phai-xac-minh"] == "23 ngày làm việc"
    assert found["papers"][0]["name"].startswith("Tờ khai")
    assert found["fees"][0]["amount"] is None


def test_former_codes_answer_too(api: TestClient) -> None:
    assert api.get("/procedures/1.115468").json()["code"] == "1.013831"


@pytest.mark.parametrize("query", ["limit=0", "limit=9999", "level=huyen", "cursor=abc", "q=" + "x" * 200])
def test_wrong_questions_are_named(api: TestClient, query: str) -> None:
    assert api.get(f"/procedures?{query}").status_code == 422


def test_an_instant_is_answered_with_what_counts_then(api: TestClient) -> None:
    ended = "/procedures/1.011606"
    assert api.get(f"{ended}?at=2026-12-31T23:59:59%2B07:00").json()["in_force"]
    assert not api.get(f"{ended}?at=2027-01-01T00:00:00%2B07:00").json()["in_force"]
    assert api.get(f"{ended}?at=2027-01-01T00:00:00").status_code == 422
    today = api.get("/procedures?limit=1").json()["total"]
    assert api.get("/procedures?limit=1&at=2025-06-30T23:59:59%2B07:00").json()["total"] < today / 10

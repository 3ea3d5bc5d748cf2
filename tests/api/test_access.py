"""Tokens, scopes, agencies, limits."""

from __future__ import annotations

import pytest
from django.db import OperationalError
from django.test import override_settings

from motcua.dossiers.tests import factories
from motcua.kernel import clock
from motcua.kernel.accounts.models import User
from motcua.organisation import actions as organisation
from motcua.organisation.models import ApiClient
from tests.api.conftest import Partner, World

READINGS = [
    "/dossiers",
    "/units",
    "/procedures",
    "/units/09187",
    "/calendar/09187/2026",
    "/processes/thu.qt-01",
]


@pytest.mark.parametrize("path", READINGS)
def test_without_a_known_token_nothing_is_said(world: World, path: str) -> None:
    for token in ("", "sai", "\u00e9"):
        answer = Partner(token).get(path)
        assert answer.status_code == 401
        assert answer["Content-Type"] == "application/problem+json"
        assert answer["WWW-Authenticate"].startswith("Bearer")
        assert answer.json()["code"] == "unauthenticated"


@pytest.mark.parametrize(
    ("scope", "allowed"),
    [
        ("dossiers:read", {"/dossiers"}),
        ("dossiers:write", set()),
        ("catalogue:read", {"/procedures", "/processes/thu.qt-01"}),
        ("organisation:read", {"/units", "/units/09187", "/calendar/09187/2026"}),
    ],
)
def test_a_scope_opens_its_part_and_no_other(world: World, scope: str, allowed: set[str]) -> None:
    partner = world.partner(scope)
    for path in READINGS:
        answer = partner.get(path)
        assert answer.status_code == (200 if path in allowed else 403), path
        if answer.status_code == 403:
            assert answer.json()["code"] == "insufficient_scope"
    written = partner.post("/dossiers", world.reception())
    assert written.status_code == (201 if scope == "dossiers:write" else 403)


def test_a_closed_client_is_out_at_once(world: World, partner: Partner) -> None:
    assert partner.get("/units").status_code == 200
    client = ApiClient.objects.get()
    organisation.close_api_client(actor=factories.SYSTEM, now=clock.now(), client_id=client.pk)
    assert partner.get("/units").status_code == 401


def test_a_client_of_an_agency_acts_there_only_and_sees_nothing_else(world: World, partner: Partner) -> None:
    code = partner.post("/dossiers", world.reception()).json()["code"]
    own = world.partner(agency_id=world.province.commune.agency.id)
    other = world.partner(agency_id=world.province.other.agency.id)
    assert own.get(f"/dossiers/{code}").status_code == 200
    assert other.get(f"/dossiers/{code}").status_code == 404, "foreign and unknown ones look alike"
    assert other.get("/dossiers").json()["items"] == []
    assert other.post("/dossiers", world.reception()).status_code == 403
    assert (
        other.post(f"/dossiers/{code}/stop", {"reason": "x", "requested_by_applicant": True}).status_code
        == 404
    )
    letter = own.get(f"/dossiers/{code}").json()["letters"][0]["url"]
    assert other.http.get(letter, headers=other.headers()).status_code == 404
    assert own.http.get(letter, headers=own.headers()).status_code == 200


def test_an_officer_is_lent_no_more_than_the_system_and_the_officer_may(world: World) -> None:
    officer = User.objects.get(full_name="Nguyễn Thị Quầy").username
    without_scope = world.partner("dossiers:read", "dossiers:write")
    assert without_scope.post("/dossiers", world.reception(), officer=officer).status_code == 403
    elsewhere = world.partner(agency_id=world.province.other.agency.id)
    assert elsewhere.post("/dossiers", world.reception(), officer=officer).status_code == 403
    partner = world.partner()
    assert partner.post("/dossiers", world.reception(), officer="khong-ai").status_code == 403
    there = world.reception(receiving_unit=world.province.other.centre.code)
    assert partner.post("/dossiers", there, officer=officer).status_code == 403
    assert partner.post("/dossiers", world.reception(), officer=officer).status_code == 201


def test_too_many_calls_are_told_when_to_come_back(world: World, partner: Partner) -> None:
    with override_settings(API_LIMIT=2):
        answers = [partner.get("/units") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 1 <= int(answers[2]["Retry-After"]) <= 60
    guesses = [Partner(f"sai-{number}").get("/units").status_code for number in range(32)]
    assert (guesses[0], guesses[-1]) == (401, 429)


def test_unknown_addresses_and_methods_are_problems_too(partner: Partner) -> None:
    for answer in (partner.get("/nowhere"), partner.http.delete("/api/v1/units", headers=partner.headers())):
        assert answer.status_code in (404, 405)
        assert answer["Content-Type"] == "application/problem+json"
    assert partner.http.delete("/api/v1/units")["Allow"] == "GET"


def test_units_people_calendars_and_processes_can_be_read(world: World, partner: Partner) -> None:
    page = partner.get("/units", limit=3).json()
    assert len(page["items"]) == 3
    rest = partner.get("/units", limit=200, cursor=page["next"]).json()
    assert rest["next"] is None
    assert not {unit["code"] for unit in page["items"]} & {unit["code"] for unit in rest["items"]}
    points = partner.get("/units", reception_points=True).json()["items"]
    assert {point["code"] for point in points} >= {"09187.TT", "TTPVHCC"}
    ward = partner.get("/units/09187").json()
    assert ward["receives_at"] == "09187.TT" and "09187.VHXH" in ward["divisions"]
    assert partner.get("/units/khong-co").status_code == 404
    assert partner.get("/units/09187/holders", role="vua").status_code == 422
    calendar = partner.get("/calendar/09187/2026").json()
    assert calendar["week"][0]["sessions"][0] == {"opens": "07:30", "closes": "11:30"}
    assert calendar["working_days"] == 261
    assert partner.get("/calendar/09187/99999").status_code == 422
    process = partner.get("/processes/thu.qt-01").json()
    assert [step["key"] for step in process["steps"]][:2] == ["tiep-nhan", "xu-ly"]
    assert partner.get(f"/processes/{process['id']}").json() == process
    assert partner.get("/processes/khong-co").status_code == 404
    assert partner.get(f"/processes/{'9' * 50}").status_code == 404
    assert partner.get(f"/procedures/{world.procedure.code}").json()["cases"][1]["key"] == "xac-minh"


def test_a_lost_database_is_503_with_retry_after(partner: Partner, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_words: object, **_more: object) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr("motcua.dossiers.api.reading.listing", away)
    answer = partner.get("/dossiers")
    assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")
    assert int(answer["Retry-After"]) > 0
    monkeypatch.setattr("motcua.organisation.queries.actor_for_client", away)
    assert partner.get("/units").status_code == 503

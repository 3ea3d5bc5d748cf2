"""Bringing dossiers in through the API."""

from __future__ import annotations

import pytest

from motcua.documents.models import Letter
from motcua.dossiers.models import Dossier
from motcua.kernel.audit.models import AuditEntry
from tests.api.conftest import Partner, World


def test_a_dossier_is_received_with_number_slip_and_due_date(world: World, partner: Partner) -> None:
    answer = partner.post("/dossiers", world.reception())
    assert answer.status_code == 201, answer.content.decode()
    said = answer.json()
    assert said["code"].startswith("H05.16-")
    assert (said["status"], said["national_status"]) == ("received", 2)
    assert said["due_at"] and said["due_at"] == said["original_due_at"]
    assert said["receiving_unit"]["code"] == "09187.TT"
    assert "/tra-cuu/" in said["tracking_url"]
    slip = partner.http.get(said["letter_url"], headers=partner.headers())
    assert slip.status_code == 200 and slip.content.startswith(b"%PDF")
    entry = AuditEntry.objects.get(action="dossiers.received")
    assert (entry.via, entry.subject) == ("api", said["code"])


@pytest.mark.parametrize("case", ["xac-minh", "Phải xác minh", "phai xac minh", "co xac minh"])
def test_a_case_is_named_by_key_or_in_words(world: World, partner: Partner, case: str) -> None:
    said = partner.post("/dossiers", world.reception(case=case)).json()
    assert said["case"] == {"key": "xac-minh", "name": "Phải xác minh"}


def test_a_missing_or_unclear_case_is_refused_with_the_cases_there_are(
    world: World, partner: Partner
) -> None:
    unclear = partner.post("/dossiers", world.reception(case="xác minh nhanh đặc biệt"))
    assert unclear.status_code == 422
    assert unclear.json()["errors"][0]["field"] == "case"
    assert "thuong (Không phải xác minh)" in unclear.json()["detail"]
    missing = partner.post("/dossiers", world.reception(case=""))
    assert (missing.status_code, missing.json()["errors"][0]["field"]) == (422, "case")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"procedure": "9.999999"}, "procedure"),
        ({"receiving_unit": "khong-co"}, "receiving_unit"),
        ({"deciding_unit": "khong-co"}, "deciding_unit"),
        ({"owner": {"name": "   "}}, "owner.name"),
        ({"owner": {}}, "owner.name"),
        ({"owner": {"name": "A" * 256}}, "owner.name"),
        ({"owner": {"name": "Đào", "id_number": "1" * 21}}, "owner.id_number"),
        ({"owner": {"name": "Đào", "born_on": "2026-02-30"}}, "owner.born_on"),
        ({"owner": {"name": "Đào", "born_on": "0001-01-01"}}, "owner.born_on"),
        ({"papers": [{"key": "khong-co"}]}, "papers"),
        ({"papers": [{"key": "to-khai", "state": "missing"}]}, "papers"),
        ({"papers": [{"key": "to-khai", "originals": 10**30}]}, "papers.0.originals"),
        ({"set_count": 0}, "set_count"),
        ({"channel": "fax"}, "channel"),
        ({"chanel": "post"}, "chanel"),
        ({"related": "H05.16-251101-9999"}, "related"),
    ],
)
def test_bad_input_names_its_field_in_vietnamese(
    world: World, partner: Partner, changes: dict[str, object], field: str
) -> None:
    answer = partner.post("/dossiers", world.reception(**changes))
    assert answer.status_code == 422, answer.content.decode()
    assert answer["Content-Type"] == "application/problem+json"
    said = answer.json()
    assert [error["field"] for error in said["errors"]] == [field]
    assert all(error["message"] for error in said["errors"])
    assert not Dossier.objects.exists()


def test_what_is_missing_is_asked_once_and_the_clock_starts_when_it_came(
    world: World, partner: Partner
) -> None:
    body = world.reception(items=[{"text": "Tờ khai theo mẫu", "paper": "to-khai"}], reason="Thiếu tờ khai")
    asked = partner.post("/dossiers/intake-supplements", body)
    assert asked.status_code == 201, asked.content.decode()
    assert (asked.json()["status"], asked.json()["due_at"]) == ("awaiting_supplement", None)
    code = asked.json()["code"]
    received = partner.post(f"/dossiers/{code}/receive", {"papers": [{"key": "to-khai"}]})
    assert received.status_code == 201
    assert (received.json()["code"], received.json()["status"]) == (code, "received")
    again = partner.post(f"/dossiers/{code}/receive", {"papers": []})
    assert again.status_code == 409


def test_a_refusal_is_kept_with_form_03(world: World, partner: Partner) -> None:
    refused = partner.post("/dossiers/refusals", world.reception(reason="Không thuộc thẩm quyền."))
    assert (refused.status_code, refused.json()["status"]) == (201, "refused")
    assert Letter.objects.get().kind == "refusal"
    silent = partner.post("/dossiers/refusals", world.reception(reason="  "))
    assert (silent.status_code, silent.json()["errors"][0]["field"]) == (422, "reason")

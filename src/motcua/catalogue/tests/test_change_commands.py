"""`import-decision`, `publish` and `undo`, and the same through the API: the gate holds everywhere."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from motcua.catalogue import actions, queries
from motcua.catalogue.models import ChangeSet
from motcua.catalogue.tests import decisions as d
from motcua.catalogue.tests.conftest import SYSTEM
from motcua.catalogue.types_changes import ChangeState
from motcua.kernel.actor import Actor
from motcua.organisation import actions as organisation
from motcua.organisation.types import Role

pytestmark = pytest.mark.django_db
DECISION = {
    "number": "1513/QĐ-UBND",
    "date": "2026-11-18",
    "issuer": "Chủ tịch UBND tỉnh Bắc Ninh",
    "kind": "publish",
    "title": "Công bố danh mục thủ tục hành chính được sửa đổi, bãi bỏ",
    "field": "Hộ tịch",
    "effective": {"date": "2026-12-01"},
    "new": [],
    "amended": [{"code": "9.000001", "name": "Thủ tục thử số 1"}],
    "replaced": [],
    "repealed": [{"code": "9.000002", "name": "Thủ tục thử số 2"}],
    "other": [],
}


@pytest.fixture
def people() -> tuple[Actor, Actor]:
    d.make_units()
    d.seed(6)
    return (
        d.person("soan", Role.IT_ADMIN, "TTPVHCC"),
        d.person("duyet", Role.PROCEDURE_CONTROLLER, "TTPVHCC"),
    )


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "decisions.json"
    path.write_text(json.dumps({"decisions": [DECISION]}, ensure_ascii=False), encoding="utf-8")
    return path


def run(*words: str) -> tuple[int, dict[str, Any]]:
    out = StringIO()
    code = 0
    try:
        call_command(*words, "--json", stdout=out, stderr=StringIO())
    except SystemExit as left:
        code = int(left.code or 0)
    return code, json.loads(out.getvalue())


def test_a_dry_run_says_what_it_would_do_and_stores_nothing(people: tuple[Actor, Actor], file: Path) -> None:
    code, said = run("import_decision", str(file), "--dry-run")
    assert (code, said["stored"]) == (0, False)
    assert said["decisions"][0]["actions"] == {"amended": 1, "abolished": 1}
    assert not ChangeSet.objects.exists()


def test_a_decision_is_drafted_once_however_often_it_is_read(people: tuple[Actor, Actor], file: Path) -> None:
    first, again = run("import_decision", str(file))[1], run("import_decision", str(file))[1]
    assert [first["decisions"][0]["new"], again["decisions"][0]["new"]] == [True, False]
    more = {"decisions": [DECISION, {**DECISION, "number": "1514/QĐ-UBND"}]}
    file.write_text(json.dumps(more, ensure_ascii=False), encoding="utf-8")
    assert [one["new"] for one in run("import_decision", str(file))[1]["decisions"]] == [False, True]


def test_the_gate_holds_in_the_command(people: tuple[Actor, Actor], file: Path) -> None:
    code, said = run("import_decision", str(file), "--draft-as", "soan", "--publish-as", "duyet")
    assert code == 1 and any("diễn tập" in reason for reason in said["reasons"]), said
    found = queries.changes.change_set("1513/QĐ-UBND")
    code, said = run("publish", "1513/QĐ-UBND")
    assert code == 1
    assert found.state is ChangeState.APPROVED
    d.rehearsed(found.id)
    code, said = run("publish", "1513/QĐ-UBND", "--as", "duyet")
    assert (code, said["state"]) == (0, "published")
    code, said = run("undo", "1513/QĐ-UBND", "--reason", "Nhầm")
    assert (code, said["state"]) == (0, "undone")


@pytest.mark.parametrize("drafter", [(), ("--draft-as", "duyet")])
def test_one_person_does_not_draft_and_approve_by_the_command(
    people: tuple[Actor, Actor], file: Path, drafter: tuple[str, ...]
) -> None:
    code, said = run("import_decision", str(file), *drafter, "--publish-as", "duyet")
    assert code == 2 and "không tự duyệt" in said["error"]
    assert not ChangeSet.objects.exists()


def test_wrong_calls_leave_with_2_and_broken_files_with_1(
    people: tuple[Actor, Actor], tmp_path: Path
) -> None:
    assert run("publish", "0/QĐ")[0] == 2
    assert run("import_decision", str(tmp_path / "khong-co.xlsx"))[0] == 2
    broken = tmp_path / "hong.json"
    broken.write_text("{", encoding="utf-8")
    code, said = run("import_decision", str(broken))
    assert code == 1 and "JSON" in said["error"]


def test_partner_systems_read_change_sets_and_publish_through_the_same_gate(
    people: tuple[Actor, Actor],
) -> None:
    for token, scopes in (
        ("doc", ["catalogue:read"]),
        ("ghi", ["catalogue:read", "catalogue:write", "officers:act"]),
    ):
        organisation.create_api_client(
            actor=SYSTEM, name=token, agency_id=None, scopes=scopes, token=f"{token}-token", now=d.NOW
        )
    drafted = actions.draft_change_set(actor=people[0], head=d.head(), lines=[d.new("9.100001")], now=d.NOW)
    actions.approve_change_set(actor=people[1], change_set_id=drafted.id, now=d.NOW)
    client = Client()
    reader = {"authorization": "Bearer doc-token"}
    writer = {"authorization": "Bearer ghi-token"}
    officer = {**writer, "motcua-officer": "duyet"}
    listed = client.get("/api/v1/change-sets", headers=reader).json()
    assert [item["number"] for item in listed["items"]] == ["1513/QĐ-UBND"]
    shown = client.get("/api/v1/change-sets/1513/QĐ-UBND", headers=reader).json()
    assert [line["code"] for line in shown["lines"]] == ["9.100001"]
    url = "/api/v1/change-sets/1513/QĐ-UBND/publish"
    assert client.post(url, headers=reader).status_code == 403
    assert client.post(url, headers=writer).status_code == 403
    refused = client.post(url, headers=officer)
    assert refused.status_code == 409 and "diễn tập" in refused.json()["detail"]
    d.rehearsed(drafted.id)
    done = client.post(url, headers=officer)
    assert (done.status_code, done.json()["state"]) == (200, "published")

"""A ward, its people, one procedure, and partner systems that speak to the API."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client

from motcua.catalogue.models import ProcedureVersion
from motcua.dossiers.tests import factories
from motcua.dossiers.tests.factories import Province, Staff
from motcua.kernel import clock
from motcua.organisation import actions as organisation

ALL_SCOPES = ("dossiers:read", "dossiers:write", "catalogue:read", "organisation:read", "officers:act")


@dataclass
class Partner:
    """A partner system with its token; `officer` is the user name it acts for."""

    token: str
    http: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def headers(self, officer: str = "", key: str = "") -> dict[str, str]:
        found = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        found |= {"Motcua-Officer": officer} if officer else {}
        return found | ({"Idempotency-Key": key} if key else {})

    def get(self, path: str, officer: str = "", **query: Any) -> Any:
        return self.http.get(f"/api/v1{path}", query, headers=self.headers(officer))

    def post(self, path: str, body: object = None, *, officer: str = "", key: str = "") -> Any:
        return self.http.post(
            f"/api/v1{path}",
            json.dumps(body if body is not None else {}),
            content_type="application/json",
            headers=self.headers(officer, key),
        )


@dataclass(frozen=True)
class World:
    province: Province
    staff: Staff
    procedure: ProcedureVersion

    def partner(self, *scopes: str, agency_id: int | None = None) -> Partner:
        made = organisation.create_api_client(
            actor=factories.SYSTEM,
            now=clock.now(),
            name=f"Hệ thống {next(factories._numbers)}",
            scopes=scopes or ALL_SCOPES,
            agency_id=agency_id,
        )
        return Partner(made.token)

    def reception(self, **changes: Any) -> dict[str, Any]:
        body = {
            "procedure": self.procedure.code,
            "case": "thuong",
            "receiving_unit": self.province.commune.centre.code,
            "owner": {"name": "Nguyễn Thị Đào", "id_number": "027185001234", "phone": "0912345678"},
            "papers": [{"key": "to-khai"}],
        }
        return body | changes


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def make_world() -> World:
    province = factories.make_province()
    return World(province, factories.make_staff(province.commune), factories.make_procedure())


@pytest.fixture
def partner(world: World) -> Partner:
    return world.partner()


def walk(partner: Partner, code: str, until: str) -> dict[str, Any]:
    """Finish steps the ordinary way until the step `until` is open; gives the dossier."""
    ways = {"xu-ly": "trinh", "duyet": "trinh_ky", "ky": "ky", "dong-dau": "phat_hanh"}
    while True:
        dossier: dict[str, Any] = partner.get(f"/dossiers/{code}").json()
        task = dossier["tasks"][0]
        if task["step_key"] == until:
            return dossier
        body: dict[str, Any] = {"outcome": ways[task["step_key"]]}
        if task["step_key"] == "dong-dau":
            body["result"] = {"number": "15/TLKS", "issued_on": "2026-11-20", "summary": "Giấy khai sinh"}
        done = partner.post(f"/dossiers/{code}/steps/{task['id']}/complete", body)
        assert done.status_code == 200, done.content.decode()

"""The OpenAPI document is complete enough that a generated client works."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from openapi_spec_validator import validate

from motcua.config.api import build
from motcua.dossiers.models import Dossier
from tests.api.conftest import make_world


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    made: dict[str, Any] = json.loads(json.dumps(build().get_openapi_schema(path_prefix="/api/v1/")))
    return made


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, method, said) for path, found in document["paths"].items() for method, said in found.items()
    ]


def test_the_document_is_valid_and_open_to_everybody(document: dict[str, Any]) -> None:
    validate(document)
    assert Client().get("/api/v1/openapi.json").json()["info"] == document["info"]


def test_every_operation_says_how_to_sign_in_and_what_refusals_look_like(document: dict[str, Any]) -> None:
    names = [said["operationId"] for _path, _method, said in operations(document)]
    assert len(names) == len(set(names)) >= 28
    for path, method, said in operations(document):
        assert said["security"] == [{"BearerToken": []}], path
        assert said["summary"] and said["tags"]
        assert {"401", "403", "429", "503"} <= said["responses"].keys(), path
        for status, response in said["responses"].items():
            if status >= "400":
                assert response["content"].keys() == {"application/problem+json"}, (path, status)
        if method == "post":
            assert {"404", "409", "422"} <= said["responses"].keys(), path
            assert "Idempotency-Key" in {parameter["name"] for parameter in said["parameters"]}, path
    assert document["components"]["securitySchemes"]["BearerToken"]["scheme"] == "bearer"


def test_every_body_has_an_example_and_it_is_well_formed(document: dict[str, Any]) -> None:
    import motcua.dossiers.api.inputs as inputs
    import motcua.payments.api as platform

    for path, method, said in operations(document):
        body = said.get("requestBody", {}).get("content", {}).get("application/json")
        if method != "post" or body is None:
            continue
        name = body["schema"]["$ref"].rpartition("/")[2]
        schema = document["components"]["schemas"][name]
        model = getattr(inputs, name, None) or getattr(platform, name)
        assert schema["examples"], path
        for example in schema["examples"]:
            model.model_validate(example)


def test_schemas_of_different_contexts_do_not_share_a_name(document: dict[str, Any]) -> None:
    from motcua.catalogue.api import schemas as catalogue
    from motcua.dossiers.api import inputs, outputs
    from motcua.organisation.api import schemas as organisation
    from motcua.workflow import api as workflow

    own = [
        name
        for module in (catalogue, inputs, outputs, organisation, workflow)
        for name, found in vars(module).items()
        if isinstance(found, type) and found.__module__ == module.__name__
    ]
    assert len(own) == len(set(own))


@pytest.mark.django_db(transaction=True)
def test_a_generated_client_receives_and_reads_a_dossier(
    document: dict[str, Any], tmp_path: Path, live_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "openapi.json"
    source.write_text(json.dumps(document), encoding="utf-8")
    (tmp_path / "config.yml").write_text(
        "post_hooks: []\ncontent_type_overrides:\n  application/pdf: application/octet-stream\n",
        encoding="utf-8",
    )
    made = subprocess.run(
        [sys.executable, "-m", "openapi_python_client", "generate", "--path", str(source), "--meta", "none",
         "--output-path", str(tmp_path / "motcua_client"), "--config", str(tmp_path / "config.yml"),
         "--fail-on-warning"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stdout + made.stderr
    monkeypatch.syspath_prepend(str(tmp_path))
    world = make_world()
    client_module = importlib.import_module("motcua_client")
    models = importlib.import_module("motcua_client.models")
    receive = importlib.import_module("motcua_client.api.dossiers.receive_dossier")
    read = importlib.import_module("motcua_client.api.dossiers.get_dossier")
    client = client_module.AuthenticatedClient(base_url=live_server.url, token=world.partner().token)
    body = models.ReceptionIn.from_dict(world.reception())
    got = receive.sync_detailed(client=client, body=body, idempotency_key="sinh-tu-dong-1")
    assert got.status_code == 201, got.content
    assert got.parsed.code == Dossier.objects.get().code
    page = read.sync(code=got.parsed.code, client=client)
    assert page.owner_name == "Nguyễn Thị Đào"
    assert page.tasks[0].outcomes[0].key == "trinh"
    assert page.due_at.tzinfo is not None
    bad = receive.sync_detailed(client=client, body=models.ReceptionIn.from_dict(world.reception(case="")))
    assert (bad.status_code, bad.parsed.errors[0].field) == (422, "case")
    missing = read.sync(code="H05.16-990101-0001", client=client)
    assert missing.status == 404

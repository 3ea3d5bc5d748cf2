"""Hostile requests: whatever comes, never a server error. More with MOTCUA_FUZZ_API=10000."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest
from django.test import override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.conftest import Partner, World
from tests.api.test_document import operations

CASES = int(os.environ.get("MOTCUA_FUZZ_API", "300"))
NASTY = st.sampled_from(
    ["\x00", "\ud800", "٣٤٥", "9" * 400, "-1", "1e400", "NaN", "Ａ", "'; DROP TABLE x;--", "{{7*7}}", "%s%n",
     "../../etc/passwd", "x" * 20_000, "2026-02-30", "0000-00-00", "2028-02-29", "9999-12-31T23:59:59+14:00",
     "\u202e\u200b", "<script>", "đ", "thuong", "trinh", "ky", "", " "]
)  # fmt: skip
QUERIES = [
    "q",
    "cursor",
    "limit",
    "status",
    "unit",
    "received_from",
    "due_before",
    "kind",
    "role",
    "level",
    "la",
]
SCALAR = st.one_of(
    NASTY, st.text(max_size=40), st.integers(), st.integers(-(10**40), 10**40), st.booleans(), st.none(),
    st.floats(allow_nan=False), st.dates().map(str), st.datetimes().map(str), st.sampled_from([1, 2, 3, 4]),
)  # fmt: skip
VALUE = st.recursive(
    SCALAR,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=6,
)


@st.composite
def hostile(draw: Any, examples: list[tuple[str, str, dict[str, Any]]], words: list[str]) -> tuple[Any, ...]:
    """An operation with an example of its body in which a few things are wrong."""
    path, method, body = draw(st.sampled_from(examples))
    for name in [part for part in path.split("/") if part.startswith("{")]:
        value = draw(st.sampled_from(words) | NASTY | st.text(min_size=1, max_size=20))
        path = path.replace(name[: name.index("}") + 1], str(value).replace("\ud800", "%ED%A0%80"))
    body = dict(body)
    for key in draw(st.lists(st.sampled_from([*body, "la"]), max_size=3)) if body else []:
        body[key] = draw(VALUE)
    raw = draw(
        st.sampled_from(["", "", "", "", "{", "[]", "null", '"\\ud800"', "[" * 5000, "\ufeff{}", "1" * 5000])
    )
    query = draw(st.dictionaries(st.sampled_from(QUERIES), SCALAR, max_size=3))
    return method, path, body, raw, query, draw(st.sampled_from(["", "", "k-1", "\u00e9", "x" * 300]))


@pytest.mark.django_db
def test_no_request_causes_a_server_error(world: World, partner: Partner) -> None:
    document = partner.http.get("/api/v1/openapi.json").json()
    examples = []
    for path, method, said in operations(document):
        content = said.get("requestBody", {}).get("content", {}).get("application/json", {})
        name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
        schema = document["components"]["schemas"].get(name, {})
        body = (schema.get("examples") or [{}])[0]
        if "procedure" in body:
            body = world.reception(
                **{key: value for key, value in body.items() if key not in world.reception()}
            )
        examples.append((path.removeprefix("/api/v1"), method, body))
    received = partner.post("/dossiers", world.reception()).json()
    task = partner.get(f"/dossiers/{received['code']}").json()["tasks"][0]
    words = [received["code"], received["code"], str(task["id"]), str(task["id"]), "1", "09187", "2026"]

    @settings(max_examples=CASES, deadline=None, derandomize=True, database=None,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(hostile(examples, words))
    def ask(case: tuple[Any, ...]) -> None:
        method, path, body, raw, query, key = case
        address = f"/api/v1{path}"
        if method == "get":
            answer = partner.http.get(address, _sendable(query), headers=partner.headers())
        else:
            text = raw or json.dumps(body)
            answer = partner.http.post(
                address, text.encode("utf-8", "surrogatepass"), content_type="application/json",
                headers=partner.headers(key=key),
            )  # fmt: skip
        assert answer.status_code < 500, (method, path, answer.content[:300])
        if answer.status_code >= 400:
            assert answer["Content-Type"] == "application/problem+json", (answer.status_code, path)
            assert b"<script>" not in answer.content or answer["Content-Type"].endswith("json")

    with override_settings(API_LIMIT=10**9):
        ask()


def _sendable(query: dict[str, Any]) -> dict[str, str]:
    return {name: str(value).encode("utf-8", "replace").decode() for name, value in query.items()}

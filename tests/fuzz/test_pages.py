"""Two thousand hostile requests: no page fails, none takes long, nothing is redirected to a stranger's site.

MOTCUA_FUZZ=20000 asks more; MOTCUA_FUZZ_SEED starts elsewhere. A failure prints the request to send again.
"""

from __future__ import annotations

import os
import traceback
from collections.abc import Iterator
from http.cookies import SimpleCookie
from random import Random
from time import process_time
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.signals import got_request_exception
from django.db import transaction
from django.test import Client

from tests.cast import Cast, cookie_of, signed_in
from tests.fuzz.requests import Fuzzer, Wild

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

COUNT = int(os.environ.get("MOTCUA_FUZZ", "2000"))
SEED = int(os.environ.get("MOTCUA_FUZZ_SEED", "20261123"))
PARTS = 8
SLOWEST = 5.0
"""Seconds of processor time for one request; a machine that is busy with something else does not count."""


Browser = tuple[str, Client, dict[str, str]]


@pytest.fixture(scope="module")
def browsers(cast: Cast) -> list[Browser]:
    """People with their cookies and systems with their tokens; those who may do much come oftener."""
    people: dict[str, Any] = {"anon": None, **cast.people}
    found: list[Browser] = []
    for name, actor in people.items():
        client = signed_in(actor)
        found += [(name, client, {"cookie": cookie_of(client)})] * (
            4 if name in {"counter", "spec", "admin"} else 1
        )
    for name, token in cast.tokens.items():
        found.append((f"system {name}", signed_in(None), {"authorization": f"Bearer {token}"}))
    return found


@pytest.fixture(scope="module")
def good(cast: Cast) -> dict[str, list[str]]:
    """Values that exist, so that requests get past the door."""
    run = cast.ours.run
    assert run is not None
    task = str(run.tasks.latest("pk").pk)
    return {
        "code": [
            cast.ours.code,
            cast.ours.code,
            cast.foreign.code,
            cast.place.commune.agency.code,
            cast.procedure.code,
        ],
        "version_id": [str(cast.process.pk)],
        "letter_id": [str(cast.letter_of(cast.ours)), str(cast.letter_of(cast.foreign))],
        "attachment_id": [str(cast.ours_attachment.pk), str(cast.foreign_attachment.pk)],
        "post_id": [str(cast.people["spec"].grants[0].post_id)],
        "delegation_id": [str(cast.delegation.pk)],
        "token": [cast.ours.tracking_token],
        "job_id": [str(cast.dead_job.pk)],
        "unit": [cast.place.commune.agency.code],
        "year": ["2026", "1", "99999"],
        "key": [cast.process.key],
        "task_id": [task],
        "task": [task],
        "outcome": ["trinh", "bo_sung"],
        "procedure": [str(cast.procedure.pk)],
        "procedure_version_id": [str(cast.procedure.pk)],
        "quay": [str(cast.place.commune.centre.id)],
        "queue": ["hom-nay", "cua-toi"],
    }


@pytest.fixture
def failures() -> Iterator[list[str]]:
    """What Django is about to turn into a 500, with its last lines."""
    heard: list[str] = []

    def remember(**_more: Any) -> None:
        heard.append("".join(traceback.format_exc().splitlines(keepends=True)[-6:]))

    got_request_exception.connect(remember)
    yield heard
    got_request_exception.disconnect(remember)


@pytest.mark.parametrize("part", range(PARTS))
def test_no_request_breaks_a_page(
    part: int, browsers: list[Browser], good: dict[str, list[str]], failures: list[str]
) -> None:
    random = Random(SEED + part)
    fuzzer = Fuzzer(random, good)
    found = []
    for _number in range(COUNT // PARTS):
        name, client, keys = random.choice(browsers)
        wild = fuzzer.request()
        failures.clear()
        wrong = _send(client, keys, wild)
        if wrong:
            found.append(f"{name}: {wrong}\n  {wild}\n  {'  '.join(failures)}")
    assert not found, f"{len(found)} requests, the first of them:\n" + "\n".join(found[:5])


def _send(client: Client, keys: dict[str, str], wild: Wild) -> str:
    """What is wrong with the answer, or nothing. The request leaves no trace."""
    client.cookies = SimpleCookie(keys.get("cookie", ""))
    headers = {**wild.headers, **{name: value for name, value in keys.items() if name != "cookie"}}
    begun = process_time()
    with transaction.atomic():
        answer = client.generic(
            wild.method, wild.path, wild.body, content_type=wild.content_type, headers=headers
        )
        content = b"".join(answer) if answer.streaming else answer.content
        transaction.set_rollback(True)
    spent = process_time() - begun
    if answer.status_code >= 500:
        return f"answered {answer.status_code}"
    if spent > SLOWEST:
        return f"took {spent:.1f} s"
    if urlsplit(answer.headers.get("Location", "")).netloc not in {"", "testserver"}:
        return f"leads away to {answer.headers['Location']}"
    if b"<script>alert(1)</script>" in content:
        return "gives a script back as it came"
    return ""

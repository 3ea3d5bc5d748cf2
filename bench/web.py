"""Over HTTP: pairs of reception and step with authentication and audit, and what a page weighs."""

from __future__ import annotations

import gzip
import http.client
import json
import re
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from statistics import median

from django.core.management import call_command
from django.db import connection

from bench.cast import OWNER, PROCEDURE, TOKEN, Cast
from bench.figures import Figure, Goal
from bench.place import Place, free_port, running, server_command, wait_until_ready
from bench.processes import cpu_seconds
from motcua.kernel.accounts.queries import DEMO_PASSWORD
from motcua.workflow import queries as workflow

PAIRS = Goal(value=60, at_least=True)
WEIGHT = Goal(value=300)
CLIENTS = 4
PAGES = {"sign-in page": "/dang-nhap/", "counter page": "/quay/tiep-nhan/", "worklist page": "/ho-so/"}


def measure(place: Place, cast: Cast, *, seconds: float = 12) -> Iterator[Figure]:
    """Two server processes on this database, asked from this process."""
    call_command("collectstatic", verbosity=0, interactive=False)
    port = free_port()
    connection.close()
    with running(place, server_command(port)) as server:
        wait_until_ready(port)
        yield from _pairs(place, cast, port, server.pid, seconds)
        if place.database == "SQLite":
            yield from _weights(port)


class Partner(threading.Thread):
    """A partner system with one connection: receives, completes the first step, again and again."""

    def __init__(self, port: int, body: bytes, outcome: str, until: float) -> None:
        super().__init__(daemon=True)
        self.port, self.body, self.outcome, self.until = port, body, outcome, until
        self.receive_ms: list[float] = []
        self.step_ms: list[float] = []
        self.refused: list[str] = []

    def run(self) -> None:
        self.link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        number = 0
        while time.perf_counter() < self.until:
            number += 1
            received = self._post(
                "/api/v1/dossiers", self.body, f"{self.name}-{self.ident}-{number}", self.receive_ms
            )
            if received is None:
                continue
            code = received["code"]
            task = workflow.open_tasks().values_list("pk", flat=True).get(run__subject=code)
            body = json.dumps({"outcome": self.outcome}).encode()
            self._post(f"/api/v1/dossiers/{code}/steps/{task}/complete", body, "", self.step_ms)
        self.link.close()
        connection.close()

    def _post(self, path: str, body: bytes, key: str, kept: list[float]) -> dict[str, str] | None:
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
        if key:
            headers["Idempotency-Key"] = key
        begun = time.perf_counter()
        self.link.request("POST", path, body, headers)
        answer = self.link.getresponse()
        content = answer.read()
        if answer.status not in (200, 201):
            self.refused.append(f"{answer.status} {content[:200]!r}")
            return None
        kept.append((time.perf_counter() - begun) * 1000)
        found: dict[str, str] = json.loads(content)
        return found


def reception_body(cast: Cast) -> bytes:
    """The reception every measurement uses, as the API takes it."""
    return json.dumps(
        {
            "procedure": PROCEDURE,
            "case": cast.case_name,
            "receiving_unit": cast.centre_code,
            "owner": {
                "name": OWNER.name, "id_number": OWNER.id_number, "phone": OWNER.phone, "address": OWNER.address
            },
            "papers": [{"key": paper.key} for paper in cast.reception.papers],
        }
    ).encode()  # fmt: skip


def first_outcome(cast: Cast) -> str:
    """The ordinary outcome of the step after the reception."""
    from motcua.dossiers import actions
    from motcua.kernel import clock

    made = actions.receive_dossier(actor=cast.officer, reception=cast.fresh(), now=clock.now())
    task = workflow.open_tasks().select_related("run").get(run__subject=made.dossier.code)
    outcome = workflow.process(task.run.process_version_id).by_key[task.step_key].default_outcome
    assert outcome is not None
    return outcome.key


def _pairs(place: Place, cast: Cast, port: int, server: int, seconds: float) -> Iterator[Figure]:
    body, outcome = reception_body(cast), first_outcome(cast)
    _together(port, body, outcome, 2)  # both server processes fill what they keep
    alone = Partner(port, body, outcome, time.perf_counter() + seconds / 4)
    alone.start()
    alone.join()
    begun, used = time.perf_counter(), cpu_seconds(server)
    partners = _together(port, body, outcome, seconds)
    spent = time.perf_counter() - begun
    refused = [line for partner in [alone, *partners] for line in partner.refused]
    if refused or not alone.step_ms:
        raise RuntimeError(f"{len(refused)} calls were refused: {refused[:1]}")
    pairs = sum(len(partner.step_ms) for partner in partners)
    cpu = (cpu_seconds(server) - used) / pairs * 1000
    yield Figure(
        "receive over HTTP, one client", place.database, median(alone.receive_ms), note="bearer token, audit"
    )
    yield Figure(
        "step over HTTP, one client", place.database, median(alone.step_ms), note="bearer token, audit"
    )
    yield Figure(
        "receive + step pairs over HTTP", place.database, pairs / spent, "pairs/s", goal=PAIRS,
        note=f"{CLIENTS} clients and 2 server processes on the same cores; {cpu:.1f} ms of server processor a pair",
    )  # fmt: skip


def _together(port: int, body: bytes, outcome: str, seconds: float) -> list[Partner]:
    until = time.perf_counter() + seconds
    partners = [Partner(port, body, outcome, until) for _ in range(CLIENTS)]
    for partner in partners:
        partner.start()
    for partner in partners:
        partner.join()
    return partners


def _weights(port: int) -> Iterator[Figure]:
    """A first visit: the page, its styles, scripts and fonts, each as a browser would receive it."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    browser.addheaders = [("Accept-Encoding", "gzip")]
    base = f"http://127.0.0.1:{port}"
    signed_in = False
    for name, path in PAGES.items():
        if name != "sign-in page" and not signed_in:
            _sign_in(browser, base)
            signed_in = True
        page, sent = _load(browser, base + path)
        files = set(re.findall(r'(?:href|src)="(/static/[^"#]+)', page))
        total = sent
        for file in sorted(files):
            text, weight = _load(browser, base + file)
            total += weight
            if file.endswith(".css"):
                fonts = {
                    urllib.parse.urljoin(file, font) for font in re.findall(r'url\("?([^")]+\.woff2)', text)
                }
                total += sum(_load(browser, base + font)[1] for font in fonts - files)
                files |= fonts
        yield Figure(
            f"weight of the {name}", "-", total / 1000, "kB", goal=WEIGHT, note=f"{len(files)} files"
        )


def _load(browser: urllib.request.OpenerDirector, url: str) -> tuple[str, int]:
    with browser.open(url, timeout=20) as answer:
        content = answer.read()
        plain = gzip.decompress(content) if answer.headers.get("Content-Encoding") == "gzip" else content
    return plain.decode("utf-8", "replace"), len(content)


def _sign_in(browser: urllib.request.OpenerDirector, base: str) -> None:
    page, _ = _load(browser, f"{base}/dang-nhap/")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token is not None
    fields = {
        "csrfmiddlewaretoken": token[1],
        "username": "xa1.motcua",
        "password": DEMO_PASSWORD,
        "next": "/ho-so/",
    }
    with browser.open(f"{base}/dang-nhap/", urllib.parse.urlencode(fields).encode(), timeout=20) as answer:
        assert "/dang-nhap/" not in answer.url, "could not sign in"

"""Two officers decide the same dossier at the same moment: one wins, the other is told who was faster."""

from __future__ import annotations

import http.client
import json
import threading
from collections import Counter

from django.db import connection

from bench.cast import TOKEN, Cast, second_specialist
from bench.faults.report import Report
from bench.faults.system import System
from bench.place import Place
from bench.web import first_outcome, reception_body
from motcua.kernel.accounts.models import User
from motcua.workflow import queries as workflow

RIVALS = ("xa1.tuphap", "xa1.tuphap2")


def run(place: Place, cast: Cast, *, times: int) -> Report:
    """`times` dossiers, each completed by both officers at once."""
    second_specialist(RIVALS[1])
    names = dict(User.objects.filter(username__in=RIVALS).values_list("username", "full_name"))
    body, outcome = reception_body(cast), first_outcome(cast)
    connection.close()
    system = System(place)
    answers: Counter[str] = Counter()
    problems: list[str] = []
    try:
        for number in range(times):
            _, received = _post(
                system.port, "/api/v1/dossiers", body, {"Idempotency-Key": f"rivals-{number}"}
            )
            code = str(received["code"])
            task = workflow.open_tasks().values_list("pk", flat=True).get(run__subject=code)
            both = _at_once(system.port, f"/api/v1/dossiers/{code}/steps/{task}/complete", outcome)
            statuses = sorted(status for status, _answer in both.values())
            answers[" and ".join(map(str, statuses))] += 1
            problems += _judged(code, both, names)
    finally:
        system.stop()
    return Report("two officers", {"dossiers": times, "answers": dict(answers)}, problems)


def _judged(code: str, both: dict[str, tuple[int, dict[str, object]]], names: dict[str, str]) -> list[str]:
    if sorted(status for status, _answer in both.values()) != [200, 409]:
        return [f"{code}: {both}"]
    winner = next(name for name, (status, _answer) in both.items() if status == 200)
    said = next(str(answer.get("detail", "")) for status, answer in both.values() if status == 409)
    return [] if names[winner] in said else [f"{code}: the second officer was told {said!r}"]


def _at_once(port: int, path: str, outcome: str) -> dict[str, tuple[int, dict[str, object]]]:
    answers: dict[str, tuple[int, dict[str, object]]] = {}
    gate = threading.Barrier(len(RIVALS))

    def act(username: str) -> None:
        gate.wait()
        answers[username] = _post(
            port, path, json.dumps({"outcome": outcome}).encode(), {"Motcua-Officer": username}
        )

    threads = [threading.Thread(target=act, args=(username,)) for username in RIVALS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def _post(port: int, path: str, body: bytes, more: dict[str, str]) -> tuple[int, dict[str, object]]:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json", **more}
    link.request("POST", path, body, headers)
    answer = link.getresponse()
    content = json.loads(answer.read())
    link.close()
    return answer.status, content

"""Events and jobs: nothing is lost when a worker dies, nothing is done twice, what keeps failing is parked."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
from django.db import transaction

from motcua.kernel import outbox
from motcua.kernel.outbox import registry, worker
from motcua.kernel.outbox.models import Job
from motcua.kernel.tests import migrated

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Happened:
    name: ClassVar[str] = "test.happened"
    thing: int


@pytest.fixture
def own_registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, Any]]]:
    monkeypatch.setattr(registry, "jobs", {})
    monkeypatch.setattr(registry, "listeners", {})
    monkeypatch.setattr(registry, "schedule", [])
    done: list[dict[str, Any]] = []

    @outbox.job("test.note")
    def note(payload: dict[str, Any], now: datetime) -> None:
        done.append(payload)

    @outbox.job("test.fail")
    def fail(payload: dict[str, Any], now: datetime) -> None:
        raise ValueError("always")

    yield done


def test_a_job_asked_for_in_a_rolled_back_act_never_runs(own_registry: list[dict[str, Any]]) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        outbox.enqueue("test.note", {"n": 1}, now=NOW)
        1 / 0  # noqa: B018
    worker.drain(NOW)
    assert own_registry == []


def test_a_job_with_a_key_is_done_once(own_registry: list[dict[str, Any]]) -> None:
    for _time in range(3):
        outbox.enqueue("test.note", {"n": 1}, now=NOW, key="once")
    worker.drain(NOW)
    assert own_registry == [{"n": 1}]


def test_a_job_waits_for_its_time(own_registry: list[dict[str, Any]]) -> None:
    outbox.enqueue("test.note", {"n": 1}, now=NOW, run_at=NOW + timedelta(minutes=5))
    assert worker.drain(NOW) == 0
    assert worker.drain(NOW + timedelta(minutes=5)) == 1


def test_every_listener_hears_an_event_once(own_registry: list[dict[str, Any]]) -> None:
    heard: list[str] = []

    @outbox.on(Happened)
    def first(payload: dict[str, Any], now: datetime) -> None:
        heard.append(f"first {payload['thing']}")

    @outbox.on(Happened)
    def second(payload: dict[str, Any], now: datetime) -> None:
        heard.append(f"second {payload['thing']}")

    outbox.publish(Happened(7), now=NOW)
    worker.drain(NOW)
    assert sorted(heard) == ["first 7", "second 7"]


def test_an_event_nobody_hears_is_kept_and_costs_the_worker_nothing(
    own_registry: list[dict[str, Any]],
) -> None:
    outbox.publish(Happened(7), now=NOW)
    assert worker.drain(NOW) == 0
    assert Job.objects.get().payload == {"thing": 7}


def test_a_claimed_job_is_tried_again_when_the_lease_runs_out(own_registry: list[dict[str, Any]]) -> None:
    outbox.enqueue("test.note", {"n": 1}, now=NOW)
    assert worker.claim(NOW) is not None
    assert worker.claim(NOW + timedelta(seconds=30)) is None
    again = worker.claim(NOW + timedelta(seconds=61))
    assert again is not None
    assert again.attempts == 2


def test_what_keeps_failing_backs_off_and_is_parked_with_its_error(
    own_registry: list[dict[str, Any]],
) -> None:
    outbox.enqueue("test.fail", {}, now=NOW)
    moment = NOW
    for _attempt in range(len(worker.BACK_OFF) + 1):
        assert worker.drain(moment) == 1
        moment += timedelta(hours=2)
    parked = Job.objects.get()
    assert parked.dead_at is not None
    assert "ValueError: always" in parked.error
    assert worker.drain(moment) == 0


def test_a_periodic_job_has_one_row_a_period(own_registry: list[dict[str, Any]]) -> None:
    outbox.every(minutes=5, name="test.tick")(lambda payload, now: None)
    for seconds in (0, 10, 200):
        worker.schedule_due(NOW + timedelta(seconds=seconds))
    assert Job.objects.filter(name="test.tick").count() == 1
    worker.schedule_due(NOW + timedelta(minutes=5))
    assert Job.objects.filter(name="test.tick").count() == 2


def test_a_job_survives_kill_nine_of_its_worker(tmp_path: Path) -> None:
    """The real worker, killed in the middle of a job; a second one does it."""
    environment = {
        **os.environ,
        "MOTCUA_STATE_DIR": str(tmp_path),
        "MOTCUA_DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "motcua.config.settings",
    }
    script = Path(__file__).parent / "slow_worker.py"

    def run(step: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, str(script), step], env=environment, stdout=subprocess.PIPE, text=True
        )

    migrated.copy_to(tmp_path / "motcua.sqlite3")
    assert run("prepare").wait(timeout=60) == 0
    first = run("work")
    assert first.stdout is not None
    assert first.stdout.readline() == "start 1\n"
    time.sleep(0.2)
    first.send_signal(signal.SIGKILL)
    first.wait()
    second = run("work")
    output, _errors = second.communicate(timeout=60)
    assert output == "start 2\nend 2\n"


def test_a_job_that_keeps_killing_its_worker_is_parked(own_registry: list[dict[str, Any]]) -> None:
    outbox.enqueue("test.note", {"n": 1}, now=NOW)
    moment = NOW
    for _attempt in range(len(worker.BACK_OFF) + 1):
        assert worker.claim(moment) is not None  # and the worker dies here
        moment += timedelta(minutes=5)
    assert worker.claim(moment) is None
    assert Job.objects.get().dead_at is not None

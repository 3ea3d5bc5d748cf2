"""Many dossiers at once: nothing is lost, everything can be taken back, and a worker may die at any moment."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.db.models import Count

from motcua.dossiers.actions import moving
from motcua.dossiers.models import Dossier, DossierChange
from motcua.dossiers.tests import crowd
from motcua.dossiers.tests.decisions import EFFECTIVE
from motcua.kernel.audit.models import AuditEntry
from motcua.workflow import queries as workflow
from motcua.workflow.models import Task

NIGHT = EFFECTIVE + timedelta(minutes=5)
UNTOUCHED = ("completed", "returned")


def by(name: str) -> Counter[object]:
    return Counter(dict(Dossier.objects.values_list(name).annotate(count=Count("pk"))))


@pytest.mark.django_db
@pytest.mark.parametrize("count", [200, pytest.param(10_000, marks=pytest.mark.slow)])
def test_nothing_is_lost_and_everything_can_be_taken_back(count: int) -> None:
    made = crowd.make_crowd(count)
    before, picture = {row.pk: row for row in Dossier.objects.all()}, crowd.everything()
    owners, receivers, agencies = by("owner_name"), by("receiving_unit_id"), by("competent_agency_id")
    tasks = Task.objects.filter(status="open").count()
    batch = moving.start_moving(
        actor=made.controller, change_set_id=made.decision.pk, agency_id=None, now=NIGHT
    )
    done = moving.run_batch(batch_id=batch.pk, now=NIGHT)

    assert (Dossier.objects.count(), done.looked_at, sum(done.counts.values())) == (count, count, count)
    assert (by("owner_name"), by("receiving_unit_id")) == (owners, receivers)
    moved: Counter[object] = Counter(
        before[change.dossier_id].competent_agency_id
        for change in DossierChange.objects.filter(outcome="transfer")
    )
    department = made.place.department.id
    expected = agencies - moved + Counter({department: sum(moved.values())})
    assert by("competent_agency_id") == expected
    stopped = DossierChange.objects.filter(outcome="stop").count()
    assert Task.objects.filter(status="open").count() == tasks - stopped
    assert set(DossierChange.objects.values_list("outcome", flat=True)) == {
        "finish", "convert", "ask", "transfer", "stop", "left",
    }  # fmt: skip
    _the_invariants_hold(before)

    moving.undo_moving(actor=made.controller, batch_id=batch.pk, reason="Công bố nhầm", now=NIGHT)
    undone = moving.run_undo(batch_id=batch.pk, now=NIGHT)
    assert (undone.undone, undone.not_undone) == (count, 0)
    assert crowd.everything() == picture


def _the_invariants_hold(before: dict[int, Dossier]) -> None:
    """Of every dossier: one change, no later date, its pause kept, nothing touched that has a result."""
    told = Counter(AuditEntry.objects.filter(action="dossiers.moved").values_list("subject", flat=True))
    open_steps: dict[int, list[str]] = {}
    for run_id, step in Task.objects.filter(status="open").values_list("run_id", "step_key"):
        open_steps.setdefault(run_id, []).append(step)
    for change in DossierChange.objects.select_related("dossier__run"):
        now, was = change.dossier, before.pop(change.dossier_id)
        assert was.due_at is None or (now.due_at is not None and now.due_at <= was.due_at)
        assert now.paused_since == was.paused_since
        assert told[now.code] == (change.outcome != "left")
        if change.outcome in ("left", "finish", "ask"):
            assert (now.updated_at, now.procedure_version_id) == (was.updated_at, was.procedure_version_id)
        if now.closed_at is None:
            assert now.run is not None
            steps = workflow.process(now.run.process_version_id).by_key
            assert set(open_steps[now.run.pk]) <= set(steps)
    assert not before


@pytest.mark.slow
def test_a_worker_killed_three_times_leaves_the_same_behind_as_one_that_was_not(tmp_path: Path) -> None:
    killed, calm = tmp_path / "killed", tmp_path / "calm"
    killed.mkdir()
    assert _run(killed, "prepare", "120").wait(timeout=120) == 0
    shutil.copytree(killed, calm)
    places = []
    for _time in range(3):
        process = _run(killed, "work")
        assert process.stdout is not None
        process.stdout.readline()
        places.append(process.stdout.readline())  # a second batch is written and not committed
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert len(set(places)) == 3, "each went on where the last one had come to"
    workers = [_run(folder, "work") for folder in (killed, calm)]
    outcomes = [worker.communicate(timeout=120)[0].splitlines()[-1] for worker in workers]
    assert outcomes[0] == outcomes[1] != ""


def _run(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    environment = {
        **os.environ,
        "MOTCUA_STATE_DIR": str(folder),
        "MOTCUA_DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "motcua.config.settings",
    }
    script = Path(__file__).parent / "moving_worker.py"
    return subprocess.Popen(
        [sys.executable, str(script), *arguments], env=environment, stdout=subprocess.PIPE, text=True
    )

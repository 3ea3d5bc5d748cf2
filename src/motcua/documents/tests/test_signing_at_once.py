"""Two workers with the same letter, and workers that are killed: every signature is put once."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from motcua.documents import actions
from motcua.documents.models import Signing
from motcua.documents.signing import checking, putting
from motcua.documents.tests.signed_letters import NOW, UNIT, content_of, issue, state_of
from motcua.documents.tests.signers import Folder
from motcua.kernel.audit.models import AuditEntry


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no row locks")
@pytest.mark.django_db(transaction=True)
def test_two_workers_with_one_letter_put_each_signature_once(
    unit_id: int, signers: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    signers.declare("Trần Văn Quyết", unit=UNIT, role="head")
    signers.declare("Trung tâm", unit=UNIT, role="seal")
    letter = issue(unit_id, kind="apology")
    signing = Signing.objects.get(letter=letter)
    both = threading.Barrier(2, timeout=20)
    sign = putting.sign

    def together(*given: Any, **more: Any) -> putting.Signed:
        made = sign(*given, **more)
        with contextlib.suppress(threading.BrokenBarrierError):
            both.wait()
        return made

    monkeypatch.setattr(putting, "sign", together)
    said: list[str] = []

    def work() -> None:
        try:
            said.append(actions.sign_letter(signing_id=signing.pk, now=NOW))
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert said == ["signed", "signed"]
    assert state_of(letter) == ("signed", "")
    assert AuditEntry.objects.filter(action="documents.letter_signed").count() == 2
    report = checking.check(content_of(letter), authorities=[signers.ca], now=NOW)
    assert report.ok and [one.field for one in report.signatures] == ["head", "seal"]


WORKER = """
import django, sys
django.setup()
from motcua.kernel import clock
from motcua.kernel.outbox.models import Job
from motcua.kernel.outbox import worker
from datetime import timedelta
worker.LEASE = timedelta(seconds=1)
import time
print("at work", flush=True)
while True:
    taken = worker.claim(clock.now())
    if taken is None:
        if not Job.objects.filter(name="documents.sign", done_at=None).exists():
            sys.exit(0)
        time.sleep(0.05)
        continue
    worker.run(taken, clock.now())
"""
MAKE = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from motcua.documents.tests import samples
from motcua.documents.tests.signed_letters import UNIT, issue
from motcua.organisation.models import Unit
from motcua.organisation.snapshot import touch
from motcua.kernel import clock
unit = Unit.objects.create(code=UNIT, kind="service_centre", name="Trung tâm", full_name="Trung tâm",
    short_name="TT", starts_on=clock.today(clock.now()))
touch()
for number in range(1, LETTERS + 1):
    issue(unit.pk, kind="apology", number=number)
"""
PROVE = """
import django, json
django.setup()
from collections import Counter
from motcua.documents import integrity
from motcua.documents.models import Signature, Signing
from motcua.kernel.audit.models import AuditEntry
from motcua.kernel import clock
report = integrity.check(now=clock.now())
print(json.dumps({
    "signed": Signing.objects.filter(state="signed").count(),
    "signatures": Signature.objects.filter(signed_at__isnull=False).count(),
    "entries": AuditEntry.objects.filter(action="documents.letter_signed").count(),
    "problems": {kind: n for kind, n in report.count.items() if kind not in ("orphan", "leftover")},
}))
"""
LETTERS, KILLS = 20, 5


@pytest.mark.slow
def test_killed_again_and_again_the_worker_signs_every_letter_once(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "ky-so")
    folder.declare("Trần Văn Quyết", unit=UNIT, role="head")
    folder.declare("Trung tâm", unit=UNIT, role="seal")
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "motcua.config.settings",
        "MOTCUA_STATE_DIR": str(tmp_path / "state"),
        "MOTCUA_DATABASE_URL": "",
        "MOTCUA_SIGNERS": str(folder.file),
    }

    def python(script: str) -> str:
        line = [sys.executable, "-c", textwrap.dedent(script).replace("LETTERS", str(LETTERS))]
        done = subprocess.run(line, env=environment, capture_output=True, text=True, check=False, timeout=240)
        assert done.returncode == 0, done.stderr
        return done.stdout

    python(MAKE)
    for _ in range(KILLS):
        worker = subprocess.Popen(
            [sys.executable, "-c", WORKER], env=environment, stdout=subprocess.PIPE, text=True
        )
        assert worker.stdout is not None
        worker.stdout.readline()
        time.sleep(0.9)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        worker.stdout.close()
    python(WORKER)
    assert json.loads(python(PROVE)) == {
        "signed": LETTERS,
        "signatures": 2 * LETTERS,
        "entries": 2 * LETTERS,
        "problems": {},
    }

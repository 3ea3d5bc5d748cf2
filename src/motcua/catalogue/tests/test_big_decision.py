"""1,500 lines over 2,000 procedures: broken rows are all named and none applied; a kill changes nothing."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from motcua.catalogue import actions, queries
from motcua.catalogue.errors import NotReady
from motcua.catalogue.models import ChangeLine, ProcedureVersion
from motcua.catalogue.tests import big_decision as big
from motcua.catalogue.tests import decisions as d
from motcua.catalogue.types_changes import ChangeState
from motcua.organisation.types import Role

AIM_SECONDS = 60


@pytest.mark.slow
@pytest.mark.django_db
def test_broken_rows_are_all_named_and_none_is_applied_until_they_are_mended() -> None:
    d.make_units()
    d.seed(big.PROCEDURES)
    drafter = d.person("soạn", Role.IT_ADMIN, "TTPVHCC")
    approver = d.person("duyệt", Role.PROCEDURE_CONTROLLER, "TTPVHCC")
    good = big.lines()
    assert len(good) == 1_500
    before = queries.changes.catalogue_hash()

    drafted = actions.draft_change_set(
        actor=drafter, head=d.head(big.NUMBER), lines=big.broken(good), now=d.NOW
    )
    wrong = queries.changes.lines(drafted.id, only="problems")
    assert len(wrong) == big.BROKEN == queries.changes.line_counts(drafted.id).problems
    kinds = sorted(problem.kind for line in wrong for problem in line.problems)
    assert kinds == sorted(
        4 * ["unknown_procedure"] + 3 * ["no_content"] + 3 * ["already_there"] + 2 * ["no_old_code"]
    )
    with pytest.raises(NotReady) as refusal:
        actions.approve_change_set(actor=approver, change_set_id=drafted.id, now=d.NOW)
    assert len(refusal.value.reasons) == big.BROKEN
    said = [reason.source() for reason in refusal.value.reasons]
    assert all(any(re.match(rf"Dòng {line.position}\b", text) for text in said) for line in wrong)
    assert queries.changes.catalogue_hash() == before

    revision = drafted.revision
    for line in wrong:
        actions.edit_line(
            actor=drafter,
            change_set_id=drafted.id,
            line_id=line.id,
            revision=revision,
            line=good[line.position - 1],
            now=d.NOW,
        )
        revision += 1
    d.rehearsed(drafted.id)
    actions.approve_change_set(actor=approver, change_set_id=drafted.id, now=d.NOW)
    begun = time.monotonic()
    actions.publish_change_set(actor=approver, change_set_id=drafted.id, now=d.NOW)
    assert time.monotonic() - begun < AIM_SECONDS

    made = ProcedureVersion.objects.filter(valid_from=d.EFFECTIVE)
    assert made.count() == big.AMENDED + big.NEW + big.REPLACED
    lines = ChangeLine.objects.filter(change_set_id=drafted.id, made_version__in=made)
    assert lines.count() == made.count()
    ended = ProcedureVersion.objects.filter(valid_to=d.EFFECTIVE)
    assert ended.count() == big.AMENDED + big.ABOLISHED + big.REPLACED
    actions.undo_change_set(actor=approver, change_set_id=drafted.id, reason="Thử", now=d.NOW)
    assert queries.changes.catalogue_hash() == before


@pytest.fixture
def own_database(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of programs that work in a database of their own, of the kind the tests run on."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "motcua.config.settings",
        "MOTCUA_STATE_DIR": str(tmp_path),
        "MOTCUA_MODE": "demo",
    }
    if connection.vendor == "sqlite":
        yield {**environment, "MOTCUA_DATABASE_URL": f"sqlite:///{tmp_path / 'big.sqlite3'}"}
        return
    import psycopg

    kept = settings.DATABASES["default"]
    where = f"{kept.get('HOST') or '127.0.0.1'}:{kept.get('PORT') or 5432}"
    base = f"postgresql://{kept.get('USER')}:{kept.get('PASSWORD', '')}@{where}"
    name = f"motcua_big_{os.getpid()}"
    with psycopg.connect(f"{base}/postgres", autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        try:
            yield {**environment, "MOTCUA_DATABASE_URL": f"{base}/{name}"}
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def run(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "motcua.catalogue.tests.big_decision", *words],
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def answer(environment: dict[str, str], *words: str) -> dict[str, Any]:
    done = run(environment, *words)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.slow
@pytest.mark.django_db
def test_a_kill_at_row_900_changes_nothing_and_undoing_gives_the_equal_hash(
    own_database: dict[str, str],
) -> None:
    made = answer(own_database, "make")
    assert made["state"] == ChangeState.APPROVED

    killed = run(own_database, "publish", "900")
    assert killed.returncode == -signal.SIGKILL
    found = answer(own_database, "look")
    assert found == {"state": "approved", "versions": big.PROCEDURES, "hash": made["hash"]}

    done = answer(own_database, "publish")
    assert done["state"] == ChangeState.PUBLISHED
    assert done["hash"] != made["hash"]
    assert done["seconds"] < AIM_SECONDS

    undone = answer(own_database, "undo")
    assert undone["state"] == ChangeState.UNDONE
    assert undone["hash"] == made["hash"]

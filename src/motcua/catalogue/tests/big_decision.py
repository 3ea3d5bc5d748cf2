"""A decision of 1,500 lines over 2,000 procedures, in a database of its own; run as a program by the test of kill -9.

    python -m motcua.catalogue.tests.big_decision make | publish [ROW] | undo

Each prints one JSON object. `publish ROW` kills itself with SIGKILL while the version number ROW is being written.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from typing import Any

PROCEDURES, AMENDED, NEW, ABOLISHED, REPLACED, BROKEN = 2_000, 1_000, 200, 150, 150, 12
NUMBER = "1513/QĐ-UBND"


def lines() -> list[Any]:
    """The good lines: 1,000 amended, 200 new, 150 abolished, 150 replaced, all on different procedures."""
    from motcua.catalogue.models import ProcedureVersion
    from motcua.catalogue.tests import decisions as d
    from motcua.catalogue.types import ProcedureDefinition
    from motcua.catalogue.types_changes import ChangeAction
    from motcua.catalogue.types_drafts import DraftLine

    stored = dict(ProcedureVersion.objects.filter(number=1).values_list("code", "definition"))
    made: list[Any] = []
    for n in range(1, AMENDED + 1):
        content = {**stored[d.code_of(n)], "conditions": ["Có giấy tờ chứng minh nơi cư trú"]}
        made.append(
            DraftLine(
                ChangeAction.AMENDED,
                code=d.code_of(n),
                cell=f"B{n + 7}",
                content=ProcedureDefinition.from_dict(content),
            )
        )
    made += [d.new(f"9.{100_000 + n}") for n in range(NEW)]
    made += [d.abolished(d.code_of(AMENDED + n)) for n in range(1, ABOLISHED + 1)]
    first = AMENDED + ABOLISHED
    made += [d.replaced(f"9.{200_000 + n}", d.code_of(first + n)) for n in range(1, REPLACED + 1)]
    return made


def broken(made: list[Any]) -> list[Any]:
    """The same with twelve rows as broken as real files have them, each for its own reason."""
    from dataclasses import replace

    from motcua.catalogue.tests import decisions as d

    spoilt = list(made)
    for n in range(4):  # codes nobody knows
        spoilt[n] = replace(made[n], code=f"8.{n:06d}")
    for n in range(4, 7):  # amended, but nothing is said of how
        spoilt[n] = replace(made[n], content=None)
    for n in range(3):  # new, but the code is taken
        taken = d.code_of(1_500 + n)
        spoilt[AMENDED + n] = replace(made[AMENDED + n], code=taken, content=d.new_content(taken))
    for n in range(2):  # replaced, but by what it replaces is missing
        spoilt[-1 - n] = replace(made[-1 - n], old_code="")
    return spoilt


def make() -> dict[str, Any]:
    """Migrate, seed, draft, rehearse and approve."""
    from django.core.management import call_command

    from motcua.catalogue import queries
    from motcua.catalogue.tests import decisions as d
    from motcua.organisation.types import Role

    call_command("migrate", verbosity=0)
    d.make_units()
    d.seed(PROCEDURES)
    drafter = d.person("soạn", Role.IT_ADMIN, "TTPVHCC")
    approver = d.person("duyệt", Role.PROCEDURE_CONTROLLER, "TTPVHCC")
    ready = d.approved(drafter, approver, lines(), number=NUMBER)
    return {"state": ready.state, "hash": queries.changes.catalogue_hash()}


def publish(row: int = 0) -> dict[str, Any]:
    from django.db import connection

    from motcua.catalogue import actions, queries
    from motcua.catalogue.tests import decisions as d
    from motcua.catalogue.tests.conftest import SYSTEM

    if row:
        connection.execute_wrappers.append(_killer(row))
    found = queries.changes.change_set(NUMBER)
    begun = time.monotonic()
    done = actions.publish_change_set(actor=SYSTEM, change_set_id=found.id, now=d.NOW)
    return {
        "state": done.state,
        "seconds": time.monotonic() - begun,
        "hash": queries.changes.catalogue_hash(),
    }


def look() -> dict[str, Any]:
    from motcua.catalogue import queries
    from motcua.catalogue.models import ProcedureVersion

    found = queries.changes.change_set(NUMBER)
    return {
        "state": found.state,
        "versions": ProcedureVersion.objects.count(),
        "hash": queries.changes.catalogue_hash(),
    }


def undo() -> dict[str, Any]:
    from motcua.catalogue import actions, queries
    from motcua.catalogue.tests import decisions as d
    from motcua.catalogue.tests.conftest import SYSTEM

    found = queries.changes.change_set(NUMBER)
    begun = time.monotonic()
    done = actions.undo_change_set(actor=SYSTEM, change_set_id=found.id, reason="Thử hoàn tác", now=d.NOW)
    return {
        "state": done.state,
        "seconds": time.monotonic() - begun,
        "hash": queries.changes.catalogue_hash(),
    }


def _killer(row: int) -> Callable[..., Any]:
    """Count the versions that were written, and die by SIGKILL in the statement that writes number `row`."""
    written = 0

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal written
        result = execute(sql, params, many, context)
        if sql.startswith('INSERT INTO "catalogue_procedureversion"'):
            # PostgreSQL gets one list for each column, SQLite a group of values for each row.
            columns = isinstance(params[0], list)
            written += len(params[0]) if columns else sql.count("), (") + 1
            if written >= row:
                os.kill(os.getpid(), signal.SIGKILL)
        return result

    return watch


def main() -> None:
    import django

    django.setup()
    verb, *rest = sys.argv[1:]
    acts: dict[str, Callable[..., dict[str, Any]]] = {
        "make": make,
        "publish": publish,
        "look": look,
        "undo": undo,
    }
    sys.stdout.write(json.dumps(acts[verb](*map(int, rest))))


if __name__ == "__main__":
    main()

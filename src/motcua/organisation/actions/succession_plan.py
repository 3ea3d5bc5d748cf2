"""A succession's file as it is kept: its JSON form, what makes it the same file, and its first instant."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, time
from typing import Any

from motcua.kernel import clock
from motcua.organisation.errors import BadSuccession
from motcua.organisation.models import Succession
from motcua.organisation.rules.succession_file import SuccessionFile, from_json


def plan_of(file: SuccessionFile) -> dict[str, Any]:
    """A file in its JSON form, whatever it was read from; `file_of` reads it again."""
    return {
        "decision": {
            "number": file.number,
            "date": file.decided_on.isoformat(),
            "issuer": file.issuer,
            "title": file.title,
        },
        "effective_on": file.effective_on.isoformat(),
        "new_units": [dict(row) for row in file.new_units],
        "ended_units": [dict(row) for row in file.ended_units],
        "renames": [dict(row) for row in file.renames],
        "lines": [
            {
                "kind": line.kind.value,
                "predecessor": line.predecessor,
                "successor": line.successor,
                "function": line.function,
                "field": line.field,
            }
            for line in file.lines
        ],
        "people": [
            {"username": one.username, "unit": one.unit, "role": one.role, "title": one.title}
            for one in file.people
        ],
    }


def file_of(held: Succession) -> SuccessionFile:
    """The file a succession was loaded from."""
    file, problems = from_json(held.plan)
    if file is None:
        raise BadSuccession([problem.render() for problem in problems])
    return file


def midnight(file: SuccessionFile) -> datetime:
    return datetime.combine(file.effective_on, time(0), tzinfo=clock.VN)


def digest_of(file: SuccessionFile) -> str:
    """What makes a file the same file: its content, not its spelling."""
    plan = plan_of(file)
    return hashlib.sha256(json.dumps(plan, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

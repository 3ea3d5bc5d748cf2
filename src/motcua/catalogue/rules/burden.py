"""Whether a change asks more or less of people: a higher fee, a longer wait, another paper. Pure."""

from __future__ import annotations

from motcua.catalogue.rules.decisions import FieldChange
from motcua.catalogue.rules.time_limits import TimeLimit
from motcua.catalogue.types import FeeLine, Paper, ProcedureDefinition


def rose(change: FieldChange, before: ProcedureDefinition | None, after: ProcedureDefinition | None) -> int:
    """+1 where the burden grew, -1 where it fell, 0 where nobody can say."""
    if before is None or after is None:
        return 0
    part, _, key = change.field.partition(".")
    if part in {"limit", "cases"}:
        old = before.limit_for(key) if part == "cases" else before.limit
        new = after.limit_for(key) if part == "cases" else after.limit
        return _limit(old, new)
    if part == "papers":
        return _papers(_paper(before, key), _paper(after, key))
    if part == "fees":
        return _fees(_fee(before, key), _fee(after, key))
    return 0


def _limit(old: TimeLimit | None, new: TimeLimit | None) -> int:
    was, now = old.total() if old else None, new.total() if new else None
    if was is None or now is None or was.basis is not now.basis:
        return 0
    return (now.minutes > was.minutes) - (now.minutes < was.minutes)


def _papers(old: Paper | None, new: Paper | None) -> int:
    if old is None or new is None:
        return (new is not None) - (old is not None)
    was = (old.required == "always", old.originals + old.copies)
    now = (new.required == "always", new.originals + new.copies)
    return (now > was) - (now < was)


def _fees(old: FeeLine | None, new: FeeLine | None) -> int:
    was = old.amount if old is not None else 0
    now = new.amount if new is not None else 0
    return 0 if was is None or now is None else (now > was) - (now < was)


def _paper(content: ProcedureDefinition, key: str) -> Paper | None:
    return next((paper for paper in content.papers if paper.key == key), None)


def _fee(content: ProcedureDefinition, key: str) -> FeeLine | None:
    return next((fee for fee in content.fees if fee.key == key), None)

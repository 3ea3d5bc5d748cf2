"""What a decision read from a file would do to the catalogue: matched, proposed, warned about. Stores nothing."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from motcua.catalogue.models import ChangeLine, ProcedureVersion
from motcua.catalogue.queries.own_processes import with_own_processes
from motcua.catalogue.rules.decisions import (
    DecisionHead,
    DecisionLine,
    DecisionRead,
    Known,
    KnownProcedures,
    Match,
    Others,
    match,
    propose,
    read_decisions_json,
    settled_action,
    values_from_dict,
    values_to_dict,
    warnings,
)
from motcua.catalogue.snapshot import DATA, current
from motcua.catalogue.types import Level, ProcedureDefinition
from motcua.catalogue.types_changes import ChangeAction, ChangeKind, ChangeState
from motcua.catalogue.types_drafts import ChangeHead, ChangeSetInfo, DraftLine, LineInfo, Remark
from motcua.kernel import clock
from motcua.kernel.text import fold

ASIDE = frozenset({ChangeAction.NOTED, ChangeAction.PROCESS, ChangeAction.CONFIGURED, ChangeAction.ABOLISHED})
"""Actions whose lines bring no content of their own."""
PART = 400


@dataclass(frozen=True, slots=True)
class Proposal:
    """A procedure that may be meant by a line; `score` in percent, None where it was searched for."""

    procedure_id: int
    code: str
    name: str
    score: int | None = None


def known_procedures(at: datetime) -> KnownProcedures:
    """The procedures in force at an instant, for matching."""
    return KnownProcedures(
        Known(
            procedure_id=entry.procedure_id,
            code=entry.code,
            name=entry.name,
            levels=tuple(Level(level) for level in entry.levels),
            codes=entry.codes,
        )
        for entry in current().entries.values()
        if entry.stands_at(at)
    )


def drafted_from(
    read: DecisionRead, *, now: datetime, source: str = ""
) -> tuple[ChangeHead, list[DraftLine]]:
    """The head and lines to draft, each line matched with the catalogue and with its proposed content."""
    at = read.head.effective_at or now
    matches = match(read.lines, known_procedures(at))
    befores = _contents([found.found.procedure_id for found in matches if found.found is not None], at)
    pending = _pending(line.code for line in read.lines)
    twins = _twins(read.lines)
    lines = []
    for found in matches:
        before = befores.get(found.found.procedure_id) if found.found is not None else None
        others = Others(
            lines=twins[_twin_key(found.line)],
            pending=pending,
            entered_on=clock.today(now),
            match=found,
        )
        lines.append(_line(found, before, read.head, others))
    return _head(read, source), with_own_processes(lines, befores)


HEAD_KINDS = frozenset({"no_effective_day", "retroactive", "late", "limited"})
"""Warnings about the decision as a whole: said once on its page, not on each of its lines."""


def head_warnings(info: ChangeSetInfo) -> list[Remark]:
    """What deserves a second look in the head: effect before signing, entered late, limited in time."""
    head = DecisionHead(
        number=info.number,
        signed_on=info.signed_on,
        effective_at=info.effective_at,
        effective_to=info.effective_to,
        effective_rule=info.effective_rule,
    )
    nothing = DecisionLine(0, "", "", "", ChangeAction.NEW)
    found = warnings(nothing, None, None, head, Others(entered_on=clock.today(info.drafted_at)))
    return [Remark(warning.kind, warning.message) for warning in found if warning.kind in HEAD_KINDS]


def carried_decisions() -> tuple[DecisionRead, ...]:
    """The real decisions that come with the product."""
    return read_decisions_json(
        json.loads((DATA / "decisions.json").read_text(encoding="utf-8")), name="decisions.json"
    )


def proposals(line: LineInfo, text: str, now: datetime) -> list[Proposal]:
    """Procedures a line may mean: by what was typed, else those with a name alike, best first."""
    if text:
        found = current().index.find(text, at=now, levels=None, limit=10)
        return [Proposal(entry.procedure_id, entry.code, entry.name) for entry in found]
    read = decision_line(line)
    (matched,) = match([read], known_procedures(now))
    return [
        Proposal(c.known.procedure_id, c.known.code, c.known.name, round(c.score * 100))
        for c in matched.candidates
    ]


def decision_line(line: LineInfo | DraftLine, position: int = 0) -> DecisionLine:
    """A line as it was read from its file; one that was not has no values of its own."""
    columns: dict[str, str] = line.raw.get("columns", {})
    values: dict[str, Any] = line.raw.get("values", {})
    return DecisionLine(
        position=line.position if isinstance(line, LineInfo) else position,
        cell=line.cell,
        code=line.code,
        name=line.name,
        action=line.action,
        old_code=line.old_code.split(",")[0].strip(),
        values=values_from_dict(values),
        raw=columns,
    )


def _line(found: Match, before: ProcedureDefinition | None, head: DecisionHead, others: Others) -> DraftLine:
    line = found.line
    action = settled_action(line, before)
    after = None if action in ASIDE else propose(line, before, head)
    warned = warnings(line, before, after, head, others)
    replacing = action is ChangeAction.REPLACED
    known = found.found
    code = line.code or (known.code if known is not None and not replacing else "")
    if known is not None and found.matched_by == "former_code" and not replacing:
        code = known.code
    return DraftLine(
        action=action,
        code=code,
        name=line.name or (known.name if known is not None else ""),
        old_code=line.old_code
        or (known.code if replacing and known is not None and known.code != code else ""),
        cell=line.cell,
        procedure_id=known.procedure_id if known is not None and not replacing else None,
        matched_by=found.matched_by,
        content=after,
        warnings=tuple(Remark(warning.kind, warning.message) for warning in warned),
        raw={"columns": dict(line.raw), "values": values_to_dict(line.values)},
    )


def _head(read: DecisionRead, source: str) -> ChangeHead:
    head = read.head
    return ChangeHead(
        number=head.number,
        kind=head.kind or ChangeKind.PUBLISH,
        title=head.title,
        field_text=head.field,
        issuer=head.issuer,
        signed_on=head.signed_on,
        effective_at=head.effective_at,
        effective_to=head.effective_to,
        effective_rule=head.effective_rule,
        based_on=head.based_on,
        notes=head.notes,
        source=source,
        source_digest=_digest(read),
    )


def _digest(read: DecisionRead) -> str:
    """What a decision says, whatever file it says it in: the same decision saved anew is the same."""
    said = [
        repr(read.head),
        [
            (line.cell, line.code, line.old_code, line.name, line.action.value, values_to_dict(line.values))
            for line in read.lines
        ],
        [problem.to_dict() for problem in read.problems],
    ]
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()


def _contents(procedure_ids: Iterable[int], at: datetime) -> dict[int, ProcedureDefinition]:
    """Contents in force by procedure (a statement for every 400)."""
    by_version = {
        entry.version_id: procedure_id
        for procedure_id in set(procedure_ids)
        for entry in current().by_procedure.get(procedure_id, ())
        if entry.stands_at(at)
    }
    found: dict[int, ProcedureDefinition] = {}
    ids = sorted(by_version)
    for start in range(0, len(ids), PART):
        rows = ProcedureVersion.objects.filter(pk__in=ids[start : start + PART])
        for pk, content in rows.values_list("pk", "definition"):
            found[by_version[pk]] = ProcedureDefinition.from_dict(content)
    return found


def _pending(codes: Iterable[str]) -> dict[str, list[str]]:
    """Decisions not yet published that name these codes."""
    found: dict[str, list[str]] = defaultdict(list)
    wanted = {code for code in codes if code}
    rows = ChangeLine.objects.filter(
        change_set__state__in=[ChangeState.DRAFT.value, ChangeState.APPROVED.value]
    )
    for code, number in rows.exclude(code="").values_list("code", "change_set__number").distinct():
        if code in wanted:
            found[code].append(number)
    return found


def _twin_key(line: DecisionLine) -> str:
    return line.code or fold(line.name)


def _twins(lines: Sequence[DecisionLine]) -> dict[str, list[DecisionLine]]:
    """Lines that may be doubles of each other."""
    found: dict[str, list[DecisionLine]] = defaultdict(list)
    for line in lines:
        found[_twin_key(line)].append(line)
    return found

"""The evening: the decision is read, drafted by one person, approved by another, rehearsed and published."""

from __future__ import annotations

import io
import json
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.core.management import call_command

from motcua.catalogue import actions as catalogue
from motcua.catalogue.queries import changes
from motcua.catalogue.rules.decisions import DecisionLine, read_decision
from motcua.catalogue.types_changes import ChangeAction, Policy
from motcua.catalogue.types_drafts import DraftLine, LineInfo
from motcua.config.night import decision, staff
from motcua.config.night.hours import EVENING, LONG_BEFORE, at
from motcua.config.night.steps import MOST_NAMED, Steps
from motcua.dossiers.actions.rehearse import RehearsalReport, rehearse
from motcua.dossiers.rules.rehearsal import FailureKind
from motcua.kernel.actor import Actor

MOST_EDITED = 5
MOST_REHEARSALS = 3
POLICIES = (
    Policy.CONVERT,
    Policy.CONVERT,
    Policy.FINISH,
    Policy.CONVERT,
    Policy.ASK,
    Policy.CONVERT,
    Policy.FINISH,
)


@dataclass(frozen=True, slots=True)
class Hands:
    """Whose hands the decision goes through."""

    drafter: Actor
    approver: Actor


def refuse_broken(steps: Steps, folder: Path, lines: list[DecisionLine]) -> None:
    """The file with twelve broken cells: all are named, nothing is stored."""
    before, sets = changes.catalogue_hash(), changes.change_sets().total
    spoilt = decision.broken(lines)
    wanted = sum(one is not other for one, other in zip(spoilt, lines, strict=True))
    path = folder / "quyet-dinh-hong.xlsx"
    path.write_bytes(decision.workbook(spoilt))
    said, code = _command("import_decision", str(path))
    cells = {problem["cell"] for one in said["decisions"] for problem in one["problems"]}
    steps.found["broken_rows"] = {"made": wanted, "reported": len(cells)}
    steps.check(code == 1 and not said["stored"], "a file with broken cells was stored")
    steps.check(len(cells) == wanted, f"{wanted} cells are broken, {len(cells)} were named")
    same = changes.catalogue_hash() == before and changes.change_sets().total == sets
    steps.check(same, "a file with broken cells changed the catalogue")


def draft(steps: Steps, hands: Hands, lines: list[DecisionLine], transfer_to: str) -> int:
    """The mended file, drafted; fewer papers and what becomes of dossiers are said by the drafter. Its id."""
    reads = read_decision(decision.workbook(lines), name="quyet-dinh.xlsx")
    steps.check(
        all(read.clean for read in reads), f"the mended file is still broken: {reads[0].problems[:3]}"
    )
    (done,) = catalogue.draft_decisions(
        actor=hands.drafter, reads=reads, source="quyet-dinh.xlsx", now=EVENING
    )
    found = changes.lines(done.info.id)
    steps.found["lines"] = dict(Counter(line.action.value for line in found))
    steps.check(len(found) == len(lines), f"{len(lines)} lines were written, {len(found)} drafted")
    steps.none_of(
        [f"{line.cell} {line.problems[0].message.source()}" for line in found if line.problems],
        "lines with problems",
    )
    revision = _edit(hands.drafter, done.info.id, done.info.revision, found, transfer_to)
    _choose(hands.drafter, done.info.id, revision, found)
    return done.info.id


def _edit(actor: Actor, change_set_id: int, revision: int, found: list[LineInfo], transfer_to: str) -> int:
    """What the file has no column for: fewer papers, and who takes over dossiers of a level that moved."""
    fewer = [
        replace(line, content=replace(line.content, papers=line.content.papers[:-1]))
        for line in found
        if line.action is ChangeAction.AMENDED and line.content is not None and len(line.content.papers) > 2
    ]
    moved = [
        replace(line, mapping={"transfer_to": transfer_to})
        for line in found
        if line.action is ChangeAction.LEVEL_MOVED
    ]
    for line in (*fewer[:MOST_EDITED], *moved[:MOST_EDITED]):
        catalogue.edit_line(
            actor=actor,
            change_set_id=change_set_id,
            line_id=line.id,
            revision=revision,
            line=_as_draft(line),
            now=EVENING,
        )
        revision = changes.change_set(change_set_id).revision
    return revision


def _as_draft(line: LineInfo) -> DraftLine:
    return DraftLine(
        line.action,
        code=line.code,
        name=line.name,
        old_code=line.old_code,
        cell=line.cell,
        procedure_id=line.procedure_id,
        matched_by=line.matched_by,
        content=line.content,
        settings=line.settings,
        policy=line.policy,
        mapping=line.mapping,
        raw=line.raw,
    )


def _choose(actor: Actor, change_set_id: int, revision: int, found: list[LineInfo]) -> None:
    """Policies mixed over the lines; a procedure that ends stops or lets its dossiers finish."""
    chosen: dict[Policy, list[int]] = {}
    for line in found:
        policy = POLICIES[line.position % len(POLICIES)]
        if line.action is ChangeAction.ABOLISHED:
            policy = Policy.STOP if line.position % 2 else Policy.FINISH
        if line.action is ChangeAction.LEVEL_MOVED:
            policy = Policy.TRANSFER
        chosen.setdefault(policy, []).append(line.id)
    for policy, line_ids in chosen.items():
        info = catalogue.choose_policy(
            actor=actor,
            change_set_id=change_set_id,
            revision=revision,
            policy=policy,
            now=EVENING,
            line_ids=line_ids,
        )
        revision = info.revision


def rehearse_until_green(steps: Steps, hands: Hands, change_set_id: int) -> None:
    """Rehearse; where desks are empty, fill them and rehearse again. Anything else that is red fails the night."""
    told: list[dict[str, Any]] = []
    for _round in range(MOST_REHEARSALS):
        report = rehearse(actor=hands.approver, now=EVENING, change_set_id=change_set_id)
        told.append(_figures(report))
        empty = {
            (failure.where.unit_id, failure.where.role)
            for failure in report.failures
            if failure.kind is FailureKind.NOBODY and failure.where.unit_id is not None
        }
        if not empty:
            break
        steps.tell(f"rehearsal: {len(empty)} desks nobody sits at; posts opened")
        desks = sorted((unit_id, role) for unit_id, role in empty if unit_id is not None)
        staff.open_desks(desks, since=LONG_BEFORE.date(), now=EVENING)
    steps.found["rehearsals"] = told
    steps.none_of(
        [f"{one.kind.value}: {one.message.source()}" for one in report.failures], "the rehearsal is red"
    )


def _figures(report: RehearsalReport) -> dict[str, Any]:
    return {
        "seconds": report.seconds,
        "procedures": report.procedures,
        "units": report.units,
        "trials": report.trials,
        "real": report.real,
        "failed": report.failed,
        "kinds": dict(Counter(failure.kind.value for failure in report.failures)),
        "empty_desks": [
            failure.message.source() for failure in report.failures if failure.kind is FailureKind.NOBODY
        ][:MOST_NAMED],
    }


def _command(name: str, *words: str) -> tuple[dict[str, Any], int]:
    """What a command answers with --json, and the code it leaves with."""
    out = io.StringIO()
    code = 0
    with at(EVENING):
        try:
            call_command(name, *words, json=True, stdout=out)
        except SystemExit as left:
            code = int(left.code or 0)
    said: dict[str, Any] = json.loads(out.getvalue().strip().splitlines()[-1])
    return said, code

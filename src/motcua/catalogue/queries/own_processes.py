"""Which published process is meant where a decision only names the procedure whose process it approves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from motcua.catalogue.rules.process_matching import GENERIC, bind_processes
from motcua.catalogue.types import ProcedureDefinition
from motcua.catalogue.types_changes import ChangeAction, LineSettings, ProcessChoice
from motcua.catalogue.types_drafts import DraftLine
from motcua.workflow import queries as workflow


def with_own_processes(
    lines: Sequence[DraftLine], befores: Mapping[int, ProcedureDefinition]
) -> list[DraftLine]:
    """Lines about a process take the newest published one that names their procedure, by case and level; those for
    which there is none stay without, which is a problem of the line (two statements, none without such lines).
    """
    wanted = {
        line.procedure_id: befores[line.procedure_id]
        for line in lines
        if _asks(line) and line.procedure_id is not None and line.procedure_id in befores
    }
    if not wanted:
        return list(lines)
    codes = {code for found in wanted.values() for code in _codes(found)}
    versions = {
        version.key: version.pk
        for version in workflow.latest_versions()
        if codes.intersection(version.procedure_codes)
    }
    bound, _doubts = bind_processes(workflow.definitions(versions.values()).values(), wanted)
    choices: dict[int, list[ProcessChoice]] = {}
    for one in bound:
        if one.process_key != GENERIC:
            choice = ProcessChoice(versions[one.process_key], one.level, one.case_key)
            choices.setdefault(one.procedure_id, []).append(choice)
    return [
        replace(line, settings=LineSettings(processes=tuple(choices[line.procedure_id])))
        if _asks(line) and line.procedure_id in choices
        else line
        for line in lines
    ]


def _asks(line: DraftLine) -> bool:
    return line.action is ChangeAction.PROCESS and line.settings == LineSettings()


def _codes(definition: ProcedureDefinition) -> set[str]:
    return {definition.display_code, *(alias.code for alias in definition.aliases)} - {""}

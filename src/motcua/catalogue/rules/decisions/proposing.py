"""The new content of a procedure: what the line says replaces, the rest stays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from motcua.catalogue.rules.case_matching import best_match
from motcua.catalogue.rules.decisions.names import is_cut, meaningful
from motcua.catalogue.rules.decisions.values import BESIDE, DecisionHead, DecisionLine
from motcua.catalogue.types import CodeAlias, CodeKind, ProcedureCase, ProcedureDefinition
from motcua.catalogue.types_changes import ChangeAction
from motcua.kernel.clock import local
from motcua.kernel.text import fold

_SOURCES: Mapping[str, str] = {
    "name": "name",
    "field": "field",
    "levels": "level",
    "authority": "authority",
    "limit": "time_limit",
    "cases": "time_branches",
    "fees": "fees",
    "legal_bases": "legal_bases",
    "results": "results",
    "applicants": "applicants",
    "online": "online_level",
}
"""Fields and what `ProcedureDefinition.confidence` calls them."""


def settled_action(line: DecisionLine, before: ProcedureDefinition | None) -> ChangeAction:
    """The action once the procedure is known: an amendment at another level moves it, one that only names
    another body delegates it.
    """
    if line.action is not ChangeAction.AMENDED or before is None:
        return line.action
    levels = line.values.get("levels")
    if isinstance(levels, tuple) and not set(levels) & set(before.levels):
        return ChangeAction.LEVEL_MOVED
    changed = {
        name
        for name, value in line.values.items()
        if name not in BESIDE and name not in {"levels", "field"} and value != getattr(before, name)
    }
    return ChangeAction.REDELEGATED if changed == {"authority"} else line.action


def propose(
    line: DecisionLine, before: ProcedureDefinition | None, head: DecisionHead
) -> ProcedureDefinition | None:
    """The whole content after the decision; None where the line ends the procedure or the procedure is unknown.

    A line that changes no content (noted, process) gives the content as it was.
    """
    if line.action is ChangeAction.ABOLISHED:
        return None
    if line.action in {ChangeAction.NOTED, ChangeAction.PROCESS, ChangeAction.CONFIGURED}:
        return before
    if before is None:
        return _new(line, head) if line.action in {ChangeAction.NEW, ChangeAction.REPLACED} else None
    stated = _stated(line, before)
    changed = replace(before, **stated)
    changed = _coded(line, changed, before)
    return _dated(replace(changed, confidence=_confidence(before, stated)), head)


def _new(line: DecisionLine, head: DecisionHead) -> ProcedureDefinition | None:
    """A procedure that was not there; what the decision does not say stays empty and is asked for."""
    if not line.name:
        return None
    stated: dict[str, Any] = {name: value for name, value in line.values.items() if name not in BESIDE}
    levels = stated.pop("levels", ())
    made = ProcedureDefinition(
        name=line.name,
        short_name=line.name,
        field=str(stated.pop("field", "") or head.field),
        levels=levels,
        code=line.code or None,
        papers_known=False,
        new_in=head.number,
        **stated,
    )
    return _dated(_coded(line, made, made), head)


def _stated(line: DecisionLine, before: ProcedureDefinition) -> dict[str, Any]:
    stated: dict[str, Any] = {name: value for name, value in line.values.items() if name not in BESIDE}
    if (
        line.name
        and not is_cut(line.name)
        and line.name != before.name
        and not _written_alike(line.name, before.name)
    ):
        stated["name"] = line.name
        if before.short_name == before.name:
            stated["short_name"] = line.name
    if "cases" in stated:
        stated["cases"] = _cases(stated["cases"], before.cases)
    if "fees" in stated:
        stated["fee_formula"] = ""
    if (
        "levels" in stated
        and line.action is ChangeAction.AMENDED
        and set(stated["levels"]) < set(before.levels)
    ):
        del stated["levels"]  # listed under one of its levels: that alone takes the others away from nobody
    if fold(str(stated.get("field", ""))) == fold(before.field):
        stated.pop("field", None)
    return {name: value for name, value in stated.items() if value != getattr(before, name)}


def _written_alike(one: str, other: str) -> bool:
    """Whether names differ only in the case of letters, abbreviations and filler words."""
    return meaningful(one) == meaningful(other)


def _cases(stated: tuple[ProcedureCase, ...], before: tuple[ProcedureCase, ...]) -> tuple[ProcedureCase, ...]:
    """The known cases with the limits stated for them, new cases behind."""
    named = [(case.key, case.name) for case in before]
    limits: dict[str, ProcedureCase] = {}
    added: list[ProcedureCase] = []
    for case in stated:
        key = best_match(case.name, named, at_least=0.75)
        if key is None or key in limits:
            added.append(case)
        else:
            limits[key] = case
    kept = tuple(
        replace(case, limit=limits[case.key].limit, changes_limit=True) if case.key in limits else case
        for case in before
    )
    taken = {case.key for case in kept}
    return (*kept, *(case for case in added if case.key not in taken))


def _coded(line: DecisionLine, made: ProcedureDefinition, before: ProcedureDefinition) -> ProcedureDefinition:
    """The code of the line; the one before stays findable."""
    former = [code for code in (line.old_code, before.code) if code and line.code and code != line.code]
    known = {alias.code for alias in made.aliases}
    aliases = tuple(CodeAlias(code, CodeKind.REPLACED) for code in dict.fromkeys(former) if code not in known)
    if not line.code or (line.code == before.code and not aliases):
        return made
    if line.action is not ChangeAction.REPLACED and before.code and line.code != before.code:
        return made  # found by a former code: the code of today stays
    kept = tuple(alias for alias in made.aliases if alias.code != line.code)
    return replace(made, code=line.code, aliases=(*kept, *aliases))


def _dated(made: ProcedureDefinition, head: DecisionHead) -> ProcedureDefinition:
    """The decision as source and the days it names."""
    number = head.number
    if head.signed_on is not None:
        number = f"{number} {head.signed_on:%d/%m/%Y}"
    local_decision = "UBND" in head.number or not head.number
    return replace(
        made,
        decision=made.decision if local_decision else number,
        decision_local=number if local_decision and number else made.decision_local,
        valid_from=local(head.effective_at).date() if head.effective_at else None,
        valid_to=local(head.effective_to).date() if head.effective_to else None,
    )


def _confidence(before: ProcedureDefinition, stated: Mapping[str, object]) -> dict[str, str]:
    """What the decision states is no longer doubtful."""
    sure = {_SOURCES[name] for name in stated if name in _SOURCES}
    return {name: "high" if name in sure else level for name, level in before.confidence.items()}


def missing_parts(after: ProcedureDefinition) -> tuple[str, ...]:
    """The fields that a procedure needs before anybody can receive it and that nobody has given."""
    needed = {
        "levels": bool(after.levels),
        "field": bool(after.field),
        "limit": after.limit is not None or any(case.limit for case in after.cases),
        "papers": bool(after.papers),
        "results": bool(after.results),
        "authority": bool(after.authority),
        "fees": bool(after.fees or after.fee_formula or after.exemptions),
    }
    return tuple(name for name, given in needed.items() if not given)

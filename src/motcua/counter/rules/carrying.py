"""A form typed under one version of a procedure, carried over to the version that stands when it is saved. Pure.

Nothing typed is lost: ticks follow the paper by its name, counts that nobody changed take the new version's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from motcua.catalogue.rules.case_matching import CaseWords
from motcua.catalogue.types import Paper, ProcedureDefinition
from motcua.kernel.text import fold

ALIKE = 0.5
"""Papers under the same key are the same paper when their names are at least so much alike."""


def carried_over(
    values: Mapping[str, Sequence[str]], before: ProcedureDefinition, after: ProcedureDefinition
) -> dict[str, list[str]]:
    """The posted values with the keys of the new version; what it no longer asks is dropped."""
    keys = _same_papers(before.papers, after.papers)
    counts = {
        (kind, paper.key): str(getattr(paper, kind))
        for paper in before.papers
        for kind in ("originals", "copies")
    }
    carried: dict[str, list[str]] = {}
    for name, given in values.items():
        kind, _sep, key = name.partition(":")
        if name in ("paper", "lacks"):
            carried[name] = [keys[one] for one in given if one in keys]
        elif kind in ("originals", "copies") and key:
            if key in keys and list(given) != [counts.get((kind, key))]:
                carried[f"{kind}:{keys[key]}"] = list(given)
        elif name == "case_key":
            carried[name] = [_same_case(one, before, after) for one in given]
        else:
            carried[name] = list(given)
    return carried


def _same_papers(before: Sequence[Paper], after: Sequence[Paper]) -> dict[str, str]:
    """Old key to new key."""
    by_name = {fold(paper.name): paper.key for paper in reversed(after)}
    by_key = {paper.key: paper for paper in after}
    found: dict[str, str] = {}
    for paper in before:
        if fold(paper.name) in by_name:
            found[paper.key] = by_name[fold(paper.name)]
            continue
        other = by_key.get(paper.key)
        if other is not None and CaseWords.of(paper.name).likeness(CaseWords.of(other.name)) >= ALIKE:
            found[paper.key] = other.key
    return found


def _same_case(key: str, before: ProcedureDefinition, after: ProcedureDefinition) -> str:
    """The case of the new version that is the same; empty, so that it is asked again, where there is none."""
    if after.case(key) is not None:
        return key
    old = before.case(key)
    names = {fold(case.name): case.key for case in after.cases}
    return names.get(fold(old.name), "") if old is not None else ""

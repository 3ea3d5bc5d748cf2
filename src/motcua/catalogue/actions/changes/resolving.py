"""Finding what the lines of a change-set speak of: procedures by code, versions in force at an instant.

Reads the rows themselves, not the picture in memory: what is decided here is written a moment later.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Max

from motcua.catalogue.actions.periods import in_parts
from motcua.catalogue.actions.version_rows import midnight
from motcua.catalogue.models import ChangeLine, Procedure, ProcedureCode, ProcedureVersion
from motcua.catalogue.rules.change_checks import (
    CONTENT,
    Later,
    Proposal,
    Standing,
    ends_before_start,
    line_problems,
    shared_procedures,
)
from motcua.catalogue.rules.search import plain_code
from motcua.catalogue.types import CodeKind, ProcedureDefinition
from motcua.catalogue.types_changes import ChangeAction
from motcua.catalogue.types_drafts import Remark
from motcua.kernel.clock import local

_SEPARATOR = re.compile(r"[\s,;]+")
_SAME_PROCEDURE = (CodeKind.LOCAL.value, CodeKind.PROVINCE.value, CodeKind.FORMER.value)
_SUFFIX = re.compile(r"\.H\d\d$", re.IGNORECASE)
FINAL_PROBLEMS = frozenset(
    {
        "already_there", "no_content", "nothing_to_do", "later_change", "unknown_procedure", "not_in_force",
        "no_old_code", "unknown_old_code", "duplicate", "ends_before_start",
    }
)  # fmt: skip
"""Kinds of problems that are found anew at every check; the others came with the file and are mended by hand."""


def old_codes_of(text: str) -> tuple[str, ...]:
    """The codes named in the column of old codes."""
    return tuple(dict.fromkeys(part for part in _SEPARATOR.split(text.strip()) if part))


@dataclass(slots=True)
class Held:
    """The versions of one procedure that matter at an instant."""

    standing: int | None = None
    standing_end: datetime | None = None
    starts: datetime | None = None
    later: Later | None = None
    last_number: int = 0


@dataclass(slots=True)
class Catalogue:
    """Procedures by code and their versions at an instant."""

    at: datetime
    by_code: dict[str, int] = field(default_factory=dict)
    held: dict[int, Held] = field(default_factory=dict)
    definitions: dict[int, ProcedureDefinition] = field(default_factory=dict)

    def procedure(self, code: str) -> int | None:
        """By its own or another certain code, with or without the province's suffix."""
        plain = plain_code(code)
        return self.by_code.get(plain) or self.by_code.get(plain_code(_SUFFIX.sub("", code)))

    def of(self, procedure_id: int | None) -> Held:
        return self.held.get(procedure_id, _NOTHING) if procedure_id is not None else _NOTHING


_NOTHING = Held()


def catalogue_at(
    at: datetime, *, codes: Iterable[str], procedure_ids: Iterable[int] = (), contents: bool = False
) -> Catalogue:
    """What is known of these codes and procedures at an instant (a few statements for every 400 of them).

    With `contents` the definitions in force come along.
    """
    found = Catalogue(at)
    wanted = sorted({code for named in codes for code in (named, _SUFFIX.sub("", named)) if code})
    for part in in_parts(wanted):
        plain = [plain_code(code) for code in part]
        others = ProcedureCode.objects.filter(plain__in=plain, certain=True, kind__in=_SAME_PROCEDURE)
        found.by_code.update(others.values_list("plain", "procedure_id"))
    for part in in_parts(wanted):
        for code, pk in Procedure.objects.filter(code__in=part).values_list("code", "pk"):
            found.by_code[plain_code(code or "")] = pk
    ids = sorted({*found.by_code.values(), *procedure_ids})
    for numbers in in_parts(ids):
        _versions(found, numbers, at)
    if contents:
        standing = [held.standing for held in found.held.values() if held.standing is not None]
        for numbers in in_parts(standing):
            rows = ProcedureVersion.objects.filter(pk__in=numbers).values_list("pk", "definition")
            found.definitions.update((pk, ProcedureDefinition.from_dict(data)) for pk, data in rows)
    return found


def _versions(found: Catalogue, procedure_ids: Sequence[int], at: datetime) -> None:
    numbers = ProcedureVersion.objects.filter(procedure_id__in=procedure_ids).values_list("procedure_id")
    for procedure_id, number in numbers.annotate(last=Max("number")).order_by():
        found.held[procedure_id] = Held(last_number=number)
    rows = ProcedureVersion.objects.filter(procedure_id__in=procedure_ids, withdrawn_at__isnull=True)
    for pk, procedure_id, starts, ends, decision in rows.values_list(
        "pk", "procedure_id", "valid_from", "valid_to", "decision"
    ):
        held = found.held[procedure_id]
        if starts < at and (ends is None or ends > at):
            held.standing, held.standing_end, held.starts = pk, ends, starts
        elif starts >= at:
            held.later = Later(decision.partition(" (")[0], local(starts).date())


def proposal_of(line: ChangeLine) -> Proposal:
    """A stored line as the checks read it."""
    return Proposal(
        position=line.position,
        action=ChangeAction(line.action),
        code=line.code,
        name=line.name,
        has_content=line.content is not None,
        has_settings=bool(line.settings),
        old_codes=old_codes_of(line.old_code),
    )


def check_lines(lines: Sequence[ChangeLine], catalogue: Catalogue, *, number: str) -> dict[int, list[Remark]]:
    """Problems by position in the decision of that number, found anew against the catalogue."""
    problems: dict[int, list[Remark]] = {}
    shared: list[tuple[Proposal, Sequence[int], bool]] = []
    for line in lines:
        proposal = proposal_of(line)
        own = line.procedure_id or (catalogue.procedure(line.code) if line.code else None)
        old = {code: catalogue.procedure(code) for code in proposal.old_codes}
        held = catalogue.of(own)
        standing = Standing(
            known=own is not None,
            in_force=held.standing is not None,
            later=_later(proposal, held, [catalogue.of(pk) for pk in old.values()]),
            old_standing=tuple(code for code, pk in old.items() if catalogue.of(pk).standing is not None),
            old_unknown=tuple(code for code, pk in old.items() if catalogue.of(pk).standing is None),
        )
        problems[line.position] = [
            *line_problems(proposal, standing, number=number),
            *_ends_before(line, proposal, catalogue),
        ]
        ids = [pk for pk in (own, *old.values()) if pk is not None]
        shared.append((proposal, ids, _writes_version(proposal)))
    for position, remark in shared_procedures(shared).items():
        problems[position].append(remark)
    return problems


def _ends_before(line: ChangeLine, proposal: Proposal, catalogue: Catalogue) -> Sequence[Remark]:
    """Legal content whose own end lies before its beginning would never stand."""
    stated = line.content.get("valid_to") if line.content and proposal.action in CONTENT else None
    if not stated or midnight(date.fromisoformat(stated)) > catalogue.at:
        return ()
    return (ends_before_start(proposal, date.fromisoformat(stated)),)


def _later(proposal: Proposal, own: Held, old: Sequence[Held]) -> Later | None:
    if proposal.action in (ChangeAction.PROCESS, ChangeAction.CONFIGURED) and not proposal.has_content:
        return None
    return own.later or next((held.later for held in old if held.later), None)


def _writes_version(proposal: Proposal) -> bool:
    return proposal.has_content or proposal.action is ChangeAction.ABOLISHED

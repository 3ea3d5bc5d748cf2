"""What publishing a change-set will write: decided for all lines before the first row is touched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from motcua.catalogue.actions.changes.resolving import Catalogue, Held, old_codes_of
from motcua.catalogue.actions.version_rows import midnight
from motcua.catalogue.models import ChangeLine, ChangeSet
from motcua.catalogue.types import CodeAlias, CodeKind, ProcedureDefinition
from motcua.catalogue.types_changes import ChangeAction, ChangeKind, LineSettings


@dataclass(frozen=True, slots=True)
class NewVersion:
    """A version to write. `procedure_id` None: its procedure is new as well (`definition` names it)."""

    line: ChangeLine | None
    procedure_id: int | None
    definition: ProcedureDefinition
    number: int
    starts: datetime
    ends: datetime | None


@dataclass(slots=True)
class Plan:
    """All of a change-set: versions that end, versions that begin, codes that lead on, settings."""

    ended: dict[int, datetime | None] = field(default_factory=dict)
    """Versions that end at the effective instant, with the ends they had."""
    made: list[NewVersion] = field(default_factory=list)
    heirs: list[tuple[NewVersion, int]] = field(default_factory=list)
    """New versions with a procedure they replace, whose settings they take over."""
    settings: list[tuple[ChangeLine, LineSettings]] = field(default_factory=list)
    renumbered: dict[int, str] = field(default_factory=dict)
    """Procedures that go on under another code, with that code."""


def planned(change_set: ChangeSet, lines: Sequence[ChangeLine], catalogue: Catalogue) -> Plan:
    """The plan; the lines have passed the checks of `resolving.check_lines`."""
    plan = Plan()
    assert change_set.effective_at is not None  # checked before
    named = Counter(code for line in lines for code in old_codes_of(line.old_code))
    for line in lines:
        action = ChangeAction(line.action)
        if action is ChangeAction.NOTED:
            continue
        own = line.procedure_id or (catalogue.procedure(line.code) if line.code else None)
        if own is None and (own := _renumbered(change_set, line, catalogue, named)) is not None:
            plan.renumbered[own] = line.code
        if action is ChangeAction.ABOLISHED:
            _end(plan, change_set, catalogue, own)
        elif line.content is not None:
            _renew(plan, change_set, catalogue, line, own)
        if line.settings:
            plan.settings.append((line, LineSettings.from_dict(line.settings)))
    return plan


def _renumbered(
    change_set: ChangeSet, line: ChangeLine, catalogue: Catalogue, named: Mapping[str, int]
) -> int | None:
    """The procedure that a decision on codes only gives another code, one to one: its dossiers, processes and settings
    stay with it. What becomes several, or one out of several, is replaced.
    """
    old = old_codes_of(line.old_code)
    one_to_one = len(old) == 1 and named[old[0]] == 1 and bool(line.code)
    if ChangeKind(change_set.kind) is not ChangeKind.RENUMBER or not one_to_one:
        return None
    return catalogue.procedure(old[0])


def _renew(
    plan: Plan, change_set: ChangeSet, catalogue: Catalogue, line: ChangeLine, own: int | None
) -> None:
    """A new version of the line's procedure; what it replaces ends."""
    assert change_set.effective_at is not None
    olds = [
        (code, found)
        for code in old_codes_of(line.old_code)
        if (found := catalogue.procedure(code)) is not None
    ]
    kind = CodeKind.FORMER if own in plan.renumbered else CodeKind.REPLACED
    definition = _content(change_set, line, [code for code, _ in olds], kind)
    held = catalogue.of(own)
    ends = midnight(definition.valid_to) if definition.valid_to else None
    if ends is not None and ends <= change_set.effective_at:
        ends = held.standing_end  # only a configuration: its content is a copy, and what stands has lived on
    made = NewVersion(
        line=line,
        procedure_id=own,
        definition=definition,
        number=held.last_number + 1,
        starts=change_set.effective_at,
        ends=_earliest(ends, change_set.effective_to),
    )
    plan.made.append(made)
    _end(plan, change_set, catalogue, own, number=2)
    for _, old in olds:
        if old != own:
            _end(plan, change_set, catalogue, old)
            plan.heirs.append((made, old))


def _end(
    plan: Plan, change_set: ChangeSet, catalogue: Catalogue, procedure_id: int | None, number: int = 1
) -> None:
    """Let what stands end; where the change-set is limited in time, the same content comes back after it."""
    held: Held = catalogue.of(procedure_id)
    if held.standing is None or held.standing in plan.ended:
        return
    plan.ended[held.standing] = held.standing_end
    until = change_set.effective_to
    if until is not None and (held.standing_end is None or held.standing_end > until):
        plan.made.append(
            NewVersion(
                line=None,
                procedure_id=procedure_id,
                definition=catalogue.definitions[held.standing],
                number=held.last_number + number,
                starts=until,
                ends=held.standing_end,
            )
        )


def _content(
    change_set: ChangeSet, line: ChangeLine, old_codes: Sequence[str], kind: CodeKind
) -> ProcedureDefinition:
    """The proposed content with the decision that made it and the codes it had or replaces."""
    definition = ProcedureDefinition.from_dict(line.content)
    configures = ChangeKind(change_set.kind) is ChangeKind.CONFIGURATION
    if not configures and change_set.number not in (definition.decision_local, definition.decision):
        definition = replace(definition, decision_local=change_set.number)
    kept = [alias for alias in definition.aliases if kind is CodeKind.REPLACED or alias.code not in old_codes]
    known = {alias.code for alias in kept} | {definition.display_code}
    added = tuple(
        CodeAlias(code, kind, note=change_set.number)
        for code in dict.fromkeys(old_codes)
        if code not in known
    )
    return replace(definition, aliases=(*kept, *added))


def _earliest(*instants: datetime | None) -> datetime | None:
    return min((instant for instant in instants if instant is not None), default=None)

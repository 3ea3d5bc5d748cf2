"""Change-sets as those above the catalogue read them: what each line does to dossiers under way.

`LineUnderWay` is the shared picture of a line; `Proposal` is what is read only where a line is looked at closely.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q

from motcua.catalogue.errors import NoProcess
from motcua.catalogue.models import ChangeLine, ChangeSet
from motcua.catalogue.queries import versions
from motcua.catalogue.rules.competence import Rule, RuleBook, Subject, offered_levels, rule_for
from motcua.catalogue.snapshot import current
from motcua.catalogue.types import Level, ProcedureDefinition
from motcua.catalogue.types_changes import (
    ChangeAction,
    ChangeKind,
    ChangeState,
    LineSettings,
    Policy,
    RuleChoice,
)
from motcua.kernel.errors import NotFound, Refused
from motcua.kernel.messages import msg
from motcua.organisation import queries as organisation
from motcua.organisation.types import UnitInfo, UnitKind

SILENT = (ChangeAction.NEW.value, ChangeAction.NOTED.value)
"""Lines that change nothing for a dossier already handed in."""
SHOWN = (ChangeState.DRAFT.value, ChangeState.APPROVED.value, ChangeState.PUBLISHED.value)


@dataclass(frozen=True, slots=True)
class LineUnderWay:
    """One line of a change-set as dossiers under way need it. `made_version_id` is None until it is published, or where
    it makes none.
    """

    line_id: int
    change_set_id: int
    number: str
    title: str
    signed_on: date | None
    effective_at: datetime | None
    action: ChangeAction
    procedure_id: int | None
    before_version_id: int | None
    made_version_id: int | None
    policy: Policy
    mapping: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ChangeSetInfo:
    """One change-set as a list shows it; `lines` counts those that concern dossiers under way."""

    id: int
    number: str
    kind: ChangeKind
    title: str
    issuer: str
    signed_on: date | None
    effective_at: datetime | None
    state: ChangeState
    published_at: datetime | None
    lines: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a line would put in the place of the old: new content, and what is configured beside it."""

    name: str
    definition: ProcedureDefinition | None
    settings: LineSettings


def change_set(change_set_id: int) -> ChangeSetInfo:
    """One change-set that is not discarded or undone; raises `NotFound`."""
    row = _sets().filter(pk=change_set_id).first()
    if row is None:
        raise NotFound(msg("Không có quyết định này."))
    return _info(row)


def number_of(change_set_id: int) -> str:
    """The number of a decision, whatever became of it."""
    found = ChangeSet.objects.filter(pk=change_set_id).values_list("number", flat=True).first()
    return found or ""


def hold_published(change_set_id: int) -> bool:
    """Whether a change-set counts; until the caller's transaction ends nobody undoes it (one statement)."""
    rows = ChangeSet.objects.select_for_update().filter(pk=change_set_id)
    return rows.values_list("state", flat=True).first() == ChangeState.PUBLISHED.value


def change_sets(*, offset: int, limit: int) -> list[ChangeSetInfo]:
    """Change-sets with lines that concern dossiers under way, the newest first (one statement)."""
    rows = _sets().filter(concerned__gt=0).order_by("-effective_at", "-pk")[offset : offset + limit]
    return [_info(row) for row in rows]


def lines_under_way(change_set_id: int) -> list[LineUnderWay]:
    """The lines that concern dossiers under way, in their order (one statement)."""
    rows = ChangeLine.objects.filter(change_set_id=change_set_id).exclude(action__in=SILENT)
    return [_line(row) for row in _light(rows.filter(_has_procedure()))]


def line(line_id: int) -> LineUnderWay:
    """One line; raises `NotFound`."""
    for row in _light(ChangeLine.objects.filter(pk=line_id)):
        return _line(row)
    raise NotFound(msg("Không có thay đổi này của quyết định."))


def procedures_of(change_set_ids: Sequence[int]) -> dict[int, set[int]]:
    """The procedures that dossiers under way may have begun with, for each change-set (one statement)."""
    found: dict[int, set[int]] = {set_id: set() for set_id in change_set_ids}
    rows = ChangeLine.objects.filter(change_set_id__in=change_set_ids).exclude(action__in=SILENT)
    for set_id, own, before in rows.values_list(
        "change_set_id", "procedure_id", "before_version__procedure_id"
    ):
        if (before or own) is not None:
            found[set_id].add(before or own)
    return found


def old_procedure_id(line: LineUnderWay) -> int | None:
    """The procedure that dossiers under way began with: of a replaced one the old, not its successor."""
    if line.before_version_id is not None:
        return versions.version(line.before_version_id).procedure_id
    return line.procedure_id


def proposals(line_ids: Sequence[int]) -> dict[int, Proposal]:
    """What the lines put in the place of the old (one statement)."""
    rows = ChangeLine.objects.filter(pk__in=line_ids).values_list("pk", "name", "content", "settings")
    return {
        pk: Proposal(
            name,
            ProcedureDefinition.from_dict(content) if content else None,
            LineSettings.from_dict(settings or {}),
        )
        for pk, name, content, settings in rows
    }


def process_after(
    line: LineUnderWay, proposal: Proposal, *, case_key: str, level: str, agency_id: int
) -> int | None:
    """The process that runs once the line counts: the line's own choice, else what is bound then; None if nothing is.

    A line whose decision does not say when it takes effect leads nowhere yet. The agency's own before everybody's,
    the case before the procedure, as in `process_for`.
    """
    agency = organisation.unit(agency_id).code
    fitting = [
        choice
        for choice in proposal.settings.processes
        if choice.level == level and choice.case_key in ("", case_key) and choice.agency in ("", agency)
    ]
    if fitting:
        best = max(fitting, key=lambda choice: (choice.case_key == case_key, choice.agency != ""))
        return best.process_version_id
    procedure_id = line.procedure_id if line.procedure_id is not None else old_procedure_id(line)
    if procedure_id is None or line.effective_at is None:
        return None
    at = line.effective_at
    try:
        return versions.process_for(procedure_id, case_key=case_key, level=level, agency_id=agency_id, at=at)
    except NoProcess:
        return None


def agency_after(
    line: LineUnderWay,
    proposal: Proposal,
    *,
    definition: ProcedureDefinition,
    level: str,
    agency_id: int,
    receiving_unit_id: int,
) -> tuple[int, str] | None:
    """The agency that decides once the line counts, with its level; None when nobody can say.

    `definition` is the new content, or the old where the line has none; `level` and `agency_id` are those that decide
    now. A commune that decides goes on deciding where communes do; of a procedure moved to communes it is the commune
    of the reception point, and a dossier handed in elsewhere needs the unit named in the line's mapping.
    """
    subject = Subject(
        procedure_id=line.procedure_id or 0,
        field=definition.field,
        ministry=definition.ministry,
        levels=tuple(found.value for found in definition.levels),
        territory=definition.territory,
    )
    rules = (*_own_rules(line, proposal.settings.rules), *_rules_at(line.effective_at, subject))
    offered = offered_levels(rules, subject)
    chosen = level if level in offered else next(iter(offered), None)
    if chosen is None:
        return None
    rule = rule_for(rules, subject, chosen)
    if chosen == Level.COMMUNE.value:
        commune = _commune_of(organisation.unit(agency_id)) or _commune_of(
            organisation.unit(receiving_unit_id)
        )
        if commune is None:
            return None
        vertical = (
            organisation.vertical_in(commune, rule.deciding_function) if rule.deciding_function else None
        )
        return (vertical.id if vertical else commune), chosen
    if rule.deciding_unit_id is not None:
        return rule.deciding_unit_id, chosen
    try:
        found = organisation.department_for_field(subject.field, ministry=subject.ministry)
    except Refused:
        return None
    return found.unit.id, chosen


def _rules_at(at: datetime | None, subject: Subject) -> Sequence[Rule]:
    """The rules that stand when the line counts; while nobody knows when, those whose end nobody knows either."""
    snapshot = current()
    if at is not None:
        return snapshot.era(at).rules.about(subject)
    return RuleBook(rule for rule in snapshot.rules if rule.valid_to is None).about(subject)


def _own_rules(line: LineUnderWay, choices: Sequence[RuleChoice]) -> list[Rule]:
    return [
        Rule(
            procedure_id=line.procedure_id or 0,
            level=choice.level,
            reception=choice.reception,
            deciding_unit_id=organisation.unit_by_code(choice.deciding_unit).id
            if choice.deciding_unit
            else None,
            deciding_function=choice.deciding_function,
            priority=1_000_000,
            source=choice.source,
        )
        for choice in choices
    ]


def _commune_of(unit: UnitInfo) -> int | None:
    for candidate in (unit.agency_id, unit.area_id):
        if candidate is not None and organisation.unit(candidate).kind == UnitKind.COMMUNE:
            return candidate
    return None


def _has_procedure() -> Q:
    return Q(procedure__isnull=False) | Q(before_version__isnull=False)


def _sets() -> Any:
    concerned = Q(lines__isnull=False) & ~Q(lines__action__in=SILENT)
    concerned &= Q(lines__procedure__isnull=False) | Q(lines__before_version__isnull=False)
    return (
        ChangeSet.objects.filter(state__in=SHOWN)
        .annotate(concerned=Count("lines", filter=concerned))
        .defer("notes", "undo", "effective_rule", "based_on")
    )


def _info(row: Any) -> ChangeSetInfo:
    return ChangeSetInfo(
        id=row.pk,
        number=row.number,
        kind=ChangeKind(row.kind),
        title=row.title,
        issuer=row.issuer,
        signed_on=row.signed_on,
        effective_at=row.effective_at,
        state=ChangeState(row.state),
        published_at=row.published_at,
        lines=row.concerned,
    )


def _light(rows: Any) -> Any:
    return (
        rows.select_related("change_set")
        .only(
            "action",
            "procedure_id",
            "before_version_id",
            "made_version_id",
            "policy",
            "mapping",
            "change_set__number",
            "change_set__title",
            "change_set__signed_on",
            "change_set__effective_at",
        )
        .order_by("position")
    )


def _line(row: ChangeLine) -> LineUnderWay:
    return LineUnderWay(
        line_id=row.pk,
        change_set_id=row.change_set_id,
        number=row.change_set.number,
        title=row.change_set.title,
        signed_on=row.change_set.signed_on,
        effective_at=row.change_set.effective_at,
        action=ChangeAction(row.action),
        procedure_id=row.procedure_id,
        before_version_id=row.before_version_id,
        made_version_id=row.made_version_id,
        policy=Policy(row.policy),
        mapping=row.mapping or {},
    )

"""Reading the catalogue. Versions, codes, rules and the search index come from the process's picture of
it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from motcua.catalogue.errors import NoProcess, NotReceivedHere, UnknownProcedure
from motcua.catalogue.models import ProcedureVersion, SourceFindingRow, SourceImport
from motcua.catalogue.rules.competence import (
    HERE,
    Place,
    Rule,
    Subject,
    choose_level,
    offered_levels,
    reception_refusal,
    rule_for,
    territory_refusal,
)
from motcua.catalogue.rules.search import Entry, plain_code
from motcua.catalogue.snapshot import Snapshot, current, forget
from motcua.catalogue.types import (
    Competence,
    Level,
    OnlineLevel,
    ProcedureDefinition,
    SearchHit,
    SourceFinding,
    Territory,
    VersionInfo,
)
from motcua.kernel import clock
from motcua.kernel.messages import Message, msg
from motcua.organisation import queries as organisation
from motcua.organisation.types import UnitInfo, UnitKind

__all__ = [
    "Findings",
    "competence",
    "current_version",
    "definition",
    "fields",
    "finding_kinds",
    "findings",
    "forget",
    "listing",
    "offered_at",
    "process_for",
    "search",
    "version",
    "versions_of",
]

NO_COUNTS: Mapping[int, int] = {}


def version(version_id: int) -> VersionInfo:
    """A stored version without its content; raises `UnknownProcedure` (404)."""
    entry = current().entries.get(version_id)
    if entry is None:
        raise UnknownProcedure(msg("Không có phiên bản thủ tục này."))
    return _info(entry)


@lru_cache(maxsize=2_048)
def definition(version_id: int) -> ProcedureDefinition:
    """The content of a version; kept for ever, because an id fixes its content. Raises `UnknownProcedure`."""
    content = ProcedureVersion.objects.filter(pk=version_id).values_list("definition", flat=True).first()
    if content is None:
        raise UnknownProcedure(msg("Không có phiên bản thủ tục này."))
    return ProcedureDefinition.from_dict(content)


def current_version(code_or_id: str | int, at: datetime | None = None) -> VersionInfo:
    """The version in force at an instant (now, if None) by procedure id or any code, present or former.

    Raises `UnknownProcedure` (404) when there is none.
    """
    at = at or clock.now()
    for entry in reversed(_entries_of(current(), code_or_id)):
        if entry.stands_at(at):
            return _info(entry)
    raise UnknownProcedure(
        msg("Không có thủ tục %(code)s đang có hiệu lực.", code=str(code_or_id)[:40]), field="procedure"
    )


def versions_of(code_or_id: str | int) -> list[VersionInfo]:
    """Every version of a procedure, oldest first; raises `UnknownProcedure` (404)."""
    found = _entries_of(current(), code_or_id)
    if not found:
        raise UnknownProcedure(
            msg("Không có thủ tục %(code)s.", code=str(code_or_id)[:40]), field="procedure"
        )
    procedure_id = found[-1].procedure_id
    return [_info(entry) for entry in current().by_procedure[procedure_id]]


def process_for(procedure_id: int, case_key: str, level: str, agency_id: int | None = None) -> int:
    """The id of the process version that runs; raises `NoProcess`.

    The agency's own before everybody's, the case before the procedure, a generic process of the level last.
    """
    bindings = current().bindings
    for key in ((procedure_id, level), (None, level)):
        fitting = [
            binding
            for binding in bindings.get(key, ())
            if binding.case_key in ("", case_key) and binding.agency_id in (None, agency_id)
        ]
        if fitting:
            best = max(fitting, key=lambda b: (b.case_key == case_key, b.agency_id is not None))
            return best.process_version_id
    raise NoProcess(msg("Chưa có quy trình nội bộ cho thủ tục này."))


def search(
    text: str,
    *,
    receiving_unit_id: int | None = None,
    field: str = "",
    level: str = "",
    limit: int = 12,
    at: datetime | None = None,
    popularity: Mapping[int, int] = NO_COUNTS,
) -> list[SearchHit]:
    """Procedures in force that match what was typed, best first.

    With a receiving unit only what centres of the province may receive. `popularity` (dossiers by
    procedure id) lifts what a unit often does.
    """
    levels = frozenset({level}) if level else frozenset(HERE) if receiving_unit_id is not None else None
    found = current().index.find(
        text, levels=levels, field=field, at=at or clock.now(), popularity=popularity, limit=limit
    )
    return [_hit(entry) for entry in found]


def offered_at(agency_id: int, *, at: datetime | None = None) -> list[SearchHit]:
    """Every procedure in force that the centre of an agency may receive, by field and name."""
    receiving = _place(organisation.centre_of(agency_id))
    snapshot, at = current(), at or clock.now()
    found = [
        entry
        for entry in snapshot.entries.values()
        if entry.stands_at(at) and _receives(snapshot, entry, receiving)
    ]
    return [_hit(entry) for entry in sorted(found, key=lambda e: (e.field, e.name, e.code))]


def competence(
    version: VersionInfo, *, receiving_unit: UnitInfo, place_agency_id: int | None = None
) -> Competence:
    """Who receives, decides and returns a dossier handed in at a unit.

    `place_agency_id`: the commune or department chosen to decide; without it the receiving commune itself,
    or the department of the field. Raises `NotReceivedHere` with the reason.
    """
    snapshot = current()
    subject = _subject(snapshot, snapshot.entries[version.id])
    receiving = _place(receiving_unit)
    place = None if place_agency_id is None else _place(organisation.unit(place_agency_id))
    chosen = choose_level(offered_levels(snapshot.rules, subject), receiving, place)
    if isinstance(chosen, Message):
        raise NotReceivedHere(chosen, field="place_agency_id")
    rule = rule_for(snapshot.rules, subject, chosen)
    deciding_id, reason = _deciding(subject, chosen, receiving, place, rule)
    refusal = reception_refusal(rule, receiving, _home(deciding_id))
    if refusal is not None:
        raise NotReceivedHere(refusal, field="procedure")
    return Competence(
        receiving_unit_id=receiving.unit_id,
        deciding_agency_id=deciding_id,
        returning_unit_id=receiving.unit_id,
        level=Level(chosen),
        reason=reason,
    )


def fields(*, at: datetime | None = None) -> list[str]:
    """Names of the fields that have procedures in force, in alphabetical order."""
    at = at or clock.now()
    return sorted(
        {entry.field for entry in current().entries.values() if entry.stands_at(at) and entry.field}
    )


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of procedures and how many there are in all."""

    hits: tuple[SearchHit, ...]
    total: int


def listing(
    text: str = "",
    *,
    field: str = "",
    level: str = "",
    offset: int = 0,
    limit: int = 50,
    at: datetime | None = None,
) -> Listing:
    """A page of the procedures in force; without a text, by field and name."""
    at = at or clock.now()
    if text.strip():
        found = current().index.find(
            text, levels=frozenset({level}) if level else None, field=field, at=at, limit=100_000
        )
    else:
        found = [
            entry
            for entry in current().entries.values()
            if entry.stands_at(at)
            and (not field or entry.field == field)
            and (not level or level in entry.levels)
        ]
        found.sort(key=lambda e: (not e.detailed, e.field, e.name, e.code))
    return Listing(tuple(_hit(entry) for entry in found[offset : offset + limit]), len(found))


@dataclass(frozen=True, slots=True)
class Findings:
    """A page of findings about the sources."""

    rows: tuple[SourceFinding, ...]
    total: int


def findings(*, kind: str = "", code: str = "", offset: int = 0, limit: int = 50) -> Findings:
    """What the sources got wrong, newest import first (two statements)."""
    rows = SourceFindingRow.objects.order_by("-source_import_id", "id")
    if kind:
        rows = rows.filter(kind=kind)
    if code:
        rows = rows.filter(code=code)
    page = rows[offset : offset + limit]
    return Findings(
        tuple(
            SourceFinding(row.code, row.field, row.kind, Message(row.text, row.params), row.raw, row.name)
            for row in page
        ),
        rows.count(),
    )


def finding_kinds() -> list[tuple[str, int]]:
    """How many findings there are of each kind, the most frequent first (one statement)."""
    from django.db.models import Count

    counted = SourceFindingRow.objects.order_by().values_list("kind").annotate(n=Count("id"))
    return sorted(((kind, n) for kind, n in counted), key=lambda pair: (-pair[1], pair[0]))


def imports() -> list[SourceImport]:
    """The imports of sources, newest first (one statement)."""
    return list(SourceImport.objects.order_by("-id")[:20])


def _entries_of(snapshot: Snapshot, code_or_id: str | int) -> list[Entry]:
    """Versions by procedure id or code, oldest first; a procedure's own code before another's former one."""
    if isinstance(code_or_id, int):
        return snapshot.by_procedure.get(code_or_id, [])
    code = plain_code(code_or_id)
    own = snapshot.by_code.get(code)
    if own:
        return own
    # The province's suffix (1.001193.H05) is the same procedure.
    return snapshot.by_alias.get(code) or snapshot.by_code.get(code.partition("h")[0], [])


def _info(entry: Entry) -> VersionInfo:
    return VersionInfo(
        id=entry.version_id,
        procedure_id=entry.procedure_id,
        number=entry.number,
        code=entry.code,
        name=entry.name,
        short_name=entry.short_name,
        field=entry.field,
        levels=tuple(Level(level) for level in entry.levels),
        online=OnlineLevel(entry.online),
        detailed=entry.detailed,
        digest=entry.digest,
        valid_from=entry.valid_from,
        valid_to=entry.valid_to,
    )


def _hit(entry: Entry) -> SearchHit:
    return SearchHit(
        version_id=entry.version_id,
        procedure_id=entry.procedure_id,
        code=entry.code,
        name=entry.name,
        short_name=entry.short_name,
        field=entry.field,
        levels=entry.levels,
        detailed=entry.detailed,
        online=entry.online,
    )


def _subject(snapshot: Snapshot, entry: Entry) -> Subject:
    return Subject(
        procedure_id=entry.procedure_id,
        field=entry.field,
        ministry=snapshot.ministries.get(entry.version_id, ""),
        levels=entry.levels,
        territory=snapshot.territories.get(entry.version_id, Territory.ALL),
    )


def _place(unit: UnitInfo) -> Place:
    commune_id = _commune_of(unit)
    return Place(
        unit_id=unit.id,
        agency_id=unit.agency_id,
        name=unit.full_name or unit.name,
        is_commune=unit.kind == UnitKind.COMMUNE,
        is_reception_point=unit.is_reception_point,
        commune_id=commune_id,
        former_province=organisation.unit(commune_id).former_province if commune_id else "",
    )


def _commune_of(unit: UnitInfo) -> int | None:
    """The commune a unit is, belongs to or serves."""
    for candidate in (unit.agency_id, unit.area_id):
        if candidate is not None and organisation.unit(candidate).kind == UnitKind.COMMUNE:
            return candidate
    return None


def _home(agency_id: int) -> int:
    """The agency whose centre counts as "its own": the commune for a unit that serves one."""
    unit = organisation.unit(agency_id)
    return unit.area_id or unit.agency_id


def _deciding(
    subject: Subject, level: str, receiving: Place, place: Place | None, rule: Rule
) -> tuple[int, Message]:
    """The agency that decides and why."""
    if level == Level.COMMUNE.value:
        commune_id = place.unit_id if place is not None else receiving.commune_id
        assert commune_id is not None
        commune = _place(organisation.unit(commune_id))
        refusal = territory_refusal(subject.territory, commune)
        if refusal is not None:
            raise NotReceivedHere(refusal, field="place_agency_id")
        vertical = (
            organisation.vertical_in(commune_id, rule.deciding_function) if rule.deciding_function else None
        )
        deciding = vertical or organisation.unit(commune_id)
        return deciding.id, msg("Cấp xã giải quyết: %(unit)s.", unit=deciding.full_name)
    if rule.deciding_unit_id is not None:
        unit = organisation.unit(rule.deciding_unit_id)
        return unit.id, msg("Theo phân công: %(unit)s.", unit=unit.full_name)
    if place is not None:
        return place.agency_id, msg("Cơ quan được chọn: %(unit)s.", unit=place.name)
    found = organisation.department_for_field(subject.field, ministry=subject.ministry)
    return found.unit.id, msg(
        "Lĩnh vực %(field)s do %(unit)s giải quyết.", field=subject.field, unit=found.unit.full_name
    )


def _receives(snapshot: Snapshot, entry: Entry, receiving: Place) -> bool:
    """Whether a centre may receive the procedure for some place of decision."""
    if not receiving.is_reception_point:
        return False
    subject = _subject(snapshot, entry)
    return any(
        rule_for(snapshot.rules, subject, level).reception != "provincial_centre"
        or receiving.commune_id is None
        for level in entry.offered_levels
    )

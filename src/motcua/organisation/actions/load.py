"""Loading the organisation carried with the product. Running it again changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.db.models import F

from motcua.kernel import audit, outbox
from motcua.kernel.actor import Actor
from motcua.kernel.messages import msg
from motcua.organisation import carried
from motcua.organisation.errors import BadOrganisationData
from motcua.organisation.events import CalendarChanged, OrganisationLoaded
from motcua.organisation.models import CalendarDay, Unit, WorkSession
from motcua.organisation.permissions import require_load
from motcua.organisation.snapshot import touch

COMPARED = (
    "kind",
    "function",
    "name",
    "full_name",
    "short_name",
    "place_name",
    "agency_code",
    "former_province",
)


@dataclass(slots=True)
class LoadReport:
    """What loading did. `kept` names units and days that differ from the carried data and were left as they
    are: a person changed them, and the province's word is above ours."""

    units_created: list[str] = field(default_factory=list)
    sessions_created: int = 0
    days_created: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        return bool(self.units_created or self.sessions_created or self.days_created)


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit as the data names it: links are codes."""

    code: str
    parent: str | None
    agency: str
    area: str | None
    values: dict[str, Any]


@transaction.atomic
def load_organisation(*, actor: Actor, now: datetime) -> LoadReport:
    """Load `data/units.json` and `data/calendar.json`: missing units, sessions and days are added.

    What exists is never overwritten; differences are in the report. Raises `NotYourUnit` for anybody but an
    administrator and `BadOrganisationData` if a unit points at one that is not there.
    """
    require_load(actor)
    report = LoadReport()
    ids = _load_units(carried.read("units.json"), report)
    calendar = carried.read("calendar.json")
    _load_sessions(calendar, ids, report)
    days = _load_days(calendar, ids, report)
    if not report.changed:
        return report
    touch()
    counts = {
        "units_created": len(report.units_created),
        "sessions_created": report.sessions_created,
        "days_created": len(report.days_created),
    }
    audit.record(
        actor, "organisation.loaded", subject_type="organisation", subject="all", data=counts, at=now
    )
    outbox.publish(
        OrganisationLoaded(
            units_created=len(report.units_created), units_changed=0, days_changed=len(report.days_created)
        ),
        now=now,
    )
    for unit_id, changed in days.items():
        outbox.publish(CalendarChanged(unit_id=unit_id, days=tuple(changed)), now=now)
    return report


def unit_rows(data: dict[str, Any]) -> Iterator[UnitRow]:
    """Every unit of `units.json`, divisions and commune police written out."""
    for row in data["agencies"]:
        yield UnitRow(row["code"], row["parent"], row["code"], None, _agency_values(row, data["source"]))
        for division in row["divisions"]:
            yield _division(division["code"], row["code"], division, row)
    pattern, police = data["commune_divisions"], data["commune_police"]
    for row in data["communes"]:
        yield UnitRow(row["code"], "24", row["code"], None, _commune_values(row, data["source"]))
        for division in pattern["divisions"]:
            if row["type"] in division["applies_to"]:
                code = f"{row['code']}.{division['suffix']}"
                yield _division(code, row["code"], division | {"source": pattern["source"]}, row)
        yield _police(row, police)


def _load_units(data: dict[str, Any], report: LoadReport) -> dict[str, int]:
    existing = {unit.code: unit for unit in Unit.objects.all()}
    ids = {code: unit.pk for code, unit in existing.items()}
    waiting = []
    for row in unit_rows(data):
        if row.code not in existing:
            waiting.append(row)
        elif different := _differences(existing[row.code], row.values):
            report.kept.append(f"{row.code}: {', '.join(different)}")
    while waiting:
        ready = [row for row in waiting if _links(row) <= ids.keys()]
        if not ready:
            raise BadOrganisationData(msg("Đơn vị %(code)s trỏ tới đơn vị không có.", code=waiting[0].code))
        made = Unit.objects.bulk_create([_unit(row, ids) for row in ready])
        ids |= {unit.code: unit.pk for unit in made}
        report.units_created += [unit.code for unit in made]
        waiting = [row for row in waiting if row.code not in ids]
    Unit.objects.filter(agency__isnull=True).update(agency=F("id"))
    return ids


def _links(row: UnitRow) -> set[str]:
    return {code for code in (row.parent, row.agency, row.area) if code is not None and code != row.code}


def _unit(row: UnitRow, ids: dict[str, int]) -> Unit:
    return Unit(
        code=row.code,
        parent_id=None if row.parent is None else ids[row.parent],
        agency_id=None if row.agency == row.code else ids[row.agency],
        area_id=None if row.area is None else ids[row.area],
        **row.values,
    )


def _differences(unit: Unit, values: dict[str, Any]) -> list[str]:
    return [name for name in COMPARED if getattr(unit, name) != values.get(name, "")]


def _agency_values(row: dict[str, Any], source: str) -> dict[str, Any]:
    return {
        "agency_code": row["agency_code"],
        "agency_code_source": row["agency_code_source"],
        "kind": row["kind"],
        "function": row.get("function", ""),
        "name": row["name"],
        "full_name": row["full_name"],
        "short_name": row["short_name"],
        "place_name": row["place_name"],
        "address": row.get("address", ""),
        "is_reception_point": row.get("is_reception_point", False),
        "letter_head": row["letter_head"],
        "starts_on": date.fromisoformat(row["starts_on"]),
        "source": f"{row.get('source', source)} ({row['confidence']})",
    }


def _commune_values(row: dict[str, Any], source: str) -> dict[str, Any]:
    return {
        "agency_code": row["agency_code"],
        "agency_code_source": "placeholder",
        "kind": "commune",
        "function": "",
        "name": row["name"],
        "full_name": row["full_name"],
        "short_name": row["short_name"],
        "place_name": row["place_name"],
        "commune_type": row["type"],
        "former_province": row["former_province"],
        "predecessors": row["predecessors"],
        "letter_head": {
            "superior": "ỦY BAN NHÂN DÂN",
            "agency": row["name"].upper(),
            "symbol": "UBND",
        },
        "starts_on": date(2025, 7, 1),
        "source": source[:240],
    }


def _division(code: str, agency: str, row: dict[str, Any], owner: dict[str, Any]) -> UnitRow:
    # Part of a commune reads "…, xã Đồng Việt": the same four names exist ninety-nine times.
    where = owner["short_name"].removeprefix("UBND ")
    centre = row.get("kind") == "service_centre"
    head = owner.get("letter_head", {})
    above = owner["full_name"].upper() if "type" in owner else head.get("agency", "")
    values = {
        "kind": row.get("kind", "division"),
        "function": row["function"],
        "name": row["name"],
        "full_name": f"{row['name']} {where}" if centre and "type" in owner else f"{row['name']}, {where}",
        "short_name": f"TTPVHCC {where}" if centre and "type" in owner else row["name"][:80],
        "place_name": owner["place_name"],
        "former_province": owner.get("former_province", ""),
        "address": row.get("address", ""),
        "is_reception_point": row.get("is_reception_point", False),
        "letter_head": {"superior": above, "agency": row["name"].upper(), "symbol": ""},
        "starts_on": date(2025, 7, 1),
        "source": (row.get("note") or row.get("source") or f"{row.get('confidence', '')}")[:240],
    }
    return UnitRow(code, agency, agency, None, values)


def _police(row: dict[str, Any], police: dict[str, Any]) -> UnitRow:
    low = row["name"][0].lower() + row["name"][1:]
    code = f"{row['code']}.{police['code_suffix']}"
    values = {
        "agency_code": row["police_agency_code"],
        "agency_code_source": "placeholder",
        "kind": "vertical",
        "function": police["function"],
        "name": f"{police['name']} {low}",
        "full_name": f"{police['name']} {low}, tỉnh Bắc Ninh",
        "short_name": f"{police['name']} {low}",
        "place_name": row["place_name"],
        "former_province": row["former_province"],
        "is_reception_point": police["is_reception_point"],
        "letter_head": {
            "superior": "CÔNG AN TỈNH BẮC NINH",
            "agency": f"{police['name']} {low}".upper(),
            "symbol": "CA",
        },
        "starts_on": date(2025, 7, 1),
        "source": police["source"],
    }
    return UnitRow(code, police["parent"], code, row["code"], values)


def _load_sessions(data: dict[str, Any], ids: dict[str, int], report: LoadReport) -> None:
    """Sessions of the units created just now; later ones are the province's to set."""
    created = {ids[code] for code in report.units_created}
    rows = [
        WorkSession(
            unit_id=unit_id,
            weekday=weekday,
            opens=time.fromisoformat(opens),
            closes=time.fromisoformat(closes),
        )
        for group in data["sessions"]
        for unit_id in _session_units(group["units"], ids)
        if unit_id in created
        for weekday in group["weekdays"]
        for opens, closes in group["sessions"]
    ]
    WorkSession.objects.bulk_create(rows)
    report.sessions_created = len(rows)


def _session_units(codes: list[str], ids: dict[str, int]) -> list[int]:
    if codes == ["commune_police"]:
        return list(Unit.objects.filter(area__isnull=False, function="police").values_list("pk", flat=True))
    return [ids[code] for code in codes]


def _load_days(data: dict[str, Any], ids: dict[str, int], report: LoadReport) -> dict[int, list[str]]:
    """Add the days of years a unit has none of yet; which ISO days were added for which unit.

    A year somebody already keeps is theirs: a day they removed must not come back.
    """
    known = {(row.unit_id, row.day): row for row in CalendarDay.objects.filter(proposed=False)}
    kept_years = {(unit_id, day.year) for unit_id, day in known}
    added: dict[int, list[str]] = {}
    rows = []
    for group in data["days"]:
        unit_id = ids[group["unit"]]
        for given in group["days"]:
            row = _day(unit_id, given)
            if (unit_id, row.day.year) not in kept_years:
                rows.append(row)
                added.setdefault(unit_id, []).append(given["day"])
            elif not _same_day(known.get((unit_id, row.day)), row):
                report.kept.append(given["day"])
    CalendarDay.objects.bulk_create(rows)
    report.days_created = [row.day.isoformat() for row in rows]
    return added


def _same_day(here: CalendarDay | None, given: CalendarDay) -> bool:
    return here is not None and (here.kind, here.name, here.decision) == (
        given.kind,
        given.name,
        given.decision,
    )


def _day(unit_id: int, given: dict[str, Any]) -> CalendarDay:
    paired = given.get("paired_day")
    return CalendarDay(
        unit_id=unit_id,
        day=date.fromisoformat(given["day"]),
        kind=given["kind"],
        reason=given["reason"],
        name=given["name"],
        decision=given["decision"],
        paired_day=date.fromisoformat(paired) if paired else None,
        source=f"{given['source']} ({given['confidence']})",
    )


def report_data(report: LoadReport) -> dict[str, Any]:
    """The report as plain data, for commands."""
    return asdict(report)

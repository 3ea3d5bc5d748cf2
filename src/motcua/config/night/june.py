"""The province as it stood on 30 June 2025: its departments, 313 old communes with their parts, its catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from motcua.catalogue import actions as catalogue
from motcua.config.night.hours import LONG_BEFORE
from motcua.kernel.actor import Actor
from motcua.organisation import actions as organisation
from motcua.organisation import carried, queries
from motcua.organisation.models import Unit
from motcua.organisation.rules.succession_file import SuccessionFile, from_json
from motcua.organisation.snapshot import touch
from motcua.organisation.types import UnitFunction, UnitInfo, UnitKind

FILE = "succession_2025.json"
SYSTEM = Actor.system("Diễn tập đêm chuyển đổi", via="command")
PARTS = (
    ("VP", UnitKind.DIVISION, UnitFunction.OFFICE, "Văn phòng HĐND và UBND"),
    ("KT", UnitKind.DIVISION, UnitFunction.ECONOMY, "Bộ phận Kinh tế"),
    ("VHXH", UnitKind.DIVISION, UnitFunction.SOCIETY, "Bộ phận Văn hóa - Xã hội"),
    ("MC", UnitKind.SERVICE_CENTRE, UnitFunction.CENTRE, "Bộ phận Tiếp nhận và Trả kết quả"),
)


@dataclass(frozen=True, slots=True)
class OldCommune:
    """An old commune with its parts by function; its dossiers carried the code of the time."""

    unit: UnitInfo
    parts: Mapping[str, UnitInfo]

    @property
    def centre(self) -> UnitInfo:
        return self.parts[UnitFunction.CENTRE]


@dataclass(frozen=True, slots=True)
class June:
    """What the night begins with. `file` is the succession of the communes that are there."""

    communes: tuple[OldCommune, ...]
    file: SuccessionFile
    procedures: int


def load_june(*, now: datetime, communes: int | None = None, procedures: int | None = None) -> June:
    """Load the province and put the old communes beside it; `communes`, `procedures` take only about so many."""
    organisation.load_organisation(actor=SYSTEM, now=now)
    # Departments carry the day of the new province; they worked under the same names before it.
    Unit.objects.exclude(pk__in=_of_new_communes()).update(starts_on=LONG_BEFORE.date())
    data: dict[str, Any] = carried.read(FILE)
    wanted = _wanted(data, communes)
    made = _old_communes([row for row in data["ended_units"] if row["code"] in wanted])
    touch()
    report = catalogue.load_catalogue(actor=SYSTEM, now=now, begins=LONG_BEFORE, first=procedures)
    file, problems = from_json(
        {
            **data,
            "ended_units": [],
            "lines": [line for line in data["lines"] if line["predecessor"] in wanted],
        }
    )
    assert file is not None, problems
    return June(made, file, report.detailed.created + report.compact.created)


def _of_new_communes() -> list[int]:
    """The units of the 99, which begin on 1 July."""
    known = queries.units().values()
    own = {unit.id for unit in known if unit.kind == UnitKind.COMMUNE}
    return [unit.id for unit in known if unit.agency_id in own or unit.area_id in own]


def _wanted(data: Mapping[str, Any], communes: int | None) -> set[str]:
    """The codes of the ended units to be made: all above the communes, and communes by whole successors."""
    kinds = {row["code"]: row["kind"] for row in data["ended_units"]}
    wanted = {code for code, kind in kinds.items() if kind != "commune"}
    by_successor: dict[str, set[str]] = {}
    for line in data["lines"]:
        if kinds.get(line["predecessor"]) == "commune":
            by_successor.setdefault(line["successor"], set()).add(line["predecessor"])
    taken = 0
    for group in by_successor.values():
        if communes is not None and taken >= communes:
            break
        wanted |= group
        taken += len(group)
    return wanted


def _old_communes(rows: list[dict[str, Any]]) -> tuple[OldCommune, ...]:
    top = Unit.objects.get(pk=queries.province().id)
    made: dict[str, Unit] = {}
    for number, row in enumerate(rows):
        commune = row["kind"] == UnitKind.COMMUNE
        unit = Unit(
            code=row["code"],
            kind=row["kind"],
            commune_type=row.get("commune_type", ""),
            name=row["name"],
            full_name=row["full_name"],
            short_name=row["short_name"][:80],
            place_name=row.get("place_name", "")[:80],
            parent=made.get(row.get("parent", ""), top),
            former_province=row["former_province"],
            agency_code=f"H02.{number:03d}" if commune else "",
            source=FILE,
        )
        unit.save()
        unit.agency = unit
        unit.save(update_fields=["agency"])
        made[row["code"]] = unit
    communes = [unit for unit in made.values() if unit.kind == UnitKind.COMMUNE]
    Unit.objects.bulk_create(
        [_part(unit, *part) for unit in communes for part in PARTS],
        batch_size=500,
    )
    touch()
    parts: dict[int, dict[str, UnitInfo]] = {}
    for info in queries.units().values():
        if info.function:
            parts.setdefault(info.agency_id, {})[info.function] = info
    return tuple(OldCommune(queries.unit(unit.pk), parts[unit.pk]) for unit in communes)


def _part(commune: Unit, short: str, kind: UnitKind, function: UnitFunction, name: str) -> Unit:
    return Unit(
        code=f"{commune.code}.{short}",
        kind=kind,
        function=function,
        name=name,
        full_name=f"{name}, {commune.short_name}"[:255],
        short_name=name[:80],
        parent=commune,
        agency=commune,
        is_reception_point=kind == UnitKind.SERVICE_CENTRE,
        source=FILE,
    )

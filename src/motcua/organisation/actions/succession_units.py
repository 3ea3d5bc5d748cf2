"""The units of a succession: made, renamed, ended; each change with what was before, for the undo."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from motcua.kernel.messages import msg
from motcua.kernel.text import nfc
from motcua.organisation.models import Unit
from motcua.organisation.rules.succession import Part, Problem, Succession, last_day
from motcua.organisation.rules.succession_file import SuccessionFile
from motcua.organisation.types import CommuneType, UnitFunction, UnitKind

WORDS = (
    "function",
    "commune_type",
    "former_province",
    "place_name",
    "address",
    "phone",
    "agency_code",
    "source",
)
NAMES = ("name", "full_name", "short_name", "agency_code", "letter_head", "former_names", "starts_on")


@dataclass(slots=True)
class Journal:
    """What was changed, as it was before: enough to put it back."""

    created: list[int] = field(default_factory=list)
    recorded: list[int] = field(default_factory=list)
    reopened: list[int] = field(default_factory=list)
    ended: list[int] = field(default_factory=list)
    before: dict[str, dict[str, Any]] = field(default_factory=dict)
    parents: list[list[int | None]] = field(default_factory=list)
    posts_closed: list[list[Any]] = field(default_factory=list)
    posts_opened: list[int] = field(default_factory=list)
    posts_moved: list[list[int]] = field(default_factory=list)
    delegations: list[int] = field(default_factory=list)
    clients: list[list[int]] = field(default_factory=list)
    sessions: list[int] = field(default_factory=list)
    days: list[int] = field(default_factory=list)


def make_units(file: SuccessionFile, journal: Journal) -> list[Problem]:
    """Make the new units, record the old ones the system never had, rename. What cannot be is returned."""
    problems: list[Problem] = []
    # Without their keys: receptions refer to units meanwhile, also while a succession is only rehearsed.
    known = {unit.code: unit for unit in Unit.objects.select_for_update(no_key=True).order_by("pk")}
    last = last_day(file.effective_on)
    new = [(row, file.effective_on, None, "new_units") for row in file.new_units]
    old = [(row, None, last, "ended_units") for row in file.ended_units]
    waiting = []
    for row, starts_on, ends_on, group in [*old, *new]:
        here = known.get(str(row["code"]))
        if here is None:
            waiting.append((row, starts_on, ends_on, group))
        elif group == "ended_units":
            journal.recorded.append(here.pk)
        elif here.ends_on is not None and here.starts_on == file.effective_on:
            here.ends_on = None
            here.save(update_fields=["ends_on"])
            journal.reopened.append(here.pk)
        else:
            problems.append(
                Problem(group, msg("Mã đơn vị %(code)s đã dùng. Hãy chọn mã khác.", code=here.code))
            )
    while waiting:
        ready = [item for item in waiting if _links(item[0]) <= known.keys()]
        if not ready:
            codes = ", ".join(str(item[0]["code"]) for item in waiting[:5])
            problems.append(
                Problem(waiting[0][3], msg("Đơn vị cấp trên của %(codes)s không có.", codes=codes))
            )
            break
        made = [
            _unit(row, starts_on, ends_on, known, problems, journal)
            for row, starts_on, ends_on, _group in ready
        ]
        if problems:
            break
        made = Unit.objects.bulk_create(made)
        _own_agency(made)
        known |= {unit.code: unit for unit in made}
        for unit in made:
            (journal.created if unit.ends_on is None else journal.recorded).append(unit.pk)
        waiting = [item for item in waiting if str(item[0]["code"]) not in known]
    problems += _rename(file, known, journal)
    return problems


def _links(row: Mapping[str, Any]) -> set[str]:
    links = {row.get(name) for name in ("parent", "agency", "area")}
    return {str(code) for code in links if code and code != row["code"]}


def _unit(
    row: Mapping[str, Any],
    starts_on: date | None,
    ends_on: date | None,
    known: Mapping[str, Unit],
    problems: list[Problem],
    journal: Journal,
) -> Unit:
    kind, code = str(row.get("kind", "")), str(row["code"])
    for value, allowed, label in (
        (kind, UnitKind.values, "kind"),
        (str(row.get("function", "")), ["", *UnitFunction.values], "function"),
        (str(row.get("commune_type", "")), ["", *CommuneType.values], "commune_type"),
    ):
        if value not in allowed:
            problems.append(
                Problem(
                    f"{code}.{label}",
                    msg("Giá trị “%(value)s” không có trong danh mục.", value=value[:40]),
                )
            )
    parent = known.get(str(row.get("parent") or ""))
    agency = known.get(str(row.get("agency") or ""))
    if agency is None and kind in {UnitKind.DIVISION, UnitKind.SERVICE_CENTRE} and parent is not None:
        agency = Unit(pk=parent.agency_id) if row.get("agency") != code else None
    area = known.get(str(row.get("area") or ""))
    name = nfc(str(row["name"]))
    taken = {unit.agency_code: unit for unit in known.values() if unit.agency_code}
    wanted = str(row.get("agency_code", ""))
    if wanted in taken and not row.get("take_agency_code"):
        problems.append(
            Problem(
                f"{code}.agency_code",
                msg(
                    "Mã định danh %(code)s đang thuộc %(unit)s; ghi take_agency_code nếu đơn vị mới giữ mã này.",
                    code=wanted,
                    unit=taken[wanted].full_name,
                ),
            )
        )
    elif wanted in taken:
        keep_before(taken[wanted], journal)
        _release(taken[wanted], last_day(starts_on) if starts_on else None)
    codes = [{"code": str(one), "ends_on": _iso(ends_on)} for one in row.get("former_codes", [])]
    return Unit(
        code=code,
        kind=kind,
        name=name,
        full_name=nfc(str(row.get("full_name", ""))) or name,
        short_name=(nfc(str(row.get("short_name", ""))) or name)[:80],
        parent_id=None if parent is None else parent.pk,
        agency_id=None if agency is None else agency.pk,
        area_id=None if area is None else area.pk,
        letter_head=dict(row.get("letter_head") or {}),
        is_reception_point=bool(row.get("is_reception_point", False)),
        former_names=codes,
        starts_on=starts_on,
        ends_on=ends_on,
        agency_code_source="decision" if wanted else "",
        **{word: nfc(str(row.get(word, "")))[:255] for word in WORDS},
    )


def _release(unit: Unit, last: date | None) -> None:
    """Give an agency's code free for its successor; the unit keeps it among its names of earlier times."""
    unit.former_names = [*unit.former_names, {**_names_of(unit), "ends_on": _iso(last)}]
    unit.agency_code = ""
    unit.save(update_fields=["agency_code", "former_names"])


def _own_agency(made: Iterable[Unit]) -> None:
    own = [unit for unit in made if unit.agency_id is None]
    for unit in own:
        unit.agency_id = unit.pk
    Unit.objects.bulk_update(own, ["agency"])


def _rename(file: SuccessionFile, known: Mapping[str, Unit], journal: Journal) -> list[Problem]:
    problems = []
    for place, row in enumerate(file.renames):
        unit = known.get(str(row["code"]))
        if unit is None:
            problems.append(
                Problem(f"renames[{place}]", msg("Không có đơn vị mang mã %(code)s.", code=str(row["code"])))
            )
            continue
        keep_before(unit, journal)
        last = last_day(file.effective_on)
        told = {**_names_of(unit), "ends_on": _iso(last), "decision": file.decision}
        if unit.former_names and unit.former_names[-1].get("ends_on"):
            before = date.fromisoformat(unit.former_names[-1]["ends_on"])
            told["starts_on"] = _iso(date.fromordinal(before.toordinal() + 1))
        unit.former_names = [*unit.former_names, told]
        for name in ("name", "full_name", "short_name", "agency_code", "place_name"):
            if row.get(name):
                setattr(unit, name, nfc(str(row[name])))
        if not row.get("full_name"):
            unit.full_name = unit.name
        if not row.get("short_name"):
            unit.short_name = unit.name[:80]
        unit.letter_head = dict(row.get("letter_head") or {**unit.letter_head, "agency": unit.name.upper()})
        unit.save()
    return problems


def _names_of(unit: Unit) -> dict[str, Any]:
    return {
        "name": unit.name,
        "full_name": unit.full_name,
        "short_name": unit.short_name,
        "agency_code": unit.agency_code,
        "letter_head": unit.letter_head,
        "starts_on": _iso(unit.starts_on),
    }


def keep_before(unit: Unit, journal: Journal) -> None:
    """Remember a unit's names, codes and head the first time they are changed."""
    said = {name: getattr(unit, name) for name in (*NAMES, "place_name", "agency_code_source")}
    said["starts_on"] = _iso(unit.starts_on)
    said["former_names"] = list(unit.former_names)
    journal.before.setdefault(str(unit.pk), said)


def end_units(whole: Succession, ids: Mapping[str, int], file: SuccessionFile, journal: Journal) -> None:
    """Give what ends its last day, and what hung below it but stands a new parent."""
    ended = {ids[code] for code in whole.ended} - set(journal.recorded)
    rows = list(Unit.objects.filter(pk__in=ended, ends_on__isnull=True))
    last = last_day(file.effective_on)
    for unit in rows:
        unit.ends_on = last
        if unit.starts_on is not None and unit.starts_on > last:
            unit.starts_on = None
    Unit.objects.bulk_update(rows, ["ends_on", "starts_on"])
    journal.ended = [unit.pk for unit in rows]
    codes = {pk: code for code, pk in ids.items()}
    orphans = list(Unit.objects.filter(parent_id__in=ended, ends_on__isnull=True))
    for unit in orphans:
        assert unit.parent_id is not None
        target = whole.target_of(codes[unit.parent_id])
        journal.parents.append([unit.pk, unit.parent_id])
        unit.parent_id = None if target is None else ids[target.code]
    Unit.objects.bulk_update(orphans, ["parent"])


def parts_of_units() -> tuple[dict[str, Part], dict[str, int]]:
    """Every unit as the rules see it, and ids by code (one statement)."""
    rows = list(Unit.objects.order_by("pk"))
    codes = {unit.pk: unit.code for unit in rows}
    parts = {
        unit.code: Part(
            code=unit.code,
            agency=codes[unit.agency_id or unit.pk],
            name=unit.full_name,
            function=unit.function,
            area="" if unit.area_id is None else codes[unit.area_id],
            is_reception_point=unit.is_reception_point,
            ended=unit.ends_on is not None,
        )
        for unit in rows
    }
    return parts, {unit.code: unit.pk for unit in rows}


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""

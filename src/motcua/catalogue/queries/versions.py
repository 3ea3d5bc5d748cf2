"""Procedures, their versions and the process that runs. Everything but content comes from the process's
picture.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from motcua.catalogue.errors import NoProcess, UnknownProcedure
from motcua.catalogue.models import ProcedureVersion
from motcua.catalogue.rules.search import Entry, plain_code
from motcua.catalogue.snapshot import Binding, Snapshot, current
from motcua.catalogue.types import Level, OnlineLevel, ProcedureDefinition, VersionInfo
from motcua.catalogue.types_changes import SettingKey
from motcua.kernel.messages import msg


def version(version_id: int) -> VersionInfo:
    """A stored version without its content, also one that never stood; raises `UnknownProcedure` (404)."""
    entry = current().entry(version_id)
    if entry is None:
        raise UnknownProcedure(msg("Không có phiên bản thủ tục này."))
    return info_of(entry)


_NUMBER = re.compile(r"[0-9]{1,6}")
"""The number of a procedure written in an address; codes have seven digits or a dot."""
_PROVINCE_SUFFIX = re.compile(r"(\d{7})h\d{2}")


@lru_cache(maxsize=2_048)
def definition(version_id: int) -> ProcedureDefinition:
    """The content of a version; kept for ever, because an id fixes its content. Raises `UnknownProcedure`."""
    content = ProcedureVersion.objects.filter(pk=version_id).values_list("definition", flat=True).first()
    if content is None:
        raise UnknownProcedure(msg("Không có phiên bản thủ tục này."))
    return ProcedureDefinition.from_dict(content)


def current_version(code_or_id: str | int, at: datetime) -> VersionInfo:
    """The version in force at an instant by procedure id or any code, present or former.

    Raises `UnknownProcedure` (404) when there is none.
    """
    for entry in reversed(entries_of(code_or_id)):
        if entry.stands_at(at):
            return info_of(entry)
    raise UnknownProcedure(
        msg("Không có thủ tục %(code)s đang có hiệu lực.", code=str(code_or_id)[:40]), field="procedure"
    )


def versions_of(code_or_id: str | int) -> list[VersionInfo]:
    """Every version of a procedure, oldest first; raises `UnknownProcedure` (404)."""
    found = entries_of(code_or_id)
    if not found:
        raise UnknownProcedure(
            msg("Không có thủ tục %(code)s.", code=str(code_or_id)[:40]), field="procedure"
        )
    procedure_id = found[-1].procedure_id
    return [info_of(entry) for entry in current().by_procedure[procedure_id]]


def standing_instead(version: VersionInfo, at: datetime) -> VersionInfo | None:
    """The version that stands at an instant where this one was chosen: of the same procedure, else of the one that
    replaced it; None where nothing does, or several do.
    """
    snapshot = current()
    for entry in snapshot.by_procedure.get(version.procedure_id, ()):
        if entry.stands_at(at):
            return info_of(entry)
    found = set()
    for code in definition(version.id).replaced_by:
        with suppress(UnknownProcedure):
            found.add(current_version(code, at))
    return found.pop() if len(found) == 1 else None


def process_for(
    procedure_id: int, case_key: str, level: str, agency_id: int | None = None, *, at: datetime
) -> int:
    """The id of the process version that runs for what is received at an instant; raises `NoProcess`.

    The agency's own before everybody's, the case before the procedure, a generic process of the level last.
    """
    bindings = current().bindings
    for key in ((procedure_id, level), (None, level)):
        fitting = [
            binding
            for binding in bindings.get(key, ())
            if binding.case_key in ("", case_key)
            and binding.agency_id in (None, agency_id)
            and binding.stands_at(at)
        ]
        if fitting:
            best = max(fitting, key=lambda b: (b.case_key == case_key, b.agency_id is not None))
            return best.process_version_id
    raise NoProcess(msg("Chưa có quy trình nội bộ cho thủ tục này."))


def setting(
    procedure_id: int,
    key: SettingKey,
    *,
    agency_id: int | None = None,
    case_key: str = "",
    at: datetime,
) -> Mapping[str, Any] | None:
    """What a procedure uses beside its legal content at an instant; None where nothing is set.

    An agency's own before everybody's, then the case before the procedure. `agency_id` is the deciding agency.
    """
    fitting = [
        found
        for found in current().settings.get((procedure_id, SettingKey(key).value), ())
        if found.case_key in ("", case_key) and found.agency_id in (None, agency_id) and found.stands_at(at)
    ]
    if not fitting:
        return None
    return max(fitting, key=lambda s: (s.agency_id is not None, s.case_key == case_key)).value


@dataclass(frozen=True, slots=True)
class BoundProcess:
    """A process a procedure runs by: where, in which case ("" for the usual one), and whether it is a real
    one.
    """

    level: Level
    case_key: str
    process_version_id: int
    is_real: bool


@dataclass(frozen=True, slots=True)
class ProcedurePage:
    """What the page of a procedure shows; `in_force` false when it has ended or not begun."""

    info: VersionInfo
    definition: ProcedureDefinition
    in_force: bool
    processes: tuple[BoundProcess, ...]
    received_here: bool


def page(code_or_id: str | int, at: datetime) -> ProcedurePage:
    """A procedure with its content and processes at an instant; the newest version when none is in force.

    A text of up to six digits is the number of a procedure, for addresses of those that have no code.
    Raises `UnknownProcedure` (404).
    """
    if isinstance(code_or_id, str) and _NUMBER.fullmatch(code_or_id):
        code_or_id = int(code_or_id)
    entries = entries_of(code_or_id)
    if not entries:
        raise UnknownProcedure(
            msg("Không có thủ tục %(code)s.", code=str(code_or_id)[:40]), field="procedure"
        )
    standing = [entry for entry in entries if entry.stands_at(at)]
    entry = (standing or entries)[-1]
    snapshot = current()
    return ProcedurePage(
        info=info_of(entry),
        definition=definition(entry.version_id),
        in_force=bool(standing),
        processes=tuple(_processes(snapshot, entry, at)),
        received_here=bool(snapshot.offered(entry, at)),
    )


def _processes(snapshot: Snapshot, entry: Entry, at: datetime) -> list[BoundProcess]:
    """Everybody's processes at an instant: the usual one of each level, then those of single cases."""
    found: list[BoundProcess] = []
    for level in snapshot.offered(entry, at):
        own = _everybodys(snapshot.bindings.get((entry.procedure_id, level), []), at)
        usual = [binding for binding in own if not binding.case_key]
        general = [] if usual else _everybodys(snapshot.bindings.get((None, level), []), at)
        found.extend(
            BoundProcess(Level(level), binding.case_key, binding.process_version_id, binding.is_real)
            for binding in [*usual, *general, *(binding for binding in own if binding.case_key)]
        )
    return found


def _everybodys(bindings: Iterable[Binding], at: datetime) -> list[Binding]:
    return [binding for binding in bindings if binding.agency_id is None and binding.stands_at(at)]


def entries_of(code_or_id: str | int) -> list[Entry]:
    """Versions by procedure id or code, oldest first.

    A procedure's own code before another's former or replaced one, which counts where the procedure itself does not
    stand; the versions that bore the code come last, so that they are preferred to versions of the same procedure
    under another code.
    """
    snapshot = current()
    if isinstance(code_or_id, int):
        return snapshot.by_procedure.get(code_or_id, [])
    code = plain_code(code_or_id)
    suffixed = _PROVINCE_SUFFIX.fullmatch(code)  # 1.001193.H05 is the same procedure
    bearing = [*snapshot.by_alias.get(code, ()), *snapshot.by_code.get(code, ())]
    bearing = bearing or snapshot.by_code.get(suffixed.group(1) if suffixed else "", [])
    bore = {entry.version_id for entry in bearing}
    procedures = dict.fromkeys(entry.procedure_id for entry in bearing)
    others = [
        entry
        for procedure_id in procedures
        for entry in snapshot.by_procedure[procedure_id]
        if entry.version_id not in bore
    ]
    return [*others, *bearing]


def info_of(entry: Entry) -> VersionInfo:
    assert entry.valid_from is not None  # a column that is never empty
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

"""Who can sign here: the operator's file (`MOTCUA_SIGNERS`), read anew whenever it changes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from motcua.documents.rules.signing import CannotSign, Role, Signer
from motcua.kernel.messages import msg
from motcua.organisation import queries as organisation

OURS = frozenset({"driver", "person", "unit", "role", "kinds", "image"})
UNIT_ROLES = frozenset({Role.HEAD.value, Role.SEAL.value})


def declared() -> tuple[Signer, ...]:
    """Everybody the file declares; nobody where there is none. Raises `CannotSign("settings")` naming the entry."""
    path = file()
    if path is None:
        return ()
    try:
        found = path.stat()
    except OSError as error:
        raise CannotSign(
            "settings", where=path.name, why=error.strerror or msg("không đọc được").source()
        ) from error
    return _read(str(path), found.st_mtime_ns, found.st_size)


def codes_of(unit_id: int) -> tuple[str, ...]:
    """The codes by which a declaration may name the unit of a letter: its own first, then its agency's."""
    unit = organisation.unit(unit_id)
    agency = organisation.unit(unit.agency_id)
    codes = (unit.code, unit.agency_code, agency.code, agency.agency_code)
    return tuple(dict.fromkeys(code for code in codes if code))


def file() -> Path | None:
    """The file in force. The demo's own is used where nothing else is set and the demo has made it."""
    if settings.SIGNERS:
        return Path(settings.SIGNERS)
    demo = Path(settings.DEMO_SIGNERS)
    return demo if settings.DEMO and demo.is_file() else None


def authorities() -> list[Path]:
    """The certificates of authorities this installation trusts when it checks a signature."""
    given = [Path(one) for one in settings.SIGNING_CA]
    demo = Path(settings.DEMO_SIGNERS).with_name("demo-ca.pem")
    return given or ([demo] if settings.DEMO and demo.is_file() else [])


@lru_cache(maxsize=4)
def _read(path: str, _changed: int, _size: int) -> tuple[Signer, ...]:
    try:
        entries = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CannotSign("settings", where=Path(path).name, why=str(error)) from error
    if not isinstance(entries, list):
        raise CannotSign("settings", where=Path(path).name, why=msg("phải là một danh sách [ … ]").source())
    found = tuple(
        _signer(entry, where=f"mục {number}", folder=Path(path).parent)
        for number, entry in enumerate(entries, start=1)
    )
    keys = [signer.key for signer in found]
    for number, key in enumerate(keys, start=1):
        if keys.index(key) != number - 1:
            raise CannotSign("settings", where=f"mục {number}", why=f"“{key}” đã khai báo ở trên")
    return found


def _signer(entry: Any, *, where: str, folder: Path) -> Signer:
    if not isinstance(entry, dict):
        raise CannotSign("settings", where=where, why=msg("phải là một mục { … }").source())
    person, unit, role = (str(entry.get(name, "")).strip() for name in ("person", "unit", "role"))
    if bool(person) == bool(unit):
        raise CannotSign("settings", where=where, why=msg("ghi “person” hoặc “unit”, không cả hai").source())
    if unit and role not in UNIT_ROLES:
        raise CannotSign("settings", where=where, why=msg("“role” của đơn vị là “head” hoặc “seal”").source())
    if not str(entry.get("driver", "")):
        raise CannotSign("settings", where=where, why=msg("thiếu “driver”").source())
    kinds = entry.get("kinds", [])
    if not isinstance(kinds, list) or not all(isinstance(kind, str) for kind in kinds):
        raise CannotSign("settings", where=where, why=msg("“kinds” là danh sách mã loại văn bản").source())
    return Signer(
        driver=str(entry["driver"]),
        person=person.lower(),
        unit=unit,
        role=role if unit else "",
        kinds=tuple(kinds),
        image=_path(folder, str(entry.get("image", ""))),
        options=_options(entry, folder),
        where=where,
    )


def _options(entry: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """The driver's own; names of files are taken from the folder of the declaration."""
    found = {name: value for name, value in entry.items() if name not in OURS}
    for name in ("file", "passphrase_file"):
        if found.get(name):
            found[name] = _path(folder, str(found[name]))
    return found


def _path(folder: Path, name: str) -> str:
    return str(folder / Path(name).expanduser()) if name else ""

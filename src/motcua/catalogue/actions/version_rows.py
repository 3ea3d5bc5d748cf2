"""Making the row of a version from its content."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, time

from motcua.catalogue.models import Field, ProcedureCode, ProcedureVersion
from motcua.catalogue.rules.search import plain_code, words_of
from motcua.catalogue.types import ProcedureDefinition
from motcua.kernel.clock import VN
from motcua.kernel.text import fold, initials

_ID_BITS = 52  # exact in JSON numbers read by JavaScript


def version_id(identity: str, number: int, digest: str) -> int:
    """The id of a version: a fixed function of what it is."""
    hashed = hashlib.sha256(f"{identity}\n{number}\n{digest}".encode()).digest()
    return int.from_bytes(hashed, "big") >> (256 - _ID_BITS)


def name_key(name: str) -> str:
    """Tells procedures without any code apart."""
    return hashlib.sha256(fold(name).encode()).hexdigest()


def midnight(day: date) -> datetime:
    """The first instant of a day in Viet Nam."""
    return datetime.combine(day, time(), VN)


def add_fields(names: Iterable[str], known: dict[str, int]) -> None:
    """Store the fields of administration that are not known yet and put their ids into `known`."""
    missing = sorted(set(names) - set(known))
    Field.objects.bulk_create([Field(name=name, folded=fold(name)) for name in missing])
    if missing:
        known.update(Field.objects.filter(name__in=missing).values_list("name", "pk"))


def version_row(
    *,
    procedure_id: int,
    number: int,
    definition: ProcedureDefinition,
    field_id: int,
    starts: datetime,
    ends: datetime | None,
    now: datetime,
) -> ProcedureVersion:
    """The row, not stored; its id is derived from code, number and content."""
    digest = definition.digest
    identity = definition.display_code or name_key(definition.name)
    results = [result.name for result in definition.results if result.name]
    searched = " ".join((definition.name, definition.short_name, definition.field, *results))
    return ProcedureVersion(
        id=version_id(identity, number, digest),
        procedure_id=procedure_id,
        number=number,
        code=definition.display_code,
        name=definition.name,
        short_name=definition.short_name,
        field_id=field_id,
        levels=[level.value for level in definition.levels],
        definition=definition.to_dict(),
        digest=digest,
        online_level=definition.online.value,
        decision=(definition.decision_local or definition.decision)[:255],
        ministry=definition.ministry[:255],
        territory=definition.territory.value,
        valid_from=starts,
        valid_to=ends,
        codes=" ".join(alias.code for alias in definition.aliases),
        results="\n".join(results),
        search_text=" ".join(words_of(searched)),
        initials=initials(definition.short_name)[:255],
        detailed=definition.detailed,
        created_at=now,
    )


def code_rows(procedure_id: int, definition: ProcedureDefinition) -> list[ProcedureCode]:
    """The other codes of a procedure as rows, not stored."""
    return [
        ProcedureCode(
            code=alias.code,
            plain=plain_code(alias.code),
            procedure_id=procedure_id,
            kind=alias.kind.value,
            note=alias.note[:255],
            certain=alias.certain,
        )
        for alias in definition.aliases
    ]

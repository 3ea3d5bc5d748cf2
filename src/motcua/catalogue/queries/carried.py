"""The procedures that come with the product, for those who ask before a database exists."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator

from motcua.catalogue.errors import UnknownProcedure
from motcua.catalogue.rules.search import plain_code
from motcua.catalogue.rules.source_procedures import read_document
from motcua.catalogue.snapshot import DATA
from motcua.catalogue.types import ProcedureDefinition
from motcua.kernel.messages import msg

SOURCES = ("procedures.json", "procedures_catalogue.json.gz")


def carried_definition(code: str) -> ProcedureDefinition:
    """A procedure by any of its codes, the detailed source before the compact one.

    Raises `UnknownProcedure` (404).
    """
    wanted = plain_code(code)
    for source in SOURCES:
        definitions = tuple(_definitions(source))
        for own_first in (True, False):
            for definition in definitions:
                others = () if own_first else tuple(alias.code for alias in definition.aliases)
                codes = (definition.code, definition.local_code, *others)
                if wanted in {plain_code(known) for known in codes if known}:
                    return definition
    raise UnknownProcedure(msg("Không có thủ tục %(code)s.", code=code[:40]), field="procedure")


def carried_definitions() -> Iterator[ProcedureDefinition]:
    """The procedures described in detail."""
    yield from _definitions(SOURCES[0])


def _definitions(source: str) -> Iterator[ProcedureDefinition]:
    data = (DATA / source).read_bytes()
    raw = json.loads(gzip.decompress(data) if source.endswith(".gz") else data)
    yield from read_document(raw, name=source).definitions

"""Loading the catalogue that comes with the product."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from motcua.catalogue.actions.competence import set_competence_rules
from motcua.catalogue.actions.importing import BEGINNING, import_procedures
from motcua.catalogue.actions.processes import import_processes
from motcua.catalogue.snapshot import DATA
from motcua.catalogue.types import ImportReport
from motcua.kernel.actor import Actor
from motcua.workflow import queries as processes


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What loading did, source by source."""

    detailed: ImportReport
    compact: ImportReport
    processes: ImportReport
    competence_rules: int


@transaction.atomic
def load_catalogue(
    *, actor: Actor, now: datetime, begins: datetime | None = None, first: int | None = None
) -> LoadReport:
    """Load the 128 detailed and 2,635 compact procedures, the rules of competence and the internal processes.

    With `begins` all of it counts from that instant, as the catalogue of an earlier time; `first` takes only so many
    procedures of each source (trials). Loading again changes nothing. Raises `NotAllowed`.
    """
    detailed = import_procedures(
        actor=actor,
        document=_first(_read(DATA / "procedures.json"), "procedures", first),
        now=now,
        source="procedures.json",
        begins=begins,
    )
    compact = import_procedures(
        actor=actor,
        document=_first(_read(DATA / "procedures_catalogue.json.gz"), "rows", first),
        now=now,
        source="procedures_catalogue.json",
        begins=begins,
    )
    rules = _read(DATA / "competence.json")
    assert isinstance(rules, dict)
    return LoadReport(
        detailed=detailed,
        compact=compact,
        processes=import_processes(
            actor=actor,
            document=_read(processes.CARRIED),
            now=now,
            source="internal_processes.json",
            begins=begins or BEGINNING,
        ),
        competence_rules=set_competence_rules(
            actor=actor, rules=rules["rules"], now=now, begins=begins or BEGINNING
        ),
    )


def _first(document: object, part: str, number: int | None) -> object:
    """The document with no more than so many of its procedures."""
    if number is None or not isinstance(document, dict):
        return document
    return {**document, part: document[part][:number], "count": min(number, len(document[part]))}


def _read(path: Path) -> object:
    opened = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return json.loads(opened)

"""Ten thousand dossiers under way: some dozens by the real acts, then copied over the communes with their units."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import cycle
from random import Random
from typing import Any, TypeVar

from django.db import models, transaction

from motcua.config.demo import names
from motcua.config.demo.history import History
from motcua.config.demo.weights import Fate
from motcua.config.night import staff
from motcua.config.night.june import SYSTEM, June, OldCommune
from motcua.documents import actions as documents
from motcua.dossiers.models import (
    ClockEvent,
    Dossier,
    DossierPaper,
    HandOver,
    Party,
    Result,
    Supplement,
)
from motcua.dossiers.rules.numbering import dossier_code, serial_key
from motcua.dossiers.types import Status
from motcua.kernel import audit, clock
from motcua.kernel.accounts.models import User
from motcua.kernel.text import fold
from motcua.organisation import queries
from motcua.organisation.types import UnitInfo
from motcua.workflow.models import Run, Task

FATES = (
    Fate("stuck", 0), Fate("stuck", 2), Fate("silent_supplement"), Fate("uncollected"), Fate("stuck", 3),
    Fate("intake"), Fate("stuck", 2), Fate("silent_supplement"), Fate("stuck", 4), Fate("withdrawn"),
    Fate("stuck", 1), Fate("uncollected"), Fate("stuck", 3), Fate("stuck", 2), Fate("stopped"),
    Fate("silent_supplement"), Fate("stuck", 5), Fate("refused"), Fate("ordinary"),
)  # fmt: skip
DAYS_BACK = (1, 3, 5, 2, 8, 4, 12, 6)
BOOKS: tuple[type[models.Model], ...] = (Party, DossierPaper, ClockEvent, Supplement, Result, HandOver)
CHUNK = 400
Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True, slots=True)
class Template:
    """A dossier that was really received, with its rows."""

    dossier: Dossier
    run: Run | None
    tasks: tuple[Task, ...]
    books: tuple[models.Model, ...]


@dataclass
class Crowd:
    """How many were made; `real` of them by the acts. `refusals` of acts while they were made, by code."""

    real: int = 0
    copied: int = 0
    refusals: dict[str, int] = field(default_factory=dict)


def make_crowd(june: June, codes: dict[str, list[str]], *, dossiers: int, real: int, now: datetime) -> Crowd:
    """Dossiers at old communes and at departments. `codes` are those of procedures by level (xa, tinh)."""
    home = june.communes[0]
    history = _by_hand(home, codes, real=real, now=now)
    local: list[Template] = []
    provincial: list[Template] = []
    for template in _templates():
        (local if template.dossier.competent_agency_id == home.unit.id else provincial).append(template)
    crowd = Crowd(real=len(local) + len(provincial), refusals=history.refusals)
    copying = _Copying(home, now)
    wanted = dossiers - crowd.real
    share = wanted * len(provincial) // (3 * crowd.real)  # most dossiers lie at communes
    plan = list(_plan(june.communes[1:], local, wanted - share)) if local else []
    plan += [(template, home) for template, _n in zip(cycle(provincial), range(share), strict=False)]
    for start in range(0, len(plan), CHUNK):
        crowd.copied += copying.write(plan[start : start + CHUNK])
    audit.record(
        SYSTEM,
        "config.night_dossiers",
        subject_type="night",
        subject="dossiers",
        data={"real": crowd.real, "copied": crowd.copied},
        at=now,
    )
    return crowd


def _by_hand(home: OldCommune, codes: dict[str, list[str]], *, real: int, now: datetime) -> History:
    """Receive and move them as the demo does, by people who hold the posts."""
    points = {home.centre.id, queries.centre_of(queries.province().id).id}
    officers = staff.officers_of(points, now=now)
    actors = {user.pk: queries.actor_for(user, now) for user in _holders(home)}
    history = History(Random(630), actors, officers, until=now)  # noqa: S311 - invented people
    fates, days = cycle(FATES), cycle(DAYS_BACK)
    for number in range(real):
        provincial = number % 6 == 5 and bool(codes["tinh"])
        known = codes["tinh"] if provincial else codes["xa"]
        place: UnitInfo = queries.province() if provincial else home.unit
        history.plan_one(place, known[number % len(known)], next(fates), days_back=next(days))
    history.run()
    return history


def _holders(home: OldCommune) -> Iterator[User]:
    """Everybody with a post in the commune of the templates, in departments and at the province."""
    near = {home.unit.id, *(part.id for part in home.parts.values())}
    wide = {
        unit.id for unit in queries.units().values() if unit.kind not in ("commune",) and not _local(unit)
    }
    yield from User.objects.filter(posts__unit_id__in=near | wide).distinct()


def _local(unit: UnitInfo) -> bool:
    agency = queries.unit(unit.agency_id)
    return agency.kind == "commune" or agency.area_id is not None


def _templates() -> Iterator[Template]:
    for dossier in Dossier.objects.select_related("run").order_by("pk"):
        tasks = tuple(Task.objects.filter(run_id=dossier.run_id).order_by("pk")) if dossier.run_id else ()
        books = [
            row for book in BOOKS for row in book._default_manager.filter(dossier=dossier).order_by("pk")
        ]
        yield Template(dossier, dossier.run, tasks, tuple(books))


def _plan(
    communes: Sequence[OldCommune], local: Sequence[Template], wanted: int
) -> Iterator[tuple[Template, OldCommune]]:
    """Round by round one dossier for each commune, each round beginning with another template."""
    if not communes:
        return
    number, turn = 0, 0
    while number < wanted:
        for place, commune in enumerate(communes):
            yield local[(turn + place) % len(local)], commune
            number += 1
            if number == wanted:
                return
        turn += 1


class _Copying:
    """Copies templates to communes; codes come from the numbering, so that they stay unique."""

    def __init__(self, home: OldCommune, now: datetime) -> None:
        self.home, self.now = home, now
        self.random = Random(701)  # noqa: S311 - invented names
        self.made = 0

    @transaction.atomic
    def write(self, plan: Sequence[tuple[Template, OldCommune]]) -> int:
        """Write so many copies in a few statements."""
        codes = self._codes(plan)
        runs: list[Run] = []
        rows: list[Dossier] = []
        tasks: list[tuple[Run, Task]] = []
        books: list[tuple[Dossier, models.Model]] = []
        for (template, commune), code in zip(plan, codes, strict=True):
            units = self._units(commune)
            run = None
            if template.run is not None:
                run = _copy(template.run, units, subject=code)
                runs.append(run)
                tasks += [(run, _copy(task, units, **_unclaimed(task))) for task in template.tasks]
            dossier, books_of = self._dossier(template, code, units)
            dossier.run = run
            rows.append(dossier)
            books += [(dossier, book) for book in books_of]
        Run.objects.bulk_create(runs, batch_size=CHUNK)
        for dossier in rows:
            dossier.run_id = dossier.run.pk if dossier.run else None
        Dossier.objects.bulk_create(rows, batch_size=100)
        for run, task in tasks:
            task.run_id = run.pk
        Task.objects.bulk_create([task for _run, task in tasks], batch_size=CHUNK)
        for dossier, book in books:
            book.dossier_id = dossier.pk  # type: ignore[attr-defined]  # all books have it
        for kind in BOOKS:
            own = [book for _dossier, book in books if isinstance(book, kind)]
            kind._default_manager.bulk_create(own, batch_size=CHUNK)
        return len(rows)

    def _codes(self, plan: Sequence[tuple[Template, OldCommune]]) -> list[str]:
        """The next code of each series, in as many rounds as one series is asked for in this chunk."""
        found: list[str] = [""] * len(plan)
        waiting = list(range(len(plan)))
        while waiting:
            asked: dict[str, int] = {}
            later = []
            for place in waiting:
                key = serial_key(*self._series(*plan[place]))
                if key in asked:
                    later.append(place)
                else:
                    asked[key] = place
            for key, serial in documents.next_numbers(list(asked)).items():
                place = asked[key]
                found[place] = dossier_code(*self._series(*plan[place]), serial)
            waiting = later
        return found

    def _series(self, template: Template, commune: OldCommune) -> tuple[str, Any]:
        day = clock.today(template.dossier.created_at)
        if template.dossier.competent_agency_id == self.home.unit.id:
            return commune.unit.agency_code, day
        receiving = queries.unit(template.dossier.receiving_unit_id)
        return receiving.agency_code or queries.unit(receiving.agency_id).agency_code, day

    def _units(self, commune: OldCommune) -> dict[int, int]:
        """Where each unit of the template's commune leads: the part of the same function."""
        found = {part.id: commune.parts[function].id for function, part in self.home.parts.items()}
        return {**found, self.home.unit.id: commune.unit.id}

    def _dossier(
        self, template: Template, code: str, units: dict[int, int]
    ) -> tuple[Dossier, list[models.Model]]:
        self.made += 1
        source = template.dossier
        owner, number = names.full_name(self.random, "Nam"), f"0270{self.made:08d}"
        changes: dict[str, Any] = {
            "code": code,
            "owner_name": owner,
            "owner_id_number": number,
            "search_text": fold(f"{code} {owner} {number}"),
            "tracking_token": secrets.token_hex(16),
            "idempotency_key": None,
            "related_id": None,
            "fees": None,  # a copy has no bill either
        }
        if source.status == Status.AWAITING_SUPPLEMENT and source.received_at and self.made % 2:
            # No act leads to this state yet; its clock stands like that of one that waits for papers.
            changes |= {"status": Status.AWAITING_PAYMENT.value}
        books = []
        for book in template.books:
            if isinstance(book, Supplement) and "status" in changes:
                continue
            own = (
                {"name": owner, "id_number": number}
                if isinstance(book, Party) and book.role == "owner"
                else {}
            )
            books.append(_copy(book, units, **own))
        return _copy(source, units, **changes), books


def _unclaimed(task: Task) -> dict[str, Any]:
    return {"asked_from_id": None, **({"assignee_id": None} if task.status == "open" else {})}


def _copy(row: Row, units: dict[int, int], **changes: Any) -> Row:
    """A new row like this one, its units led on, not stored."""
    values: dict[str, Any] = {}
    for part in row._meta.concrete_fields:
        value = getattr(row, part.attname)
        if (
            part.is_relation
            and part.related_model is not None
            and part.related_model._meta.model_name == "unit"
        ):
            value = units.get(value, value)
        values[part.attname] = value
    return type(row)(**{**values, "id": None, **changes})

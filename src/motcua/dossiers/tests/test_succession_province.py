"""1 July 2025 with dossiers: 313 old communes with staff and open dossiers in all states become the 99."""

from __future__ import annotations

import secrets
import time
from collections import Counter
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

import pytest

from motcua.dossiers import queries, queries_history
from motcua.dossiers.models import Dossier, Party, UnitMove
from motcua.dossiers.queries_tracking import key_of
from motcua.dossiers.tests import factories as f
from motcua.dossiers.types import FINAL, Status
from motcua.kernel.accounts.models import User
from motcua.kernel.clock import VN
from motcua.kernel.text import fold
from motcua.organisation import actions as organisation_actions
from motcua.organisation import carried
from motcua.organisation import queries as organisation
from motcua.organisation.models import Post, Unit
from motcua.organisation.rules.succession_file import SuccessionFile, from_json
from motcua.organisation.snapshot import touch
from motcua.workflow.models import Run, Task

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
JULY = datetime(2025, 7, 1, 0, 5, tzinfo=VN)
JUNE = datetime(2025, 6, 20, 3, 0, tzinfo=UTC)
PARTS = (
    ("VP", "division", "office", "clerk"),
    ("KT", "division", "economy", "specialist"),
    ("VHXH", "division", "society", "specialist"),
    ("TTPVHCC", "service_centre", "centre", "one_stop_officer"),
)
DESKS = ("VHXH", "KT", "VP", "TTPVHCC")
PER_COMMUNE = len(Status) + 2


def old_communes() -> list[Unit]:
    """The 313 as they stood on 30 June, each with four parts and somebody at every desk."""
    given = carried.read("succession_2025.json")["ended_units"]
    made: dict[str, Unit] = {}
    for row in given:
        parent = made.get(row.get("parent", ""))
        unit = Unit(
            code=row["code"],
            kind=row["kind"],
            commune_type=row.get("commune_type", ""),
            name=row["name"],
            full_name=row["full_name"],
            short_name=row["short_name"][:80],
            parent=parent,
            former_province=row["former_province"],
            agency_code=f"H02.{len(made)}" if row["kind"] == "commune" else "",
        )
        unit.save()
        unit.agency = unit
        unit.save(update_fields=["agency"])
        made[row["code"]] = unit
    communes = [unit for unit in made.values() if unit.kind == "commune"]
    parts = Unit.objects.bulk_create(
        Unit(
            code=f"{unit.code}.{short}",
            kind=kind,
            function=function,
            name=short,
            full_name=f"{short} {unit.full_name}"[:255],
            short_name=short,
            parent=unit,
            agency=unit,
            is_reception_point=kind == "service_centre",
        )
        for unit in communes
        for short, kind, function, _role in PARTS
    )
    people = User.objects.bulk_create(
        User(username=f"cb{number}", full_name=f"Cán bộ {number}", password="!")
        for number in range(len(parts))
    )
    roles = {short: role for short, _kind, _function, role in PARTS}
    Post.objects.bulk_create(
        Post(
            user=user,
            unit=part,
            role=roles[part.code.rsplit(".", 1)[1]],
            title="Công chức",
            starts_on=date(2024, 1, 1),
        )
        for user, part in zip(people, parts, strict=True)
    )
    touch()
    return communes


def dossiers_of(communes: list[Unit]) -> int:
    """A dossier in every state at every commune, copied from one that was really received."""
    place = organisation.unit_by_code("09187")
    officer = f.make_officer("one_stop_officer", organisation.centre_of(place.id))
    procedure = f.make_procedure()
    model = f.receive(officer, procedure)
    task = f.open_task(model)
    assert model.run is not None
    run = model.run
    Dossier.objects.filter(pk=model.pk).update(closed_at=JUNE, status=Status.WITHDRAWN.value)
    Task.objects.filter(run=run).update(status="cancelled")
    parts = {unit.code: unit for unit in Unit.objects.filter(agency__in=communes)}
    number, runs, rows, tasks = count(1), [], [], []
    for commune in communes:
        for place_in_row, status in enumerate([*Status, Status.PROCESSING, Status.PROCESSING]):
            serial = next(number)
            new = Run(
                process_version_id=run.process_version_id,
                subject=f"{commune.agency_code}-250620-{serial:04d}",
                agency=commune,
                started_at=JUNE,
            )
            runs.append(new)
            desk = DESKS[place_in_row % len(DESKS)]
            rows.append(_dossier(model, new, commune, parts[f"{commune.code}.TTPVHCC"], status))
            if status in {Status.RECEIVED, Status.PROCESSING, Status.AWAITING_SUPPLEMENT, Status.COMPLETED}:
                role = next(role for short, _kind, _function, role in PARTS if short == desk)
                tasks.append(_task(task, new, parts[f"{commune.code}.{desk}"], role))
    Run.objects.bulk_create(runs, batch_size=500)
    for row in rows:
        row.run_id = row.run.pk if row.run else None
    for step in tasks:
        step.run_id = step.run.pk
    Dossier.objects.bulk_create(rows, batch_size=200)
    Task.objects.bulk_create(tasks, batch_size=500)
    Party.objects.bulk_create(
        [Party(dossier=row, role="owner", name="Nguyễn Văn A", id_number="027085000001") for row in rows],
        batch_size=500,
    )
    return len(rows)


def _dossier(model: Dossier, run: Run, commune: Unit, centre: Unit, status: Status) -> Dossier:
    values = {field.attname: getattr(model, field.attname) for field in Dossier._meta.concrete_fields}
    closed = status in FINAL
    values |= {
        "id": None,
        "code": run.subject,
        "search_text": fold(f"{run.subject} Nguyễn Văn A"),
        "status": status.value,
        "competent_agency_id": commune.pk,
        "receiving_unit_id": centre.pk,
        "returning_unit_id": centre.pk,
        "created_at": JUNE,
        "received_at": JUNE,
        "updated_at": JUNE,
        "closed_at": JUNE if closed else None,
        "completed_at": JUNE if status in {Status.COMPLETED, Status.RETURNED} else None,
        "tracking_token": secrets.token_hex(16),
        "idempotency_key": None,
    }
    values.pop("run_id")
    return Dossier(run=run, **values)


def _task(model: Task, run: Run, unit: Unit, role: str) -> Task:
    values = {field.attname: getattr(model, field.attname) for field in Task._meta.concrete_fields}
    values |= {"id": None, "unit_id": unit.pk, "role": role, "status": "open", "assignee_id": None}
    values.pop("run_id")
    return Task(run=run, **values)


def file_of_lines() -> SuccessionFile:
    """The carried succession over units that stand already."""
    data: dict[str, Any] = carried.read("succession_2025.json")
    file, problems = from_json({**data, "ended_units": []})
    assert file is not None, problems
    return file


def by_status() -> Counter[str]:
    return Counter(Dossier.objects.values_list("status", flat=True))


def test_the_province_of_30_june_becomes_that_of_1_july() -> None:
    organisation.forget()
    organisation_actions.load_organisation(actor=f.SYSTEM, now=JUNE)
    communes = old_communes()
    total = dossiers_of(communes)
    before, tasks = by_status(), Task.objects.filter(status="open").count()
    assert total == len(communes) * PER_COMMUNE > 3700 and len(communes) == 313

    began = time.perf_counter()
    report = organisation_actions.succeed(actor=f.SYSTEM, file=file_of_lines(), now=JULY)
    seconds = time.perf_counter() - began
    import sys

    sys.stderr.write(f"\nSECONDS {seconds}\n")
    assert seconds < 60

    assert report.problems == [] and report.before == report.after
    assert by_status() == before and Task.objects.filter(status="open").count() == tasks
    assert report.totals["tasks"] == tasks and report.totals["posts"] == 4 * len(communes)
    _nothing_without_owner()
    _everything_is_found(communes)
    _both_sides_add_up(total)
    again = organisation_actions.succeed(actor=f.SYSTEM, file=file_of_lines(), now=JULY)
    assert again.state == "unchanged" and UnitMove.objects.count() == report.totals["dossiers"]
    organisation.forget()


def _nothing_without_owner() -> None:
    standing = {unit.id for unit in organisation.present_units()}
    for row in Dossier.objects.filter(closed_at__isnull=True).values_list(
        "receiving_unit_id", "competent_agency_id", "returning_unit_id", "run__agency_id"
    ):
        assert set(row) <= standing
    held = set(Post.objects.filter(ends_on__isnull=True).values_list("unit_id", "role"))
    for unit_id, role in Task.objects.filter(status="open").values_list("unit_id", "role"):
        assert unit_id in standing and (unit_id, role) in held


def _everything_is_found(communes: list[Unit]) -> None:
    """Every old number finds its dossier, at the desk and for the applicant; every old name its unit and successor."""
    for pk, code in Dossier.objects.values_list("pk", "code"):
        if code.startswith("H02."):
            assert [row.pk for row in queries.search(f.SYSTEM, code)] == [pk]
    for code in Dossier.objects.filter(code__startswith="H02.").values_list("code", flat=True)[::7]:
        key = key_of(code)
        assert key is not None and "027085000001" in key.numbers
    for commune in communes:
        for words in (commune.full_name, fold(commune.full_name), commune.agency_code):
            assert commune.pk in {unit.id for unit in organisation.search_units(words, former=True)}
        (after,) = organisation.successors(commune.pk)
        assert after.unit.kind == "commune" and not after.unit.is_former
        heir = f.actor_of(Post.objects.filter(unit__agency_id=after.unit.id)[0].user_id, JULY)
        closed = Dossier.objects.filter(competent_agency_id=commune.pk, closed_at__isnull=False)[0]
        assert queries.readable_dossier(heir, closed.code).pk == closed.pk


def _both_sides_add_up(total: int) -> None:
    june = queries_history.received_by_unit(datetime(2025, 6, 1, tzinfo=VN), datetime(2025, 7, 1, tzinfo=VN))
    july = queries_history.received_by_unit(datetime(2025, 7, 1, tzinfo=VN), datetime(2025, 8, 1, tzinfo=VN))
    assert sum(june.values()) == total and july == {}
    assert set(june.values()) == {PER_COMMUNE} and len(june) == 313
    done = queries_history.completed_by_agency(
        datetime(2025, 6, 1, tzinfo=VN), datetime(2025, 7, 1, tzinfo=VN)
    )
    assert len(done) == 313 and set(done.values()) == {2}

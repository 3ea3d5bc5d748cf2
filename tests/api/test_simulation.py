"""`motcua simulate-day`: a small day adds up, and what does not add up is told."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from io import StringIO
from random import Random
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from motcua.config.simulation import accounts, work
from motcua.config.simulation.day import Day, DayPlan
from motcua.config.simulation.figures import Figures
from motcua.config.simulation.people import People
from motcua.config.simulation.work import Offer, Visitors
from motcua.dossiers.models import Dossier
from motcua.kernel import clock
from motcua.organisation import queries as organisation
from tests.api.conftest import World, make_world


def wrong(*words: str) -> str:
    out = StringIO()
    with pytest.raises(SystemExit) as left:
        call_command("simulate_day", *words, "--json", stdout=out)
    assert left.value.code == 2
    return str(json.loads(out.getvalue())["error"])


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--unit", "07210", "--dossiers", "0"], "--dossiers"),
        (["--unit", "07210", "--officers", "99"], "--officers"),
        (["--unit", "07210", "--base-url", "file:///etc/passwd"], "--base-url"),
    ],
)
def test_wrong_use_leaves_with_2(words: list[str], sentence: str) -> None:
    assert sentence in wrong(*words)


def test_the_day_has_its_share_of_supplements_refusals_and_withdrawals(world: World) -> None:
    visitors = Visitors(Random(1), world.province.commune.centre, [Offer("1.000001", 1, (), (), False)])
    visitors.plan(350)
    found = Counter(visitors.fates)
    assert found == {"ordinary": 311, "supplement": 14, "intake": 14, "refused": 7, "stopped": 4}
    visitors.plan(3)
    assert visitors.fates == ["ordinary"] * 3


def test_figures_give_percentiles_of_each_act() -> None:
    figures = Figures()
    for number in range(1, 101):
        figures.durations["receive"].append(number / 1000)
    figures.durations["stop"].append(0.5)
    assert figures.table()["receive"] == {"n": 100, "p50_ms": 50.5, "p95_ms": 95.1}
    assert figures.table()["stop"] == {"n": 1, "p50_ms": 500.0, "p95_ms": 500.0}


def test_holes_doubles_and_losses_are_told(world: World) -> None:
    centre = world.province.commune.centre
    today = clock.today(clock.now())
    earlier = accounts.before(centre, today)
    partner = world.partner()
    code = partner.post("/dossiers", world.reception()).json()["code"]
    day = Day(DayPlan(centre, 1, 1, "", clock.now), People(Random(1)), Visitors(Random(1), centre, []))
    day.came_in(code)
    day.ended("received")
    assert accounts.mismatches(day, earlier) == []
    day.came_in(code)
    day.came_in("H05.16-990101-0007")
    told = " ".join(accounts.mismatches(day, earlier))
    assert "twice" in told and "not stored" in told
    assert earlier.day == today and isinstance(today, date)
    silent = Day(DayPlan(centre, 1, 1, "", clock.now), People(Random(1)), Visitors(Random(1), centre, []))
    assert accounts.mismatches(silent, earlier) == [], "others may receive dossiers meanwhile"
    dossier = Dossier.objects.get(code=code)
    dossier.idempotency_key = "client:77:lost"
    dossier.save()
    silent.client_ids.append(77)
    assert "never acknowledged" in " ".join(accounts.mismatches(silent, earlier))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_small_day_runs_from_reception_to_return(live_server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("threads share PostgreSQL, not SQLite in memory")
    world = make_world()
    monkeypatch.setattr(work, "COMMUNE_WORK", ((world.procedure.code, 1),))
    out = StringIO()
    ward = world.province.commune.agency.code
    call_command(
        "simulate_day", "--unit", ward, "--dossiers", "25", "--officers", "2", "--base-url", live_server.url, "--json",
        stdout=out, stderr=StringIO(),
    )  # fmt: skip
    said = json.loads(out.getvalue())
    assert said["ok"] and said["dossiers"] == 25
    assert said["ends"]["returned"] + said["ends"].get("refused", 0) + said["ends"].get("withdrawn", 0) == 25
    assert said["failures"] == said["mismatches"] == []
    assert said["acts"]["receive"]["n"] >= 23
    organisation.forget()

"""Would the golden dossiers notice a mistake? Mutants of real procedures, over the real province."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from motcua.catalogue import queries
from motcua.catalogue.errors import NotReceivedHere
from motcua.catalogue.queries.configured import Configured, configured
from motcua.catalogue.tests.conftest import NOW, load_all
from motcua.dossiers.actions.timing import policy
from motcua.dossiers.adapters.golden_configuration import configuration_of, own_agencies
from motcua.dossiers.adapters.golden_world import ProvinceWorld, classes_of, shapes_on
from motcua.dossiers.rules.golden import Configuration, Ends, Expected, Given
from motcua.dossiers.rules.golden_making import generate, situations
from motcua.dossiers.rules.mutants import Kind, alive, behaviour, killed, mutants
from motcua.kernel import clock
from motcua.organisation import queries as units

pytestmark = pytest.mark.django_db

DAY = clock.today(NOW)
LEAST = 0.95


@pytest.fixture(scope="module")
def procedures(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[list[tuple[Configured, Configuration]]]:
    """The procedures described in detail, of the province as it comes with the product."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_all()
        found = [(row, configuration_of(row)) for row in configured(NOW) if row.definition.detailed]
        yield found
        transaction.set_rollback(True)
    queries.forget()
    units.forget()


@dataclass
class Score:
    """What became of the mutants, by kind. Those that change nothing are not counted."""

    made: Counter[Kind] = field(default_factory=Counter)
    caught: Counter[Kind] = field(default_factory=Counter)
    no_mistake: Counter[Kind] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)

    def rate(self, kind: Kind | None = None) -> float:
        if kind is not None:
            real = self.made[kind] - self.no_mistake[kind]
            return self.caught[kind] / real if real else 1.0
        return self.caught.total() / (self.made.total() - self.no_mistake.total())

    def table(self) -> str:
        lines = [
            f"{kind.value:13} {self.made[kind]:5} made {self.no_mistake[kind]:4} alike "
            f"{self.caught[kind]:5} caught {self.rate(kind):7.1%}"
            for kind in Kind
        ]
        return "\n".join([*lines, f"all {self.rate():.1%}", *self.missed[:10]])


def score(pairs: list[tuple[Configured, Configuration]], *, every: int) -> Score:
    """Each n-th mutant of each kind of each procedure, the first always."""
    world, shapes, found = ProvinceWorld(policy()), shapes_on(DAY), Score()
    deciders = [units.unit_by_code(code).id for code in ("STC", "07210")]
    for row, configuration in pairs:
        classes = classes_of(shapes, own=own_agencies(row))
        golden = list(generate(configuration, classes, DAY, world))
        many: list[tuple[Given, Expected]] = []
        seen: Counter[Kind] = Counter()
        for mutant in mutants(configuration, deciders=deciders):
            seen[mutant.kind] += 1
            if (seen[mutant.kind] - 1) % every:
                continue
            found.made[mutant.kind] += 1
            if killed(golden, mutant, world):
                found.caught[mutant.kind] += 1
                continue
            many = many or behaviour(configuration, situations(configuration, classes, DAY, world), world)
            if alive(many, mutant, world):
                found.missed.append(f"{configuration.definition.code} {mutant.kind.value} {mutant.what}")
            else:
                found.no_mistake[mutant.kind] += 1
    return found


@pytest.mark.slow
def test_nearly_all_mutants_are_caught(procedures: list[tuple[Configured, Configuration]]) -> None:
    """A quarter of the procedures and every eighth mutant; all of them, half an hour, with MOTCUA_ALL_MUTANTS=1."""
    everything = bool(os.environ.get("MOTCUA_ALL_MUTANTS"))
    found = score(procedures if everything else procedures[1::4], every=1 if everything else 8)
    sys.stdout.write(found.table())
    assert set(found.made) == set(Kind), "every kind of mistake is among them"
    assert found.rate() >= LEAST, found.table()


def test_who_decides_is_told_as_the_counter_is_told(
    procedures: list[tuple[Configured, Configuration]], django_db_blocker: DjangoDbBlocker
) -> None:
    """Worked out twice: from the rows of a configuration, and by the catalogue that receptions ask."""
    world, checked, refused = ProvinceWorld(policy()), 0, 0
    points = [units.unit_by_code(code) for code in ("07210.TTPVHCC", "09169.TTPVHCC", "TTPVHCC", "07210.CA")]
    with django_db_blocker.unblock():
        for row, configuration in procedures:
            version = queries.version(row.version_id)
            for point in points:
                mine = world.ends(configuration, Given(point.code))
                try:
                    theirs = queries.competence(version, receiving_unit=point, at=NOW)
                except NotReceivedHere as refusal:
                    assert not isinstance(mine, Ends), (row.definition.code, point.code)
                    assert mine.source() == refusal.message.source()
                    refused += 1
                    continue
                assert isinstance(mine, Ends), (row.definition.code, point.code, mine)
                assert (mine.level, mine.deciding_id, mine.returning_id) == (
                    theirs.level.value,
                    theirs.deciding_agency_id,
                    theirs.returning_unit_id,
                )
                checked += 1
    assert checked > 200 and refused > 20

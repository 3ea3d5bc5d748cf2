"""The small province on the night a decision takes effect, and what to look at in it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from motcua.catalogue.models import ChangeSet
from motcua.catalogue.types import Paper
from motcua.dossiers.actions import moving
from motcua.dossiers.models import Dossier, DossierChange, MoveBatch
from motcua.dossiers.tests import factories as make
from motcua.dossiers.tests.decisions import EFFECTIVE
from motcua.organisation.types import Role
from motcua.workflow.models import Run, Task

NIGHT = EFFECTIVE + timedelta(minutes=5)
LATER = NIGHT + timedelta(hours=1)


class World:
    """The small province with one procedure, its staff, and the province's controller."""

    def __init__(self, **changes: Any) -> None:
        self.place = make.make_province()
        self.staff = make.make_staff(self.place.commune)
        self.controller = make.make_officer(
            Role.PROCEDURE_CONTROLLER.value, self.place.centre, name="Vũ Thị Kiểm"
        )
        self.old = make.procedure_definition(**changes)
        self.procedure = make.make_procedure(self.old)

    def receive(self, **more: Any) -> Dossier:
        return make.receive(self.staff.counter, self.procedure, **more)

    def apply(self, decision: ChangeSet, now: datetime = NIGHT) -> MoveBatch:
        batch = moving.start_moving(actor=self.controller, change_set_id=decision.pk, agency_id=None, now=now)
        return moving.run_batch(batch_id=batch.pk, now=now)


def again(dossier: Dossier) -> Dossier:
    return Dossier.objects.select_related("run").get(pk=dossier.pk)


def change_of(dossier: Dossier) -> DossierChange:
    return DossierChange.objects.get(dossier=dossier, undone_at__isnull=True)


def snapshot(dossier: Dossier) -> dict[str, object]:
    """All a dossier is made of but its letters and its log."""
    assert dossier.run_id is not None
    tasks = Task.objects.filter(run_id=dossier.run_id).order_by("pk").values()
    return {
        "row": Dossier.objects.filter(pk=dossier.pk).values().get(),
        "run": list(Run.objects.filter(pk=dossier.run_id).values()),
        "tasks": list(tasks),
        "events": list(dossier.clock_events.order_by("pk").values()),
        "papers": list(dossier.papers.values()),
    }


NEW_PAPER = Paper("so-do", "Sơ đồ nơi sinh", 1, 0, "submit", "always")


def choose(world: World, dossier: Dossier, choice: str, **more: Any) -> DossierChange:
    given: dict[str, Any] = {"chosen_on": LATER.date(), "note": "", "now": LATER, **more}
    return moving.record_choice(
        actor=world.staff.counter, change_id=change_of(dossier).pk, choice=choice, **given
    )

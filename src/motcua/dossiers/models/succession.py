"""Where a dossier was before its units were succeeded: for history, for reprints, and for the undo."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from motcua.dossiers.models.dossier import Dossier


class UnitMove(models.Model):
    """One dossier that passed to other units by a succession. `at` is the instant of effect.

    The units are those before; `tasks` are [task, unit, assignee or null] before, `run_agency` the agency whose
    process it was. What a register of an earlier day must say is read from here.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="unit_moves")
    succession = models.ForeignKey("organisation.Succession", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    receiving_from = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    competent_from = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    returning_from = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    run_agency = models.ForeignKey(
        "organisation.Unit", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    tasks: models.JSONField[Any, Any] = models.JSONField(default=list)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "dossiers"
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "succession"],
                condition=Q(undone_at__isnull=True),
                name="unit_move_once_per_succession",
            )
        ]
        indexes = [models.Index(fields=["dossier", "at"], name="unit_move_of_dossier")]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.at:%Y-%m-%d}"

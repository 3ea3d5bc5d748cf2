"""Golden dossiers and what became of them when a configuration was rehearsed."""

from __future__ import annotations

from typing import Any

from django.db import models

from motcua.catalogue.models.changes import ChangeLine, ChangeSet
from motcua.catalogue.models.procedure import Procedure, ProcedureVersion


class GoldenDossier(models.Model):
    """An example dossier with what must come of it: route, unit, due date, fee, letters.

    Stored with the version it speaks of; while that is only proposed, with its line (`change_line`). `made_by` is
    "generated" or the name of the person who wrote it down.
    """

    procedure = models.ForeignKey(Procedure, null=True, on_delete=models.PROTECT, related_name="golden")
    version = models.ForeignKey(ProcedureVersion, null=True, on_delete=models.PROTECT, related_name="golden")
    change_line = models.ForeignKey(ChangeLine, null=True, on_delete=models.CASCADE, related_name="golden")
    key = models.CharField(max_length=160)
    title = models.TextField()
    given: models.JSONField[Any, Any] = models.JSONField()
    expected: models.JSONField[Any, Any] = models.JSONField()
    made_by = models.CharField(max_length=160, default="generated")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="golden_once_per_version"),
            models.UniqueConstraint(fields=["change_line", "key"], name="golden_once_per_line"),
        ]

    def __str__(self) -> str:
        return self.title


class Rehearsal(models.Model):
    """One rehearsal: what was rehearsed (`digest` fixes its content), how many trials, how many failed.

    Without a change-set it rehearsed the catalogue as it stood. `ground` is what it stood on beside the content:
    the desks it needed, and hashes of units, calendars, letters and the configuration around (`queries.ground`).
    """

    change_set = models.ForeignKey(ChangeSet, null=True, on_delete=models.CASCADE, related_name="rehearsals")
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    by_name = models.CharField(max_length=160)
    seconds = models.FloatField()
    procedures = models.PositiveIntegerField()
    units = models.PositiveIntegerField()
    trials = models.PositiveIntegerField()
    failed = models.PositiveIntegerField()
    scope = models.CharField(
        max_length=255, blank=True, help_text="A code where only one procedure was tried."
    )
    ground: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)

    class Meta:
        indexes = [models.Index(fields=["change_set", "-id"], name="rehearsal_latest")]

    def __str__(self) -> str:
        return f"{self.change_set_id} {self.at:%Y-%m-%d %H:%M}"


class RehearsalFailure(models.Model):
    """One thing that would not work: where, in which case, and what to do, kept as text and params."""

    rehearsal = models.ForeignKey(Rehearsal, on_delete=models.CASCADE, related_name="failures")
    procedure = models.ForeignKey(Procedure, null=True, on_delete=models.PROTECT, related_name="+")
    line = models.ForeignKey(ChangeLine, null=True, on_delete=models.CASCADE, related_name="+")
    unit = models.ForeignKey("organisation.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    case_key = models.CharField(max_length=64, blank=True)
    kind = models.CharField(max_length=32)
    text = models.TextField()
    params: models.JSONField[Any, Any] = models.JSONField(default=dict)
    count = models.PositiveIntegerField(default=1, help_text="How many trials failed in this way.")

    class Meta:
        indexes = [models.Index(fields=["rehearsal", "kind"], name="rehearsal_failure_kind")]

    def __str__(self) -> str:
        return self.kind

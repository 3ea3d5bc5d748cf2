"""Succession of units by decision: what was planned, what passed to whom, and the journal that can undo it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from motcua.organisation.models.unit import Unit
from motcua.organisation.types import SuccessionKind, SuccessionState


class Succession(models.Model):
    """One decision that ends, joins, splits or renames units from a day on.

    `plan` is the file as it was read and `digest` its SHA-256: the same file is the same succession. `journal`
    holds what carrying it out changed, with the values before, and is empty until then.
    """

    number = models.CharField(max_length=80, help_text="Number of the decision.")
    decided_on = models.DateField()
    issuer = models.CharField(max_length=255, blank=True)
    title = models.CharField(max_length=500, blank=True)
    effective_on = models.DateField()
    state = models.CharField(max_length=8, choices=SuccessionState.choices, default=SuccessionState.PLANNED)
    digest = models.CharField(max_length=64, unique=True)
    plan: models.JSONField[Any, Any] = models.JSONField()
    journal: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)
    report: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)
    loaded_at = models.DateTimeField()
    loaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    applied_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-effective_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=SuccessionState.values), name="succession_state_known"
            )
        ]

    def __str__(self) -> str:
        return self.number


class SuccessionLine(models.Model):
    """What a unit's work passed to: one row for each function and field that goes its own way.

    Written when the succession is carried out. Empty `function` and `field` is everything not named otherwise;
    a row whose successor is the unit itself says that this part stays.
    """

    succession = models.ForeignKey(Succession, on_delete=models.CASCADE, related_name="lines")
    kind = models.CharField(max_length=12, choices=SuccessionKind.choices)
    predecessor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="succeeded_by")
    function = models.CharField(max_length=24, blank=True)
    field = models.CharField(max_length=160, blank=True)
    successor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="succeeds")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["succession", "predecessor", "function", "field"], name="succession_line_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id} {self.function}/{self.field} -> {self.successor_id}"

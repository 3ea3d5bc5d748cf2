"""What the People's Council set: resolutions on fees and charges, dated, for a territory."""

from __future__ import annotations

from typing import Any

from django.db import models

from motcua.catalogue.types import Territory


class FeeResolution(models.Model):
    """One resolution for one territory from a day. `lines` are `rules.fees.resolutions.ResolutionLine` as JSON.

    A row is never changed: setting it anew withdraws it (`withdrawn_at`) and adds another. `valid_to` is the first day
    it no longer counts; `valid_from` may lie before `signed_on`.
    """

    number = models.CharField(max_length=80)
    title = models.CharField(max_length=500, blank=True)
    signed_on = models.DateField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    territory = models.CharField(max_length=16, default=Territory.ALL.value)
    lines: models.JSONField[Any, Any] = models.JSONField()
    set_by_name = models.CharField(max_length=160)
    set_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["valid_from", "valid_to"], name="fee_resolution_in_force")]
        constraints = [
            models.UniqueConstraint(
                fields=["number", "territory", "valid_from"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="fee_resolution_once",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gt=models.F("valid_from")),
                name="fee_resolution_period",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.territory} {self.valid_from:%Y-%m-%d}"


class FeeResolutionDraft(models.Model):
    """A resolution one person has typed and another has not yet put in force. Kept with what became of it."""

    number = models.CharField(max_length=80)
    title = models.CharField(max_length=500, blank=True)
    signed_on = models.DateField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    territory = models.CharField(max_length=16, default=Territory.ALL.value)
    lines: models.JSONField[Any, Any] = models.JSONField()
    drafted_by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, null=True, related_name="+")
    drafted_by_name = models.CharField(max_length=160)
    drafted_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by_name = models.CharField(max_length=160, blank=True)
    resolution = models.ForeignKey(
        FeeResolution, on_delete=models.PROTECT, null=True, related_name="+", help_text="What it became."
    )

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.number

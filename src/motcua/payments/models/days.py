"""The business day of a unit's counter."""

from __future__ import annotations

from typing import Any

from django.db import models


class CashierDay(models.Model):
    """A day closed by a cashier: what the books expected, what was counted, why they differ. Never opened again."""

    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    expected = models.BigIntegerField()
    counted = models.BigIntegerField()
    explanation = models.TextField(blank=True)
    figures: models.JSONField[Any, Any] = models.JSONField(
        help_text="Sums by method, kind and receipt series."
    )
    digest = models.CharField(max_length=64)
    letter = models.ForeignKey("documents.Letter", null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField()
    closed_by_name = models.CharField(max_length=160)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "day"], name="cashier_day_once")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.day}"

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
    pieces: models.JSONField[Any, Any] = models.JSONField(
        default=dict, help_text='Notes counted: {"500000": 3, …}; empty where only a sum was given.'
    )
    figures: models.JSONField[Any, Any] = models.JSONField(
        help_text="Sums by method, kind and receipt series."
    )
    digest = models.CharField(max_length=64)
    letter = models.ForeignKey("documents.Letter", null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField()
    closed_by_name = models.CharField(max_length=160)
    confirmed_by_name = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "day"], name="cashier_day_once")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.day}"


class CashCount(models.Model):
    """Cash counted at the end of a day that differs too much for one person: waits for a second one.

    Confirmed, it closes the day; refused, or overtaken by a further payment, it is counted again.
    """

    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    expected = models.BigIntegerField()
    counted = models.BigIntegerField()
    pieces: models.JSONField[Any, Any] = models.JSONField(default=dict)
    explanation = models.TextField()
    asked_by = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")
    asked_by_name = models.CharField(max_length=160)
    asked_at = models.DateTimeField()
    decided_by_name = models.CharField(max_length=160, blank=True)
    decided_at = models.DateTimeField(null=True)
    refused_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "day"],
                condition=models.Q(decided_at__isnull=True),
                name="cash_count_open_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.day} {self.counted}"

"""Issued letters. A row is written once; only its cancellation may be added later."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models


class Letter(models.Model):
    """A letter as it was issued: number, kind and the whole snapshot its template needs.

    `subject` is opaque here (a dossier's code). `data` is `letters.payload_for(...)`: with
    `template_version` it gives
    the same PDF for ever, whatever happens to units, procedures or settings afterwards.
    """

    kind = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    number_text = models.CharField(max_length=60)
    year = models.PositiveSmallIntegerField()
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    subject = models.CharField(max_length=80)
    data: models.JSONField[Any, Any] = models.JSONField()
    template_version = models.PositiveSmallIntegerField()
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    people: models.JSONField[Any, Any] = models.JSONField(
        null=True,
        help_text='Accounts by the place they sign in: {"cashier": 12}; the officer is who issued it.',
    )
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    cancel_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        app_label = "documents"
        constraints = [
            # Also the index for lists by unit: the foreign key needs none of its own.
            models.UniqueConstraint(fields=["unit", "kind", "year", "number"], name="letter_number_once"),
        ]
        indexes = [models.Index(fields=["subject", "id"], name="letter_subject")]

    def __str__(self) -> str:
        return f"{self.kind} {self.number_text}"

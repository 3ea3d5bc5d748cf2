"""Money to be given back: asked for by one person, confirmed by another."""

from __future__ import annotations

from typing import Any

from django.db import models

from motcua.payments.models.ledger import Bill, Entry
from motcua.payments.types import Method


class Refund(models.Model):
    """`lines` say how much of which kind goes back, `advance` how much of what was paid too much.

    Asked for, then confirmed or refused by somebody else, then paid out: only that books it (`entry`, `letter`).
    """

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="refunds")
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    method = models.CharField(max_length=10, choices=Method.choices)
    lines: models.JSONField[Any, Any] = models.JSONField(default=list)
    advance = models.BigIntegerField(default=0)
    amount = models.BigIntegerField()
    reason = models.CharField(max_length=500)
    to_account = models.CharField(
        max_length=255, blank=True, help_text="Bank, number, holder; for transfers."
    )
    asked_by = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")
    asked_by_name = models.CharField(max_length=160)
    asked_at = models.DateTimeField()
    decided_by_name = models.CharField(max_length=160, blank=True)
    decided_at = models.DateTimeField(null=True)
    refused_reason = models.CharField(max_length=500, blank=True)
    paid_out_at = models.DateTimeField(null=True)
    paid_out_by_name = models.CharField(max_length=160, blank=True)
    payout_reference = models.CharField(
        max_length=64, blank=True, help_text="Of the bank or the card terminal that paid it out."
    )
    letter = models.ForeignKey("documents.Letter", null=True, on_delete=models.PROTECT, related_name="+")
    entry = models.OneToOneField(Entry, null=True, on_delete=models.PROTECT, related_name="refund")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="refund_of_something"),
            models.UniqueConstraint(
                fields=["bill"], condition=models.Q(decided_at__isnull=True), name="refund_open_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["unit", "-id"],
                name="refund_under_way",
                condition=models.Q(paid_out_at__isnull=True, refused_reason=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.bill_id} {self.amount}"

"""Payments through the national platform."""

from __future__ import annotations

from typing import Any

from django.db import models

from motcua.payments.models.ledger import Bill
from motcua.payments.types import TransactionState


class PlatformTransaction(models.Model):
    """One attempt to pay a bill online; `reference` is ours and unique, answers may come late or twice."""

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="transactions")
    reference = models.CharField(max_length=64, unique=True)
    amount = models.BigIntegerField()
    state = models.CharField(
        max_length=10, choices=TransactionState.choices, default=TransactionState.CREATED
    )
    platform_number = models.CharField(max_length=64, blank=True)
    pay_url = models.TextField(blank=True)
    asked: models.JSONField[Any, Any] = models.JSONField(default=dict)
    answered: models.JSONField[Any, Any] = models.JSONField(default=list)
    created_at = models.DateTimeField()
    asked_again_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["created_at"],
                name="platform_open",
                condition=models.Q(state__in=["created", "pending"]),
            )
        ]

    def __str__(self) -> str:
        return self.reference

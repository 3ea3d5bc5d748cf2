"""Payments through the national platform."""

from __future__ import annotations

from typing import Any

from django.db import models

from motcua.payments.models.ledger import Bill, Payment
from motcua.payments.types import Direction, TransactionState


class PlatformTransaction(models.Model):
    """One attempt to pay a bill online; `reference` is ours and unique, answers may come late or twice.

    `created_at` is the time of the transaction in every message about it. `next_ask_at` is when the platform is asked
    again while the outcome is not known; `problem` says why people have to look at it.
    """

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="transactions")
    partner = models.CharField(max_length=64)
    reference = models.CharField(max_length=64, unique=True)
    amount = models.BigIntegerField()
    state = models.CharField(
        max_length=10, choices=TransactionState.choices, default=TransactionState.CREATED
    )
    platform_number = models.CharField(max_length=64, blank=True)
    pay_url = models.TextField(blank=True)
    payment = models.OneToOneField(Payment, null=True, on_delete=models.PROTECT, related_name="transaction")
    problem = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    asked = models.PositiveSmallIntegerField(default=0)
    next_ask_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "platform_number"],
                condition=~models.Q(platform_number=""),
                name="platform_number_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["next_ask_at"],
                name="platform_to_ask",
                condition=models.Q(next_ask_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.reference


class PlatformExchange(models.Model):
    """One message and its answer, as they went over the line without secrets. Only ever added."""

    transaction = models.ForeignKey(
        PlatformTransaction, null=True, on_delete=models.PROTECT, related_name="exchanges"
    )
    direction = models.CharField(max_length=6, choices=Direction.choices)
    kind = models.CharField(max_length=12)
    reference = models.CharField(max_length=255, blank=True)
    sent: models.JSONField[Any, Any] = models.JSONField(default=dict)
    answered: models.JSONField[Any, Any] = models.JSONField(default=dict)
    outcome = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["reference", "id"], name="platform_exchange_of")]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"

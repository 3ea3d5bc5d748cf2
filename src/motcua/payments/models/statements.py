"""Statements of banks and what their lines were matched with."""

from __future__ import annotations

from typing import Any

from django.db import models

from motcua.payments.models.accounts import BankAccount
from motcua.payments.models.ledger import Bill, Payment
from motcua.payments.types import MatchState


class Statement(models.Model):
    """One imported file; the same file again (`digest`) changes nothing."""

    account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="statements")
    name = models.CharField(max_length=255)
    layout = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    imported_at = models.DateTimeField()
    imported_by_name = models.CharField(max_length=160)
    lines_read = models.PositiveIntegerField()
    lines_new = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "digest"], name="statement_once")]

    def __str__(self) -> str:
        return self.name


class StatementLine(models.Model):
    """One credit on an account. `key` is the bank's own number, or made from the line where it has none."""

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="lines")
    account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=100)
    at = models.DateTimeField()
    amount = models.BigIntegerField()
    text = models.TextField(blank=True)
    payer = models.CharField(max_length=255, blank=True)
    state = models.CharField(max_length=10, choices=MatchState.choices, default=MatchState.UNMATCHED)
    bill = models.ForeignKey(Bill, null=True, on_delete=models.PROTECT, related_name="statement_lines")
    payment = models.OneToOneField(
        Payment, null=True, on_delete=models.PROTECT, related_name="statement_line"
    )
    why: models.JSONField[Any, Any] = models.JSONField(default=list, help_text="What spoke for the match.")
    decided_by_name = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "key"], name="statement_line_once")]
        indexes = [models.Index(fields=["account", "state", "-at"], name="statement_line_waiting")]

    def __str__(self) -> str:
        return self.key

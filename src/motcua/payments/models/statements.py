"""Statements of banks and what their lines were matched with."""

from __future__ import annotations

from typing import Any

from django.db import models

from motcua.payments.models.accounts import BankAccount
from motcua.payments.models.ledger import Bill, Payment
from motcua.payments.types import MatchState


class StatementMapping(models.Model):
    """Which heading of a bank's file stands for what, as somebody of a unit saved it: `{"date": "Ngày GD", …}`."""

    account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="mappings")
    name = models.CharField(max_length=80)
    columns: models.JSONField[Any, Any] = models.JSONField()
    saved_at = models.DateTimeField()
    saved_by_name = models.CharField(max_length=160)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "name"], name="statement_mapping_once")]

    def __str__(self) -> str:
        return self.name


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
    """One credit on an account.

    `key` is made of the bank's own number, or of the line where it has none; `content` is the same for lines that
    look alike. `bill` and `why` are the best proposal as it was last judged; `automatic` says that it needs nobody.
    """

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="lines")
    account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=100)
    content = models.CharField(max_length=24, default="")
    number = models.CharField(max_length=48, blank=True)
    at = models.DateTimeField()
    amount = models.BigIntegerField()
    text = models.TextField(blank=True)
    payer = models.CharField(max_length=255, blank=True)
    payer_account = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=10, choices=MatchState.choices, default=MatchState.UNMATCHED)
    bill = models.ForeignKey(Bill, null=True, on_delete=models.PROTECT, related_name="statement_lines")
    automatic = models.BooleanField(default=False)
    why: models.JSONField[Any, Any] = models.JSONField(default=list, help_text="What spoke for the match.")
    decided_by_name = models.CharField(max_length=160, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "key"], name="statement_line_once")]
        indexes = [
            models.Index(fields=["account", "state", "-at"], name="statement_line_waiting"),
            models.Index(fields=["account", "at"], name="statement_line_by_time"),
        ]

    def __str__(self) -> str:
        return self.key


class StatementMatch(models.Model):
    """A payment a line was matched with: booked for it, or there before. An undone match stays, with the reason."""

    line = models.ForeignKey(StatementLine, on_delete=models.PROTECT, related_name="matches")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="statement_matches")
    booked = models.BooleanField(default=True, help_text="False: the payment had been taken already.")
    matched_at = models.DateTimeField()
    matched_by_name = models.CharField(max_length=160)
    undone_at = models.DateTimeField(null=True)
    undone_by_name = models.CharField(max_length=160, blank=True)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["payment"],
                condition=models.Q(undone_at__isnull=True),
                name="payment_matched_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.payment_id}"

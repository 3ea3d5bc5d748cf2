"""Bills and the double-entry journal. Entries and postings are only ever added; the database refuses the rest."""

from __future__ import annotations

from typing import Any

from django.db import models

from motcua.payments.types import BillState, EntryKind, Method


class Bill(models.Model):
    """What one subject (a dossier, by its opaque code) owes to one collecting unit.

    `lines` are the computed fee lines with their reasons in whole đồng: `[{"key", "kind", "name", "amount",
    "reasons": [...], "basis"}]`. `budget_unit` is the unit for whose budget it is collected. `state`, `paid` and
    `refunded` repeat what the journal says; `motcua check-ledger` proves that they agree.
    """

    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    budget_unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=48, db_index=True)
    procedure_code = models.CharField(max_length=40, blank=True)
    procedure_name = models.TextField(blank=True)
    payer_name = models.CharField(max_length=255)
    payer_id_number = models.CharField(max_length=20, blank=True)
    payer_address = models.CharField(max_length=500, blank=True)
    lines: models.JSONField[Any, Any] = models.JSONField()
    total = models.BigIntegerField()
    paid = models.BigIntegerField(default=0)
    refunded = models.BigIntegerField(default=0)
    state = models.CharField(max_length=12, choices=BillState.choices, default=BillState.OPEN)
    reference = models.CharField(max_length=25, unique=True, help_text="What payers put into a transfer.")
    key = models.CharField(
        max_length=160, unique=True, help_text="One bill for one key, however often asked."
    )
    words = models.CharField(
        max_length=400, blank=True, help_text="Payer, subject and reference, folded, for finding."
    )
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(total__gte=0), name="bill_total_not_negative"),
            models.CheckConstraint(condition=models.Q(paid__gte=0), name="bill_paid_not_negative"),
            models.CheckConstraint(
                condition=models.Q(refunded__gte=0, refunded__lte=models.F("paid")),
                name="bill_refunded_within_paid",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "state", "-id"], name="bill_of_unit"),
            models.Index(fields=["unit", "-created_at"], name="bill_of_unit_by_time"),
        ]

    def __str__(self) -> str:
        return self.reference


class Entry(models.Model):
    """One journal entry. Its postings add up to nought. `key` makes it happen once, however often it is asked.

    `day` is the business day it belongs to in the unit's books; nothing is added to a closed day.
    """

    key = models.CharField(max_length=160, unique=True)
    kind = models.CharField(max_length=12, choices=EntryKind.choices)
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    at = models.DateTimeField()
    bill = models.ForeignKey(Bill, null=True, on_delete=models.PROTECT, related_name="entries")
    method = models.CharField(max_length=10, choices=Method.choices, blank=True)
    advance_of = models.ForeignKey(
        Bill,
        null=True,
        on_delete=models.PROTECT,
        related_name="advances_used",
        help_text="Whose advance paid the bill.",
    )
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="reversed_by")
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=160)
    note = models.CharField(max_length=500, blank=True)
    data: models.JSONField[Any, Any] = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["unit", "day"], name="entry_of_day"),
            # Reports of the province read days without their table, however old the books are.
            models.Index(fields=["day", "kind", "id"], name="entry_by_day"),
        ]

    def __str__(self) -> str:
        return self.key


class Posting(models.Model):
    """One side of an entry: an account of the unit's books and a signed amount in đồng (debit positive).

    Accounts: `receivable`, `revenue.phi`, `revenue.le_phi`, `cash`, `bank`, `card`, `platform`, `advance` (paid and
    not yet owed), `treasury` (remitted), `difference` (counted more or less than the books say).
    """

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="postings")
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    account = models.CharField(max_length=24)
    amount = models.BigIntegerField()
    day = models.DateField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(amount=0), name="posting_moves_something")]
        indexes = [
            models.Index(fields=["unit", "account", "day"], name="posting_balance"),
            models.Index(fields=["day", "account", "unit", "amount", "entry"], name="posting_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.amount}"


class Payment(models.Model):
    """Money that came: by which way, from whom, against which bill. Written once with its entry."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="payment")
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="payments")
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    method = models.CharField(max_length=10, choices=Method.choices)
    amount = models.BigIntegerField()
    tendered = models.BigIntegerField(null=True, help_text="Cash handed over; the change is what is above.")
    reference = models.CharField(
        max_length=64, blank=True, help_text="Of the bank, card terminal or platform."
    )
    at = models.DateTimeField()
    by_name = models.CharField(max_length=160)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="payment_of_something"),
            models.UniqueConstraint(
                fields=["method", "reference"],
                condition=~models.Q(reference=""),
                name="payment_reference_once",
            ),
        ]
        indexes = [models.Index(fields=["unit", "-at"], name="payment_of_unit")]

    def __str__(self) -> str:
        return f"{self.method} {self.amount}"

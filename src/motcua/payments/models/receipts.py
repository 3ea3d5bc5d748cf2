"""Books of receipts and receipts (Decree 123/2020 chapter III, amended by Decree 70/2025)."""

from __future__ import annotations

from typing import Any

from django.db import models

from motcua.payments.models.ledger import Bill, Payment
from motcua.payments.types import BookRest, ReceiptState, SendingState


class ReceiptBook(models.Model):
    """A series of a unit: form symbol (01BLP2-001), series (AA-25T), and the numbers it may give out.

    `next_number` is the next one to give; numbers are given in the transaction of their receipt, so the series has
    no hole. `carried_from` names a unit that was dissolved and handed the book over.
    """

    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    form_symbol = models.CharField(max_length=12)
    series = models.CharField(max_length=12)
    fee_kind = models.CharField(max_length=8, help_text="phi or le_phi; empty: both")
    year = models.PositiveSmallIntegerField()
    first_number = models.PositiveIntegerField(default=1)
    last_number = models.PositiveIntegerField(default=9_999_999)
    next_number = models.PositiveIntegerField(default=1)
    copies = models.PositiveSmallIntegerField(default=2)
    notice_number = models.CharField(
        max_length=64, blank=True, help_text="Notice of issue to the tax office."
    )
    notice_on = models.DateField(null=True, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    carried_from = models.CharField(max_length=255, blank=True)
    confirmed = models.BooleanField(
        default=True, help_text="False: proposed for the next year; gives no number."
    )
    rest = models.CharField(max_length=12, choices=BookRest.choices, blank=True)
    close_reason = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "form_symbol", "series", "first_number"], name="receipt_book_once"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    next_number__gte=models.F("first_number"),
                    next_number__lte=models.F("last_number") + 1,
                ),
                name="receipt_book_number_inside",
            ),
        ]
        indexes = [models.Index(fields=["unit", "year"], name="receipt_book_of_unit")]

    def __str__(self) -> str:
        return f"{self.form_symbol} {self.series}"


class Receipt(models.Model):
    """One receipt. What stands on it never changes; what became of it does (`state`, `reason`, `replaces`)."""

    book = models.ForeignKey(ReceiptBook, on_delete=models.PROTECT, related_name="receipts")
    number = models.PositiveIntegerField()
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="receipts")
    payment = models.ForeignKey(Payment, null=True, on_delete=models.PROTECT, related_name="receipts")
    payer_name = models.CharField(max_length=255)
    # Nullable, so that SQLite adds it without rebuilding the table and losing its guards.
    payer_folded = models.CharField(
        max_length=255, null=True, blank=True, help_text="The payer's name as it is searched for."
    )
    payer_id_number = models.CharField(max_length=20, blank=True)
    payer_address = models.CharField(max_length=500, blank=True)
    lines: models.JSONField[Any, Any] = models.JSONField()
    amount = models.BigIntegerField()
    content: models.JSONField[Any, Any] = models.JSONField(
        default=dict, help_text="Everything printed, in the neutral structure of e-receipts."
    )
    state = models.CharField(max_length=10, choices=ReceiptState.choices, default=ReceiptState.ISSUED)
    reason = models.CharField(max_length=500, blank=True)
    replaces = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    adjusts = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="adjusted_by")
    issued_at = models.DateTimeField()
    issued_by_name = models.CharField(max_length=160)
    changed_at = models.DateTimeField(null=True)
    printed = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["book", "number"], name="receipt_number_once"),
        ]
        indexes = [
            models.Index(fields=["unit", "-issued_at"], name="receipt_of_unit"),
            models.Index(fields=["state"], name="receipt_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.number:07d}"


class GivenToDriver(models.Model):
    """A document about a receipt that is given to a driver of electronic receipts, and its answer."""

    driver = models.CharField(max_length=32)
    document = models.TextField(help_text="The XML as it was given to the driver.")
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=SendingState.choices, default=SendingState.WAITING)
    reference = models.CharField(max_length=120, blank=True, help_text="What the driver answered with.")
    answer = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class ReceiptSending(GivenToDriver):
    """An electronic receipt given to a driver: exactly what was given, once a receipt."""

    receipt = models.OneToOneField(Receipt, on_delete=models.PROTECT, related_name="sending")

    class Meta:
        indexes = [models.Index(fields=["state", "id"], name="receipt_sending_by_state")]

    def __str__(self) -> str:
        return f"{self.receipt_id} {self.state}"


class ReceiptCancellation(GivenToDriver):
    """That an electronic receipt stands no longer, given to the driver after the receipt itself: once a receipt."""

    receipt = models.OneToOneField(Receipt, on_delete=models.PROTECT, related_name="cancellation")

    class Meta:
        indexes = [models.Index(fields=["state", "id"], name="receipt_cancellation_by_state")]

    def __str__(self) -> str:
        return f"{self.receipt_id} {self.state}"

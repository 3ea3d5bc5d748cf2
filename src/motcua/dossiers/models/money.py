"""What a dossier costs as it was worked out, and what may have to be given back. The books are `payments`."""

from __future__ import annotations

from typing import Any

from django.db import models

from motcua.dossiers.models.dossier import Dossier
from motcua.dossiers.types import RefundCause, RefundOutcome


class FeeAssessment(models.Model):
    """A working out of what a dossier owes that another one has taken the place of (`rules.assessment.Assessment`).

    The one that counts is the dossier's own (`Dossier.fees`): nothing else is read to know what is owed.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="fee_assessments")
    number = models.PositiveSmallIntegerField()
    answers: models.JSONField[Any, Any] = models.JSONField(default=dict)
    lines: models.JSONField[Any, Any] = models.JSONField(default=list)
    total = models.BigIntegerField()
    complete = models.BooleanField(help_text="Nothing is left to be counted, answered or set.")
    reason = models.CharField(max_length=500, blank=True, help_text="Why it was worked out again.")
    at = models.DateTimeField()
    by_name = models.CharField(max_length=160)

    class Meta:
        app_label = "dossiers"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["dossier", "number"], name="fee_assessment_number_once"),
            models.CheckConstraint(condition=models.Q(total__gte=0), name="fee_assessment_not_negative"),
        ]


class RefundProposal(models.Model):
    """Money of a bill that may have to be given back. A person asks for the refund or says why not.

    `parts` is by kind (`phi`, `le_phi`), `advance` what nobody owed. One open proposal for a bill and a cause.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="refund_proposals")
    bill = models.ForeignKey("payments.Bill", on_delete=models.PROTECT, related_name="+")
    # Nullable, so that SQLite adds it without rebuilding the table.
    refund = models.ForeignKey(
        "payments.Refund",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="What was asked of the books for it.",
    )
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    cause = models.CharField(max_length=12, choices=RefundCause.choices)
    why = models.CharField(max_length=500, blank=True)
    parts: models.JSONField[Any, Any] = models.JSONField(default=dict)
    advance = models.BigIntegerField(default=0)
    amount = models.BigIntegerField()
    proposed_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=RefundOutcome.choices, default=RefundOutcome.OPEN)
    decided_at = models.DateTimeField(null=True)
    decided_by_name = models.CharField(max_length=160, blank=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        app_label = "dossiers"
        ordering = ["pk"]
        indexes = [models.Index(fields=["unit", "outcome", "-id"], name="refund_proposal_of_unit")]
        constraints = [
            models.UniqueConstraint(
                fields=["bill", "cause"],
                condition=models.Q(outcome=RefundOutcome.OPEN.value),
                name="refund_proposal_open_once",
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="refund_proposal_of_something"),
        ]


class TakenBack(models.Model):
    """A payment that was taken back after it had been counted on, so that its dossier owes again.

    Open (`closed_at` None) until nothing is owed any more: people are told meanwhile.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="taken_back")
    bill = models.ForeignKey("payments.Bill", on_delete=models.PROTECT, related_name="+")
    payment = models.OneToOneField("payments.Payment", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    amount = models.BigIntegerField()
    reason = models.CharField(max_length=500)
    at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "dossiers"
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["unit", "-id"], name="taken_back_open", condition=models.Q(closed_at__isnull=True)
            )
        ]

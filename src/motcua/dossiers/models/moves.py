"""Dossiers under way when a decision changed their procedure: what became of each, and the run over all of them."""

from __future__ import annotations

from typing import Any

from django.db import models

from motcua.dossiers.models.dossier import Dossier
from motcua.dossiers.rules.moving import Outcome, Reason


class MoveState(models.TextChoices):
    """Where a run over the dossiers of a change-set stands."""

    RUNNING = "running"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"


class MoveBatch(models.Model):
    """One run over the dossiers that a change-set finds under way, for one agency or (`agency` None) for all.

    `after` is the last dossier looked at (while undoing: the last change): whoever goes on after a crash goes on from
    there. `looked_at` and `counts` grow with it, in the same transaction. `counts` maps "outcome:reason" to a number.
    """

    change_set = models.ForeignKey("catalogue.ChangeSet", on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey("organisation.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=MoveState.choices, default=MoveState.RUNNING)
    after = models.BigIntegerField(default=0)
    looked_at = models.PositiveIntegerField(default=0)
    counts: models.JSONField[Any, Any] = models.JSONField(default=dict)
    by = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=160)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")
    undone_by_name = models.CharField(max_length=160, blank=True)
    undone_at = models.DateTimeField(null=True)
    undone_reason = models.CharField(max_length=500, blank=True)
    undone = models.PositiveIntegerField(default=0)
    not_undone = models.PositiveIntegerField(default=0)

    class Meta:
        app_label = "dossiers"
        constraints = [
            models.UniqueConstraint(
                fields=["change_set"],
                condition=models.Q(agency__isnull=True, state__in=["running", "undoing"]),
                name="move_batch_of_all_once",
            ),
            models.UniqueConstraint(
                fields=["change_set", "agency"],
                condition=models.Q(agency__isnull=False, state__in=["running", "undoing"]),
                name="move_batch_of_agency_once",
            ),
        ]
        indexes = [models.Index(fields=["change_set", "-id"], name="move_batch_of_set")]

    def __str__(self) -> str:
        return f"{self.change_set_id} {self.state}"


class DossierChange(models.Model):
    """What one line of a decision did to one dossier.

    `before` is the picture that undoing puts back, {} where nothing was changed; `made` are rows that undoing takes
    away or cancels (clock events, papers, letters); `after` is the fingerprint of the dossier right after the change:
    undoing is possible while it still has it. `decision` and `effective_at` are copies for the timeline. `choice` is
    what the applicant answered, "" while nothing. `fee_version` is the version whose fee lines go on counting.
    `refund` "unknown" means that what was paid is owed back; `refund_amount` is what our own books say was paid, and
    more may have been paid elsewhere.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="changes")
    change_line = models.ForeignKey("catalogue.ChangeLine", on_delete=models.PROTECT, related_name="+")
    batch = models.ForeignKey(MoveBatch, on_delete=models.PROTECT, related_name="changes")
    decision = models.CharField(max_length=64)
    effective_at = models.DateTimeField()
    outcome = models.CharField(max_length=8, choices=[(o.value, o.value) for o in Outcome])
    reason = models.CharField(max_length=16, choices=[(r.value, r.value) for r in Reason])
    kept: models.JSONField[Any, Any] = models.JSONField(default=list)
    unit = models.ForeignKey("organisation.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    fee_version = models.ForeignKey(
        "catalogue.ProcedureVersion", null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()
    before: models.JSONField[Any, Any] = models.JSONField(default=dict)
    made: models.JSONField[Any, Any] = models.JSONField(default=dict)
    after = models.CharField(max_length=64, blank=True)
    refund = models.CharField(max_length=8, blank=True, choices=[("unknown", "unknown")])
    refund_amount = models.BigIntegerField(null=True, help_text="Đồng owed back; None while unknown.")
    choice = models.CharField(
        max_length=8, blank=True, choices=[("convert", "convert"), ("finish", "finish")]
    )
    chosen_on = models.DateField(null=True)
    chosen_at = models.DateTimeField(null=True)
    chosen_by = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")
    choice_note = models.CharField(max_length=500, blank=True)
    undone_at = models.DateTimeField(null=True)
    undone_by_name = models.CharField(max_length=160, blank=True)
    undone_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        app_label = "dossiers"
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "change_line"],
                condition=models.Q(undone_at__isnull=True),
                name="dossier_change_once",
            ),
            models.CheckConstraint(
                condition=models.Q(refund_amount__isnull=True) | models.Q(refund_amount__gte=0),
                name="dossier_change_refund_not_negative",
            ),
        ]
        indexes = [
            models.Index(fields=["batch", "id"], name="dossier_change_of_batch"),
            models.Index(
                fields=["id"],
                name="dossier_change_refund_owed",
                condition=models.Q(refund="unknown", undone_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.outcome}"

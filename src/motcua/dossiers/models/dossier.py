"""The dossier and what belongs to it."""

from __future__ import annotations

from typing import Any

from django.db import models

from motcua.dossiers.types import FINAL, PAUSED, Channel, PaperState, PartyRole, ReturnMethod, Stage, Status


class Dossier(models.Model):
    """One application. Pins the versions of procedure and process it began with."""

    code = models.CharField(max_length=48, unique=True)
    status = models.CharField(max_length=20, choices=[(s.value, s.label) for s in Status])
    procedure_version = models.ForeignKey(
        "catalogue.ProcedureVersion", on_delete=models.PROTECT, related_name="+"
    )
    run = models.OneToOneField("workflow.Run", on_delete=models.PROTECT, null=True, related_name="dossier")
    # As they were called on the day of reception: statistics and letters must not change with the catalogue.
    procedure_code = models.CharField(max_length=40, blank=True)
    procedure_name = models.TextField()
    field_name = models.CharField(max_length=160)
    case_key = models.CharField(max_length=120, blank=True)
    case_name = models.CharField(max_length=255, blank=True)
    level = models.CharField(max_length=16, help_text="Level that decides: tinh or xa.")
    limit = models.JSONField(help_text="The time limit (TimeLimit.to_dict) that this dossier runs under.")
    channel = models.PositiveSmallIntegerField(choices=[(c.value, c.label) for c in Channel])
    receiving_unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    competent_agency = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    returning_unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    created_by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    original_due_at = models.DateTimeField(null=True)
    legal_due_at = models.DateTimeField(null=True)
    appointments = models.JSONField(default=list, help_text='[{"label": str, "due_at": ISO time}]')
    paused_since = models.DateTimeField(null=True)
    pause_reason = models.CharField(max_length=255, blank=True)
    completed_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(
        max_length=8, blank=True, help_text="early, on_time or overdue, once completed."
    )
    extended = models.BooleanField(default=False)
    counted_late = models.BooleanField(default=False, help_text="A second supplement request counts as late.")
    supplement_count = models.PositiveSmallIntegerField(default=0)
    owner_name = models.CharField(max_length=255)
    owner_id_number = models.CharField(max_length=20, blank=True, db_index=True)
    search_text = models.TextField(help_text="Folded code, names, numbers and phones.")
    request_summary = models.TextField(blank=True)
    set_count = models.PositiveSmallIntegerField(default=1)
    return_method = models.CharField(max_length=8, choices=[(m.value, m.label) for m in ReturnMethod])
    return_address = models.CharField(max_length=500, blank=True)
    agency_initiated = models.BooleanField(default=False)
    related = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="relatives")
    tracking_token = models.CharField(max_length=32, unique=True)
    idempotency_key = models.CharField(max_length=160, null=True, unique=True)
    fees: models.JSONField[Any, Any] = models.JSONField(
        null=True, help_text="What is owed as it was worked out last (`rules.assessment.Assessment`)."
    )
    updated_at = models.DateTimeField()

    class Meta:
        app_label = "dossiers"
        indexes = [
            models.Index(fields=["receiving_unit", "-created_at"], name="dossier_received_here"),
            models.Index(fields=["competent_agency", "-created_at"], name="dossier_decided_here"),
            models.Index(
                fields=["returning_unit", "completed_at"],
                name="dossier_waits_return",
                condition=models.Q(status=Status.COMPLETED.value),
            ),
            models.Index(
                fields=["receiving_unit", "updated_at"],
                name="dossier_paused_here",
                condition=models.Q(status__in=sorted(s.value for s in PAUSED)),
            ),
            models.Index(
                fields=["due_at"],
                name="dossier_open_due",
                condition=models.Q(closed_at__isnull=True),
            ),
            models.Index(fields=["received_at", "competent_agency", "field_name"], name="dossier_report"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=[s.value for s in Status]), name="dossier_status_known"
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True)
                | models.Q(status__in=sorted(s.value for s in FINAL)),
                name="dossier_closed_only_when_final",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def state(self) -> Status:
        return Status(self.status)

    def has_result(self) -> bool:
        """Whether what was decided has been recorded (one statement)."""
        return Result.objects.filter(dossier_id=self.pk).exists()


class Party(models.Model):
    """Somebody with a part in the dossier."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="parties")
    role = models.CharField(max_length=12, choices=[(r.value, r.label) for r in PartyRole])
    is_organisation = models.BooleanField(default=False)
    name = models.CharField(max_length=255)
    id_number = models.CharField(max_length=20, blank=True, db_index=True)
    born_on = models.DateField(null=True)
    gender = models.CharField(max_length=8, blank=True)
    address = models.CharField(max_length=500, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    email = models.CharField(max_length=160, blank=True)
    authorisation = models.CharField(
        max_length=500, blank=True, help_text="Paper that authorises a submitter."
    )

    class Meta:
        app_label = "dossiers"
        constraints = [models.UniqueConstraint(fields=["dossier", "role"], name="party_role_once")]


class DossierPaper(models.Model):
    """One line of the paper list, as the counter found it."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="papers")
    position = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=64, blank=True)
    name = models.TextField()
    originals = models.PositiveSmallIntegerField(default=0)
    copies = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=12, choices=[(s.value, s.value) for s in PaperState])
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        app_label = "dossiers"
        ordering = ["position"]


class Attachment(models.Model):
    """A stored file in its place in the dossier, under the name it came with."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="attachments")
    paper = models.ForeignKey(DossierPaper, on_delete=models.SET_NULL, null=True, related_name="attachments")
    file = models.ForeignKey("documents.StoredFile", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    kind = models.CharField(max_length=12, default="paper", help_text="paper, result or opinion")
    added_by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        app_label = "dossiers"
        ordering = ["id"]


class ClockEvent(models.Model):
    """Something that moved the clock; due dates are derived from these and never edited."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="clock_events")
    kind = models.CharField(max_length=16)
    at = models.DateTimeField()
    reason = models.CharField(max_length=500)
    data = models.JSONField(default=dict)
    by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        app_label = "dossiers"
        ordering = ["id"]


class Supplement(models.Model):
    """One request for missing papers: one complete list, once (Decree 118/2025 Art. 11)."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="supplements")
    number = models.PositiveSmallIntegerField()
    stage = models.CharField(max_length=10, choices=[(s.value, s.value) for s in Stage])
    items = models.JSONField(help_text='[{"key": str, "text": str}]')
    reason = models.TextField()
    leader_reason = models.TextField(blank=True, help_text="Why a leader allowed a second request.")
    respond_by = models.DateField(null=True)
    requested_by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, null=True, related_name="+")
    requested_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, null=True, related_name="+")
    answer_note = models.TextField(blank=True)

    class Meta:
        app_label = "dossiers"
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["dossier", "number"], name="supplement_number_once")]


class Result(models.Model):
    """What was decided."""

    dossier = models.OneToOneField(Dossier, on_delete=models.CASCADE, related_name="result")
    number = models.CharField(max_length=64)
    issued_on = models.DateField()
    summary = models.TextField()
    signer = models.CharField(max_length=160, blank=True)
    granted = models.BooleanField(default=True)
    recorded_by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        app_label = "dossiers"


class HandOver(models.Model):
    """The result in somebody's hands."""

    dossier = models.OneToOneField(Dossier, on_delete=models.CASCADE, related_name="handover")
    name = models.CharField(max_length=255)
    id_number = models.CharField(max_length=20, blank=True)
    authorisation = models.CharField(max_length=500, blank=True)
    method = models.CharField(max_length=8, choices=[(m.value, m.label) for m in ReturnMethod])
    slip_returned = models.BooleanField(default=True)
    tracking_number = models.CharField(max_length=40, blank=True)
    note = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        app_label = "dossiers"

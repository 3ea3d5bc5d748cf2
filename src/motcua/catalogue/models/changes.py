"""Change-sets: one decision, its lines, and what was known of every version when."""

from __future__ import annotations

from typing import Any

from django.db import models

from motcua.catalogue.models.procedure import Procedure, ProcedureVersion
from motcua.catalogue.types_changes import ChangeAction, ChangeKind, ChangeState, Policy, SettingKey


class ChangeSet(models.Model):
    """One decision and everything it does to the catalogue: drafted, approved, published, undone as a whole.

    `effective_at` is the first instant it counts; None while the decision does not say (then it cannot be
    approved). `revision` rises with every edit, so that two editors cannot overwrite each other. `department` limits a
    configuration to the fields of one agency.
    """

    number = models.CharField(max_length=64, help_text="As printed: 1513/QĐ-UBND.")
    kind = models.CharField(max_length=20, choices=[(k.value, k.value) for k in ChangeKind])
    title = models.TextField(blank=True)
    field_text = models.CharField(max_length=500, blank=True)
    issuer = models.CharField(max_length=255, blank=True)
    signed_on = models.DateField(null=True, blank=True)
    effective_at = models.DateTimeField(null=True, blank=True)
    effective_to = models.DateTimeField(null=True, blank=True, help_text="First instant it no longer counts.")
    effective_rule = models.TextField(blank=True, help_text="The words of the decision about its effect.")
    based_on = models.TextField(blank=True)
    notes: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True)
    department = models.ForeignKey(
        "organisation.Unit", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    source = models.CharField(max_length=255, blank=True, help_text="Name of the file it was read from.")
    source_digest = models.CharField(max_length=64, blank=True)
    scan = models.ForeignKey(
        "documents.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(
        max_length=12, choices=[(s.value, s.value) for s in ChangeState], default=ChangeState.DRAFT.value
    )
    revision = models.PositiveIntegerField(default=1)
    drafted_by = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")
    drafted_by_name = models.CharField(max_length=160)
    drafted_at = models.DateTimeField()
    approved_by = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")
    approved_by_name = models.CharField(max_length=160, blank=True)
    approved_at = models.DateTimeField(null=True)
    published_by_name = models.CharField(max_length=160, blank=True)
    published_at = models.DateTimeField(null=True)
    undone_by_name = models.CharField(max_length=160, blank=True)
    undone_at = models.DateTimeField(null=True)
    undone_reason = models.TextField(blank=True)
    undo: models.JSONField[Any, Any] = models.JSONField(
        default=dict, blank=True, help_text="What publishing closed, so that undoing can open it again."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["number"],
                condition=~models.Q(state__in=[ChangeState.DISCARDED.value, ChangeState.UNDONE.value]),
                name="change_set_number_once",
            ),
            models.CheckConstraint(
                condition=models.Q(effective_to__isnull=True)
                | models.Q(effective_to__gt=models.F("effective_at")),
                name="change_set_ends_after_start",
            ),
        ]
        indexes = [models.Index(fields=["state", "-id"], name="change_set_by_state")]

    def __str__(self) -> str:
        return self.number


class ChangeLine(models.Model):
    """One line of a change-set: one procedure, what happens to it, and where the decision says so.

    `content` is the whole proposed `ProcedureDefinition` (None for lines that end a procedure or only
    configure), `settings` a `LineSettings`: what is configured beside it. `policy` says what becomes of dossiers
    under way, `mapping` how cases and steps are carried over when they are converted.
    """

    change_set = models.ForeignKey(ChangeSet, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    cell = models.CharField(max_length=120, blank=True)
    code = models.CharField(max_length=64, blank=True)
    old_code = models.CharField(max_length=64, blank=True)
    name = models.TextField(blank=True)
    action = models.CharField(max_length=12, choices=[(a.value, a.value) for a in ChangeAction])
    procedure = models.ForeignKey(
        Procedure, null=True, blank=True, on_delete=models.PROTECT, related_name="change_lines"
    )
    before_version = models.ForeignKey(
        ProcedureVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    made_version = models.ForeignKey(
        ProcedureVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    matched_by = models.CharField(max_length=24, blank=True)
    content: models.JSONField[Any, Any] = models.JSONField(null=True, blank=True)
    settings: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)
    diff: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True)
    warnings: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True)
    problems: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True)
    raw: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)
    policy = models.CharField(
        max_length=12, choices=[(p.value, p.value) for p in Policy], default=Policy.FINISH.value
    )
    mapping: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["change_set_id", "position"]
        constraints = [models.UniqueConstraint(fields=["change_set", "position"], name="change_line_once")]
        indexes = [
            models.Index(fields=["procedure", "change_set"], name="change_line_by_procedure"),
            models.Index(fields=["code"], name="change_line_by_code"),
        ]

    def __str__(self) -> str:
        return f"{self.code or self.name} {self.action}"


class VersionPeriod(models.Model):
    """When a version was in force (`valid_*`), and from when to when we believed that (`known_*`).

    A belief is never edited but for `known_to`, which the next one closes: "as known on date X" reads the rows with
    known_from <= X < known_to. The columns of `ProcedureVersion` repeat what is believed now.
    """

    version = models.ForeignKey(ProcedureVersion, on_delete=models.PROTECT, related_name="periods")
    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="periods")
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)
    known_from = models.DateTimeField()
    known_to = models.DateTimeField(null=True)
    change_set = models.ForeignKey(ChangeSet, null=True, on_delete=models.PROTECT, related_name="periods")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version"],
                condition=models.Q(known_to__isnull=True),
                name="version_period_known_once",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gt=models.F("valid_from")),
                name="version_period_ends_after_start",
            ),
        ]
        indexes = [models.Index(fields=["procedure", "valid_from"], name="version_period_by_procedure")]

    def __str__(self) -> str:
        return f"{self.version_id} {self.valid_from:%Y-%m-%d}"


class ProcedureSetting(models.Model):
    """What a procedure uses beside its legal content, for everybody or for one agency: form, letters, places."""

    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="settings")
    agency = models.ForeignKey(
        "organisation.Unit", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    case_key = models.CharField(max_length=64, blank=True)
    key = models.CharField(max_length=12, choices=[(k.value, k.value) for k in SettingKey])
    value: models.JSONField[Any, Any] = models.JSONField()
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)
    change_line = models.ForeignKey(ChangeLine, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["procedure", "key"], name="procedure_setting_find")]

    def __str__(self) -> str:
        return f"{self.procedure_id} {self.key}"

"""Running processes: one row per run, one row per task."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from motcua.workflow.models.process import ProcessVersion
from motcua.workflow.types import RunStatus, TaskStatus


class Run(models.Model):
    """One process running for one subject. The workflow never looks into `subject`."""

    process_version = models.ForeignKey(ProcessVersion, models.PROTECT, related_name="runs")
    subject = models.CharField(max_length=64, db_index=True)
    agency = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="+", db_index=False)
    status = models.CharField(max_length=10, choices=RunStatus.choices, default=RunStatus.ACTIVE)
    started_at = models.DateTimeField()
    returned_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.process_version_id} {self.subject}"


class Task(models.Model):
    """One step for one performer. `visit` rises when the step is entered again.

    `minutes` is the planned work in working minutes, `due_at` when this step should be done, `run_due_at`
    when the whole run should be. `group` is the key of a shared time. `asked_from` is set on consultations
    that were asked for during a step; `claimed_at` tells that the performer has begun.
    """

    run = models.ForeignKey(Run, models.CASCADE, related_name="tasks", db_index=False)
    step_key = models.CharField(max_length=80)
    name = models.CharField(max_length=1000)
    kind = models.CharField(max_length=12)
    unit = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="+", db_index=False)
    role = models.CharField(max_length=32)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    status = models.CharField(max_length=10, choices=TaskStatus.choices, default=TaskStatus.OPEN)
    opened_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    minutes = models.PositiveIntegerField(null=True, blank=True)
    run_due_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    completed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    acted_for = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    outcome = models.CharField(max_length=80, blank=True)
    note = models.TextField(blank=True)
    visit = models.PositiveSmallIntegerField(default=1)
    group = models.CharField(max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    asked_from = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="consultations", db_index=False
    )

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=("unit", "role", "due_at"), name="workflow_task_todo", condition=Q(status="open")
            ),
            models.Index(
                fields=("assignee", "due_at"), name="workflow_task_mine", condition=Q(status="open")
            ),
            models.Index(fields=("run", "status"), name="workflow_task_run"),
            models.Index(
                fields=("completed_by", "completed_at"), name="workflow_task_sent", condition=Q(status="done")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step_key} ({self.status})"

"""Drafts of processes: changed as often as one likes, published by a second person."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from motcua.workflow.models.process import ProcessVersion
from motcua.workflow.types import DraftSource, DraftStatus


class ProcessDraft(models.Model):
    """A process being written for an agency. `revision` rises with every save and guards against lost updates.

    `remarks` are what reading its source told. `editors` are all who changed it: none of them may approve it.
    `accepted` are the codes of warnings that whoever submitted it took on themselves.
    """

    agency = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="+")
    key = models.CharField(max_length=120)
    title = models.CharField(max_length=1000, blank=True)
    field = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=12, choices=DraftStatus.choices, default=DraftStatus.DRAFTING)
    source = models.CharField(max_length=12, choices=DraftSource.choices)
    revision = models.PositiveIntegerField(default=1)
    definition = models.JSONField()
    remarks = models.JSONField(default=list)
    editors = models.JSONField(default=list)
    accepted = models.JSONField(default=list)
    search_text = models.TextField(blank=True)
    based_on = models.ForeignKey(ProcessVersion, models.PROTECT, null=True, blank=True, related_name="+")
    published = models.ForeignKey(ProcessVersion, models.PROTECT, null=True, blank=True, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    updated_at = models.DateTimeField()
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(blank=True)
    """Why it was sent back, shown to whoever goes on with it."""

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=("agency", "-updated_at"), name="workflow_draft_agency"),
            models.Index(fields=("status", "-updated_at"), name="workflow_draft_status"),
        ]

    def __str__(self) -> str:
        return f"{self.key} ({self.status})"


class DraftRevision(models.Model):
    """What a draft was at one save. `undone_to` is the revision that an undo goes back to from here."""

    draft = models.ForeignKey(ProcessDraft, models.CASCADE, related_name="revisions", db_index=False)
    number = models.PositiveIntegerField()
    undone_to = models.PositiveIntegerField(null=True)
    what = models.CharField(max_length=40)
    definition = models.JSONField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("draft", "number"), name="workflow_draft_revision"),
        ]

    def __str__(self) -> str:
        return f"{self.draft_id} #{self.number}"

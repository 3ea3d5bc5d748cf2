"""Published processes: written once, never changed."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models

from motcua.workflow.errors import Immutable


class FrozenQuerySet(models.QuerySet["ProcessVersion"]):
    """Rows may be added and read, nothing else."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise Immutable("a published process version never changes")

    def delete(self) -> NoReturn:
        raise Immutable("a published process version is never deleted")


class ProcessVersion(models.Model):
    """One published state of a process. Runs pin the version they began with. `search_text` is folded.

    `id` is derived from key, number and digest, so an id means the same definition for ever and may be cached
    without a limit in time.
    """

    id = models.BigIntegerField(primary_key=True)
    key = models.CharField(max_length=120)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=1000)
    definition = models.JSONField()
    digest = models.CharField(max_length=64)
    findings = models.JSONField(default=list)
    reference = models.CharField(max_length=1000, blank=True)
    issuer = models.CharField(max_length=500, blank=True)
    field = models.CharField(max_length=200, blank=True)
    procedure_codes = models.JSONField(default=list)
    search_text = models.TextField(blank=True)
    is_real = models.BooleanField(default=True)
    published_at = models.DateTimeField()

    objects = FrozenQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("key", "number"), name="workflow_version_number"),
            models.UniqueConstraint(fields=("key", "digest"), name="workflow_version_digest"),
        ]

    def __str__(self) -> str:
        return f"{self.key} #{self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise Immutable("a published process version never changes")
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise Immutable("a published process version is never deleted")

"""Procedures, their codes and their immutable versions."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models

from motcua.catalogue.types import OnlineLevel, Territory


class Immutable(Exception):
    """A published version was about to be changed or removed: a bug, never an answer for people."""


class Field(models.Model):
    """A field of administration (lĩnh vực). Which field a procedure is in belongs to the version."""

    name = models.CharField(max_length=255, unique=True)
    folded = models.CharField(max_length=255)

    class Meta:
        indexes = [models.Index(fields=["folded"], name="field_by_folded")]

    def __str__(self) -> str:
        return self.name


class Procedure(models.Model):
    """What stays the same while the content changes: the identity that versions, bindings and dossiers
    share.
    """

    code = models.CharField(max_length=24, unique=True, null=True, blank=True)
    local_code = models.CharField(max_length=32, blank=True)
    name_key = models.CharField(
        max_length=64, blank=True, help_text="Hash of the folded name; tells codeless procedures apart."
    )
    kind = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name_key"], condition=models.Q(code__isnull=True), name="codeless_procedure_once"
            )
        ]

    def __str__(self) -> str:
        return self.code or self.local_code or f"#{self.pk}"


class ProcedureCode(models.Model):
    """Another code that leads to the procedure: local, provincial, former, or of one it replaced."""

    code = models.CharField(max_length=32)
    plain = models.CharField(max_length=32, help_text="Lower case, letters and digits only.")
    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="codes")
    kind = models.CharField(max_length=12)
    note = models.CharField(max_length=255, blank=True)
    certain = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "procedure"], name="procedure_code_once")]
        indexes = [models.Index(fields=["plain"], name="procedure_code_plain")]

    def __str__(self) -> str:
        return self.code


class _Kept(models.QuerySet["ProcedureVersion"]):
    """Refuses what would change published content; the database refuses it as well."""

    def update(self, **kwargs: Any) -> int:
        if not set(kwargs) <= {"valid_to", "withdrawn_at"}:
            raise Immutable("a procedure version is never changed")
        return super().update(**kwargs)

    def delete(self) -> NoReturn:
        raise Immutable("a procedure version is never removed")


class ProcedureVersion(models.Model):
    """The content of a procedure from one instant to another; `definition` is a `ProcedureDefinition`.

    `id` is derived from the procedure, the number and the digest, so an id means the same content for ever
    and may be cached without a limit in time.

    Nothing in a row changes after it was written, except `valid_to`, which a later version closes, and
    `withdrawn_at`, which undoing its change-set sets: such a version never stood. What was believed when is in
    `VersionPeriod`. The other columns repeat what lists filter by.
    """

    id = models.BigIntegerField(primary_key=True)
    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    code = models.CharField(max_length=32, blank=True)
    name = models.TextField()
    short_name = models.TextField()
    field = models.ForeignKey(Field, on_delete=models.PROTECT, related_name="versions")
    levels = models.JSONField(help_text='["xa", "tinh", "bo", "co_quan_khac"]')
    definition = models.JSONField()
    digest = models.CharField(max_length=64)
    online_level = models.CharField(
        max_length=8, choices=[(level.value, level.value) for level in OnlineLevel]
    )
    decision = models.CharField(max_length=255, blank=True)
    ministry = models.CharField(max_length=255, blank=True)
    territory = models.CharField(max_length=16, default=Territory.ALL.value)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True, help_text="First instant it no longer stands.")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    codes = models.TextField(blank=True, help_text="Every other code, separated by spaces.")
    results = models.TextField(blank=True, help_text="Names of the results, one a line.")
    search_text = models.TextField(help_text="Folded name, short name, field and results.")
    initials = models.CharField(max_length=255, blank=True)
    detailed = models.BooleanField()
    created_at = models.DateTimeField()

    objects = _Kept.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["procedure", "number"], name="procedure_version_once"),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gt=models.F("valid_from")),
                name="procedure_version_ends_after_start",
            ),
        ]
        indexes = [
            models.Index(fields=["code"], name="procedure_version_code"),
            models.Index(fields=["valid_from", "valid_to"], name="procedure_version_time"),
        ]

    def __str__(self) -> str:
        return f"{self.code or self.procedure_id} v{self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise Immutable("a procedure version is never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise Immutable("a procedure version is never removed")

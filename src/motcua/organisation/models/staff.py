"""Staff lists: what is known of a person besides the account, lists that were read, decisions on doubles."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class StaffProfile(models.Model):
    """What tells two people of one name apart. Never shown to anybody but those who keep staff lists."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="staff_profile"
    )
    id_number = models.CharField(max_length=20, blank=True, db_index=True)
    birth_year = models.PositiveSmallIntegerField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.user_id)


class StaffImport(models.Model):
    """A staff list as it was read, waiting to be applied or applied. Passwords are never in it."""

    name = models.CharField(max_length=255, help_text="Name of the file.")
    digest = models.CharField(max_length=64, db_index=True)
    rows: models.JSONField[Any, Any] = models.JSONField()
    report: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)
    loaded_at = models.DateTimeField()
    loaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name


class DuplicateDecision(models.Model):
    """Two accounts that looked like one person, and what somebody decided about them."""

    first = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    same = models.BooleanField()
    kept = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="duplicate_decided_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="duplicate_lower_id_first"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id}={self.second_id}"

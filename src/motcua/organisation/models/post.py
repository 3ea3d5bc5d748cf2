"""Posts, delegations, and the partner systems that act through the API."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from motcua.organisation.models.unit import Unit
from motcua.organisation.types import Role


class Post(models.Model):
    """A person in a role of a unit between two days (`ends_on` is the last day; null means still open)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="posts")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=24, choices=Role.choices)
    title = models.CharField(max_length=160)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="post_ends_after_start",
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="post_role_known"),
            models.UniqueConstraint(
                fields=["user", "unit", "role"], condition=Q(ends_on__isnull=True), name="post_open_once"
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "role"], name="post_by_unit_role"),
            models.Index(fields=["user"], name="post_by_user"),
        ]

    def __str__(self) -> str:
        return self.title


class Delegation(models.Model):
    """The holder of a post lets another person act in it between two days, by a document (ủy quyền).

    `role` is what the delegate may act as: the post's own role, or a narrower one (a chairman's signature on
    certified copies becomes `authorised_certifier`). The delegator is kept on the row so that the database
    itself refuses a delegation to oneself.
    """

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="delegations")
    delegator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="delegations_given"
    )
    delegate = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="delegations_received"
    )
    role = models.CharField(max_length=24, choices=Role.choices)
    starts_on = models.DateField()
    ends_on = models.DateField()
    document = models.CharField(max_length=255, help_text="Number and date of the delegating document.")
    scope = models.CharField(max_length=500, blank=True, help_text="What it covers; empty: the whole role.")
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="delegation_ends_after_start"
            ),
            models.CheckConstraint(condition=~Q(delegate=F("delegator")), name="delegation_not_to_oneself"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="delegation_role_known"),
        ]
        indexes = [
            models.Index(
                fields=["delegate", "ends_on"],
                condition=Q(revoked_at__isnull=True),
                name="delegation_by_delegate",
            )
        ]

    def __str__(self) -> str:
        return self.document


class ApiClient(models.Model):
    """A partner system. Only the SHA-256 of its token is kept."""

    name = models.CharField(max_length=120, unique=True)
    token_hash = models.CharField(max_length=64, unique=True)
    scopes: models.JSONField[Any, Any] = models.JSONField(default=list)
    agency = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="api_clients"
    )
    active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False, help_text="Exists only while demo data is loaded.")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name

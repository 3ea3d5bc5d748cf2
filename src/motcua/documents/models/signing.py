"""Letters that are signed: what is to be signed by whom, and the files that came of it."""

from __future__ import annotations

from typing import Any

from django.db import models


class Signing(models.Model):
    """The signing of one letter. `unsigned` is the paper as issued; `signed` begins with the very bytes of it.

    A row without signatures could not be planned (`problem` says why) and is planned at the next try.
    """

    letter = models.OneToOneField("documents.Letter", on_delete=models.PROTECT, related_name="signing")
    state = models.CharField(max_length=8)
    unsigned = models.ForeignKey(
        "documents.StoredFile", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    signed = models.ForeignKey(
        "documents.StoredFile", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    problem = models.CharField(max_length=24, blank=True)
    problem_values: models.JSONField[Any, Any] = models.JSONField(default=dict)
    attempts = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField()
    next_try_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "documents"
        indexes = [
            models.Index(
                fields=["next_try_at", "id"],
                name="signing_under_way",
                condition=models.Q(state__in=["waiting", "stuck"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.letter_id} {self.state}"


class Signature(models.Model):
    """One signature of a letter. `prepared` and `work` hold what a remote signer is working on, and only then."""

    signing = models.ForeignKey(Signing, on_delete=models.CASCADE, related_name="signatures", db_index=False)
    position = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=10)
    signer = models.CharField(max_length=120)
    round = models.PositiveIntegerField(default=0)
    prepared = models.BinaryField(null=True)
    work: models.JSONField[Any, Any] = models.JSONField(null=True)
    file = models.ForeignKey(
        "documents.StoredFile", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    name = models.CharField(max_length=200, blank=True)
    issuer = models.CharField(max_length=200, blank=True)
    serial = models.CharField(max_length=80, blank=True)
    is_demo = models.BooleanField(default=False)
    is_timestamped = models.BooleanField(default=False)
    signed_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "documents"
        constraints = [
            models.UniqueConstraint(fields=["signing", "position"], name="signature_position_once"),
        ]

    def __str__(self) -> str:
        return f"{self.signing_id}.{self.position} {self.role}"

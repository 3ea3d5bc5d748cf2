"""The log nobody can quietly change: entries in linked chains, and seals over their heads."""

from __future__ import annotations

from django.db import models


class AuditEntry(models.Model):
    """One write, or one reading of a dossier. Rows are only ever inserted (the database refuses the rest)."""

    chain = models.CharField(max_length=32)
    seq = models.PositiveIntegerField()
    at = models.DateTimeField(db_index=True)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=160)
    via = models.CharField(max_length=8)
    ip = models.CharField(max_length=45, blank=True)
    action = models.CharField(max_length=64)
    subject_type = models.CharField(max_length=32)
    subject = models.CharField(max_length=64)
    data = models.TextField()
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        app_label = "kernel"
        constraints = [models.UniqueConstraint(fields=["chain", "seq"], name="audit_chain_seq_once")]
        indexes = [
            models.Index(fields=["subject_type", "subject", "id"], name="audit_by_subject"),
            models.Index(fields=["actor_id", "id"], name="audit_by_actor"),
        ]


class AuditSeal(models.Model):
    """The heads of every chain that grew since the last seal; seals are linked like entries."""

    number = models.PositiveIntegerField(unique=True)
    at = models.DateTimeField()
    heads = models.TextField(help_text="JSON: [[chain, seq, digest], …] sorted by chain.")
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        app_label = "kernel"

"""One table for events, background jobs and the schedule: a row written with the change it speaks of."""

from __future__ import annotations

from django.db import models


class Job(models.Model):
    """Work to be done after commit. Claimed under a lease, so that a killed worker loses nothing."""

    name = models.CharField(max_length=96)
    payload = models.JSONField(default=dict)
    key = models.CharField(max_length=160, null=True, unique=True)
    created_at = models.DateTimeField()
    run_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    dead_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
    result = models.JSONField(null=True)

    class Meta:
        app_label = "kernel"
        indexes = [
            models.Index(
                fields=["run_at", "id"],
                name="job_waiting",
                condition=models.Q(done_at__isnull=True, dead_at__isnull=True),
            ),
            models.Index(fields=["dead_at"], name="job_dead", condition=models.Q(dead_at__isnull=False)),
        ]

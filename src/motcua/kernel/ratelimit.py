"""Brakes that hold over several processes: one counter row per bucket and time window."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection, models

from motcua.kernel.errors import TooMany
from motcua.kernel.messages import msg


class RateWindow(models.Model):
    """How often a bucket was hit in one window."""

    bucket = models.CharField(max_length=64)
    starts_at = models.DateTimeField(db_index=True)
    hits = models.PositiveIntegerField(default=0)

    class Meta:
        app_label = "kernel"
        constraints = [models.UniqueConstraint(fields=["bucket", "starts_at"], name="rate_window_once")]


@dataclass(frozen=True, slots=True)
class RateVerdict:
    allowed: bool
    retry_after: int
    hits: int


def hit(bucket: str, *, limit: int, seconds: int, now: datetime) -> RateVerdict:
    """Count one hit; refused when the window of `seconds` already holds `limit` hits.

    One upsert, so that two processes never both see the last free place.
    """
    start = datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, UTC)
    key = bucket if len(bucket) <= 64 else hashlib.sha256(bucket.encode()).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_ratewindow (bucket, starts_at, hits) VALUES (%s, %s, 1) "
            "ON CONFLICT (bucket, starts_at) DO UPDATE SET hits = kernel_ratewindow.hits + 1 RETURNING hits",
            [key, connection.ops.adapt_datetimefield_value(start)],
        )
        hits = int(cursor.fetchone()[0])
    left = int((start + timedelta(seconds=seconds) - now).total_seconds()) + 1
    return RateVerdict(allowed=hits <= limit, retry_after=max(left, 1), hits=hits)


def check(bucket: str, *, limit: int, seconds: int, now: datetime) -> None:
    """Count one hit and raise `TooMany` when it is one too many."""
    verdict = hit(bucket, limit=limit, seconds=seconds, now=now)
    if not verdict.allowed:
        raise TooMany(
            msg("Quá nhiều lần thử. Xin đợi %(seconds)s giây rồi thử lại.", seconds=verdict.retry_after),
            retry_after=verdict.retry_after,
        )


def forget_before(instant: datetime) -> int:
    """Drop windows that ended before the instant; returns how many."""
    return RateWindow.objects.filter(starts_at__lt=instant).delete()[0]

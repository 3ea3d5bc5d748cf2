"""Brakes that hold over several processes: one counter row per bucket and time window."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock

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
    start = _window(seconds, now)
    hits = _count(bucket, start, 1)
    return RateVerdict(allowed=hits <= limit, retry_after=_left(start, seconds, now), hits=hits)


def check(bucket: str, *, limit: int, seconds: int, now: datetime) -> None:
    """Count one hit and raise `TooMany` when it is one too many."""
    verdict = hit(bucket, limit=limit, seconds=seconds, now=now)
    if not verdict.allowed:
        raise _too_many(verdict.retry_after)


HANDFULS = 50
_lock = Lock()
_held: dict[tuple[str, int], tuple[datetime, int]] = {}


def check_often(bucket: str, *, limit: int, seconds: int, now: datetime) -> None:
    """`check` for those who call all day: this process takes places by the handful, a fiftieth of the limit.

    Most calls then cost no statement. The limit holds exactly below fifty; above, a process that stops may
    leave its last handful unused until the window ends.
    """
    start, handful = _window(seconds, now), max(1, limit // HANDFULS)
    with _lock:
        window, left = _held.get((bucket, limit), (start, 0))
        if window == start and left > 0:
            _held[bucket, limit] = (start, left - 1)
            return
    hits = _count(bucket, start, handful)
    free = min(handful, limit - (hits - handful))
    if free <= 0:
        raise _too_many(_left(start, seconds, now))
    with _lock:
        window, left = _held.get((bucket, limit), (start, 0))
        _held[bucket, limit] = (start, (left if window == start else 0) + free - 1)


def _window(seconds: int, now: datetime) -> datetime:
    return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, UTC)


def _count(bucket: str, start: datetime, hits: int) -> int:
    """Add hits to the window; how many it holds now."""
    key = bucket if len(bucket) <= 64 else hashlib.sha256(bucket.encode()).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_ratewindow (bucket, starts_at, hits) VALUES (%s, %s, %s) ON CONFLICT (bucket, "
            "starts_at) DO UPDATE SET hits = kernel_ratewindow.hits + excluded.hits RETURNING hits",
            [key, connection.ops.adapt_datetimefield_value(start), hits],
        )
        return int(cursor.fetchone()[0])


def _left(start: datetime, seconds: int, now: datetime) -> int:
    return max(int((start + timedelta(seconds=seconds) - now).total_seconds()) + 1, 1)


def _too_many(retry_after: int) -> TooMany:
    return TooMany(
        msg("Quá nhiều lần thử. Xin đợi %(seconds)s giây rồi thử lại.", seconds=retry_after),
        retry_after=retry_after,
    )


def forget_before(instant: datetime) -> int:
    """Drop windows that ended before the instant; returns how many."""
    return RateWindow.objects.filter(starts_at__lt=instant).delete()[0]

"""One effect for one key: a request repeated after a lost answer gets the first answer again."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, models

from motcua.kernel.errors import Conflict
from motcua.kernel.messages import msg


class IdempotencyKey(models.Model):
    """The key a client sent, what it asked for, and what it was answered."""

    owner = models.CharField(max_length=64)
    key = models.CharField(max_length=128)
    request_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    answer = models.JSONField()
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        app_label = "kernel"
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="idempotency_key_once")]


@dataclass(frozen=True, slots=True)
class Remembered:
    """The answer that was given when the key was first used."""

    status: int
    answer: object


def digest(method: str, path: str, body: bytes) -> str:
    """What makes two requests the same."""
    return hashlib.sha256(b"\n".join([method.encode(), path.encode(), body])).hexdigest()


def reserve(owner: str, key: str, request_digest: str, *, now: datetime) -> Remembered | None:
    """Take the key inside the caller's transaction, before the effect; None when it is ours to use.

    A second request with the same key waits here until the first has committed or rolled back: then it gets
    the first answer, or the key itself. Raises `Conflict` if the key was used for something else.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_idempotencykey (owner, key, request_digest, status, answer, created_at) "
            "VALUES (%s, %s, %s, 0, 'null', %s) ON CONFLICT (owner, key) DO NOTHING RETURNING id",
            [owner, key, request_digest, connection.ops.adapt_datetimefield_value(now)],
        )
        if cursor.fetchone() is not None:
            return None
    row = IdempotencyKey.objects.get(owner=owner, key=key)
    if row.request_digest != request_digest:
        raise Conflict(
            msg("Khóa Idempotency-Key này đã dùng cho một yêu cầu khác. Hãy gửi với khóa mới."),
            code="idempotency_key_reused",
        )
    return Remembered(row.status, row.answer)


def settle(owner: str, key: str, *, status: int, answer: object) -> None:
    """Keep the answer with the key, in the transaction of the effect: both exist or neither does."""
    kept = json.loads(json.dumps(answer, default=str))
    IdempotencyKey.objects.filter(owner=owner, key=key).update(status=status, answer=kept)

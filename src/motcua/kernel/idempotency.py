"""One effect for one key: a request repeated after a lost answer gets the first answer again."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime

from django.db import models

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


def digest(method: str, path: str, body: bytes) -> str:
    """What makes two requests the same."""
    return hashlib.sha256(b"\n".join([method.encode(), path.encode(), body])).hexdigest()


def remembered(owner: str, key: str, request_digest: str) -> tuple[int, object] | None:
    """The earlier answer to this key, or None. Raises `Conflict` if the key was used for something else."""
    row = IdempotencyKey.objects.filter(owner=owner, key=key).first()
    if row is None:
        return None
    if row.request_digest != request_digest:
        raise Conflict(
            msg("Khóa Idempotency-Key này đã dùng cho một yêu cầu khác. Hãy gửi với khóa mới."),
            code="idempotency_key_reused",
        )
    return row.status, row.answer


def remember(
    owner: str, key: str, request_digest: str, *, status: int, answer: object, now: datetime
) -> None:
    """Keep the answer, in the transaction of the effect itself: both exist or neither does."""
    IdempotencyKey.objects.create(
        owner=owner,
        key=key,
        request_digest=request_digest,
        status=status,
        answer=json.loads(json.dumps(answer, default=str)),
        created_at=now,
    )

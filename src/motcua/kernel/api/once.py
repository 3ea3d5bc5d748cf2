"""Writes of the API: one effect for one `Idempotency-Key`, and a trace of who acted through which system."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from ninja import Schema

from motcua.kernel import audit, clock, idempotency
from motcua.kernel.actor import Actor
from motcua.kernel.api.bearer import SAFE
from motcua.kernel.errors import Invalid
from motcua.kernel.messages import msg

KEY_HEADER = "Idempotency-Key"
REPLAY_HEADER = "Idempotent-Replay"
_GOOD_KEY = re.compile(r"[\x21-\x7e]{1,128}")

View = Callable[..., Any]


def once(view: View) -> View:
    """Around every operation, after authentication and validation; readings pass through."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.method in SAFE:
            return view(request, *args, **kwargs)
        client: Actor = request.api_client  # type: ignore[attr-defined]  # set by BearerToken
        actor: Actor = request.actor  # type: ignore[attr-defined]  # set by BearerToken
        key = _key(request)
        if key is None and actor is client:
            return view(request, *args, **kwargs)
        with transaction.atomic():
            now = clock.now()
            if key is not None:
                owner = idempotency_owner(request)
                earlier = idempotency.reserve(owner, key, _digest(request), now=now)
                if earlier is not None:
                    request.is_replay = True  # type: ignore[attr-defined]  # becomes a header
                    return earlier.answer
            if actor is not client:
                _trace(client, actor, request, now)
            result = view(request, *args, **kwargs)
            if key is not None:
                assert not isinstance(result, HttpResponseBase), "writes answer with a schema"
                idempotency.settle(owner, key, status=200, answer=_plain(result))
        return result

    return answered


def idempotency_owner(request: HttpRequest) -> str:
    """In whose name keys are kept: two partner systems may use the same key."""
    client: Actor = request.api_client  # type: ignore[attr-defined]  # set by BearerToken
    return f"client:{client.client_id}"


def _key(request: HttpRequest) -> str | None:
    key = request.headers.get(KEY_HEADER)
    if key is not None and not _GOOD_KEY.fullmatch(key):
        raise Invalid(
            msg("Khóa Idempotency-Key gồm 1 đến 128 ký tự ASCII, không có dấu cách."),
            field=KEY_HEADER,
        )
    return key


def _digest(request: HttpRequest) -> str:
    """The same words in the same place; a file counts by its content."""
    officer = str(request.headers.get("Motcua-Officer", ""))
    place = f"{request.get_full_path()}\n{officer}"
    if request.content_type != "multipart/form-data":
        return idempotency.digest(request.method or "", place, request.body)
    said = [f"{name}={value}" for name in sorted(request.POST) for value in request.POST.getlist(name)]
    for name in sorted(request.FILES):
        for file in request.FILES.getlist(name):
            content = hashlib.sha256()
            for chunk in file.chunks():
                content.update(chunk)
            file.seek(0)
            said.append(f"{name}={file.name}={content.hexdigest()}")
    return idempotency.digest(request.method or "", place, "\n".join(said).encode())


def _trace(client: Actor, actor: Actor, request: HttpRequest, now: datetime) -> None:
    audit.record(
        client,
        "api.acted_for_officer",
        subject_type="user",
        subject=str(actor.user_id),
        data={"officer": actor.name, "path": request.path[:200]},
        at=now,
    )


def _plain(result: object) -> object:
    return result.model_dump(mode="json") if isinstance(result, Schema) else result

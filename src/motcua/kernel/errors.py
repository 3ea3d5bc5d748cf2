"""Refusals: anticipated answers of "no", each with a sentence for people. Anything else is a bug."""

from __future__ import annotations

from typing import ClassVar

from motcua.kernel.messages import Message


class Refused(Exception):
    """An act that may not happen. `field` names the input at fault, if one is."""

    status: ClassVar[int] = 422
    code: str = "refused"

    def __init__(self, message: Message, *, code: str | None = None, field: str | None = None) -> None:
        super().__init__(message.source())
        self.message = message
        self.field = field
        if code:
            self.code = code


class Invalid(Refused):
    """The input cannot be used as it is; the message says what to change."""

    status = 422
    code = "invalid"


class NotAllowed(Refused):
    """The person may not do this."""

    status = 403
    code = "not_allowed"


class NotFound(Refused):
    """There is no such thing, or none that the person may see."""

    status = 404
    code = "not_found"


class Conflict(Refused):
    """Somebody else was first, or the thing is no longer in the state the act needs."""

    status = 409
    code = "conflict"


class TooMany(Refused):
    """Asked too often; `retry_after` is in seconds."""

    status = 429
    code = "too_many"

    def __init__(self, message: Message, *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after

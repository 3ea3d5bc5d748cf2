"""What the catalogue refuses, each with a sentence for people."""

from __future__ import annotations

from collections.abc import Sequence

from motcua.kernel.errors import Conflict, Invalid, NotFound
from motcua.kernel.messages import Message


class UnknownProcedure(NotFound):
    """No procedure with that code or number, or none in force at the instant asked about."""

    code = "unknown_procedure"


class NotReceivedHere(Invalid):
    """The procedure exists but this unit may not receive it, or the place of decision is missing or wrong."""

    code = "not_received_here"


class NoProcess(NotFound):
    """No internal process is bound to the procedure and none stands in for its level."""

    code = "no_process"


class UnreadableSource(Invalid):
    """A source document that is not one: wrong shape, wrong format."""

    code = "unreadable_source"


class PeriodsOverlap(Conflict):
    """Two versions of one procedure would stand at one instant."""

    code = "periods_overlap"


class UnknownChangeSet(NotFound):
    """No change-set with that number or id."""

    code = "unknown_change_set"


class WrongState(Conflict):
    """The change-set is not in the state the act needs."""

    code = "change_set_state"


class EditedMeanwhile(Conflict):
    """Somebody else changed the change-set after the form was opened; nothing was overwritten."""

    code = "edited_meanwhile"


class NotReady(Conflict):
    """Something is in the way of approving or publishing; `reasons` has every one of them."""

    code = "not_ready"

    def __init__(self, message: Message, *, reasons: Sequence[Message], field: str | None = None) -> None:
        super().__init__(message, field=field)
        self.reasons = tuple(reasons)


class InUse(Conflict):
    """The change-set cannot be undone any more: something already stands on it."""

    code = "in_use"

    def __init__(self, message: Message, *, reasons: Sequence[Message]) -> None:
        super().__init__(message)
        self.reasons = tuple(reasons)

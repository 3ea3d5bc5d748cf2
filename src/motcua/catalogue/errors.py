"""What the catalogue refuses, each with a sentence for people."""

from __future__ import annotations

from motcua.kernel.errors import Invalid, NotFound


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

"""What the first page asks somebody to see to."""

from __future__ import annotations

from dataclasses import dataclass

from motcua.kernel.messages import Message


@dataclass(frozen=True, slots=True)
class Hint:
    """Something that will stop work unless somebody sees to it. `unit_code` or `view` (with its `place` in the address
    and its `query`) is where to do so.
    """

    text: Message
    unit_code: str = ""
    view: str = ""
    place: str = ""
    query: str = ""

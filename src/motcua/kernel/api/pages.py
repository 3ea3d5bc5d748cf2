"""Pages of long lists: a cursor is where the page before ended. Its content is nobody's business but ours."""

from __future__ import annotations

from typing import Annotated

from ninja import Query

Cursor = Annotated[
    str,
    Query(
        max_length=20, pattern="^[0-9]*$", description="`next` of the page before; empty for the first page"
    ),
]
Limit = Annotated[int, Query(ge=1, le=200, description="Most rows of a page")]
LARGEST = 2**63 - 1


def after(cursor: str) -> int | None:
    """The row the page begins behind; None for the first page. A number no row can have ends the list."""
    return min(int(cursor), LARGEST) if cursor else None

"""What an act came to, said on the page that is shown next."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import messages
from django.http import HttpRequest

from motcua.kernel.errors import NotAllowed, NotFound, Refused


@contextmanager
def telling(request: HttpRequest, done: str) -> Iterator[None]:
    """Say `done`, or why the act inside was refused. Who may not, and what is not there, have pages of their own."""
    try:
        yield
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        messages.error(request, refused.message.render())
    else:
        messages.success(request, done)

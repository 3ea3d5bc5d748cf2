"""A process's picture of data that is read all the time and written seldom, so that hot paths ask nothing.

Every write changes one stamped row (`touch`). A process compares stamps at most every two seconds and loads the
picture again when they differ. A transaction that has itself written sees its own picture; that one is never
shared before the commit, nor kept after a rollback.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from django.db import connection, transaction

CHECK_SECONDS = 2.0


class Stamped(Protocol):
    """What can be kept as a picture: it knows the stamp of the data it was made from."""

    @property
    def stamp(self) -> str: ...


T = TypeVar("T", bound=Stamped)


@dataclass(slots=True)
class _Own(Generic[T]):
    """The picture of a transaction that has written; each of its writes is among its on-commit calls while it lives.

    It may write, and then write again in a part that is rolled back: the first write is still there to see. `place` is
    where the last write stands among the calls: while it stands there, none before it was dropped either, and a long
    transaction need not look through all of them.
    """

    tokens: list[object]
    place: int
    picture: T | None = None


class Picture(Generic[T]):
    """Keeps one picture. `load` makes it (stamp first: data newer than its stamp is only loaded once more);
    `read_stamp` is one statement; `write_stamp` keeps the new stamp in the caller's transaction.
    """

    def __init__(
        self,
        name: str,
        *,
        load: Callable[[], T],
        read_stamp: Callable[[], str],
        write_stamp: Callable[[str], None],
    ) -> None:
        self._slot = f"motcua_picture_{name}"
        self._load = load
        self._read_stamp = read_stamp
        self._write_stamp = write_stamp
        self._lock = threading.Lock()
        self._held: T | None = None
        self._checked_at = 0.0

    def current(self) -> T:
        """The picture to read now: no statement while the last comparison is fresh, one when it is not."""
        own = self._own()
        if own is not None:
            if own.picture is None:
                own.picture = self._load()
            return own.picture
        held = self._held
        if held is not None and time.monotonic() - self._checked_at < CHECK_SECONDS:
            return held
        with self._lock:
            return self._compare()

    def touch(self, *, tell: bool = True) -> None:
        """Say that the data was written (at most two statements, in the caller's transaction).

        Without `tell` only this transaction's own picture is made anew, and the stamp, on which other writers wait,
        is left alone: for what is always rolled back.
        """
        if tell:
            self._write_stamp(secrets.token_hex(16))

        def committed() -> None:
            self.forget()

        own = self._own() if connection.in_atomic_block else None
        transaction.on_commit(committed)
        if connection.in_atomic_block:
            tokens = [*(own.tokens if own else ()), committed]
            setattr(connection, self._slot, _Own[T](tokens, place=len(connection.run_on_commit) - 1))

    def forget(self) -> None:
        """Drop the process's picture, and that of our own transaction; the next reader loads a new one."""
        own: _Own[T] | None = getattr(connection, self._slot, None)
        if own is not None:
            own.picture = None
        with self._lock:
            self._held = None
            self._checked_at = 0.0

    def _own(self) -> _Own[T] | None:
        own: _Own[T] | None = getattr(connection, self._slot, None)
        if own is None:
            return None
        calls = connection.run_on_commit
        if own.place < len(calls) and calls[own.place][1] is own.tokens[-1]:
            return own
        # Committed, rolled back, or a savepoint was: what was seen since then is no longer ours to show.
        places = {id(call[1]): place for place, call in enumerate(calls)}
        living = [token for token in own.tokens if id(token) in places]
        own = _Own[T](living, place=places[id(living[-1])]) if living else None
        setattr(connection, self._slot, own)
        return own

    def _compare(self) -> T:
        held = self._held
        now = time.monotonic()
        if held is not None and now - self._checked_at < CHECK_SECONDS:
            return held  # another thread was quicker
        if held is None or self._read_stamp() != held.stamp:
            held = self._load()
            self._held = held
        self._checked_at = now
        return held

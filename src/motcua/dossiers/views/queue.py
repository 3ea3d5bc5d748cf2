"""Where a person is in their work: the list, what narrows it, and the place in it. Carried in the address."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from motcua.dossiers import queries_worklist as queries
from motcua.dossiers.form_parts import FilterForm
from motcua.dossiers.queries_worklist_rows import Row
from motcua.dossiers.rules.worklist import BadCursor, Cursor, Filters, Tab
from motcua.kernel.actor import Actor

QUEUE, PLACE, TASK, PRINT = "queue", "at", "task", "print"


@dataclass(frozen=True, slots=True)
class Queue:
    """A list and a place in it; `given` is false where the person came from elsewhere."""

    tab: Tab
    filters: Filters
    form: FilterForm
    narrowed: tuple[tuple[str, str], ...]
    place: Cursor | None
    given: bool

    @classmethod
    def read(cls, query: QueryDict) -> Queue:
        """The list named in an address; what cannot be read falls back to the beginning."""
        named = query.get(QUEUE, "")
        form = FilterForm(query)
        narrowed = tuple((name, value) for name in form.fields if (value := query.get(name, "")))
        return cls(
            tab=Tab(named) if named in set(Tab) else Tab.TODAY,
            filters=form.filters(),
            form=form,
            narrowed=narrowed,
            place=_cursor(query.get(PLACE, "")),
            given=named in set(Tab),
        )

    def query(self, **more: str | int | None) -> str:
        """`?queue=…` with the filters; `more` adds to it, None leaves out."""
        pairs = [(QUEUE, self.tab.value), *self.narrowed]
        pairs += [(name, str(value)) for name, value in more.items() if value is not None]
        return "?" + urlencode(pairs)

    @property
    def carried(self) -> str:
        """What an act's address carries on so that the next dossier can open."""
        if not self.given:
            return ""
        return self.query(at=self.place.encode() if self.place else None)

    @property
    def list_url(self) -> str:
        return reverse("dossiers:worklist") + (self.query() if self.given else "")

    def tab_url(self, tab: Tab) -> str:
        """Another list; filters are left behind, because they name what that list may not have."""
        return f"{reverse('dossiers:worklist')}?{urlencode([(QUEUE, tab.value)])}"

    def row_url(self, row: Row) -> str:
        """The dossier of a row, with the place to go on from."""
        return reverse("dossiers:detail", args=[row.code]) + self.query(at=row.cursor, task=row.task_id)

    def next_row(self, actor: Actor, *, skip: Iterable[str], now: datetime) -> Row | None:
        return queries.next_row(
            actor, tab=self.tab, filters=self.filters, cursor=self.place, skip=skip, now=now
        )


def _cursor(text: str) -> Cursor | None:
    if not text:
        return None
    try:
        return Cursor.decode(text)
    except BadCursor:
        return None


def number(text: str | None) -> int | None:
    """A positive whole number from an address, or None."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None

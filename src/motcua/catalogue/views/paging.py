"""Pages of a list and the frame a page hangs in."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _

from motcua.kernel.http import ActorRequest


def base_template(request: ActorRequest) -> str:
    """The officers' frame for signed-in people, the public one for everybody else."""
    return "kernel/base.html" if request.actor.user_id is not None else "kernel/public_base.html"


def integer(text: str | None, *, default: int) -> int:
    """A positive whole number typed in an address; the default for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and int(text[:9]) > 0 else default


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list, counted from 1."""

    number: int
    size: int

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.size

    def links(self, request: HttpRequest, total: int) -> dict[str, str]:
        """What the pager component needs."""
        shown_to = min(self.offset + self.size, total)
        return {
            "previous_url": self._url(request, self.number - 1) if self.number > 1 else "",
            "next_url": self._url(request, self.number + 1) if shown_to < total else "",
            "text": _("%(from)s–%(to)s trong %(total)s")
            % {"from": min(self.offset + 1, total), "to": shown_to, "total": total},
        }

    @staticmethod
    def _url(request: HttpRequest, number: int) -> str:
        query = request.GET.copy()
        query["trang"] = str(number)
        return f"?{query.urlencode()}"

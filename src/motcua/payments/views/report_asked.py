"""What the address of a report asks for, kept within what the person may read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from motcua.kernel import clock
from motcua.kernel.errors import NotAllowed, NotFound
from motcua.kernel.http import ActorRequest
from motcua.kernel.messages import msg
from motcua.kernel.web.days import wrong_day
from motcua.organisation import queries as organisation
from motcua.organisation.types import UnitInfo
from motcua.payments.permissions import may_read_somewhere
from motcua.payments.queries.reports import Scope, scope_of
from motcua.payments.rules.periods import KINDS, Period, asked, beside, containing, day_of
from motcua.payments.types import WAYS, Method

KIND_NAMES = {
    "ngay": msg("Hôm nay"),
    "thang": msg("Tháng này"),
    "quy": msg("Quý này"),
    "nam": msg("Năm nay"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """The scope, the period in words, and the query that leads here again."""

    scope: Scope
    period: Period
    query: dict[str, str]
    unit: UnitInfo | None
    units: tuple[UnitInfo, ...]
    place: int | None
    as_file: bool
    today: date
    wrong: dict[str, str]
    typed: dict[str, str]

    @property
    def days(self) -> tuple[Any, Any]:
        """The two days of the form: what was typed where one is wrong, else the period."""
        given = (self.typed.get("tu", ""), self.typed.get("den", ""))
        return given if self.wrong else (self.period.first, self.period.last)

    @property
    def method_label(self) -> str:
        return str(Method(self.scope.method).label) if self.scope.method else ""

    @property
    def methods(self) -> list[tuple[str, Any]]:
        return [(method.value, method.label) for method in WAYS]

    @property
    def procedure(self) -> str:
        return self.query.get("thu-tuc", "")

    @property
    def budget_name(self) -> str:
        return organisation.unit(self.scope.budget_unit_id).full_name if self.scope.budget_unit_id else ""

    @property
    def where(self) -> str:
        """The units of the report in words."""
        if self.unit is not None:
            return self.unit.full_name or self.unit.name
        if self.scope.units is None:
            return msg("Toàn tỉnh").render()
        return ", ".join(unit.full_name or unit.name for unit in self.units)

    def url(self, name: str, **changes: str) -> str:
        """Another report over the same."""
        return f"{reverse(f'payments:{name}')}?{urlencode({**self.query, **changes})}"

    @property
    def shortcuts(self) -> list[dict[str, Any]]:
        """The present periods."""
        found = []
        for kind in KINDS:
            period = containing(self.today, kind)
            query = {**self.query, "tu": f"{period.first}", "den": f"{period.last}"}
            found.append(
                {"label": KIND_NAMES[kind], "url": f"?{urlencode(query)}", "active": period == self.period}
            )
        return found

    @property
    def around(self) -> dict[str, str]:
        """The period before and after, where there is one."""
        found = {}
        for name, steps in (("previous", -1), ("next", 1)):
            other = beside(self.period, steps)
            if other is not None and other.first <= self.today:
                query = {**self.query, "tu": f"{other.first}", "den": f"{other.last}"}
                found[name] = f"?{urlencode(query)}"
        return found

    def month_within(self, first: date) -> dict[str, str]:
        """The days of a month that lie in the period."""
        month = containing(first, "thang")
        return {
            "tu": f"{max(month.first, self.period.first)}",
            "den": f"{min(month.last, self.period.last)}",
        }


def read_asked(request: ActorRequest) -> Asked:
    """Parse; bad input falls back, a unit of others is not found. Raises `NotAllowed` for who reads no books."""
    actor = request.actor
    if not may_read_somewhere(actor):
        raise NotAllowed(msg("Báo cáo thu dành cho người của đơn vị thu và người kiểm tra."))
    today = clock.today(clock.now())
    get = request.GET
    period = asked(get.get("ky", ""), get.get("tu", ""), get.get("den", ""), today=today)
    method = get.get("cach", "")
    procedure = get.get("thu-tuc", "")[:40]
    scope = scope_of(actor, period.first, period.last)
    unit = _unit(get.get("don-vi", ""), scope)
    budget = _any_unit(get.get("ngan-sach", ""))
    scope = scope_of(
        actor,
        period.first,
        period.last,
        unit_id=unit.id if unit else None,
        budget_unit_id=budget.id if budget else None,
        procedure=None if not procedure else "" if procedure == "-" else procedure,
        method=method if method in WAYS else "",
    )
    query = {
        "tu": f"{period.first}",
        "den": f"{period.last}",
        "don-vi": unit.code if unit else "",
        "ngan-sach": budget.code if budget else "",
        "thu-tuc": procedure,
        "cach": scope.method,
    }
    place = get.get("truoc", "")
    return Asked(
        scope=scope,
        period=period,
        query={name: value for name, value in query.items() if value},
        unit=unit,
        units=_agencies(scope),
        place=int(place) if place.isascii() and place.isdigit() and len(place) < 16 else None,
        as_file=get.get("xuat") == "xlsx",
        today=today,
        typed={name: get.get(name, "")[:40] for name in ("tu", "den")},
        wrong={
            name: wrong_day(text)
            for name in ("tu", "den")
            if (text := get.get(name, "")) and day_of(text) is None
        },
    )


def _unit(code: str, scope: Scope) -> UnitInfo | None:
    if not code:
        return None
    found = _any_unit(code)
    if found is None or (scope.units is not None and found.id not in scope.units):
        raise NotFound(msg("Không có đơn vị này, hoặc bạn không xem được sổ thu của đơn vị này."))
    return found


def _any_unit(code: str) -> UnitInfo | None:
    try:
        return organisation.unit_by_code(code) if code else None
    except NotFound:
        return None


def _agencies(scope: Scope) -> tuple[UnitInfo, ...]:
    """The agencies to choose from."""
    known = organisation.agencies()
    return tuple(unit for unit in known if scope.units is None or unit.id in scope.units)

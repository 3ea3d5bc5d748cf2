"""What happened in the organisation: ids, days and words only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class OrganisationLoaded:
    """The carried data was loaded and something differed."""

    name: ClassVar[str] = "organisation.loaded"
    units_created: int
    units_changed: int
    days_changed: int


@dataclass(frozen=True, slots=True)
class UnitCreated:
    name: ClassVar[str] = "organisation.unit_created"
    unit_id: int
    code: str


@dataclass(frozen=True, slots=True)
class PostOpened:
    name: ClassVar[str] = "organisation.post_opened"
    post_id: int
    user_id: int
    unit_id: int
    role: str


@dataclass(frozen=True, slots=True)
class PostClosed:
    """`ends_on` (ISO day) is the last day on which the post is held."""

    name: ClassVar[str] = "organisation.post_closed"
    post_id: int
    user_id: int
    unit_id: int
    role: str
    ends_on: str


@dataclass(frozen=True, slots=True)
class DelegationGiven:
    name: ClassVar[str] = "organisation.delegation_given"
    delegation_id: int
    post_id: int
    delegate_id: int


@dataclass(frozen=True, slots=True)
class DelegationRevoked:
    name: ClassVar[str] = "organisation.delegation_revoked"
    delegation_id: int
    post_id: int
    delegate_id: int


@dataclass(frozen=True, slots=True)
class CalendarChanged:
    """The working time of a unit, and of every unit below it, is no longer what it was.

    `days` are ISO days that changed; empty means the sessions of the week did, from `since` (ISO day) on.
    """

    name: ClassVar[str] = "organisation.calendar_changed"
    unit_id: int
    days: tuple[str, ...] = ()
    since: str = ""


@dataclass(frozen=True, slots=True)
class ApiClientCreated:
    name: ClassVar[str] = "organisation.api_client_created"
    client_id: int
    agency_id: int | None


@dataclass(frozen=True, slots=True)
class UnitChanged:
    """`fields` are the names of what was corrected."""

    name: ClassVar[str] = "organisation.unit_changed"
    unit_id: int
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ApiClientClosed:
    name: ClassVar[str] = "organisation.api_client_closed"
    client_id: int


@dataclass(frozen=True, slots=True)
class UnitsSucceeded:
    """A succession was carried out; `number` is that of its decision."""

    name: ClassVar[str] = "organisation.units_succeeded"
    succession_id: int
    number: str


@dataclass(frozen=True, slots=True)
class SuccessionUndone:
    name: ClassVar[str] = "organisation.succession_undone"
    succession_id: int
    number: str


@dataclass(frozen=True, slots=True)
class StaffListApplied:
    name: ClassVar[str] = "organisation.staff_list_applied"
    import_id: int

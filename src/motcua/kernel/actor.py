"""Who acts: a person through their posts, a partner system, or the product itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

Via = Literal["web", "api", "job", "command"]


@dataclass(frozen=True, slots=True)
class Grant:
    """A role in a unit, held by a post or through a delegation (ủy quyền)."""

    unit_id: int
    agency_id: int
    role: str
    post_id: int | None = None
    on_behalf_of: int | None = None
    delegation_id: int | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """The person or system on whose account something is read or written."""

    user_id: int | None
    name: str
    via: Via = "web"
    grants: tuple[Grant, ...] = ()
    is_admin: bool = False
    client_id: int | None = None
    scopes: frozenset[str] = frozenset()
    ip: str = ""

    @classmethod
    def system(cls, name: str, via: Via = "job") -> Actor:
        """The product acting by itself: jobs, loaders, commands."""
        return cls(user_id=None, name=name, via=via, is_admin=True)

    @classmethod
    def anonymous(cls, ip: str = "") -> Actor:
        """Somebody who has not said who they are."""
        return cls(user_id=None, name="", ip=ip)

    @property
    def is_known(self) -> bool:
        """A person who signed in, a partner system, or the product itself."""
        return self.user_id is not None or self.client_id is not None or self.is_admin

    @property
    def agency_ids(self) -> frozenset[int]:
        return frozenset(grant.agency_id for grant in self.grants)

    @property
    def unit_ids(self) -> frozenset[int]:
        return frozenset(grant.unit_id for grant in self.grants)

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(grant.role for grant in self.grants)

    def has(
        self,
        *roles: str,
        agency_id: int | None = None,
        unit_id: int | None = None,
    ) -> bool:
        """Whether some grant has one of the roles (any, if none is named) in that agency and unit."""
        return self.grant_for(roles, agency_id=agency_id, unit_id=unit_id) is not None

    def grant_for(
        self, roles: Iterable[str], *, agency_id: int | None = None, unit_id: int | None = None
    ) -> Grant | None:
        """The grant that allows it; the person's own post is preferred to a delegation."""
        wanted = frozenset(roles)
        found = [
            grant
            for grant in self.grants
            if (not wanted or grant.role in wanted)
            and (agency_id is None or grant.agency_id == agency_id)
            and (unit_id is None or grant.unit_id == unit_id)
        ]
        return min(found, key=lambda grant: grant.on_behalf_of is not None, default=None)

    def with_ip(self, ip: str) -> Actor:
        return replace(self, ip=ip)

"""The organisation's tables."""

from motcua.organisation.models.calendar import CalendarDay, WorkSession
from motcua.organisation.models.post import ApiClient, Delegation, Post
from motcua.organisation.models.unit import OrganisationVersion, Unit

__all__ = ["ApiClient", "CalendarDay", "Delegation", "OrganisationVersion", "Post", "Unit", "WorkSession"]

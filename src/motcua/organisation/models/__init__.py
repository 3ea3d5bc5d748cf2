"""The organisation's tables."""

from motcua.organisation.models.calendar import CalendarDay, WorkSession
from motcua.organisation.models.post import ApiClient, Delegation, Post
from motcua.organisation.models.staff import DuplicateDecision, StaffImport, StaffProfile
from motcua.organisation.models.succession import Succession, SuccessionLine
from motcua.organisation.models.unit import OrganisationVersion, Unit

__all__ = [
    "ApiClient",
    "CalendarDay",
    "Delegation",
    "DuplicateDecision",
    "OrganisationVersion",
    "Post",
    "StaffImport",
    "StaffProfile",
    "Succession",
    "SuccessionLine",
    "Unit",
    "WorkSession",
]

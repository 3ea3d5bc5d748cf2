"""Refusals of this context, each named after what is wrong."""

from __future__ import annotations

from motcua.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from motcua.kernel.messages import msg


class UnknownUnit(NotFound):
    code = "unknown_unit"


class UnknownPost(NotFound):
    code = "unknown_post"


class UnknownDelegation(NotFound):
    code = "unknown_delegation"


class UnknownPerson(Invalid):
    code = "unknown_person"


class NotYourUnit(NotAllowed):
    code = "not_your_unit"


class DatesOutOfOrder(Invalid):
    code = "dates_out_of_order"


class PostAlreadyOpen(Conflict):
    code = "post_already_open"


class DelegationToOneself(Invalid):
    code = "delegation_to_oneself"


class OutsidePost(Invalid):
    code = "outside_post"


class RoleNotDelegable(Invalid):
    code = "role_not_delegable"


class AlreadyEnded(Conflict):
    code = "already_ended"


class BadSessions(Invalid):
    code = "bad_sessions"


class BadCalendarDay(Invalid):
    code = "bad_calendar_day"


class CodeTaken(Conflict):
    code = "code_taken"


class BadOrganisationData(Invalid):
    code = "bad_organisation_data"


class BadSuccession(Invalid):
    """`problems` are all there are, each with its cell; nothing was applied."""

    code = "bad_succession"

    def __init__(self, problems: list[str], *, field: str | None = "file") -> None:
        shown = "; ".join(problems[:5])
        text = msg("Có %(count)s lỗi, chưa thực hiện gì. %(shown)s", count=len(problems), shown=shown)
        super().__init__(text, field=field)
        self.problems = problems


class SuccessionInUse(Conflict):
    code = "succession_in_use"


class UnknownSuccession(NotFound):
    code = "unknown_succession"


class BadStaffList(Invalid):
    """`problems` are all there are, each with its cell; nothing was applied."""

    code = "bad_staff_list"

    def __init__(self, problems: list[str]) -> None:
        shown = "; ".join(problems[:5])
        text = msg("Danh sách có %(count)s lỗi, chưa áp dụng gì. %(shown)s", count=len(problems), shown=shown)
        super().__init__(text, field="file")
        self.problems = problems


class UnknownImport(NotFound):
    code = "unknown_import"

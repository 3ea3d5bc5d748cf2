"""What a rehearsal is asked to try, and the catalogue staged as if it were published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from motcua.catalogue import actions as catalogue_actions
from motcua.catalogue.errors import NotReady
from motcua.catalogue.queries import changes, configured, rehearsals
from motcua.catalogue.queries.ground import ground_of
from motcua.catalogue.queries.rehearsals import RehearsedLine
from motcua.catalogue.types_changes import ChangeState
from motcua.catalogue.types_drafts import ChangeSetInfo
from motcua.dossiers.adapters.golden_world import Shapes, shapes_on
from motcua.kernel import clock
from motcua.kernel.errors import Conflict, Invalid, NotFound
from motcua.kernel.messages import msg
from motcua.organisation import queries as organisation
from motcua.organisation.rules.working_time import NoWorkingTime
from motcua.organisation.types import UnitInfo

LONG_AGO = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be rehearsed, as seen at `at`, an instant of working time after it takes effect."""

    head: ChangeSetInfo | None
    lines: tuple[RehearsedLine, ...]
    digest: str
    at: datetime
    shapes: Shapes
    scope: str
    only: frozenset[int] | None

    @property
    def change_set_id(self) -> int | None:
        return self.head.id if self.head else None

    @property
    def narrowed(self) -> bool:
        """Only a part is tried, which opens no gate."""
        return bool(self.scope)

    @property
    def day(self) -> date:
        """The first day of the dossiers."""
        return clock.today(self.at)


def task_of(change_set_id: int | None, procedure: str, unit: str, now: datetime) -> Task:
    head = changes.change_set(change_set_id) if change_set_id is not None else None
    if head is not None and head.effective_at is None:
        raise Invalid(
            msg("Gói %(number)s chưa có ngày hiệu lực nên chưa diễn tập được.", number=head.number),
            field="effective_at",
        )
    if head is not None and head.state not in (ChangeState.DRAFT, ChangeState.APPROVED):
        raise Conflict(msg("Gói %(number)s không còn chờ công bố nên không diễn tập.", number=head.number))
    effective = head.effective_at if head and head.effective_at else now
    at = _working_moment(max(effective, now))
    lines = tuple(rehearsals.rehearsed_lines(head.id)) if head else ()
    only: frozenset[int] | None = None
    if procedure:
        lines = tuple(line for line in lines if line.code == procedure)
        if head and not lines:
            raise NotFound(
                msg("Gói %(number)s không có thủ tục %(code)s.", number=head.number, code=procedure),
                field="procedure",
            )
        only = frozenset() if head else frozenset(configured.procedures_of_code(procedure))
        if only is not None and not only and not head:
            raise NotFound(msg("Không có thủ tục %(code)s.", code=procedure[:64]), field="procedure")
    shapes = shapes_on(clock.today(at))
    if unit:
        shapes = shapes.only(_points_of(organisation.unit_by_code(unit)))
    return Task(
        head=head,
        lines=lines,
        digest=changes.digest_of(head.id) if head else "",
        at=at,
        shapes=shapes,
        scope=" ".join(part for part in (procedure, unit) if part),
        only=only,
    )


def _points_of(unit: UnitInfo) -> frozenset[str]:
    """Where dossiers for this unit are received: itself, its centre, the points within its commune."""
    home = unit.area_id or unit.agency_id
    points = [point for point in organisation.reception_points() if home in (point.agency_id, point.area_id)]
    codes = {point.code for point in points if unit.is_agency or point.id == unit.id}
    return frozenset(codes or {organisation.centre_of(unit.agency_id).code})


def _working_moment(at: datetime) -> datetime:
    """The middle of the first working morning at or after an instant."""
    calendar = organisation.calendar_for(organisation.province().id)
    try:
        opening = calendar.opening(calendar.working_day_from(clock.today(at)))
    except NoWorkingTime:
        opening = None
    begun = at if opening is None or opening <= at else opening
    return begun + LONG_AGO


@dataclass(frozen=True, slots=True)
class Stage:
    """What stands while a rehearsal runs: on what ground, or why it cannot be staged."""

    ground: Mapping[str, Any]
    procedures: Mapping[int, int] = field(default_factory=dict)
    """The procedure of each line, new ones included."""
    refused: NotReady | None = None


@contextmanager
def staged(task: Task, now: datetime) -> Iterator[Stage]:
    """Within, the catalogue is as if the change-set were published; afterwards as if nothing had been.

    Raises `Conflict` if somebody changed the change-set between the preparation and its lock: a rehearsal speaks of
    one content only.
    """
    if task.head is None:
        yield Stage(ground_of(None, task.day))
        return
    with ExitStack() as stack:
        try:
            found = stack.enter_context(
                catalogue_actions.as_if_published(change_set_id=task.head.id, day=task.day, now=now)
            )
        except NotReady as refusal:
            yield Stage({}, refused=refusal)
            return
        if found.digest != task.digest:
            raise Conflict(
                msg("Gói %(number)s vừa được sửa trong lúc chuẩn bị. Diễn tập lại.", number=task.head.number)
            )
        yield Stage(found.ground, found.procedures)

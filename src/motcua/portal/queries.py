"""What the public site shows: one dossier for its owner, and the places where people are received."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from motcua.dossiers import queries_tracking
from motcua.dossiers.queries_tracking import Tracked, TrackedPromise
from motcua.dossiers.types import Status
from motcua.kernel import clock
from motcua.kernel.messages import Message
from motcua.kernel.text import fold
from motcua.organisation import queries as organisation
from motcua.organisation.types import UnitInfo, UnitKind
from motcua.payments import queries as payments
from motcua.portal.rules import now as now_rules
from motcua.portal.rules import story
from motcua.portal.rules.masking import masked_name, masked_number, without_identity
from motcua.portal.rules.now import Standing, ToDo
from motcua.portal.rules.opening import Opening, opening

PAGE = 24
_UNDER_WAY = frozenset({Status.RECEIVED, Status.PROCESSING})


@dataclass(frozen=True, slots=True)
class Place:
    """A reception point: `area` is the commune it lies in, `formerly` the communes that were merged into that."""

    id: int
    name: str
    kind: str
    address: str
    area: str
    phone: str
    formerly: str
    opening: Opening


@dataclass(frozen=True, slots=True)
class Places:
    """A page of reception points, counted from 1."""

    rows: tuple[Place, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class TrackingPage:
    """One dossier in plain words, without anybody's full name or number."""

    code: str
    title: str
    procedure: str
    procedure_code: str
    case: str
    owner: str
    owner_number: str
    standing: Standing
    to_do: ToDo | None
    promises: tuple[TrackedPromise, ...]
    promise_reason: Message | None
    why: tuple[str, ...]
    is_paused: bool
    is_late: bool
    moved_from: datetime | None
    received_at: datetime | None
    done_at: datetime | None
    result_number: str
    result_issued_on: date | None
    end_reasons: tuple[str, ...]
    papers_returned: tuple[str, ...]
    entries: tuple[story.Entry, ...]
    place: Place
    place_is_for_papers: bool
    seen_at: datetime
    owed: int = 0
    has_bills: bool = False


def tracking_page(token: str, now: datetime) -> TrackingPage | None:
    """The page of a token, or None for an unknown one. Eight statements at most, however long the story."""
    found = queries_tracking.tracked(token, now)
    if found is None:
        return None
    money = payments.standing(found.code)
    page = _page(found, now)
    idle = page.to_do is not None and page.to_do.nothing
    to_do = None if idle and money.owed else page.to_do  # whoever owes money has something to do
    return replace(page, to_do=to_do, owed=money.owed, has_bills=money.total > 0)


def _page(found: Tracked, now: datetime) -> TrackingPage:
    status = found.status
    is_paused = found.paused_since is not None or status is Status.AWAITING_SUPPLEMENT
    is_late = status in _UNDER_WAY and not is_paused and found.due_at is not None and found.due_at < now
    asked = next((pause for pause in reversed(found.pauses) if pause.until is None), None)
    awaits_intake = asked is not None and asked.is_intake
    waits_at_the_counter = status in {Status.AWAITING_SUPPLEMENT, Status.REFUSED}
    at_counter = found.receiving_unit_id if waits_at_the_counter else found.returning_unit_id
    return TrackingPage(
        code=found.code,
        title=found.short_name or found.procedure,
        procedure=found.procedure,
        procedure_code=found.procedure_code,
        case=found.case,
        owner=masked_name(found.owner, is_organisation=found.owner_is_organisation),
        owner_number=masked_number(found.owner_id_number),
        standing=now_rules.standing(
            status.value,
            where=_where(found),
            is_late=is_late,
            granted=found.granted,
            awaits_intake=awaits_intake,
        ),
        to_do=now_rules.to_do(
            status.value,
            method=found.return_method.value,
            items=_clean(found, asked.items if asked else ()),
            respond_by=asked.respond_by if asked else None,
            what=without_identity(found.pause_reason, found.private),
        ),
        promises=() if status is Status.REFUSED or found.received_at is None else found.promises,
        promise_reason=now_rules.promise_reason(found.limit, found.received_at, restarted=found.restarted),
        why=_clean(found, [line.render() for line in found.why]),
        is_paused=is_paused,
        is_late=is_late,
        moved_from=found.original_due_at if found.extensions else None,
        received_at=found.received_at,
        done_at=found.completed_at,
        result_number=found.result_number if found.completed_at else "",
        result_issued_on=found.result_issued_on if found.completed_at else None,
        end_reasons=_clean(found, found.end_reasons),
        papers_returned=_clean(found, found.papers_returned),
        entries=story.tell(_facts(found, is_paused=is_paused, overdue=is_late)),
        place=place_of(organisation.unit(at_counter), now),
        place_is_for_papers=waits_at_the_counter,
        seen_at=now,
    )


def _where(found: Tracked) -> str:
    """The units that have an open step; the deciding agency while nothing is open."""
    open_now = [step for step in found.steps if step.until is None and step.kind not in {"return", "after"}]
    ids = dict.fromkeys(step.unit_id for step in open_now if not step.is_consultation) or dict.fromkeys(
        step.unit_id for step in open_now
    )
    return "; ".join(_called(unit_id) for unit_id in ids) or _called(found.competent_agency_id)


def _called(unit_id: int) -> str:
    """A unit without abbreviations: a division with the full name of its agency."""
    unit = organisation.unit(unit_id)
    if unit.kind != UnitKind.DIVISION:
        return unit.full_name
    return f"{unit.name}, {organisation.unit(unit.agency_id).full_name}"


def _facts(found: Tracked, *, is_paused: bool, overdue: bool) -> story.Facts:
    return story.Facts(
        status=found.status.value,
        created_at=found.created_at,
        received_at=found.received_at,
        receiving_unit=_called(found.receiving_unit_id),
        returning_unit=_called(found.returning_unit_id),
        steps=[
            story.Step(step.kind, _called(step.unit_id), step.since, step.until, step.is_consultation)
            for step in found.steps
        ],
        pauses=[
            story.Pause(
                pause.since,
                pause.until,
                without_identity(pause.reason, found.private),
                _clean(found, pause.items),
                pause.number,
                pause.is_intake,
            )
            for pause in found.pauses
        ],
        extensions=[
            story.Extension(each.at, each.new_due_on, without_identity(each.reason, found.private))
            for each in found.extensions
        ],
        changes=[story.Change(each.at, each.line) for each in found.changes],
        due_at=found.due_at,
        overdue_since=found.due_at if overdue else None,
        completed_at=found.completed_at,
        completed_late=found.is_late,
        returned_at=found.returned_at,
        closed_at=found.closed_at,
        is_paused=is_paused,
    )


def _clean(found: Tracked, texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(without_identity(text, found.private) for text in texts)


# --- places -----------------------------------------------------------------------------------------------


def place_of(unit: UnitInfo, now: datetime) -> Place:
    """A reception point for somebody who wants to go there (no statement)."""
    commune = _commune_of(unit)
    province = organisation.province()
    return Place(
        id=unit.id,
        name=unit.full_name,
        kind="police" if unit.kind == UnitKind.VERTICAL else "centre",
        address=unit.address,
        area=f"{commune.name}, {province.name}" if commune else province.name,
        phone=unit.phone or (commune.phone if commune else ""),
        formerly=", ".join(commune.predecessors) if commune else "",
        opening=opening(organisation.calendar_for(unit.id), now),
    )


def places(text: str, *, page: int, now: datetime) -> Places:
    """Reception points by the names of their communes, today's before those that were merged; accents do not matter.

    The words as they were typed first; only where no name holds them so, each word anywhere. The provincial centre
    stands first, then the centres of the communes by name, then the commune police.
    """
    words = fold(text).split()[:8]
    known = [unit for unit in organisation.reception_points() if unit.stands_on(clock.today(now))]
    found = _ranked(known, [" ".join(words)]) or _ranked(known, words)
    found.sort(key=lambda item: (item[0], _order(item[1]), fold(item[1].full_name)))
    pages = max(1, -(-len(found) // PAGE))
    page = min(max(page, 1), pages)
    shown = found[(page - 1) * PAGE : page * PAGE]
    return Places(tuple(place_of(unit, now) for _rank_, unit in shown), len(found), page, pages)


def _ranked(units: Sequence[UnitInfo], phrases: Sequence[str]) -> list[tuple[int, UnitInfo]]:
    ranked = ((_rank(unit, phrases), unit) for unit in units)
    return [(rank, unit) for rank, unit in ranked if rank is not None]


def provincial_centre(now: datetime) -> Place:
    """The centre of the province."""
    return place_of(organisation.centre_of(organisation.province().id), now)


def province_name() -> str:
    """`tỉnh Bắc Ninh`, as it stands within a sentence."""
    name = organisation.province().name
    return name[:1].lower() + name[1:]


def _commune_of(unit: UnitInfo) -> UnitInfo | None:
    for candidate in (unit.agency_id, unit.area_id):
        if candidate is not None and organisation.unit(candidate).kind == UnitKind.COMMUNE:
            return organisation.unit(candidate)
    return None


def _order(unit: UnitInfo) -> int:
    if unit.kind != UnitKind.SERVICE_CENTRE:
        return 2
    return 0 if unit.is_agency or _commune_of(unit) is None else 1


def _rank(unit: UnitInfo, phrases: Sequence[str]) -> int | None:
    """0 when the names of today hold every phrase, 1 when the merged communes are needed, None otherwise."""
    commune = _commune_of(unit)
    today = [unit.full_name, unit.address, *((commune.name, commune.former_province) if commune else ())]
    if _holds(today, phrases):
        return 0
    formerly = commune.predecessors if commune else ()
    return 1 if _holds([*today, *formerly], phrases) else None


def _holds(names: Sequence[str], phrases: Sequence[str]) -> bool:
    """Whether each phrase begins a word of some name."""
    spaced = [" " + fold(name).replace(",", " ") for name in names]
    return all(any(f" {phrase}" in name for name in spaced) for phrase in phrases)

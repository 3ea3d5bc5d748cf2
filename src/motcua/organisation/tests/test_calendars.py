"""Calendars as loaded, inherited, changed and proposed."""

from __future__ import annotations

from datetime import date, time

import pytest
from django.db import IntegrityError, transaction

from motcua.kernel.errors import NotAllowed
from motcua.kernel.outbox.models import Job
from motcua.organisation import actions, errors, queries
from motcua.organisation.models import CalendarDay, WorkSession
from motcua.organisation.rules.working_time import Session
from motcua.organisation.tests.factories import NOW, SYSTEM, actor, person, post
from motcua.organisation.types import Role

MORNING, AFTERNOON = Session(time(7, 30), time(11, 30)), Session(time(13, 30), time(17, 30))


def days_off(year: int) -> set[date]:
    calendar = queries.calendar_for(queries.province().id)
    return {day for day in calendar.exceptions if day.year == year and not calendar.is_working_day(day)}


def test_2025_and_2026_have_the_decided_days_off(province: actions.LoadReport) -> None:
    assert days_off(2025) == {
        date(2025, 1, 1),
        *(date(2025, 1, day) for day in range(27, 32)),
        date(2025, 4, 7),
        date(2025, 4, 30),
        date(2025, 5, 1),
        date(2025, 5, 2),
        date(2025, 9, 1),
        date(2025, 9, 2),
    }
    assert days_off(2026) == {
        date(2026, 1, 1),
        date(2026, 1, 2),
        *(date(2026, 2, day) for day in range(16, 21)),
        date(2026, 4, 27),
        date(2026, 4, 30),
        date(2026, 5, 1),
        date(2026, 8, 31),
        date(2026, 9, 1),
        date(2026, 9, 2),
        date(2026, 11, 24),
    }


@pytest.mark.parametrize("day", [date(2025, 4, 26), date(2026, 1, 10), date(2026, 8, 22)])
def test_saturdays_worked_for_a_swapped_day_have_full_sessions(
    province: actions.LoadReport, day: date
) -> None:
    calendar = queries.calendar_for(queries.unit_by_code("09187").id)
    assert calendar.sessions_on(day) == (MORNING, AFTERNOON)


def test_every_loaded_day_names_its_decision_and_source(province: actions.LoadReport) -> None:
    assert not CalendarDay.objects.filter(decision="").exists()
    assert not CalendarDay.objects.filter(source="").exists()


def test_unit_inherits_the_province_and_adds_its_own_saturday(province: actions.LoadReport) -> None:
    ward = queries.unit_by_code("09187")
    police = queries.vertical_in(ward.id, "police")
    assert police is not None
    saturday = date(2026, 11, 28)
    assert queries.calendar_for(police.id).sessions_on(saturday) == (MORNING,)
    assert not queries.calendar_for(ward.id).is_working_day(saturday)
    assert not queries.calendar_for(police.id).is_working_day(date(2026, 11, 24))


def test_day_in_lieu_does_not_pretend_to_be_worked_elsewhere(province: actions.LoadReport) -> None:
    why = queries.calendar_for(queries.province().id).why_not_working(date(2026, 4, 27))
    assert why is not None and "làm bù" not in why.render()


def test_unit_closes_a_weekday_and_inherits_it_again(province: actions.LoadReport) -> None:
    ward = queries.unit_by_code("09187")
    friday = date(2026, 11, 27)
    actions.set_sessions(actor=SYSTEM, now=NOW, unit_id=ward.id, weekday=4, sessions=[])
    assert not queries.calendar_for(ward.id).is_working_day(friday)
    assert not queries.calendar_for(queries.unit_by_code("09187.VP").id).is_working_day(friday)
    actions.set_sessions(actor=SYSTEM, now=NOW, unit_id=ward.id, weekday=4, sessions=[MORNING])
    assert queries.calendar_for(ward.id).sessions_on(friday) == (MORNING,)
    actions.set_sessions(actor=SYSTEM, now=NOW, unit_id=ward.id, weekday=4, sessions=None)
    assert queries.calendar_for(ward.id).sessions_on(friday) == (MORNING, AFTERNOON)


def test_overlapping_sessions_are_refused(province: actions.LoadReport) -> None:
    with pytest.raises(errors.BadSessions) as refused:
        actions.set_sessions(
            actor=SYSTEM,
            now=NOW,
            unit_id=queries.province().id,
            weekday=0,
            sessions=[MORNING, Session(time(11), time(12))],
        )
    assert "07:30-11:30" in refused.value.message.render()


def test_unit_closes_for_a_day_and_tells_the_world(province: actions.LoadReport) -> None:
    ward = queries.unit_by_code("07210")
    day = date(2026, 12, 4)
    actions.set_calendar_day(
        actor=SYSTEM,
        now=NOW,
        unit_id=ward.id,
        day=day,
        kind="off",
        reason="closure",
        name="Mất điện",
        decision="TB 12/TB-UBND",
    )
    assert not queries.calendar_for(ward.id).is_working_day(day)
    assert queries.calendar_for(queries.unit_by_code("09187").id).is_working_day(day)
    event = Job.objects.filter(name="event:organisation.calendar_changed").latest("pk")
    assert event.payload == {"unit_id": ward.id, "days": ["2026-12-04"], "since": ""}
    actions.remove_calendar_day(actor=SYSTEM, now=NOW, unit_id=ward.id, day=day)
    assert queries.calendar_for(ward.id).is_working_day(day)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"decision": " "}, "decision"),
        ({"name": ""}, "name"),
        ({"kind": "maybe"}, "kind"),
        ({"reason": "compensatory"}, "reason"),
        ({"kind": "worked", "reason": "holiday"}, "reason"),
        ({"paired_day": date(2026, 12, 4)}, "paired_day"),
        ({"sessions": [MORNING]}, "sessions"),
        ({"day": date(1926, 12, 4)}, "day"),
    ],
)
def test_day_that_makes_no_sense_is_refused_at_its_field(
    province: actions.LoadReport, changes: dict[str, object], field: str
) -> None:
    given: dict[str, object] = {
        "day": date(2026, 12, 4),
        "kind": "off",
        "name": "Nghỉ",
        "decision": "QĐ 1",
        **changes,
    }
    with pytest.raises(errors.BadCalendarDay) as refused:
        actions.set_calendar_day(actor=SYSTEM, now=NOW, unit_id=queries.province().id, **given)  # type: ignore[arg-type]  # wrong on purpose
    assert refused.value.field == field


def test_next_year_is_proposed_but_does_not_count_until_confirmed(province: actions.LoadReport) -> None:
    root = queries.province()
    proposed = actions.propose_holidays(actor=SYSTEM, now=NOW, unit_id=root.id, year=2027)
    days = set(CalendarDay.objects.filter(proposed=True).values_list("day", flat=True))
    assert proposed == len(days)
    assert {
        date(2027, 1, 1),
        date(2027, 2, 8),
        date(2027, 4, 16),
        date(2027, 9, 2),
        date(2027, 11, 24),
    } <= days
    assert date(2027, 2, 7) not in days, "nobody works on that Sunday anyway"
    assert queries.calendar_for(root.id).is_working_day(date(2027, 1, 1))
    confirmed = actions.confirm_proposed(
        actor=SYSTEM, now=NOW, unit_id=root.id, days=[date(2027, 1, 1)], decision="TB 1/TB-BNV"
    )
    assert confirmed == 1
    assert not queries.calendar_for(root.id).is_working_day(date(2027, 1, 1))
    assert queries.calendar_for(root.id).is_working_day(date(2027, 4, 16))


def test_proposing_twice_adds_nothing_and_discarding_forgets(province: actions.LoadReport) -> None:
    root = queries.province()
    actions.propose_holidays(actor=SYSTEM, now=NOW, unit_id=root.id, year=2027)
    assert actions.propose_holidays(actor=SYSTEM, now=NOW, unit_id=root.id, year=2027) == 0
    days = list(CalendarDay.objects.filter(proposed=True).values_list("day", flat=True))
    assert actions.discard_proposed(actor=SYSTEM, now=NOW, unit_id=root.id, days=days) == len(days)
    assert not CalendarDay.objects.filter(proposed=True).exists()


def test_library_knows_the_swap_of_2026_as_both_its_halves(province: actions.LoadReport) -> None:
    root = queries.province()
    for day in (date(2026, 8, 31), date(2026, 8, 22)):
        actions.remove_calendar_day(actor=SYSTEM, now=NOW, unit_id=root.id, day=day)
    actions.propose_holidays(actor=SYSTEM, now=NOW, unit_id=root.id, year=2026)
    found = {row.day: row for row in CalendarDay.objects.filter(proposed=True)}
    assert set(found) == {date(2026, 8, 31), date(2026, 8, 22)}
    assert found[date(2026, 8, 22)].kind == "worked"
    assert found[date(2026, 8, 22)].paired_day == date(2026, 8, 31)


def test_confirming_needs_a_decision(province: actions.LoadReport) -> None:
    root = queries.province()
    actions.propose_holidays(actor=SYSTEM, now=NOW, unit_id=root.id, year=2027)
    with pytest.raises(errors.BadCalendarDay) as refused:
        actions.confirm_proposed(actor=SYSTEM, now=NOW, unit_id=root.id, days=[date(2027, 1, 1)], decision="")
    assert refused.value.field == "decision"


def test_database_refuses_two_open_days_and_impossible_sessions(province: actions.LoadReport) -> None:
    root = queries.province()
    with pytest.raises(IntegrityError), transaction.atomic():
        CalendarDay.objects.create(
            unit_id=root.id, day=date(2026, 11, 24), kind="off", reason="holiday", name="Lần nữa"
        )
    for opens, closes in ((time(12), time(11)), (time(12), None), (None, time(11))):
        with pytest.raises(IntegrityError), transaction.atomic():
            WorkSession.objects.create(unit_id=root.id, weekday=5, opens=opens, closes=closes)
    with pytest.raises(IntegrityError), transaction.atomic():
        WorkSession.objects.create(unit_id=root.id, weekday=7, opens=time(8), closes=time(9))


def test_clerk_may_not_change_the_calendar(province: actions.LoadReport) -> None:
    clerk = person("van-thu")
    post(clerk, "09187.VP", Role.CLERK)
    with pytest.raises(NotAllowed):
        actions.set_sessions(
            actor=actor(clerk), now=NOW, unit_id=queries.unit_by_code("09187").id, weekday=0, sessions=[]
        )


def test_agency_administrator_changes_only_the_own_agency(province: actions.LoadReport) -> None:
    admin = person("quan-tri")
    post(admin, "09187.VP", Role.IT_ADMIN)
    actions.set_sessions(
        actor=actor(admin),
        now=NOW,
        unit_id=queries.unit_by_code("09187").id,
        weekday=5,
        sessions=[MORNING],
    )
    for code in ("24", "07210"):
        with pytest.raises(NotAllowed):
            actions.propose_holidays(
                actor=actor(admin), now=NOW, unit_id=queries.unit_by_code(code).id, year=2027
            )


def test_provincial_controller_changes_every_calendar(province: actions.LoadReport) -> None:
    controller = person("kiem-soat")
    post(controller, "TTPVHCC.KS", Role.PROCEDURE_CONTROLLER)
    commune_controller = person("kiem-soat-xa")
    post(commune_controller, "09187.VP", Role.PROCEDURE_CONTROLLER)
    root = queries.province().id
    assert actions.propose_holidays(actor=actor(controller), now=NOW, unit_id=root, year=2027)
    with pytest.raises(NotAllowed):
        actions.propose_holidays(actor=actor(commune_controller), now=NOW, unit_id=root, year=2028)

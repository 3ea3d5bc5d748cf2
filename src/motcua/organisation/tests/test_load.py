"""The province as carried: real names and codes, loaded once."""

from __future__ import annotations

from datetime import date

import pytest

from motcua.kernel.actor import Actor
from motcua.kernel.audit.models import AuditEntry
from motcua.organisation import actions, carried, errors, queries
from motcua.organisation.models import CalendarDay, Unit, WorkSession
from motcua.organisation.tests.factories import NOW, SYSTEM
from motcua.organisation.types import UnitKind

# As the list of units after 1 July 2025 gives them; three codes differ in another source.
FIRST_AND_LAST = {"07210": "Phường Bắc Giang", "09187": "Phường Kinh Bắc", "09529": "Xã Lâm Thao"}
DISPUTED = {"09373": "Phường Phù Khê", "09376": "Phường Tam Sơn", "09382": "Phường Đồng Nguyên"}


def test_loads_ninety_nine_communes_with_real_names_and_codes(province: actions.LoadReport) -> None:
    communes = queries.communes()
    names = {unit.code: unit.name for unit in communes}
    assert len(communes) == 99
    assert sum(unit.commune_type == "phường" for unit in communes) == 33
    assert sum(unit.former_province == "Bắc Giang" for unit in communes) == 58
    assert FIRST_AND_LAST.items() <= names.items()
    assert DISPUTED.items() <= names.items()
    assert names["07840"] == "Xã Hiệp Hoà"


def test_every_commune_has_its_divisions_centre_and_police(province: actions.LoadReport) -> None:
    for commune in queries.communes():
        below = {unit.name for unit in queries.units_within(commune.id)}
        economy = "Phòng Kinh tế" if commune.commune_type == "xã" else "Phòng Kinh tế, Hạ tầng và Đô thị"
        assert {
            "Văn phòng HĐND và UBND",
            economy,
            "Phòng Văn hóa - Xã hội",
            "Trung tâm Phục vụ hành chính công",
        } <= below
        assert queries.centre_of(commune.id).parent_id == commune.id
        police = queries.vertical_in(commune.id, "police")
        assert police is not None and police.is_agency


def test_loading_again_changes_nothing(province: actions.LoadReport) -> None:
    before = Unit.objects.count(), CalendarDay.objects.count(), WorkSession.objects.count()
    again = actions.load_organisation(actor=SYSTEM, now=NOW)
    assert not again.changed and again.kept == []
    assert (Unit.objects.count(), CalendarDay.objects.count(), WorkSession.objects.count()) == before
    assert AuditEntry.objects.filter(action="organisation.loaded").count() == 1


def test_loading_again_keeps_what_the_province_changed(province: actions.LoadReport) -> None:
    ward = queries.unit_by_code("09187")
    actions.update_unit(actor=SYSTEM, now=NOW, unit_id=ward.id, changes={"agency_code": "H05.300"})
    actions.remove_calendar_day(actor=SYSTEM, now=NOW, unit_id=queries.province().id, day=date(2026, 11, 24))
    again = actions.load_organisation(actor=SYSTEM, now=NOW)
    assert queries.unit(ward.id).agency_code == "H05.300"
    assert queries.unit(ward.id).agency_code_source == "entered"
    assert queries.calendar_for(ward.id).is_working_day(date(2026, 11, 24))
    assert again.kept == ["09187: agency_code", "2026-11-24"]


def test_agency_codes_are_unique_and_say_that_they_are_placeholders(province: actions.LoadReport) -> None:
    agencies = queries.agencies()
    codes = [unit.agency_code for unit in agencies]
    assert len(set(codes)) == len(codes) == 99 * 2 + 21
    assert {unit.agency_code_source for unit in agencies if unit.kind != UnitKind.PROVINCE} == {"placeholder"}
    assert all(unit.agency_code == "" for unit in queries.units().values() if not unit.is_agency)


def test_commune_that_was_not_merged_maps_one_to_one(province: actions.LoadReport) -> None:
    """Case U03: Tuấn Đạo stayed as it was; Trường bắn TB1 is named as an area, not as a unit."""
    assert queries.unit_by_code("07663").predecessors == ("xã Tuấn Đạo",)
    bien_son = queries.unit_by_code("07537")
    assert "khu vực Trường bắn TB1 (không phải đơn vị hành chính cấp xã)" in bien_son.predecessors
    carried_rows = {row["code"]: row for row in carried.read("units.json")["communes"]}
    assert [code for code, row in carried_rows.items() if not row["merged"]] == ["07663"]


def test_provincial_centre_has_its_second_point(province: actions.LoadReport) -> None:
    centre = queries.centre_of(queries.unit_by_code("STP").id)
    assert centre.code == "TTPVHCC" and "Quảng trường 3/2" in centre.address
    second = queries.unit_by_code("TTPVHCC.KB")
    assert second.parent_id == centre.id and second.is_reception_point
    assert "Kinh Dương Vương" in second.address


def test_only_administrators_load(db: None) -> None:
    with pytest.raises(errors.NotYourUnit):
        actions.load_organisation(actor=Actor(1, "Ai đó"), now=NOW)
    assert Unit.objects.count() == 0

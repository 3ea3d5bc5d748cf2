"""Who receives, decides and returns (acceptance cases T14, U03)."""

from __future__ import annotations

import pytest

from motcua.catalogue import queries
from motcua.catalogue.errors import NotReceivedHere
from motcua.catalogue.rules.competence import (
    DECIDING_ONLY,
    NOT_HERE,
    PROVINCIAL_CENTRE,
    Place,
    Rule,
    Subject,
    choose_level,
    offered_levels,
    reception_refusal,
    rule_for,
    territory_refusal,
)
from motcua.catalogue.tests.conftest import NOW
from motcua.catalogue.types import Level, Territory
from motcua.kernel.messages import Message
from motcua.organisation import queries as organisation

CENTRE = Place(11, 11, "Trung tâm xã A", is_commune=False, is_reception_point=True, commune_id=1)
PROVINCIAL = Place(12, 12, "Trung tâm tỉnh", is_commune=False, is_reception_point=True)
COMMUNE_B = Place(
    2, 2, "Xã B", is_commune=True, is_reception_point=False, commune_id=2, former_province="Bắc Giang"
)
DEPARTMENT = Place(3, 3, "Sở C", is_commune=False, is_reception_point=False)
BOTH = Subject(1, "Hộ tịch", "Bộ Tư pháp", ("tinh", "xa"))


@pytest.mark.parametrize(
    ("offered", "receiving", "place", "expected"),
    [
        (("xa",), CENTRE, None, "xa"),
        (("tinh", "xa"), CENTRE, None, "xa"),
        (("tinh",), CENTRE, None, "tinh"),
        (("tinh", "xa"), PROVINCIAL, None, "tinh"),
        (("xa",), PROVINCIAL, None, None),
        (("xa",), PROVINCIAL, COMMUNE_B, "xa"),
        (("tinh", "xa"), CENTRE, DEPARTMENT, "tinh"),
        (("xa",), CENTRE, DEPARTMENT, None),
        ((), CENTRE, None, None),
    ],
)
def test_level_of_decision(
    offered: tuple[str, ...], receiving: Place, place: Place | None, expected: str | None
) -> None:
    chosen = choose_level(offered, receiving, place)
    assert (None if isinstance(chosen, Message) else chosen) == expected


def test_the_most_particular_rule_wins() -> None:
    rules = [
        Rule(level="xa"),
        Rule(field_name="Hộ tịch", reception=PROVINCIAL_CENTRE),
        Rule(procedure_id=1, reception=DECIDING_ONLY),
        Rule(procedure_id=9, reception=NOT_HERE, priority=99),
    ]
    assert rule_for(rules, BOTH, "xa").reception == DECIDING_ONLY
    assert rule_for(rules[:2], BOTH, "xa").reception == PROVINCIAL_CENTRE


def test_ministries_and_closed_fields_are_not_offered() -> None:
    subject = Subject(1, "Hải quan", "", ("bo", "xa", "co_quan_khac"))
    assert offered_levels([], subject) == ("xa",)
    assert offered_levels([Rule(field_name="Hải quan", reception=NOT_HERE)], subject) == ()


def test_reception_only_where_it_is_decided() -> None:
    rule = Rule(reception=DECIDING_ONLY, source="lưu động")
    assert reception_refusal(rule, CENTRE, 1) is None
    assert reception_refusal(rule, CENTRE, 2) is not None
    assert reception_refusal(Rule(reception=PROVINCIAL_CENTRE), CENTRE, 3) is not None
    assert reception_refusal(Rule(), DEPARTMENT, 3) is not None


POLICE = Place(
    21, 21, "Công an xã A", is_commune=False, is_reception_point=True, commune_id=1, is_centre=False
)


def test_the_desk_of_a_vertical_agency_receives_its_own_work_alone() -> None:
    """Any centre means the Public Administration Service Centres."""
    refusal = reception_refusal(Rule(), POLICE, 1, working={1})
    assert refusal is not None and "chỉ nhận thủ tục do mình giải quyết" in refusal.source()
    assert reception_refusal(Rule(), POLICE, 1, working={1, 21}) is None
    assert reception_refusal(Rule(), CENTRE, 1, working={1, 21}) is None


def test_procedures_of_one_old_province() -> None:
    assert territory_refusal(Territory.BAC_GIANG_CU, COMMUNE_B) is None
    refused = territory_refusal(Territory.BAC_NINH_CU, COMMUNE_B)
    assert refused is not None
    assert "Bắc Ninh cũ" in refused.source()


@pytest.mark.django_db
@pytest.mark.usefixtures("loaded")
class TestInTheProvince:
    def test_a_commune_centre_receives_for_its_own_commune(self) -> None:
        commune = organisation.communes()[0]
        centre = organisation.centre_of(commune.id)
        version = queries.current_version("1.001193", NOW)
        found = queries.competence(version, receiving_unit=centre, at=NOW)
        assert (found.receiving_unit_id, found.deciding_agency_id) == (centre.id, commune.id)
        assert (found.returning_unit_id, found.level) == (centre.id, Level.COMMUNE)

    def test_another_communes_procedure_comes_back_to_where_it_was_handed_in(self) -> None:
        here, there = organisation.communes()[:2]
        centre = organisation.centre_of(here.id)
        version = queries.current_version("1.000656", NOW)
        found = queries.competence(version, receiving_unit=centre, place_agency_id=there.id, at=NOW)
        assert (found.deciding_agency_id, found.returning_unit_id) == (there.id, centre.id)

    def test_the_provincial_centre_must_name_the_commune(self) -> None:
        centre = organisation.centre_of(organisation.unit_by_code("STC").id)
        with pytest.raises(NotReceivedHere) as refused:
            queries.competence(queries.current_version("1.000656", NOW), receiving_unit=centre, at=NOW)
        assert refused.value.field == "place_agency_id"

    def test_a_department_decides_by_field(self) -> None:
        centre = organisation.centre_of(organisation.communes()[0].id)
        found = queries.competence(queries.current_version("1.009645", NOW), receiving_unit=centre, at=NOW)
        assert organisation.unit(found.deciding_agency_id).code == "STC"
        assert found.level == Level.PROVINCE

    def test_a_ministrys_procedure_is_not_received(self) -> None:
        centre = organisation.centre_of(organisation.communes()[0].id)
        with pytest.raises(NotReceivedHere):
            queries.competence(queries.current_version("3.000347", NOW), receiving_unit=centre, at=NOW)

    def test_mobile_registration_is_received_only_where_it_is_decided(self) -> None:
        here, there = organisation.communes()[:2]
        centre = organisation.centre_of(here.id)
        version = queries.current_version("1.003583", NOW)
        assert queries.competence(version, receiving_unit=centre, at=NOW).deciding_agency_id == here.id
        with pytest.raises(NotReceivedHere):
            queries.competence(version, receiving_unit=centre, place_agency_id=there.id, at=NOW)

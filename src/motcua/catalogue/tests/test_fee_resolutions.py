"""Resolutions of the People's Council: by territory, by day, by two writers; and the acceptance cases of amounts.

The numbers here are made up: no resolution of Bắc Ninh was found.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from motcua.catalogue import actions, queries
from motcua.catalogue.models import FeeResolution
from motcua.catalogue.queries.fees import Given
from motcua.catalogue.rules.fees.computing import Standing
from motcua.catalogue.rules.fees.resolutions import ResolutionLine
from motcua.catalogue.tests import decisions
from motcua.catalogue.tests.conftest import NOW, SYSTEM
from motcua.catalogue.types import Territory
from motcua.kernel.accounts.models import User
from motcua.kernel.actor import Actor
from motcua.kernel.audit.models import AuditEntry
from motcua.kernel.errors import Invalid, NotAllowed
from motcua.organisation import queries as organisation
from motcua.organisation.types import Role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]
AT = datetime(2025, 12, 1, 3, 0, tzinfo=UTC)
BIRTH, STATUS, COPIES, HOUSEHOLD = "1.001193", "1.004873", "2.000815", "1.001612"


def version(code: str) -> int:
    return queries.current_version(code, AT).id


def in_force(
    number: str,
    lines: Sequence[Mapping[str, Any]],
    territory: Territory = Territory.ALL,
    *,
    signed: str = "2025-07-14",
    since: str = "2025-07-15",
    until: str = "",
    actor: Actor = SYSTEM,
) -> int:
    return actions.set_fee_resolution(
        actor=actor,
        number=number,
        signed_on=date.fromisoformat(signed),
        valid_from=date.fromisoformat(since),
        valid_to=date.fromisoformat(until) if until else None,
        territory=territory,
        lines=lines,
        now=NOW,
    )


def amount(value: int, code: str = STATUS, **more: Any) -> dict[str, Any]:
    return {"procedures": [code], "set": {"amount": value}, **more}


def commune(former: str) -> int:
    return next(unit.id for unit in organisation.communes() if unit.former_province == former)


def total(code: str, agency: int | None, at: datetime = AT, **known: Any) -> int:
    return queries.fees.owed(version(code), Given(day=date.min, **known), agency_id=agency, at=at).total


def test_f01_certified_copies_cost_by_page_with_a_ceiling() -> None:
    agency = commune("Bắc Ninh")
    assert total(COPIES, agency, quantities={"pages": 5, "copies": 2}) == 14_000
    assert total(COPIES, agency, quantities={"pages": 250, "copies": 1}) == 200_000
    assert total(COPIES, agency, quantities={"pages": 250, "copies": 3}) == 600_000


def test_f03_a_birth_is_free_on_day_60_charged_on_day_61() -> None:
    in_force("01/2025/NQ-HĐND", [amount(8_000, BIRTH, kind="le_phi")])
    agency, born = commune("Bắc Ninh"), date(2025, 7, 1)
    day_60, day_61 = (datetime(2025, 8, day, 3, tzinfo=UTC) for day in (30, 31))
    assert total(BIRTH, agency, day_60, event_day=born) == 0
    assert total(BIRTH, agency, day_61, event_day=born) == 8_000
    poor = frozenset({"ho-ngheo"})
    assert total(BIRTH, agency, day_61, event_day=born, exempt=poor) == 0
    reasons = (
        queries.fees.owed(version(BIRTH), Given(day=date.min, event_day=born), agency_id=agency, at=day_61)
        .lines[0]
        .reasons
    )
    assert reasons[0].source() == "Ngày thứ 61 kể từ ngày sinh, quá hạn 60 ngày."


def test_f04_one_procedure_costs_differently_in_the_two_former_provinces() -> None:
    in_force("11/2020/NQ-HĐND Bắc Ninh", [amount(8_000)], Territory.BAC_NINH_CU)
    in_force("22/2020/NQ-HĐND Bắc Giang", [amount(5_000)], Territory.BAC_GIANG_CU)
    north, south = commune("Bắc Giang"), commune("Bắc Ninh")
    assert (total(STATUS, south), total(STATUS, north)) == (8_000, 5_000)
    rule = queries.fees.fee_rules(version(STATUS), at=AT, agency_id=north)[0]
    assert rule.basis == "22/2020/NQ-HĐND Bắc Giang"


def test_f06_a_reduction_may_stand_before_it_was_signed() -> None:
    in_force("01/2025/NQ-HĐND", [amount(80_000)], since="2025-07-01")
    agency, august = commune("Bắc Ninh"), datetime(2025, 8, 15, 3, tzinfo=UTC)
    assert total(STATUS, agency, august) == 80_000
    half = {"procedures": [STATUS], "percent": "1/2"}
    in_force("3303/QĐ-BTP", [half], signed="2025-11-19", since="2025-07-01", until="2027-01-01")
    assert total(STATUS, agency, august) == 40_000
    assert total(STATUS, agency, datetime(2026, 12, 31, 16, 59, tzinfo=UTC)) == 40_000
    assert total(STATUS, agency, datetime(2026, 12, 31, 17, 0, tzinfo=UTC)) == 80_000


def test_f07_who_pays_is_told_before_that_a_refusal_pays_nothing_back() -> None:
    content = queries.definition(version(HOUSEHOLD))
    found = queries.fees.sheet(content, at=AT)
    assert "không hoàn lại khi không được cấp" in found.notices
    assert all(rule.kept_when_refused for rule in found.rules)


def test_a_unit_of_the_whole_province_is_not_given_the_amount_of_a_half() -> None:
    in_force("11/2020/NQ-HĐND", [amount(8_000)], Territory.BAC_NINH_CU)
    owed = queries.fees.owed(version(STATUS), Given(day=date.min), agency_id=None, at=AT)
    assert [line.standing for line in owed.lines] == [Standing.HELD]
    assert "địa bàn" in owed.lines[0].reasons[0].source()


def test_the_territory_goes_before_the_province_and_the_newer_before_the_older() -> None:
    in_force("03/2026/NQ-HĐND", [amount(3_000)], since="2025-11-01")
    in_force("02/2025/NQ-HĐND", [amount(2_000)], since="2025-08-01")
    assert total(STATUS, commune("Bắc Ninh")) == 3_000
    in_force("11/2020/NQ-HĐND", [amount(8_000)], Territory.BAC_NINH_CU)
    assert (total(STATUS, commune("Bắc Ninh")), total(STATUS, commune("Bắc Giang"))) == (8_000, 3_000)


def test_an_amount_for_online_leaves_the_others_as_they_are() -> None:
    in_force("01/2025/NQ-HĐND", [amount(10_000), amount(0, channels=["online"])])
    agency = commune("Bắc Ninh")
    assert [total(STATUS, agency, channel=one) for one in ("in_person", "post", "online")] == [
        10_000,
        10_000,
        0,
    ]


def test_a_field_is_meant_with_all_its_procedures() -> None:
    line = {"fields": ["hộ tịch"], "kind": "le_phi", "set": {"amount": 7_000}}
    in_force("01/2025/NQ-HĐND", [line])
    agency = commune("Bắc Ninh")
    assert (total(STATUS, agency), total(COPIES, agency, quantities={"pages": 1, "copies": 1})) == (
        7_000,
        2_000,
    )


def test_a_resolution_settles_what_the_source_left_in_doubt() -> None:
    agency = commune("Bắc Ninh")
    assert total(HOUSEHOLD, agency) == 0
    in_force("01/2025/NQ-HĐND", [amount(100_000, HOUSEHOLD)])
    assert total(HOUSEHOLD, agency) == 100_000


def test_a_unit_nobody_can_count_stays_held_until_the_resolution_says_how() -> None:
    agency, pavement = commune("Bắc Ninh"), "1.013274"
    in_force("01/2025/NQ-HĐND", [amount(20_000, pavement)])
    assert total(pavement, agency) == 0
    in_force("01/2025/NQ-HĐND", [{"procedures": [pavement], "set": {"amount": 20_000, "counts": "items"}}])
    assert total(pavement, agency, quantities={"items": 30}) == 600_000


def test_setting_it_again_changes_nothing_and_setting_it_anew_keeps_the_old_row() -> None:
    first = in_force("01/2025/NQ-HĐND", [amount(8_000)])
    assert in_force("01/2025/NQ-HĐND", [amount(8_000)]) == first
    second = in_force("01/2025/NQ-HĐND", [amount(9_000)])
    rows = FeeResolution.objects.order_by("pk").values_list("pk", "withdrawn_at")
    assert list(rows) == [(first, NOW), (second, None)]
    assert total(STATUS, commune("Bắc Ninh")) == 9_000
    entries = AuditEntry.objects.filter(action="catalogue.set_fee_resolution").order_by("pk")
    assert [json.loads(entry.data)["instead_of"] for entry in entries] == [None, first]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ({"procedures": [STATUS]}, "either set or percent"),
        ({"set": {"amount": 1_000}}, "procedures or fields"),
        ({"procedures": STATUS, "set": {"amount": 1_000}}, "procedures: a list"),
        ({"procedures": [STATUS], "set": {"amount": -1}}, "whole number"),
        ({"procedures": [STATUS], "set": {"amount": 1_000, "name": "x"}}, "name may not be set"),
        ({"procedures": [STATUS], "set": {"cap": 1_000}}, "one of amount"),
        ({"procedures": [STATUS], "percent": "3/2"}, "no more than 1"),
        ({"procedures": [STATUS], "percent": "1/0"}, "1, 0"),
        ({"procedures": [STATUS], "channels": ["fax"], "percent": "1/2"}, "fax: no channel"),
        ({"procedures": [STATUS], "amount": 5}, "amount: no part"),
        ({"procedures": ["9.999999"], "percent": "1/2"}, "không có thủ tục 9.999999"),
    ],
)
def test_a_line_that_cannot_be_used_is_named(line: dict[str, Any], says: str) -> None:
    with pytest.raises(Invalid) as refused:
        in_force("01/2025/NQ-HĐND", [amount(8_000), line])
    assert "Dòng 2" in refused.value.message.source()
    assert says in refused.value.message.source()
    assert FeeResolution.objects.count() == 0


def test_a_resolution_without_number_or_with_a_period_of_no_days_is_refused() -> None:
    with pytest.raises(Invalid, match="số nghị quyết"):
        in_force("  ", [amount(8_000)])
    with pytest.raises(Invalid, match="hết hiệu lực"):
        in_force("1/NQ", [amount(8_000)], since="2025-07-15", until="2025-07-15")
    with pytest.raises(Invalid, match="ít nhất một dòng"):
        in_force("1/NQ", [])


@pytest.mark.parametrize(
    ("role", "unit", "allowed"),
    [
        (Role.PROCEDURE_CONTROLLER, "TTPVHCC", True),
        (Role.PROCEDURE_CONTROLLER, "STP", False),
        (Role.LEADER, "TTPVHCC", False),
        (Role.IT_ADMIN, "TTPVHCC", False),
    ],
)
def test_only_those_who_control_procedures_for_the_province_set_resolutions(
    role: Role, unit: str, allowed: bool
) -> None:
    actor = decisions.person("người", role, unit, now=NOW)
    if allowed:
        assert in_force("01/2025/NQ-HĐND", [amount(8_000)], actor=actor)
    else:
        with pytest.raises(NotAllowed):
            in_force("01/2025/NQ-HĐND", [amount(8_000)], actor=actor)
    assert User.objects.filter(username="người").exists()


def test_the_rules_of_a_known_version_cost_no_statement() -> None:
    found, agency = version(STATUS), commune("Bắc Ninh")
    for number in range(3):
        in_force(f"{number}/NQ-HĐND", [amount(number)])
    queries.fees.fee_rules(found, at=AT, agency_id=agency)
    with CaptureQueriesContext(connection) as statements:
        queries.fees.fee_rules(found, at=AT, agency_id=agency)
    assert not len(statements)


def test_a_line_reads_back_what_it_was() -> None:
    line = ResolutionLine.from_dict(
        {"fields": ["Hộ tịch"], "kind": "phi", "percent": "1/4", "channels": ["online"]}
    )
    assert (str(line.percent), line.channels, line.fields) == ("1/4", ("online",), ("Hộ tịch",))

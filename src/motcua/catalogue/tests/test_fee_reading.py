"""The rules of the carried procedures: what a line says for certain, and what stays a doubt."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st

from motcua.catalogue import queries
from motcua.catalogue.queries.fees import FeeSheet, Given, carried_tariffs
from motcua.catalogue.rules.fees.collecting import collections
from motcua.catalogue.rules.fees.computing import Owed, Standing
from motcua.catalogue.rules.fees.giving_way import CHANNELS, split
from motcua.catalogue.rules.fees.reading import quantity_of, read_content
from motcua.catalogue.rules.fees.tariff import FeeKind, FeeRule, Side
from motcua.catalogue.tests.conftest import Carried
from motcua.catalogue.types import FeeLine, Level, ProcedureCase, ProcedureDefinition

AT = datetime(2025, 12, 1, 3, 0, tzinfo=UTC)


def sheet_of(content: ProcedureDefinition, at: datetime = AT) -> FeeSheet:
    return queries.fees.sheet(content, at=at, resolutions=())


def asked(content: ProcedureDefinition, at: datetime = AT, **known: Any) -> Owed:
    return queries.fees.owed_by(sheet_of(content, at), Given(day=date.min, **known))


def content_of(*lines: FeeLine, **changes: Any) -> ProcedureDefinition:
    content = ProcedureDefinition(
        name="Thử", short_name="Thử", field="Thử", levels=(Level.COMMUNE,), code="9.1", fees=lines
    )
    return replace(content, **changes)


def line(name: str = "Lệ phí", amount: int | None = 50_000, per: str = "hồ sơ", **changes: Any) -> FeeLine:
    told: dict[str, Any] = {
        "key": name,
        "kind": "le_phi",
        "name": name,
        "amount": amount,
        "per": per,
        **changes,
    }
    return FeeLine(**told)


@pytest.mark.parametrize(
    ("per", "counted"),
    [
        ("hồ sơ", ""),
        ("Giấy phép", ""),
        ("", ""),
        ("văn bản xác nhận/một việc hộ tịch", ""),
        ("bản sao", "copies"),
        ("trang", "pages"),
        ("lần/người", "persons"),
        ("trường hợp (một hoặc nhiều chữ ký trong một giấy tờ)", ""),
        ("thửa", "items"),
        ("trang (trang 1–2)", None),
        ("m²/tháng", None),
        ("bản/người", None),
        ("tàu bay", None),
    ],
)
def test_the_words_of_a_unit_say_what_is_counted_or_nothing(per: str, counted: str | None) -> None:
    assert quantity_of(per) == counted


@pytest.mark.parametrize(
    ("code", "known", "total", "complete"),
    [
        ("2.000635", {"quantities": {"copies": 3}}, 24_000, True),
        ("2.000635", {}, 0, False),
        ("1.000894", {}, 0, False),
        ("1.000894", {"quantities": {"copies": 2}}, 16_000, True),
        ("2.000884", {}, 10_000, True),
        ("2.000884", {"quantities": {"items": 3}}, 30_000, True),
        ("2.001035", {}, 50_000, True),
        ("2.000913", {}, 30_000, True),
        ("1.004222", {}, 20_000, True),
        ("1.004222", {"channel": "online"}, 10_000, True),
        ("1.004222", {"channel": "online", "exempt": frozenset({"ho-ngheo"})}, 0, True),
        ("1.004222", {"channel": "post"}, 0, False),
        ("3.000347", {"channel": "in_person"}, 135_000, True),
        ("3.000347", {"channel": "online"}, 115_000, True),
        ("3.000333", {"quantities": {"persons": 1}}, 200_000, True),
    ],
)
def test_carried_procedures_cost_what_their_source_says(
    carried: Carried, code: str, known: dict[str, Any], total: int, complete: bool
) -> None:
    found = asked(carried[code], **known)
    assert (found.total, found.complete) == (total, complete)


def test_an_online_amount_ends_on_its_last_day(carried: Carried) -> None:
    new_year = datetime(2025, 12, 31, 17, 0, tzinfo=UTC)
    assert asked(carried["3.000347"], new_year, channel="online").total == 135_000
    assert (
        asked(carried["3.000347"], datetime(2025, 12, 31, 16, 59, tzinfo=UTC), channel="online").total
        == 115_000
    )


def test_a_correction_of_a_contract_costs_its_own_amount() -> None:
    content = queries.carried_definition("2.000927")
    assert [(rule.amount, rule.basis) for rule in sheet_of(content).rules] == [(25_000, "226/2016/TT-BTC")]


def test_money_of_the_tax_office_is_no_fee_of_the_counter(carried: Carried) -> None:
    found = sheet_of(carried["1.013949"])
    assert found.rules == ()
    assert [one.name for one in found.apart] == ["Tiền sử dụng đất/tiền thuê đất"]


def test_a_kind_that_is_no_kind_holds_the_line_unless_its_name_tells() -> None:
    unclear = asked(content_of(line("Phí, lệ phí ghi trên Cổng", kind="phi_le_phi")))
    assert [one.standing for one in unclear.lines] == [Standing.HELD]
    told = sheet_of(content_of(line("Lệ phí cấp giấy", kind="phi_le_phi")))
    assert [(rule.kind, rule.held) for rule in told.rules] == [(FeeKind.CHARGE, "")]


@pytest.mark.parametrize("kind", ["fee", "phi"])
def test_both_ways_of_writing_a_kind_mean_a_fee(kind: str) -> None:
    assert sheet_of(content_of(line(kind=kind))).rules[0].kind is FeeKind.FEE


def test_a_unit_nobody_can_count_holds_the_line_with_its_reason() -> None:
    found = asked(content_of(line(per="m²/tháng")))
    assert found.total == 0
    assert "m²/tháng" in found.lines[0].reasons[0].source()


def test_a_held_line_of_the_source_stays_held() -> None:
    found = asked(content_of(line(applies=False, hold_reason="Cổng ghi 700 đồng.")))
    assert found.lines[0].reasons[0].source() == "Chưa thu: Cổng ghi 700 đồng."


def test_a_condition_that_is_a_case_asks_only_in_that_case() -> None:
    content = content_of(
        line(condition="Cấp lại"), cases=(ProcedureCase("cap-lai", "Cấp lại"), ProcedureCase("moi", "Mới"))
    )
    assert asked(content, case_key="cap-lai").total == 50_000
    assert asked(content, case_key="moi").lines == ()


def test_of_two_ways_to_register_only_the_answered_one_is_charged(carried: Carried) -> None:
    content = carried["1.004194"]
    alone, by_list = (rule.key for rule in sheet_of(content).rules if "in_person" in rule.channels)
    found = asked(content, meets=frozenset({alone}), not_meets=frozenset({by_list}))
    assert (found.total, found.complete) == (15_000, True)
    listed = asked(
        content, meets=frozenset({by_list}), not_meets=frozenset({alone}), quantities={"persons": 4}
    )
    assert listed.total == 40_000


def test_groups_are_read_only_from_sentences_that_say_nothing_else(carried: Carried) -> None:
    adoption = sheet_of(carried["2.001263"])
    assert adoption.exemptions == ()
    assert len(adoption.told) == 5
    assert {one.key for one in sheet_of(carried["2.000635"]).exemptions} >= {"tre-em", "ho-ngheo"}


def test_every_group_names_its_proof() -> None:
    assert all(one.proof and one.basis for one in carried_tariffs().groups.by_key.values())


def test_groups_of_the_civil_status_law_do_not_reach_the_copies(carried: Carried) -> None:
    rules = {rule.kind: rule for rule in sheet_of(carried["1.001193"]).rules}
    assert "gia-dinh-co-cong" in {one.key for one in rules[FeeKind.CHARGE].exemptions}
    assert "gia-dinh-co-cong" not in {one.key for one in rules[FeeKind.FEE].exemptions}


def test_who_is_exempt_of_all_owes_nothing_also_where_no_amount_is_known(carried: Carried) -> None:
    found = asked(carried["1.004873"], exempt=frozenset({"ho-ngheo"}))
    assert (found.total, found.complete) == (0, True)
    assert not asked(carried["1.004873"]).complete


def test_every_carried_tariff_replaces_a_line_that_is_there() -> None:
    for tariff in carried_tariffs().tariffs:
        for code in tariff.codes:
            keys = {rule.key for rule in sheet_of(queries.carried_definition(code)).rules}
            assert {rule.key for rule in tariff.rules} == keys, code


def test_every_waiver_reaches_a_line(carried: Carried) -> None:
    for waiver in carried_tariffs().waivers:
        for code in waiver.codes:
            content = carried[code]
            if all(fee.amount == 0 for fee in content.fees if fee.kind == waiver.kind):
                continue
            reached = {one.key for one in sheet_of(content).exemptions}
            assert {one.key for one in waiver.groups} <= reached, code


def test_no_carried_procedure_charges_a_person_twice_for_one_line(carried: Carried) -> None:
    for content in carried.document.definitions:
        for channel in CHANNELS:
            found = asked(content, channel=channel, quantities=dict.fromkeys(sheet_of(content).quantities, 1))
            owed = [one for one in found.lines if one.amount]
            assert len({(one.rule.kind, one.rule.name) for one in owed}) == len(owed), content.code
            assert len(owed) <= 2, (content.code, [one.rule.name for one in owed])


def test_reading_leaves_no_line_out(carried: Carried) -> None:
    for content in carried.document.definitions:
        reading = read_content(content, carried_tariffs().groups)
        names = {rule.name for rule in reading.rules} | {one.name for one in reading.apart}
        assert names == {fee.name for fee in content.fees}, content.code


@hypothesis_given(
    own=st.sets(st.sampled_from(CHANNELS)).map(sorted),
    wanted=st.sets(st.sampled_from(CHANNELS)).map(sorted),
    own_cases=st.sets(st.sampled_from(["", "a", "b"])).map(sorted),
    wanted_cases=st.sets(st.sampled_from(["", "a", "b"])).map(sorted),
    channel=st.sampled_from(CHANNELS),
    case=st.sampled_from(["", "a", "b"]),
)
def test_a_rule_that_gives_way_is_counted_once_wherever_it_was_counted(
    own: list[str],
    wanted: list[str],
    own_cases: list[str],
    wanted_cases: list[str],
    channel: str,
    case: str,
) -> None:
    rule = FeeRule("r", FeeKind.FEE, "R", amount=1, channels=tuple(own), cases=tuple(own_cases))
    inside, outside = split(rule, channels=wanted, cases=wanted_cases, all_cases=("", "a", "b"))
    pieces = [*([inside] if inside else []), *outside]

    def counts(one: FeeRule) -> bool:
        return (not one.channels or channel in one.channels) and (not one.cases or case in one.cases)

    assert sum(counts(one) for one in pieces) == counts(rule)
    if inside and counts(inside):
        assert not wanted or channel in wanted
        assert not wanted_cases or case in wanted_cases


def test_the_receiving_unit_collects_for_the_budget_of_the_agency_that_decides() -> None:
    rules = sheet_of(content_of(line("Lệ phí cấp giấy"), line("Phí thẩm định", 20_000, kind="phi"))).rules
    ours = replace(rules[1], budget_of=Side.RECEIVING)
    found = queries.fees.owed_by(FeeSheet(date(2025, 12, 1), (rules[0], ours)), Given(day=date.min))
    grouped = collections(found.lines, receiving_unit_id=7, deciding_agency_id=42)
    assert [(one.unit_id, one.budget_unit_id, one.total) for one in grouped] == [
        (7, 42, 50_000),
        (7, 7, 20_000),
    ]

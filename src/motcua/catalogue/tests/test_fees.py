"""What is owed: by table, and by properties that no fee may break."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st

from motcua.catalogue.rules.fees.computing import Given, Owed, Standing, owed, percent_text, problem, rounded
from motcua.catalogue.rules.fees.tariff import Exemption, FeeKind, FeeRule, Reduction, Tier

DAY = date(2025, 12, 1)
# Circular 226/2016/TT-BTC, article 4: copies certified from originals.
COPIES = FeeRule(
    key="chung-thuc-ban-sao",
    kind=FeeKind.FEE,
    name="Phí chứng thực bản sao",
    counts="pages",
    unit_name="bản",
    tiers=(Tier(2, 2_000), Tier(None, 1_000)),
    cap=200_000,
    times="copies",
)
POOR = Exemption("ho-ngheo", "Người thuộc hộ nghèo", "Giấy xác nhận hộ nghèo còn hạn")
MARRIAGE = FeeRule(
    key="ket-hon",
    kind=FeeKind.CHARGE,
    name="Lệ phí đăng ký kết hôn",
    amount=30_000,
    unit_name="việc",
    reductions=(Reduction("truc-tuyen", Fraction(1, 2), channels=("online",), basis="Nghị quyết"),),
    exemptions=(POOR, Exemption("nua", "Được giảm một nửa", percent=Fraction(1, 2))),
)
APPRAISAL = FeeRule(
    key="tham-dinh",
    kind=FeeKind.FEE,
    name="Phí thẩm định",
    counts="value",
    rate=Fraction(15, 10_000),
    at_least=100_000,
    cap=5_000_000,
)


def one(rule: FeeRule, **known: Any) -> Owed:
    return owed([rule], Given(day=DAY, **known))


@pytest.mark.parametrize(
    ("pages", "copies", "amount"),
    [
        (1, 1, 2_000),
        (2, 1, 4_000),
        (3, 1, 5_000),
        (10, 1, 12_000),
        (198, 1, 200_000),
        (199, 1, 200_000),
        (300, 1, 200_000),
        (5, 3, 21_000),
        (300, 2, 400_000),
    ],
)
def test_certified_copies_cost_by_page_with_a_ceiling_for_each_copy(
    pages: int, copies: int, amount: int
) -> None:
    assert one(COPIES, quantities={"pages": pages, "copies": copies}).total == amount


def test_every_step_of_the_sum_is_explained() -> None:
    line = one(COPIES, quantities={"pages": 5, "copies": 3}).lines[0]
    assert [reason.source() for reason in line.reasons] == [
        "Trang 1 đến 2: 2 × 2.000 đồng.",
        "Trang 3 đến 5: 3 × 1.000 đồng.",
        "7.000 đồng × 3 bản.",
    ]


@pytest.mark.parametrize(
    ("channel", "exempt", "amount", "standing"),
    [
        ("in_person", (), 30_000, Standing.OWED),
        ("online", (), 15_000, Standing.OWED),
        ("in_person", ("ho-ngheo",), 0, Standing.WAIVED),
        ("online", ("nua",), 7_500, Standing.OWED),
        ("in_person", ("nua", "ho-ngheo"), 0, Standing.WAIVED),
        ("in_person", ("nguoi-la",), 30_000, Standing.OWED),
    ],
)
def test_channel_and_proof_lower_a_charge(
    channel: str, exempt: tuple[str, ...], amount: int, standing: Standing
) -> None:
    line = one(MARRIAGE, channel=channel, exempt=frozenset(exempt)).lines[0]
    assert (line.amount, line.standing) == (amount, standing)


@pytest.mark.parametrize(
    ("value", "amount"),
    [(1, 100_000), (66_666_667, 100_000), (100_000_000, 150_000), (10**12, 5_000_000), (70_000_334, 105_001)],
)
def test_a_share_of_a_value_has_a_floor_and_a_ceiling_and_is_rounded_to_a_dong(
    value: int, amount: int
) -> None:
    assert one(APPRAISAL, quantities={"value": value}).total == amount


@pytest.mark.parametrize(
    ("rule", "standing", "says"),
    [
        (replace(MARRIAGE, amount=None), Standing.UNKNOWN, "HĐND"),
        (replace(MARRIAGE, held="hai nguồn nói khác nhau"), Standing.HELD, "hai nguồn"),
        (replace(MARRIAGE, condition="khai sinh quá 60 ngày"), Standing.ASKED, "quá 60 ngày"),
        (COPIES, Standing.ASKED, "số trang"),
    ],
)
def test_what_is_not_known_is_said_and_never_guessed(rule: FeeRule, standing: Standing, says: str) -> None:
    found = one(rule)
    assert (found.lines[0].standing, found.lines[0].amount) == (standing, None)
    assert says in " ".join(reason.source() for reason in found.lines[0].reasons)
    assert not found.complete


def test_a_condition_that_holds_is_charged_and_one_that_does_not_is_left_out() -> None:
    late = replace(MARRIAGE, condition="quá hạn")
    assert one(late, meets=frozenset({"ket-hon"})).total == 30_000
    assert one(late, not_meets=frozenset({"ket-hon"})).lines == ()


@pytest.mark.parametrize(
    ("day", "charged"),
    [
        (date(2025, 6, 30), False),
        (date(2025, 7, 1), True),
        (date(2026, 12, 31), True),
        (date(2027, 1, 1), False),
    ],
)
def test_a_line_counts_from_its_first_day_to_the_day_before_its_last(day: date, charged: bool) -> None:
    dated = replace(MARRIAGE, valid_from=date(2025, 7, 1), valid_to=date(2027, 1, 1))
    assert bool(owed([dated], Given(day=day)).lines) is charged


def test_fees_and_charges_are_kept_apart() -> None:
    found = owed([COPIES, MARRIAGE], Given(DAY, quantities={"pages": 1, "copies": 1}))
    assert (found.total_of("phi"), found.total_of("le_phi"), found.total) == (2_000, 30_000, 32_000)


@pytest.mark.parametrize(
    ("quantities", "field"),
    [
        ({"pages": 0}, "pages"),
        ({"copies": -1}, "copies"),
        ({"pages": 10**7}, "pages"),
        ({"value": 10**16}, "value"),
        ({"la": 1}, "la"),
    ],
)
def test_a_slip_of_the_finger_is_named(quantities: dict[str, int], field: str) -> None:
    found = problem(Given(DAY, quantities=quantities))
    assert found is not None
    assert found[0] == field


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": -1},
        {"amount": 1, "tiers": [{"up_to": None, "amount": 1}], "counts": "pages"},
        {"tiers": [{"up_to": 2, "amount": 1}], "counts": "pages"},
        {
            "tiers": [{"up_to": 3, "amount": 1}, {"up_to": 2, "amount": 1}, {"up_to": None, "amount": 1}],
            "counts": "p",
        },
        {"rate": "1/2"},
        {"amount": 1, "exemptions": [{"key": "x", "name": "x", "percent": "3/2"}]},
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_when_it_is_read(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="x:"):
        FeeRule.from_dict({"key": "x", "kind": "phi", "name": "x", **wrong})


@pytest.mark.parametrize("rule", [COPIES, MARRIAGE, APPRAISAL])
def test_a_rule_reads_back_as_it_was_written(rule: FeeRule) -> None:
    assert FeeRule.from_dict(rule.to_dict()) == rule


@hypothesis_given(st.integers(1, 2_000), st.integers(1, 50))
def test_copies_cost_what_the_circular_says_whatever_the_numbers(pages: int, copies: int) -> None:
    formula = min(200_000, 2_000 * min(pages, 2) + 1_000 * max(pages - 2, 0)) * copies
    assert one(COPIES, quantities={"pages": pages, "copies": copies}).total == formula


SHARES = st.fractions(min_value=Fraction(1, 100), max_value=1)


@hypothesis_given(st.integers(0, 10**9), st.lists(SHARES, max_size=3), st.lists(SHARES, max_size=3))
def test_nothing_taken_off_makes_it_dearer_or_less_than_nothing(
    amount: int, reductions: list[Fraction], exemptions: list[Fraction]
) -> None:
    rule = FeeRule(
        "x",
        FeeKind.FEE,
        "x",
        amount=amount,
        reductions=tuple(Reduction(str(n), share) for n, share in enumerate(reductions)),
        exemptions=tuple(Exemption(str(n), "x", percent=share) for n, share in enumerate(exemptions)),
    )
    left = one(rule, exempt=frozenset(str(n) for n in range(3))).total
    assert 0 <= left <= amount


@hypothesis_given(st.integers(1, 500), st.integers(1, 500))
def test_more_pages_never_cost_less(fewer: int, more: int) -> None:
    fewer, more = sorted((fewer, more))
    small = one(COPIES, quantities={"pages": fewer, "copies": 1}).total
    assert small <= one(COPIES, quantities={"pages": more, "copies": 1}).total


@hypothesis_given(st.lists(st.sampled_from([MARRIAGE, APPRAISAL, COPIES]), max_size=6))
def test_the_total_is_the_sum_of_its_lines(rules: list[FeeRule]) -> None:
    found = owed(rules, Given(DAY, quantities={"pages": 3, "copies": 2, "value": 10**8}))
    assert found.total == sum(line.amount or 0 for line in found.lines)
    assert found.complete


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (Fraction(1, 2), "50"),
        (Fraction(1, 8), "12,5"),
        (Fraction(1, 3), "33,33"),
        (Fraction(15, 10_000), "0,15"),
    ],
)
def test_a_share_is_written_without_a_false_tail(share: Fraction, text: str) -> None:
    assert percent_text(share) == text


@pytest.mark.parametrize(("amount", "whole"), [(Fraction(1, 2), 1), (Fraction(3, 2), 2), (Fraction(1, 3), 0)])
def test_half_a_dong_is_rounded_up(amount: Fraction, whole: int) -> None:
    assert rounded(amount) == whole

"""Which bill a line pays: references however banks spoil them, names without accents, and why."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.payments.rules.matching import (
    Bills,
    Credit,
    OpenBill,
    Proposal,
    match_all,
    proposals,
    references_in,
    shared_over,
)

ONE = OpenBill(1, "MC251201ABCDEFGHJK", "H05.101-251201-0001", "Nguyễn Thị Ánh Đào", 13_000)
TWO = OpenBill(2, "MC251201ABCDEF2345", "H05.101-251201-0002", "Đỗ Văn Đức", 8_000)
THREE = OpenBill(3, "MC251130ZZZZZ22222", "H05.101-251130-0009", "Nguyễn Thị Ánh Đào", 5_000)
GONE = OpenBill(4, "MC251130YYYYY33333", "H05.101-251130-0001", "Trần Bình", 0, "cancelled")


def best(text: str, amount: int, payer: str = "") -> Proposal | None:
    found = proposals(Credit(1, amount, text, payer), Bills([ONE, TWO, THREE, GONE]))
    return found[0] if found else None


@pytest.mark.parametrize(
    ("text", "amount", "automatic"),
    [
        ("MC251201ABCDEFGHJK", 13_000, True),
        ("mc251201abcdefghjk nop phi", 13_000, True),
        ("MC 251201 ABCDE FGHJK", 13_000, True),
        ("MBVCB.4525077405.MC251201ABCDEFGHJK.CT tu 0351000646393 NGUYEN VAN A toi 0011", 13_000, True),
        ("SHGD:10000123.DD:251201.BO:NGUYEN VAN A.Remark:MC251201ABCDEF\nGHJK", 13_000, True),
        ("thanh toan phi MC251201ABCDEFGH", 13_000, True),  # cut off, one bill begins so
        ("MC251201ABCDEFGHJX", 13_000, False),  # the last sign is wrong
        ("MC251201ABCDEF", 13_000, False),  # cut off, two bills begin so
        ("MC251201ABCDEFGHJK", 10_000, False),
        ("MC251201ABCDEFGHJK", 20_000, False),
        ("MC251201ABCDEFGHJK va MC251201ABCDEF2345", 13_000, False),  # two bills named
        ("H05.101-251201-0001", 13_000, False),
        ("NGUYEN THI ANH DAO nop", 13_000, False),
        ("khong ro", 13_000, False),
    ],
)
def test_the_bill_is_found_and_only_the_certain_is_automatic(text: str, amount: int, automatic: bool) -> None:
    found = best(text, amount)
    assert found is not None
    assert (found.parts[0][0], found.automatic) == (1, automatic)


def test_d_with_a_stroke_is_a_d() -> None:
    found = best("DO VAN DUC nop le phi", 8_000)
    assert found is not None
    assert found.bill_ids == (2,)
    assert [why.source() for why in found.why] == [
        "Có tên người nộp Đỗ Văn Đức",
        "Đúng số tiền còn phải nộp 8.000 đồng",
    ]


def test_the_payer_of_the_transfer_counts_as_its_text_does() -> None:
    found = best("nop tien", 8_000, payer="DO VAN DUC")
    assert found is not None
    assert found.bill_ids == (2,)


def test_several_bills_of_a_person_that_come_to_the_amount_are_proposed_together() -> None:
    found = best("NGUYEN THI ANH DAO", 18_000)
    assert found is not None
    assert (sorted(found.parts), found.automatic) == ([(1, 13_000), (3, 5_000)], False)


def test_money_for_a_cancelled_bill_says_that_it_goes_back() -> None:
    found = best(GONE.reference, 13_000)
    assert found is not None
    assert not found.automatic
    assert "hoàn trả" in found.why[-1].source()


def test_nothing_alike_proposes_nothing() -> None:
    assert best("lai tien gui", 777) is None


def test_what_one_line_pays_the_next_one_no_longer_owes() -> None:
    lines = [Credit(n, 13_000, ONE.reference) for n in (1, 2)]
    found = match_all(lines, Bills([ONE]))
    assert [found[n][0].automatic for n in (1, 2)] == [True, False]


def test_a_name_of_one_word_is_no_name() -> None:
    assert not proposals(
        Credit(1, 1, "an nop tien"), Bills([OpenBill(1, "MC251201ABCDEFGHJK", "x", "An", 5)])
    )


REFERENCE = st.text("ABCDEFGHJKLMNPQRSTUVWXYZ23456789", min_size=10, max_size=10)


@given(
    REFERENCE,
    st.lists(st.integers(0, 18), max_size=4),
    st.booleans(),
    st.sampled_from(["", "MBVCB.12.", "CK "]),
)
def test_a_reference_is_found_however_it_is_broken(
    tail: str, breaks: list[int], lower: bool, before: str
) -> None:
    reference = f"MC251201{tail}"
    text = reference.lower() if lower else reference
    for place in sorted(breaks, reverse=True):
        text = f"{text[:place]} {text[place:]}"
    assert reference in references_in(f"{before}{text}")[0]


@given(st.integers(1, 10**6), st.lists(st.integers(0, 10**5), min_size=1, max_size=5))
def test_shares_come_to_the_amount_and_only_the_last_is_too_much(amount: int, owed: list[int]) -> None:
    parts = shared_over(amount, list(enumerate(owed)))
    assert sum(part for _, part in parts) == amount
    assert all(part <= owed[bill] for bill, part in parts if bill != len(owed) - 1)

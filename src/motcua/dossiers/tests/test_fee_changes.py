"""What is still owed and what goes back: nothing is lost and nothing made up."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motcua.dossiers.rules.fee_changes import Sum, difference, total, without

KINDS = ("phi", "le_phi")
lines = st.lists(
    st.builds(Sum, st.sampled_from("abcd"), st.sampled_from(KINDS), st.integers(1, 10**7)),
    max_size=5,
    unique_by=lambda line: line.key,
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(due=lines, kept=lines)
def test_what_was_kept_and_is_asked_less_what_goes_back_is_what_is_due(
    due: list[Sum], kept: list[Sum]
) -> None:
    found = difference(due, kept)
    kind_of = {line.key: line.kind for line in due}
    for kind in KINDS:
        asked = sum(amount for key, amount in found.owed.items() if kind_of[key] == kind)
        assert total(kept, kind) + asked - found.back.get(kind, 0) == total(due, kind)
        assert not (asked and found.back.get(kind)), "never both asked for and given back"
    assert all(amount > 0 for amount in (*found.owed.values(), *found.back.values()))
    assert all(found.owed[line.key] <= line.amount for line in due if line.key in found.owed)


@given(due=lines)
def test_what_is_paid_is_owed_no_more(due: list[Sum]) -> None:
    found = difference(due, due)
    assert (dict(found.owed), dict(found.back)) == ({}, {})


@given(paid=lines, back=st.integers(0, 10**7))
def test_what_was_given_back_is_taken_off_its_own_kind(paid: list[Sum], back: int) -> None:
    taken = min(back, total(paid, "phi"))
    left = without(paid, {"phi": taken})
    assert total(left, "phi") == total(paid, "phi") - taken
    assert total(left, "le_phi") == total(paid, "le_phi")

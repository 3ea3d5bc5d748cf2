"""Periods of versions: no instant has two, gaps are listed, and yesterday's answer can be given again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.catalogue.rules.instants import read_instant
from motcua.catalogue.rules.validity import (
    Belief,
    Eras,
    Period,
    beliefs_without_record,
    believed,
    gaps,
    overlaps,
    stands,
    without_overlap,
)
from motcua.kernel.clock import VN

START = datetime(2025, 7, 1, tzinfo=VN)


def day(number: int) -> datetime:
    return START + timedelta(days=number)


@st.composite
def periods(draw: st.DrawFn) -> list[Period]:
    """Any rows a table may hold: overlapping, nested, out of order, open or not."""
    found = []
    for number in range(1, draw(st.integers(1, 6)) + 1):
        starts = draw(st.integers(0, 20))
        length = draw(st.one_of(st.none(), st.integers(1, 12)))
        found.append(Period(number, number, day(starts), None if length is None else day(starts + length)))
    return found


MOMENTS = [START + timedelta(hours=12 * half) for half in range(-2, 80)]


@given(periods())
def test_no_instant_has_two_versions_and_the_latest_decision_counts(rows: list[Period]) -> None:
    kept = without_overlap(rows)
    assert overlaps(kept) == []
    assert [p.starts for p in kept] == sorted(p.starts for p in kept)
    for at in MOMENTS:
        standing = [p.number for p in kept if p.stands_at(at)]
        stored = [p.number for p in rows if p.stands_at(at)]
        assert len(standing) <= 1
        assert set(standing) <= {max(stored, default=0)}  # never an older one than the newest that counts


@given(periods())
def test_every_instant_inside_is_covered_or_in_a_listed_gap(rows: list[Period]) -> None:
    kept = without_overlap(rows)
    listed = gaps(kept)
    first, last = kept[0].starts, kept[-1].ends
    for at in MOMENTS:
        covered = any(p.stands_at(at) for p in kept)
        in_gap = any(stands(gap.starts, gap.ends, at) for gap in listed)
        inside = at >= first and (last is None or at < last)
        assert covered != in_gap if inside else not covered and not in_gap


@given(
    st.lists(
        st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=1, max_size=6, unique_by=lambda p: p[1]
    )
)
def test_what_was_known_on_a_date_is_told_again_whatever_came_later(
    published: list[tuple[int, int]],
) -> None:
    """Each publication begins at a day and is recorded on a day; later ones never change an earlier answer."""
    answers: dict[int, dict[datetime, int | None]] = {}
    beliefs: list[Belief] = []
    published.sort(key=lambda p: p[1])
    for number, (begins, recorded) in enumerate(published, 1):
        known = day(recorded)
        beliefs.append(Belief(number, number, day(begins), None, known))
        answers[recorded] = _answers(beliefs, known)
    for _begins, recorded in published:
        assert _answers(beliefs, day(recorded)) == answers[recorded]


def _answers(beliefs: list[Belief], known: datetime) -> dict[datetime, int | None]:
    row = believed(beliefs, known)
    return {at: next((p.number for p in row if p.stands_at(at)), None) for at in MOMENTS}


def test_without_a_record_an_end_is_known_from_when_the_next_version_came() -> None:
    one, two = Period(1, 1, day(0), day(10)), Period(2, 2, day(10), None)
    beliefs = beliefs_without_record([(one, day(-5), None), (two, day(10), None)])
    assert [p.ends for p in believed(beliefs, day(3))] == [None]
    assert [p.ends for p in believed(beliefs, day(11))] == [day(10), None]


def test_a_withdrawn_version_was_believed_until_it_was_withdrawn() -> None:
    beliefs = beliefs_without_record([(Period(1, 1, day(0), None), day(0), day(5))])
    assert believed(beliefs, day(4)) and not believed(beliefs, day(5))


def test_an_era_changes_to_the_second() -> None:
    eras = Eras([day(0), None, day(5)])
    second = timedelta(seconds=1)
    assert [eras.number(at) for at in (day(0) - second, day(0), day(5) - second, day(5))] == [0, 1, 1, 2]


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2025-07-01", "2025-06-30T17:00:00+00:00"),
        ("01/7/2025", "2025-06-30T17:00:00+00:00"),
        ("2025-06-30T23:59:59", "2025-06-30T16:59:59+00:00"),
        ("2025-06-30 23:59+07:00", "2025-06-30T16:59:00+00:00"),
    ],
)
def test_instants_are_of_viet_nam(text: str, instant: str) -> None:
    found = read_instant(text)
    assert found is not None and found.astimezone(UTC).isoformat() == instant


@pytest.mark.parametrize("text", ["", "hôm qua", "2025-02-30", "2025-07-01T25:00", "0000-01-01", "2025-7-1x"])
def test_what_is_no_instant_is_none(text: str) -> None:
    assert read_instant(text) is None


def test_a_day_at_its_end() -> None:
    assert read_instant("2025-06-30", end_of_day=True) == read_instant("2025-06-30T23:59:59")

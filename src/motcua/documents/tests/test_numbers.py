"""Numbers have no holes and no doubles."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from motcua.documents.actions import next_numbers
from motcua.documents.models import NumberSeries


@pytest.mark.django_db
def test_a_series_starts_at_one_and_goes_on() -> None:
    assert [next_numbers(["a"])["a"] for _ in range(3)] == [1, 2, 3]


@pytest.mark.django_db
def test_several_series_take_one_statement() -> None:
    next_numbers(["dossier:H05.16:261123"])
    with CaptureQueriesContext(
        connection,
    ) as queries:
        given = next_numbers(["letter:1:reception_slip:2026", "dossier:H05.16:261123"])
    assert given == {"letter:1:reception_slip:2026": 1, "dossier:H05.16:261123": 2}
    assert len(queries) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("keys", [[], ["a", "a"]])
def test_no_keys_or_the_same_key_twice_is_a_mistake(keys: list[str]) -> None:
    with pytest.raises(ValueError, match="different keys"):
        next_numbers(keys)


@pytest.mark.django_db(transaction=True)
def test_a_rollback_gives_the_number_back() -> None:
    next_numbers(["a"])
    with pytest.raises(RuntimeError), transaction.atomic():
        assert next_numbers(["a", "b"]) == {"a": 2, "b": 1}
        raise RuntimeError
    assert next_numbers(["a", "b"]) == {"a": 2, "b": 1}


def _in_threads(work: Callable[[int], None], count: int) -> None:
    def closing(index: int) -> None:
        try:
            work(index)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        list(pool.map(closing, range(count)))


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite serialises writers by itself")
def test_many_writers_some_of_them_failing_leave_no_hole_and_no_double() -> None:
    taken: list[int] = []
    guard = threading.Lock()

    def work(index: int) -> None:
        for turn in range(10):
            try:
                with transaction.atomic():
                    # Opposite orders: sorted inside, so nobody waits for the other.
                    keys = ["x", "y"] if index % 2 else ["y", "x"]
                    given = next_numbers(keys)
                    if (index + turn) % 4 == 0:
                        raise RuntimeError
            except RuntimeError:
                continue
            with guard:
                taken.append(given["x"])

    _in_threads(work, 8)
    assert sorted(taken) == list(range(1, len(taken) + 1))
    assert set(NumberSeries.objects.values_list("value", flat=True)) == {len(taken)}

"""The timeline as values."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.dossiers.rules.timeline import Entry, Fact, Facts, Kind, LetterFact, PauseFact, StepFact, build
from motcua.dossiers.tests.factories import at
from motcua.kernel.messages import msg

START = at(16, 9)


def facts(**more: object) -> Facts:
    given: dict[str, object] = {
        "received_at": START,
        "created_at": START,
        "receiving_unit": "Trung tâm",
        **more,
    }
    return Facts(**given)  # type: ignore[arg-type]  # a test names only what it is about


def step(name: str = "Thẩm định", **more: object) -> StepFact:
    given: dict[str, object] = {"status": "done", "opened_at": START, "unit": "Văn phòng", **more}
    return StepFact(name=name, **given)  # type: ignore[arg-type]  # as above


def titles(entries: tuple[Entry, ...]) -> list[str]:
    return [str(entry.title) for entry in entries]


def test_what_is_open_and_what_is_to_come_stand_last() -> None:
    found = build(
        facts(
            steps=[step("Ký", status="open", opened_at=at(16, 10)), step(completed_at=at(17, 9))],
            expects_return=True,
            returning_unit="Trung tâm",
            due_at=at(20, 9),
        )
    )
    assert titles(found) == ["Tiếp nhận hồ sơ", "Thẩm định", "Ký", "Trả kết quả"]
    assert [entry.kind for entry in found] == [Kind.DONE, Kind.DONE, Kind.CURRENT, Kind.FUTURE]
    assert found[-1].due_at == at(20, 9)


def test_cancelled_steps_are_not_told() -> None:
    assert titles(build(facts(steps=[step(status="cancelled")]))) == ["Tiếp nhận hồ sơ"]


def test_a_late_step_says_so() -> None:
    (_reception, late) = build(facts(steps=[step(due_at=at(17, 9), completed_at=at(17, 10))]))
    assert (late.kind, late.lines) == (Kind.LATE, ("Trễ hạn của bước",))


def test_work_done_on_behalf_names_both() -> None:
    (_reception, done) = build(facts(steps=[step(completed_at=at(17, 9), person="Thư", for_whom="Chủ tịch")]))
    assert done.who == "Văn phòng · Thư · thay mặt Chủ tịch"


@pytest.mark.parametrize(
    ("until", "badge"), [(None, "đang tạm dừng"), (at(16, 16), "trong ngày"), (at(19, 8), "3 ngày")]
)
def test_a_pause_tells_how_long_it_lasts(until: datetime | None, badge: str) -> None:
    (_reception, pause) = build(facts(pauses=[PauseFact(START + timedelta(hours=1), until, "Chờ nộp tiền")]))
    assert (pause.kind, str(pause.badge), pause.text) == (Kind.PAUSE, badge, "Chờ nộp tiền")


def test_letters_hang_on_what_happened_at_their_moment_and_others_stand_alone() -> None:
    found = build(facts(letters=[LetterFact(1, "Giấy hẹn", START), LetterFact(2, "Thư xin lỗi", at(18, 9))]))
    assert [[link.label for link in entry.letters] for entry in found] == [["Giấy hẹn"], ["Thư xin lỗi"]]


def test_an_incomplete_dossier_was_handed_in_but_not_received() -> None:
    assert titles(build(facts(received_at=None, awaits_intake=True))) == ["Nộp hồ sơ, chưa đủ giấy tờ"]


moments = st.integers(0, 500).map(lambda hours: START + timedelta(hours=hours))


@given(st.lists(st.tuples(moments, moments), max_size=6), st.lists(moments, max_size=6))
def test_nothing_is_lost_and_what_is_over_stands_in_order(
    spans: list[tuple[datetime, datetime]], others: list[datetime]
) -> None:
    pauses = [PauseFact(min(span), max(span), "lý do") for span in spans]
    events = [Fact(moment, msg("Việc")) for moment in others]
    found = build(facts(pauses=pauses, others=events))
    assert len(found) == 1 + len(pauses) + len(events)
    told = [entry.at for entry in found if entry.at is not None]
    assert told == sorted(told)

"""Masking, the check value, opening hours and the story: pure rules with their examples."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from motcua.kernel.clock import VN
from motcua.organisation.rules.working_time import DayException, DayKind, Session, WorkCalendar
from motcua.portal.rules import story
from motcua.portal.rules.check import code_of, digits_of, fits
from motcua.portal.rules.masking import masked_name, masked_number, without_identity
from motcua.portal.rules.opening import opening
from motcua.portal.rules.story import Facts, Kind, Pause, Step, tell

MORNING, AFTERNOON = Session(time(7, 30), time(11, 30)), Session(time(13, 30), time(17, 0))
CALENDAR = WorkCalendar(
    weekly={**dict.fromkeys(range(5), (MORNING, AFTERNOON)), 5: (MORNING,)},
    exceptions={date(2026, 11, 24): DayException(DayKind.OFF, "Ngày Văn hóa Việt Nam")},
)


def at(day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=VN)


@pytest.mark.parametrize(
    ("name", "is_organisation", "shown"),
    [
        ("Nguyễn Văn A", False, "Nguyễn V*** A"),
        ("Nguyễn Thị Đào", False, "Nguyễn T*** Đ***"),
        ("Tôn Nữ Thị Ngọc Ánh", False, "Tôn N*** T*** N*** Á***"),
        ("Lê An", False, "Lê A***"),
        ("Điểu", False, "Đ***"),
        ("  Trần   Bình ", False, "Trần B***"),
        ("", False, ""),
        ("Công ty TNHH Hoa Mai", True, "Công ty TNHH H*** M***"),
        ("Công ty Cổ phần Đầu tư Sông Cầu", True, "Công ty Cổ phần Đ*** t*** S*** C***"),
        ("Hợp tác xã", True, "Hợp tác x***"),
        ("Hộ kinh doanh Nguyễn Thị Đào", True, "Hộ kinh doanh N*** T*** Đ***"),
    ],
)
def test_a_name_shows_enough_to_know_ones_own(name: str, is_organisation: bool, shown: str) -> None:
    assert masked_name(name, is_organisation=is_organisation) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("027190001234", "••••1234"),
        ("0100109106-001", "••••-001"),
        ("C1234567", "••••4567"),
        ("12345", "••••"),
        ("", ""),
    ],
)
def test_a_number_shows_its_end_only(number: str, shown: str) -> None:
    assert masked_number(number) == shown


@given(some.text(alphabet="abcdđâ ", max_size=40).filter(lambda text: len(text.split()) > 1))
def test_a_masked_name_never_holds_a_given_name(name: str) -> None:
    hidden = masked_name(name).split()[1:]
    assert all(len(word) == 1 or word[1:] == "***" for word in hidden)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Bà Nguyễn Thị Đào chưa nộp căn cước.", "Bà … chưa nộp căn cước."),
        ("bà NGUYỄN THỊ ĐÀO", "bà …"),
        ("Căn cước 027 190 001 234 đã mờ", "Căn cước ••••1234 đã mờ"),
        ("gọi +84 912 345 678", "gọi ••••5678"),
        ("viết tới dao@example.vn", "viết tới …"),
        ("Quyết định 1582/QĐ-UBND ngày 01/11/2026", "Quyết định 1582/QĐ-UBND ngày 01/11/2026"),
        ("hồ sơ H05.16-261116-0001", "hồ sơ H05.16-261116-0001"),
        ("lệ phí 1.250.000 đồng", "lệ phí 1.250.000 đồng"),
    ],
)
def test_an_officers_words_lose_what_names_a_person(text: str, shown: str) -> None:
    assert without_identity(text, ["Nguyễn Thị Đào"]) == shown


@pytest.mark.parametrize(
    ("typed", "digits"),
    [("1234", "1234"), (" 12 34 ", "1234"), ("027190001234", "1234"), ("123", ""), ("", ""), ("١٢٣٤", "")],
)
def test_the_check_value_is_the_last_four_digits_typed(typed: str, digits: str) -> None:
    assert digits_of(typed) == digits


@pytest.mark.parametrize(
    ("typed", "numbers", "fitting"),
    [
        ("1234", ["027190001234", "0912345678"], True),
        ("5678", ["027190001234", "0912345678"], True),
        ("0000", ["027190001234", "0912345678"], False),
        ("xxxx", [], False),
        ("", ["027190001234"], False),
        ("", [], False),
        ("1234", ["12"], False),
    ],
)
def test_only_a_known_number_opens(typed: str, numbers: list[str], fitting: bool) -> None:
    assert fits(typed, numbers) is fitting


def test_a_code_typed_by_hand_is_brought_into_shape() -> None:
    assert code_of(" h05.16 -261116-0001\n") == "H05.16-261116-0001"


@pytest.mark.parametrize(
    ("moment", "is_open", "words"),
    [
        (at(23, 9), True, "Đang mở cửa, đến 11:30"),
        (at(23, 12), False, "Đang đóng cửa, mở lại lúc 13:30 hôm nay"),
        (at(23, 18), False, "Đang đóng cửa, mở lại lúc 07:30 Thứ Tư 25/11"),
        (at(24, 9), False, "Đang đóng cửa, mở lại lúc 07:30 Thứ Tư 25/11"),
        (at(28, 12), False, "Đang đóng cửa, mở lại lúc 07:30 Thứ Hai 30/11"),
    ],
)
def test_a_place_says_whether_one_can_go_now(moment: datetime, is_open: bool, words: str) -> None:
    found = opening(CALENDAR, moment)
    assert (found.is_open, found.now.render()) == (is_open, words)


def test_days_with_the_same_hours_are_one_line_and_days_off_are_announced() -> None:
    found = opening(CALENDAR, at(23))
    assert [line.render() for line in found.week] == [
        "Thứ Hai đến Thứ Sáu: 07:30–11:30, 13:30–17:00",
        "Thứ Bảy: 07:30–11:30",
    ]
    assert [line.render() for line in found.unusual] == ["Thứ Ba 24/11/2026 nghỉ (Ngày Văn hóa Việt Nam)"]


def test_a_place_without_hours_is_simply_closed() -> None:
    found = opening(WorkCalendar(weekly={}), at(23))
    assert (found.is_open, found.now.render(), found.week) == (False, "Đang đóng cửa", ())


def facts(**more: object) -> Facts:
    given: dict[str, object] = {
        "status": "processing",
        "created_at": at(16),
        "received_at": at(16),
        "receiving_unit": "Trung tâm",
        "returning_unit": "Trung tâm",
        "due_at": at(25),
        **more,
    }
    return Facts(**given)  # type: ignore[arg-type]  # keyword by keyword in each test


def told(found: Facts) -> list[tuple[str, str]]:
    return [(entry.kind.value, entry.title.render()) for entry in tell(found)]


def test_steps_that_follow_each_other_in_one_unit_are_one_entry() -> None:
    steps = [
        Step("reception", "Trung tâm", at(16), at(16)),
        Step("work", "Phòng A", at(16), at(17)),
        Step("work", "Phòng A", at(17), at(18)),
        Step("approval", "UBND", at(18), None),
    ]
    assert told(facts(steps=steps)) == [
        ("done", "Tiếp nhận hồ sơ"),
        ("done", "Đã xem xét hồ sơ"),
        ("current", "Đang trình lãnh đạo ký"),
        ("future", "Trả kết quả"),
    ]


def test_a_pause_is_an_entry_with_its_length_and_work_waits_behind_it() -> None:
    steps = [Step("work", "Phòng A", at(16), None)]
    pause = Pause(at(17), None, "Thiếu ảnh", ("Ảnh 4x6",), number=1)
    found = tell(facts(steps=steps, pauses=[pause], is_paused=True))
    assert [entry.kind for entry in found] == [Kind.DONE, Kind.PAUSE, Kind.FUTURE, Kind.FUTURE]
    assert found[1].items == ("Ảnh 4x6",)
    ended = story.tell(facts(pauses=[Pause(at(17), at(17) + timedelta(days=3), "Thiếu ảnh", number=1)]))
    assert str(ended[1].badge) == "3 ngày"


def test_what_is_late_carries_an_apology_and_no_passed_promise() -> None:
    found = tell(facts(overdue_since=at(20), due_at=at(20)))
    late = next(entry for entry in found if entry.kind is Kind.LATE)
    assert "xin lỗi" in str(late.text)
    assert found[-1].due_at is None


def test_an_ended_dossier_promises_nothing_more() -> None:
    assert told(facts(status="withdrawn", closed_at=at(18)))[-1] == (
        "stopped",
        "Dừng theo đề nghị rút hồ sơ của bạn",
    )
    assert told(facts(status="refused", received_at=None)) == [("stopped", "Hồ sơ không được tiếp nhận")]

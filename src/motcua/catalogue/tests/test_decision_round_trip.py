"""Any decision written into the workbook is read back as it was, whatever its lines say."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.catalogue.rules.decisions import (
    DecisionHead,
    DecisionLine,
    read_decision,
    values_from_dict,
    values_to_dict,
    write_decision_workbook,
)
from motcua.catalogue.rules.time_limits import LimitUnit, TimeLimit
from motcua.catalogue.tests.decision_files import key
from motcua.catalogue.types import FeeLine, Level
from motcua.catalogue.types_changes import ChangeAction, ChangeKind
from motcua.kernel.clock import VN
from motcua.kernel.text import nfc

WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z", "M"), exclude_characters='="'),
    min_size=1,
    max_size=12,
)
NAMES = st.lists(WORDS, min_size=1, max_size=5).map(lambda words: nfc("Thủ tục " + " ".join(words)))
CODES = st.integers(0, 9_999_999).map(lambda number: f"{number // 1_000_000}.{number % 1_000_000:06d}")
LIMITS = st.builds(
    TimeLimit.of,
    st.integers(1, 366),
    st.sampled_from([LimitUnit.WORKING_DAY, LimitUnit.CALENDAR_DAY, LimitUnit.WORKING_HOUR]),
)
BODIES = st.sampled_from(["Sở Nội vụ", "Sở Tư pháp", "Ban Quản lý các khu công nghiệp"])
BASES = st.lists(
    st.sampled_from(["Luật A", "Nghị định số 1/2025/NĐ-CP", "Thông tư B"]), min_size=1, unique=True
).map(tuple)
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "levels": st.sampled_from([(Level.PROVINCE,), (Level.COMMUNE,), (Level.PROVINCE, Level.COMMUNE)]),
        "field": st.sampled_from(["Đất đai", "Đầu tư tại Việt Nam", "Hộ tịch"]),
        "reception_places": st.just("Trung tâm Phục vụ hành chính công"),
        "legal_bases": BASES,
        "limit": LIMITS,
        "change": st.just("Sửa thành phần hồ sơ"),
        "note": st.just("Lưu ý khi nộp"),
    },
)
ACTIONS = st.sampled_from(
    [a for a in ChangeAction if a not in {ChangeAction.CONFIGURED, ChangeAction.ABOLISHED}]
)


@st.composite
def lines(draw: st.DrawFn) -> tuple[DecisionLine, ...]:
    """Up to six lines with distinct codes; money only where the code names the fee's key."""
    codes = draw(st.lists(CODES, max_size=6, unique=True))
    made: list[DecisionLine] = []
    for position, code in enumerate(codes, 1):
        values: dict[str, object] = dict(draw(VALUES))
        if body := draw(st.none() | BODIES):
            values |= {"authority": body, "levels": values.get("levels", (Level.PROVINCE,))}
        if amount := draw(st.none() | st.integers(1_000, 90_000_000)):
            values["fees"] = (FeeLine(f"{code}-f1", "le_phi", "Lệ phí cấp giấy", amount, "giấy"),)
        if draw(st.booleans()):
            made.append(DecisionLine(position, "", code, draw(NAMES), draw(ACTIONS), "", values))
        else:
            successor = "9.999999" if code != "9.999999" else "9.999998"  # none is replaced by itself
            ended: dict[str, object] = {"replaced_by": (successor,)} if draw(st.booleans()) else {}
            made.append(DecisionLine(position, "", code, draw(NAMES), ChangeAction.ABOLISHED, "", ended))
    return tuple(made)


DAYS = st.dates(date(2000, 1, 1), date(2090, 1, 1))
HEADS = st.builds(
    DecisionHead,
    number=st.integers(1, 9_999).map(lambda number: f"{number}/QĐ-UBND"),
    signed_on=DAYS,
    issuer=st.just("Chủ tịch UBND tỉnh Bắc Ninh"),
    kind=st.sampled_from([kind for kind in ChangeKind if kind is not ChangeKind.CONFIGURATION]),
    title=st.just("Văn bản thử"),
    field=st.just("Đất đai"),
    effective_at=DAYS.map(lambda day: datetime(day.year, day.month, day.day, tzinfo=VN)),
)


@settings(deadline=None, max_examples=40)
@given(HEADS, st.booleans(), lines())
def test_a_decision_survives_the_workbook(
    head: DecisionHead, limited: bool, made: tuple[DecisionLine, ...]
) -> None:
    assert head.effective_at is not None
    if limited:
        last = head.effective_at + timedelta(days=400)
        head = DecisionHead(**{name: getattr(head, name) for name in head.__slots__} | {"effective_to": last})
    if head.kind is ChangeKind.NON_TERRITORIAL:
        made = ()
    (found,) = read_decision(write_decision_workbook(head, made), name="a.xlsx")
    assert found.problems == ()
    assert found.head == head
    assert [key(line) for line in found.lines] == [key(line) for line in made]
    for line in found.lines:
        assert values_from_dict(values_to_dict(line.values)) == line.values

"""Time limits of a source. What cannot be known is reported and gives no due date, never a guess.

The national portal's OTHER is not a unit (acceptance case D03), and different times per channel are mostly
cases written into the channel boxes (D02).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import time
from fractions import Fraction

from motcua.catalogue.rules.source_fees import channel_name
from motcua.catalogue.rules.source_reading import Row
from motcua.catalogue.rules.time_limits import (
    NO_CUTOFF,
    Cutoff,
    CutoffKind,
    LimitPhase,
    LimitUnit,
    StartRule,
    TimeLimit,
)
from motcua.catalogue.types import RawChannel
from motcua.kernel.messages import msg
from motcua.kernel.text import fold

LONGEST_DAYS = 366
"""A limit longer than a year is not believed: the portal has 1.100 and 1.500 "days"."""

_UNITS = {
    "within_day": LimitUnit.WITHIN_DAY,
    "working_day": LimitUnit.WORKING_DAY,
    "calendar_day": LimitUnit.CALENDAR_DAY,
    "working_hour": LimitUnit.WORKING_HOUR,
    "hour": LimitUnit.HOUR,
    "month": LimitUnit.MONTH,
}
_NO_DATE = frozenset({"campaign", "project"})
_NUMBER = re.compile(r"-?\d{1,9}(?:\.\d{1,9})?")
_AFTER_HOUR = re.compile(r"\bsau (\d{1,2}) (?:giờ|h)\b")
_STARTS = {
    "tu khi nhan du ho so hop le": StartRule.ON_COMPLETE,
    "tu khi tiep nhan": StartRule.ON_RECEIPT,
    "tu khi tiep nhan ho so": StartRule.ON_RECEIPT,
}


@dataclass(frozen=True, slots=True)
class LimitSource:
    """What a limit inherits from where it stands: the event it runs from, the notes, and a name for
    messages.
    """

    starts: str = ""
    notes: tuple[str, ...] = ()
    names: str = ""
    note: str = ""

    def named(self, note: str) -> LimitSource:
        """The same source for a branch with its own note."""
        return replace(self, note=note)


def read_limit(item: Row, source: LimitSource) -> TimeLimit | None:
    """The limit under `value` and `unit`; None where none is known (reported)."""
    value = item.take("value")
    unit_text = item.text("unit")
    if unit_text in _NO_DATE:
        item.report(
            "no_limit",
            "value",
            msg("Giải quyết theo đợt hoặc theo dự án, không hẹn được ngày trả."),
            unit_text,
        )
        return TimeLimit.none("; ".join(source.notes) or unit_text)
    if value is None:
        item.report("no_limit", "value", msg("Nguồn không ghi thời hạn; không tính được ngày hẹn trả."))
        return None
    unit = _UNITS.get(unit_text)
    if unit is None:
        item.report(
            "unit_other",
            "unit",
            msg("Đơn vị thời gian “%(unit)s” không rõ nghĩa; không tự hiểu.", unit=unit_text),
            value,
        )
        return None
    amount = believable(item, "value", value, unit)
    if amount is None:
        return None
    return TimeLimit(
        (LimitPhase(amount, unit),),
        cutoff=_cutoff(source.notes) if unit is LimitUnit.WITHIN_DAY else NO_CUTOFF,
        starts=_start(item, source.starts),
        note=source.note,
        source=source.names,
    )


def limit_of_channels(row: Row, channels: Sequence[RawChannel]) -> TimeLimit | None:
    """The one time all portal channels agree on; None, with the reason reported, where there is none."""
    if not channels:
        row.report("no_limit", "channels", msg("Cổng không ghi cách thức thực hiện nào; chưa rõ thời hạn."))
        return None
    times = {(channel.value, channel.unit) for channel in channels}
    _report_other(row, channels)
    if len(times) > 1:
        _report_differing(row, channels)
        return None
    value, unit_text = next(iter(times))
    if value is None or unit_text is None:
        row.report("no_limit", "channels", msg("Cổng để trống thời hạn; không tính được ngày hẹn trả."))
        return None
    unit = _UNITS.get(unit_text)
    if unit is None:
        return None  # reported above as OTHER
    amount = believable(row, "channels", value, unit)
    return None if amount is None else TimeLimit((LimitPhase(amount, unit),), source="P26")


def compare_channels(
    row: Row,
    channels: Sequence[RawChannel],
    limit: TimeLimit | None,
    branches: Sequence[TimeLimit | None],
) -> None:
    """Report where the portal's channels say something else than the limit taken from the decisions."""
    _report_other(row, channels)
    times = {(c.value, c.unit) for c in channels if c.value is not None}
    if len(times) > 1:
        _report_differing(row, channels)
        return
    known = {
        (str(phase.amount), phase.unit.value)
        for stated in (limit, *branches)
        if stated is not None
        for phase in stated.phases
    }
    strange = sorted(t for t in times if t[1] in _UNITS and t not in known)
    if strange and known:
        row.report(
            "limit_differs",
            "portal_channels_raw",
            msg("Cổng ghi thời hạn khác với thời hạn lấy từ văn bản; dùng thời hạn của văn bản."),
            strange,
        )


def believable(item: Row, field: str, value: object, unit: LimitUnit) -> Fraction | None:
    """The amount as an exact number, None (reported) when it is no number, nothing, or longer than a year."""
    try:
        amount = Fraction(value if _NUMBER.fullmatch(value := str(value)) else "")
    except ValueError:
        item.report("bad_value", field, msg("Thời hạn không phải là số nên bỏ qua."), value)
        return None
    days = amount * {LimitUnit.MONTH: 30}.get(unit, 1)
    if amount <= 0 or days > LONGEST_DAYS or (unit is LimitUnit.MONTH and (amount * 2).denominator != 1):
        item.report(
            "limit_suspicious",
            field,
            msg(
                "Thời hạn %(value)s không hợp lý; không áp dụng cho đến khi có người duyệt.", value=str(value)
            ),
            value,
        )
        return None
    return amount


def _report_other(row: Row, channels: Sequence[RawChannel]) -> None:
    other = [c for c in channels if c.value is not None and c.unit not in _UNITS]
    if other:
        row.report(
            "unit_other",
            "channels",
            msg(
                "Cổng ghi đơn vị “khác” cho %(values)s; không tự hiểu là ngày làm việc.",
                values=", ".join(f"{channel_name(c.channel)} {c.value}" for c in other),
            ),
            [(c.channel, c.value, c.unit) for c in other],
        )


def _report_differing(row: Row, channels: Sequence[RawChannel]) -> None:
    row.report(
        "channel_or_case",
        "channels",
        msg(
            "Thời hạn khác nhau theo kênh (%(values)s): là kênh hay trường hợp? Cần người nghiệp vụ trả lời.",
            values=", ".join(f"{channel_name(c.channel)} {c.value or '—'}" for c in channels),
        ),
        [(c.channel, c.value, c.unit) for c in channels],
    )


def _cutoff(notes: Sequence[str]) -> Cutoff:
    """The hour after which a dossier counts from the next working day ("sau 15 giờ")."""
    for note in notes:
        found = _AFTER_HOUR.search(note)
        if found and int(found.group(1)) < 24:
            return Cutoff(CutoffKind.AT_TIME, at=time(int(found.group(1))))
    return NO_CUTOFF


def _start(item: Row, text: str) -> StartRule:
    folded = fold(text)
    if not folded:
        return StartRule.ON_COMPLETE
    if folded in _STARTS:
        return _STARTS[folded]
    if re.match(r"tu khi .+ nhan ho so", folded):
        return StartRule.ON_COMPETENT_RECEIPT
    if folded.startswith("tu ngay "):
        return StartRule.ON_EVENT
    item.report(
        "bad_value", "counts_from", msg("Không rõ thời hạn tính từ lúc nào; tính từ khi đủ hồ sơ."), text
    )
    return StartRule.ON_COMPLETE

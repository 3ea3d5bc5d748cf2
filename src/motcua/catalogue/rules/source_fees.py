"""Fees of a source and the doubts about them (acceptance case F09).

The national portal's fee fields are typed by hand: 700 for 700.000, other amounts than the text next to them,
online dearer than at the counter. A fee in doubt is kept, shown and not charged until a person approves it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from motcua.catalogue.rules.source_reading import Row, storable
from motcua.catalogue.types import FeeLine, RawChannel
from motcua.kernel.messages import Message, msg

SMALLEST_FEE = 1_000
"""Đồng. No fee of the State is smaller; a smaller number is a unit typed wrongly (700 for 700.000)."""

CHANNELS = ("in_person", "post", "online")
_CHANNEL_NAMES = {"in_person": "trực tiếp", "post": "bưu chính", "online": "trực tuyến"}


def channel_name(channel: str) -> str:
    """The Vietnamese word for a channel; the raw word where it is unknown."""
    return _CHANNEL_NAMES.get(channel, channel)


def read_channels(row: Row, key: str) -> tuple[RawChannel, ...]:
    """The portal's channel rows exactly as entered; unknown channel names and doubled rows are reported."""
    found: list[RawChannel] = []
    for item in row.rows(key):
        channel = item.text("channel")
        value = item.take("value")
        unit = item.text("unit") or None
        fees: list[tuple[int, str]] = []
        for fee in item.rows("portal_fee_fields"):
            amount = fee.whole("amount")
            currency = fee.text("currency") or "VND"
            if amount is not None:
                fees.append((amount, currency))
            fee.finish()
        item.finish()
        if channel not in CHANNELS:
            item.report("unknown_channel", "channel", msg("Không biết kênh nộp này."), channel)
        found.append(RawChannel(channel, None if value is None else storable(str(value)), unit, tuple(fees)))
    repeated = sorted({c.channel for c in found if sum(c.channel == o.channel for o in found) > 1})
    if repeated:
        row.report(
            "repeated_channel",
            key,
            msg(
                "Cổng ghi nhiều dòng cho cùng kênh %(channels)s; có thể là nhiều trường hợp.",
                channels=", ".join(channel_name(channel) for channel in repeated),
            ),
            [(c.channel, c.value, c.unit) for c in found],
        )
    return tuple(found)


def read_fees(row: Row, channels: Sequence[RawChannel], code: str) -> tuple[FeeLine, ...]:
    """The detailed fee lines, those in doubt held back."""
    lines = [_line(item, f"{code or 'x'}-f{index}") for index, item in enumerate(row.rows("fees"), 1)]
    doubts = _doubts(row, channels, lines)
    return tuple(_held(line, doubts) for line in lines)


def fees_of_channels(row: Row, channels: Sequence[RawChannel], code: str) -> tuple[FeeLine, ...]:
    """Fee lines made from the portal's bare numbers (the compact catalogue has nothing else)."""
    doubts = _doubts(row, channels, [])
    lines: list[FeeLine] = []
    for channel in channels:
        amounts = {amount for amount, currency in channel.fees if currency == "VND"}
        if len(amounts) > 1:
            message = msg(
                "Kênh %(channel)s có nhiều mức phí mà không nói mức nào cho ai.",
                channel=channel_name(channel.channel),
            )
            row.report("fee_ambiguous", "portal_fee_fields", message, sorted(amounts))
            doubts.setdefault(channel.channel, message)
        for amount in sorted(amounts):
            lines.append(
                FeeLine(
                    key=f"{code}-p{len(lines) + 1}",
                    kind="phi_le_phi",
                    name="Phí, lệ phí ghi trên Cổng dịch vụ công quốc gia",
                    amount=amount,
                    per="lần",
                    channels=(channel.channel,),
                    note="Cổng không ghi tên khoản thu và căn cứ",
                )
            )
    return tuple(_held(line, doubts) for line in _merged(lines))


def _merged(lines: Iterable[FeeLine]) -> list[FeeLine]:
    """One line for an amount that is the same in several channels."""
    merged: dict[int | None, FeeLine] = {}
    for line in lines:
        known = merged.get(line.amount)
        together = (*known.channels, *line.channels) if known else line.channels
        merged[line.amount] = replace(known or line, channels=tuple(dict.fromkeys(together)))
    return list(merged.values())


def _line(item: Row, key: str) -> FeeLine:
    currency = item.text("currency") or "VND"
    kind = item.text("kind")
    if not kind:
        item.report(
            "bad_value", "kind", msg("Nguồn không ghi khoản thu là phí hay lệ phí; tạm đọc là phí."), ""
        )
    line = FeeLine(
        key=key,
        kind=kind or "phi",
        name=item.text("name"),
        amount=item.whole("amount"),
        per=item.text("per"),
        set_by=item.text("set_by"),
        condition=item.text("condition"),
        note=item.text("note"),
        channels=item.texts("channels"),
        valid_from=_day(item, "valid_from"),
        valid_to=_day(item, "valid_to"),
    )
    item.finish()
    if currency != "VND":
        message = msg("Khoản thu ghi bằng ngoại tệ %(currency)s nên không áp dụng.", currency=currency)
        item.report("fee_currency", "currency", message, currency)
        line = replace(line, applies=False, hold_reason=message.source())
    if line.amount is not None and 0 < line.amount < SMALLEST_FEE:
        message = _too_small(line.amount)
        item.report("fee_too_small", "amount", message, line.amount)
        line = replace(line, applies=False, hold_reason=message.source())
    return line


def _day(item: Row, key: str) -> date | None:
    text = item.text(key)
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        item.report("bad_value", key, msg("Ngày không đọc được nên bỏ qua (cần dạng 2026-01-31)."), text)
        return None


def _too_small(amount: int) -> Message:
    return msg("Mức phí %(amount)s đồng nhỏ hơn 1.000 đồng, có thể thiếu số 0.", amount=amount)


def _doubts(row: Row, channels: Sequence[RawChannel], lines: Sequence[FeeLine]) -> dict[str, Message]:
    """Channels whose fee may not be charged yet, with the reason; each is also reported."""
    doubts: dict[str, Message] = {}
    _foreign(row, channels)
    for channel in channels:
        for amount, currency in channel.fees:
            message = _doubt_about(channel, amount, currency, lines)
            if message is None:
                continue
            kind = "fee_too_small" if amount < SMALLEST_FEE else "fee_mismatch"
            row.report(kind, f"portal_fee_fields.{channel.channel}", message, [amount, currency])
            doubts.setdefault(channel.channel, message)
    _dearer_online(row, channels, doubts)
    return doubts


def _foreign(row: Row, channels: Sequence[RawChannel]) -> None:
    foreign = [(c.channel, a, cur) for c in channels for a, cur in c.fees if cur != "VND"]
    if foreign:
        row.report(
            "fee_currency",
            "portal_fee_fields",
            msg("Cổng ghi phí bằng ngoại tệ (cơ quan đại diện ở nước ngoài); không áp dụng ở tỉnh."),
            foreign,
        )


def _doubt_about(channel: RawChannel, amount: int, currency: str, lines: Sequence[FeeLine]) -> Message | None:
    if currency != "VND" or amount == 0:
        return None
    if amount < SMALLEST_FEE:
        return _too_small(amount)
    stated = {
        line.amount
        for line in lines
        if line.amount is not None and (not line.channels or channel.channel in line.channels)
    }
    if not stated or amount in stated:
        return None
    return msg(
        "Cổng ghi %(amount)s đồng cho kênh %(channel)s, mô tả ghi %(stated)s đồng.",
        amount=amount,
        channel=channel_name(channel.channel),
        stated=", ".join(str(known) for known in sorted(stated)),
    )


def _dearer_online(row: Row, channels: Sequence[RawChannel], doubts: dict[str, Message]) -> None:
    highest: dict[str, int] = {}
    for channel in channels:
        for amount, currency in channel.fees:
            if currency == "VND":
                highest[channel.channel] = max(amount, highest.get(channel.channel, 0))
    online, in_person = highest.get("online"), highest.get("in_person")
    if online is None or in_person is None or online <= in_person:
        return
    message = msg(
        "Nộp trực tuyến (%(online)s đồng) đắt hơn nộp trực tiếp (%(direct)s đồng), có thể bị đảo.",
        online=online,
        direct=in_person,
    )
    row.report("fee_online_dearer", "portal_fee_fields", message, highest)
    for name in CHANNELS:
        doubts.setdefault(name, message)


def _held(line: FeeLine, doubts: dict[str, Message]) -> FeeLine:
    """Held back when a channel it is charged in is in doubt; free lines have nothing to hold."""
    if not doubts or not line.applies or line.amount == 0:
        return line
    touched = [name for name in (line.channels or CHANNELS) if name in doubts]
    if not touched:
        return line
    return replace(line, applies=False, hold_reason=doubts[touched[0]].source())

"""What somebody owes, line by line, and why. Pure; whole đồng in, whole đồng out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType

from motcua.catalogue.rules.fees.tariff import Exemption, FeeRule, Reduction
from motcua.kernel.messages import Message, msg
from motcua.kernel.text import grouped

MOST = 1_000_000
"""More pages, copies or people than this is a slip of the finger."""
MOST_VALUE = 10**15
"""More đồng than this nothing is worth that a rate is taken of; the books could not hold it either."""

QUANTITIES: Mapping[str, Message] = MappingProxyType(
    {
        "pages": msg("số trang"),
        "copies": msg("số bản"),
        "persons": msg("số người"),
        "items": msg("số lượng"),
        "value": msg("giá trị (đồng)"),
    }
)
"""What is counted, in words; `value` is in đồng."""


class Standing(StrEnum):
    """What became of a line."""

    OWED = "owed"
    WAIVED = "waived"
    HELD = "held"
    UNKNOWN = "unknown"
    ASKED = "asked"
    """Somebody must first say whether its condition holds, or count something."""


STANDING_WORDS: Mapping[Standing, Message] = MappingProxyType(
    {
        Standing.OWED: msg("Phải nộp"),
        Standing.WAIVED: msg("Được miễn"),
        Standing.HELD: msg("Chưa áp dụng, chờ duyệt"),
        Standing.UNKNOWN: msg("Chưa có mức của tỉnh"),
        Standing.ASKED: msg("Cần cho biết thêm"),
    }
)


@dataclass(frozen=True, slots=True)
class Given:
    """What is known of the case in hand on a day.

    `meets` and `not_meets` are keys of lines whose condition somebody has answered; `exempt` keys of exemptions whose
    proof was shown. `event_day` is the day a term runs from (of birth, of death), where a line has one.
    """

    day: date
    case_key: str = ""
    channel: str = "in_person"
    quantities: Mapping[str, int] = field(default_factory=dict)
    exempt: frozenset[str] = frozenset()
    meets: frozenset[str] = frozenset()
    not_meets: frozenset[str] = frozenset()
    event_day: date | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of what is owed. `amount` None while it is not known; `reasons` explain it in order."""

    rule: FeeRule
    standing: Standing
    amount: int | None
    reasons: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Owed:
    """Everything owed; `total` is the sum of what is known, `complete` whether that is all of it."""

    lines: tuple[Line, ...]

    @property
    def total(self) -> int:
        return sum(line.amount or 0 for line in self.lines)

    @property
    def complete(self) -> bool:
        return all(line.standing in (Standing.OWED, Standing.WAIVED) for line in self.lines)

    def total_of(self, kind: str) -> int:
        """The sum of the fees (`phi`) or of the charges (`le_phi`)."""
        return sum(line.amount or 0 for line in self.lines if line.rule.kind == kind)


def problem(given: Given) -> tuple[str, Message] | None:
    """What is wrong with what is given: the quantity's name (or `event_day`) and a sentence; None when nothing is."""
    if given.event_day is not None and given.event_day > given.day:
        return "event_day", msg("Ngày xảy ra sự kiện không thể sau ngày tính phí; kiểm tra lại ngày.")
    for name, count in given.quantities.items():
        words = QUANTITIES.get(name)
        if words is None:
            return name, msg("Không biết số đếm “%(name)s”.", name=name)
        if count < 1:
            return name, msg("Nhập %(what)s từ 1 trở lên.", what=words)
        if count > (MOST_VALUE if name == "value" else MOST):
            return name, msg("Kiểm tra lại %(what)s: %(n)s là quá lớn.", what=words, n=count)
    return None


def owed(rules: Iterable[FeeRule], given: Given) -> Owed:
    """What is owed under these rules. Raises ValueError for quantities that `problem` names."""
    wrong = problem(given)
    if wrong is not None:
        raise ValueError(wrong[1].source())
    return Owed(tuple(_freed(_line(rule, given), given) for rule in rules if _concerns(rule, given)))


def _concerns(rule: FeeRule, given: Given) -> bool:
    return (
        rule.stands_on(given.day)
        and (not rule.cases or given.case_key in rule.cases)
        and (not rule.channels or given.channel in rule.channels)
        and rule.key not in given.not_meets
    )


def _line(rule: FeeRule, given: Given) -> Line:
    late = _lateness(rule, given)
    told = () if late is None else (late,)
    if late is not None and _in_term(rule, given):
        return Line(rule, Standing.WAIVED, 0, told)
    if rule.held:
        return Line(rule, Standing.HELD, None, (*told, msg("Chưa thu: %(why)s", why=rule.held)))
    if rule.condition and late is None and rule.key not in given.meets:
        return Line(rule, Standing.ASKED, None, (msg("Chỉ thu khi: %(what)s.", what=rule.condition),))
    if not rule.is_known:
        by = rule.set_by or "HĐND cấp tỉnh"
        return Line(rule, Standing.UNKNOWN, None, (*told, msg("Mức thu do %(by)s quy định, chưa có.", by=by)))
    missing = [name for name in rule.asks if name not in given.quantities and name != "items"]
    if missing:
        names = ", ".join(QUANTITIES[name].source() if name in QUANTITIES else name for name in missing)
        return Line(rule, Standing.ASKED, None, (msg("Cần đếm: %(what)s.", what=names),))
    amount, reasons = _amount(rule, given)
    return _waive(rule, given, *_reduce(rule, given, amount, [*told, *reasons]))


def _in_term(rule: FeeRule, given: Given) -> bool:
    assert rule.free_days is not None
    assert given.event_day is not None
    return rule.day_number(given.event_day, given.day) <= rule.free_days


def _lateness(rule: FeeRule, given: Given) -> Message | None:
    """On which day of its term the line is asked about; None where it has no term or the event's day is not said."""
    if rule.free_days is None or given.event_day is None:
        return None
    values = {
        "n": rule.day_number(given.event_day, given.day),
        "limit": rule.free_days,
        "event": rule.event,
    }
    if _in_term(rule, given):
        return msg("Ngày thứ %(n)s kể từ %(event)s, trong hạn %(limit)s ngày: không thu.", **values)
    return msg("Ngày thứ %(n)s kể từ %(event)s, quá hạn %(limit)s ngày.", **values)


def _freed(line: Line, given: Given) -> Line:
    """Who is exempt from all of it owes nothing, also where the amount is not known."""
    free = [one for one in line.rule.exemptions if one.key in given.exempt and one.percent == 1]
    if line.amount is not None or not free:
        return line
    said = msg("%(who)s: được miễn toàn bộ.", who=free[0].name)
    return Line(line.rule, Standing.WAIVED, 0, (said,))


def _amount(rule: FeeRule, given: Given) -> tuple[int, list[Message]]:
    reasons: list[Message] = []
    count = given.quantities.get(rule.counts, 1) if rule.counts else 1
    if rule.tiers:
        amount = _tiered(rule, count, reasons)
    elif rule.rate is not None:
        amount = rounded(rule.rate * count)
        reasons.append(
            msg("%(rate)s%% của %(base)s đồng.", rate=percent_text(rule.rate), base=dong_text(count))
        )
    else:
        assert rule.amount is not None
        amount = rule.amount * count
        reasons.append(_priced(rule, count))
    if amount < rule.at_least:
        amount = rule.at_least
        reasons.append(msg("Ít nhất %(amount)s đồng.", amount=dong_text(amount)))
    if rule.cap is not None and amount > rule.cap:
        amount = rule.cap
        reasons.append(msg("Tối đa %(amount)s đồng.", amount=dong_text(amount)))
    if rule.times:
        times = given.quantities.get(rule.times, 1)
        if times != 1:
            reasons.append(
                msg(
                    "%(amount)s đồng × %(n)s %(what)s.",
                    amount=dong_text(amount),
                    n=times,
                    what=rule.unit_name or "bản",
                )
            )
        amount *= times
    return amount, reasons


def _priced(rule: FeeRule, count: int) -> Message:
    assert rule.amount is not None
    unit = rule.unit_name or "lần"
    if rule.amount == 0:
        return msg("Không thu.")
    if count == 1 or rule.times:
        return msg("%(amount)s đồng/%(unit)s.", amount=dong_text(rule.amount), unit=unit)
    return msg("%(amount)s đồng × %(n)s %(unit)s.", amount=dong_text(rule.amount), n=count, unit=unit)


def _tiered(rule: FeeRule, count: int, reasons: list[Message]) -> int:
    """Each stretch of the quantity at its own price; every stretch that is reached is a reason."""
    total, reached = 0, 0
    for tier in rule.tiers:
        upper = count if tier.up_to is None else min(count, tier.up_to)
        here = upper - reached
        if here > 0:
            total += here * tier.amount
            said = {"first": reached + 1, "last": upper, "n": here, "amount": dong_text(tier.amount)}
            reasons.append(
                msg("Trang %(first)s đến %(last)s: %(n)s × %(amount)s đồng.", **said)
                if rule.counts == "pages"
                else msg("Từ %(first)s đến %(last)s: %(n)s × %(amount)s đồng.", **said)
            )
            reached = upper
    return total


def _reduce(rule: FeeRule, given: Given, amount: int, reasons: list[Message]) -> tuple[int, list[Message]]:
    """The one reduction that takes off most; they do not add up."""
    fitting = [found for found in rule.reductions if _reduces(found, given)]
    if not fitting or not amount:
        return amount, reasons
    best = max(fitting, key=lambda found: found.percent)
    left = amount - rounded(best.percent * amount)
    said = msg(
        "Giảm %(rate)s%%: còn %(amount)s đồng%(basis)s.",
        rate=percent_text(best.percent),
        amount=dong_text(left),
        basis=f" ({best.basis})" if best.basis else "",
    )
    return left, [*reasons, said]


def _reduces(found: Reduction, given: Given) -> bool:
    return (
        (not found.channels or given.channel in found.channels)
        and (found.valid_from is None or found.valid_from <= given.day)
        and (found.valid_to is None or given.day < found.valid_to)
    )


def _waive(rule: FeeRule, given: Given, amount: int, reasons: list[Message]) -> Line:
    """The exemption that takes off most, of those whose proof was shown."""
    fitting = [found for found in rule.exemptions if found.key in given.exempt]
    if not fitting or not amount:
        return Line(rule, Standing.OWED, amount, tuple(reasons))
    best: Exemption = max(fitting, key=lambda found: found.percent)
    left = amount - rounded(best.percent * amount)
    said = msg(
        "%(who)s: miễn, giảm %(rate)s%%, còn %(amount)s đồng.",
        who=best.name,
        rate=percent_text(best.percent),
        amount=dong_text(left),
    )
    standing = Standing.WAIVED if left == 0 else Standing.OWED
    return Line(rule, standing, left, (*reasons, said))


def rounded(amount: Fraction | int) -> int:
    """To whole đồng, half a đồng up."""
    return int((Fraction(amount) + Fraction(1, 2)) // 1)


def dong_text(amount: int) -> str:
    """As it is written in Viet Nam: 1.250.000."""
    return grouped(amount)


def percent_text(share: Fraction) -> str:
    """A share as per cent without a false tail: 1/2 gives "50", 1/8 "12,5", 1/3 "33,33"."""
    whole = share * 100
    if whole.denominator == 1:
        return str(whole.numerator)
    return f"{float(whole):.2f}".rstrip("0").rstrip(".").replace(".", ",")

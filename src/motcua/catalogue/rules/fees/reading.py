"""The fee rules of a procedure's content: what its lines say for certain, and what stays a doubt. Pure.

A source line is a name, an amount, the words of a unit and half a sentence. Only what these say without doubt becomes a
rule that charges; everything else is held or asked, with the reason.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from motcua.catalogue.rules.fees.giving_way import CHANNELS, give_way
from motcua.catalogue.rules.fees.groups import Groups
from motcua.catalogue.rules.fees.tariff import Exemption, FeeKind, FeeRule
from motcua.catalogue.types import FeeLine, ProcedureDefinition
from motcua.kernel.messages import Message, msg
from motcua.kernel.text import fold

ONCE = frozenset(
    [
        "ho so",
        "viec",
        "lan",
        "giay",
        "the",
        "giay phep",
        "truong hop",
        "giao dich",
        "van ban",
        "di chuc",
        "chung chi",
        "mot viec ho tich",
        "van ban xac nhan",
        "giay chung nhan",
        "giay xac nhan",
        "the can cuoc",
        "phieu",
    ]
)
COUNTED: Mapping[str, str] = {
    "ban sao": "copies",
    "ban": "copies",
    "trang": "pages",
    "nguoi": "persons",
    "thua": "items",
    "thua dat": "items",
    "xe": "items",
    "co so": "items",
}
KINDS: Mapping[str, FeeKind] = {
    "phi": FeeKind.FEE,
    "fee": FeeKind.FEE,
    "le_phi": FeeKind.CHARGE,
    "charge": FeeKind.CHARGE,
}
NOT_OF_THE_COUNTER: Mapping[str, Message] = {
    "thue": msg("Thuế: cơ quan thuế thông báo và thu, quầy không thu."),
    "tien": msg("Nghĩa vụ tài chính khác: nộp theo thông báo của cơ quan thuế, quầy không thu."),
}
ON_REQUEST = "có yêu cầu"
_TERM = re.compile(r"quá (\d{1,3}) ngày kể từ (ngày .+)", re.IGNORECASE)
_IN_TERM = re.compile(r"đúng hạn \(trong \d+ ngày", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Apart:
    """Money the content names that is no fee of the counter, and who takes it."""

    name: str
    why: Message


@dataclass(frozen=True, slots=True)
class Reading:
    """What a content says about fees. `told` are sentences about exemptions that no rule could be made of."""

    rules: tuple[FeeRule, ...]
    apart: tuple[Apart, ...] = ()
    told: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()


def read_content(content: ProcedureDefinition, groups: Groups) -> Reading:
    """All rules the content names, of every day; `in_force` chooses those of one."""
    kept = any("không hoàn" in sentence.casefold() for sentence in content.fee_rules)
    rules, apart = [], []
    for line in content.fees:
        why = NOT_OF_THE_COUNTER.get(line.kind)
        if why is not None:
            apart.append(Apart(line.name, why))
        else:
            rules.append(replace(_rule(line, content), kept_when_refused=kept))
    alternatives = _alternatives(rules)
    exempted, told = _exempted(alternatives, content.exemptions, groups)
    return Reading((*exempted, *_silent(exempted)), tuple(apart), told, content.fee_rules)


def in_force(rules: Iterable[FeeRule], day: date) -> tuple[FeeRule, ...]:
    """The rules of one day; a line for one channel goes before the same line for all of them."""
    standing = [rule for rule in rules if rule.stands_on(day)]
    pieces = list(standing)
    for special in standing:
        if special.channels:
            pieces = [
                piece
                for rule in pieces
                for piece in (give_way(rule, special.channels) if _same_but_wider(rule, special) else [rule])
            ]
    return tuple(pieces)


def with_counted(rules: Iterable[FeeRule], quantities: Mapping[str, int]) -> frozenset[str]:
    """Keys of the lines asked for on request that somebody has counted, and so requested."""
    return frozenset(
        rule.key
        for rule in rules
        if rule.condition == ON_REQUEST and rule.asks and all(name in quantities for name in rule.asks)
    )


def quantity_of(per: str) -> str | None:
    """What is counted by the words of a unit: a name of `QUANTITIES`, "" for once; None for what they do not say."""
    plain = re.sub(r"\([^)]*\)", " ", per)
    if re.search(r"\d", per):
        return None
    found = set()
    for part in fold(plain).split("/"):
        words = " ".join(part.split())
        if words in ONCE or not words:
            found.add("")
        elif words in COUNTED:
            found.add(COUNTED[words])
        else:
            return None
    found.discard("")
    return found.pop() if len(found) == 1 else None if found else ""


def stem(name: str) -> str:
    """A line's name without what stands in brackets, to tell which lines are the same one in another channel."""
    return " ".join(re.sub(r"\([^)]*\)", " ", fold(name)).split())


def _rule(line: FeeLine, content: ProcedureDefinition) -> FeeRule:
    kind, doubt = _kind(line)
    counts = quantity_of(line.per)
    if counts is None:
        doubt = doubt or msg("đơn vị tính “%(per)s” chưa có cách đếm chắc chắn.", per=line.per).source()
    if "chưa vat" in line.name.casefold():
        doubt = doubt or "mức thu chưa gồm thuế giá trị gia tăng."
    if line.amount in (None, 0):
        doubt = ""
    condition, cases = _condition(line, content)
    term = _TERM.search(condition)
    return FeeRule(
        key=line.key,
        kind=kind,
        name=line.name,
        amount=line.amount,
        counts="" if line.amount in (None, 0) else counts or "",
        unit_name=re.sub(r"\s*\([^)]*\)", "", line.per),
        cases=cases,
        channels=tuple(line.channels),
        condition=condition,
        free_days=int(term[1]) if term else None,
        event=term[2].strip() if term else "",
        valid_from=line.valid_from,
        valid_to=line.valid_to + timedelta(days=1) if line.valid_to else None,
        set_by=line.set_by,
        basis="" if line.amount is None else line.set_by,
        held=doubt if line.applies else line.hold_reason or "chờ người có thẩm quyền duyệt mức thu.",
    )


def _kind(line: FeeLine) -> tuple[FeeKind, str]:
    kind = KINDS.get(fold(line.kind).replace(" ", "_"))
    if kind is not None:
        return kind, ""
    words = fold(line.name)
    if words.startswith("le phi"):
        return FeeKind.CHARGE, ""
    if words.startswith("phi ") and "le phi" not in words:
        return FeeKind.FEE, ""
    return FeeKind.FEE, "nguồn không nói đây là phí hay lệ phí nên chưa lập được biên lai."


def _condition(line: FeeLine, content: ProcedureDefinition) -> tuple[str, tuple[str, ...]]:
    """The line's condition in words, and the cases it is asked in where the condition names a case."""
    if line.condition:
        cases = tuple(case.key for case in content.cases if line.condition in (case.key, case.name))
        return ("", cases) if cases else (line.condition, ())
    return (ON_REQUEST, ()) if "nếu có yêu cầu" in line.name.casefold() else ("", ())


def _alternatives(rules: Sequence[FeeRule]) -> list[FeeRule]:
    """Lines of which only one can be meant become questions: "name – tail" twice, and "by list" beside one alone."""
    stems: dict[str, int] = defaultdict(int)
    for rule in rules:
        stems[rule.name.partition(" – ")[0]] += " – " in rule.name
    by_list = [rule for rule in rules if "theo danh sách" in rule.name.casefold()]
    made = []
    for rule in rules:
        head, _dash, tail = rule.name.partition(" – ")
        if rule.condition or rule.cases:
            made.append(rule)
        elif stems[head] > 1 and tail:
            made.append(replace(rule, condition=tail))
        elif rule in by_list:
            made.append(replace(rule, condition="đăng ký theo danh sách"))
        elif any(rule.kind is one.kind and _meet(rule.channels, one.channels) for one in by_list):
            made.append(replace(rule, condition="không đăng ký theo danh sách"))
        else:
            made.append(rule)
    return made


def _meet(one: Sequence[str], other: Sequence[str]) -> bool:
    return bool(set(one or CHANNELS) & set(other or CHANNELS))


def _exempted(
    rules: Sequence[FeeRule], sentences: Sequence[str], groups: Groups
) -> tuple[list[FeeRule], tuple[str, ...]]:
    """The rules with the groups the sentences name, where there is one kind of money they can speak of."""
    found: dict[str, Exemption] = {}
    told = []
    for sentence in sentences:
        if _IN_TERM.search(sentence) and any(rule.free_days for rule in rules):
            continue
        named = groups.named_in(sentence)
        if named:
            found.update({group.key: group for group in named})
        elif fold(sentence) != "mien":
            told.append(sentence)
    kinds = {rule.kind for rule in rules if rule.amount != 0}
    if len(kinds) != 1:
        return list(rules), (*told, *(group.name for group in found.values()))
    return [
        rule if rule.amount == 0 else replace(rule, exemptions=tuple(found.values())) for rule in rules
    ], tuple(told)


def _silent(rules: Sequence[FeeRule]) -> list[FeeRule]:
    """A held line for the channels a source forgot: online and at the counter are stated, by post is not."""
    by_stem: dict[str, list[FeeRule]] = defaultdict(list)
    for rule in rules:
        if "theo danh sách" not in rule.name.casefold():
            by_stem[stem(rule.name)].append(rule)
    made = []
    for same in by_stem.values():
        if any(not rule.channels for rule in same):
            continue
        missing = tuple(name for name in CHANNELS if all(name not in rule.channels for rule in same))
        if missing:
            first = same[0]
            made.append(
                replace(
                    first,
                    key=f"{first.key}-{'-'.join(missing)}",
                    amount=None,
                    counts="",
                    channels=missing,
                    condition="",
                    valid_from=None,
                    valid_to=None,
                    basis="",
                    held="nguồn không ghi mức thu cho cách nộp này.",
                )
            )
    return made


def _same_but_wider(rule: FeeRule, special: FeeRule) -> bool:
    return (
        rule.kind is special.kind
        and stem(rule.name) == stem(special.name)
        and set(rule.channels or CHANNELS) > set(special.channels)
        and rule.cases == special.cases
    )

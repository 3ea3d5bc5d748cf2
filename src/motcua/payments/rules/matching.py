"""Which bill a line of a bank statement pays: reference, amount, name, dossier code; with the reasons in words. Pure.

Automatic is only what cannot be anything else: the bill's own reference, one bill, exactly what is owed. Everything
else is a proposal for a person.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from motcua.kernel.messages import Message, msg
from motcua.kernel.text import fold, grouped

REFERENCE = 18
"""Signs of a reference: MC, the day, ten at random."""
ENOUGH = 14
"""Of a reference that a bank cut off, this many signs (six of those at random) still name one bill."""
SHOWN = 8
SAME_AMOUNT_SHOWN = 3
_BEGIN = re.compile(r"(?=(MC[0-9]{6}[A-HJ-NP-Z2-9]{0,10}))")
_NOT_A_SIGN = re.compile(r"[^0-9A-Z]+")
LONGEST_NAME = 8
NOBODY = frozenset({"cong ty", "ho kinh doanh"})


@dataclass(frozen=True, slots=True)
class OpenBill:
    """What matching knows of a bill. `state` as the bill says; `owed` is what is still to pay."""

    id: int
    reference: str
    subject: str
    payer: str
    owed: int
    state: str = "open"


@dataclass(frozen=True, slots=True)
class Credit:
    """What matching knows of a line."""

    id: int
    amount: int
    text: str
    payer: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """One bill, or several of one person, that a line may pay. `parts` are (bill id, đồng)."""

    parts: tuple[tuple[int, int], ...]
    score: int
    why: tuple[Message, ...]
    automatic: bool = False

    @property
    def bill_ids(self) -> tuple[int, ...]:
        return tuple(bill_id for bill_id, _ in self.parts)


class Bills:
    """Bills by everything a line may name them with; what is owed goes down as lines are matched."""

    def __init__(self, bills: Iterable[OpenBill]) -> None:
        self.by_id: dict[int, OpenBill] = {}
        self.by_reference: dict[str, int] = {}
        self.by_subject: dict[str, list[int]] = defaultdict(list)
        self.by_name: dict[str, list[int]] = defaultdict(list)
        self.by_owed: dict[int, dict[int, None]] = defaultdict(dict)
        for bill in bills:
            self.by_id[bill.id] = bill
            self.by_reference[bill.reference] = bill.id
            self.by_subject[_signs(bill.subject)].append(bill.id)
            name = fold(bill.payer)
            if len(name.split()) > 1 and name not in NOBODY:
                self.by_name[name].append(bill.id)
            if bill.owed:
                self.by_owed[bill.owed][bill.id] = None
        self.sorted_references = sorted(self.by_reference)
        self.subject_lengths = sorted({len(subject) for subject in self.by_subject if len(subject) >= 10})

    def pay(self, bill_id: int, amount: int) -> None:
        """A line was matched with it."""
        bill = self.by_id[bill_id]
        self.by_owed[bill.owed].pop(bill_id, None)
        left = max(bill.owed - amount, 0)
        self.by_id[bill_id] = replace(bill, owed=left)
        if left:
            self.by_owed[left][bill_id] = None

    def cut_off(self, begin: str) -> list[int]:
        """The bills whose reference begins so."""
        at = bisect_left(self.sorted_references, begin)
        found = []
        while at < len(self.sorted_references) and self.sorted_references[at].startswith(begin):
            found.append(self.by_reference[self.sorted_references[at]])
            at += 1
        return found


def references_in(text: str) -> tuple[list[str], list[str]]:
    """Whole references, and beginnings of cut ones, however the bank spaced, wrapped or lowered them.

    >>> references_in("MBVCB.123.mc 251201 abcde fghjk.CT tu 0123")
    (['MC251201ABCDEFGHJK'], [])
    """
    signs = _signs(text)
    whole: dict[str, None] = {}
    cut: dict[str, None] = {}
    for begin in _BEGIN.findall(signs):
        if len(begin) == REFERENCE:
            whole[begin] = None
        elif len(begin) >= ENOUGH:
            cut[begin] = None
    return list(whole), list(cut)


def proposals(line: Credit, bills: Bills) -> tuple[Proposal, ...]:
    """What the line may pay, best first."""
    found: dict[tuple[int, ...], Proposal] = {}
    said = _signs_of(line, bills)
    named, people = said.named, said.people
    for bill_id in (*said.named, *said.cut, *said.near, *said.subjects, *said.people):
        one = _judged(line, bills.by_id[bill_id], said)
        found.setdefault(one.bill_ids, one)
    for group in (_several(line, bills, named), _several(line, bills, list(people))):
        if group is not None:
            found.setdefault(tuple(sorted(group.bill_ids)), group)
    if not found:
        for bill_id in list(bills.by_owed.get(line.amount, ()))[:SAME_AMOUNT_SHOWN]:
            one = _judged(line, bills.by_id[bill_id], said)
            found.setdefault(one.bill_ids, one)
    ranked = sorted(found.values(), key=lambda one: (-one.score, one.bill_ids))[:SHOWN]
    return tuple(ranked)


def match_all(
    lines: Sequence[Credit], bills: Bills, *, hands_off: Mapping[int, Message] | None = None
) -> dict[int, tuple[Proposal, ...]]:
    """The proposals of every line, in the order the money came: what one line pays, the next one no longer owes.

    `hands_off` are lines a person must look at, with the reason: nothing of them is automatic.
    """
    found: dict[int, tuple[Proposal, ...]] = {}
    for line in lines:
        ranked = proposals(line, bills)
        reason = (hands_off or {}).get(line.id)
        if reason is not None:
            ranked = tuple(replace(one, automatic=False, why=(reason, *one.why)) for one in ranked)
        found[line.id] = ranked
        if ranked and ranked[0].automatic:
            for bill_id, amount in ranked[0].parts:
                bills.pay(bill_id, amount)
    return found


def shared_over(amount: int, owed: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """An amount over bills (id, owed) in their order; what is left over goes to the last as an advance."""
    parts: list[tuple[int, int]] = []
    left = amount
    for place, (bill_id, asked) in enumerate(owed):
        last = place == len(owed) - 1
        part = left if last else min(asked, left)
        if part:
            parts.append((bill_id, part))
        left -= part
    return tuple(parts)


@dataclass(frozen=True, slots=True)
class _Said:
    """What a line says of bills: by whole reference, by a cut one, by one that is nearly right, by code, by name."""

    named: tuple[int, ...]
    cut: tuple[int, ...]
    near: tuple[int, ...]
    subjects: tuple[int, ...]
    people: tuple[int, ...]

    def sure_of(self, bill_id: int) -> bool:
        """One reference, and this bill's."""
        return (*self.named, *self.cut, *self.near) == (bill_id,) and bill_id not in self.near


def _signs_of(line: Credit, bills: Bills) -> _Said:
    whole, begun = references_in(line.text)
    named = [bills.by_reference[reference] for reference in whole if reference in bills.by_reference]
    cut: dict[int, None] = {}
    near: dict[int, None] = {}
    for begin in begun:
        found = bills.cut_off(begin)
        (cut if len(found) == 1 else near).update(dict.fromkeys(found[:SAME_AMOUNT_SHOWN]))
    for reference in whole:
        if reference not in bills.by_reference:
            near.update(dict.fromkeys(_nearly(reference, bills)))
    return _Said(
        tuple(named),
        tuple(bill_id for bill_id in cut if bill_id not in named),
        tuple(bill_id for bill_id in near if bill_id not in named and bill_id not in cut),
        tuple(_by_subject(line, bills)),
        tuple(_by_name(line, bills)),
    )


def _nearly(reference: str, bills: Bills) -> list[int]:
    """Bills of a reference whose last signs are wrong, or are already the bank's next word."""
    for length in range(REFERENCE - 1, ENOUGH - 1, -1):
        found = bills.cut_off(reference[:length])
        if found:
            return found[:SAME_AMOUNT_SHOWN]
    return []


def _by_subject(line: Credit, bills: Bills) -> list[int]:
    """Bills whose dossier code stands in the text."""
    signs = _signs(line.text)
    found: dict[int, None] = {}
    for length in bills.subject_lengths:
        for at in range(len(signs) - length + 1):
            for bill_id in bills.by_subject.get(signs[at : at + length], ()):
                found[bill_id] = None
    return list(found)


def _by_name(line: Credit, bills: Bills) -> dict[int, None]:
    """Bills whose payer's whole name stands in the text or is the payer of the transfer."""
    found: dict[int, None] = {}
    for source in (line.payer, line.text):
        words = re.sub(r"[^0-9a-z ]+", " ", fold(source)).split()
        for begin in range(len(words)):
            for end in range(begin + 2, min(begin + LONGEST_NAME, len(words)) + 1):
                for bill_id in bills.by_name.get(" ".join(words[begin:end]), ()):
                    found[bill_id] = None
    return found


def _judged(line: Credit, bill: OpenBill, said: _Said) -> Proposal:
    score, why = 0, []
    if bill.id in said.named:
        score, why = 60, [msg("Có mã nộp tiền %(reference)s trong nội dung", reference=bill.reference)]
    elif bill.id in said.cut:
        score, why = (
            50,
            [msg("Có phần đầu mã nộp tiền %(reference)s (bị ngân hàng cắt)", reference=bill.reference)],
        )
    elif bill.id in said.near:
        score, why = 40, [msg("Có mã gần giống mã nộp tiền %(reference)s", reference=bill.reference)]
    if bill.id in said.subjects:
        score, why = score + 30, [*why, msg("Có mã hồ sơ %(subject)s trong nội dung", subject=bill.subject)]
    if bill.id in said.people:
        score, why = score + 20, [*why, msg("Có tên người nộp %(name)s", name=bill.payer)]
    points, words = _amount(line.amount, bill)
    return Proposal(
        parts=((bill.id, line.amount),),
        score=min(max(score + points, 1), 100),
        why=(*why, words),
        automatic=said.sure_of(bill.id) and bill.owed == line.amount,
    )


def _amount(amount: int, bill: OpenBill) -> tuple[int, Message]:
    if bill.state in ("cancelled", "refunded"):
        return -10, msg("Khoản này đã hủy hoặc đã hoàn: tiền sẽ là khoản nộp thừa, cần hoàn trả")
    if not bill.owed:
        return -10, msg("Khoản này đã nộp đủ: tiền sẽ là khoản nộp thừa, cần hoàn trả")
    if amount == bill.owed:
        return 30, msg("Đúng số tiền còn phải nộp %(amount)s đồng", amount=grouped(amount))
    if amount < bill.owed:
        return 5, msg("Nộp một phần: còn phải nộp %(owed)s đồng", owed=grouped(bill.owed))
    return 0, msg(
        "Thừa %(more)s đồng so với số còn phải nộp %(owed)s đồng; phần thừa giữ lại cho người nộp",
        more=grouped(amount - bill.owed),
        owed=grouped(bill.owed),
    )


def _several(line: Credit, bills: Bills, ids: Sequence[int]) -> Proposal | None:
    """Several bills that together owe exactly this: all those named, or all those of one person."""
    owing = [(bill_id, bills.by_id[bill_id].owed) for bill_id in ids if bills.by_id[bill_id].owed]
    if len(owing) < 2 or sum(owed for _, owed in owing) != line.amount:
        return None
    names = {fold(bills.by_id[bill_id].payer) for bill_id, _ in owing}
    return Proposal(
        parts=tuple(owing),
        score=85 if len(names) == 1 else 70,
        why=(
            msg(
                "Bằng tổng %(count)s khoản còn phải nộp (%(amount)s đồng)",
                count=len(owing),
                amount=grouped(line.amount),
            ),
        ),
    )


def _signs(text: str) -> str:
    return _NOT_A_SIGN.sub("", fold(text).upper())

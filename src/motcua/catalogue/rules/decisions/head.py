"""The head of a decision from its printed text or from labelled cells. What does not stand there stays empty."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from motcua.catalogue.rules.decisions.values import DecisionHead
from motcua.catalogue.rules.decisions.wording import BOUNDARY_FREE, day_in, field_in, sentence_case
from motcua.catalogue.types_changes import ChangeKind
from motcua.documents.rules.tables import Table
from motcua.kernel.clock import VN
from motcua.kernel.text import fold, nfc

NUMBER = r"(\d{1,5}[a-z]?\s?/\s?(?:\d{4}/)?(?:QĐ|TB|NQ|CV|KH|QD)(?:\s?-\s?[A-ZĐ0-9&]+)+)"
_OWN_NUMBER = re.compile(rf"^\s*Số\s*:?\s*{NUMBER}", re.IGNORECASE)
_ATTACHED = re.compile(
    rf"(?:kèm theo|theo)\s+(?:Quyết định|Thông báo)\s+số\s*:?\s*{NUMBER}(?:\s*,?\s*ngày\s+([^)]*?\d{{4}}))?"
    r"(?:\s+của\s+([^).;]+))?",
    re.IGNORECASE,
)
_OWN_DAY = re.compile(
    r"^[^,;:.()]{2,40},\s*(ngày\s+\d{1,2}\s+tháng\s+\d{1,2}\s+năm\s+\d{4}(?!\d))", re.IGNORECASE
)
_EFFECT = re.compile(r"(?:có )?hiệu lực(?: thi hành)?[^.;\n]*", re.IGNORECASE)
_FROM_SIGNING = re.compile(r"\bke tu ngay (?:ky|ban hanh)\b|^tu ngay (?:ky|ban hanh)\b")
_UNTIL = re.compile(r"(?:đến|hết)\s+(?:hết\s+)?ngày\s+(.{8,30}?\d{4})", re.IGNORECASE)
_DOCUMENT = re.compile(r"\d+/(?:\d{4}/)?(?:QĐ|NĐ|TT|NQ|QH|TTLT)\d*\b", re.IGNORECASE)
_BASED = re.compile(rf"Quyết định số\s*{NUMBER}(?:\s*,?\s*ngày\s+(.{{6,30}}?\d{{4}}))?", re.IGNORECASE)
_ISSUER = re.compile(
    r"^(?:chu tich )?(?:uy ban nhan dan|ubnd) (?:tinh|thanh pho)\b|^bo(?: truong bo)? \w|^so \w|^tinh \w"
)
_LABELS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("number", re.compile(r"^so(?: hieu| quyet dinh| van ban| ky hieu)?\b(?!.*ngay)")),
    ("signed_on", re.compile(r"^ngay (?:ky|ban hanh|quyet dinh|thang)")),
    ("issuer", re.compile(r"^(?:co quan|noi|don vi) (?:ban hanh|ky|cong bo)")),
    ("effective_to", re.compile(r"^(?:het hieu luc|hieu luc den|den het)")),
    ("effective_rule", re.compile(r"^(?:dieu khoan|quy dinh) (?:ve )?hieu luc")),
    ("effective_at", re.compile(r"^(?:ngay )?(?:co )?hieu luc(?! den)")),
    ("based_on", re.compile(r"^can cu")),
    ("kind", re.compile(r"^loai")),
    ("field", re.compile(r"^linh vuc")),
    ("title", re.compile(r"^(?:trich yeu|ten quyet dinh|ve viec|noi dung|tieu de)")),
    ("notes", re.compile(r"^ghi chu")),
)


LONGEST_LABEL = 6
"""Words; what is longer is a sentence."""


def midnight(day: date) -> datetime:
    """The first instant of a Vietnamese day."""
    return datetime.combine(day, time(), VN)


def kind_in(text: str) -> ChangeKind | None:
    """What kind of decision a title announces."""
    folded = fold(text)
    if BOUNDARY_FREE.search(folded):
        return ChangeKind.NON_TERRITORIAL
    if re.search(r"\b(?:thay )?doi ma\b", folded):
        return ChangeKind.RENUMBER
    if re.search(r"\b(?:thu tuc hanh chinh|tthc) noi bo\b", folded):
        return ChangeKind.PUBLISH_INTERNAL
    if "cong bo" not in folded and re.search(r"\bquy trinh (?:noi bo|dien tu|giai quyet)\b", folded):
        return ChangeKind.INTERNAL_PROCESS
    return ChangeKind.PUBLISH if re.search(r"\bcong bo\b|\bthu tuc hanh chinh\b|\btthc\b", folded) else None


def read_head(texts: Sequence[str]) -> DecisionHead:
    """The head from the lines of the decision's body and the titles of its annexes, in order."""
    lines = [line for text in texts for line in text.split("\n") if line.strip()]
    attached = next((m for line in lines if (m := _ATTACHED.search(line))), None)
    number = next((m[1] for line in lines if (m := _OWN_NUMBER.match(line))), "")
    day = next((found for line in lines if (m := _OWN_DAY.match(line)) and (found := day_in(m[1]))), None)
    issuer = _issuer(lines)
    if attached is not None:
        number = number or attached[1]
        day = day or day_in(attached[2] or "")
        issuer = issuer or nfc(attached[3] or "")
    title = _title(lines)
    head = DecisionHead(
        number=re.sub(r"\s", "", number),
        signed_on=day,
        issuer=issuer,
        kind=kind_in(title),
        title=title,
        field=field_in(title),
        based_on=_based_on(lines, number),
    )
    return _with_effect(head, lines)


def read_labelled(table: Table) -> dict[str, str] | None:
    """The labelled cells of a head sheet ("Số quyết định | 1513/QĐ-UBND"); None when the table is none."""
    found: dict[str, str] = {}
    for row in table.rows:
        filled = list(dict.fromkeys(cell for cell in row if cell))
        if not 1 <= len(filled) <= 3:
            return None
        label = fold(filled[0].rstrip(": ").split("(")[0])
        kind = next((name for name, pattern in _LABELS if pattern.search(label)), "")
        if kind and len(label.split()) <= LONGEST_LABEL:
            found.setdefault(kind, filled[1] if len(filled) > 1 else "")
    return found if len(found) >= 3 and "number" in found else None


def with_labelled(head: DecisionHead, labelled: dict[str, str]) -> DecisionHead:
    """The head with what labelled cells say; they count before the printed text."""
    title = nfc(labelled.get("title", "")) or head.title
    head = replace(
        head,
        number=re.sub(r"\s", "", labelled.get("number", "")) or head.number,
        signed_on=day_in(labelled.get("signed_on", "")) or head.signed_on,
        issuer=nfc(labelled.get("issuer", "")) or head.issuer,
        kind=kind_in(labelled.get("kind", "")) or kind_in(title) or head.kind,
        title=title,
        field=nfc(labelled.get("field", "")) or field_in(title) or head.field,
        based_on=nfc(labelled.get("based_on", "")) or head.based_on,
        notes=tuple(nfc(line) for line in labelled.get("notes", "").split("\n") if line) or head.notes,
    )
    stated, rule = nfc(labelled.get("effective_at", "")), nfc(labelled.get("effective_rule", ""))
    if stated or rule:
        head = replace(head, effective_at=None, effective_to=None, effective_rule="")
        only_a_day = bool(stated) and not re.search(r"[^\W\d_]", stated)
        head = with_rule(head, rule) if rule else head
        first = with_rule(head, stated).effective_at if stated else None
        head = replace(
            head,
            effective_at=first or head.effective_at,
            effective_rule=head.effective_rule or ("" if only_a_day else stated),
        )
    last = day_in(labelled.get("effective_to", ""))
    return replace(head, effective_to=midnight(last + timedelta(days=1))) if last else head


def with_rule(head: DecisionHead, rule: str) -> DecisionHead:
    """The head with the instants that the words about its effect name; others stay open."""
    until = _UNTIL.search(rule)
    last = day_in(until[1]) if until else None
    begin = rule[: until.start()] if until else rule
    own_words = _DOCUMENT.split(begin, maxsplit=1)[0]  # a day behind a number is that document's own
    first = head.signed_on if _FROM_SIGNING.search(fold(begin)) else day_in(own_words)
    return replace(
        head,
        effective_at=midnight(first) if first else head.effective_at,
        effective_to=midnight(last + timedelta(days=1)) if last else head.effective_to,
        effective_rule=nfc(rule),
    )


def _with_effect(head: DecisionHead, lines: Iterable[str]) -> DecisionHead:
    """The sentence of the body that says from when this decision counts, not what it cites."""
    for line in lines:
        folded = fold(line)
        if "hieu luc" not in folded or folded.startswith(("can cu", "theo de nghi", "xet")):
            continue
        if not re.search(
            r"\bquyet dinh nay\b|\bdieu \d|\bthu tuc hanh chinh\b|\btthc\b|^(?:co )?hieu luc", folded
        ):
            continue
        found = _EFFECT.search(line)
        if found and "hết hiệu lực" not in line.lower():
            return with_rule(head, found[0])
    return head


_BODY = ("can cu", "dieu ", "kinh gui", "xet", "theo ", "quyet dinh nay")
"""What the body of a decision begins with: the title is over there."""


def _title(lines: Sequence[str]) -> str:
    """What stands below the word QUYẾT ĐỊNH up to the body; an annex alone has its own heading."""
    for index, line in enumerate(lines):
        if fold(line) not in {"quyet dinh", "thong bao"}:
            continue
        parts: list[str] = []
        for following in lines[index + 1 : index + 5]:
            folded = fold(following)
            if _ISSUER.match(folded) or folded.startswith(_BODY):
                break
            parts.append(nfc(following))
        if parts:
            return _subject(" ".join(parts))
    for line in lines:
        if re.match(r"(?:v/v|ve viec) ", fold(line)):
            return _subject(nfc(line))
    return next((sentence_case(nfc(line)) for line in lines if fold(line).startswith("danh muc ")), "")


def _subject(text: str) -> str:
    """A title without "về việc" and without the sentence about the decision itself, its first letter large."""
    text = re.split(r"[.;,]?\s+(?=Quyết định này\b)", text, maxsplit=1, flags=re.IGNORECASE)[0]
    return sentence_case(re.sub(r"^(?:về việc|v/v)\s+", "", text, flags=re.IGNORECASE))


def _issuer(lines: Sequence[str]) -> str:
    """The body that decides: the chairman where the text names one, else the body of the letterhead."""
    found = [nfc(line).rstrip(":,. ") for line in lines[:40] if _ISSUER.match(fold(line)) and len(line) < 90]
    chair = [line for line in found if fold(line).startswith(("chu tich", "bo truong"))]
    chosen = next(iter(chair or [line for line in found if line.isupper()]), "")
    return _cased(chosen)


def _cased(name: str) -> str:
    if not name.isupper():
        return name
    lower = name.lower().replace("uỷ ban", "ủy ban").replace("ủy ban", "Ủy ban")
    cased = lower[:1].upper() + lower[1:]
    place = re.search(r"\b(tỉnh|thành phố)\s+(.+)$", cased)
    if place:
        return f"{cased[: place.start(2)]}{place[2].title()}"
    return re.sub(r"\b[Bb]ộ (\w)", lambda m: f"Bộ {m[1].upper()}", cased)


def _based_on(lines: Iterable[str], own: str) -> str:
    """The ministry's decision that this one carries out, as cited in the opening words."""
    for line in lines:
        if not fold(line).startswith(("can cu", "thuc hien")) or "cong bo" not in fold(line):
            continue
        found = _BASED.search(line)
        if found and found[1] != own:
            day = day_in(found[2] or "")
            number = re.sub(r"\s", "", found[1])
            return f"{number} ngày {day:%d/%m/%Y}" if day else number
    return ""

"""What a scanner typed into the scan field: a citizen card, a number, a slip of ours, or something else.

Cards (fields separated by `|`): number, old number, name, birth, sex, residence, issue date on cards of
2021-2024; the same seven and four more, usually empty, on cards from 1 July 2024. Nothing here raises:
whatever arrives is a person with remarks or a sentence saying what it was and what to do. The raw text is
not kept.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from motcua.counter.rules.id_number import (
    FEMALE,
    MALE,
    contradictions,
    length_problem,
)
from motcua.counter.rules.vietnamese_typing import address_case, from_western, is_broken, mend, name_case
from motcua.dossiers.rules.identity import OLD_LENGTH, PERSON_LENGTH
from motcua.kernel.days import read_day
from motcua.kernel.messages import Message, msg
from motcua.kernel.text import fold, nfc

FULL_FIELDS, FEWEST_FIELDS, NEW_CARD_FIELDS = 7, 6, 10
LONGEST = 2000
_SEPARATORS = str.maketrans({"¦": "|", "│": "|", "｜": "|", "∣": "|"})
_CARD_START = re.compile(r"(?<![0-9])([0-9]{12}|[0-9]{9,11})(?=\|)")
_GLUED = re.compile(r"([0-9]{8})([0-9]{12})(?=\|)")
_URL = re.compile(r"(?i)https?[:;]//[^\s|]+")
_TOKEN = re.compile(r"[0-9A-Za-z_-]{16,64}")
_CODE = re.compile(r"(?=[^\s]*[0-9])[0-9A-Za-zĐđ][0-9A-Za-zĐđ._/-]{5,47}")
_BLOB = re.compile(r"[0-9A-Za-z+/=_-]{40,}")
_RENEWALS = (14, 25, 40, 60)


class ScanKind(StrEnum):
    """What the scanned text is."""

    CARD = "card"
    NUMBER = "number"
    SLIP = "slip"
    CODE = "code"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class ScannedPerson:
    """The person on a card, as far as it could be read. Dates that do not exist are None and remarked on."""

    id_number: str
    old_id_number: str = ""
    name: str = ""
    born_on: date | None = None
    gender: str = ""
    address: str = ""
    issued_on: date | None = None
    issuer: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something the officer should look at; `field` is the person's field it is about."""

    field: str
    message: Message


@dataclass(frozen=True, slots=True)
class CardScan:
    """A person (kinds card and number), or a `reference` (slip token, dossier code), or a `problem`."""

    kind: ScanKind
    person: ScannedPerson | None = None
    warnings: tuple[Remark, ...] = ()
    reference: str = ""
    problem: Message | None = None


def read_scan(text: str, *, today: date) -> CardScan:
    """Read whatever came into the scan field on a day. Never raises."""
    cleaned = _cleaned(text)
    if not cleaned:
        return _unreadable(
            msg("Chưa có gì trong ô quét. Đưa thẻ căn cước vào máy quét hoặc gõ số định danh rồi Enter.")
        )
    url = _URL.search(cleaned)
    if url is not None:
        return _from_url(url.group(0))
    if "|" in cleaned:
        return parse_card(cleaned, today=today)
    return _from_word(cleaned, today)


def parse_card(text: str, *, today: date) -> CardScan:
    """Read the `|`-separated text of a citizen card; six fields are enough, the issue date may lack."""
    text = _GLUED.sub(r"\1 \2", _cleaned(text))
    starts = _starts(text)
    if not starts:
        return _cut_short(text)
    ends = [start.start() for start in starts[1:]] + [len(text)]
    cards = [text[start.start() : end] for start, end in zip(starts, ends, strict=True)]
    whole = [card for card in cards if card.count("|") >= FEWEST_FIELDS - 1]
    if not whole:
        return _cut_short(text)
    fields = [field.strip() for field in whole[-1].split("|")]
    if fields[2] and not any(char.isalpha() for char in fields[2]):
        return _shifted(fields[2])
    person, warnings = _person(fields, today)
    if len(cards) > 1:
        warnings.insert(0, _repeat_remark([start.group(1) for start in starts]))
    if text[: starts[0].start()].strip():
        warnings.append(
            Remark("", msg("Trước chuỗi thẻ có chữ gõ sẵn; đã bỏ phần đó và chỉ đọc phần của thẻ."))
        )
    return CardScan(ScanKind.CARD, person, tuple(warnings))


def _shifted(in_place_of_name: str) -> CardScan:
    """A number at the beginning was misread, so that the old number stands in its place and everything one to the
    left: another person's data in the right boxes is worse than none.
    """
    problem = msg(
        "Chuỗi quét bị lệch: ở chỗ họ tên là “%(seen)s”. Quét lại thẻ hoặc gõ số định danh rồi Enter.",
        seen=in_place_of_name[:20],
    )
    return _unreadable(problem)


def card_text(person: ScannedPerson, *, new_card: bool = False) -> str:
    """The text a scanner types for a person: the inverse of `parse_card`, for demonstrations and tests."""
    fields = (
        person.id_number,
        person.old_id_number,
        person.name,
        _digits(person.born_on),
        person.gender,
        person.address,
        _digits(person.issued_on),
    )
    return "|".join(fields) + ("||||" if new_card else "")


def _cleaned(text: str) -> str:
    return nfc(from_western(text[:LONGEST])).translate(_SEPARATORS).strip()


def _starts(text: str) -> list[re.Match[str]]:
    """Where cards begin: a number before a `|`, at least five `|` after the beginning of the card before."""
    found: list[re.Match[str]] = []
    for match in _CARD_START.finditer(text):
        if not found or text.count("|", found[-1].start(), match.start()) >= FEWEST_FIELDS - 1:
            found.append(match)
    return found


def _repeat_remark(numbers: list[str]) -> Remark:
    if len(set(numbers)) == 1:
        return Remark("", msg("Thẻ được quét hai lần; đã lấy một lần."))
    return Remark(
        "id_number",
        msg("Trong ô quét có hai thẻ khác nhau; đã lấy thẻ quét sau. Kiểm tra đúng người đang đứng ở quầy."),
    )


def _cut_short(text: str) -> CardScan:
    count = text.count("|") + 1
    if count >= FEWEST_FIELDS:
        first = text.split("|")[0].strip()
        problem = (first and length_problem(first)) or msg("Không thấy số định danh ở đầu chuỗi quét.")
        return _unreadable(msg("%(problem)s Quét lại thẻ hoặc gõ số định danh rồi Enter.", problem=problem))
    return _unreadable(
        msg(
            "Chuỗi quét bị đứt: mới có %(n)s phần, thẻ căn cước có ít nhất 6. "
            "Quét lại chậm hơn, hoặc gõ số định danh rồi Enter.",
            n=count,
        )
    )


def _person(fields: list[str], today: date) -> tuple[ScannedPerson, list[Remark]]:
    warnings: list[Remark] = []
    number, old = fields[0], fields[1]
    problem = length_problem(number)
    if problem is not None:
        warnings.append(Remark("id_number", problem))
    name = _name(fields[2], warnings)
    gender = _gender(fields[4], warnings)
    born_on = _born_on(fields[3], today, warnings)
    person = ScannedPerson(
        id_number=number,
        old_id_number=old if old.isascii() and old.isdigit() else "",
        name=name,
        born_on=born_on,
        gender=gender,
        address=_address(fields[5], warnings),
        issuer="Bộ Công an"
        if len(fields) >= NEW_CARD_FIELDS
        else "Cục Cảnh sát quản lý hành chính về trật tự xã hội",
    )
    person = replace(person, issued_on=_issued_on(fields, person, today, warnings))
    warnings += [
        Remark(field, message)
        for field, message in contradictions(number, born_on=person.born_on, gender=person.gender)
    ]
    return person, warnings


def _name(text: str, warnings: list[Remark]) -> str:
    mended, changed = mend(text)
    name = name_case(mended)
    if not name:
        warnings.append(Remark("name", msg("Thẻ quét không có họ tên. Gõ họ tên theo thẻ.")))
    elif is_broken(name) or any(char.isdigit() for char in name):
        warnings.append(
            Remark(
                "name",
                msg(
                    "Họ tên “%(name)s” bị hỏng dấu do máy quét hoặc bộ gõ. Sửa lại theo thẻ; "
                    "lần sau chuyển bộ gõ (Unikey) sang chữ E khi quét.",
                    name=name,
                ),
            )
        )
    elif changed:
        warnings.append(
            Remark(
                "name",
                msg("Họ tên quét bị bộ gõ làm sai dấu; đã sửa thành “%(name)s”. So lại với thẻ.", name=name),
            )
        )
    return name


def _address(text: str, warnings: list[Remark]) -> str:
    mended, changed = mend(text)
    address = address_case(mended)
    if is_broken(address):
        warnings.append(Remark("address", msg("Địa chỉ quét bị hỏng dấu. Sửa lại theo thẻ.")))
    elif changed:
        warnings.append(Remark("address", msg("Địa chỉ quét bị bộ gõ làm sai dấu; đã sửa. So lại với thẻ.")))
    return address


def _gender(text: str, warnings: list[Remark]) -> str:
    folded = fold(mend(text)[0])
    if folded == "nam":
        return MALE
    if folded.startswith("n") and len(folded) <= 3 and folded != "na":
        return FEMALE
    if text:
        warnings.append(
            Remark("gender", msg("Giới tính trên thẻ đọc được là “%(seen)s”. Chọn lại.", seen=text[:20]))
        )
    return ""


def _born_on(text: str, today: date, warnings: list[Remark]) -> date | None:
    born_on = read_day(text)
    if born_on is None:
        if text:
            warnings.append(
                Remark("born_on", msg("Ngày sinh %(day)s không có thật. Gõ lại theo thẻ.", day=_shown(text)))
            )
        return None
    if born_on > today:
        warnings.append(
            Remark("born_on", msg("Ngày sinh %(day)s ở sau hôm nay. So lại với thẻ.", day=_shown(text)))
        )
    return born_on


def _issued_on(fields: list[str], person: ScannedPerson, today: date, warnings: list[Remark]) -> date | None:
    text = fields[6] if len(fields) >= FULL_FIELDS else ""
    if not text:
        warnings.append(Remark("issued_on", msg("Thẻ quét không có ngày cấp; không cần cho việc tiếp nhận.")))
        return None
    issued_on = read_day(text)
    if issued_on is None:
        warnings.append(Remark("issued_on", msg("Ngày cấp thẻ %(day)s không có thật.", day=_shown(text))))
    elif issued_on > today:
        warnings.append(
            Remark("issued_on", msg("Ngày cấp thẻ %(day)s ở sau hôm nay. Kiểm tra thẻ.", day=_shown(text)))
        )
    elif person.born_on is not None and issued_on < person.born_on:
        warnings.append(
            Remark(
                "issued_on", msg("Ngày cấp thẻ %(day)s ở trước ngày sinh. Kiểm tra thẻ.", day=_shown(text))
            )
        )
    elif person.born_on is not None:
        expired = expired_on(person.born_on, issued_on)
        if expired is not None and expired <= today:
            warnings.append(
                Remark(
                    "issued_on",
                    msg(
                        "Thẻ hết giá trị từ %(day)s. Nhắc công dân đổi thẻ; vẫn tiếp nhận được.",
                        day=f"{expired:%d/%m/%Y}",
                    ),
                )
            )
    return issued_on


def expired_on(born_on: date, issued_on: date) -> date | None:
    """The day a card stops being valid; None for a card that stays valid for life.

    That is at 14, 25, 40 or 60, and at the next of these when it was issued within two years before one (Law
    on Identification 2023, article 21).
    """
    for age in _RENEWALS:
        renewal = _birthday(born_on, age)
        if issued_on < _birthday(born_on, age - 2):
            return renewal
    return None


def _birthday(born_on: date, age: int) -> date:
    year = born_on.year + age
    if year > date.max.year:
        return date.max
    try:
        return born_on.replace(year=year)
    except ValueError:  # born on 29 February
        return date(year, 3, 1)


def _from_url(url: str) -> CardScan:
    lowered = url.lower()
    tail = url.rstrip("/").rpartition("/")[2].partition("?")[0]
    if "vneid" in lowered or "dancuquocgia" in lowered:
        return _dynamic()
    if _TOKEN.fullmatch(tail):
        return CardScan(ScanKind.SLIP, reference=tail)
    return _unreadable(
        msg(
            "Mã QR này là một địa chỉ web, không phải thẻ căn cước hay giấy tiếp nhận của hệ thống. "
            "Quét đúng mã trên thẻ hoặc trên giấy."
        )
    )


def _from_word(text: str, today: date) -> CardScan:
    digits = re.sub(r"[\s.-]", "", text)
    if digits.isascii() and digits.isdigit():
        return _from_digits(digits)
    if _is_json(text) or (_BLOB.fullmatch(text) and not _CODE.fullmatch(text)):
        return _dynamic()
    if _CODE.fullmatch(text):
        return CardScan(ScanKind.CODE, reference=text)
    return _unreadable(
        msg(
            "Không đọc được “%(seen)s”. Quét thẻ căn cước, quét mã trên giấy tiếp nhận, "
            "hoặc gõ số định danh rồi Enter.",
            seen=text[:40],
        )
    )


def _from_digits(digits: str) -> CardScan:
    repeated = digits[: len(digits) // 2]
    warnings: tuple[Remark, ...] = ()
    if len(digits) in {2 * PERSON_LENGTH, 2 * OLD_LENGTH} and repeated * 2 == digits:
        digits = repeated
        warnings = (Remark("", msg("Số được quét hai lần; đã lấy một lần.")),)
    if len(digits) == OLD_LENGTH:
        remark = Remark(
            "id_number", msg("Đây là số chứng minh nhân dân cũ (9 số). Hỏi thẻ căn cước 12 số nếu đã có.")
        )
        return CardScan(ScanKind.NUMBER, ScannedPerson(digits), (*warnings, remark))
    problem = length_problem(digits)
    if problem is not None:
        return _unreadable(problem)
    found = contradictions(digits, born_on=None, gender="")
    remarks = tuple(Remark(field, message) for field, message in found)
    return CardScan(ScanKind.NUMBER, ScannedPerson(digits), (*warnings, *remarks))


def _dynamic() -> CardScan:
    return _unreadable(
        msg(
            "Đây là mã QR động của ứng dụng VNeID: mã hóa và chỉ dùng một lần, máy quét ở quầy không đọc "
            "được. Quét mã trên thẻ căn cước, hoặc nhìn màn hình VNeID và gõ 12 số định danh rồi Enter."
        )
    )


def _unreadable(problem: Message) -> CardScan:
    return CardScan(ScanKind.UNREADABLE, problem=problem)


def _is_json(text: str) -> bool:
    if text[:1] not in "{[":
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _digits(day: date | None) -> str:
    return "" if day is None else f"{day.day:02d}{day.month:02d}{day.year:04d}"


def _shown(text: str) -> str:
    return f"{text[:2]}/{text[2:4]}/{text[4:]}" if re.fullmatch(r"[0-9]{8}", text) else text[:20]

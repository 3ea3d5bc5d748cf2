"""The words decisions use: codes, actions, levels, dates, "as above". Folded text in, values out."""

from __future__ import annotations

import re
from datetime import date

from motcua.catalogue.types import Level, Territory
from motcua.catalogue.types_changes import ChangeAction
from motcua.kernel.text import fold, nfc

CODE = re.compile(r"(?<![\d.])(\d)\s?[.,]\s?(\d{6})(?![\d])(?:(?:\.\d{2,3})*\.?[Hh]\d{2}|(?:\.\d{2,3})+)?")
"""1.009645, also as 1.009645.H05 and in the older long form 1.000236.000.00.00.H42."""

ABOVE = frozenset(
    {"nt", "-nt-", "n.t", "nt.", "(nt)", "- nt -", "nhu tren", '"', "''", "”", "//", "-//-", "ditto"}
)
NONE = frozenset(
    {"", "-", "--", "–", "—", "x", "khong", "khong co", "chua co", "chua co ma", "(chua co ma)", "..", "…"}
)

_ACTIONS: tuple[tuple[re.Pattern[str], ChangeAction], ...] = (
    (re.compile(r"\bbai bo\b|\bhuy bo thu tuc\b|\bhuy cong khai\b"), ChangeAction.ABOLISHED),
    (re.compile(r"\bthay the\b|\bdoi ma\b|\bthay doi ma\b"), ChangeAction.REPLACED),
    (re.compile(r"\b(?:chuyen|thay doi) cap\b"), ChangeAction.LEVEL_MOVED),
    (re.compile(r"\bphan cap\b|\buy quyen\b|\bphan quyen\b"), ChangeAction.REDELEGATED),
    (re.compile(r"\bquy trinh (?:noi bo|dien tu)\b"), ChangeAction.PROCESS),
    (
        re.compile(r"\bmoi ban hanh\b|\bban hanh moi\b|\btthc moi\b|\bhanh chinh moi\b|^moi$"),
        ChangeAction.NEW,
    ),
    (
        re.compile(r"\bsua doi\b|\bbo sung\b|\bchuan hoa\b|\b(?:khong phu thuoc|phi) (?:vao )?dia gioi\b"),
        ChangeAction.AMENDED,
    ),
    (re.compile(r"\bchi ghi nhan\b|\bda cong bo\b"), ChangeAction.NOTED),
)
_LEVELS: tuple[tuple[re.Pattern[str], Level], ...] = (
    (re.compile(r"\bcap (?:trung uong|bo(?! sung))\b|^trung uong$|^bo$"), Level.MINISTRY),
    (re.compile(r"\bcap (?:tinh|thanh pho)\b|^tinh$"), Level.PROVINCE),
    (re.compile(r"\bcap xa\b|^xa$|\bubnd (?:cac )?(?:xa|phuong)\b"), Level.COMMUNE),
    (re.compile(r"\b(?:co quan|to chuc|don vi) khac\b"), Level.OTHER),
)
_BOTH = re.compile(r"\bcap (tinh|xa|bo)((?:\s*(?:,|va|/|-|–)\s*(?:cap )?(?:tinh|xa|bo))+)\b")
DISTRICT = re.compile(r"\bcap huyen\b")
BOUNDARY_FREE = re.compile(r"\b(?:khong phu thuoc|phi) (?:vao )?dia gioi\b")
_DAY = re.compile(
    r"(?:ngày\s+)?(\d{1,2})\s*(?:/|-|\.|\s+tháng\s+)\s*(\d{1,2})\s*(?:/|-|\.|\s+năm\s+)\s*(\d{4})(?!\d)",
    re.IGNORECASE,
)
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
_DEPARTMENT = re.compile(
    r"\b(?:so (?:noi vu|tu phap|tai chinh|xay dung|y te|cong thuong|nong nghiep|khoa hoc|giao duc|van hoa|ngoai vu|"
    r"dan toc)|thanh tra tinh|ubnd tinh|uy ban nhan dan tinh|ban quan ly cac (?:khu cong nghiep|kcn)|"
    r"cong an tinh|van phong dang ky dat dai)\b"
)
_COMMUNE = re.compile(r"\b(?:ubnd|uy ban nhan dan)(?: cac)? (?:cap xa|xa|phuong)\b|\bcap xa\b")


_AFTER_FIELD = re.compile(
    r"\s+(?:thuộc|trong) (?:phạm vi|thẩm quyền|chức năng|lĩnh vực)|\s+thuộc (?:Sở|Bộ|UBND|Ủy ban|Ban|Thanh tra|quyền)|"
    r"\s+trên địa bàn|\s+(?:của|do|tại) (?:Sở|Bộ|UBND|Ủy ban|Ban Quản lý|tỉnh|cấp|Trung tâm|Bộ phận)|"
    r"\s*\(\s*(?:\d|gồm|kèm)|\s*[-–]\s*(?:cấp|số lượng)\b",
    re.IGNORECASE,
)


def codes_in(text: str) -> list[str]:
    """National codes in the order they stand, without the province's suffix."""
    return [f"{found[1]}.{found[2]}" for found in CODE.finditer(text)]


def is_above(text: str) -> bool:
    """Whether a cell only says "as above"."""
    return fold(text) in ABOVE


def is_nothing(text: str) -> bool:
    """Whether a cell says that there is nothing to say."""
    return fold(text).strip("()") in NONE


def actions_in(text: str) -> set[ChangeAction]:
    """Every action named in a title or heading."""
    folded = fold(text)
    return {action for pattern, action in _ACTIONS if pattern.search(folded)}


def action_of(text: str) -> ChangeAction | None:
    """The one action a heading names; None when it names none or several."""
    found = actions_in(text)
    return next(iter(found)) if len(found) == 1 else None


def levels_in(text: str) -> tuple[Level, ...]:
    """The levels a heading or a cell names, in the order of the law."""
    folded = fold(text)
    for both in _BOTH.finditer(folded):
        folded += "".join(f" | cap {word}" for word in re.findall(r"tinh|xa|bo", both[2]))
    return tuple(level for pattern, level in _LEVELS if pattern.search(folded))


def levels_of_authority(text: str) -> tuple[Level, ...]:
    """The level of the bodies named as deciding; empty when the words do not show it."""
    folded = fold(text)
    found: list[Level] = []
    if re.match(r"bo (?!chi huy)\w", folded):
        found.append(Level.MINISTRY)
    if _DEPARTMENT.search(folded) or re.search(r"\b(?:ubnd|uy ban nhan dan) cap tinh\b|\bcap tinh\b", folded):
        found.append(Level.PROVINCE)
    if _COMMUNE.search(folded):
        found.append(Level.COMMUNE)
    return tuple(found)


def day_in(text: str) -> date | None:
    """The first real day written in a text: 22/11/2025, 22 tháng 11 năm 2025, 2025-11-22. None for 20/11/20225."""
    found = _ISO.search(text)
    if found:
        return _day(found[1], found[2], found[3])
    found = _DAY.search(text)
    return _day(found[3], found[2], found[1]) if found else None


def _day(year: str, month: str, day: str) -> date | None:
    try:
        made = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return made if 1990 <= made.year <= 2100 else None


def field_in(text: str) -> str:
    """The field of administration a heading names after "lĩnh vực"; empty when it names none."""
    plain = nfc(text)
    found = re.search(r"(?:lĩnh vực:?\s*)+(.+)$", plain, re.IGNORECASE)
    if not found:
        return ""
    name = _AFTER_FIELD.split(found[1], maxsplit=1)[0].strip(" .,;:–-")
    return sentence_case(name)


def territory_in(text: str) -> Territory | None:
    """The one of the two former provinces to which a cell limits a procedure; None where it names none or both."""
    found = set(
        re.findall(
            r"\b(?:tinh )?(bac ninh|bac giang) (?:cu|truoc (?:day|sap xep|hop nhat|khi))\b", fold(text)
        )
    )
    if len(found) != 1:
        return None
    return Territory.BAC_NINH_CU if "bac ninh" in found else Territory.BAC_GIANG_CU


def sentence_case(text: str) -> str:
    """A heading written in capitals as an ordinary name; other text as it is, its first letter large."""
    if text.isupper():
        text = text.lower().replace("việt nam", "Việt Nam")
    return text[:1].upper() + text[1:]

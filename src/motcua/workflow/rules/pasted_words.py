"""What single cells of a pasted process table say: its columns, who performs, how long.

Matching is on folded text. Wordings come from the tables of Bắc Ninh, Cao Bằng, Cần Thơ, Đồng Tháp, Hà Nội, Hà Tĩnh,
Nghệ An and Vĩnh Long (internal processes annexed to decisions of 2025).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from motcua.kernel.text import fold
from motcua.workflow.rules.definition import Span, TimeUnit


class Column(StrEnum):
    """What a column of a process table holds."""

    ORDER = "order"
    NAME = "name"
    PERFORMER = "performer"
    TIME = "time"
    OUTPUT = "output"
    FORM = "form"
    NOTE = "note"


_HEADINGS: tuple[tuple[Column, str], ...] = (
    (Column.ORDER, r"^(thu tu|stt|tt|so tt|buoc|b|cac buoc|buoc thuc hien|so thu tu)\b(?!.*noi dung)"),
    (Column.TIME, r"thoi gian|thoi han|^ngay lam viec$|^so (ngay|gio)"),
    (
        Column.PERFORMER,
        r"(don vi|co quan|bo phan|ca nhan|nguoi|can bo)[\w\s/,()]*(thuc hien|giai quyet|trach nhiem|xu ly|chu tri)"
        r"|^(trach nhiem|don vi|co quan|bo phan|chu the)$|^(trach nhiem|chu the) ",
    ),
    (Column.FORM, r"^(bieu mau|mau (don|so|bieu)|ho so/bieu mau)\b(?!.*ket qua)|^mau$"),
    (Column.OUTPUT, r"san pham|ket qua|dau ra"),
    (Column.NOTE, r"ghi chu|luu y"),
    (Column.NAME, r"noi dung|cong viec|trinh tu|mo ta|ten buoc|hoat dong"),
)


def column_of(heading: str) -> Column | None:
    """What a heading announces.

    >>> column_of("Đơn vị/Người thực hiện")
    <Column.PERFORMER: 'performer'>
    """
    words = fold(heading).strip(" .:*")
    if len(words) > 80:
        return None
    if words in {"buoc thuc hien", "trinh tu cac buoc"}:
        return Column.NAME
    return next((column for column, pattern in _HEADINGS if re.search(pattern, words)), None)


def unit_of_heading(heading: str) -> TimeUnit | None:
    """The unit a heading gives to bare numbers below it: "Thời gian (ngày làm việc)"."""
    words = fold(heading)
    if "gio" in words:
        return TimeUnit.WORKING_HOUR
    if "ngay lam viec" in words:
        return TimeUnit.WORKING_DAY
    return None


@dataclass(frozen=True, slots=True)
class Role:
    """The role read from a performer's words; `sure` when the words name a person and not just a unit."""

    key: str
    sure: bool


_ROLES: tuple[tuple[str, bool, str], ...] = (
    ("clerk", True, r"^(nhan vien |can bo |cong chuc )?van thu"),
    (
        "one_stop_officer",
        True,
        r"ttpvhcc|trung tam (phuc vu|pv) (hanh chinh cong|hcc)|tthcc|mot cua|tiep nhan (va|&) (tra|hen tra)"
        r"|(can bo|cong chuc|vien chuc|nhan vien|chuyen vien) (tai quay|truc quay|tiep nhan)|^bo phan tiep nhan",
    ),
    ("council", True, r"^hoi dong(?! nhan dan)|hoi dong$"),
    (
        "dept_head",
        True,
        r"^(lanh dao|truong|pho truong|phu trach) (phong|cqcm|ban chuyen mon)|^(pho )?truong phong",
    ),
    ("dept_head", True, r"^(lanh dao|chanh|pho chanh|pho) van phong"),
    (
        "leader",
        True,
        r"^(lanh dao|thuong truc|chu tich|pho chu tich|giam doc|pho giam doc|thu truong|truong ban)",
    ),
    ("leader", True, r"^(ban|ban lanh dao|tap the lanh dao)( |$)(?!quan ly|ql|ngan)"),
    (
        "wait",
        True,
        r"^(chu (du an|dau tu)|cong dan|nguoi (nop|dan|yeu cau|de nghi)|to chuc|ca nhan|nguoi su dung dat)",
    ),
    (
        "external",
        True,
        r"^cac (so|co quan|don vi|phong)|co quan (duoc (lay|xin|hoi)|lien quan|phoi hop|tham gia|thue|cong an)"
        r"|(duoc|co) (lay|xin) y kien"
        r"|don vi (lien quan|phoi hop|duoc)|^(cong an|bo |cuc |thue |kho bac|ngan hang|toa an|vien kiem sat)"
        r"|^so\s*/\s*nganh",
    ),
    ("specialist", True, r"^(chuyen vien|cong chuc|can bo|vien chuc|nhan vien|ke toan|tham tra vien)"),
    ("specialist", False, r"^(van phong|bo phan|to |chi cuc|chi nhanh|vpdkdd|trung tam|phong|co quan)"),
    ("leader", False, r"^(uy ban nhan dan|ubnd)"),
    ("specialist", False, r"^(so|ban)\b|chuyen vien|cong chuc|can bo|vien chuc"),
)
_HEADS = re.compile(r"\b(lanh dao|giam doc|chu tich)\b")


def role_of(performer: str) -> Role | None:
    """The role that a performer's words mean, or None.

    >>> role_of("Lãnh đạo Phòng chuyên môn")
    Role(key='dept_head', sure=True)
    """
    words = re.sub(r"^[\s\-+*•]+", "", fold(performer))
    for key, sure, pattern in _ROLES:
        if re.search(pattern, words):
            return Role(key, sure)
    return Role("leader", sure=False) if _HEADS.search(words) else None


@dataclass(frozen=True, slots=True)
class TimeCell:
    """What a time cell says. `left` is what was not understood of it; the whole cell when nothing was."""

    span: Span | None = None
    counted: bool = True
    office_hours: bool = False
    left: str = ""


_NUMBER = r"(?:\d+(?:[.,]\d+)?(?:\s*/\s*\d+)?)"
_UNITS = r"(ngay lam viec|ngay lv|ngay|gio lam viec|gio hanh chinh|gio|h|phut|tieng|d)?"
_AMOUNT = re.compile(rf"(?<![\d/.,])({_NUMBER})\s*{_UNITS}(?![\w/])")
_SIGNS = {"½": "1/2", "¼": "1/4", "¾": "3/4", "⅓": "1/3", "⅔": "2/3", "⅛": "1/8"}
_SMALL = re.compile(
    r"\b(toi da|khong qua|khong vuot qua|trong|trong thoi han|khoang|cham nhat|lam viec|ke tu (khi|ngay).*"
    r"|tu khi nhan.*|va|la|thoi gian|thoi han)\b|[().:;\-–+=*]"
)
_NOT_COUNTED = re.compile(
    r"khong tinh( vao)?( thoi gian| thoi han)?( giai quyet)?|khong quy dinh( thoi gian)?"
)


def time_cell(text: str, *, default: TimeUnit) -> TimeCell:
    """The amount in a time cell; a number without unit takes `default`, and so does a bare "ngày".

    Minutes become parts of a working hour. "1 ngày (8 giờ làm việc)" is one amount said twice.

    >>> time_cell("02 giờ làm việc", default=TimeUnit.WORKING_DAY).span
    Span(amount=Fraction(2, 1), unit=<TimeUnit.WORKING_HOUR: 'working_hour'>)
    """
    for sign, number in _SIGNS.items():
        text = re.sub(rf"(\d)\s*{sign}", rf"\1+{number}", text).replace(sign, number)
    words = re.sub(r"\bnua (ngay|gio)", r"1/2 \1", fold(text)).strip()
    if not words or words in {"-", "–", "x", "/"}:
        return TimeCell()
    if _NOT_COUNTED.search(words):
        rest = time_cell(_NOT_COUNTED.sub(" ", words).strip(" ()"), default=default)
        return TimeCell(span=rest.span, counted=False, left=rest.left)
    if re.fullmatch(r"(trong |theo )?gio hanh chinh\.?", words):
        return TimeCell(counted=False, office_hours=True)
    spans = [_span(*found, default=default) for found in _AMOUNT.findall(_mixed(words))]
    if not spans or any(span is None for span in spans):
        return TimeCell(left=text.strip())
    first, *others = [span for span in spans if span is not None]
    left = _left(_AMOUNT.sub(" ", _mixed(words)))
    if all(_same(first, other) for other in others):
        return TimeCell(span=first, left=left)
    return TimeCell(left=text.strip())


def _mixed(words: str) -> str:
    """ "1+1/2 ngay" as one fraction."""
    return re.sub(r"(\d+)\+(\d+)/(\d+)", lambda m: f"{int(m[1]) * int(m[3]) + int(m[2])}/{m[3]}", words)


def _span(number: str, unit: str, *, default: TimeUnit) -> Span | None:
    try:
        amount = (
            Fraction(re.sub(r"\s", "", number).replace(",", ".")) if "/" not in number else _ratio(number)
        )
    except (ValueError, ZeroDivisionError):
        return None
    if unit == "phut":
        return Span(amount / 60, TimeUnit.WORKING_HOUR)
    if unit.startswith(("gio", "h", "tieng")):
        return Span(amount, TimeUnit.WORKING_HOUR)
    if unit in {"ngay lam viec", "ngay lv"}:
        return Span(amount, TimeUnit.WORKING_DAY)
    if unit in {"ngay", "d"} and default is TimeUnit.WORKING_HOUR:
        return Span(amount, TimeUnit.WORKING_DAY)
    return Span(amount, default)


def _ratio(number: str) -> Fraction:
    above, below = number.replace(",", ".").split("/")
    return Fraction(above.strip()) / Fraction(below.strip())


def _same(one: Span, other: Span) -> bool:
    """The same amount said in another unit; calendar days beside hours are read as the source means them."""
    return one.planned_minutes == other.planned_minutes


def _left(words: str) -> str:
    return " ".join(_SMALL.sub(" ", words).split())


_CASE = re.compile(r"(?:^|[\s;.,\-–+•*])+(?:trường hợp|TH)\s*(?:thứ\s*)?(\d)\s*[:.\-–)]?\s*", re.IGNORECASE)


def cases_of(name: str) -> str | None:
    """A cell with "Trường hợp 1 … Trường hợp 2 …" in the spelling `numbered_cases` reads; None without two.

    >>> cases_of("Tổng hợp. Trường hợp 1: đủ điều kiện, lập tờ trình. TH2: chưa đủ, thông báo")
    'Tổng hợp; TH1: đủ điều kiện, lập tờ trình; TH2: chưa đủ, thông báo'
    """
    head, *rest = _CASE.split(name)
    if len(rest) < 4:
        return None
    pairs = zip(rest[::2], rest[1::2], strict=True)
    texts = [f"TH{number}: {text.strip(' ;.-–').replace(';', ',')}" for number, text in pairs]
    first = [head.strip(" ;:.-–")] if head.strip(" ;:.-–") else []
    return "; ".join([*first, *texts])


def optional_when(name: str) -> str | None:
    """When a row is not always done: "Trường hợp phải xác minh: …", "(nếu có)", "(khi cần)"."""
    found = re.match(r"\s*[-+]?\s*trường hợp (?!\d)([^:]{3,120}):", name, re.IGNORECASE)
    if found:
        return found[1].strip()
    found = re.search(r"\((nếu có|nếu cần|khi cần|khi cần thiết)\)", name, re.IGNORECASE)
    return found[1].lower() if found else None


CODE = re.compile(r"\b(\d\.\d{6})(?:\.[A-Z]\d+)?\b")


def codes_in(text: str) -> tuple[str, ...]:
    """Codes of procedures in a text, each once; the suffix of a province is dropped."""
    return tuple(dict.fromkeys(CODE.findall(text)))


def limit_in(text: str) -> Span | None:
    """The limit in a line "Thời hạn giải quyết: 17 ngày làm việc"."""
    words = fold(text)
    found = re.search(r"(thoi han|thoi gian) (giai quyet|thuc hien|xu ly)[^:\d]{0,40}:?(.{1,60})", words)
    if not found:
        return None
    amount = re.search(rf"{_NUMBER}\s*(ngay lam viec|ngay|gio lam viec|gio)", found[3])
    default = TimeUnit.CALENDAR_DAY
    return time_cell(amount[0], default=default).span if amount else None


def order_of(text: str) -> str | None:
    """The number of a row: "1", "01.", "B1", "Bước 1", "6a", "6.1"; None when the cell is none.

    >>> order_of("Bước 03:")
    '3'
    """
    words = fold(text).strip(" .:)")
    found = re.fullmatch(r"(?:b|buoc|cong viec)?\s*0*(\d{1,3})((?:\.\d{1,2})*)\s*([a-e])?", words)
    return f"{found[1]}{found[2].replace('.', '-')}{found[3] or ''}" if found else None


_TOTAL = (
    r"(tong|cong)( cong| so| thoi gian| thoi han| cac buoc| ngay| gio| thuc hien| giai quyet| lam viec)*"
    r"\s*[:.(]?\s*(\d.*)?"
)


def is_total(text: str) -> bool:
    """ "Tổng", "Tổng cộng: 17 ngày", "Tổng thời gian giải quyết"; not "Tổng hợp ý kiến" or "Công chức".

    >>> is_total("Tổng cộng"), is_total("Tổng hợp hồ sơ")
    (True, False)
    """
    return bool(re.fullmatch(_TOTAL, fold(text)))


def is_consulting(name: str, performer: str, role: str) -> bool:
    return role == "external" or bool(re.search(r"y kien|phoi hop", fold(f"{name} {performer}")))

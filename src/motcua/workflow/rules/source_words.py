"""What the words of a decision's process table mean: units, roles, waits, shared times.

Matching is on folded text (lower case, no accents). Every rule here comes from wordings found in real tables
of Bắc Ninh, Cần Thơ, Đồng Tháp, Nghệ An and Quảng Ninh.
"""

from __future__ import annotations

import re
from fractions import Fraction

from motcua.kernel.text import fold
from motcua.workflow.rules.definition import Span, TimeUnit, UnitRef, Wait, WaitReason, Where

LAND_REGISTRY = "land_registry"

_FRACTIONS = {"½": "0.5", "¼": "0.25", "¾": "0.75"}
_AMOUNT = re.compile(r"(\d+(?:[.,]\d+)?)\s*(ngay lam viec|ngay|gio)")
_COMMUNE_WORDS = re.compile(r"cap xa|ubnd xa|cqcm")
_DIVISION_WORDS = re.compile(
    r"phong|chuyen vien|cong chuc|can bo|chi cuc|co quan .*cap xa|cqcm|truong phong|hoi dong$"
)


def exact(value: object) -> Fraction:
    """A number of the source as the decimal it was written as. Raises ValueError."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError(f"not an amount: {value!r}")
    return Fraction(str(value))


def spoken_span(text: str, *, default: TimeUnit) -> Span | None:
    """The first amount of time in a phrase; bare "ngày" takes the `default` unit.

    >>> spoken_span("văn thư và trả kết quả chung ½ ngày", default=TimeUnit.WORKING_DAY)
    Span(amount=Fraction(1, 2), unit=<TimeUnit.WORKING_DAY: 'working_day'>)
    """
    for sign, number in _FRACTIONS.items():
        text = text.replace(sign, number)
    found = _AMOUNT.search(fold(text))
    if found is None:
        return None
    units = {"ngay lam viec": TimeUnit.WORKING_DAY, "gio": TimeUnit.WORKING_HOUR, "ngay": default}
    return Span(Fraction(found[1].replace(",", ".")), units[found[2]])


def is_head_of_division(performer: str) -> bool:
    """Tables call the head of a division "leader"; in the organisation that is a `dept_head`."""
    return bool(re.search(r"^(lanh dao|truong) (phong|cqcm)", fold(performer)))


def unit_ref(performer: str, role: str, level: str) -> UnitRef:
    """Which unit the performer's words mean."""
    words = fold(performer)
    return UnitRef(_where(words, role, level), performer, LAND_REGISTRY if "vpdkdd" in words else "")


def _where(words: str, role: str, level: str) -> Where:
    if role == "one_stop_officer":
        return Where.RECEIVING_CENTRE
    if "vpdkdd" in words:
        return Where.NAMED
    if role == "external":
        return Where.CONSULTED
    if re.search(r"ubnd tinh", words):
        return Where.PROVINCE_OFFICE if "van thu" in words else Where.PROVINCE_COMMITTEE
    if level != "xa" and _COMMUNE_WORDS.search(words):
        return Where.COMMUNE
    if role in ("specialist", "dept_head", "council") and _is_division(words, role):
        return Where.FIELD_DIVISION
    return Where.AGENCY


def _is_division(words: str, role: str) -> bool:
    return role == "dept_head" or bool(_DIVISION_WORDS.search(words))


def wait_of(text: str, performer: str) -> Wait:
    """Why a step waits."""
    words = fold(f"{text} {performer}")
    if re.search(r"chung tu|nop tien|nghia vu tai chinh|le phi|co quan thue", words):
        reason = WaitReason.PAYMENT
    elif "niem yet" in words:
        reason = WaitReason.POSTING
    elif re.search(r"cong dan|to chuc|chu du an|nguoi nop", fold(performer)):
        reason = WaitReason.APPLICANT
    else:
        reason = WaitReason.OTHER
    return Wait(reason, text)


def is_parallel(name: str) -> bool:
    return "song song" in fold(name)


def is_assignment(name: str) -> bool:
    return fold(name).startswith("phan cong")


def approves(name: str, role: str) -> bool:
    """A leader decides whatever the row is called, except when assigning; a head of division when signing."""
    if is_assignment(name):
        return False
    return role == "leader" or (role == "dept_head" and fold(name).startswith("ky "))


def may_refuse(name: str, output: str | None) -> bool:
    """An approval whose product may be a refusal."""
    return bool(re.search(r"tu choi|khong chap thuan", fold(f"{name} {output or ''}")))


def may_return_unresolved(name: str) -> bool:
    """An appraisal that may give the dossier back unresolved (Đồng Tháp 138/2025, Art. 3 and 17)."""
    return bool(re.search(r"thi tra ho so|khong du dieu kien: tra", fold(name)))


def is_return(name: str) -> bool:
    return "tra ket qua" in fold(name)


def numbered_cases(name: str) -> tuple[tuple[str, str], ...]:
    """The "TH1 …; TH2 …" of a branching step as (number, words).

    >>> numbered_cases("Tổng hợp; TH1 chưa đủ điều kiện: thông báo bổ sung; TH2: dự thảo báo cáo")
    (('1', 'chưa đủ điều kiện: thông báo bổ sung'), ('2', 'dự thảo báo cáo'))
    """
    return tuple((m[1], m[2].strip()) for m in re.finditer(r"TH(\d)\s*:?\s*([^;]+)", name))


def sends_supplement_notice(name: str) -> bool:
    return bool(re.search(r"hoac gui thong bao bo sung", fold(name)))

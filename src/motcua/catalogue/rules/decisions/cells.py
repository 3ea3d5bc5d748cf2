"""What the cells of a line mean: time limits and fees by the readers of the sources, lists, online level.

Nothing is guessed: a text that is not understood is reported with its cell and leaves the field as it was.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from motcua.catalogue.rules.case_matching import slug
from motcua.catalogue.rules.source_fees import read_fees
from motcua.catalogue.rules.source_limits import LimitSource, read_limit
from motcua.catalogue.rules.source_reading import Row
from motcua.catalogue.rules.time_limits import LimitPhase, TimeLimit
from motcua.catalogue.types import FeeLine, OnlineLevel, ProcedureCase
from motcua.kernel.messages import Message, msg
from motcua.kernel.text import fold, nfc

Report = Callable[[Message], None]

_AMOUNT = r"(?<![\d.,])(\d{1,4}(?:[.,]\d{1,2})?|1/2)(?:\s*\([^)]{1,30}\))?"
_UNIT = r"(ngày làm việc|ngày làm|ngày|giờ làm việc|giờ|tháng)"
_TIME = re.compile(rf"{_AMOUNT}\s*{_UNIT}", re.IGNORECASE)
_WITHIN_DAY = re.compile(r"\btrong ngay(?! lam viec thu)\b|\bngay trong (?:ngay|buoi)\b|\btra ket qua ngay\b")
_PARTS = re.compile(
    r"\((?:trong đó|tại|gồm|bao gồm)[^)]*\)|[,;.\n]?\s*trong đó\s*:?.*$|\(?(?:đã )?(?:cắt )?giảm[^);\n]*\)?",
    re.IGNORECASE | re.DOTALL,
)
_AFTER_HOUR = re.compile(
    r"[,;.(]?\s*(?:(?:nếu )?(?:tiếp )?nhận (?:hồ sơ )?)?sau \d{1,2}\s*(?:giờ|h)\b.*$",
    re.IGNORECASE | re.DOTALL,
)
_UNITS = {
    "ngay lam viec": "working_day",
    "ngay lam": "working_day",
    "ngay": "calendar_day",
    "gio lam viec": "working_hour",
    "gio": "working_hour",
    "thang": "month",
}
_NO_LIMIT = re.compile(r"^khong (?:quy dinh|xac dinh|co thoi han|han che)|^theo (?:dot|ke hoach|du an)")
_STARTS = (
    (
        re.compile(r"ke tu (?:ngay|khi) (?:co quan|so|ubnd|uy ban)[^,;.]* nhan (?:du |duoc )?ho so"),
        "từ khi cơ quan nhận hồ sơ",
    ),
    (
        re.compile(r"(?:ke )?tu (?:ngay|khi) (?:nhan|co) du ho so|nhan (?:du|duoc) ho so (?:hop le|day du)"),
        "từ khi nhận đủ hồ sơ hợp lệ",
    ),
    (re.compile(r"(?:ke )?tu (?:ngay|khi) tiep nhan"), "từ khi tiếp nhận"),
)
_ITEM = re.compile(r"\n|;|(?:^|\s)[-+•]\s+(?=\D)")
_LABEL = re.compile(
    r"^\s*(?:[-+•*]|\d{1,2}[.)]|[a-zđ][.)])?\s*(.{3,200}?)\s*:\s*(.+)$", re.DOTALL | re.IGNORECASE
)
_MONEY = re.compile(r"(\d{1,3}(?:[.,]\d{3})+|\d{1,9})\s*(?:đồng|đ\b|vnđ|vnd|₫)", re.IGNORECASE)
_PER = re.compile(
    r"(?:đồng|đ|vnđ|vnd|₫)\s*(?:/|mỗi|một|01)\s*(?:01\s+|một\s+)?([^,;.()\n]{2,40})", re.IGNORECASE
)
_FREE = re.compile(
    r"^(?:-\s*)?(?:(?:phi|le phi|phi,? le phi)\s*:?\s*)?"
    r"(?:khong(?: thu| co| phai nop| quy dinh)?|mien(?: phi| le phi| thu)?|0(?: dong| d)?)"
    r"(?: (?:phi|le phi|phi,? le phi|phi va le phi))?\.?$"
)
_SET_ELSEWHERE = re.compile(
    r"\b(?:nghi quyet|thong tu|quy dinh|hdnd|hoi dong nhan dan|quyet dinh|nghi dinh|luat)\b"
)
FREE_NAME = "Không thu phí, lệ phí"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a limit cell says: one limit, or one for each named case."""

    limit: TimeLimit | None = None
    cases: tuple[ProcedureCase, ...] = ()


def read_limit_cell(text: str, report: Report, *, code: str = "") -> Limits | None:
    """The limit or the limits by case; None (reported) when the words are not understood."""
    whole = _AFTER_HOUR.sub("", _PARTS.sub(" ", text))
    times = _times(whole)
    if len(times) == 1:
        limit = _limit(times[0], text, report, code)
        return None if limit is None else Limits(limit)
    if not times and _NO_LIMIT.search(fold(whole)):
        return Limits(TimeLimit.none(nfc(text)))
    if len(times) > 1:
        phases = _phases(whole, times, report, code)
        if phases is not None:
            return Limits(phases)
        cases = _cases(whole, report, code)
        if cases:
            return Limits(cases=cases)
    report(
        msg(
            "Không hiểu thời hạn “%(words)s”. Hãy ghi dạng “05 ngày làm việc”, hoặc mỗi trường hợp một dòng "
            "“Trường hợp …: 05 ngày làm việc”.",
            words=_short(text),
        )
    )
    return None


def _times(text: str) -> list[tuple[str, str]]:
    """Amount and unit of every stretch of time in a text."""
    found = [
        ("0.5" if a == "1/2" else a.replace(",", "."), _UNITS[fold(unit)]) for a, unit in _TIME.findall(text)
    ]
    return found or ([("1", "within_day")] if _WITHIN_DAY.search(fold(text)) else [])


def _limit(time: tuple[str, str], text: str, report: Report, code: str) -> TimeLimit | None:
    value, unit = time
    folded = fold(text)
    start = next((words for pattern, words in _STARTS if pattern.search(folded)), "")
    row = Row({"value": re.sub(r"^0+(?=\d)", "", value), "unit": unit}, code=code, name="")
    limit = read_limit(row, LimitSource(starts=start, notes=(nfc(text),)))
    for finding in row.findings:
        report(finding.message)
    return limit


def _phases(text: str, times: list[tuple[str, str]], report: Report, code: str) -> TimeLimit | None:
    """ "15 ngày + 05 ngày": stretches one after the other; None when the text does not add."""
    if len(re.findall(r"\+", text)) != len(times) - 1 or "\n" in text or ":" in text:
        return None
    limits = [_limit(time, text, report, code) for time in times]
    phases: list[LimitPhase] = []
    for limit in limits:
        if limit is None:
            return None
        phases.extend(limit.phases)
    return replace(limits[0], phases=tuple(phases)) if limits[0] else None


def _cases(text: str, report: Report, code: str) -> tuple[ProcedureCase, ...]:
    """One case for each line "name: time"; empty when any line with a time has no name or two times."""
    cases: list[ProcedureCase] = []
    for part in _ITEM.split(text):
        times = _times(part)
        if not times:
            continue
        labelled = _LABEL.match(part)
        if labelled is None or len(times) != 1:
            return ()
        name = nfc(labelled[1])
        limit = _limit(times[0], labelled[2], report, code)
        if limit is None or any(case.name == name for case in cases):
            return ()
        cases.append(ProcedureCase(key=slug(name), name=name, limit=limit, changes_limit=True))
    return tuple(cases) if len(cases) > 1 else ()


def read_fee_cell(text: str, report: Report, *, code: str = "") -> tuple[FeeLine, ...] | None:
    """The fee lines of a cell; amounts set elsewhere are lines without an amount. None (reported) when not
    understood.
    """
    rows: list[dict[str, object]] = []
    parts = [nfc(part).strip("-+•* ") for part in re.split(r"\n|;", text)]
    for part in (part for part in parts if part):
        row = _fee(part)
        if row is None:
            report(
                msg(
                    "Không hiểu mức phí, lệ phí “%(words)s”. Hãy ghi mỗi khoản một dòng, "
                    "dạng “Lệ phí cấp giấy phép: 600.000 đồng/giấy phép” hoặc “Không”.",
                    words=_short(part),
                )
            )
            return None
        rows.append(row)
    source = Row({"fees": rows}, code=code, name="")
    lines = read_fees(source, (), code)
    for finding in source.findings:
        report(finding.message)
    return lines


def _fee(part: str) -> dict[str, object] | None:
    folded = fold(part)
    kind = "le_phi" if "le phi" in folded and not folded.startswith("phi") else "phi"
    amounts = _MONEY.findall(part)
    labelled = _LABEL.match(part)
    name = nfc(labelled[1]) if labelled else ("Lệ phí" if kind == "le_phi" else "Phí")
    rest = labelled[2] if labelled else part
    if _FREE.match(folded) or (labelled and _FREE.match(fold(rest))):
        return {"kind": kind, "name": name if labelled else FREE_NAME, "amount": 0, "per": "hồ sơ"}
    if len(amounts) == 1:
        per = _PER.search(part)
        return {
            "kind": kind,
            "name": name,
            "amount": int(re.sub(r"[.,]", "", amounts[0])),
            "per": nfc(per[1]) if per else "hồ sơ",
            "note": "" if labelled or per or _MONEY.fullmatch(part) else part,
        }
    if not amounts and _SET_ELSEWHERE.search(folded):
        return {
            "kind": kind,
            "name": name,
            "amount": None,
            "per": "",
            "set_by": re.sub(r"^theo\s+", "", nfc(rest), flags=re.IGNORECASE),
        }
    return None


def read_list(text: str) -> tuple[str, ...]:
    """Legal bases and the like: one item for each line or each part between semicolons."""
    items = (
        nfc(re.sub(r"^\s*(?:[-+•*]|\d{1,2}[.)]|\(\d{1,2}\))\s*", "", part)).strip(" .;")
        for part in re.split(r"\n|;", text)
    )
    return tuple(dict.fromkeys(item for item in items if item))


def read_online(text: str) -> OnlineLevel | None:
    """The level of online service a cell names; None when it names none."""
    folded = fold(text)
    if "toan trinh" in folded:
        return OnlineLevel.FULL
    if "mot phan" in folded:
        return OnlineLevel.PARTIAL
    return None


def _short(text: str) -> str:
    plain = nfc(text)
    return plain if len(plain) <= 120 else f"{plain[:119]}…"

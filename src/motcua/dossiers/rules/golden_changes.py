"""A draft against the golden dossiers of the version before: what changed that the decision does not say. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from motcua.dossiers.rules.golden import Difference
from motcua.kernel.messages import Message, msg
from motcua.kernel.text import grouped

CASES, LIMIT = frozenset({"cases"}), frozenset({"limit", "refusal_limit", "limit_notes", "cases"})
PLACES = frozenset(
    {"levels", "authority", "field", "ministry", "ministry_code", "territory", "reception_places"}
)
RULES, PROCESS = frozenset({"settings.rules"}), frozenset({"settings.processes", "settings.process"})
NAMES = frozenset({"name", "short_name"})

EXPLAINED_BY: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "refused": CASES | PLACES | RULES | PROCESS | {"papers", "settings.receiving", "boundary_free"},
        "level": PLACES | RULES,
        "deciding": PLACES | RULES,
        "returning": PLACES | RULES | {"settings.returning"},
        "terms": LIMIT | PROCESS,
        "due": LIMIT | PLACES | RULES | PROCESS,
        "papers": CASES | {"papers"},
        "fees": CASES | {"fees", "fee_formula", "fee_rules", "exemptions"},
        "fee_total": CASES | {"fees", "fee_formula", "fee_rules", "exemptions"},
        "fees_unknown": CASES | {"fees", "fee_formula", "fee_rules", "exemptions"},
        "letters": LIMIT | NAMES | {"papers", "settings.letters", "settings.returning"},
        "form": CASES | {"papers", "settings.form"},
        "route": PROCESS | PLACES | RULES | {"settings.returning"},
        "stuck": PROCESS,
    }
)
"""For each part of an expectation, the fields of a decision's diff (or settings of its line) that may change it."""

WORDS: Mapping[str, Message] = MappingProxyType(
    {
        "refused": msg("việc tiếp nhận"),
        "level": msg("cấp giải quyết"),
        "deciding": msg("nơi giải quyết"),
        "returning": msg("nơi trả kết quả"),
        "terms": msg("thời hạn"),
        "due": msg("ngày hẹn trả"),
        "papers": msg("giấy tờ"),
        "fees": msg("từng khoản phí, lệ phí"),
        "fee_total": msg("tổng phí, lệ phí"),
        "fees_unknown": msg("khoản phí chưa rõ mức"),
        "letters": msg("văn bản phát cho người dân"),
        "form": msg("mẫu đơn"),
        "route": msg("đường đi của hồ sơ"),
        "stuck": msg("chỗ hồ sơ dừng lại"),
    }
)


FOLLOWS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "due": frozenset({"terms", "deciding"}),
        "letters": frozenset({"terms", "papers", "returning"}),
        "fee_total": frozenset({"fees"}),
        "form": frozenset({"papers"}),
        "route": frozenset({"deciding", "level"}),
        "deciding": frozenset({"level"}),
    }
)
"""Parts that change because another does: told only where that other is not."""


@dataclass(frozen=True, slots=True)
class Said:
    """What the decision says it changes: keys of the diff ("limit", "fees") and of settings ("settings.form").

    `everything` where the line is new or moves the whole procedure, so that nothing has to be named.
    """

    fields: frozenset[str]
    everything: bool = False

    def explains(self, part: str) -> bool:
        return self.everything or bool(self.fields & EXPLAINED_BY[part])


def unexplained(differences: tuple[Difference, ...], said: Said) -> tuple[Difference, ...]:
    """The differences the decision does not speak of.

    Where reception itself is refused or allowed anew, everything else follows from that; where the limit changed, so
    did the dates: what follows is not told again.
    """
    reception = tuple(found for found in differences if found.part == "refused")
    silent = tuple(found for found in reception or differences if not said.explains(found.part))
    parts = {found.part for found in silent}
    return tuple(found for found in silent if not FOLLOWS.get(found.part, frozenset()) & parts)


def silent_change(difference: Difference) -> Message:
    """ "thời hạn đổi từ 3 thành 4 ngày mà quyết định không nói"."""
    before, after = short(difference)
    return msg(
        "%(what)s đổi từ “%(before)s” thành “%(after)s” mà quyết định không nói.",
        what=WORDS[difference.part],
        before=before,
        after=after,
    )


def wrong_result(difference: Difference) -> Message:
    """What a golden dossier expects and what was found."""
    before, after = short(difference)
    return msg(
        "%(what)s phải là “%(before)s” nhưng diễn tập ra “%(after)s”.",
        what=WORDS[difference.part],
        before=before,
        after=after,
    )


def short(difference: Difference) -> tuple[str, str]:
    """Both sides in a few words; of lists only what differs."""
    before, after = difference.expected, difference.found
    if not isinstance(before, tuple) or not isinstance(after, tuple):
        return shown(difference.part, before) or NOTHING, shown(difference.part, after) or NOTHING
    gone = tuple(item for item in before if item not in after)
    come = tuple(item for item in after if item not in before)
    if not gone and not come:
        gone, come = before, after
    return _few(shown(difference.part, gone)), _few(shown(difference.part, come))


NOTHING = "không có"
FEW = 3


def _few(text: str) -> str:
    lines = text.splitlines()
    rest = "; …" if len(lines) > FEW else ""
    return "; ".join(lines[:FEW]) + rest or NOTHING


def shown(part: str, value: Any) -> str:
    """A part as people read it, a line for each of several: dates as dates, letters by their names."""
    if part == "due":
        return "\n".join(f"{_said(INSTANT_WORDS, name)} {_date(at)}".strip() for name, at in value)
    if part == "letters":
        return "\n".join(
            f"{_said(LETTER_WORDS, purpose)} ({kind.split()[-1][:4]})" for purpose, kind in value
        )
    if part == "fees":
        return "\n".join(f"{key}: {grouped(amount)} đồng" for key, amount in value)
    if part == "fee_total":
        return f"{grouped(value)} đồng" if value else ""
    if part == "papers":
        return "\n".join(_paper(line) for line in value)
    if part == "level":
        return _said(LEVEL_WORDS, value)
    if isinstance(value, tuple):
        return "\n".join(str(line) for line in value)
    return str(value)


def _paper(line: str) -> str:
    """ "to-khai: tờ khai, bắt buộc, 1 bản chính, 0 bản sao"."""
    key, kind, required, counts = line.rsplit(" ", 3) if line.count(" ") >= 3 else (line, "", "", "0+0")
    originals, _plus, copies = counts.partition("+")
    words = [_said(PAPER_WORDS, kind), _said(PAPER_WORDS, required)]
    words += [f"{originals} bản chính"] if originals not in ("", "0") else []
    words += [f"{copies} bản sao"] if copies not in ("", "0") else []
    return f"{key}: {', '.join(word for word in words if word)}"


def _said(words: Mapping[str, Message], key: str) -> str:
    return words[key].source() if key in words else key


def _date(text: str) -> str:
    try:
        return f"{datetime.fromisoformat(text):%H:%M %d/%m/%Y}"
    except ValueError:
        return text or "không hẹn ngày"


INSTANT_WORDS: Mapping[str, Message] = MappingProxyType(
    {
        "morning": msg("buổi sáng ngày thường"),
        "after_cutoff": msg("sau giờ chốt"),
        "friday": msg("chiều thứ Sáu"),
        "holiday_eve": msg("trước ngày nghỉ lễ"),
    }
)
LETTER_WORDS: Mapping[str, Message] = MappingProxyType(
    {
        "reception_slip": msg("giấy tiếp nhận và hẹn trả"),
        "supplement_request": msg("phiếu yêu cầu bổ sung"),
        "refusal": msg("phiếu từ chối"),
        "apology": msg("phiếu xin lỗi"),
        "stop_notice": msg("thông báo dừng giải quyết"),
    }
)
PAPER_WORDS: Mapping[str, Message] = MappingProxyType(
    {
        "form": msg("tờ khai"),
        "submit": msg("nộp"),
        "present": msg("xuất trình"),
        "always": msg("bắt buộc"),
        "conditional": msg("khi có"),
    }
)
LEVEL_WORDS: Mapping[str, Message] = MappingProxyType({"xa": msg("cấp xã"), "tinh": msg("cấp tỉnh")})

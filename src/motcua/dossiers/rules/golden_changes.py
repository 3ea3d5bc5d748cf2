"""A draft against the golden dossiers of the version before: what changed that the decision does not say. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from motcua.dossiers.rules.golden import Difference
from motcua.kernel.messages import Message, msg

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
        "form": {"papers", "settings.form"} | CASES,
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

    Where reception itself is refused or allowed anew, everything else follows from that and is not told again.
    """
    reception = tuple(found for found in differences if found.part == "refused")
    told = reception or differences
    return tuple(found for found in told if not said.explains(found.part))


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
    if isinstance(before, tuple) and isinstance(after, tuple):
        gone = [_text(item) for item in before if item not in after]
        come = [_text(item) for item in after if item not in before]
        if gone or come:
            return _few(gone), _few(come)
        return _few([_text(item) for item in before]), _few([_text(item) for item in after])
    return _text(before) or NOTHING, _text(after) or NOTHING


NOTHING = "không có"
FEW = 3


def _few(items: list[str]) -> str:
    shown = "; ".join(items[:FEW])
    return f"{shown}; …" if len(items) > FEW else shown or NOTHING


def _text(value: Any) -> str:
    return " ".join(_text(part) for part in value) if isinstance(value, tuple) else str(value)

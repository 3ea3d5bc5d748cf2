"""The legal life of a dossier as one table: which act is possible where, and what it leads to.

The internal process is data and differs from procedure to procedure; this table is law and does not.
National status codes: Circular 03/2025/TT-VPCP and the data exchange with the National Portal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from motcua.kernel.messages import Message, msg

SUBMITTED, RECEIVED, REFUSED, PROCESSING = "submitted", "received", "refused", "processing"
AWAITING_SUPPLEMENT, AWAITING_PAYMENT = "awaiting_supplement", "awaiting_payment"
WITHDRAWN, STOPPED, COMPLETED, RETURNED = "withdrawn", "stopped", "completed", "returned"

STATUSES = (
    SUBMITTED,
    RECEIVED,
    REFUSED,
    PROCESSING,
    AWAITING_SUPPLEMENT,
    AWAITING_PAYMENT,
    WITHDRAWN,
    STOPPED,
    COMPLETED,
    RETURNED,
)
UNDER_WAY = frozenset({RECEIVED, PROCESSING})
OPEN = UNDER_WAY | {AWAITING_SUPPLEMENT, AWAITING_PAYMENT}


@dataclass(frozen=True, slots=True)
class Rule:
    """`to` maps each status the act may start from to the status it ends in ("" = no dossier yet)."""

    act: str
    to: Mapping[str, str]
    source: str


def _all(froms: frozenset[str] | tuple[str, ...], to: str) -> Mapping[str, str]:
    return MappingProxyType(dict.fromkeys(froms, to))


def _same(froms: frozenset[str] | tuple[str, ...]) -> Mapping[str, str]:
    return MappingProxyType({status: status for status in froms})


TABLE: Mapping[str, Rule] = MappingProxyType(
    {
        rule.act: rule
        for rule in (
            Rule("receive", _all(("", SUBMITTED, AWAITING_SUPPLEMENT), RECEIVED), "118/2025 Art. 17"),
            Rule("refuse", _all(("", SUBMITTED), REFUSED), "118/2025 Art. 17; form 03"),
            Rule(
                "request_intake_supplement",
                _all(("", SUBMITTED), AWAITING_SUPPLEMENT),
                "118/2025 Art. 17; form 02",
            ),
            Rule("request_supplement", _all(UNDER_WAY, AWAITING_SUPPLEMENT), "118/2025 Art. 11, 19; form 02"),
            Rule("register_supplement", _all((AWAITING_SUPPLEMENT,), PROCESSING), "118/2025 Art. 19"),
            Rule("await_payment", _all(UNDER_WAY, AWAITING_PAYMENT), "118/2025 Art. 24"),
            Rule("payment_done", _all((AWAITING_PAYMENT,), PROCESSING), "118/2025 Art. 24"),
            Rule("complete_step", _all(UNDER_WAY, PROCESSING), "118/2025 Art. 19-20"),
            Rule("consult", _same(UNDER_WAY), "118/2025 Art. 19"),
            Rule("answer", _same(OPEN), "118/2025 Art. 19"),
            Rule("withdraw_consultation", _same(OPEN), "118/2025 Art. 19"),
            Rule("take_back", _same(UNDER_WAY), "118/2025 Art. 27"),
            Rule("claim", _same(OPEN | {COMPLETED}), "118/2025 Art. 27"),
            Rule("reassign", _same(OPEN | {COMPLETED}), "118/2025 Art. 27"),
            Rule("change_case", _same(UNDER_WAY), "limits that differ by case"),
            Rule("extend", _same(UNDER_WAY), "118/2025 Art. 19; form 04"),
            Rule(
                "stop", _all(OPEN | {SUBMITTED}, STOPPED), "118/2025 Art. 21; 03/2025/TT-VPCP Art. 7; form 05"
            ),
            Rule("withdraw", _all(OPEN | {SUBMITTED}, WITHDRAWN), "118/2025 Art. 21; form 05"),
            Rule("record_result", _same(UNDER_WAY | {COMPLETED}), "118/2025 Art. 20"),
            Rule("complete", _all(UNDER_WAY, COMPLETED), "118/2025 Art. 20, 22"),
            Rule("hand_over", _all((COMPLETED,), RETURNED), "118/2025 Art. 22"),
            Rule("assess_fees", _same(OPEN | {COMPLETED}), "118/2025 Art. 24"),
            Rule("attach", _same(OPEN | {SUBMITTED, COMPLETED}), "118/2025 Art. 17"),
        )
    }
)

_WHY_NOT: Mapping[str, Message] = MappingProxyType(
    {
        SUBMITTED: msg("Hồ sơ chưa được tiếp nhận."),
        RECEIVED: msg("Hồ sơ vừa được tiếp nhận, chưa tới bước này."),
        REFUSED: msg("Hồ sơ đã bị từ chối tiếp nhận."),
        PROCESSING: msg("Hồ sơ đang được xử lý."),
        AWAITING_SUPPLEMENT: msg("Hồ sơ đang chờ công dân bổ sung giấy tờ."),
        AWAITING_PAYMENT: msg("Hồ sơ đang chờ công dân thực hiện nghĩa vụ tài chính."),
        WITHDRAWN: msg("Công dân đã rút hồ sơ này."),
        STOPPED: msg("Hồ sơ đã dừng giải quyết."),
        COMPLETED: msg("Hồ sơ đã có kết quả, đang chờ trả."),
        RETURNED: msg("Kết quả của hồ sơ này đã được trả."),
    }
)


def allows(act: str, status: str) -> bool:
    """Whether the law lets the act happen in this status."""
    return status in TABLE[act].to


def next_status(act: str, status: str) -> str | None:
    """The status after the act, or None when it may not happen."""
    return TABLE[act].to.get(status)


def why_not(status: str) -> Message:
    """What stands in the way, in words for the officer."""
    return _WHY_NOT[status]

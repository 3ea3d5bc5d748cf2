"""What changed between two contents of a procedure, field by field, in words for people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from motcua.catalogue.rules.time_limits import TimeLimit
from motcua.catalogue.types import (
    FeeLine,
    Level,
    OnlineLevel,
    Paper,
    ProcedureCase,
    ProcedureDefinition,
    Territory,
)
from motcua.kernel.messages import Message, msg
from motcua.kernel.text import grouped

LEVELS = {
    Level.MINISTRY: msg("Bộ, ngành"),
    Level.PROVINCE: msg("Cấp tỉnh"),
    Level.COMMUNE: msg("Cấp xã"),
    Level.OTHER: msg("Cơ quan khác"),
}
ONLINE = {
    OnlineLevel.FULL: msg("Trực tuyến toàn trình"),
    OnlineLevel.PARTIAL: msg("Trực tuyến một phần"),
    OnlineLevel.NONE: msg("Chỉ nộp trực tiếp"),
    OnlineLevel.UNKNOWN: msg("Chưa rõ mức trực tuyến"),
}
TERRITORIES = {
    Territory.ALL: msg("Toàn tỉnh"),
    Territory.BAC_NINH_CU: msg("Chỉ địa bàn tỉnh Bắc Ninh cũ"),
    Territory.BAC_GIANG_CU: msg("Chỉ địa bàn tỉnh Bắc Giang cũ"),
}
UNCOMPARED = frozenset(
    {"confidence", "sources", "detailed", "n_papers", "n_groups", "channels", "papers_known", "new_in"}
)
"""Bookkeeping of sources: no content of the procedure."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One difference. `before` None: added; `after` None: taken away. `field` names the part ("papers.gks")."""

    field: str
    label: Message
    before: Message | None
    after: Message | None

    def to_dict(self) -> dict[str, str]:
        """JSON shape, in Vietnamese; an absent side is empty."""
        return {
            "field": self.field,
            "label": self.label.source(),
            "before": self.before.source() if self.before else "",
            "after": self.after.source() if self.after else "",
        }


def diff(before: ProcedureDefinition | None, after: ProcedureDefinition | None) -> tuple[FieldChange, ...]:
    """Every difference, in the order a person reads a procedure. A new one lists what it has; an ended one says so."""
    if before is None and after is None:
        return ()
    if after is None:
        return (FieldChange("existence", msg("Hiệu lực"), msg("đang thực hiện"), msg("bãi bỏ")),)
    found: list[FieldChange] = []
    for name, label, compare in _FIELDS:
        old = getattr(before, name) if before is not None else None
        new = getattr(after, name)
        if old != new:
            found.extend(compare(name, label, old, new))
    return tuple(found)


def text_of_limit(limit: TimeLimit | None) -> Message | None:
    """A limit in words, with the hour after which the next day counts."""
    if limit is None:
        return None
    cutoff = limit.cutoff.text()
    legal = limit.legal_text()
    text = msg("%(limit)s, %(cutoff)s", limit=limit.text(), cutoff=cutoff) if cutoff.text else limit.text()
    return msg("%(limit)s (luật định %(legal)s)", limit=text, legal=legal) if legal is not None else text


def text_of_fee(fee: FeeLine) -> Message:
    """A fee line in words."""
    amount = fee_amount(fee)
    text = msg("%(amount)s/%(per)s", amount=amount, per=fee.per) if fee.amount and fee.per else amount
    if fee.condition:
        text = msg("%(fee)s, %(condition)s", fee=text, condition=fee.condition)
    if not fee.applies:
        text = msg("%(fee)s (chưa áp dụng: %(why)s)", fee=text, why=fee.hold_reason)
    return text


def fee_amount(fee: FeeLine) -> Message:
    """Only the amount, or who sets it."""
    if fee.amount == 0:
        return msg("không thu")
    if fee.amount is not None:
        return msg("%(money)s đồng", money=grouped(fee.amount))
    return msg("theo %(rule)s", rule=fee.set_by) if fee.set_by else msg("chưa có mức thu")


def text_of_paper(paper: Paper) -> Message:
    """What is asked of one paper."""
    if paper.kind == "present":
        count = msg("xuất trình")
    else:
        count = msg(
            "%(originals)s bản chính, %(copies)s bản sao", originals=paper.originals, copies=paper.copies
        )
    if paper.required == "always":
        text = msg("%(paper)s, bắt buộc", paper=count)
    elif paper.condition:
        text = msg("%(paper)s, khi %(condition)s", paper=count, condition=paper.condition)
    else:
        text = msg("%(paper)s, tùy trường hợp", paper=count)
    if paper.form_code:
        text = msg("%(paper)s, mẫu %(form)s", paper=text, form=paper.form_code)
    if paper.case:
        text = msg("%(paper)s; trường hợp %(case)s", paper=text, case=paper.case)
    if paper.alternatives:
        text = msg("%(paper)s; thay được bằng %(others)s", paper=text, others=", ".join(paper.alternatives))
    return text


def _plain(text: str) -> Message | None:
    return msg("%(words)s", words=text) if text else None


def _whole(words: Callable[[Any], Message | None]) -> Callable[[str, Message, Any, Any], list[FieldChange]]:
    """Compare a field as one text."""

    def compare(name: str, label: Message, old: Any, new: Any) -> list[FieldChange]:
        was = words(old) if old is not None else None
        now = words(new) if new is not None else None
        return [] if _source(was) == _source(now) else [FieldChange(name, label, was, now)]

    return compare


def _source(text: Message | None) -> str:
    return text.source() if text is not None else ""


def _listed(items: Sequence[object], words: Callable[[Any], Message]) -> Message | None:
    joined: Message | None = None
    for item in items:
        text = words(item)
        joined = text if joined is None else msg("%(first)s, %(next)s", first=joined, next=text)
    return joined


def _items(name: str, label: Message, old: Any, new: Any) -> list[FieldChange]:
    """Compare lists of texts: what was taken away, what was added."""
    was, now = list(old or ()), list(new or ())
    gone = [FieldChange(name, label, _plain(str(item)), None) for item in was if item not in now]
    added = [FieldChange(name, label, None, _plain(str(item))) for item in now if item not in was]
    if len(gone) == len(added) == 1:
        return [FieldChange(name, label, gone[0].before, added[0].after)]
    return [*gone, *added]


def _papers(name: str, label: Message, old: Any, new: Any) -> list[FieldChange]:
    return _parts(name, old, new, text_of_paper, lambda paper: msg("Giấy tờ “%(name)s”", name=paper.name))


def _cases(name: str, label: Message, old: Any, new: Any) -> list[FieldChange]:
    def words(case: ProcedureCase) -> Message:
        if not case.changes_limit:
            return msg("theo thời hạn chung")
        return text_of_limit(case.limit) or msg("chưa rõ thời hạn")

    return _parts(name, old, new, words, lambda case: msg("Trường hợp “%(name)s”", name=case.name))


def _fees(name: str, label: Message, old: Any, new: Any) -> list[FieldChange]:
    return _parts(
        name, old, new, text_of_fee, lambda fee: msg("Khoản thu “%(name)s”", name=fee.name or fee.kind)
    )


def _parts(
    name: str,
    old: Sequence[Any] | None,
    new: Sequence[Any],
    words: Callable[[Any], Message],
    title: Callable[[Any], Message],
) -> list[FieldChange]:
    """Compare parts that have keys: same key, else same name; a part under a new name is said to be renamed."""
    pairs, gone, added = paired(old or (), new)
    found: list[FieldChange] = []
    for was, now in pairs:
        place = f"{name}.{now.key}"
        if was.name != now.name:
            found.append(FieldChange(f"{place}.name", title(was), _plain(was.name), _plain(now.name)))
        before, after = words(was), words(now)
        if before.source() != after.source():
            found.append(FieldChange(place, title(now), before, after))
    found.extend(FieldChange(f"{name}.{part.key}", title(part), words(part), None) for part in gone)
    found.extend(FieldChange(f"{name}.{part.key}", title(part), None, words(part)) for part in added)
    return found


def paired(old: Sequence[Any], new: Sequence[Any]) -> tuple[list[tuple[Any, Any]], list[Any], list[Any]]:
    """Parts that correspond (same name, else same key), those gone, those added."""
    left, pairs, added = list(old), [], []
    waiting = []
    for part in new:
        twin = next((was for was in left if was.name == part.name and was.key == part.key), None)
        twin = twin or next((was for was in left if was.name == part.name), None)
        if twin is None:
            waiting.append(part)
        else:
            left.remove(twin)
            pairs.append((twin, part))
    for part in waiting:
        twin = next((was for was in left if was.key == part.key), None)
        if twin is None:
            added.append(part)
        else:
            left.remove(twin)
            pairs.append((twin, part))
    return pairs, left, added


_TEXT = _whole(_plain)
_YES = _whole(lambda value: msg("có") if value else None)
_DAY = _whole(lambda day: _plain(f"{day:%d/%m/%Y}"))
_FIELDS: tuple[tuple[str, Message, Callable[[str, Message, Any, Any], list[FieldChange]]], ...] = (
    ("code", msg("Mã thủ tục"), _TEXT),
    ("local_code", msg("Mã của tỉnh"), _TEXT),
    (
        "aliases",
        msg("Mã khác"),
        _whole(lambda value: _listed(value, lambda alias: msg("%(words)s", words=alias.code))),
    ),
    ("name", msg("Tên thủ tục"), _TEXT),
    ("short_name", msg("Tên ngắn"), _TEXT),
    ("field", msg("Lĩnh vực"), _TEXT),
    ("levels", msg("Cấp giải quyết"), _whole(lambda value: _listed(value, LEVELS.__getitem__))),
    ("authority", msg("Cơ quan giải quyết"), _TEXT),
    ("reception_places", msg("Nơi tiếp nhận và trả kết quả"), _TEXT),
    ("boundary_free", msg("Không phụ thuộc địa giới"), _YES),
    ("territory", msg("Địa bàn"), _whole(TERRITORIES.__getitem__)),
    ("online", msg("Mức trực tuyến"), _whole(ONLINE.__getitem__)),
    ("online_text", msg("Mức trực tuyến theo nguồn"), _TEXT),
    ("online_confidence", msg("Độ tin cậy của mức trực tuyến"), _TEXT),
    ("partial_reason", msg("Lý do chỉ trực tuyến một phần"), _TEXT),
    ("limit", msg("Thời hạn giải quyết"), _whole(text_of_limit)),
    ("refusal_limit", msg("Thời hạn từ chối"), _whole(text_of_limit)),
    ("limit_notes", msg("Ghi chú thời hạn"), _items),
    ("cases", msg("Trường hợp"), _cases),
    ("papers", msg("Thành phần hồ sơ"), _papers),
    ("fees", msg("Phí, lệ phí"), _fees),
    ("fee_formula", msg("Cách tính phí"), _TEXT),
    ("fee_rules", msg("Quy tắc thu phí"), _items),
    ("exemptions", msg("Miễn, giảm"), _items),
    ("payment_pause", msg("Dừng thời hạn khi chờ nộp tiền"), _YES),
    (
        "results",
        msg("Kết quả"),
        lambda n, label, old, new: _items(n, label, *([r.name for r in x or ()] for x in (old, new))),
    ),
    ("multi_result", msg("Nhiều kết quả"), _YES),
    ("applicants", msg("Đối tượng"), _items),
    ("conditions", msg("Yêu cầu, điều kiện"), _items),
    ("legal_bases", msg("Căn cứ pháp lý"), _items),
    ("ministry", msg("Bộ quản lý"), _TEXT),
    ("ministry_code", msg("Mã bộ quản lý"), _TEXT),
    ("kind", msg("Loại thủ tục"), _TEXT),
    ("decision", msg("Quyết định công bố của bộ"), _TEXT),
    ("decision_local", msg("Quyết định công bố của tỉnh"), _TEXT),
    ("valid_from", msg("Có hiệu lực từ"), _DAY),
    ("valid_to", msg("Hết hiệu lực từ"), _DAY),
    ("status_note", msg("Ghi chú hiệu lực"), _TEXT),
    ("replaced_by", msg("Thay thế bởi"), _items),
    ("components", msg("Thủ tục thành phần"), _items),
    ("related", msg("Thủ tục liên quan"), _items),
)

"""The decision of the night: 1,500 lines over the real catalogue, as the workbook an office would send."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import cycle, islice

from motcua.catalogue import queries as catalogue
from motcua.catalogue.queries.facts import ProcedureFacts, in_force
from motcua.catalogue.rules.decisions import DecisionHead, DecisionLine, write_decision_workbook
from motcua.catalogue.rules.time_limits import LimitUnit
from motcua.catalogue.types import ProcedureDefinition
from motcua.catalogue.types_changes import ChangeAction, ChangeKind
from motcua.config.night.hours import MIDNIGHT
from motcua.kernel.text import grouped

NUMBER = "700/QĐ-UBND"
HEAD = DecisionHead(
    number=NUMBER,
    signed_on=date(2025, 6, 30),
    issuer="Chủ tịch Ủy ban nhân dân tỉnh Bắc Ninh",
    kind=ChangeKind.PUBLISH,
    title="Công bố danh mục thủ tục hành chính thuộc thẩm quyền giải quyết của tỉnh Bắc Ninh từ ngày 01/7/2025",
    effective_at=MIDNIGHT,
    effective_rule="Quyết định có hiệu lực từ ngày 01/7/2025.",
)
NEW_EACH, PATTERN = 15, "AAAAARAABAAAADARAABAAAARAB"
"""Two of fifteen lines are new; the others follow the pattern: amended, delegated, replaced, abolished (bãi bỏ)."""
CODE, LIMIT, FEES, BASES = "Mã TTHC", "Thời hạn giải quyết", "Phí, lệ phí", "Căn cứ pháp lý"
LEVEL, PLACE, AUTHORITY = "Cấp thực hiện", "Nơi tiếp nhận và trả kết quả", "Cơ quan thực hiện"
AMONG_FIRST = 48
COMMUNE, COMMUNE_CENTRE = "Ủy ban nhân dân cấp xã", "Trung tâm Phục vụ hành chính công cấp xã"
BASIS = "Quyết định số 700/QĐ-UBND ngày 30/6/2025"
BROKEN = (
    (LIMIT, "khi nào xong thì trả"), (FEES, "theo thỏa thuận giữa hai bên"), (LEVEL, "cấp trung gian"),
    (CODE, "1.0012"), (CODE, "1.001193, 1.000656"), (LIMIT, "sớm nhất có thể"), (FEES, "tùy trường hợp"),
    (CODE, "số 7"), (LEVEL, "cấp trên"), (CODE, "số 12"), (LIMIT, "như trước"), (FEES, "bao nhiêu cũng được"),
)  # fmt: skip
"""Twelve cells as real files have them, each in a row of its own."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A procedure that the decision may change."""

    facts: ProcedureFacts
    definition: ProcedureDefinition

    @property
    def offered(self) -> tuple[str, ...]:
        """The levels at which the province receives it; none for what only ministries and others do."""
        return self.facts.levels


def subjects(at: datetime, first: Sequence[str]) -> Iterator[Subject]:
    """Procedures in force that have a code, those named in `first` before the others."""
    order = {code: place for place, code in enumerate(dict.fromkeys(first))}
    standing = [facts for facts in in_force(at) if facts.code]
    for facts in sorted(standing, key=lambda one: (order.get(one.code, len(order)), one.code)):
        yield Subject(facts, catalogue.definition(facts.version_id))


def make_lines(known: Sequence[Subject], number: int) -> list[DecisionLine]:
    """So many lines: about two thirds amended, the rest new, replaced and abolished."""
    fresh = number * 2 // NEW_EACH
    changed = [
        _line(kind, subject, place)
        for place, (subject, kind) in enumerate(
            islice(zip(known, cycle(PATTERN), strict=False), number - fresh)
        )
    ]
    here = [subject for subject in known if subject.offered]
    return [*changed, *(_new(place, here[place % len(here)]) for place in range(fresh))]


def broken(lines: Sequence[DecisionLine]) -> list[DecisionLine]:
    """The same with twelve rows of it broken, evenly spread over what states content."""
    able = [
        place for place, line in enumerate(lines) if line.action in (ChangeAction.AMENDED, ChangeAction.NEW)
    ]
    spoilt = list(lines)
    for (title, words), place in zip(BROKEN, able[:: max(1, len(able) // len(BROKEN))], strict=False):
        line = spoilt[place]
        if title == CODE:
            spoilt[place] = replace(line, code=words)
        else:
            spoilt[place] = replace(line, raw={**line.raw, title: words})
    return spoilt


def workbook(lines: Sequence[DecisionLine]) -> bytes:
    """The decision as an annex workbook."""
    return write_decision_workbook(HEAD, lines)


def _line(kind: str, subject: Subject, place: int) -> DecisionLine:
    definition = subject.definition
    code = definition.display_code
    if kind == "B":
        return DecisionLine(place, "", code, definition.name, ChangeAction.ABOLISHED)
    if kind == "R":
        new = f"9.{200_000 + place}"
        return DecisionLine(
            place, "", new, definition.name, ChangeAction.REPLACED, old_code=code, raw=_stated(definition)
        )
    if kind == "D":
        authority = f"{definition.authority or 'Cơ quan chuyên môn'} (theo phân cấp)"
        return DecisionLine(
            place, "", code, definition.name, ChangeAction.REDELEGATED, raw={AUTHORITY: authority}
        )
    if subject.offered == ("tinh",) and _moves(place):
        return DecisionLine(
            place, "", code, definition.name, ChangeAction.LEVEL_MOVED,
            raw={LEVEL: "Cấp xã", PLACE: COMMUNE_CENTRE, AUTHORITY: COMMUNE},
        )  # fmt: skip
    return DecisionLine(place, "", code, definition.name, ChangeAction.AMENDED, raw=_stated(definition))


def _moves(place: int) -> bool:
    """Every third of the first provincial procedures, which have dossiers under way, then every fortieth."""
    return place % (3 if place < AMONG_FIRST else 40) == 0


def _stated(definition: ProcedureDefinition) -> dict[str, str]:
    """What the decision says: a shorter limit, a lower fee, and always its own basis."""
    said = {BASES: "; ".join([*definition.legal_bases, BASIS])}
    days = working_days(definition)
    if days is not None and days >= 2:
        said[LIMIT] = f"{days - 1:02d} ngày làm việc"
    if definition.fees and all(fee.amount and fee.applies and not fee.condition for fee in definition.fees):
        said[FEES] = "\n".join(
            f"{fee.name}: {grouped(_halved(fee.amount or 0))} đồng{f'/{fee.per}' if fee.per else ''}"
            for fee in definition.fees
        )
    return said


def working_days(definition: ProcedureDefinition) -> int | None:
    """The limit where it is a whole number of working days for every case, else None."""
    limit = definition.limit
    if limit is None or definition.cases or len(limit.phases) != 1 or limit.legal_phases:
        return None
    (phase,) = limit.phases
    if phase.unit is not LimitUnit.WORKING_DAY or phase.amount is None or phase.amount.denominator != 1:
        return None
    return int(phase.amount)


def _halved(amount: int) -> int:
    return max(1000, amount // 2 // 1000 * 1000)


def _new(place: int, near: Subject) -> DecisionLine:
    """A procedure that was not there, in a field and at a level that are."""
    commune = "xa" in near.offered
    return DecisionLine(
        place,
        "",
        f"9.{100_000 + place}",
        f"Cấp giấy xác nhận số {place + 1} trong lĩnh vực {near.facts.field}",
        ChangeAction.NEW,
        raw={
            "Lĩnh vực": near.facts.field,
            LEVEL: "Cấp xã" if commune else "Cấp tỉnh",
            PLACE: "Trung tâm Phục vụ hành chính công",
            AUTHORITY: COMMUNE if commune else near.definition.authority or "Cơ quan chuyên môn cấp tỉnh",
            LIMIT: "05 ngày làm việc",
            FEES: "Không",
            BASES: BASIS,
        },
    )  # fmt: skip

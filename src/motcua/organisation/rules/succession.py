"""Who takes over what when units merge, split, are renamed, abolished or change level.

A line says: this unit's work (all of it, one function, one field, or one field within a function) passes to that
unit. The most particular line wins, so every piece of work has exactly one successor, or none and is refused.
Legal ground: Law on Organisation of Local Government 2025 (no district level), resolution 1658/NQ-UBTVQH15 for
Bắc Ninh; who succeeds whom is the decision's to say, never guessed from names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from motcua.kernel.messages import Message, msg
from motcua.kernel.text import fold


class Kind(StrEnum):
    MERGE = "merge"
    SPLIT = "split"
    RENAME = "rename"
    ABOLISH = "abolish"
    CHANGE_LEVEL = "change_level"


@dataclass(frozen=True, slots=True)
class Line:
    """Codes of units; `function` and `field` empty mean everything not named otherwise. `where` is the cell."""

    kind: Kind
    predecessor: str
    successor: str
    function: str = ""
    field: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A unit as these rules see it. `agency` is the code of the agency it belongs to, its own for an agency."""

    code: str
    agency: str
    name: str
    function: str = ""
    area: str = ""
    is_reception_point: bool = False
    ended: bool = False

    @property
    def is_agency(self) -> bool:
        return self.agency == self.code


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that stops a succession: the cell of the file ("" for what no cell can repair) and a sentence."""

    where: str
    text: Message

    def render(self) -> str:
        return f"{self.where}: {self.text.render()}" if self.where else self.text.render()


@dataclass(frozen=True, slots=True)
class Register:
    """Lines by predecessor, function and folded field: the one place that knows which line wins."""

    lines: Mapping[tuple[str, str, str], Line]

    @classmethod
    def of(cls, lines: Iterable[Line]) -> Register:
        return cls({(line.predecessor, line.function, fold(line.field)): line for line in lines})

    def line_for(self, agency: str, *, function: str = "", field: str = "", unit: str = "") -> Line | None:
        """The line for a piece of work: a line of the very unit first, then field within function, field, function,
        and what covers the rest.
        """
        folded = fold(field)
        keys = [(unit, "", folded), (unit, "", "")] if unit and unit != agency else []
        keys += [(agency, function, folded), (agency, "", folded), (agency, function, ""), (agency, "", "")]
        return next((self.lines[key] for key in keys if key in self.lines), None)

    def predecessors(self) -> set[str]:
        return {line.predecessor for line in self.lines.values()}

    def ended(self) -> set[str]:
        """The units that end: nothing of them stays where it is."""
        staying = {line.predecessor for line in self.lines.values() if line.successor == line.predecessor}
        return self.predecessors() - staying


def _index(parts: Mapping[str, Part]) -> dict[tuple[str, str], Part]:
    """The first standing part of each agency for each function; a reception point does for a centre."""
    found: dict[tuple[str, str], Part] = {}
    for part in parts.values():
        if not part.ended and not part.is_agency:
            found.setdefault((part.agency, part.function), part)
    for part in parts.values():
        if not part.ended and part.is_reception_point:
            found.setdefault((part.agency, "centre"), part)
    return found


def part_of(
    parts: Mapping[str, Part], index: Mapping[tuple[str, str], Part], successor: str, function: str
) -> Part | None:
    """Where work of a function arrives: in the named unit when it is a part of an agency or has no function to be
    found, else in the agency's standing part of that function. None: the agency has no such part.
    """
    target = parts.get(successor)
    if target is None or target.ended:
        return None
    if not target.is_agency or not function or function == target.function:
        return target
    return index.get((successor, function))


@dataclass(frozen=True, slots=True)
class Succession:
    """A whole succession over all units: what ends, and where each piece of work goes."""

    parts: Mapping[str, Part]
    register: Register
    ended: frozenset[str]
    named: frozenset[str]
    index: Mapping[tuple[str, str], Part]

    @classmethod
    def of(cls, lines: Sequence[Line], parts: Mapping[str, Part]) -> Succession:
        """`parts` are all units there will be, new ones among them, before anything ends."""
        register = Register.of(lines)
        over = register.ended()
        ended = {
            code
            for code, part in parts.items()
            if code in over or part.agency in over or _passed_on(part, register)
        }
        after = {
            code: Part(
                part.code,
                part.agency,
                part.name,
                part.function,
                part.area,
                part.is_reception_point,
                ended=True,
            )
            if code in ended
            else part
            for code, part in parts.items()
        }
        return cls(after, register, frozenset(ended), frozenset(register.predecessors()), _index(after))

    def line_of(self, code: str, field: str = "", function: str = "") -> Line | None:
        part = self.parts[code]
        return self.register.line_for(part.agency, function=function or part.function, field=field, unit=code)

    def concerns(self, code: str) -> bool:
        """Whether work of the unit may go elsewhere: it ends, or some of it is named in a line."""
        return code in self.ended or code in self.named or self.parts[code].agency in self.named

    def target_of(self, code: str, field: str = "", function: str = "") -> Part | None:
        """The unit that takes over what lies in the unit `code`; itself when it stays, None when nobody does."""
        part = self.parts[code]
        line = self.line_of(code, field, function)
        if line is None:
            return None if code in self.ended else part
        if line.successor in (code, part.agency):
            return part if code not in self.ended else None
        wanted = function or ("" if part.is_agency else part.function)
        return part_of(self.parts, self.index, line.successor, wanted)

    def agency_of(self, code: str, field: str = "", function: str = "") -> Part | None:
        """The agency that takes over the competence of the agency `code` for a field; itself when it stays."""
        line = self.register.line_for(code, function=function, field=field)
        if line is None:
            return None if code in self.ended else self.parts[code]
        target = self.parts.get(line.successor)
        agency = None if target is None else self.parts.get(target.agency)
        return None if agency is None or agency.ended else agency


def _passed_on(part: Part, register: Register) -> bool:
    """Whether a division of an agency that stays has given its whole function away."""
    if part.is_agency or not part.function:
        return False
    line = register.lines.get((part.agency, part.function, ""))
    return line is not None and line.successor not in {part.agency, part.code}


def check(lines: Sequence[Line], parts: Mapping[str, Part], *, renamed: Iterable[str] = ()) -> list[Problem]:
    """Everything wrong with the lines, each at its cell; empty means that every function has one successor."""
    problems = [problem for line in lines for problem in _check_line(line, parts, set(renamed))]
    problems += _doubles(lines)
    if problems:
        return problems
    whole = Succession.of(lines, parts)
    problems += [problem for line in lines for problem in _standing(line, whole)]
    functions: dict[str, dict[str, None]] = {}
    for part in parts.values():
        if part.function:
            functions.setdefault(part.agency, {})[part.function] = None
    for code in sorted(whole.register.ended()):
        problems += _functions(code, whole, lines, list(functions.get(code, ())))
    problems += _served(whole)
    return problems or list(_given_on(whole))


def last_day(effective_on: date) -> date:
    """The last day of what ends when something else begins."""
    return effective_on - timedelta(days=1)


def _check_line(line: Line, parts: Mapping[str, Part], renamed: set[str]) -> Iterator[Problem]:
    before, after = parts.get(line.predecessor), parts.get(line.successor)
    if before is None:
        yield Problem(
            line.where, msg("Không có đơn vị cũ mang mã %(code)s.", code=line.predecessor or "(trống)")
        )
        return
    if before.ended:
        yield Problem(line.where, msg("%(unit)s đã kết thúc từ trước.", unit=before.name))
    if not line.successor:
        yield Problem(line.where, msg("Ghi mã đơn vị kế thừa của %(unit)s.", unit=before.name))
    elif after is None:
        yield Problem(
            line.where,
            msg("Không có đơn vị kế thừa mang mã %(code)s; thêm vào phần đơn vị mới.", code=line.successor),
        )
    elif after.ended:
        yield Problem(line.where, msg("Đơn vị kế thừa %(unit)s đã kết thúc.", unit=after.name))
    if line.kind is Kind.RENAME and (line.predecessor != line.successor or line.predecessor not in renamed):
        yield Problem(
            line.where,
            msg("Đổi tên giữ nguyên mã đơn vị và cần tên mới: %(unit)s.", unit=before.name),
        )
    if line.kind in {Kind.ABOLISH, Kind.CHANGE_LEVEL} and line.predecessor == line.successor:
        yield Problem(
            line.where,
            msg("%(unit)s không thể kế thừa chính mình khi giải thể, chuyển cấp.", unit=before.name),
        )


def _doubles(lines: Sequence[Line]) -> Iterator[Problem]:
    seen: dict[tuple[str, str, str], Line] = {}
    for line in lines:
        key = (line.predecessor, line.function, fold(line.field))
        if key in seen:
            yield Problem(
                line.where,
                msg(
                    "%(unit)s đã có dòng cho phần việc này ở %(where)s; mỗi phần việc chỉ có một đơn vị kế thừa.",
                    unit=line.predecessor,
                    where=seen[key].where or "trên",
                ),
            )
        seen.setdefault(key, line)


def _standing(line: Line, whole: Succession) -> Iterator[Problem]:
    if line.successor != line.predecessor and line.successor in whole.ended:
        yield Problem(
            line.where,
            msg(
                "Đơn vị kế thừa %(unit)s cũng kết thúc theo quyết định này.",
                unit=whole.parts[line.successor].name,
            ),
        )


def _functions(
    code: str, whole: Succession, lines: Sequence[Line], functions: Sequence[str]
) -> Iterator[Problem]:
    part = whole.parts[code]
    where = next(line.where for line in lines if line.predecessor == code)
    if part.is_agency and whole.register.line_for(code) is None:
        yield Problem(
            where,
            msg("Chưa có đơn vị kế thừa cho các việc còn lại của %(unit)s.", unit=part.name),
        )
    for function in functions if part.is_agency else []:
        if whole.register.line_for(code, function=function) is None:
            yield Problem(
                where,
                msg(
                    "Chức năng %(function)s của %(unit)s chưa có đơn vị kế thừa.",
                    function=function,
                    unit=part.name,
                ),
            )


def _given_on(whole: Succession) -> Iterator[Problem]:
    """Work that arrives in an agency which gives that very function away in the same succession."""
    over = whole.register.ended()
    away = {
        (part.agency, part.function): part
        for part in whole.parts.values()
        if part.code in whole.ended and part.agency not in over and not part.is_agency
    }
    fields = sorted({field for _code, _function, field in whole.register.lines} | {""})
    for part in whole.parts.values():
        if part.agency not in over or not part.function:
            continue
        for asked in fields:
            line = whole.line_of(part.code, asked)
            if line is None or (line.successor, part.function) not in away:
                continue
            if whole.target_of(part.code, asked) is None:
                yield _twice_given(line, part, whole)
                break


def _twice_given(line: Line, part: Part, whole: Succession) -> Problem:
    return Problem(
        line.where,
        msg(
            "Việc %(function)s của %(unit)s giao cho %(successor)s, nhưng đơn vị này giao việc ấy đi trong cùng quyết "
            "định. Ghi đơn vị nhận cuối cùng.",
            function=part.function,
            unit=whole.parts[part.agency].name,
            successor=whole.parts[line.successor].name,
        ),
    )


def _served(whole: Succession) -> Iterator[Problem]:
    """Agencies of a vertical line that serve a place which ends need a line of their own."""
    for part in whole.parts.values():
        if part.area in whole.ended and not part.ended:
            yield Problem(
                "",
                msg(
                    "%(unit)s, mã %(code)s, phục vụ địa bàn %(area)s sẽ kết thúc; thêm dòng cho đơn vị này.",
                    unit=part.name,
                    code=part.code,
                    area=whole.parts[part.area].name,
                ),
            )


@dataclass(slots=True)
class Tally:
    """What moved from one unit to another, by what it is ("dossiers", "posts", …)."""

    counts: dict[tuple[str, str], dict[str, int]] = field(default_factory=dict)

    def add(self, from_code: str, to_code: str, what: str, number: int = 1) -> None:
        row = self.counts.setdefault((from_code, to_code), {})
        row[what] = row.get(what, 0) + number

    def merge(self, other: Tally) -> None:
        for (from_code, to_code), row in other.counts.items():
            for what, number in row.items():
                self.add(from_code, to_code, what, number)

    def rows(self) -> list[dict[str, object]]:
        return [
            {"from": from_code, "to": to_code, **row}
            for (from_code, to_code), row in sorted(self.counts.items())
        ]

"""Cells: the value that is stored (a token) and the text that people read and type."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from dataclasses import field as attribute

from motcua.catalogue.rules.competence import ANY_CENTRE, DECIDING_ONLY, NOT_HERE, PROVINCIAL_CENTRE
from motcua.catalogue.rules.grid.columns import Column, RowKey, columns_of
from motcua.catalogue.rules.grid.completeness import Completeness, completeness
from motcua.catalogue.rules.grid.fees import fees_text, read_fees
from motcua.catalogue.rules.grid.steps import new_errors, over_limit, read_steps, steps_text
from motcua.catalogue.rules.time_limits import TimeLimit
from motcua.catalogue.types import Level, ProcedureDefinition
from motcua.kernel.messages import Message, msg
from motcua.kernel.text import fold, nfc
from motcua.workflow.rules.definition import ProcessDefinition

UNITS, FUNCTION = "units:", "fn:"
MARK = " · "
"""Between the code of a thing and its name in the text of a cell."""
ORIGINAL, DECIDING = "original", "deciding"
RECEPTION: dict[str, Message] = {
    ANY_CENTRE: msg("Mọi Trung tâm trong tỉnh"),
    DECIDING_ONLY: msg("Chỉ nơi giải quyết"),
    PROVINCIAL_CENTRE: msg("Chỉ Trung tâm tỉnh"),
    NOT_HERE: msg("Không tiếp nhận ở tỉnh"),
}
RETURN_PLACES: dict[str, Message] = {
    ORIGINAL: msg("Nơi nộp hồ sơ"),
    DECIDING: msg("Nơi giải quyết"),
}
NOTHING: dict[Column, Message] = {
    Column.PROCESS: msg("Quy trình chung của cấp"),
    Column.STEPS: msg("Chưa có bước"),
    Column.FORM: msg("Chưa đặt"),
    Column.FEES: msg("Không thu phí"),
}
AS_USUAL = msg("Như dòng chính")
MOST_UNITS = 150
_FORM = re.compile(r"[\w./()\- ]{1,64}")


@dataclass(frozen=True, slots=True)
class Choices:
    """What cells may name, token to text. `definitions` are the processes by the token of their version."""

    processes: Mapping[str, str]
    definitions: Mapping[str, ProcessDefinition]
    reception_units: Mapping[str, str]
    deciding_units: Mapping[str, str]
    letters: Mapping[str, str]
    roles: Mapping[str, str]
    functions: Mapping[str, str] = attribute(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CellEdit:
    """A cell changed in the draft: the value it had in force when it was changed, the value it shall have."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row: what is in force (`live`) and what the draft changes. Tokens, not texts.

    `generic` is the process that runs where the row has none of its own: for a case the one of its procedure, which
    may be the procedure's own (`inherited_own`), else the generic one of the level. `live` has the steps of the process
    chosen, also where only the draft chooses it.
    """

    key: RowKey
    code: str
    name: str
    field: str
    case_name: str
    limit: TimeLimit
    definition: ProcedureDefinition
    first_level: bool
    live: Mapping[Column, str]
    generic: ProcessDefinition | None = None
    default_department: str = ""
    deciding_known: bool = True
    own_is_real: bool = True
    inherited_own: bool = False
    draft: Mapping[Column, CellEdit] = attribute(default_factory=dict)

    @property
    def columns(self) -> tuple[Column, ...]:
        return columns_of(self.key, first_level=self.first_level)

    def token(self, column: Column) -> str:
        """What would be in force once the draft is published."""
        edit = self.draft.get(column)
        return edit.after if edit is not None else self.live.get(column, "")

    def overtaken(self, column: Column) -> bool:
        """Whether what is in force changed since the draft changed this cell."""
        edit = self.draft.get(column)
        return edit is not None and edit.before != self.live.get(column, "")

    def base_process(self, choices: Choices) -> ProcessDefinition | None:
        """The process chosen, before the draft changes its steps."""
        return choices.definitions.get(self.token(Column.PROCESS), self.generic)

    def process(self, choices: Choices) -> ProcessDefinition | None:
        """The process with the steps as the draft has them."""
        base = self.base_process(choices)
        edit = self.draft.get(Column.STEPS)
        if base is None or edit is None:
            return base
        read = read_steps(edit.after, base, choices.roles)
        return base if isinstance(read, Message) else read

    def with_draft(self, draft: Mapping[Column, CellEdit]) -> Row:
        """The row with other changed cells."""
        return replace(self, draft=draft)

    def completeness(self, choices: Choices) -> Completeness:
        own = Column.STEPS in self.draft or (
            bool(self.token(Column.PROCESS)) and (Column.PROCESS in self.draft or self.own_is_real)
        )
        own = own or (self.inherited_own and not self.token(Column.PROCESS))
        return completeness(
            definition=self.proposed,
            limit=self.limit,
            process=self.process(choices),
            process_is_own=own,
            deciding_known=self.deciding_known or bool(self.token(Column.DECIDING)),
            form=self.token(Column.FORM),
            whole_procedure=Column.FEES in self.columns,
        )

    @property
    def proposed(self) -> ProcedureDefinition:
        """The content with the fee lines of the draft."""
        edit = self.draft.get(Column.FEES)
        fees = None if edit is None else read_fees(edit.after, self.definition.fees)
        if fees is None or isinstance(fees, Message):
            return self.definition
        return replace(self.definition, fees=fees)


def live_steps(process: ProcessDefinition | None, choices: Choices) -> str:
    """The token of the steps cell for a process."""
    return steps_text(process, choices.roles)


def live_fees(definition: ProcedureDefinition) -> str:
    """The token of the fee cell."""
    return fees_text(definition.fees)


# --- showing ----------------------------------------------------------------------------------------------


def text_of(row: Row, column: Column, token: str, choices: Choices) -> str:
    """A token as files carry it, in Vietnamese; `parse` reads it back."""
    return plain(_source(show(row, column, token, choices)))


def plain(text: str) -> str:
    """Composed letters, single spaces, no empty line: how a text is compared."""
    return "\n".join(line for line in map(nfc, text.splitlines()) if line)


def show(row: Row, column: Column, token: str, choices: Choices) -> Message | str:
    """A token as people read it; a case without a value of its own says so."""
    if not token and row.key.case_key and column not in (Column.STEPS, Column.PROCESS):
        return AS_USUAL
    match column:
        case Column.STEPS | Column.FEES | Column.FORM:
            return token
        case Column.PROCESS:
            return choices.processes.get(token, token) if token else ""
        case Column.RECEIVING if token.startswith(UNITS):
            codes = token.removeprefix(UNITS).split(",")
            return "; ".join(choices.reception_units.get(code, code) for code in codes)
        case Column.RECEIVING:
            return RECEPTION.get(token, token)
        case Column.RETURNING:
            return RETURN_PLACES.get(token) or choices.reception_units.get(token, token)
        case Column.LETTERS:
            return choices.letters.get(token, token)
    return options(row, column, choices).get(token, token)


def options(row: Row, column: Column, choices: Choices) -> dict[str, str | Message]:
    """What a cell may be, token to text; empty where the cell is free text."""
    usual: dict[str, str | Message] = {"": AS_USUAL} if row.key.case_key else {}
    match column:
        case Column.PROCESS:
            return {token: text for token, text in choices.processes.items() if _fits(row, choices, token)}
        case Column.RECEIVING:
            return {**RECEPTION, **({} if not row.first_level else _listed(choices.reception_units))}
        case Column.DECIDING if row.key.level == Level.COMMUNE.value:
            return {
                "": msg("Xã, phường nơi có việc"),
                **{FUNCTION + key: text for key, text in choices.functions.items()},
            }
        case Column.DECIDING:
            return {"": msg("Theo lĩnh vực: %(unit)s", unit=row.default_department), **choices.deciding_units}
        case Column.RETURNING:
            return {**usual, **RETURN_PLACES, **choices.reception_units}
        case Column.LETTERS:
            return {**usual, **choices.letters}
    return {}


def _listed(units: Mapping[str, str]) -> dict[str, str | Message]:
    return {UNITS + code: text for code, text in units.items()}


def _fits(row: Row, choices: Choices, token: str) -> bool:
    """A process of the row's level; the one it has now in any case."""
    if token == row.token(Column.PROCESS):
        return True
    return row.key.level in choices.definitions[token].level.split("/")


# --- reading ----------------------------------------------------------------------------------------------


def parse(row: Row, column: Column, text: str, choices: Choices) -> str | Message:
    """The token of what somebody typed or pasted, or the sentence that says what to do instead."""
    text = plain(text)
    match column:
        case Column.STEPS:
            return _parse_steps(row, text, choices)
        case Column.FEES:
            read = read_fees(text, row.definition.fees)
            return read if isinstance(read, Message) else fees_text(read)
        case Column.FORM:
            if row.key.case_key and fold(text) == fold(AS_USUAL.source()):
                return ""
            if text and not _FORM.fullmatch(text):
                return msg(
                    "Mã biểu mẫu “%(typed)s” dài quá 64 chữ hoặc có dấu lạ; ghi như “Mẫu 01” hay “TP/HT-2020”.",
                    typed=text[:40],
                )
            return _known_form(row, text)
        case Column.RECEIVING:
            return _parse_receiving(row, text, choices)
        case Column.PROCESS:
            return _parse_process(row, text, choices)
    return _choose(text, options(row, column, choices))


def _known_form(row: Row, text: str) -> str | Message:
    """A form the procedure's own papers name; anything where they name none, for nothing here knows better."""
    own = sorted({paper.form_code for paper in row.definition.papers} - {""})
    if not text or not own or text in own or text == row.token(Column.FORM):
        return text
    return msg(
        "Giấy tờ của thủ tục không có biểu mẫu “%(typed)s”. Ghi một trong: %(own)s.",
        typed=text[:40],
        own="; ".join(own[:5]),
    )


def _parse_steps(row: Row, text: str, choices: Choices) -> str | Message:
    base = row.base_process(choices)
    if base is None:
        return msg("Chọn quy trình trước, rồi mới sửa các bước.") if text else ""
    read = read_steps(text, base, choices.roles)
    if isinstance(read, Message):
        return read
    wrong = over_limit(read, row.limit) or new_errors(read, base)
    return wrong or steps_text(read, choices.roles)


def _parse_process(row: Row, text: str, choices: Choices) -> str | Message:
    live = row.live.get(Column.PROCESS, "")
    if not text:
        return msg("Chọn một quy trình trong danh sách; không bỏ trống được.") if live else ""
    token = _choose(text, options(row, Column.PROCESS, choices))
    if isinstance(token, Message):
        return token
    process = choices.definitions.get(token)
    return (over_limit(process, row.limit) if process is not None and token != live else None) or token


def _parse_receiving(row: Row, text: str, choices: Choices) -> str | Message:
    one = _choose(text, RECEPTION)
    if not isinstance(one, Message):
        return one
    parts = [part for part in re.split(r"[;\n,]", text.removeprefix(UNITS)) if part.strip()]
    codes: list[str] = []
    for part in parts:
        code = _choose(nfc(part), choices.reception_units)
        if isinstance(code, Message):
            return code
        codes.append(code)
    if not codes:
        return msg(
            "Ghi nơi tiếp nhận: “Mọi Trung tâm trong tỉnh”, hoặc mã các đơn vị cách nhau bằng dấu chấm phẩy."
        )
    if not row.first_level:
        return msg(
            "Danh sách nơi tiếp nhận ghi ở dòng đầu của thủ tục; dòng này chỉ chọn một cách tiếp nhận."
        )
    if len(codes) > MOST_UNITS:
        return msg("Ô này nhận nhiều nhất %(count)s nơi tiếp nhận.", count=MOST_UNITS)
    return UNITS + ",".join(dict.fromkeys(codes))


def _choose(text: str, found: Mapping[str, str | Message]) -> str | Message:
    """By token, by code before the mark, or by the whole text; in this order."""
    plain = nfc(text)
    if plain in found:
        return plain
    head, folded = plain.partition(MARK.rstrip())[0].strip(), fold(plain)
    if head and head in found and MARK.strip() in plain:
        return head
    by_text = [token for token, label in found.items() if fold(_source(label)) == folded]
    if len(by_text) == 1:
        return by_text[0]
    return msg(
        "Không có “%(typed)s” trong danh sách của cột này; chọn trong danh sách hoặc ghi đúng mã.",
        typed=plain[:60] or "—",
    )


def _source(label: str | Message) -> str:
    return label.source() if isinstance(label, Message) else label

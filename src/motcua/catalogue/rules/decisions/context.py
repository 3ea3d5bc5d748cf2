"""What headings say for the rows below them: level, action, field. Rows inherit it until another heading."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from motcua.catalogue.rules.decisions.wording import (
    BOUNDARY_FREE,
    DISTRICT,
    action_of,
    actions_in,
    field_in,
    levels_in,
)
from motcua.catalogue.types import Level
from motcua.catalogue.types_changes import ChangeAction
from motcua.kernel.text import fold

MARKER = re.compile(r"^(?:phần\s+)?(?:[ivxlc]+|[a-hđ]|\d{1,2})\s*[.)]?$", re.IGNORECASE)
_MARKED = re.compile(r"^(?:phan\s+)?(?:[ivxlc]+|[a-h]|\d{1,2})\s*[.)/-]\s+")
_ABOUT = re.compile(
    r"\b(?:tthc|thu tuc hanh chinh|danh muc|quy trinh|linh vuc|cap tinh|cap xa|cap huyen|phu luc)\b"
)
_BODY = re.compile(
    r"^(?:dieu \d|can cu|theo de nghi|xet de nghi|quyet dinh nay|noi nhan|noi dung cu the|ghi chu)"
)
LONGEST_HEADING = 400


@dataclass(slots=True)
class Context:
    """`order` is how the document nests its headings, outermost first: setting one clears those inside it."""

    levels: tuple[Level, ...] = ()
    action: ChangeAction | None = None
    field_name: str = ""
    boundary_free: bool = False
    order: list[str] = field(default_factory=list)
    district: bool = False

    def heading(self, text: str) -> bool:
        """Take over what a heading says; whether it says anything."""
        folded = fold(text)
        if re.match(r"phu luc\b", folded):
            self._forget()
        levels, said, name = levels_in(text), actions_in(text), field_in(text)
        self.district = bool(DISTRICT.search(folded)) and not levels
        if BOUNDARY_FREE.search(folded):
            self.boundary_free = True
        if said:
            self._enter("action")
            self.action = action_of(text)
        if levels or self.district:
            self._enter("levels")
            self.levels = levels
        if name:
            self._enter("field")
            self.field_name = name
        return bool(levels or said or name or self.district)

    def _enter(self, part: str) -> None:
        if part not in self.order:
            self.order.append(part)
            return
        for inside in self.order[self.order.index(part) + 1 :]:
            if inside == "levels":
                self.levels = ()
            elif inside == "action":
                self.action = None
            else:
                self.field_name = ""

    def _forget(self) -> None:
        self.levels, self.action, self.field_name, self.boundary_free = (), None, "", False
        self.order.clear()


def is_heading(text: str) -> bool:
    """Whether a paragraph between tables is a heading of what follows, not a sentence of the body."""
    folded = fold(text)
    if len(text) > LONGEST_HEADING or _BODY.match(folded):
        return False
    return bool(_ABOUT.search(folded)) and (
        text.isupper()
        or bool(_MARKED.match(folded))
        or folded.startswith(("danh muc", "phu luc", "linh vuc", "cap "))
        or (len(folded.split()) <= 16 and bool(re.match(r"(?:thu tuc hanh chinh|tthc) ", folded)))
    )


def is_group_text(text: str, *, alone: bool) -> bool:
    """Whether the only text of a row is a heading of the rows below; `alone`: the whole row is one cell."""
    folded = _MARKED.sub("", fold(text))
    if len(text) > LONGEST_HEADING:
        return False
    if folded.startswith(("linh vuc", "cap tinh", "cap xa", "cap huyen", "cap trung uong", "danh muc")):
        return True
    if re.match(r"(?:nhom )?(?:thu tuc hanh chinh|tthc)\b", folded) and (levels_in(text) or actions_in(text)):
        return True
    return alone and (
        text.isupper() or bool(levels_in(text) or actions_in(text)) or bool(_MARKED.match(fold(text)))
    )

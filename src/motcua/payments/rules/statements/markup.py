"""XML of strangers: no document type, hence no entity to expand or to fetch; size, depth and number are bounded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

from motcua.kernel.errors import Invalid
from motcua.kernel.messages import Message, msg

MOST_BYTES = 40 * 1024 * 1024
MOST_DEPTH = 40
MOST_ELEMENTS = 1_500_000
MOST_TEXT = 4_000


@dataclass(slots=True)
class Element:
    """An element by its local name; the namespace of the root says the version."""

    tag: str
    line: int
    attributes: dict[str, str]
    text: str = ""
    children: list[Element] = field(default_factory=list)

    def all(self, *path: str) -> Iterator[Element]:
        """Everything at the end of a path below."""
        if not path:
            yield self
            return
        for child in self.children:
            if child.tag == path[0]:
                yield from child.all(*path[1:])

    def first(self, *path: str) -> Element | None:
        return next(self.all(*path), None)

    def said(self, *path: str) -> str:
        """The text at the end of a path, "" where there is none."""
        found = self.first(*path)
        return " ".join(found.text.split()) if found is not None else ""


class _Builder:
    def __init__(self) -> None:
        self.root: Element | None = None
        self.namespace = ""
        self.stack: list[Element] = []
        self.count = 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.data
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.parser.EntityDeclHandler = self.doctype
        self.parser.ExternalEntityRefHandler = self.doctype
        self.parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if self.count > MOST_ELEMENTS or len(self.stack) >= MOST_DEPTH:
            _refuse(msg("Tệp XML lớn hoặc lồng nhau quá mức một sao kê cần: không đọc."))
        namespace, _space, tag = name.rpartition(" ")
        found = Element(tag, self.parser.CurrentLineNumber, attributes)
        if self.stack:
            self.stack[-1].children.append(found)
        else:
            self.root, self.namespace = found, namespace
        self.stack.append(found)

    def end(self, _name: str) -> None:
        self.stack.pop()

    def data(self, text: str) -> None:
        element = self.stack[-1]
        if len(element.text) < MOST_TEXT:
            element.text += text[: MOST_TEXT - len(element.text)]

    def doctype(self, *_args: object) -> int:
        _refuse(
            msg("Tệp XML có khai báo DOCTYPE: không đọc vì an toàn. Đề nghị ngân hàng xuất lại tệp camt.053.")
        )


def parse(data: bytes) -> tuple[Element, str]:
    """The root and its namespace. Raises `Invalid` with a sentence for whoever brought the file."""
    if len(data) > MOST_BYTES:
        _refuse(
            msg("Tệp XML lớn hơn %(limit)s MB. Xuất sao kê theo kỳ ngắn hơn.", limit=MOST_BYTES // 1024**2)
        )
    builder = _Builder()
    try:
        builder.parser.Parse(data, True)
    except expat.ExpatError as problem:
        _refuse(
            msg(
                "Tệp không phải XML đúng: lỗi ở dòng %(line)s, cột %(column)s.",
                line=problem.lineno,
                column=problem.offset + 1,
            )
        )
    except (LookupError, UnicodeError, ValueError):
        _refuse(msg("Không đọc được bảng mã chữ của tệp XML. Xuất lại tệp dạng UTF-8."))
    if builder.root is None:
        _refuse(msg("Tệp XML rỗng."))
    return builder.root, builder.namespace


def _refuse(message: Message) -> NoReturn:
    raise Invalid(message, field="file")

"""XML of strangers, read without ever following it anywhere.

Documents with a DOCTYPE are refused before anything in it is read, so there are no entities: none to expand, none to
fetch. Size, depth and number of elements are bounded. Namespaces are kept beside the names.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from motcua.kernel.messages import Message, msg

MOST_BYTES = 4 * 1024 * 1024
MOST_DEPTH = 60
MOST_ELEMENTS = 30_000
MOST_TEXT = 20_000
"""Characters of one element's own text that are kept."""


class XmlRefused(ValueError):
    """The document is not read; carries the sentence."""

    def __init__(self, message: Message, code: str) -> None:
        super().__init__(message.source())
        self.message = message
        self.code = code


@dataclass(slots=True)
class Element:
    """An element: local name, namespace, attributes as (namespace, name) -> value, own text, children."""

    tag: str
    namespace: str
    attributes: dict[tuple[str, str], str]
    line: int
    text: str = ""
    children: list[Element] = field(default_factory=list)

    def get(self, name: str, namespace: str = "") -> str:
        return self.attributes.get((namespace, name), "")

    def any(self, *names: str) -> str:
        """The first filled attribute of that name in whatever namespace a product keeps it."""
        for wanted in names:
            for (_namespace, name), value in self.attributes.items():
                if name == wanted and value.strip():
                    return value.strip()
        return ""

    def all(self, *tags: str) -> Iterator[Element]:
        return (child for child in self.children if child.tag in tags)

    def first(self, *tags: str) -> Element | None:
        return next(self.all(*tags), None)

    def walk(self) -> Iterator[Element]:
        """Everything below, in document order."""
        todo = list(reversed(self.children))
        while todo:
            found = todo.pop()
            yield found
            todo.extend(reversed(found.children))


class _Builder:
    """Collects elements; raises `XmlRefused` out of the parser when a bound is passed."""

    def __init__(self) -> None:
        self.root: Element | None = None
        self.stack: list[Element] = []
        self.count = 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.data
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.parser.EntityDeclHandler = self.doctype
        self.parser.ExternalEntityRefHandler = self.outside
        self.parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if self.count > MOST_ELEMENTS or len(self.stack) >= MOST_DEPTH:
            raise XmlRefused(
                msg("Tệp sơ đồ lớn hoặc lồng nhau quá mức một quy trình cần: không đọc."), "too_large"
            )
        namespace, tag = _split(name)
        found = Element(
            tag,
            namespace,
            {_split(key): value for key, value in attributes.items()},
            self.parser.CurrentLineNumber,
        )
        if self.stack:
            self.stack[-1].children.append(found)
        else:
            self.root = found
        self.stack.append(found)

    def end(self, _name: str) -> None:
        self.stack.pop()

    def data(self, text: str) -> None:
        element = self.stack[-1]
        if len(element.text) < MOST_TEXT:
            element.text += text[: MOST_TEXT - len(element.text)]

    def doctype(self, *_args: object) -> None:
        raise XmlRefused(
            msg(
                "Tệp có khai báo DOCTYPE: không đọc vì an toàn. Hãy xuất lại tệp BPMN 2.0 từ phần mềm vẽ sơ đồ."
            ),
            "doctype",
        )

    def outside(self, *_args: object) -> int:
        raise XmlRefused(msg("Tệp trỏ tới nội dung bên ngoài: không đọc vì an toàn."), "external")


def _split(name: str) -> tuple[str, str]:
    namespace, _space, local = name.rpartition(" ")
    return namespace, local


def parse(data: bytes) -> Element:
    """The document's root. Raises `XmlRefused` with a sentence for whoever uploaded it."""
    if len(data) > MOST_BYTES:
        limit = MOST_BYTES // (1024 * 1024)
        raise XmlRefused(
            msg("Tệp lớn hơn %(limit)s MB: không phải sơ đồ một quy trình.", limit=limit), "too_large"
        )
    if data[:2] == b"PK":
        raise XmlRefused(msg("Đây là tệp nén. Hãy giải nén rồi tải lên tệp .bpmn bên trong."), "zipped")
    builder = _Builder()
    try:
        builder.parser.Parse(data, True)
    except expat.ExpatError as problem:
        raise XmlRefused(
            msg(
                "Tệp không phải XML đúng: lỗi ở dòng %(line)s, cột %(column)s.",
                line=problem.lineno,
                column=problem.offset + 1,
            ),
            "not_xml",
        ) from None
    except (LookupError, UnicodeError, ValueError) as problem:
        if isinstance(problem, XmlRefused):
            raise
        raise XmlRefused(
            msg("Không đọc được bảng mã chữ của tệp. Hãy lưu lại tệp dạng UTF-8."), "encoding"
        ) from None
    if builder.root is None:
        raise XmlRefused(msg("Tệp rỗng."), "not_xml")
    return builder.root

"""XML of strangers, read without ever following it anywhere. Pure.

Documents with a DOCTYPE are refused before anything in it is read, so there are no entities: none to expand, none to
fetch. Depth, number of elements and the text of each are bounded. What an element is, the reader says.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any, Generic, Protocol, TypeVar
from xml.parsers import expat

from motcua.kernel.messages import Message, msg


class Node(Protocol):
    """What a reader makes of an element."""

    text: str
    children: list[Any]


N = TypeVar("N", bound=Node)


class Fault(Enum):
    """Why a document is not read."""

    TOO_LARGE = "too_large"
    DOCTYPE = "doctype"
    OUTSIDE = "external"
    NOT_XML = "not_xml"
    ENCODING = "encoding"
    EMPTY = "empty"


class XmlFault(Exception):
    """The document is not read; line and column (from 1) are those of what is no XML."""

    def __init__(self, fault: Fault, line: int = 0, column: int = 0) -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.line = line
        self.column = column

    @property
    def where(self) -> Message:
        """For `NOT_XML`: the place a person looks at."""
        return msg(
            "Tệp không phải XML đúng: lỗi ở dòng %(line)s, cột %(column)s.",
            line=self.line,
            column=self.column,
        )


@dataclass(frozen=True, slots=True)
class Bounds:
    """The most elements, the deepest nesting, and the characters of one element's own text that are kept."""

    elements: int
    depth: int
    text: int


def split(name: str) -> tuple[str, str]:
    """Namespace and local name."""
    namespace, _space, local = name.rpartition(" ")
    return namespace, local


def read(data: bytes, make: Callable[[str, dict[str, str], int], N], bounds: Bounds) -> N:
    """The root. `make` gets a name (`split` takes it apart), attributes and the line; raises `XmlFault`."""
    builder = _Builder(make, bounds)
    try:
        builder.parser.Parse(data, True)
    except expat.ExpatError as problem:
        raise XmlFault(Fault.NOT_XML, problem.lineno, problem.offset + 1) from None
    except (LookupError, UnicodeError, ValueError):
        raise XmlFault(Fault.ENCODING) from None
    if builder.root is None:
        raise XmlFault(Fault.EMPTY)
    return builder.root


class _Builder(Generic[N]):
    """Collects elements; raises out of the parser when a bound is passed."""

    def __init__(self, make: Callable[[str, dict[str, str], int], N], bounds: Bounds) -> None:
        self.make, self.bounds = make, bounds
        self.root: N | None = None
        self.stack: list[N] = []
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
        if self.count > self.bounds.elements or len(self.stack) >= self.bounds.depth:
            raise XmlFault(Fault.TOO_LARGE)
        found = self.make(name, attributes, self.parser.CurrentLineNumber)
        if self.stack:
            self.stack[-1].children.append(found)
        else:
            self.root = found
        self.stack.append(found)

    def end(self, _name: str) -> None:
        self.stack.pop()

    def data(self, text: str) -> None:
        element = self.stack[-1]
        if len(element.text) < self.bounds.text:
            element.text += text[: self.bounds.text - len(element.text)]

    def doctype(self, *_args: object) -> None:
        raise XmlFault(Fault.DOCTYPE)

    def outside(self, *_args: object) -> int:
        raise XmlFault(Fault.OUTSIDE)

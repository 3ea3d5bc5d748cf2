"""XML of banks: bounded, never followed anywhere (`kernel.strange_xml`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NoReturn

from motcua.kernel.errors import Invalid
from motcua.kernel.messages import Message, msg
from motcua.kernel.strange_xml import Bounds, Fault, XmlFault, read, split

MOST_BYTES = 40 * 1024 * 1024
BOUNDS = Bounds(elements=1_500_000, depth=40, text=4_000)


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


def parse(data: bytes) -> tuple[Element, str]:
    """The root and its namespace. Raises `Invalid` with a sentence for whoever brought the file."""
    if len(data) > MOST_BYTES:
        _refuse(
            msg("Tệp XML lớn hơn %(limit)s MB. Xuất sao kê theo kỳ ngắn hơn.", limit=MOST_BYTES // 1024**2)
        )
    namespaces: list[str] = []

    def make(name: str, attributes: dict[str, str], line: int) -> Element:
        namespace, tag = split(name)
        if not namespaces:
            namespaces.append(namespace)
        return Element(tag, line, attributes)

    try:
        return read(data, make, BOUNDS), namespaces[0]
    except XmlFault as problem:
        _refuse(_SENTENCES.get(problem.fault, problem.where))


_NOT_FOLLOWED = msg(
    "Tệp XML có khai báo DOCTYPE: không đọc vì an toàn. Đề nghị ngân hàng xuất lại tệp camt.053."
)
_SENTENCES = {
    Fault.TOO_LARGE: msg("Tệp XML lớn hoặc lồng nhau quá mức một sao kê cần: không đọc."),
    Fault.DOCTYPE: _NOT_FOLLOWED,
    Fault.OUTSIDE: _NOT_FOLLOWED,
    Fault.ENCODING: msg("Không đọc được bảng mã chữ của tệp XML. Xuất lại tệp dạng UTF-8."),
    Fault.EMPTY: msg("Tệp XML rỗng."),
}


def _refuse(message: Message) -> NoReturn:
    raise Invalid(message, field="file")

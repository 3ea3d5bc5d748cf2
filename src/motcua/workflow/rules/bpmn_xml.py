"""XML of other drawing programs: bounded, never followed (`kernel.strange_xml`), names kept with their namespaces."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from motcua.kernel.messages import Message, msg
from motcua.kernel.strange_xml import Bounds, Fault, XmlFault, read, split

MOST_BYTES = 4 * 1024 * 1024
BOUNDS = Bounds(elements=30_000, depth=60, text=20_000)


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


def parse(data: bytes) -> Element:
    """The document's root. Raises `XmlRefused` with a sentence for whoever uploaded it."""
    if len(data) > MOST_BYTES:
        limit = MOST_BYTES // (1024 * 1024)
        raise XmlRefused(
            msg("Tệp lớn hơn %(limit)s MB: không phải sơ đồ một quy trình.", limit=limit), "too_large"
        )
    if data[:2] == b"PK":
        raise XmlRefused(msg("Đây là tệp nén. Hãy giải nén rồi tải lên tệp .bpmn bên trong."), "zipped")
    try:
        return read(data, _element, BOUNDS)
    except XmlFault as problem:
        code = "not_xml" if problem.fault is Fault.EMPTY else problem.fault.value
        raise XmlRefused(_SENTENCES.get(problem.fault, problem.where), code) from None


def _element(name: str, attributes: dict[str, str], line: int) -> Element:
    namespace, tag = split(name)
    return Element(tag, namespace, {split(key): value for key, value in attributes.items()}, line)


_SENTENCES = {
    Fault.TOO_LARGE: msg("Tệp sơ đồ lớn hoặc lồng nhau quá mức một quy trình cần: không đọc."),
    Fault.DOCTYPE: msg(
        "Tệp có khai báo DOCTYPE: không đọc vì an toàn. Hãy xuất lại tệp BPMN 2.0 từ phần mềm vẽ sơ đồ."
    ),
    Fault.OUTSIDE: msg("Tệp trỏ tới nội dung bên ngoài: không đọc vì an toàn."),
    Fault.ENCODING: msg("Không đọc được bảng mã chữ của tệp. Hãy lưu lại tệp dạng UTF-8."),
    Fault.EMPTY: msg("Tệp rỗng."),
}

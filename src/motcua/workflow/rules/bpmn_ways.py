"""Where each step of a diagram leads: gateways, sub-processes and events dissolved into ways between steps."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import product

from motcua.kernel.messages import Message, msg
from motcua.workflow.rules.bpmn_carried import carries
from motcua.workflow.rules.bpmn_graph import MACHINES, SUBS, Flow, Graph, Node
from motcua.workflow.rules.checks import Severity

MOST_WAYS = 24
MOST_LOOKS = 4000
MOST_BETWEEN = 150
"""Gateways and events on one way between two steps."""

Report = Callable[[Severity, str, "Node | None", Message], None]


@dataclass(frozen=True, slots=True)
class Way:
    """One way from a step: the names met on it and the steps it opens (several: together; none: the end)."""

    names: tuple[str, ...]
    targets: tuple[str, ...]
    stay: bool = False


class Ways:
    """Finds the ways of a graph; what it cannot read it reports once."""

    def __init__(self, graph: Graph, report: Report) -> None:
        self.graph = graph
        self._report = report
        self._said: set[tuple[str, str]] = set()
        self._looks = 0

    def of(self, node: Node) -> list[Way]:
        """Every way out of a step, each combination of targets once."""
        self._looks = 0
        ways = self._out(node, (node.ident,))
        for event in self.graph.attached(node.ident):
            ways += self._at_the_edge(event, node)
        merged: dict[tuple[tuple[str, ...], bool], Way] = {}
        for way in ways:
            known = merged.get((way.targets, way.stay))
            names = tuple(dict.fromkeys(((*known.names,) if known else ()) + way.names))
            merged[way.targets, way.stay] = Way(names, way.targets, way.stay)
        if len(merged) > MOST_WAYS:
            self._tell(
                "error",
                "too_many_ways",
                node,
                msg(
                    "Quá nhiều đường đi từ “%(name)s”: chỉ giữ %(most)s đường.",
                    name=node.words,
                    most=MOST_WAYS,
                ),
            )
        return list(merged.values())[:MOST_WAYS]

    def from_start(self, node: Node) -> list[Way]:
        """Where a start event leads."""
        self._looks = 0
        return self._out(node, (node.ident,))

    def _tell(self, severity: Severity, code: str, node: Node | None, message: Message) -> None:
        if (code, node.ident if node else "") not in self._said:
            self._said.add((code, node.ident if node else ""))
            self._report(severity, code, node, message)

    def _at_the_edge(self, event: Node, host: Node) -> list[Way]:
        """A boundary event: beside the work, or instead of it."""
        if not self.graph.outgoing(event.ident):
            return []
        beside = event.element.get("cancelActivity") == "false"
        name = event.name or _EVENT_NAMES.get(event.event, "Sự kiện")
        ways = self._out(event, (event.ident,))
        if not carries(host.element):
            self._tell(
                "info",
                "boundary",
                event,
                msg(
                    "Sự kiện “%(name)s” gắn vào “%(host)s” thành một lựa chọn của bước đó.",
                    name=name,
                    host=host.words,
                ),
            )
        return [
            Way((name, *way.names), way.targets, stay=beside) for way in ways if way.targets or not beside
        ]

    def _out(self, node: Node, trail: tuple[str, ...]) -> list[Way]:
        """The ways out of any node."""
        flows = self.graph.outgoing(node.ident) + self._messages(node)
        if not flows:
            return self._after_end(node, trail)
        lists = [self._along(flow, trail) for flow in flows]
        if len(flows) == 1:
            return lists[0]
        if node.tag == "inclusiveGateway":
            self._tell(
                "warning",
                "inclusive",
                node,
                msg(
                    "Rẽ nhánh “một hoặc nhiều” tại “%(name)s”: mỗi nhánh một lựa chọn, thêm một lựa chọn đi mọi nhánh.",
                    name=node.words,
                ),
            )
            return [way for ways in lists for way in ways] + self._together(lists)
        if self._chooses(node, flows):
            return [way for ways in lists for way in ways]
        return self._together(lists)

    def _chooses(self, node: Node, flows: Iterable[Flow]) -> bool:
        """Alternatives or all together, as the standard has it for each kind of node."""
        if node.tag in {"complexGateway", "eventBasedGateway"}:
            self._tell(
                "warning",
                "gateway",
                node,
                msg("Cổng “%(name)s” được hiểu là chọn một nhánh.", name=node.words),
            )
            return True
        if node.tag == "exclusiveGateway":
            return True
        if node.tag == "parallelGateway":
            return False
        conditional = [flow for flow in flows if flow.condition]
        return bool(conditional or node.element.get("default"))

    def _together(self, lists: list[list[Way]]) -> list[Way]:
        found: list[Way] = []
        for combination in product(*(ways or [Way((), ())] for ways in lists)):
            targets = tuple(dict.fromkeys(t for way in combination for t in way.targets))
            found.append(Way(tuple(dict.fromkeys(n for way in combination for n in way.names)), targets))
            if len(found) > MOST_WAYS:
                break
        return found

    def _along(self, flow: Flow, trail: tuple[str, ...]) -> list[Way]:
        self._looks += 1
        node = self.graph.nodes[flow.target]
        name = flow.name or flow.condition
        if flow.condition:
            self._tell(
                "info",
                "condition",
                node,
                msg(
                    "Điều kiện “%(said)s” chỉ giữ làm tên lựa chọn, không bao giờ được chạy.",
                    said=flow.condition[:120],
                ),
            )
        ways = self._into(node, trail)
        return [Way((name[:200], *way.names), way.targets, way.stay) for way in ways] if name else ways

    def _into(self, node: Node, trail: tuple[str, ...]) -> list[Way]:
        """The ways that begin by coming to a node."""
        if node.is_step:
            return [Way((), (node.ident,))]
        if node.ident in trail or len(trail) > MOST_BETWEEN or self._looks > MOST_LOOKS:
            self._tell(
                "error",
                "endless",
                node,
                msg(
                    "Đường đi qua “%(name)s” vòng lại mà không qua bước nào, hoặc quá dài: bỏ qua.",
                    name=node.words,
                ),
            )
            return []
        trail = (*trail, node.ident)
        if node.tag in SUBS:
            return self._into_sub(node, trail)
        if node.tag in MACHINES:
            self._tell(
                "warning",
                "machine",
                node,
                msg(
                    "“%(name)s” là việc máy tự chạy: bỏ qua, nội dung trong sơ đồ không bao giờ được chạy.",
                    name=node.words,
                ),
            )
        if node.tag == "intermediateThrowEvent" and node.event == "link":
            return self._link(node, trail)
        return self._out(node, trail)

    def _into_sub(self, node: Node, trail: tuple[str, ...]) -> list[Way]:
        inside = self.graph.inside(node.ident)
        starts = [n for n in inside if n.tag == "startEvent"] or [
            n for n in inside if not self.graph.incoming(n.ident) and n.tag != "boundaryEvent"
        ]
        if not starts:
            self._tell(
                "warning",
                "empty_sub",
                node,
                msg("Quy trình con “%(name)s” không có bước nào: đi qua.", name=node.words),
            )
            return self._out(node, trail)
        lists = [self._into(start, trail) for start in starts]
        return lists[0] if len(lists) == 1 else self._together(lists)

    def _link(self, node: Node, trail: tuple[str, ...]) -> list[Way]:
        wanted = _link_name(node)
        for other in self.graph.nodes.values():
            if (
                other.tag == "intermediateCatchEvent"
                and other.event == "link"
                and _link_name(other) == wanted
            ):
                return self._into(other, trail)
        self._tell(
            "error", "link", node, msg("Mối nối “%(name)s” không có đầu kia.", name=wanted or node.words)
        )
        return []

    def _after_end(self, node: Node, trail: tuple[str, ...]) -> list[Way]:
        """The end of a sub-process goes on outside it; any other end is the end."""
        around = self.graph.nodes.get(node.within)
        if around is None or (node.tag == "endEvent" and node.event == "terminate"):
            return [Way((), ())]
        return self._out(around, (*trail, around.ident))

    def _messages(self, node: Node) -> list[Flow]:
        """A message to another organisation that begins its part, or that is all this part does."""
        found = []
        for flow in self.graph.messages.get(node.ident, []):
            if self.graph.incoming(flow.target):
                continue
            self._tell(
                "info",
                "message",
                node,
                msg(
                    "Thông điệp từ “%(name)s” sang “%(to)s” được hiểu là chuyển việc.",
                    name=node.words,
                    to=self.graph.nodes[flow.target].words,
                ),
            )
            found.append(flow)
        return found


_EVENT_NAMES = {
    "timer": "Quá hạn",
    "message": "Nhận được văn bản",
    "error": "Có lỗi",
    "escalation": "Xin ý kiến",
    "signal": "Có tín hiệu",
    "cancel": "Hủy",
}


def _link_name(node: Node) -> str:
    definition = node.element.first("linkEventDefinition")
    return (definition.get("name") if definition else "") or node.name

"""The flow nodes, flows and lanes of a BPMN 2.0 document, whatever product wrote it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from motcua.workflow.rules.bpmn_xml import Element

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"

PEOPLE = frozenset({"userTask", "manualTask", "task", "callActivity"})
MACHINES = frozenset({"serviceTask", "scriptTask", "businessRuleTask", "sendTask"})
GATEWAYS = frozenset(
    {"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway"}
)
SUBS = frozenset({"subProcess", "transaction", "adHocSubProcess"})
EVENTS = frozenset(
    {"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"}
)
NODES = PEOPLE | MACHINES | GATEWAYS | SUBS | EVENTS | {"receiveTask"}
DRAWN_ONLY = frozenset(
    {"textAnnotation", "association", "group", "dataObject", "dataObjectReference", "dataStoreReference"}
    | {"dataInputAssociation", "dataOutputAssociation", "ioSpecification", "property", "category"}
)


@dataclass(frozen=True, slots=True)
class Node:
    """A flow node. `within` is the sub-process it is drawn in, `place` its position in the document."""

    ident: str
    tag: str
    name: str
    element: Element
    pool: str
    within: str
    place: int

    @property
    def event(self) -> str:
        """The kind of an event: "timer", "message", "link", …; empty for a plain one."""
        found = next((c.tag for c in self.element.children if c.tag.endswith("EventDefinition")), "")
        return found.removesuffix("EventDefinition")

    @property
    def is_step(self) -> bool:
        """Whether somebody does something there, or something is waited for."""
        waits = self.tag == "intermediateCatchEvent" and self.event not in {"link", ""}
        return self.tag in PEOPLE or self.tag == "receiveTask" or waits

    @property
    def words(self) -> str:
        """How the report calls it."""
        return self.name or self.ident or self.tag


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow, or a message flow read as one."""

    ident: str
    source: str
    target: str
    name: str = ""
    condition: str = ""
    is_message: bool = False


@dataclass
class Graph:
    """All processes of a document as one graph."""

    nodes: dict[str, Node] = field(default_factory=dict)
    flows: list[Flow] = field(default_factory=list)
    lanes: dict[str, str] = field(default_factory=dict)
    processes: list[Element] = field(default_factory=list)
    titles: dict[str, str] = field(default_factory=dict)
    odd: list[Element] = field(default_factory=list)
    dangling: list[Flow] = field(default_factory=list)
    out: dict[str, list[Flow]] = field(default_factory=dict)
    into: dict[str, list[Flow]] = field(default_factory=dict)
    messages: dict[str, list[Flow]] = field(default_factory=dict)

    def outgoing(self, ident: str) -> list[Flow]:
        return self.out.get(ident, [])

    def incoming(self, ident: str) -> list[Flow]:
        return self.into.get(ident, [])

    def inside(self, sub: str) -> list[Node]:
        return [node for node in self.nodes.values() if node.within == sub]

    def attached(self, host: str) -> Iterator[Node]:
        """Boundary events of an activity and of the sub-processes around it."""
        around = {host}
        while host and (node := self.nodes.get(host)) is not None:
            host = node.within
            around.add(host)
        for node in self.nodes.values():
            if node.tag == "boundaryEvent" and node.element.get("attachedToRef") in around - {""}:
                yield node

    def lane_of(self, node: Node) -> str:
        """The lane a node lies in; of a node inside a sub-process, the lane of the sub-process."""
        while True:
            lane = self.lanes.get(node.ident, "")
            if lane or not node.within or node.within not in self.nodes:
                return lane
            node = self.nodes[node.within]


def graph_of(root: Element) -> Graph:
    """Every process of the document."""
    graph = Graph()
    for element in root.children:
        if element.tag == "collaboration":
            for participant in element.all("participant"):
                graph.titles[participant.get("processRef")] = participant.get("name")
    for element in root.all("process"):
        graph.processes.append(element)
        _read(graph, element, graph.titles.get(element.get("id"), ""), "")
    for element in root.all("collaboration"):
        for found in element.all("messageFlow"):
            graph.flows.append(_flow(found, is_message=True))
    whole: dict[bool, list[Flow]] = {True: [], False: []}
    for flow in graph.flows:
        whole[flow.source in graph.nodes and flow.target in graph.nodes].append(flow)
    graph.flows = whole[True]
    graph.dangling = [flow for flow in whole[False] if not flow.is_message]
    for flow in graph.flows:
        if flow.is_message:
            graph.messages.setdefault(flow.source, []).append(flow)
        else:
            graph.out.setdefault(flow.source, []).append(flow)
            graph.into.setdefault(flow.target, []).append(flow)
    return graph


def _flow(element: Element, *, is_message: bool = False) -> Flow:
    condition = element.first("conditionExpression")
    return Flow(
        element.get("id"),
        element.get("sourceRef"),
        element.get("targetRef"),
        " ".join(element.get("name").split()),
        " ".join(condition.text.split()) if condition else "",
        is_message,
    )


def _read(graph: Graph, container: Element, pool: str, within: str) -> None:
    for element in container.children:
        if element.namespace != MODEL:
            continue
        if element.tag in NODES:
            ident = element.get("id") or f"line-{element.line}"
            name = " ".join(element.get("name").split())
            if ident not in graph.nodes:
                graph.nodes[ident] = Node(ident, element.tag, name, element, pool, within, len(graph.nodes))
            if element.tag in SUBS:
                _read(graph, element, pool, ident)
        elif element.tag == "sequenceFlow":
            graph.flows.append(_flow(element))
        elif element.tag == "laneSet":
            _lanes(graph, element)
        elif element.tag not in _QUIET | DRAWN_ONLY:
            graph.odd.append(element)


_QUIET = {
    "documentation",
    "extensionElements",
    "incoming",
    "outgoing",
    "multiInstanceLoopCharacteristics",
} | {
    "standardLoopCharacteristics",
    "ioSpecification",
    "laneSet",
    "artifact",
    "completionCondition",
}


def _lanes(graph: Graph, lane_set: Element) -> None:
    """The innermost lane of each node."""
    for lane in lane_set.all("lane"):
        for reference in lane.all("flowNodeRef"):
            graph.lanes[reference.text.strip()] = " ".join(lane.get("name").split())
        for inner in lane.all("childLaneSet"):
            _lanes(graph, inner)

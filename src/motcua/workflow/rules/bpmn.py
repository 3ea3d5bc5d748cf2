"""BPMN 2.0 export with diagram interchange, for any BPMN tool.

Steps are user tasks in vertical lanes, choices exclusive gateways, parallel work parallel gateways, waits
intermediate catch events (timer) or receive tasks. A consultation beside the work is a non-interrupting
boundary event that meets the work again in an inclusive gateway. Places follow the product's own drawing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction
from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

from motcua.workflow.rules.bpmn_carried import CARRIED, carried_process, carried_step
from motcua.workflow.rules.definition import ProcessDefinition, Span, Step, StepKind, TimeUnit
from motcua.workflow.rules.drawing import time_text
from motcua.workflow.rules.joins import joins_of
from motcua.workflow.rules.lanes import lanes_of
from motcua.workflow.rules.layout import Box, Diagram, Edge, Metrics, Node, Point, arrange
from motcua.workflow.rules.svg import wrap

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DD = "http://www.omg.org/spec/DD/20100524/DI"
TARGET = "https://motcua.example/bpmn"
POOL_HEADER = 30
EVENT, GATEWAY = 36, 50
TASK_WIDTH = 170
LABEL_WIDTH = 90
METRICS = Metrics(lane_width=240, header=44, row_gap=50)

for _prefix, _uri in (("bpmn", BPMN), ("bpmndi", DI), ("dc", DC), ("di", DD), ("motcua", CARRIED)):
    register_namespace(_prefix, _uri)


@dataclass(frozen=True, slots=True)
class _Thing:
    """A flow node: its tag, id, name, place and, for tasks, the step."""

    tag: str
    ident: str
    name: str
    lane: int
    row: int
    width: int
    height: int
    step: Step | None = None
    attached_to: str | None = None


@dataclass(frozen=True, slots=True)
class _Flow:
    ident: str
    source: str
    target: str
    name: str = ""


@dataclass
class _Model:
    things: dict[str, _Thing] = field(default_factory=dict)
    flows: list[_Flow] = field(default_factory=list)

    def add(self, thing: _Thing) -> str:
        self.things[thing.ident] = thing
        return thing.ident

    def connect(self, source: str, target: str, name: str = "") -> None:
        self.flows.append(_Flow(f"Flow_{len(self.flows) + 1}", source, target, name))


def export(definition: ProcessDefinition) -> str:
    """The BPMN 2.0 XML document of a process that has steps."""
    model = _model(definition)
    lanes = lanes_of(definition)
    placed = [t for t in model.things.values() if t.attached_to is None]
    nodes = [Node(t.ident, t.lane, t.row, t.width, t.height) for t in placed]
    edges = [Edge(f.ident, _host(model, f.source), f.target) for f in model.flows]
    diagram = arrange(nodes, edges, len(lanes.names), METRICS)
    root = Element(
        f"{{{BPMN}}}definitions", {"id": "Definitions_1", "targetNamespace": TARGET, "exporter": "motcua"}
    )
    _collaboration(root, definition)
    _process(root, definition, model, lanes.names)
    _interchange(root, model, diagram)
    indent(root, "  ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _host(model: _Model, ident: str) -> str:
    return model.things[ident].attached_to or ident


def _model(definition: ProcessDefinition) -> _Model:
    model, lanes, joins = _Model(), lanes_of(definition), joins_of(definition)
    entry: dict[str, str] = {}
    for n, step in enumerate(definition.steps, 1):
        lane, row = lanes.lane[step.key], lanes.row[step.key] * 100
        tag, width, height = _shape(step)
        task = model.add(_Thing(tag, f"Step_{n}", step.name, lane, row + 10, width, height, step))
        entry[step.key] = task
        if step.key in joins:
            kind = "inclusiveGateway" if joins[step.key] else "parallelGateway"
            gate = model.add(_Thing(kind, f"Join_{n}", "", lane, row, GATEWAY, GATEWAY))
            model.connect(gate, task)
            entry[step.key] = gate
    first = definition.steps[0]
    start = _Thing("startEvent", "Start_1", "Nộp hồ sơ", lanes.lane[first.key], -1, EVENT, EVENT)
    model.connect(model.add(start), entry[first.key])
    for n, step in enumerate(definition.steps, 1):
        _outgoing(model, step, n, entry, lanes.lane[step.key], lanes.row[step.key] * 100)
    return model


def _shape(step: Step) -> tuple[str, int, int]:
    if step.kind is StepKind.WAIT and step.time is not None and step.time.amount:
        return "intermediateCatchEvent", EVENT, EVENT
    tag = "receiveTask" if step.kind is StepKind.WAIT else "userTask"
    return tag, TASK_WIDTH, 80 if len(step.name) <= 70 else 110


def _outgoing(model: _Model, step: Step, n: int, entry: dict[str, str], lane: int, row: int) -> None:
    _asked_beside(model, step, n, entry, lane, row)
    ways: dict[tuple[str, ...], list[str]] = {}
    for outcome in step.outcomes:
        if not outcome.stay:
            ways.setdefault(outcome.to, []).append(outcome.label)
    source = f"Step_{n}"
    if len(ways) > 1:
        choice = _Thing("exclusiveGateway", f"Choice_{n}", "", lane, row + 20, GATEWAY, GATEWAY)
        model.connect(source, model.add(choice))
        source = choice.ident
    for index, (to, labels) in enumerate(ways.items(), 1):
        name = " / ".join(labels) if len(step.outcomes) > 1 else ""
        if not to:
            end = _Thing("endEvent", f"End_{n}", "Kết thúc", lane, row + 90, EVENT, EVENT)
            model.connect(source, model.add(end), name)
        elif len(to) == 1:
            model.connect(source, entry[to[0]], name)
        else:
            split = _Thing(
                "parallelGateway", f"Split_{n}_{index}", "", lane, row + 30 + index, GATEWAY, GATEWAY
            )
            model.connect(source, model.add(split), name)
            for target in to:
                model.connect(split.ident, entry[target])


def _asked_beside(model: _Model, step: Step, n: int, entry: dict[str, str], lane: int, row: int) -> None:
    for index, outcome in enumerate((o for o in step.outcomes if o.stay), 1):
        ident = f"Ask_{n}_{index}"
        host = f"Step_{n}"
        model.add(
            _Thing("boundaryEvent", ident, outcome.label, lane, row + 10, EVENT, EVENT, attached_to=host)
        )
        for target in outcome.to:
            model.connect(ident, entry[target])


def _collaboration(root: Element, definition: ProcessDefinition) -> None:
    collaboration = SubElement(root, f"{{{BPMN}}}collaboration", {"id": "Collaboration_1"})
    SubElement(
        collaboration,
        f"{{{BPMN}}}participant",
        {"id": "Participant_1", "name": _clean(definition.title), "processRef": "Process_1"},
    )


def _process(root: Element, definition: ProcessDefinition, model: _Model, lanes: tuple[str, ...]) -> None:
    process = SubElement(
        root,
        f"{{{BPMN}}}process",
        {"id": "Process_1", "name": _clean(definition.title), "isExecutable": "false"},
    )
    about = "; ".join(part for part in (definition.reference, definition.issuer, definition.branch) if part)
    if about:
        _child(process, "documentation", about)
    _carry(process, "process", {"value": carried_process(definition)})
    lane_set = SubElement(process, f"{{{BPMN}}}laneSet", {"id": "LaneSet_1"})
    for index, name in enumerate(lanes):
        lane = SubElement(lane_set, f"{{{BPMN}}}lane", {"id": f"Lane_{index + 1}", "name": _lane_name(name)})
        for thing in model.things.values():
            if thing.lane == index:
                _child(lane, "flowNodeRef", thing.ident)
    for thing in model.things.values():
        _node(process, definition, model, thing, lanes[thing.lane])
    for flow in model.flows:
        attributes = {"id": flow.ident, "sourceRef": flow.source, "targetRef": flow.target}
        if flow.name:
            attributes["name"] = _clean(flow.name)
        SubElement(process, f"{{{BPMN}}}sequenceFlow", attributes)


def _node(process: Element, definition: ProcessDefinition, model: _Model, thing: _Thing, lane: str) -> None:
    attributes = {"id": thing.ident}
    if thing.name:
        attributes["name"] = _clean(thing.name)
    if thing.attached_to:
        attributes |= {"attachedToRef": thing.attached_to, "cancelActivity": "false"}
    node = SubElement(process, f"{{{BPMN}}}{thing.tag}", attributes)
    if thing.step is not None:
        _child(node, "documentation", f"{thing.step.lane}. {time_text(definition, thing.step)}")
        _carry(node, "step", {"value": carried_step(thing.step), "lane": _lane_name(lane)})
    for flow in model.flows:
        if flow.target == thing.ident:
            _child(node, "incoming", flow.ident)
    for flow in model.flows:
        if flow.source == thing.ident:
            _child(node, "outgoing", flow.ident)
    if thing.tag == "boundaryEvent":
        SubElement(node, f"{{{BPMN}}}escalationEventDefinition", {"id": f"{thing.ident}_event"})
    if thing.tag == "intermediateCatchEvent" and thing.step is not None and thing.step.time is not None:
        timer = SubElement(node, f"{{{BPMN}}}timerEventDefinition", {"id": f"{thing.ident}_event"})
        _child(timer, "timeDuration", iso_duration(thing.step.time))


def iso_duration(span: Span) -> str:
    """ISO 8601; the fraction of a day is working hours.

    >>> iso_duration(Span(Fraction(3, 2), TimeUnit.CALENDAR_DAY))
    'P1DT4H'
    """
    hours = span.amount if span.unit is TimeUnit.WORKING_HOUR else Fraction(0)
    days = 0 if span.unit is TimeUnit.WORKING_HOUR else int(span.amount)
    if span.unit is not TimeUnit.WORKING_HOUR:
        hours = (span.amount - days) * 8
    minutes = int((hours - int(hours)) * 60)
    clock = (f"{int(hours)}H" if int(hours) else "") + (f"{minutes}M" if minutes else "")
    return f"P{f'{days}D' if days else ''}{f'T{clock}' if clock else ''}" if days or clock else "PT0H"


def _interchange(root: Element, model: _Model, diagram: Diagram) -> None:
    figure = SubElement(root, f"{{{DI}}}BPMNDiagram", {"id": "Diagram_1"})
    plane = SubElement(figure, f"{{{DI}}}BPMNPlane", {"id": "Plane_1", "bpmnElement": "Collaboration_1"})
    first, last = diagram.lanes[0], diagram.lanes[-1]
    pool = Box(first.x, first.y, last.right - first.x, first.height + POOL_HEADER)
    _shape_di(plane, "Participant_1", pool, {"isHorizontal": "false"})
    for index, box in enumerate(diagram.lanes, 1):
        _shape_di(plane, f"Lane_{index}", _lower(box), {"isHorizontal": "false"})
    for thing in model.things.values():
        box = _boundary(diagram, thing) if thing.attached_to else diagram.boxes[thing.ident]
        marker = {"isMarkerVisible": "true"} if thing.tag == "exclusiveGateway" else {}
        _shape_di(plane, thing.ident, _lower(box), marker)
    for flow in model.flows:
        route = diagram.routes[flow.ident]
        if model.things[flow.source].attached_to:
            route = _from_boundary(_boundary(diagram, model.things[flow.source]), route)
        edge = SubElement(plane, f"{{{DI}}}BPMNEdge", {"id": f"{flow.ident}_di", "bpmnElement": flow.ident})
        for x, y in route:
            SubElement(edge, f"{{{DD}}}waypoint", {"x": str(x), "y": str(y + POOL_HEADER)})
        if flow.name:
            label = SubElement(edge, f"{{{DI}}}BPMNLabel")
            SubElement(label, f"{{{DC}}}Bounds", _label_place(route))


def _label_place(route: tuple[Point, ...]) -> dict[str, str]:
    """Beside the beginning of the arrow, on the side it leaves to."""
    (x1, y1), (x2, _y2) = route[0], route[1]
    x = x1 + 8 if x2 >= x1 else x1 - LABEL_WIDTH - 8
    y = y1 + 2 if x1 == x2 else y1 + 4
    return {"x": str(x), "y": str(y + POOL_HEADER), "width": f"{LABEL_WIDTH}", "height": "27"}


def _lower(box: Box) -> Box:
    """Everything stands below the pool's own header."""
    return Box(box.x, box.y + POOL_HEADER, box.width, box.height)


def _boundary(diagram: Diagram, thing: _Thing) -> Box:
    assert thing.attached_to is not None
    host = diagram.boxes[thing.attached_to]
    return Box(host.right - EVENT - 10, host.bottom - EVENT // 2, EVENT, EVENT)


def _from_boundary(box: Box, route: tuple[Point, ...]) -> tuple[Point, ...]:
    x, y = box.middle[0], box.bottom
    if route[0][0] == route[1][0]:
        level = route[1][1] if len(route) > 2 else (y + route[-1][1]) // 2
        return (x, y), (x, level), (route[-1][0], level), route[-1]
    return (x, y), (x, y + 8), (route[1][0], y + 8), *route[2:]


def _shape_di(plane: Element, ident: str, box: Box, more: dict[str, str]) -> None:
    shape = SubElement(plane, f"{{{DI}}}BPMNShape", {"id": f"{ident}_di", "bpmnElement": ident, **more})
    SubElement(
        shape,
        f"{{{DC}}}Bounds",
        {"x": str(box.x), "y": str(box.y), "width": str(box.width), "height": str(box.height)},
    )


def _child(parent: Element, tag: str, text: str) -> None:
    SubElement(parent, f"{{{BPMN}}}{tag}").text = _clean(text)


def _carry(parent: Element, tag: str, attributes: dict[str, str]) -> None:
    """What BPMN has no place for, in the place it has for such things."""
    extensions = SubElement(parent, f"{{{BPMN}}}extensionElements")
    SubElement(extensions, f"{{{CARRIED}}}{tag}", attributes)


def _lane_name(name: str) -> str:
    """Two lines are what BPMN tools show of a lane's name; each task documents its performer in full."""
    return _clean(" ".join(wrap(name, METRICS.lane_width - 24, size=12, most=2)))


def _clean(text: str) -> str:
    """Without the control characters that XML 1.0 cannot hold."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", text)

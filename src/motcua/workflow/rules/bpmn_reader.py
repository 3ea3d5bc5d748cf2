"""BPMN 2.0 files of other products, as far as a step table can say what they draw.

Nothing in a diagram is ever executed: conditions become names of choices, scripts and services are passed over. What
is not understood is reported, by the name the diagram gives it. Our own files come back as they left, unless somebody
changed the drawing: then the drawing wins.
"""

from __future__ import annotations

import heapq
from collections import Counter
from dataclasses import dataclass, replace

from motcua.kernel.messages import Message, msg
from motcua.kernel.text import nfc
from motcua.workflow.rules.bpmn import iso_duration
from motcua.workflow.rules.bpmn_carried import lane_carried, process_of, step_of
from motcua.workflow.rules.bpmn_graph import DRAWN_ONLY, MODEL, Node, graph_of
from motcua.workflow.rules.bpmn_steps import iso_span, repeated, step_of_node
from motcua.workflow.rules.bpmn_ways import Way, Ways
from motcua.workflow.rules.bpmn_xml import Element, XmlRefused, parse
from motcua.workflow.rules.checks import Finding, Severity
from motcua.workflow.rules.definition import Outcome, ProcessDefinition, Step, StepKind
from motcua.workflow.rules.pasted import MOST_STEPS
from motcua.workflow.rules.pasted_words import codes_in
from motcua.workflow.rules.slug import slug
from motcua.workflow.rules.source_tables import RETURN_KEY, added_return, given_kinds


@dataclass(frozen=True, slots=True)
class BpmnRead:
    """What a file gave; `definition` is None when no process is in it. Findings name steps by their key."""

    definition: ProcessDefinition | None
    findings: tuple[Finding, ...]


def read_bpmn(data: bytes, *, title: str = "", key: str = "", level: str = "") -> BpmnRead:
    """The process in a BPMN file. Raises `XmlRefused` when the file is not read at all."""
    root = parse(data)
    if root.tag != "definitions" or root.namespace != MODEL:
        raise XmlRefused(
            msg("Tệp không phải BPMN 2.0 (thẻ gốc là “%(tag)s”).", tag=root.tag[:60]), "not_bpmn"
        )
    return _Reader(root, title, key, level).read()


class _Reader:
    def __init__(self, root: Element, title: str, key: str, level: str) -> None:
        self.root = root
        self.graph = graph_of(root)
        self.findings: list[Finding] = []
        self.keys: dict[str, str] = {}
        self.ways = Ways(self.graph, self._report)
        found = next((f for p in self.graph.processes if (f := process_of(p))), None)
        self.about = self._about(found, title, key, level)
        self.ours = found is not None

    def _about(self, found: ProcessDefinition | None, title: str, key: str, level: str) -> ProcessDefinition:
        drawn = self._drawn_title()
        name = nfc(title) or drawn or "Quy trình từ sơ đồ"
        if found is not None:
            same = not title and nfc(found.title) == drawn
            return replace(
                found, title=found.title if same else name, key=key or found.key, level=level or found.level
            )
        codes = codes_in(name)
        return ProcessDefinition(
            key or slug(name)[:80], name[:900], level or "tinh", (), procedure_codes=codes
        )

    def _drawn_title(self) -> str:
        names = [process.get("name") for process in self.graph.processes]
        names += [self.graph.titles.get(process.get("id"), "") for process in self.graph.processes]
        return nfc(next((name for name in names if name.strip()), ""))

    def _report(self, severity: Severity, code: str, node: Node | None, message: Message) -> None:
        self.findings.append(Finding(severity, code, self.keys.get(node.ident) if node else None, message))

    def read(self) -> BpmnRead:
        nodes = [node for node in self.graph.nodes.values() if node.is_step]
        if not nodes:
            self._report("error", "no_steps", None, msg("Sơ đồ không có việc nào của người (user task)."))
            return BpmnRead(None, tuple(self.findings))
        if len(nodes) > MOST_STEPS:
            message = msg("Sơ đồ có %(count)s bước, nhiều hơn %(most)s.", count=len(nodes), most=MOST_STEPS)
            self._report("error", "too_many_steps", None, message)
            return BpmnRead(None, tuple(self.findings))
        self._passed_over()
        carried = self._carried(nodes)
        ways = {node.ident: self._without_empty(self.ways.of(node)) for node in nodes}
        order = self._order(nodes, ways, carried)
        back = _back_ways(ways, order)
        steps = self._steps(order, carried)
        steps = [
            self._with_outcomes(step, node, ways[node.ident], back, carried.get(node.ident))
            for step, node in zip(steps, order, strict=True)
        ]
        definition = replace(self.about, steps=tuple(self._returned(steps)))
        phases = tuple(dict.fromkeys(step.phase for step in definition.steps if step.phase))
        if set(phases) != set(definition.phases):
            definition = replace(definition, phases=phases)
        return BpmnRead(definition, tuple(self.findings))

    def _without_empty(self, ways: list[Way]) -> list[Way]:
        return [way for way in ways if way.targets or not way.stay]

    def _passed_over(self) -> None:
        for flow in self.graph.dangling:
            message = msg("Mũi tên “%(name)s” không nối tới đâu: bỏ qua.", name=flow.name or flow.ident)
            self._report("warning", "dangling", None, message)
        for tag, count in Counter(element.tag for element in self.graph.odd).items():
            self._report(
                "warning",
                "unknown",
                None,
                msg("Không hiểu %(count)s phần “%(tag)s” của sơ đồ.", count=count, tag=tag),
            )
        for node in self.graph.nodes.values():
            if node.element.get("triggeredByEvent") == "true":
                self._report(
                    "warning",
                    "event_sub",
                    node,
                    msg("Quy trình con theo sự kiện “%(name)s” không được nối vào đâu.", name=node.words),
                )
        drawn = Counter(
            element.tag
            for element in self.root.walk()
            if element.tag in DRAWN_ONLY and element.namespace == MODEL
        )
        if drawn and not self.ours:
            what = ", ".join(f"{tag} × {count}" for tag, count in sorted(drawn.items()))
            self._report("info", "drawn_only", None, msg("Chỉ để xem, không nhập: %(what)s.", what=what))
        if len(self.graph.processes) > 1:
            names = ", ".join(p.get("name") or p.get("id") for p in self.graph.processes)
            self._report(
                "info",
                "pools",
                None,
                msg(
                    "Tệp có %(count)s quy trình (%(names)s): đọc thành một.",
                    count=len(self.graph.processes),
                    names=names[:300],
                ),
            )

    def _carried(self, nodes: list[Node]) -> dict[str, Step]:
        """The steps our own export left in the file, with a key for every node."""
        carried: dict[str, Step] = {}
        used: set[str] = set()
        for node in nodes:
            step = step_of(node.element)
            if step is not None and step.key not in used:
                carried[node.ident] = step
                used.add(step.key)
                self.keys[node.ident] = step.key
        for number, node in enumerate(nodes, 1):
            if node.ident not in self.keys:
                key = next(k for n in range(number, number + 1000) if (k := f"b{n}") not in used)
                self.keys[node.ident] = key
                used.add(key)
        return carried

    def _order(self, nodes: list[Node], ways: dict[str, list[Way]], carried: dict[str, Step]) -> list[Node]:
        """As written where the file is ours; else such that work goes downwards, as drawn where that is open."""
        if len(carried) == len(nodes):
            return nodes
        place = {node.ident: node.place for node in nodes}
        starts = self._starts(nodes)
        forward = _forward_edges(starts, ways)
        needs = Counter(target for targets in forward.values() for target in targets)
        ready = [(0 if ident in starts else 1, place[ident], ident) for ident in place if not needs[ident]]
        heapq.heapify(ready)
        done: list[str] = []
        while ready:
            _rank, _place, ident = heapq.heappop(ready)
            done.append(ident)
            for target in forward.get(ident, ()):
                needs[target] -= 1
                if not needs[target]:
                    heapq.heappush(ready, (1, place[target], target))
        done += [ident for ident in place if ident not in set(done)]
        return [self.graph.nodes[ident] for ident in done]

    def _starts(self, nodes: list[Node]) -> list[str]:
        """The steps where work begins; more than one beginning is reported."""
        begins = [n for n in self.graph.nodes.values() if n.tag == "startEvent" and not n.within]
        found = [t for begin in begins for way in self.ways.from_start(begin) for t in way.targets]
        lonely = [n.ident for n in nodes if not self.graph.incoming(n.ident) and not n.within]
        starts = list(dict.fromkeys([*found, *([] if found else lonely or [nodes[0].ident])]))
        messages = {f.target for f in self.graph.flows if f.is_message}
        others = [b for b in begins[1:] if b.ident not in messages]
        if others:
            names = ", ".join(begin.words for begin in others)
            self._report(
                "warning",
                "starts",
                None,
                msg("Sơ đồ có nhiều chỗ bắt đầu: dùng chỗ đầu, còn lại là %(names)s.", names=names),
            )
        return starts

    def _steps(self, order: list[Node], carried: dict[str, Step]) -> list[Step]:
        level = self.about.level
        steps = [
            self._drawn_over(carried[node.ident], node)
            if node.ident in carried
            else step_of_node(self.graph, node, self.keys[node.ident], level, self._report)
            for node in order
        ]
        kinds = given_kinds(steps)
        for index, node in enumerate(order):
            if node.ident in carried:
                continue
            step = kinds[index]
            many = repeated(node)
            if many is not None and step.kind not in {StepKind.RECEPTION, StepKind.RETURN}:
                step = replace(step, kind=StepKind.CONSULT)
                turn = many.get("isSequential") == "true"
                message = (
                    msg("“%(name)s” làm lần lượt nhiều lần: đọc thành một bước lấy ý kiến.", name=node.words)
                    if turn
                    else msg(
                        "“%(name)s” giao cho nhiều nơi cùng lúc: đọc thành bước lấy ý kiến.", name=node.words
                    )
                )
                self._report("warning" if turn else "info", "many", node, message)
            steps[index] = step
        return steps

    def _drawn_over(self, step: Step, node: Node) -> Step:
        """What somebody changed in the drawing of our own file: name, lane, waiting time."""
        if nfc(step.name) != nfc(node.name):
            self._report(
                "info", "renamed", node, msg("Bước “%(old)s” đã được đổi tên trong sơ đồ.", old=step.name)
            )
            step = replace(step, name=nfc(node.name)[:1000] or step.name)
        lane, was = self.graph.lane_of(node), lane_carried(node.element)
        if lane and was is not None and nfc(lane) != nfc(was):
            moved = step_of_node(self.graph, node, step.key, self.about.level, self._report)
            self._report(
                "info",
                "lane_moved",
                node,
                msg("Bước “%(name)s” đã được chuyển sang làn “%(lane)s”.", name=node.words, lane=lane),
            )
            step = replace(step, performer=moved.performer, role=moved.role, unit_ref=moved.unit_ref)
        return self._timer_over(step, node)

    def _timer_over(self, step: Step, node: Node) -> Step:
        timer = next((e.text.strip() for e in node.element.walk() if e.tag == "timeDuration"), "")
        if not timer or (step.time is not None and iso_duration(step.time) == timer):
            return step
        drawn = iso_span(timer)
        if drawn is None:
            return step
        unit = step.time.unit if step.time is not None and step.time.unit is not drawn.unit else drawn.unit
        self._report(
            "info",
            "timer_changed",
            node,
            msg("Thời gian chờ của “%(name)s” lấy theo sơ đồ.", name=node.words),
        )
        return replace(step, time=replace(drawn, unit=unit) if "H" not in timer else drawn)

    def _with_outcomes(
        self, step: Step, node: Node, ways: list[Way], back: set[tuple[str, str]], carried: Step | None
    ) -> Step:
        drawn = [replace(way, targets=tuple(self.keys[t] for t in way.targets)) for way in ways]
        if carried is not None and _same_ways(carried, drawn):
            return replace(step, outcomes=carried.outcomes)
        if carried is not None:
            self._report(
                "info",
                "ways_changed",
                node,
                msg("Các hướng đi từ “%(name)s” đã đổi trong sơ đồ.", name=node.words),
            )
        known = {(o.to, o.stay): o for o in reversed(carried.outcomes)} if carried is not None else {}
        outcomes: list[Outcome] = []
        used: set[str] = set()
        for way, raw in zip(drawn, ways, strict=True):
            loops = [t for t in raw.targets if (node.ident, t) in back]
            if loops and len(loops) < len(raw.targets):
                self._report(
                    "warning",
                    "half_back",
                    node,
                    msg("Từ “%(name)s” có hướng vừa tiến vừa lùi: chỉ giữ phần tiến.", name=node.words),
                )
                way = replace(way, targets=tuple(self.keys[t] for t in raw.targets if t not in loops))
                loops = []
            given = known.get((way.targets, way.stay))
            outcome = given or _outcome(way, step, back=bool(loops))
            number = next(
                n for n in range(1, 1000) if (outcome.key if n == 1 else f"{outcome.key}-{n}") not in used
            )
            outcome = replace(outcome, key=outcome.key if number == 1 else f"{outcome.key}-{number}")
            used.add(outcome.key)
            outcomes.append(outcome)
        return replace(step, outcomes=tuple(outcomes))

    def _returned(self, steps: list[Step]) -> list[Step]:
        """A process that ends without returning the result gets the step that does."""
        if any(step.kind is StepKind.RETURN for step in steps):
            return steps
        self._report(
            "warning",
            "return_added",
            None,
            msg("Sơ đồ không có bước trả kết quả: đã thêm một bước không tính thời gian."),
        )
        led = [
            replace(
                step,
                outcomes=tuple(
                    replace(o, to=(RETURN_KEY,)) if not o.to and not o.stay else o for o in step.outcomes
                ),
            )
            for step in steps
        ]
        added = added_return(steps)
        return [*led, replace(added, outcomes=(Outcome("returned", "Đã trả kết quả", ()),))]


def _same_ways(step: Step, drawn: list[Way]) -> bool:
    """Whether the drawing still says what the step carries."""
    carried = {(outcome.to, outcome.stay) for outcome in step.outcomes}
    return carried == {(way.targets, way.stay) for way in drawn} or (not carried and _only_end(drawn))


def _only_end(drawn: list[Way]) -> bool:
    return all(not way.targets for way in drawn)


def _outcome(way: Way, step: Step, *, back: bool) -> Outcome:
    label = nfc(" / ".join(way.names))[:300]
    if not label:
        label = "Trả lại để sửa" if back else _LABELS.get(step.kind, "Chuyển bước sau")
        if not way.targets:
            label = "Đã trả kết quả" if step.kind is StepKind.RETURN else "Kết thúc"
    key = slug(label)[:60] or ("send-back" if back else "forward")
    return Outcome(key, label, way.targets, needs_note=back, back=back, stay=way.stay)


_LABELS = {
    StepKind.RECEPTION: "Chuyển xử lý",
    StepKind.APPROVAL: "Đồng ý, ký",
    StepKind.CONSULT: "Đã có ý kiến",
    StepKind.WAIT: "Đã hết chờ",
}


def _forward_edges(starts: list[str], ways: dict[str, list[Way]]) -> dict[str, list[str]]:
    """The edges of the graph of steps without those that close a circle on the walk from the starts."""
    edges = {
        ident: list(dict.fromkeys(t for way in found for t in way.targets)) for ident, found in ways.items()
    }
    forward: dict[str, list[str]] = {ident: [] for ident in edges}
    done: set[str] = set()
    for root in [*starts, *edges]:
        trail: list[str] = []
        stack = [(root, 0)]
        while stack:
            ident, index = stack.pop()
            if index == 0:
                if ident in done:
                    continue
                trail.append(ident)
            if index < len(edges[ident]):
                stack.append((ident, index + 1))
                target = edges[ident][index]
                if target not in trail:
                    forward[ident].append(target)
                    if target not in done:
                        stack.append((target, 0))
            else:
                done.add(ident)
                trail.pop()
    return forward


def _back_ways(ways: dict[str, list[Way]], order: list[Node]) -> set[tuple[str, str]]:
    """Pairs (from, to) that lead upwards in the order of the table."""
    place = {node.ident: index for index, node in enumerate(order)}
    return {
        (ident, target)
        for ident, found in ways.items()
        for way in found
        for target in way.targets
        if place[target] <= place[ident]
    }

"""Placing a swim-lane diagram: lanes are columns, time runs downwards, arrows have square corners.

The drawing and the BPMN export place their own nodes with the same rules, so both look alike. Units are
pixels at 100 %.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Point = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Node:
    """Something to place: in a lane, in a row. Nodes of one row are in different lanes."""

    key: str
    lane: int
    row: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Edge:
    key: str
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Box:
    x: int
    y: int
    width: int
    height: int

    @property
    def middle(self) -> Point:
        return self.x + self.width // 2, self.y + self.height // 2

    @property
    def bottom(self) -> int:
        return self.y + self.height

    @property
    def right(self) -> int:
        return self.x + self.width


@dataclass(frozen=True, slots=True)
class Metrics:
    """Sizes. `gutter` is the free strip on either side of a lane where long arrows run."""

    lane_width: int = 236
    gutter: int = 24
    header: int = 56
    row_gap: int = 44
    margin: int = 12
    track: int = 5


@dataclass(frozen=True, slots=True)
class Diagram:
    """Where everything is. `routes` are the corners of each edge, from its source to its target."""

    width: int
    height: int
    lanes: tuple[Box, ...]
    boxes: Mapping[str, Box]
    routes: Mapping[str, tuple[Point, ...]]


def arrange(nodes: Sequence[Node], edges: Sequence[Edge], lanes: int, metrics: Metrics) -> Diagram:
    """Place nodes and route edges. Every edge's ends must be among the nodes."""
    rows = sorted({node.row for node in nodes})
    heights = {row: max(node.height for node in nodes if node.row == row) for row in rows}
    top = metrics.margin + metrics.header + metrics.row_gap // 2
    tops: dict[int, int] = {}
    for row in rows:
        tops[row] = top
        top += heights[row] + metrics.row_gap
    boxes = {
        node.key: Box(
            metrics.margin + node.lane * metrics.lane_width + (metrics.lane_width - node.width) // 2,
            tops[node.row] + (heights[node.row] - node.height) // 2,
            node.width,
            node.height,
        )
        for node in nodes
    }
    bottom = top - metrics.row_gap // 2
    columns = tuple(
        Box(
            metrics.margin + i * metrics.lane_width,
            metrics.margin,
            metrics.lane_width,
            bottom - metrics.margin,
        )
        for i in range(lanes)
    )
    width = 2 * metrics.margin + lanes * metrics.lane_width
    router = _Router(nodes, boxes, metrics, tops, heights)
    for edge in edges:
        router.announce(edge)
    rows_apart = {edge.key: router.rows_apart(edge) for edge in edges}
    routes = {edge.key: router.route(edge) for edge in sorted(edges, key=lambda edge: rows_apart[edge.key])}
    return Diagram(width, bottom + metrics.margin, columns, boxes, routes)


class _Router:
    """Short arrows go straight down; all others leave by the side and run in the gutter beside the target."""

    def __init__(
        self,
        nodes: Sequence[Node],
        boxes: Mapping[str, Box],
        metrics: Metrics,
        tops: Mapping[int, int],
        heights: Mapping[int, int],
    ) -> None:
        self.nodes = {node.key: node for node in nodes}
        self.boxes, self.metrics = boxes, metrics
        self.tops, self.heights = tops, heights
        self.order = sorted(tops)
        self.downs: dict[str, set[str]] = defaultdict(set)
        self.tracks: dict[int, int] = defaultdict(int)
        self.ports: dict[tuple[str, str], int] = defaultdict(int)

    def announce(self, edge: Edge) -> None:
        """Arrows that will leave downwards share the bottom of their box."""
        source, target = self.nodes[edge.source], self.nodes[edge.target]
        if self._goes_down(source, target):
            self.downs[source.key].add(target.key)

    def rows_apart(self, edge: Edge) -> int:
        """Short arrows are routed first and get the inner tracks, so that loops nest."""
        return abs(
            self.order.index(self.nodes[edge.target].row) - self.order.index(self.nodes[edge.source].row)
        )

    def route(self, edge: Edge) -> tuple[Point, ...]:
        source, target = self.nodes[edge.source], self.nodes[edge.target]
        if self._goes_down(source, target):
            return self._down(source, target)
        return self._around(source, target, back=target.row <= source.row)

    def _goes_down(self, source: Node, target: Node) -> bool:
        below = self.order.index(target.row) - self.order.index(source.row)
        return below == 1 or (below > 1 and source.lane == target.lane and self._clear(source, target))

    def _clear(self, source: Node, target: Node) -> bool:
        return not any(
            node.lane == source.lane and source.row < node.row < target.row for node in self.nodes.values()
        )

    def _down(self, source: Node, target: Node) -> tuple[Point, ...]:
        a, b = self.boxes[source.key], self.boxes[target.key]
        x1, x2 = a.middle[0], b.middle[0]
        if len(self.downs[source.key]) > 1 and x1 != x2:
            x1 += 18 if x2 > x1 else -18
        if x1 == x2:
            return (x1, a.bottom), (x2, b.y)
        middle = self.tops[target.row] - self.metrics.row_gap // 2
        return (x1, a.bottom), (x1, middle), (x2, middle), (x2, b.y)

    def _around(self, source: Node, target: Node, *, back: bool) -> tuple[Point, ...]:
        a, b = self.boxes[source.key], self.boxes[target.key]
        side = self._side(source, target, back=back)
        x = self._gutter(target.lane, side)
        y2 = self._port(target.key, side, b, upwards=back)
        enter = (b.right if side > 0 else b.x, y2)
        leave_right = x > a.middle[0]
        if self._row_clear(source, x):
            y1 = self._port(source.key, 1 if leave_right else -1, a, upwards=not back)
            leave = (a.right if leave_right else a.x, y1)
            return leave, (x, y1), (x, y2), enter
        x1 = a.middle[0] + (a.width // 4 if leave_right else -a.width // 4)
        y1 = self.tops[source.row] + self.heights[source.row] + self.metrics.row_gap // 4
        return (x1, a.bottom), (x1, y1), (x, y1), (x, y2), enter

    def _side(self, source: Node, target: Node, *, back: bool) -> int:
        """+1: enter the target from its right. Loops of a lane run left, skips run right."""
        if source.lane == target.lane:
            return -1 if back else 1
        return 1 if source.lane > target.lane else -1

    def _gutter(self, lane: int, side: int) -> int:
        """The next free track in the gutter on that side of the lane; tracks come closer to the line."""
        boundary = lane + (1 if side > 0 else 0)
        index = self.tracks[2 * boundary + (1 if side > 0 else 0)]
        self.tracks[2 * boundary + (1 if side > 0 else 0)] += 1
        line = self.metrics.margin + boundary * self.metrics.lane_width
        room = 2 * self.metrics.gutter // self.metrics.track - 4
        offset = self.metrics.gutter - 11 - (index % room) * self.metrics.track
        return line - side * offset

    def _port(self, key: str, side: int, box: Box, *, upwards: bool) -> int:
        """Arrows that meet a box on one side keep apart; the outer of two nested loops meets it higher up."""
        index = self.ports[(key, f"{side}")]
        self.ports[(key, f"{side}")] += 1
        steps = (0, -1, 1, -2, 2) if upwards else (0, 1, -1, 2, -2)
        room = max(0, box.height // 2 - 8)
        shift = steps[index % len(steps)] * 14
        return box.middle[1] + max(-room, min(room, shift))

    def _row_clear(self, source: Node, x: int) -> bool:
        low, high = sorted((self.boxes[source.key].middle[0], x))
        return not any(
            node.row == source.row and node.key != source.key and low < self.boxes[node.key].middle[0] < high
            for node in self.nodes.values()
        )

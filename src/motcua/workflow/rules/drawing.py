"""The process as a picture: an accessible swim-lane SVG, and the same as a table.

No script, no style attributes: colours are presentation attributes and classes that the product's style sheet
may refine. State is told by words and shape as well as by colour.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from motcua.kernel.messages import msg
from motcua.workflow.rules.definition import ProcessDefinition, Step, StepKind
from motcua.workflow.rules.lanes import lanes_of
from motcua.workflow.rules.layout import Box, Diagram, Edge, Metrics, Node, Point, arrange
from motcua.workflow.rules.svg import rounded, text_lines, wrap
from motcua.workflow.rules.words import KINDS, outcome_text, span_text

ROOM = 1240
LABEL_WIDTH = 156
STRIP = 20
LINE = 17
FONT = "'Be Vietnam Pro', 'Segoe UI', 'Noto Sans', sans-serif"

_TONES: dict[StepKind, str] = {
    StepKind.RECEPTION: "#0f5f66",
    StepKind.WORK: "#44546a",
    StepKind.APPROVAL: "#7c4a03",
    StepKind.CLERK: "#5b3a8c",
    StepKind.CONSULT: "#1d4f8c",
    StepKind.WAIT: "#47595d",
    StepKind.RETURN: "#1c6a3d",
    StepKind.AFTER: "#47595d",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One step in words: the text alternative of the drawing."""

    number: int
    key: str
    name: str
    kind: str
    performer: str
    time: str
    output: str
    phase: str
    ways: tuple[str, ...]
    state: str


def draw(
    definition: ProcessDefinition,
    *,
    current: Collection[str] = (),
    done: Collection[str] = (),
    ident: str = "quy-trinh",
) -> str:
    """The process as an SVG element. `current` and `done` are step keys of a run; `ident` prefixes ids."""
    lanes = lanes_of(definition)
    metrics = metrics_for(len(lanes.names))
    width = metrics.lane_width - 2 * metrics.gutter
    texts = {s.key: _StepText.of(definition, s, n, width) for n, s in enumerate(definition.steps, 1)}
    nodes = [
        Node(
            step.key,
            lanes.lane[step.key],
            lanes.row[step.key],
            width,
            texts[step.key].height + (STRIP if step.key in current or step.key in done else 0),
        )
        for step in definition.steps
    ]
    diagram = arrange(nodes, edges_of(definition), len(lanes.names), metrics)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="swimlane" role="img" lang="vi" '
        f'width="{diagram.width}" height="{diagram.height}" viewBox="0 0 {diagram.width} {diagram.height}" '
        f'aria-labelledby="{ident}-title {ident}-desc" font-family="{FONT}">',
        f'<title id="{ident}-title">{escape(_title(definition))}</title>',
        f'<desc id="{ident}-desc">{escape(_description(definition, current, done))}</desc>',
        *_markers(ident),
        *_lanes(diagram, lanes.names, metrics.header),
        *_arrows(definition, diagram, ident),
        *(
            part
            for step in definition.steps
            for part in _box(
                step, diagram.boxes[step.key], texts[step.key], step.key in current, step.key in done
            )
        ),
        *_labels(definition, diagram),
        "</svg>",
    ]
    return "".join(parts)


def as_table(
    definition: ProcessDefinition, *, current: Collection[str] = (), done: Collection[str] = ()
) -> tuple[Row, ...]:
    """The same in words, a row per step."""
    numbers = {step.key: n for n, step in enumerate(definition.steps, 1)}
    return tuple(
        Row(
            number=numbers[step.key],
            key=step.key,
            name=step.name,
            kind=KINDS[step.kind].render(),
            performer=step.lane,
            time=time_text(definition, step),
            output=step.output or "",
            phase=step.phase or "",
            ways=tuple(_ways(definition, step, numbers)),
            state=_state(step.key in current, step.key in done),
        )
        for step in definition.steps
    )


def metrics_for(lanes: int) -> Metrics:
    """Lanes share a desktop's width; below a legible one the picture scrolls in its box."""
    return Metrics(lane_width=max(178, min(264, ROOM // max(1, lanes))))


def edges_of(definition: ProcessDefinition) -> list[Edge]:
    """One edge per pair of steps, loops back last; several outcomes may share one."""
    pairs: dict[tuple[str, str], bool] = {}
    for step in definition.steps:
        for outcome in step.outcomes:
            for target in outcome.to:
                if target in definition.by_key:
                    pairs[step.key, target] = pairs.get((step.key, target), True) and outcome.back
    ordered = sorted(pairs, key=lambda pair: pairs[pair])
    return [Edge(f"{source}>{target}", source, target) for source, target in ordered]


def time_text(definition: ProcessDefinition, step: Step) -> str:
    """A step's time in words, with what is special about it."""
    group = definition.shared_time(step.shared_group)
    if group is not None:
        return msg("Chung %(time)s", time=span_text(group.time)).render()
    if step.kind is StepKind.WAIT and step.time is None:
        return msg("Không tính thời gian").render()
    if step.time is None or not step.time.amount:
        return msg("Trong thời hạn chung").render()
    text = span_text(step.time)
    return text.render() if step.counted else msg("%(time)s, không tính vào thời hạn", time=text).render()


@dataclass(frozen=True, slots=True)
class _StepText:
    head: str
    lines: tuple[str, ...]
    time: tuple[str, ...]

    @classmethod
    def of(cls, definition: ProcessDefinition, step: Step, number: int, width: int) -> _StepText:
        inner = width - 20
        return cls(
            head=f"{number}. {KINDS[step.kind].render()}",
            lines=tuple(wrap(step.name, inner)),
            time=tuple(wrap(time_text(definition, step), inner, size=12, most=2)),
        )

    @property
    def height(self) -> int:
        return 28 + LINE * len(self.lines) + 16 * len(self.time) + 12


def _title(definition: ProcessDefinition) -> str:
    return msg("Quy trình nội bộ: %(title)s", title=definition.title).render()


def _description(definition: ProcessDefinition, current: Collection[str], done: Collection[str]) -> str:
    text = msg(
        "%(count)s bước, %(lanes)s người thực hiện. Nội dung đầy đủ ở bảng các bước bên dưới.",
        count=len(definition.steps),
        lanes=len(lanes_of(definition).names),
    ).render()
    here = [step.name for step in definition.steps if step.key in current]
    if here:
        text += " " + msg("Hồ sơ đang ở bước: %(steps)s.", steps="; ".join(here)).render()
    if done:
        text += " " + msg("Đã xong %(count)s bước.", count=len(set(done))).render()
    return text


def _markers(ident: str) -> Iterator[str]:
    yield "<defs>"
    for name, colour in (("go", "#44546a"), ("back", "#a4161a")):
        yield (
            f'<marker id="{ident}-{name}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" '
            f'markerHeight="7" orient="auto-start-reverse"><path d="M0 0 L10 5 L0 10 z" fill="{colour}"/>'
            "</marker>"
        )
    yield "</defs>"


def _lanes(diagram: Diagram, names: Sequence[str], header: int) -> Iterator[str]:
    for index, (box, name) in enumerate(zip(diagram.lanes, names, strict=True)):
        fill = "#f7faf9" if index % 2 else "#ffffff"
        yield (
            f'<g class="swimlane-lane"><rect x="{box.x}" y="{box.y}" width="{box.width}" '
            f'height="{box.height}" fill="{fill}" stroke="#d3dcdc"/>'
            f'<rect x="{box.x}" y="{box.y}" width="{box.width}" height="{header}" fill="#e7eded" '
            f'stroke="#d3dcdc"/><title>{escape(name)}</title>'
        )
        lines = wrap(name, box.width - 16, size=12.5, most=3)
        first = box.y + header // 2 - (len(lines) - 1) * 8 + 4
        yield text_lines(lines, box.middle[0], first, 16, 12.5, "#14282c", weight=600, anchor="middle")
        yield "</g>"


def _arrows(definition: ProcessDefinition, diagram: Diagram, ident: str) -> Iterator[str]:
    for edge in edges_of(definition):
        back = _is_back(definition, edge)
        path = rounded(diagram.routes[edge.key])
        colour, dash, marker = (
            ("#a4161a", ' stroke-dasharray="5 4"', "back") if back else ("#44546a", "", "go")
        )
        kind = "back" if back else "go"
        yield (
            f'<path class="swimlane-arrow is-{kind}" d="{path}" fill="none" stroke="{colour}" '
            f'stroke-width="1.6"{dash} marker-end="url(#{ident}-{marker})">'
            f"<title>{escape('; '.join(_outcome_labels(definition, edge)))}</title></path>"
        )


def _labels(definition: ProcessDefinition, diagram: Diagram) -> Iterator[str]:
    """Words beside an arrow where a step offers a choice."""
    edges = edges_of(definition)
    for edge in edges:
        if _says_nothing(definition, edge):
            continue
        colour = "#a4161a" if _is_back(definition, edge) else "#47595d"
        route = diagram.routes[edge.key]
        siblings = [diagram.routes[e.key] for e in edges if e.source == edge.source and e.key != edge.key]
        lines = wrap(" / ".join(_outcome_labels(definition, edge)), LABEL_WIDTH, size=11, most=2)
        x, y, anchor = _label_place(route, siblings, len(lines))
        yield text_lines(lines, x, y, 13, 11, colour, anchor=anchor, halo=True)


def _says_nothing(definition: ProcessDefinition, edge: Edge) -> bool:
    """The only way on needs no words."""
    onward = [o for o in definition.by_key[edge.source].outcomes if not o.back]
    return len(onward) < 2 and not _is_back(definition, edge)


def _label_place(
    route: tuple[Point, ...], siblings: Sequence[tuple[Point, ...]], lines: int
) -> tuple[int, int, str]:
    """Where the words of an arrow stand: x, first baseline, anchor."""
    (x1, y1), (x2, _y2) = route[0], route[1]
    if x1 == x2:
        end = route[-1][0]
        right = end > x1 or (end == x1 and not any(s[0][0] == s[1][0] and s[-1][0] > x1 for s in siblings))
        return (x1 + 7 if right else x1 - 7), y1 + 15, "start" if right else "end"
    right = x2 > x1
    crowded = any(s[0][0] == x1 and s[0][0] != s[1][0] for s in siblings)
    if crowded and len(route) > 2:
        end_x, end_y = route[-1]
        return (x2 - 6 if end_x > x2 else x2 + 6), end_y - 4, "end" if end_x > x2 else "start"
    rises = len(route) > 2 and route[2][1] < y1
    y = y1 + 14 if rises else y1 - 6 - 13 * (lines - 1)
    aside = 5 if abs(x2 - x1) < LABEL_WIDTH + 40 else 34
    return (x1 + aside if right else x1 - aside), y, "start" if right else "end"


def _outcome_labels(definition: ProcessDefinition, edge: Edge) -> list[str]:
    return [outcome_text(o.label) for o in definition.by_key[edge.source].outcomes if edge.target in o.to]


def _is_back(definition: ProcessDefinition, edge: Edge) -> bool:
    return all(o.back for o in definition.by_key[edge.source].outcomes if edge.target in o.to)


def _box(step: Step, box: Box, text: _StepText, current: bool, done: bool) -> Iterator[str]:
    tone = _TONES[step.kind]
    fill, stroke, width = ("#ffffff", tone, 1.5)
    if current:
        fill, stroke, width = "#e2efef", "#0f5f66", 4
    elif done:
        fill, stroke = "#f4faf6", "#1c6a3d"
    state = _state(current, done)
    classes = " ".join(
        [
            "swimlane-step",
            f"is-{step.kind.value}",
            *(["is-current"] if current else []),
            *(["is-done"] if done else []),
        ]
    )
    dash = ' stroke-dasharray="6 4"' if step.kind in (StepKind.WAIT, StepKind.AFTER) and not current else ""
    label = quoteattr(f"{text.head}: {step.name}" + (f" ({state})" if state else ""))
    yield (
        f'<g class="{classes}" role="group" aria-label={label}><title>{escape(step.name)}</title>'
        f'<rect x="{box.x}" y="{box.y}" width="{box.width}" height="{box.height}" rx="9" fill="{fill}" '
        f'stroke="{stroke}" stroke-width="{width}"{dash}/>'
    )
    x = box.x + 10
    yield text_lines([text.head], x, box.y + 19, LINE, 11.5, tone, weight=700)
    yield text_lines(text.lines, x, box.y + 38, LINE, 13, "#14282c")
    yield text_lines(text.time, x, box.y + 38 + LINE * len(text.lines) + 2, 16, 12, "#44546a", weight=600)
    if state:
        yield _badge(state, box, current)
    yield "</g>"


def _badge(state: str, box: Box, current: bool) -> str:
    """The state in words on a strip inside the foot of the box."""
    sign, fill, colour = ("●", "#0f5f66", "#ffffff") if current else ("✓", "#d5ebde", "#14502d")
    return (
        f'<rect x="{box.x + 6}" y="{box.bottom - STRIP - 5}" width="{box.width - 12}" '
        f'height="{STRIP}" rx="5" fill="{fill}"/>'
        + text_lines(
            [f"{sign} {state}"], box.middle[0], box.bottom - 9, 13, 12, colour, weight=700, anchor="middle"
        )
    )


def _state(current: bool, done: bool) -> str:
    if current:
        return msg("Đang ở đây").render()
    return msg("Đã xong").render() if done else ""


def _ways(definition: ProcessDefinition, step: Step, numbers: dict[str, int]) -> Iterator[str]:
    for outcome in step.outcomes:
        targets = ", ".join(str(numbers[target]) for target in outcome.to if target in numbers)
        if not targets:
            yield msg("%(label)s: kết thúc", label=outcome_text(outcome.label)).render()
        elif outcome.back:
            yield msg(
                "%(label)s: quay lại bước %(steps)s", label=outcome_text(outcome.label), steps=targets
            ).render()
        elif len(outcome.to) > 1:
            yield msg(
                "%(label)s: đồng thời các bước %(steps)s", label=outcome_text(outcome.label), steps=targets
            ).render()
        else:
            yield msg("%(label)s: bước %(steps)s", label=outcome_text(outcome.label), steps=targets).render()

"""Small pieces of SVG: wrapped text and paths with rounded corners."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from xml.sax.saxutils import escape

from motcua.workflow.rules.layout import Point

MOST_LINES = 6


def wrap(text: str, width: int, *, size: float = 13, most: int = MOST_LINES) -> list[str]:
    """Words broken into lines of at most `width` pixels (estimated); too long a text ends in an ellipsis."""
    lines: list[str] = []
    line = ""
    for word in _breakable(text, width, size):
        candidate = f"{line} {word}".strip()
        if line and text_width(candidate, size) > width:
            lines.append(line)
            line = word
        else:
            line = candidate
    lines.append(line)
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and text_width(f"{last}…", size) > width:
        last = last[:-1]
    return [*lines[: most - 1], f"{last.rstrip(' ,;:(')}…"]


def text_width(text: str, size: float) -> float:
    """Estimated width of a line in a humanist sans serif."""
    return sum(_advance(char) for char in text) * size


def _advance(char: str) -> float:
    if char in "iIjlt.,;:'|!()[]-/ í ì ỉ ĩ ị":
        return 0.33
    if char in "mwMW%":
        return 0.88
    return 0.68 if char.isupper() else 0.56


def _breakable(text: str, width: int, size: float) -> Iterator[str]:
    for word in text.split():
        while text_width(word, size) > width:
            cut = max(1, next((n for n in count(1) if text_width(word[: n + 1], size) > width), 1))
            yield word[:cut]
            word = word[cut:]
        yield word


def rounded(points: Sequence[Point], radius: int = 6) -> str:
    """A path with rounded corners."""
    path = [f"M{points[0][0]} {points[0][1]}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        start, end = _towards(corner, before, radius), _towards(corner, after, radius)
        path.append(f"L{start[0]} {start[1]}Q{corner[0]} {corner[1]} {end[0]} {end[1]}")
    path.append(f"L{points[-1][0]} {points[-1][1]}")
    return "".join(path)


def _towards(start: Point, end: Point, length: int) -> Point:
    dx, dy = end[0] - start[0], end[1] - start[1]
    far = max(abs(dx), abs(dy))
    step = min(length, far // 2)
    if not far:
        return start
    return start[0] + dx * step // far, start[1] + dy * step // far


def text_lines(
    lines: Sequence[str],
    x: int,
    y: int,
    leading: int,
    size: float,
    colour: str,
    *,
    weight: int = 400,
    anchor: str = "start",
    halo: bool = False,
) -> str:
    around = ' stroke="#ffffff" stroke-width="4" paint-order="stroke" stroke-linejoin="round"' if halo else ""
    spans = "".join(
        f'<tspan x="{x}" y="{y + index * leading}">{escape(line)}</tspan>' for index, line in enumerate(lines)
    )
    return (
        f'<text font-size="{size}" fill="{colour}" font-weight="{weight}" text-anchor="{anchor}"{around}>'
        f"{spans}</text>"
    )

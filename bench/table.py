"""The table, on paper and on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from bench.figures import Figure

HEAD = ("operation", "database", "stmts", "raw", "product", "unit", "ratio", "goal", "verdict")
BEGIN, END = "<!-- figures -->", "<!-- /figures -->"


def cells(figure: Figure) -> tuple[str, ...]:
    count = "-" if figure.statements is None else str(figure.statements)
    if figure.statements is not None and figure.raw_statements is not None:
        count = f"{figure.statements} ({figure.raw_statements})"
    return (
        figure.operation,
        figure.database,
        count,
        "-" if figure.raw is None else _number(figure.raw),
        _number(figure.product),
        figure.unit,
        "-" if figure.ratio is None else f"{figure.ratio:.1f}",
        figure.goal.text(figure.unit) or "-",
        figure.verdict,
    )


def plain(figures: Sequence[Figure]) -> str:
    """Aligned for a terminal."""
    lines = [HEAD, *(cells(figure) for figure in figures)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    numbers = {2, 3, 4, 6}
    shown = [
        "  ".join(
            text.rjust(width) if column in numbers else text.ljust(width)
            for column, (text, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    ]
    return "\n".join([shown[0], "-" * len(shown[0]), *shown[1:]])


def markdown(figures: Sequence[Figure]) -> str:
    rows = [
        HEAD,
        ("---", "---", "--:", "--:", "--:", "---", "--:", "---", "---"),
        *(cells(f) for f in figures),
    ]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def write_docs(figures: Sequence[Figure], page: Path, *, today: date, volume: str, load: float) -> None:
    """Put the table between its marks in the page; the words around it stay."""
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    notes = "\n".join(
        f"- {figure.operation} ({figure.database}): {figure.note}." for figure in figures if figure.note
    )
    said = (
        f"Measured on {today.isoformat()} on two cores, {volume}. Other work on the machine when it began: a load of "
        f"{load:.1f} for the two cores. Statements: product (raw).\n"
    )
    page.write_text(
        f"{before}{BEGIN}\n{said}\n{markdown(figures)}\n\nWhat each line did:\n\n{notes}\n{END}{after}",
        encoding="utf-8",
    )


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"

"""One measured line of the table, its goal, and whether it is met."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

MARK = "FIGURE "


@dataclass(frozen=True, slots=True)
class Goal:
    """What a line must reach; a part that is None is not asked for. `value` is a limit on the product's figure."""

    statements: int | None = None
    ratio: float | None = None
    value: float | None = None
    at_least: bool = False

    def text(self, unit: str) -> str:
        said = []
        if self.statements is not None:
            said.append(f"<= {self.statements} stmts")
        if self.ratio is not None:
            said.append(f"<= {self.ratio:g}x raw")
        if self.value is not None:
            said.append(f"{'>=' if self.at_least else '<='} {self.value:g} {unit}")
        return ", ".join(said)


@dataclass(frozen=True, slots=True)
class Figure:
    """`raw` and `product` are medians in `unit`; `statements` leaves out BEGIN and COMMIT."""

    operation: str
    database: str
    product: float
    unit: str = "ms"
    raw: float | None = None
    statements: int | None = None
    raw_statements: int | None = None
    goal: Goal = Goal()
    note: str = ""

    @property
    def ratio(self) -> float | None:
        return self.product / self.raw if self.raw else None

    @property
    def misses(self) -> tuple[str, ...]:
        """Which parts of the goal are not reached."""
        goal, missed = self.goal, []
        if goal.statements is not None and (self.statements or 0) > goal.statements:
            missed.append("statements")
        if goal.ratio is not None and (self.ratio or 0) > goal.ratio:
            missed.append("ratio")
        if goal.value is not None:
            reached = self.product >= goal.value if goal.at_least else self.product <= goal.value
            if not reached:
                missed.append(self.unit)
        return tuple(missed)

    @property
    def verdict(self) -> str:
        if self.goal == Goal():
            return "-"
        return f"MISS ({', '.join(self.misses)})" if self.misses else "ok"

    def line(self) -> str:
        """How a measuring process hands the figure to the one that prints."""
        return MARK + json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_line(cls, line: str) -> Figure:
        data = json.loads(line.removeprefix(MARK))
        return cls(**{**data, "goal": Goal(**data["goal"])})

    def as_json(self) -> dict[str, object]:
        return {**asdict(self), "ratio": self.ratio, "verdict": self.verdict}

"""What a scenario found."""

from __future__ import annotations

from dataclasses import dataclass

SHOWN = 25


@dataclass(frozen=True, slots=True)
class Report:
    """Counts, and everything that was wrong. `skipped` says why a scenario could not be played."""

    scenario: str
    counts: dict[str, object]
    problems: list[str]
    skipped: str = ""

    def as_json(self) -> dict[str, object]:
        return {
            "scenario": self.scenario,
            "ok": not self.problems,
            "skipped": self.skipped,
            **self.counts,
            "problems": self.problems,
        }

    def lines(self) -> list[str]:
        if self.skipped:
            return [f"{self.scenario}: skipped, {self.skipped}"]
        width = max(len(name) for name in self.counts)
        said = [
            f"{self.scenario}",
            *(f"  {name:{width}}  {_plain(value)}" for name, value in self.counts.items()),
        ]
        said += [f"  PROBLEM {problem}" for problem in self.problems[:SHOWN]]
        if len(self.problems) > SHOWN:
            said.append(f"  … and {len(self.problems) - SHOWN} more")
        said.append(
            "  nothing lost, nothing doubled" if not self.problems else f"  {len(self.problems)} problems"
        )
        return said


def _plain(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {count}" for name, count in value.items())
    return str(value)

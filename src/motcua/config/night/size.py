"""How big the night is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """How big the night is; None takes all there are."""

    dossiers: int = 10_000
    lines: int = 1_500
    procedures: int | None = None
    communes: int | None = None

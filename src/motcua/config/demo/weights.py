"""What demo people come for, and what becomes of their dossiers."""

from __future__ import annotations

from dataclasses import dataclass

# Code and weight. They follow what wards report: certification and civil status lead.
COMMUNE_WORK = (
    ("2.000815", 30), ("2.000884", 8), ("1.001193", 14), ("1.000656", 6), ("1.004873", 12), ("2.000635", 12),
    ("1.000894", 5), ("1.004859", 4), ("1.004884", 3), ("2.001035", 3), ("1.001612", 6), ("1.013978", 3),
    ("1.012796", 2), ("1.013225", 2), ("1.013979", 1), ("1.001022", 2), ("1.004837", 1),
)  # fmt: skip
PROVINCE_WORK = (
    ("1.012783", 8), ("1.012784", 6), ("1.012786", 5), ("1.013831", 10), ("1.009645", 4), ("1.009646", 3),
    ("1.009642", 2), ("1.009644", 2),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fate:
    """What will happen to one dossier besides the ordinary way."""

    kind: str = "ordinary"
    stuck_at: int = 0


FATES = (
    (Fate(), 800),
    (Fate("slow"), 60),
    (Fate("supplement"), 60),
    (Fate("silent_supplement"), 25),
    (Fate("intake"), 25),
    (Fate("refused"), 15),
    (Fate("stopped"), 15),
    (Fate("withdrawn"), 10),
    (Fate("consulted"), 25),
    (Fate("extended"), 20),
    (Fate("stuck", 1), 30),
    (Fate("uncollected"), 30),
)

"""Which case somebody means who names it by key or in words."""

from __future__ import annotations

from collections.abc import Sequence

from motcua.catalogue.rules.case_matching import best_match
from motcua.kernel.text import fold

ALIKE = 0.9
"""How like a name must be: words that the case does not know make it another case."""


def choose_case(wanted: str, cases: Sequence[tuple[str, str]]) -> str | None:
    """The key of the one case (key, name) that `wanted` means, accents or not; None if none or several do.

    A key, then a whole name, then words that only one name holds, then the same meaning ("không xác minh" for
    "không phải xác minh").
    """
    words = fold(wanted)
    exact = [key for key, name in cases if wanted == key or words == fold(name)]
    if exact:
        return exact[0]
    holding = [
        key for key, name in cases if words and all(word in fold(name).split() for word in words.split())
    ]
    if len(holding) == 1:
        return holding[0]
    return best_match(wanted, cases, at_least=ALIKE) if words else None

"""What an example dossier costs: the rules of the catalogue with one of everything counted. Pure.

Counting one and letting every condition hold makes every line speak, so that a wrong amount in any of them is seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from motcua.catalogue.rules.fees.answers import Answers, answered, asked_in, counted, given_of, questions
from motcua.catalogue.rules.fees.computing import owed
from motcua.catalogue.rules.fees.tariff import FeeRule


@dataclass(frozen=True, slots=True)
class ExampleFees:
    """`lines` are (key, đồng) in the order of the decision; `unknown` keys of lines nobody can be charged yet."""

    lines: tuple[tuple[str, int], ...]
    unknown: tuple[str, ...]

    @property
    def total(self) -> int:
        """Whole đồng; lines of unknown amount are not in it."""
        return sum(amount for _key, amount in self.lines)


def example_fees(rules: Sequence[FeeRule], *, case_key: str, channel: str, day: date) -> ExampleFees:
    """The lines of a case through a channel ("in_person", "post", "online") on a day."""
    asked = asked_in(rules, case_key=case_key, channel=channel)
    _meets, not_meets = answered(asked, {rule.key: True for rule in questions(asked)})
    answers = Answers(
        quantities=dict.fromkeys(counted(asked), 1),
        meets=tuple(rule.key for rule in asked if rule.condition and rule.key not in not_meets),
        not_meets=not_meets,
    )
    given = given_of(asked, answers, day=day, case_key=case_key, channel=channel)
    found = owed(asked, given).lines
    return ExampleFees(
        lines=tuple((line.rule.key, line.amount) for line in found if line.amount is not None),
        unknown=tuple(line.rule.key for line in found if line.amount is None),
    )

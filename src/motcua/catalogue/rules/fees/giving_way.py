"""What is left of a rule when another one takes its place in some channels or cases. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from motcua.catalogue.rules.fees.tariff import FeeRule

CHANNELS = ("in_person", "post", "online")


def give_way(rule: FeeRule, channels: Sequence[str]) -> list[FeeRule]:
    """The rule outside these channels; nothing where they are all it had."""
    left = tuple(name for name in (rule.channels or CHANNELS) if name not in channels)
    return [replace(rule, channels=left)] if left else []


def split(
    rule: FeeRule, *, channels: Sequence[str], cases: Sequence[str], all_cases: Sequence[str]
) -> tuple[FeeRule | None, list[FeeRule]]:
    """The part of the rule inside these channels and cases (empty: all), and the parts outside.

    `all_cases` are the cases of the procedure with "" for none. None where nothing of the rule is inside.
    """
    own_channels, own_cases = rule.channels or CHANNELS, rule.cases or tuple(all_cases)
    inside_channels = tuple(name for name in own_channels if not channels or name in channels)
    inside_cases = tuple(key for key in own_cases if not cases or key in cases)
    if not inside_channels or not inside_cases:
        return None, [rule]
    outside = []
    if len(inside_channels) < len(own_channels):
        outside += give_way(rule, inside_channels)
    if len(inside_cases) < len(own_cases):
        others = tuple(key for key in own_cases if key not in inside_cases)
        outside.append(replace(rule, cases=others, channels=inside_channels if channels else rule.channels))
    return (
        replace(
            rule,
            channels=inside_channels if channels else rule.channels,
            cases=inside_cases if cases else rule.cases,
        ),
        outside,
    )

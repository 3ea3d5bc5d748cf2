"""What keeps the matrix of competence from being whole, named with procedure, place, rule and source. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from motcua.catalogue.rules.competence import HERE, Rule, disagreeing
from motcua.catalogue.rules.matrix import COMMUNE, PROVINCE, Part, ProblemKind, Topic, World
from motcua.kernel.messages import Message, msg


@dataclass(frozen=True, slots=True)
class Problem:
    """A hole or an overlap, with the procedure, where, the rule and what to do."""

    kind: ProblemKind
    code: str
    name: str
    text: Message
    units: tuple[str, ...] = ()
    everywhere: bool = False
    rule: str = ""
    source: str = ""
    case_key: str = ""
    procedure_id: int | None = None


def holes(topic: Topic, parts: Iterable[Part], total: int) -> Iterator[Problem]:
    """The holes of a topic, one for each reason."""
    for part in parts:
        if part.cell.problem is None:
            continue
        yield Problem(
            kind=part.cell.problem,
            code=topic.code,
            name=topic.name,
            text=part.cell.reason,
            units=tuple(unit.name for unit in part.units),
            everywhere=len(part.units) == total,
            rule=rule_scope(part.cell.rule).render() if part.cell.rule else "",
            source=part.cell.rule.source if part.cell.rule else "",
            case_key=topic.case_key,
            procedure_id=topic.subject.procedure_id,
        )


def rule_overlaps(topic: Topic, world: World) -> Iterator[Problem]:
    """Rules of equal weight that do not say the same about a level of a topic."""
    rules = world.rules_about(topic.subject)
    for level in topic.subject.levels:
        rivals = disagreeing(rules, topic.subject, level) if level in HERE else ()
        if rivals:
            yield Problem(
                kind=ProblemKind.RULES_DISAGREE,
                code=topic.code,
                name=topic.name,
                text=msg(
                    "%(n)s quy tắc ngang nhau (%(scope)s) chỉ nơi khác nhau. Bỏ bớt hoặc đặt thứ tự ưu tiên.",
                    n=len(rivals),
                    scope=rule_scope(rivals[0]),
                ),
                everywhere=True,
                rule=rule_scope(rivals[0]).render(),
                source="; ".join(dict.fromkeys(rule.source for rule in rivals if rule.source)),
                procedure_id=topic.subject.procedure_id,
            )


def rule_scope(rule: Rule | None) -> Message:
    """What a rule is about, in words: the procedure, a field, a ministry, a level, or everything."""
    if rule is None or rule == Rule():
        return msg("chưa có quy tắc riêng")
    if rule.procedure_id is not None:
        return msg("riêng thủ tục này")
    if rule.field_name:
        return msg("lĩnh vực %(field)s", field=rule.field_name)
    if rule.ministry:
        return msg("thủ tục của %(ministry)s", ministry=rule.ministry)
    if rule.level == COMMUNE:
        return msg("mọi thủ tục cấp xã")
    if rule.level == PROVINCE:
        return msg("mọi thủ tục cấp tỉnh")
    return msg("mọi thủ tục")

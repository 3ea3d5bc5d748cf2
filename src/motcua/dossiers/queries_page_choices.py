"""What the lists of an act's form offer: ways on, people, papers, units, cases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from motcua.catalogue import queries as catalogue
from motcua.dossiers.actions.kept_money import if_it_ended
from motcua.dossiers.actions.routing import router
from motcua.dossiers.form_parts import Choice, Choices
from motcua.dossiers.models import Dossier
from motcua.dossiers.queries_money import asking_of
from motcua.dossiers.types import Act
from motcua.kernel import clock
from motcua.kernel.actor import Actor
from motcua.kernel.messages import msg
from motcua.organisation import queries as organisation
from motcua.organisation.types import Holder, UnitInfo, UnitKind
from motcua.payments import queries as payments
from motcua.workflow import queries as workflow
from motcua.workflow.queries import Task
from motcua.workflow.rules.definition import Effect, Outcome, ProcessDefinition, Step, StepKind
from motcua.workflow.rules.words import outcome_text


@dataclass(frozen=True, slots=True)
class Way:
    """One outcome of the step as a button. `asks_supplement` leads to the form for missing papers instead."""

    outcome: str
    label: str
    needs_note: bool
    ordinary: bool
    back: bool
    asks_supplement: bool


def ways_of(step: Step) -> tuple[Way, ...]:
    """The ordinary way first, then forward ones, then those that go back."""
    ordinary = step.default_outcome
    found = [_way(outcome, ordinary) for outcome in step.outcomes]
    return tuple(sorted(found, key=lambda way: (not way.ordinary, way.back, way.asks_supplement)))


def _way(outcome: Outcome, ordinary: Outcome | None) -> Way:
    return Way(
        outcome=outcome.key,
        label=outcome_text(outcome.label),
        needs_note=outcome.needs_note,
        ordinary=outcome is ordinary,
        back=outcome.back,
        asks_supplement=outcome.effect is Effect.SUPPLEMENT,
    )


def step_choices(dossier: Dossier, step: Step | None, ways: Sequence[Way]) -> Choices:
    offered = [way for way in ways if not way.asks_supplement]
    ordinary = next((way for way in offered if way.ordinary), None)
    leads_out = False
    if step is not None and ordinary is not None and dossier.run is not None:
        definition = workflow.process(dossier.run.process_version_id)
        outcome = step.outcome(ordinary.outcome)
        targets = [definition.step(key) for key in outcome.to] if outcome else []
        leads_out = any(target is not None and target.kind is StepKind.RETURN for target in targets)
    return Choices(
        outcomes=[(way.outcome, way.label) for way in offered],
        noted_outcomes=frozenset(way.outcome for way in offered if way.needs_note),
        ordinary_outcome=ordinary.outcome if ordinary else "",
        needs_result=leads_out and not dossier.has_result(),
    )


def choices_for(
    act: Act,
    actor: Actor,
    dossier: Dossier,
    task: Task | None,
    definition: ProcessDefinition | None,
    now: datetime,
) -> Choices:
    if act is Act.COMPLETE_STEP and task is not None and definition is not None:
        step = definition.step(task.step_key)
        found = step_choices(dossier, step, ways_of(step) if step else ())
        return _with_people(found, dossier, definition, step, now)
    if act is Act.REASSIGN and task is not None:
        held = organisation.holders(task.unit_id, task.role, clock.today(now))
        return Choices(people=people_of(held))
    if act in (Act.REQUEST_SUPPLEMENT, Act.REGISTER_SUPPLEMENT, Act.RECEIVE, Act.ATTACH):
        return _paper_choices(act, dossier)
    if act is Act.CONSULT:
        return Choices(units=[(str(unit.id), unit.full_name) for unit in _askable(actor, dossier)])
    if act is Act.CHANGE_CASE:
        cases = catalogue.definition(dossier.procedure_version_id).cases
        return Choices(cases=[(case.key, case.name) for case in cases if case.key != dossier.case_key])
    if act is Act.ASSESS_FEES:
        return Choices(ask_fees=partial(asking_of, dossier))
    if act is Act.STOP:
        return Choices(money=if_it_ended(dossier))
    if act is Act.AWAIT_PAYMENT:
        return Choices(owed=payments.standing(dossier.code).owed)
    return Choices()


def _with_people(
    found: Choices, dossier: Dossier, definition: ProcessDefinition, step: Step | None, now: datetime
) -> Choices:
    """Who may take the step that the ordinary way leads to; nobody where it leads to several."""
    outcome = step.outcome(found.ordinary_outcome) if step and found.ordinary_outcome else None
    targets = [definition.by_key[key] for key in outcome.to if key in definition.by_key] if outcome else []
    if len(targets) != 1 or targets[0].kind in (StepKind.RETURN, StepKind.WAIT):
        return found
    performer = router(dossier)(targets[0])
    held = organisation.holders(performer.unit_id, performer.role, clock.today(now))
    return replace(found, people=people_of(held))


def people_of(held: Iterable[Holder]) -> list[Choice]:
    """Each person once, with what makes them eligible."""
    named: dict[int, str] = {}
    for holder in held:
        title = (
            msg("%(title)s, được ủy quyền", title=holder.title).render() if holder.delegated else holder.title
        )
        named.setdefault(holder.user_id, f"{holder.full_name} · {title}")
    return [(str(user_id), name) for user_id, name in named.items()]


def _paper_choices(act: Act, dossier: Dossier) -> Choices:
    if act is Act.REGISTER_SUPPLEMENT:
        asked = dossier.supplements.filter(answered_at__isnull=True).order_by("number").last()
        items = asked.items if asked else []
        return Choices(
            papers=[(item["key"] or f"#{place}", item["text"]) for place, item in enumerate(items, 1)]
        )
    papers = list(dossier.papers.all())
    if act is Act.ATTACH:
        return Choices(papers=[(str(paper.pk), paper.name) for paper in papers])
    named = [(paper.key or f"#{paper.pk}", paper.name) for paper in papers]
    listed = {key for key, _name in named}
    asked_for = catalogue.definition(dossier.procedure_version_id).papers_for(dossier.case_key)
    named += [(paper.key, paper.name) for paper in asked_for if paper.key not in listed]
    second = act is Act.REQUEST_SUPPLEMENT and dossier.supplement_count > 0
    return Choices(papers=named, needs_leader_reason=second)


_ASKABLE = (UnitKind.DEPARTMENT, UnitKind.VERTICAL, UnitKind.COMMUNE, UnitKind.PROVINCE)


def _askable(actor: Actor, dossier: Dossier) -> list[UnitInfo]:
    """Divisions of one's own agency first, then the other agencies of the province."""
    own = actor.agency_ids
    divisions = [
        unit
        for unit in organisation.units().values()
        if unit.agency_id in own and not unit.is_agency and unit.kind == UnitKind.DIVISION
    ]
    agencies = [unit for unit in organisation.agencies(kinds=_ASKABLE) if unit.id not in own]
    order = {kind: place for place, kind in enumerate(_ASKABLE)}
    agencies.sort(key=lambda unit: (order[UnitKind(unit.kind)], unit.code))
    return [unit for unit in (*divisions, *agencies) if unit.ends_on is None]

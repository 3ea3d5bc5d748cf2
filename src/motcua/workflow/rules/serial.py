"""Definitions to JSON-ready dicts and back."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from motcua.workflow.rules.definition import (
    Effect,
    Join,
    Outcome,
    ProcessDefinition,
    SharedTime,
    Span,
    Step,
    StepKind,
    TimeUnit,
    UnitRef,
    Wait,
    WaitReason,
    Where,
)


def definition_to_dict(definition: ProcessDefinition) -> dict[str, Any]:
    return {
        "key": definition.key,
        "title": definition.title,
        "level": definition.level,
        "branch": definition.branch,
        "procedure_codes": list(definition.procedure_codes),
        "limit": span_to_dict(definition.limit),
        "phases": list(definition.phases),
        "shared": [
            {"key": group.key, "label": group.label, "time": span_to_dict(group.time)}
            for group in definition.shared
        ],
        "reference": definition.reference,
        "field": definition.field,
        "issuer": definition.issuer,
        "issued": definition.issued,
        "is_real": definition.is_real,
        "confidence": definition.confidence,
        "notes": list(definition.notes),
        "steps": [step_to_dict(step) for step in definition.steps],
    }


def definition_from_dict(data: Mapping[str, Any]) -> ProcessDefinition:
    try:
        return _definition(data)
    except (KeyError, TypeError, ValueError, AttributeError, ZeroDivisionError) as error:
        raise ValueError(f"not a process definition: {error!r}") from error


def _definition(data: Mapping[str, Any]) -> ProcessDefinition:
    shared = tuple(
        SharedTime(group["key"], group["label"], _span(group["time"])) for group in data.get("shared", ())
    )
    return ProcessDefinition(
        key=data["key"],
        title=data["title"],
        level=data["level"],
        branch=data.get("branch"),
        procedure_codes=tuple(data.get("procedure_codes", ())),
        limit=_optional_span(data.get("limit")),
        phases=tuple(data.get("phases", ())),
        shared=shared,
        reference=data.get("reference", ""),
        field=data.get("field", ""),
        issuer=data.get("issuer", ""),
        issued=data.get("issued", ""),
        is_real=bool(data.get("is_real", True)),
        confidence=data.get("confidence", ""),
        notes=tuple(data.get("notes", ())),
        steps=tuple(step_from_dict(step) for step in data["steps"]),
    )


def span_to_dict(span: Span | None) -> dict[str, str] | None:
    return {"amount": str(span.amount), "unit": span.unit.value} if span else None


def _span(data: Mapping[str, Any]) -> Span:
    return Span(Fraction(str(data["amount"])), TimeUnit(data["unit"]))


def _optional_span(data: Mapping[str, Any] | None) -> Span | None:
    return _span(data) if data else None


def step_to_dict(step: Step) -> dict[str, Any]:
    """Optional parts are left out when empty, so that adding a field keeps old digests."""
    wait = step.wait_for
    optional = {
        "performer": step.performer,
        "time": span_to_dict(step.time),
        "shared_group": step.shared_group,
        "wait_for": {"reason": wait.reason.value, "text": wait.text} if wait else None,
        "optional_when": step.optional_when,
        "phase": step.phase,
        "output": step.output,
        "form": step.form,
        "join": step.join.value if step.join is not Join.ALL else None,
        "join_count": step.join_count,
        "note": step.note,
    }
    return {
        "key": step.key,
        "name": step.name,
        "kind": step.kind.value,
        "role": step.role,
        "unit": {
            "which": step.unit_ref.which.value,
            **_filled(name=step.unit_ref.name, code=step.unit_ref.code),
        },
        "counted": step.counted,
        "outcomes": [_outcome_to_dict(outcome) for outcome in step.outcomes],
        **_filled(**optional),
    }


def _filled(**values: object) -> dict[str, object]:
    return {name: value for name, value in values.items() if value not in (None, "", 0)}


def _outcome_to_dict(outcome: Outcome) -> dict[str, Any]:
    flags = {"needs_note": outcome.needs_note, "back": outcome.back, "stay": outcome.stay}
    return {
        "key": outcome.key,
        "label": outcome.label,
        "to": list(outcome.to),
        **{name: True for name, value in flags.items() if value},
        **_filled(effect=outcome.effect.value),
    }


def step_from_dict(data: Mapping[str, Any]) -> Step:
    """Exact inverse of `step_to_dict`. Raises KeyError, TypeError or ValueError."""
    unit = data["unit"]
    wait = data.get("wait_for")
    return Step(
        key=data["key"],
        name=data["name"],
        kind=StepKind(data["kind"]),
        role=data["role"],
        unit_ref=UnitRef(Where(unit["which"]), unit.get("name", ""), unit.get("code", "")),
        performer=data.get("performer", ""),
        time=_optional_span(data.get("time")),
        shared_group=data.get("shared_group"),
        counted=bool(data.get("counted", True)),
        wait_for=Wait(WaitReason(wait["reason"]), wait["text"]) if wait else None,
        optional_when=data.get("optional_when"),
        phase=data.get("phase"),
        output=data.get("output"),
        form=data.get("form"),
        outcomes=tuple(_outcome(outcome) for outcome in data.get("outcomes", ())),
        join=Join(data.get("join", Join.ALL.value)),
        join_count=int(data.get("join_count", 0)),
        note=data.get("note", ""),
    )


def _outcome(data: Mapping[str, Any]) -> Outcome:
    return Outcome(
        key=data["key"],
        label=data["label"],
        to=tuple(data.get("to", ())),
        needs_note=bool(data.get("needs_note", False)),
        back=bool(data.get("back", False)),
        stay=bool(data.get("stay", False)),
        effect=Effect(data.get("effect", "")),
    )

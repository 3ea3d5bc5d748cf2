"""Internal processes for partner systems."""

import re
from typing import Annotated

from ninja import Field, Path, Router, Schema

from motcua.kernel.api.pages import LARGEST
from motcua.kernel.errors import NotFound
from motcua.kernel.http import ActorRequest
from motcua.kernel.messages import msg
from motcua.workflow import queries
from motcua.workflow.rules.definition import Span, Step

router = Router(tags=["processes"])
_IS_ID = re.compile(r"[0-9]+")


class OutcomeOut(Schema):
    """A way to finish a step."""

    key: str = Field(description="What `outcome` of an act means")
    label: str
    to: list[str] = Field(description="Keys of the steps that open; several open in parallel")
    needs_note: bool
    back: bool = Field(description="A loop to an earlier step")
    effect: str = Field(description="supplement, refuse, return_unresolved or empty")


class StepOut(Schema):
    """One step of a process."""

    key: str
    name: str
    kind: str = Field(description="reception, work, approval, clerk, consult, wait, return or after")
    role: str
    performer: str
    time: str | None = Field(description="Exact amount such as 1/4; null where the step has none of its own")
    time_unit: str | None = Field(description="working_day, calendar_day or working_hour")
    outcomes: list[OutcomeOut]


class ProcessOut(Schema):
    """A published version of an internal process; it never changes."""

    id: int
    key: str
    number: int
    title: str
    level: str
    field: str
    issuer: str
    reference: str
    is_real: bool = Field(description="False: a general process that stands in until a decision gives one")
    procedure_codes: list[str]
    limit: str | None
    limit_unit: str | None
    steps: list[StepOut]


@router.get(
    "/processes/{key}",
    response=ProcessOut,
    operation_id="get_process",
    summary="An internal process with its steps",
)
def get_process(
    request: ActorRequest,
    key: Annotated[
        str, Path(max_length=160, description="Key of the process (newest version) or id of a version")
    ],
) -> ProcessOut:
    """By key the newest version, by id that very version."""
    found = queries.version(min(int(key), LARGEST)) if _IS_ID.fullmatch(key) else queries.latest_version(key)
    if found is None:
        raise NotFound(msg("Không có quy trình %(key)s.", key=key))
    definition = queries.process(found.pk)
    return ProcessOut(
        id=found.pk,
        key=found.key,
        number=found.number,
        title=found.title,
        level=definition.level,
        field=found.field,
        issuer=found.issuer,
        reference=found.reference,
        is_real=found.is_real,
        procedure_codes=list(definition.procedure_codes),
        limit=_amount(definition.limit),
        limit_unit=_unit(definition.limit),
        steps=[_step(step) for step in definition.steps],
    )


def _step(step: Step) -> StepOut:
    return StepOut(
        key=step.key,
        name=step.name,
        kind=step.kind.value,
        role=step.role,
        performer=step.lane,
        time=_amount(step.time),
        time_unit=_unit(step.time),
        outcomes=[
            OutcomeOut(
                key=outcome.key,
                label=outcome.label,
                to=list(outcome.to),
                needs_note=outcome.needs_note,
                back=outcome.back,
                effect=outcome.effect.value,
            )
            for outcome in step.outcomes
        ],
    )


def _amount(span: Span | None) -> str | None:
    return None if span is None else str(span.amount)


def _unit(span: Span | None) -> str | None:
    return None if span is None else span.unit.value

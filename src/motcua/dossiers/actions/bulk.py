"""The same act on many dossiers: each in a transaction of its own, each with its own answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from motcua.dossiers.actions.process import claim_task, complete_step, reassign_task, take_back
from motcua.dossiers.actions.results import hand_over_result
from motcua.dossiers.types import Act, BulkOutcome
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Invalid, Refused
from motcua.kernel.messages import msg

LARGEST = 200

_ON_TASK: Mapping[Act, Callable[..., object]] = {
    Act.COMPLETE_STEP: complete_step,
    Act.CLAIM: claim_task,
    Act.REASSIGN: reassign_task,
    Act.TAKE_BACK: take_back,
}
_ON_DOSSIER: Mapping[Act, Callable[..., object]] = {Act.HAND_OVER: hand_over_result}
BULK_ACTS = frozenset({*_ON_TASK, *_ON_DOSSIER})


@dataclass(frozen=True, slots=True)
class Target:
    code: str
    task_id: int | None = None


def bulk(
    act: Act, *, actor: Actor, targets: Sequence[Target], now: datetime, **arguments: Any
) -> list[BulkOutcome]:
    """Do `act` to each target; a refusal of one does not touch the others."""
    if act not in BULK_ACTS:
        raise Invalid(msg("Không làm hàng loạt được việc này."))
    if len(targets) > LARGEST:
        raise Invalid(msg("Mỗi lần làm tối đa %(count)s hồ sơ.", count=LARGEST))
    return [_one(act, actor, target, now, arguments) for target in targets]


def _one(act: Act, actor: Actor, target: Target, now: datetime, arguments: dict[str, Any]) -> BulkOutcome:
    try:
        if act in _ON_TASK:
            if target.task_id is None:
                raise Invalid(msg("Thiếu bước cần xử lý của hồ sơ."))
            _ON_TASK[act](actor=actor, code=target.code, task_id=target.task_id, now=now, **arguments)
        else:
            _ON_DOSSIER[act](actor=actor, code=target.code, now=now, **arguments)
    except Refused as refusal:
        return BulkOutcome(target.code, ok=False, message=refusal.message.render())
    return BulkOutcome(target.code, ok=True)

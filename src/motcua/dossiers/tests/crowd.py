"""Many dossiers under way in little time: models made by the real acts, then copied as rows.

Five procedures, one for each policy of a single decision; two wards; desks at the beginning and in the middle,
paused ones, some with a recorded result, some that wait to be returned.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.db.models import Model

from motcua.catalogue.models import ChangeSet, ProcedureVersion
from motcua.catalogue.types_changes import ChangeAction, Policy
from motcua.documents.models import Letter
from motcua.dossiers import actions
from motcua.dossiers.models import ClockEvent, Dossier, DossierChange, DossierPaper, Party, Result, Supplement
from motcua.dossiers.tests import factories as make
from motcua.dossiers.tests.decisions import add_line, make_decision
from motcua.kernel.actor import Actor
from motcua.organisation.types import Role
from motcua.workflow.models import Run, Task

PARTS = (Party, DossierPaper, ClockEvent, Supplement, Result)
OWNERS = 97


@dataclass(frozen=True, slots=True)
class Crowd:
    """Everything made: who may carry them over, by which decision."""

    place: make.Province
    controller: Actor
    decision: ChangeSet
    count: int


def make_crowd(count: int) -> Crowd:
    """`count` dossiers, spread evenly over the procedures, wards and states."""
    place = make.make_province()
    wards = [(place.commune, make.make_staff(place.commune)), (place.other, make.make_staff(place.other))]
    controller = make.make_officer(Role.PROCEDURE_CONTROLLER.value, place.centre)
    procedures = [
        make.make_procedure(
            make.procedure_definition(), process=make.process_definition(f"thu.qt-{number:02d}")
        )
        for number in range(len(Policy))
    ]
    models = [
        dossier for procedure in procedures for _ward, staff in wards for dossier in _models(procedure, staff)
    ]
    _copy(models, count - len(models))
    return Crowd(place, controller, _decide(procedures), count)


def _models(procedure: ProcedureVersion, staff: make.Staff) -> list[Dossier]:
    fresh, further, waiting, decided, returning = (make.receive(staff.counter, procedure) for _ in range(5))
    make.advance(further, staff, until="duyet")
    actions.request_supplement(
        actor=staff.specialist,
        code=waiting.code,
        items=[actions.SupplementItem("can-cuoc", "Bản sao căn cước")],
        reason="Căn cước đã hết hạn",
        now=make.MONDAY + timedelta(hours=1),
    )
    make.advance(decided, staff, until="dong-dau")
    actions.record_result(actor=staff.clerk, code=decided.code, result=make.result(), now=make.MONDAY)
    make.advance(returning, staff, until="tra")
    return [fresh, further, waiting, decided, returning]


def _decide(procedures: Sequence[ProcedureVersion]) -> ChangeSet:
    decision: ChangeSet | None = None
    for procedure, policy in zip(procedures, Policy, strict=True):
        content = make.procedure_definition(code=procedure.code, limit=make.limit_of(3))
        stops, moves = policy is Policy.STOP, policy is Policy.TRANSFER
        more: dict[str, Any] = {
            "policy": policy,
            "action": ChangeAction.ABOLISHED
            if stops
            else ChangeAction.REDELEGATED
            if moves
            else ChangeAction.AMENDED,
            "mapping": {"transfer_to": "STP"} if moves else {},
        }
        content_or_none = None if stops or moves else replace(content, name=f"{content.name} (sửa đổi)")
        if decision is None:
            decision = make_decision(procedure, content_or_none, **more)
        else:
            add_line(decision, procedure, content_or_none, **more)
    assert decision is not None
    return decision


def _copy(models: Sequence[Dossier], count: int) -> None:
    """Rows like those of the models, in turn; owners repeat so that one person has several dossiers."""
    ids = [model.pk for model in models]
    known = Dossier.objects.select_related("run").in_bulk(ids)
    chosen = [known[ids[number % len(ids)]] for number in range(count)]
    runs = Run.objects.bulk_create(
        [_like(model.run, subject=f"B-{number:06d}") for number, model in enumerate(chosen)], batch_size=500
    )
    made = Dossier.objects.bulk_create(
        [
            _like(
                model,
                code=f"B-{number:06d}",
                run_id=run.pk,
                tracking_token=secrets.token_hex(16),
                owner_name=f"Chủ hồ sơ {number % OWNERS}",
            )
            for number, (model, run) in enumerate(zip(chosen, runs, strict=True))
        ],
        batch_size=200,
    )
    tasks = _by(Task.objects.filter(run_id__in=[model.run_id for model in known.values()]), "run_id")
    copies = [
        _like(task, run_id=run.pk)
        for model, run in zip(chosen, runs, strict=True)
        for task in tasks.get(model.run_id or 0, ())
    ]
    Task.objects.bulk_create(copies, batch_size=500)
    for kind in PARTS:
        rows = _by(kind._default_manager.filter(dossier_id__in=ids), "dossier_id")
        parts = [
            _like(row, dossier_id=copy.pk)
            for model, copy in zip(chosen, made, strict=True)
            for row in rows.get(model.pk, ())
        ]
        kind._default_manager.bulk_create(parts, batch_size=500)


def _by(rows: Iterable[Any], name: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(getattr(row, name), []).append(row)
    return found


def _like(row: Any, **changes: Any) -> Any:
    """An unsaved row with the same values but for the changes."""
    values = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key
    }
    return type(row)(**{**values, **changes})


# --- pictures of everything -----------------------------------------------------------------------------------


def everything() -> str:
    """A digest over every row a dossier is made of, letters and log aside."""
    return _digest(Dossier, Run, Task, ClockEvent, DossierPaper, Supplement, Result)


def outcome() -> str:
    """A digest over what a run leaves behind, numbers of rows aside."""
    changes = DossierChange.objects.order_by("dossier_id").values_list(
        "dossier_id", "change_line_id", "outcome", "reason", "kept", "refund", "unit_id", "at"
    )
    letters = Letter.objects.order_by("subject", "kind").values_list("subject", "kind", "number_text")
    events = ClockEvent.objects.order_by("dossier_id", "pk").values_list("dossier_id", "kind", "at", "data")
    rest = _digest(Dossier, Run, Task)
    said = json.dumps([list(changes), list(letters), list(events), rest], default=str, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def _digest(*kinds: type[Model]) -> str:
    found = hashlib.sha256()
    for kind in kinds:
        for row in kind._default_manager.order_by("pk").values_list().iterator(chunk_size=1_000):
            found.update(json.dumps(row, default=str, sort_keys=True).encode())
    return found.hexdigest()

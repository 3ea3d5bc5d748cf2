"""Configuring many procedures: edits collect in a department's open draft until somebody submits it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Set
from datetime import datetime

from django.db import IntegrityError, transaction

from motcua.catalogue.actions.configuring_lines import write_lines
from motcua.catalogue.models import ChangeSet
from motcua.catalogue.permissions import require_configure
from motcua.catalogue.queries.configuring import Book, book
from motcua.catalogue.rules.grid.columns import TITLES, Column, RowKey
from motcua.catalogue.rules.grid.merging import NOBODY, Plan, Wish, plan
from motcua.catalogue.types_changes import ChangeKind, ChangeState
from motcua.kernel import audit, clock
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Conflict, Invalid
from motcua.kernel.messages import msg
from motcua.organisation.types import UnitInfo

OPEN = {
    "kind": ChangeKind.CONFIGURATION.value,
    "state": ChangeState.DRAFT.value,
    "effective_at__isnull": True,
}


@transaction.atomic
def edit_cells(
    *,
    actor: Actor,
    department: UnitInfo,
    wishes: Collection[Wish],
    now: datetime,
    mine: Set[tuple[RowKey, Column]] = NOBODY,
) -> Plan:
    """Put the wishes that can be into the department's open draft; the rest comes back in the plan, unwritten.

    `mine`: cells somebody else changed meanwhile and of which the person chose their own value. Raises NotAllowed.
    """
    require_configure(actor, department)
    change_set = _locked(department)
    procedures = {wish.key.procedure_id for wish in wishes}
    held = book(department, now, only=procedures)
    found = plan(wishes, held.rows, held.choices, mine=mine)
    if not found.changes:
        return found
    if change_set is None:
        try:
            with transaction.atomic():
                change_set = _new_draft(actor, department, now)
        except IntegrityError:  # somebody began the draft at this very moment: judge against theirs
            return edit_cells(actor=actor, department=department, wishes=wishes, now=now, mine=mine)
    procedures = {change.key.procedure_id for change in found.changes}
    write_lines(change_set, held, found.rows, procedures, editor_id=actor.user_id)
    _bump(change_set)
    audit.record(
        actor,
        "catalogue.edit_configuration",
        subject_type="change_set",
        subject=change_set.number,
        data={"cells": len(found.changes), "rows": found.row_count, "revision": change_set.revision},
        at=now,
    )
    return found


@transaction.atomic
def undo_cells(
    *, actor: Actor, department: UnitInfo, cells: Iterable[tuple[RowKey, Column | None]], now: datetime
) -> int:
    """Take cells out of the open draft; a row as a whole where no column is named. How many were taken out.

    Raises NotAllowed, and Conflict when there is no open draft any more.
    """
    require_configure(actor, department)
    change_set = _locked(department)
    if change_set is None:
        raise _no_draft()
    wanted = set(cells)
    held = book(department, now, only={key.procedure_id for key, _ in wanted})
    rows, gone = dict(held.rows), 0
    for key, column in wanted:
        row = rows.get(key)
        if row is None:
            continue
        dropped = set(row.draft) if column is None else {column}
        if Column.PROCESS in dropped:
            dropped.add(Column.STEPS)  # they were steps of the process that goes
        kept = {name: edit for name, edit in row.draft.items() if name not in dropped}
        gone += len(row.draft) - len(kept)
        rows[key] = row.with_draft(kept)
    if gone:
        procedures = {key.procedure_id for key, _ in wanted}
        write_lines(change_set, held, rows, procedures, editor_id=actor.user_id)
        _bump(change_set)
        audit.record(
            actor,
            "catalogue.undo_configuration_cells",
            subject_type="change_set",
            subject=change_set.number,
            data={"cells": gone, "revision": change_set.revision},
            at=now,
        )
    return gone


@transaction.atomic
def submit_configuration(
    *, actor: Actor, department: UnitInfo, effective_at: datetime, revision: int, now: datetime
) -> int:
    """Close the open draft for a second person to approve; gives the id of the change-set.

    `revision` is the one the person looked at. Raises NotAllowed, Conflict (no draft, edited since, a value in force
    changed since) and Invalid (nothing in it, an instant in the past).
    """
    require_configure(actor, department)
    change_set = _locked(department)
    if change_set is None:
        raise _no_draft()
    if change_set.revision != revision:
        raise Conflict(
            msg("Bản nháp vừa có người sửa thêm. Xem lại các ô đã đổi rồi trình lần nữa."),
            code="edited_since",
        )
    if clock.today(effective_at) < clock.today(now):
        raise Invalid(msg("Ngày áp dụng phải từ hôm nay trở đi."), field="effective_on")
    held = book(department, now, only=list(change_set.lines.values_list("procedure_id", flat=True)))
    _refuse_overtaken(held)
    if not any(row.draft for row in held.rows.values()):
        raise Invalid(msg("Bản nháp chưa có ô nào thay đổi."))
    change_set.effective_at = effective_at
    change_set.drafted_by_id, change_set.drafted_by_name = actor.user_id, actor.name
    change_set.revision += 1
    change_set.save(update_fields=["effective_at", "drafted_by", "drafted_by_name", "revision"])
    audit.record(
        actor,
        "catalogue.submit_configuration",
        subject_type="change_set",
        subject=change_set.number,
        data={"effective_at": effective_at.isoformat(), "revision": change_set.revision},
        at=now,
    )
    return change_set.pk


def _refuse_overtaken(held: Book) -> None:
    for row in held.rows.values():
        for column in row.draft:
            if row.overtaken(column):
                raise Conflict(
                    msg(
                        "Ô “%(column)s” của thủ tục %(code)s đã đổi trên hệ thống sau khi bạn sửa. "
                        "Mở ô đó, giữ hoặc sửa lại giá trị, rồi trình lần nữa.",
                        column=TITLES[column],
                        code=row.code or row.name[:60],
                    ),
                    code="overtaken",
                )


def _locked(department: UnitInfo) -> ChangeSet | None:
    return (
        ChangeSet.objects.select_for_update()
        .filter(department_id=department.id, **OPEN)
        .order_by("-pk")
        .first()
    )


def _new_draft(actor: Actor, department: UnitInfo, now: datetime) -> ChangeSet:
    year = clock.today(now).year
    prefix = f"CH-{department.code}-{year}-"
    before = ChangeSet.objects.filter(number__startswith=prefix).count()
    return ChangeSet.objects.create(
        number=f"{prefix}{before + 1:03d}",
        kind=ChangeKind.CONFIGURATION.value,
        title=f"Gói cấu hình của {department.full_name or department.name}",
        issuer=department.full_name or department.name,
        department_id=department.id,
        drafted_by_id=actor.user_id,
        drafted_by_name=actor.name,
        drafted_at=now,
    )


def _bump(change_set: ChangeSet) -> None:
    change_set.revision += 1
    change_set.save(update_fields=["revision"])


def _no_draft() -> Conflict:
    return Conflict(
        msg("Bản nháp này đã được trình hoặc đã bỏ. Tải lại trang để xem hiện trạng."), code="no_draft"
    )

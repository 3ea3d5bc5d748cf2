"""Drafting a change-set from the head and lines of a decision, and throwing a draft away."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from motcua.catalogue.actions.changes.locking import fields_of, lock_change_set, require_state
from motcua.catalogue.actions.changes.resolving import (
    FINAL_PROBLEMS,
    Catalogue,
    catalogue_at,
    check_lines,
    old_codes_of,
)
from motcua.catalogue.actions.changes.weighing import weigh
from motcua.catalogue.actions.periods import AT_ONCE
from motcua.catalogue.errors import WrongState
from motcua.catalogue.events import ChangeSetDrafted
from motcua.catalogue.models import ChangeLine, ChangeSet
from motcua.catalogue.permissions import require_draft
from motcua.catalogue.queries.changes import OVER, info_of
from motcua.catalogue.queries.decisions import drafted_from
from motcua.catalogue.rules.decisions import DecisionRead, Problem
from motcua.catalogue.types_changes import ChangeAction, ChangeState
from motcua.catalogue.types_drafts import ChangeHead, ChangeSetInfo, DraftLine, Remark
from motcua.kernel import audit, outbox
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Invalid
from motcua.kernel.messages import msg
from motcua.organisation import queries as organisation


@transaction.atomic
def draft_change_set(
    *, actor: Actor, head: ChangeHead, lines: Sequence[DraftLine], now: datetime
) -> ChangeSetInfo:
    """Store one decision as a draft. The same file again gives the draft that is there: nothing new is made.

    Lines with problems are stored as they are; they stop the approval, not the drafting. Raises `NotAllowed` when
    a line is of a field the person's agency does not handle, `Invalid` without a number, `WrongState` when another
    content with this number is already drafted or published.
    """
    require_draft(actor)
    if not head.number.strip():
        raise Invalid(msg("Chưa ghi số quyết định."), field="number")
    if (standing := _drafted_before(head)) is not None:
        return standing
    lines = one_line_for_each_new_code(lines)
    catalogue = _catalogue(head, lines, now)
    require_draft(actor, fields_of(_contents(lines, catalogue)))
    row = _head_row(head, actor, now)
    if (standing := _first_to_save(row, head)) is not None:
        return standing
    rows = [line_row(row, number, line, catalogue) for number, line in enumerate(lines, 1)]
    found = check_lines(rows, catalogue, number=row.number)
    for stored in rows:
        stored.problems += [remark.to_dict() for remark in found[stored.position]]
    ChangeLine.objects.bulk_create(rows, batch_size=AT_ONCE)
    audit.record(
        actor,
        "catalogue.draft_change_set",
        subject_type="change_set",
        subject=str(row.pk),
        data={"number": row.number, "kind": row.kind, "lines": len(rows), "source": row.source},
        at=now,
    )
    outbox.publish(ChangeSetDrafted(change_set_id=row.pk, number=row.number), now=now)
    return info_of(row)


def _drafted_before(head: ChangeHead) -> ChangeSetInfo | None:
    """What was drafted of this very file; None where the number is free. Raises `WrongState` for another content."""
    standing = ChangeSet.objects.filter(number=head.number.strip()).exclude(state__in=OVER).first()
    if standing is None:
        return None
    if head.source_digest and standing.source_digest == head.source_digest:
        return info_of(standing)
    raise WrongState(
        msg(
            "Quyết định %(number)s đã có một gói thay đổi. Mở gói đó để sửa, hoặc bỏ gói đó trước.",
            number=standing.number,
        ),
        field="number",
    )


def _first_to_save(row: ChangeSet, head: ChangeHead) -> ChangeSetInfo | None:
    """Store the head. Where somebody else stored this number in the same moment: theirs, or the refusal."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        standing = _drafted_before(head)
        if standing is None:
            raise
        return standing
    return None


@transaction.atomic
def discard_change_set(*, actor: Actor, change_set_id: int, now: datetime) -> ChangeSetInfo:
    """Throw away a draft or an approved change-set; it stays readable, its number is free again.

    Raises `WrongState` once it is published, `NotAllowed`.
    """
    row = lock_change_set(change_set_id)
    require_state(row, ChangeState.DRAFT, ChangeState.APPROVED)
    require_draft(actor, fields_of(row))
    row.state = ChangeState.DISCARDED.value
    row.revision += 1
    row.save(update_fields=["state", "revision"])
    audit.record(
        actor,
        "catalogue.discard_change_set",
        subject_type="change_set",
        subject=str(row.pk),
        data={"number": row.number},
        at=now,
    )
    return info_of(row)


def one_line_for_each_new_code(lines: Sequence[DraftLine]) -> list[DraftLine]:
    """Many to one: rows that replace several procedures by the same new one become one line with all old codes."""
    kept: list[DraftLine] = []
    place: dict[str, int] = {}
    for line in lines:
        if line.action is not ChangeAction.REPLACED or not line.code or line.code not in place:
            if line.action is ChangeAction.REPLACED and line.code:
                place[line.code] = len(kept)
            kept.append(line)
            continue
        first = kept[place[line.code]]
        codes = dict.fromkeys((*old_codes_of(first.old_code), *old_codes_of(line.old_code)))
        kept[place[line.code]] = replace(
            first,
            old_code=", ".join(codes),
            cell=", ".join(part for part in (first.cell, line.cell) if part),
            content=first.content or line.content,
            warnings=(*first.warnings, *line.warnings),
            problems=(*first.problems, *line.problems),
        )
    return kept


def line_row(change_set: ChangeSet, position: int, line: DraftLine, catalogue: Catalogue) -> ChangeLine:
    """The row of a line, not stored: matched, compared with what stands, with warnings."""
    procedure_id = line.procedure_id or (catalogue.procedure(line.code) if line.code else None)
    held = catalogue.of(procedure_id)
    compared = held.standing
    if compared is None and line.action is ChangeAction.REPLACED:
        olds = [catalogue.of(catalogue.procedure(code)).standing for code in old_codes_of(line.old_code)]
        compared = next((found for found in olds if found is not None), None)
    before = catalogue.definitions.get(compared) if compared is not None else None
    diff, warnings = weigh(line, before, change_set)
    return ChangeLine(
        change_set=change_set,
        position=position,
        cell=line.cell[:120],
        code=line.code[:64],
        old_code=line.old_code,
        name=line.name,
        action=line.action.value,
        procedure_id=procedure_id,
        before_version_id=compared,
        matched_by=(line.matched_by or ("code" if procedure_id and not line.procedure_id else ""))[:24],
        content=line.content.to_dict() if line.content is not None else None,
        settings=line.settings.to_dict(),
        diff=diff,
        warnings=[remark.to_dict() for remark in warnings],
        problems=[r.to_dict() for r in line.problems if r.kind not in FINAL_PROBLEMS],
        raw=dict(line.raw),
        policy=line.policy.value,
        mapping=dict(line.mapping),
    )


def _catalogue(head: ChangeHead, lines: Sequence[DraftLine], now: datetime) -> Catalogue:
    return catalogue_at(
        head.effective_at or now,
        codes=[code for line in lines for code in (line.code, *old_codes_of(line.old_code))],
        procedure_ids=[line.procedure_id for line in lines if line.procedure_id is not None],
        contents=True,
    )


def _contents(lines: Iterable[DraftLine], catalogue: Catalogue) -> Iterable[Any]:
    yield from (line.content for line in lines if line.content is not None)
    yield from catalogue.definitions.values()


def _head_row(head: ChangeHead, actor: Actor, now: datetime) -> ChangeSet:
    return ChangeSet(
        number=head.number.strip()[:64],
        kind=head.kind.value,
        title=head.title,
        field_text=head.field_text[:500],
        issuer=head.issuer[:255],
        signed_on=head.signed_on,
        effective_at=head.effective_at,
        effective_to=head.effective_to,
        effective_rule=head.effective_rule,
        based_on=head.based_on,
        notes=list(head.notes),
        department_id=organisation.unit_by_code(head.department).id if head.department else None,
        source=head.source[:255],
        source_digest=head.source_digest,
        state=ChangeState.DRAFT.value,
        drafted_by_id=actor.user_id,
        drafted_by_name=actor.name[:160],
        drafted_at=now,
    )


@dataclass(frozen=True, slots=True)
class Drafted:
    """One decision of a file as a change-set; `is_new` false where it had been drafted from this file before."""

    info: ChangeSetInfo
    is_new: bool


@transaction.atomic
def draft_decisions(
    *, actor: Actor, reads: Sequence[DecisionRead], source: str, now: datetime
) -> list[Drafted]:
    """Draft every decision of a file that was read, all of them or none. Problems of the file stay with their lines
    (those of no line with the first) and stop the approval.

    Raises like `draft_change_set`.
    """
    done: list[Drafted] = []
    for read in reads:
        head, lines = drafted_from(read, now=now, source=source)
        lines = _with_problems(lines, read.problems)
        last = ChangeSet.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        info = draft_change_set(actor=actor, head=head, lines=lines, now=now)
        done.append(Drafted(info, info.id > last))
    return done


def _with_problems(lines: Sequence[DraftLine], problems: Sequence[Problem]) -> list[DraftLine]:
    """Each problem with the line of its row; one that belongs to no line is a line of its own, to be mended or
    removed.
    """
    by_row: dict[str, list[Problem]] = {}
    for problem in problems:
        by_row.setdefault(_row_of(problem.cell), []).append(problem)
    kept = [
        replace(line, problems=(*line.problems, *_as_remarks(by_row.pop(_row_of(line.cell), []))))
        for line in lines
    ]
    rest = [
        DraftLine(ChangeAction.NOTED, cell=found[0].cell, name=found[0].cell, problems=_as_remarks(found))
        for found in by_row.values()
    ]
    return [*kept, *rest]


def _as_remarks(problems: Iterable[Problem]) -> tuple[Remark, ...]:
    return tuple(
        Remark("file", msg("%(cell)s: %(problem)s", cell=problem.cell, problem=problem.message))
        for problem in problems
    )


def _row_of(cell: str) -> str:
    """The row a cell stands in: `Phụ lục!B12` and `Phụ lục!F12` are one row, as are the cells of a line in Word."""
    return re.sub(r"![A-Z]+(?=\d)", "!", re.sub(r", (?:cột \d+|trường “[^”]*”)$", "", cell))

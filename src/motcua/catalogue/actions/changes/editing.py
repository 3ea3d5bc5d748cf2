"""Editing a draft: its head, its lines, what becomes of dossiers under way. Nobody overwrites another's work."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, BinaryIO

from django.db import transaction
from django.db.models import Max

from motcua.catalogue.actions.changes.drafting import line_row
from motcua.catalogue.actions.changes.locking import (
    fields_of,
    lock_change_set,
    require_revision,
    require_state,
)
from motcua.catalogue.actions.changes.resolving import (
    FINAL_PROBLEMS,
    Catalogue,
    catalogue_at,
    check_lines,
    old_codes_of,
)
from motcua.catalogue.actions.changes.weighing import matched
from motcua.catalogue.actions.periods import AT_ONCE
from motcua.catalogue.errors import UnknownChangeSet, UnknownProcedure
from motcua.catalogue.models import ChangeLine, ChangeSet
from motcua.catalogue.permissions import require_draft
from motcua.catalogue.queries.changes import COMPARED, draft_of, info_of, line_of
from motcua.catalogue.types_changes import ChangeState, Policy
from motcua.catalogue.types_drafts import ChangeHead, ChangeSetInfo, DraftLine, LineInfo
from motcua.documents import actions as documents
from motcua.kernel import audit
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Invalid
from motcua.kernel.messages import msg


@transaction.atomic
def edit_head(
    *, actor: Actor, change_set_id: int, revision: int, head: ChangeHead, now: datetime
) -> ChangeSetInfo:
    """Change what a draft says of its decision. `number`, `kind` and source stay unless `head` names others.

    Another effective instant has every line compared anew. Raises `EditedMeanwhile`, `Invalid`, `WrongState`,
    `NotAllowed`.
    """
    row = _open(actor, change_set_id, revision)
    if not head.number.strip():
        raise Invalid(msg("Chưa ghi số quyết định."), field="number")
    if head.effective_to and (head.effective_at is None or head.effective_to <= head.effective_at):
        raise Invalid(msg("Ngày hết hiệu lực phải sau ngày có hiệu lực."), field="effective_to")
    values: dict[str, Any] = {
        "number": head.number.strip()[:64],
        "kind": head.kind.value,
        "title": head.title,
        "field_text": head.field_text[:500],
        "issuer": head.issuer[:255],
        "signed_on": head.signed_on,
        "effective_at": head.effective_at,
        "effective_to": head.effective_to,
        "effective_rule": head.effective_rule,
        "based_on": head.based_on,
    }
    _require_free(row, values["number"])
    changed = {name: str(value) for name, value in values.items() if getattr(row, name) != value}
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))
    return _edited(actor, row, "head", changed, now, anew="effective_at" in changed)


@transaction.atomic
def edit_line(
    *, actor: Actor, change_set_id: int, line_id: int, revision: int, line: DraftLine, now: datetime
) -> LineInfo:
    """Put a line in the place of one that is there. Problems of the file that it had count as mended.

    Raises `EditedMeanwhile`, `UnknownChangeSet`, `WrongState`, `NotAllowed`.
    """
    row = _open(actor, change_set_id, revision)
    held = ChangeLine.objects.filter(pk=line_id, change_set=row).first()
    if held is None:
        raise UnknownChangeSet(msg("Không có dòng này trong gói thay đổi."))
    catalogue = _catalogue(row, [line], now)
    require_draft(actor, fields_of([c for c in (line.content, *catalogue.definitions.values()) if c]))
    new = line_row(row, held.position, line, catalogue)
    new.pk = held.pk
    new.save(force_update=True)
    _edited(actor, row, f"line {held.position}", {"code": new.code, "action": new.action}, now)
    return line_of(ChangeLine.objects.get(pk=new.pk))


@transaction.atomic
def add_lines(
    *, actor: Actor, change_set_id: int, revision: int, lines: Sequence[DraftLine], now: datetime
) -> ChangeSetInfo:
    """Put lines at the end of a draft. Raises like `edit_line`."""
    row = _open(actor, change_set_id, revision)
    catalogue = _catalogue(row, lines, now)
    proposed = [line.content for line in lines if line.content is not None]
    require_draft(actor, fields_of([*proposed, *catalogue.definitions.values()]))
    last = ChangeLine.objects.filter(change_set=row).aggregate(last=Max("position"))["last"] or 0
    ChangeLine.objects.bulk_create(
        [line_row(row, last + number, line, catalogue) for number, line in enumerate(lines, 1)],
        batch_size=AT_ONCE,
    )
    return _edited(actor, row, "lines", {"added": len(lines)}, now)


@transaction.atomic
def remove_line(
    *, actor: Actor, change_set_id: int, line_id: int, revision: int, now: datetime
) -> ChangeSetInfo:
    """Take a line out of a draft. Raises like `edit_line`."""
    row = _open(actor, change_set_id, revision)
    held = ChangeLine.objects.filter(pk=line_id, change_set=row).first()
    if held is None:
        raise UnknownChangeSet(msg("Không có dòng này trong gói thay đổi."))
    held.delete()
    return _edited(actor, row, f"line {held.position}", {"removed": held.code or held.name}, now)


@transaction.atomic
def choose_policy(
    *,
    actor: Actor,
    change_set_id: int,
    revision: int,
    policy: Policy,
    now: datetime,
    line_ids: Sequence[int] | None = None,
) -> ChangeSetInfo:
    """Say what becomes of dossiers received before, for some lines or (None) for all. Raises like `edit_line`."""
    row = _open(actor, change_set_id, revision)
    lines = ChangeLine.objects.filter(change_set=row)
    if line_ids is not None:
        lines = lines.filter(pk__in=list(line_ids))
    changed = lines.update(policy=policy.value)
    return _edited(actor, row, "policy", {"policy": policy.value, "lines": changed}, now, check=False)


@transaction.atomic
def refresh_lines(*, actor: Actor, change_set_id: int, revision: int, now: datetime) -> ChangeSetInfo:
    """Compare every line with the catalogue of today: after somebody else published. Raises like `edit_line`."""
    row = _open(actor, change_set_id, revision)
    return _edited(actor, row, COMPARED, {}, now, anew=True)


def attach_scan(
    *, actor: Actor, change_set_id: int, content: BinaryIO, name: str, now: datetime
) -> ChangeSetInfo:
    """Keep the scanned decision (a PDF) with a change-set, whatever its state. The file is checked first, outside
    the transaction. Raises `UploadRefused`, `Invalid`, `NotAllowed`.
    """
    require_draft(actor)
    taken = documents.take_in(content=content, name=name)
    if taken.inspection.mime != "application/pdf":
        raise Invalid(msg("Bản quét phải là tệp PDF."), field="scan")
    with transaction.atomic():
        row = lock_change_set(change_set_id)
        require_draft(actor, fields_of(row))
        row.scan_id = documents.record_file(taken=taken, now=now).pk
        row.save(update_fields=["scan"])
        audit.record(
            actor,
            "catalogue.attach_scan",
            subject_type="change_set",
            subject=str(row.pk),
            data={"number": row.number, "sha256": taken.sha256},
            at=now,
        )
        return info_of(row)


@transaction.atomic
def match_line(
    *, actor: Actor, change_set_id: int, line_id: int, procedure_id: int, revision: int, now: datetime
) -> LineInfo:
    """Say which procedure a line speaks of; its content, read from the file, is laid over that procedure's.

    Raises like `edit_line`, `UnknownProcedure` (404).
    """
    row = _open(actor, change_set_id, revision)
    held = ChangeLine.objects.filter(pk=line_id, change_set=row).first()
    if held is None:
        raise UnknownChangeSet(msg("Không có dòng này trong gói thay đổi."))
    catalogue = catalogue_at(row.effective_at or now, codes=(), procedure_ids=[procedure_id], contents=True)
    standing = catalogue.of(procedure_id).standing
    if standing is None:
        raise UnknownProcedure(msg("Thủ tục đã chọn không có hiệu lực vào ngày đó."), field="procedure")
    before = catalogue.definitions[standing]
    require_draft(actor, fields_of([before]))
    drafted = matched(draft_of(line_of(held)), procedure_id, before, row)
    new = line_row(row, held.position, drafted, catalogue)
    new.pk = held.pk
    new.save(force_update=True)
    _edited(actor, row, f"line {held.position}", {"matched": procedure_id}, now)
    return line_of(ChangeLine.objects.get(pk=new.pk))


def _open(actor: Actor, change_set_id: int, revision: int) -> ChangeSet:
    row = lock_change_set(change_set_id)
    require_draft(actor, fields_of(row))
    require_state(row, ChangeState.DRAFT)
    require_revision(row, revision)
    return row


def _require_free(row: ChangeSet, number: str) -> None:
    if (
        ChangeSet.objects.filter(number=number)
        .exclude(pk=row.pk)
        .exclude(state__in=[ChangeState.DISCARDED.value, ChangeState.UNDONE.value])
        .exists()
    ):
        raise Invalid(msg("Số %(number)s đã có ở gói khác.", number=number), field="number")


def _catalogue(row: ChangeSet, lines: Sequence[DraftLine], now: datetime) -> Catalogue:
    return catalogue_at(
        row.effective_at or now,
        codes=[code for line in lines for code in (line.code, *old_codes_of(line.old_code))],
        procedure_ids=[line.procedure_id for line in lines if line.procedure_id is not None],
        contents=True,
    )


def _edited(
    actor: Actor,
    row: ChangeSet,
    what: str,
    data: dict[str, Any],
    now: datetime,
    *,
    anew: bool = False,
    check: bool = True,
) -> ChangeSetInfo:
    """One more revision, the lines checked again, the audit entry."""
    if check:
        _check(row, now, anew=anew)
    row.revision += 1
    row.save(update_fields=["revision"])
    audit.record(
        actor,
        "catalogue.edit_change_set",
        subject_type="change_set",
        subject=str(row.pk),
        data={"number": row.number, "revision": row.revision, "what": what, **data},
        at=now,
    )
    return info_of(row)


def _check(row: ChangeSet, now: datetime, *, anew: bool) -> None:
    """Find the problems of all lines again; with `anew` also what they are compared with."""
    held = list(ChangeLine.objects.filter(change_set=row).order_by("position"))
    catalogue = catalogue_at(
        row.effective_at or now,
        codes=[code for line in held for code in (line.code, *old_codes_of(line.old_code))],
        procedure_ids=[line.procedure_id for line in held if line.procedure_id is not None],
        contents=anew,
    )
    changed = held if anew else []
    if anew:
        for number, line in enumerate(held):
            held[number] = _compared(row, line, catalogue)
    found = check_lines(held, catalogue, number=row.number)
    for line in held:
        own = [part for part in line.problems if part.get("kind") not in FINAL_PROBLEMS]
        problems = own + [remark.to_dict() for remark in found[line.position]]
        if problems != line.problems:
            line.problems = problems
            if not anew:
                changed.append(line)
    if changed:
        fields = ["problems", "before_version", "procedure", "diff", "warnings"] if anew else ["problems"]
        ChangeLine.objects.bulk_update(held if anew else changed, fields, batch_size=AT_ONCE)


def _compared(row: ChangeSet, line: ChangeLine, catalogue: Catalogue) -> ChangeLine:
    new = line_row(row, line.position, draft_of(line_of(line)), catalogue)
    new.pk = line.pk
    new.problems = line.problems
    return new

"""Beginning, saving and undoing drafts of processes. Every save is a revision; a second writer is told, not overrun."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from motcua.kernel import audit
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Conflict, Invalid, NotFound
from motcua.kernel.messages import msg
from motcua.kernel.text import fold
from motcua.organisation import queries as organisation
from motcua.workflow import queries
from motcua.workflow.errors import DiagramRefused, DraftMoved, TableNotUnderstood
from motcua.workflow.models import DraftRevision, ProcessDraft, ProcessVersion
from motcua.workflow.permissions import may_approve, may_draft, require_draft
from motcua.workflow.rules.bpmn_reader import read_bpmn
from motcua.workflow.rules.bpmn_xml import XmlRefused
from motcua.workflow.rules.definition import ProcessDefinition, process_key
from motcua.workflow.rules.pasted import MOST_STEPS, About, Grid, read_process_table
from motcua.workflow.rules.slug import slug
from motcua.workflow.rules.templates import TEMPLATES
from motcua.workflow.types import DraftSource, DraftStatus

KEPT_REVISIONS = 200


@transaction.atomic
def draft_from_table(
    *,
    actor: Actor,
    agency_id: int,
    table: Grid,
    about: About,
    now: datetime,
    before: Sequence[str] = (),
    leave_gaps: bool = False,
) -> ProcessDraft:
    """A draft from the table of a decision. Raises NotAllowed, TableNotUnderstood with every cell that is unclear;
    `leave_gaps` makes a draft all the same, the unclear cells empty and named in its remarks.
    """
    require_draft(actor, agency_id)
    found = read_process_table(table, about, before=before)
    if found.definition is None or (found.errors and not leave_gaps):
        raise TableNotUnderstood(found)
    remarks = [
        _remark(r.severity, r.code, r.message.source(), row=r.row, cell=r.cell, column=r.column)
        for r in found.remarks
    ]
    return _begin(actor, agency_id, found.definition, DraftSource.TABLE, now, remarks=remarks, key=about.key)


@transaction.atomic
def draft_from_bpmn(
    *, actor: Actor, agency_id: int, data: bytes, now: datetime, about: About | None = None
) -> ProcessDraft:
    """A draft from a BPMN 2.0 file, with the report of what was not understood. Raises NotAllowed, DiagramRefused."""
    require_draft(actor, agency_id)
    given = about or About()
    try:
        found = read_bpmn(data, title=given.title, key=given.key, level=given.level)
    except XmlRefused as refused:
        raise DiagramRefused(refused.message, code=refused.code) from None
    if found.definition is None:
        raise DiagramRefused(found.findings[-1].message, code="no_steps")
    definition = replace(
        found.definition,
        limit=given.limit or found.definition.limit,
        field=given.field or found.definition.field,
        reference=given.reference or found.definition.reference,
        issuer=given.issuer or found.definition.issuer,
        issued=given.issued or found.definition.issued,
        procedure_codes=given.codes or found.definition.procedure_codes,
    )
    remarks = [_remark(f.severity, f.code, f.message.source(), step=f.step_key or "") for f in found.findings]
    return _begin(actor, agency_id, definition, DraftSource.BPMN, now, remarks=remarks, key=definition.key)


@transaction.atomic
def draft_from_version(*, actor: Actor, agency_id: int, version_id: int, now: datetime) -> ProcessDraft:
    """A draft that becomes the next version of a published process. Raises NotAllowed, NotFound."""
    require_draft(actor, agency_id)
    version = queries.version(version_id)
    return _begin(
        actor, agency_id, queries.process(version_id), DraftSource.VERSION, now, remarks=[], based_on=version
    )


@transaction.atomic
def draft_from_template(
    *, actor: Actor, agency_id: int, template: str, about: About, now: datetime
) -> ProcessDraft:
    """A draft from a skeleton. Raises NotAllowed, NotFound."""
    require_draft(actor, agency_id)
    chosen = TEMPLATES.get(template)
    if chosen is None:
        raise NotFound(msg("Không có mẫu quy trình này."))
    definition = replace(
        chosen.definition,
        title=about.title,
        key=about.key,
        limit=about.limit,
        procedure_codes=about.codes,
        field=about.field,
        reference=about.reference,
        issuer=about.issuer,
        issued=about.issued,
    )
    return _begin(actor, agency_id, definition, DraftSource.TEMPLATE, now, remarks=[], key=about.key)


@transaction.atomic
def save_draft(
    *,
    actor: Actor,
    draft_id: int,
    revision: int,
    definition: ProcessDefinition,
    now: datetime,
    what: str = "edit",
) -> ProcessDraft:
    """Save a draft, complete or not. Key, field and issuer of a published process stay what they are.

    Raises NotFound, NotAllowed, DraftMoved when the draft is no longer at `revision`, Conflict when it waits for
    approval or is done. The same content again changes nothing.
    """
    draft = locked(actor, draft_id)
    require_draft(actor, draft.agency_id)
    require_open(draft)
    _require_revision(draft, revision)
    if len(definition.steps) > MOST_STEPS:
        raise Invalid(msg("Một quy trình có nhiều nhất %(most)s bước.", most=MOST_STEPS), field="steps")
    return _write(actor, draft, _of_draft(draft, definition), now, what, undone_to=draft.revision)


@transaction.atomic
def undo_draft(*, actor: Actor, draft_id: int, revision: int, now: datetime) -> ProcessDraft:
    """Back to what the draft was before its last change; again goes further back. Conflict when there is no more."""
    draft = locked(actor, draft_id)
    require_draft(actor, draft.agency_id)
    require_open(draft)
    _require_revision(draft, revision)
    last = DraftRevision.objects.get(draft=draft, number=draft.revision)
    before = DraftRevision.objects.filter(draft=draft, number=last.undone_to or 0).first()
    if before is None:
        raise Conflict(msg("Không còn thao tác nào để hoàn tác."), code="nothing_to_undo")
    definition = ProcessDefinition.from_dict(before.definition)
    return _write(actor, draft, definition, now, "undo", undone_to=before.undone_to)


def locked(actor: Actor, draft_id: int) -> ProcessDraft:
    """The draft, locked; foreign and unknown are both NotFound."""
    draft = ProcessDraft.objects.select_for_update().filter(pk=draft_id).first()
    if draft is None or not (may_draft(actor, draft.agency_id) or may_approve(actor, draft.agency_id)):
        raise NotFound(msg("Không có bản nháp này."))
    return draft


def require_open(draft: ProcessDraft) -> None:
    if draft.status == DraftStatus.SUBMITTED:
        raise Conflict(msg("Bản nháp đang chờ duyệt. Hãy rút lại trước khi sửa."), code="draft_submitted")
    if draft.status != DraftStatus.DRAFTING:
        raise Conflict(msg("Bản nháp này đã kết thúc, không sửa được nữa."), code="draft_closed")


def _require_revision(draft: ProcessDraft, revision: int) -> None:
    if draft.revision != revision:
        name = draft.updated_by.full_name if draft.updated_by else msg("Hệ thống").render()
        raise DraftMoved(name, draft.revision)


def _of_draft(draft: ProcessDraft, definition: ProcessDefinition) -> ProcessDefinition:
    """What a draft may not change: whose process it is."""
    old = ProcessDefinition.from_dict(draft.definition)
    definition = replace(definition, key=draft.key)
    return replace(definition, field=old.field, issuer=old.issuer) if draft.based_on_id else definition


def _write(
    actor: Actor,
    draft: ProcessDraft,
    definition: ProcessDefinition,
    now: datetime,
    what: str,
    *,
    undone_to: int | None,
) -> ProcessDraft:
    data = definition.to_dict()
    if data == draft.definition:
        return draft
    draft.definition = data
    draft.title, draft.field = definition.title[:1000], definition.field[:200]
    draft.search_text = _search_text(definition)
    draft.revision += 1
    draft.updated_by_id, draft.updated_at = actor.user_id, now
    if actor.user_id not in draft.editors:
        draft.editors = [*draft.editors, actor.user_id]
    draft.save()
    _keep(actor, draft, now, what, undone_to)
    _audit(actor, "workflow.draft_saved", draft, now, what=what)
    return draft


def _begin(
    actor: Actor,
    agency_id: int,
    definition: ProcessDefinition,
    source: DraftSource,
    now: datetime,
    *,
    remarks: list[dict[str, object]],
    key: str = "",
    based_on: ProcessVersion | None = None,
) -> ProcessDraft:
    agency = organisation.unit(agency_id)
    if based_on is None:
        issuer = definition.issuer or agency.full_name
        key = _free_key(key, definition, issuer, agency.code)
        definition = replace(definition, key=key, issuer=issuer)
        based_on = queries.latest_version(key)
    draft = ProcessDraft.objects.create(
        agency_id=agency.agency_id,
        key=definition.key,
        title=definition.title[:1000],
        field=definition.field[:200],
        source=source,
        definition=definition.to_dict(),
        remarks=remarks,
        editors=[actor.user_id],
        search_text=_search_text(definition),
        based_on=based_on,
        created_by_id=actor.user_id,
        created_at=now,
        updated_by_id=actor.user_id,
        updated_at=now,
    )
    _keep(actor, draft, now, "begin", None)
    _audit(actor, "workflow.draft_begun", draft, now, source=source.value)
    return draft


def _free_key(given: str, definition: ProcessDefinition, issuer: str, agency_code: str) -> str:
    """A key that is this issuer's own, or that nobody has: keys never pass to another issuer or field."""
    wanted = given or process_key(definition.field, definition.title or "quy-trinh", definition.issued)
    base = slug_dotted(wanted)[:90] or "quy-trinh"
    for key in (
        base,
        f"{base}.{slug(agency_code)}",
        *(f"{base}.{slug(agency_code)}-{n}" for n in range(2, 99)),
    ):
        known = queries.latest_version(key)
        if known is None or (known.issuer, known.field) == (issuer, definition.field):
            return key
    raise Conflict(msg("Mã quy trình “%(key)s” đã dùng hết. Hãy đặt tên khác.", key=base), field="title")


def slug_dotted(text: str) -> str:
    """A key keeps the dots between its parts."""
    return ".".join(part for part in map(slug, text.split(".")) if part)


def _keep(actor: Actor, draft: ProcessDraft, now: datetime, what: str, undone_to: int | None) -> None:
    DraftRevision.objects.create(
        draft=draft,
        number=draft.revision,
        undone_to=undone_to,
        what=what[:40],
        definition=draft.definition,
        saved_by_id=actor.user_id,
        saved_at=now,
    )
    DraftRevision.objects.filter(draft=draft, number__lte=draft.revision - KEPT_REVISIONS).delete()


def _audit(actor: Actor, action: str, draft: ProcessDraft, now: datetime, **more: object) -> None:
    data = {"key": draft.key, "revision": draft.revision, **more}
    audit.record(actor, action, subject_type="process_draft", subject=str(draft.pk), data=data, at=now)


def _remark(severity: str, code: str, message: str, **where: object) -> dict[str, object]:
    return {"severity": severity, "code": code, "message": message, **where}


def _search_text(definition: ProcessDefinition) -> str:
    parts = (definition.key, definition.title, definition.reference, definition.field)
    return fold(" ".join([*(part for part in parts if part), *definition.procedure_codes]))

"""Decisions that change a procedure, as rows: what publishing a change-set leaves behind, for tests of moving."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from motcua.catalogue.actions.version_rows import version_id
from motcua.catalogue.models import ChangeLine, ChangeSet, ProcedureVersion
from motcua.catalogue.snapshot import touch
from motcua.catalogue.types import ProcedureDefinition
from motcua.catalogue.types_changes import ChangeAction, ChangeKind, ChangeState, LineSettings, Policy
from motcua.dossiers.models import Dossier, DossierChange, MoveBatch
from motcua.dossiers.tests.factories import MONDAY

EFFECTIVE = MONDAY + timedelta(hours=2)
"""Two hours after the dossiers of a test were received."""
NUMBER = "1513/QĐ-UBND"


def make_decision(
    procedure: ProcedureVersion,
    content: ProcedureDefinition | None,
    *,
    policy: Policy = Policy.FINISH,
    action: ChangeAction = ChangeAction.AMENDED,
    mapping: Mapping[str, Any] | None = None,
    settings: LineSettings | None = None,
    state: ChangeState = ChangeState.PUBLISHED,
    effective_at: datetime = EFFECTIVE,
    number: str = NUMBER,
) -> ChangeSet:
    """A decision of one line about a procedure; published, its content is the next version from `effective_at` on."""
    published = state is ChangeState.PUBLISHED
    found = ChangeSet.objects.create(
        number=number,
        kind=ChangeKind.PUBLISH.value,
        title="Công bố danh mục thủ tục hành chính sửa đổi, bổ sung lĩnh vực hộ tịch",
        issuer="Chủ tịch Ủy ban nhân dân tỉnh",
        signed_on=(effective_at - timedelta(days=3)).date(),
        effective_at=effective_at,
        state=state.value,
        drafted_by_name="Người soạn",
        drafted_at=MONDAY,
        published_at=MONDAY if published else None,
    )
    add_line(
        found,
        procedure,
        content,
        policy=policy,
        action=action,
        mapping=mapping,
        settings=settings,
        published=published,
    )
    return found


def add_line(
    decision: ChangeSet,
    procedure: ProcedureVersion,
    content: ProcedureDefinition | None,
    *,
    policy: Policy = Policy.FINISH,
    action: ChangeAction = ChangeAction.AMENDED,
    mapping: Mapping[str, Any] | None = None,
    settings: LineSettings | None = None,
    published: bool = True,
) -> ChangeLine:
    """One more procedure that the decision changes."""
    assert decision.effective_at is not None
    made = _next_version(procedure, content, decision.effective_at) if published and content else None
    if published and action is not ChangeAction.PROCESS:
        ProcedureVersion.objects.filter(pk=procedure.pk).update(valid_to=decision.effective_at)
    line = ChangeLine.objects.create(
        change_set=decision,
        position=decision.lines.count() + 1,
        code=procedure.code,
        name=procedure.name,
        action=action.value,
        procedure=procedure.procedure,
        before_version=procedure,
        made_version=made,
        content=content.to_dict() if content else None,
        settings=settings.to_dict() if settings else {},
        policy=policy.value,
        mapping=dict(mapping or {}),
    )
    touch()
    return line


def ask(batch: MoveBatch, dossier: Dossier) -> DossierChange:
    """The row of a notice to an applicant who has not answered, without its letter."""
    line = batch.change_set.lines.get()
    assert batch.change_set.effective_at is not None
    return DossierChange.objects.create(
        dossier=dossier,
        change_line=line,
        batch=batch,
        decision=batch.change_set.number,
        effective_at=batch.change_set.effective_at,
        outcome="ask",
        reason="by_decision",
        at=batch.started_at,
    )


def _next_version(
    before: ProcedureVersion, content: ProcedureDefinition, valid_from: datetime
) -> ProcedureVersion:
    number = before.number + 1
    version = ProcedureVersion(
        id=version_id(content.display_code, number, content.digest),
        procedure=before.procedure,
        number=number,
        code=before.code,
        name=content.name,
        short_name=content.short_name,
        field=before.field,
        levels=[level.value for level in content.levels],
        definition=content.to_dict(),
        digest=content.digest,
        online_level=before.online_level,
        valid_from=valid_from,
        search_text=before.search_text,
        initials=before.initials,
        detailed=True,
        created_at=MONDAY,
    )
    version.save()
    return version

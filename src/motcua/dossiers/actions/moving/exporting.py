"""The list of a dry run for whoever takes it along; taking it along is written down."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from motcua.catalogue.queries import lines as change_lines
from motcua.dossiers import queries_moving
from motcua.dossiers.adapters.workbook import workbook
from motcua.kernel import audit
from motcua.kernel.actor import Actor
from motcua.kernel.clock import local


@transaction.atomic
def export_dry_run(
    *, actor: Actor, change_set_id: int, agency_id: int | None, now: datetime
) -> tuple[str, bytes]:
    """The number of the decision and a workbook of what would become of each dossier."""
    rows = queries_moving.exported(actor, change_set_id, agency_id=agency_id, now=now)
    number = change_lines.number_of(change_set_id)
    said = {"decision": number, "rows": len(rows)}
    audit.record(
        actor, "dossiers.moving_exported", subject_type="change_set", subject=number, data=said, at=now
    )
    columns = (
        _("Mã hồ sơ"),
        _("Thủ tục"),
        _("Cơ quan giải quyết"),
        _("Cách xử lý"),
        _("Lý do"),
        _("Hẹn trả"),
    )
    lines = (
        (
            row.code,
            row.procedure,
            row.unit,
            row.outcome.render(),
            row.reason,
            f"{local(row.due_at):%d/%m/%Y %H:%M}" if row.due_at else "",
        )
        for row in rows
    )
    return number, workbook(_("Hồ sơ chuyển tiếp"), columns, lines)

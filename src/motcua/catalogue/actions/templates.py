"""Configurations kept under a name."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from motcua.catalogue.models import ConfigurationTemplate
from motcua.catalogue.permissions import require_configure
from motcua.catalogue.queries.configuring import book
from motcua.catalogue.rules.grid.cells import text_of
from motcua.catalogue.rules.grid.columns import COPIED, RowKey
from motcua.kernel import audit
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Conflict, Invalid, NotFound
from motcua.kernel.messages import msg
from motcua.kernel.text import nfc
from motcua.organisation.types import UnitInfo

LONGEST_NAME = 120


@transaction.atomic
def save_template(*, actor: Actor, department: UnitInfo, name: str, key: RowKey, now: datetime) -> int:
    """Keep a row, as the draft has it, under a name of the department; gives its id.

    Raises NotAllowed, NotFound for a row of somebody else, Invalid without a name, Conflict when the name is taken.
    """
    require_configure(actor, department)
    name = nfc(name)
    if not name or len(name) > LONGEST_NAME:
        raise Invalid(msg("Đặt tên cho mẫu, nhiều nhất %(count)s chữ.", count=LONGEST_NAME), field="name")
    held = book(department, now, only={key.procedure_id})
    row = held.rows.get(key)
    if row is None:
        raise NotFound(msg("Không có dòng này trong phạm vi bạn cấu hình."))
    if ConfigurationTemplate.objects.filter(department_id=department.id, name=name).exists():
        raise Conflict(
            msg("Đơn vị đã có mẫu tên “%(name)s”. Đặt tên khác, hoặc xóa mẫu cũ trước.", name=name),
            field="name",
        )
    cells = {
        column.value: text_of(row, column, row.token(column), held.choices)
        for column in COPIED
        if column in row.columns
    }
    made = ConfigurationTemplate.objects.create(
        department_id=department.id,
        name=name,
        level=key.level,
        cells=cells,
        taken_from=f"{row.code} {row.name}"[:255],
        made_by_name=actor.name,
        made_at=now,
    )
    audit.record(
        actor,
        "catalogue.save_configuration_template",
        subject_type="configuration_template",
        subject=str(made.pk),
        data={"name": name, "department": department.code},
        at=now,
    )
    return made.pk


@transaction.atomic
def delete_template(*, actor: Actor, department: UnitInfo, template_id: int, now: datetime) -> None:
    """Take a template away; what was configured by it stays. Raises NotAllowed and NotFound."""
    require_configure(actor, department)
    found = ConfigurationTemplate.objects.filter(pk=template_id, department_id=department.id).first()
    if found is None:
        raise NotFound(msg("Không có mẫu cấu hình này."))
    audit.record(
        actor,
        "catalogue.delete_configuration_template",
        subject_type="configuration_template",
        subject=str(found.pk),
        data={"name": found.name, "department": department.code},
        at=now,
    )
    found.delete()

"""Having the record of a closed day signed: when it was closed before a certificate was there, or again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from motcua.documents import actions as documents
from motcua.kernel import audit
from motcua.kernel.actor import Actor
from motcua.kernel.errors import NotFound
from motcua.kernel.messages import msg
from motcua.organisation import queries as organisation
from motcua.payments.models import CashierDay
from motcua.payments.permissions import can_read, require_sign


@transaction.atomic
def sign_day(*, actor: Actor, day_id: int, now: datetime) -> CashierDay:
    """Ask for the signatures of a day's record; the day itself is closed whatever becomes of them.

    Raises `NotFound` for another unit's day and one without a record, `AlreadySigned`, `NobodyToSign`.
    """
    day = CashierDay.objects.select_for_update().filter(pk=day_id).first()
    if day is None or not can_read(actor, day.unit_id):
        raise NotFound(msg("Không có ngày thu đã khóa này ở đơn vị của bạn."))
    require_sign(actor, day.unit_id)
    if day.letter_id is None:
        raise NotFound(msg("Ngày này khóa trước khi có biên bản điện tử."))
    documents.ask_signing(letter_id=day.letter_id, now=now)
    audit.record(
        actor,
        "payments.record_signing_asked",
        subject_type="unit",
        subject=organisation.unit(day.unit_id).code,
        data={"day": str(day.day)},
        at=now,
    )
    return day

"""Setting what a resolution says about fees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from motcua.catalogue.errors import UnknownProcedure
from motcua.catalogue.models import FeeResolution
from motcua.catalogue.permissions import require_set_fees
from motcua.catalogue.queries.versions import versions_of
from motcua.catalogue.rules.fees.resolutions import ResolutionLine
from motcua.catalogue.snapshot import touch
from motcua.catalogue.types import Territory
from motcua.kernel import audit
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Conflict, Invalid
from motcua.kernel.messages import msg
from motcua.kernel.text import nfc

LONGEST_NUMBER = 80


@transaction.atomic
def set_fee_resolution(
    *,
    actor: Actor,
    number: str,
    signed_on: date,
    valid_from: date,
    lines: Sequence[Mapping[str, Any]],
    now: datetime,
    valid_to: date | None = None,
    territory: Territory = Territory.ALL,
    title: str = "",
) -> int:
    """Put a resolution in force for a territory; gives its id.

    `valid_from` may be before `signed_on`; `valid_to` is the first day without it. Set again with other content, the
    row before is withdrawn and kept; set again unchanged, nothing happens. Raises `NotAllowed`, `Invalid` with the line
    at fault, and `Conflict` when somebody set the same resolution at the same moment.
    """
    require_set_fees(actor)
    number = nfc(number)
    if not number or len(number) > LONGEST_NUMBER:
        raise Invalid(
            msg("Ghi số nghị quyết, nhiều nhất %(count)s chữ.", count=LONGEST_NUMBER), field="number"
        )
    if valid_to is not None and valid_to <= valid_from:
        raise Invalid(msg("Ngày hết hiệu lực phải sau ngày có hiệu lực."), field="valid_to")
    stored = _checked(lines)
    values = {
        "title": nfc(title)[:500],
        "signed_on": signed_on,
        "valid_to": valid_to,
        "lines": stored,
    }
    before = (
        FeeResolution.objects.select_for_update()
        .filter(number=number, territory=territory.value, valid_from=valid_from, withdrawn_at__isnull=True)
        .first()
    )
    if before is not None:
        if all(getattr(before, name) == value for name, value in values.items()):
            return before.pk
        before.withdrawn_at = now
        before.save(update_fields=["withdrawn_at"])
    try:
        with transaction.atomic():
            made = FeeResolution.objects.create(
                number=number,
                territory=territory.value,
                valid_from=valid_from,
                set_by_name=actor.name,
                set_at=now,
                **values,
            )
    except IntegrityError as error:
        raise Conflict(msg("Nghị quyết này vừa được người khác ghi. Mở lại rồi xem.")) from error
    touch()
    audit.record(
        actor,
        "catalogue.set_fee_resolution",
        subject_type="fee_resolution",
        subject=str(made.pk),
        data={
            "number": number,
            "territory": territory.value,
            "valid_from": valid_from.isoformat(),
            "valid_to": valid_to.isoformat() if valid_to else None,
            "lines": len(stored),
            "instead_of": before.pk if before else None,
        },
        at=now,
    )
    return made.pk


def _checked(lines: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The lines as they are stored. Raises `Invalid` naming the first that cannot be used."""
    if not lines:
        raise Invalid(msg("Nghị quyết phải có ít nhất một dòng."), field="lines")
    for place, data in enumerate(lines, 1):
        try:
            line = ResolutionLine.from_dict(data)
        except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
            raise Invalid(
                msg("Dòng %(line)s của nghị quyết không dùng được: %(why)s", line=place, why=str(error)),
                field="lines",
            ) from error
        for code in line.procedures:
            try:
                versions_of(code)
            except UnknownProcedure as refused:
                raise Invalid(
                    msg("Dòng %(line)s: không có thủ tục %(code)s.", line=place, code=code[:40]),
                    field="lines",
                ) from refused
    return [dict(data) for data in lines]

"""Setting what a resolution says about fees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from motcua.catalogue.errors import UnknownProcedure
from motcua.catalogue.events import FeeResolutionSet
from motcua.catalogue.models import FeeResolution, FeeResolutionDraft
from motcua.catalogue.permissions import require_approve_fees, require_set_fees
from motcua.catalogue.queries.versions import versions_of
from motcua.catalogue.rules.fees.resolutions import ResolutionLine
from motcua.catalogue.snapshot import touch
from motcua.catalogue.types import Territory
from motcua.kernel import audit, clock, outbox
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
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
    return _put_in_force(
        actor,
        number=number,
        signed_on=signed_on,
        valid_from=valid_from,
        lines=lines,
        now=now,
        valid_to=valid_to,
        territory=territory,
        title=title,
    )


@transaction.atomic
def end_fee_resolution(*, actor: Actor, resolution_id: int, valid_to: date, now: datetime) -> int:
    """The resolution counts up to the day before `valid_to`; gives the id of the row that says so."""
    require_set_fees(actor)
    row = FeeResolution.objects.filter(pk=resolution_id, withdrawn_at__isnull=True).first()
    if row is None:
        raise NotFound(msg("Không có nghị quyết này, hoặc đã được ghi lại."))
    return _put_in_force(
        actor,
        number=row.number,
        signed_on=row.signed_on,
        valid_from=row.valid_from,
        lines=row.lines,
        now=now,
        valid_to=valid_to,
        territory=Territory(row.territory),
        title=row.title,
    )


@transaction.atomic
def draft_fee_resolution(
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
    """Type a resolution for another person to put in force; refused where it could not be."""
    require_set_fees(actor)
    number = nfc(number)
    _refuse_head(number, valid_from, valid_to)
    if signed_on > clock.today(now):
        raise Invalid(msg("Ngày ký không thể ở sau hôm nay."), field="signed_on")
    made = FeeResolutionDraft.objects.create(
        number=number,
        title=nfc(title)[:500],
        signed_on=signed_on,
        valid_from=valid_from,
        valid_to=valid_to,
        territory=territory.value,
        lines=_checked(lines),
        drafted_by_id=actor.user_id,
        drafted_by_name=actor.name[:160],
        drafted_at=now,
    )
    _log(actor, "catalogue.fee_resolution_drafted", made, now)
    return made.pk


@transaction.atomic
def approve_fee_resolution(*, actor: Actor, draft_id: int, now: datetime) -> int:
    """Put in force what another person typed; gives the id of the resolution. Doing it again changes nothing."""
    require_approve_fees(actor)
    draft = _draft(draft_id)
    if draft.resolution_id is not None:
        return int(draft.resolution_id)
    if draft.decided_at is not None:
        raise Conflict(msg("Bản nháp này đã bị bỏ."))
    if actor.user_id is not None and actor.user_id == draft.drafted_by_id:
        raise NotAllowed(msg("Người soạn không tự duyệt được: cần người thứ hai."))
    draft.resolution_id = _put_in_force(
        actor,
        number=draft.number,
        signed_on=draft.signed_on,
        valid_from=draft.valid_from,
        lines=draft.lines,
        now=now,
        valid_to=draft.valid_to,
        territory=Territory(draft.territory),
        title=draft.title,
    )
    draft.decided_at, draft.decided_by_name = now, actor.name[:160]
    draft.save()
    _log(actor, "catalogue.fee_resolution_approved", draft, now)
    return int(draft.resolution_id)


@transaction.atomic
def discard_fee_draft(*, actor: Actor, draft_id: int, now: datetime) -> None:
    """The draft is not put in force; it is kept. Done already is fine."""
    require_approve_fees(actor)
    draft = _draft(draft_id)
    if draft.resolution_id is not None:
        raise Conflict(msg("Nghị quyết này đã được duyệt. Muốn thôi áp dụng, ghi ngày hết hiệu lực."))
    if draft.decided_at is None:
        draft.decided_at, draft.decided_by_name = now, actor.name[:160]
        draft.save()
        _log(actor, "catalogue.fee_resolution_discarded", draft, now)


def _draft(draft_id: int) -> FeeResolutionDraft:
    found = FeeResolutionDraft.objects.select_for_update().filter(pk=draft_id).first()
    if found is None:
        raise NotFound(msg("Không có bản nháp nghị quyết này."))
    return found


def _log(actor: Actor, action: str, draft: FeeResolutionDraft, now: datetime) -> None:
    said = {"number": draft.number, "territory": draft.territory, "valid_from": draft.valid_from.isoformat()}
    audit.record(actor, action, subject_type="fee_resolution_draft", subject=str(draft.pk), data=said, at=now)


def _put_in_force(
    actor: Actor,
    *,
    number: str,
    signed_on: date,
    valid_from: date,
    lines: Sequence[Mapping[str, Any]],
    now: datetime,
    valid_to: date | None,
    territory: Territory,
    title: str,
) -> int:
    number = nfc(number)
    _refuse_head(number, valid_from, valid_to)
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
    outbox.publish(FeeResolutionSet(resolution_id=made.pk, number=number, at=now.isoformat()), now=now)
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


def _refuse_head(number: str, valid_from: date, valid_to: date | None) -> None:
    if not number or len(number) > LONGEST_NUMBER:
        raise Invalid(
            msg("Ghi số nghị quyết, nhiều nhất %(count)s chữ.", count=LONGEST_NUMBER), field="number"
        )
    if valid_to is not None and valid_to <= valid_from:
        raise Invalid(msg("Ngày hết hiệu lực phải sau ngày có hiệu lực."), field="valid_to")


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

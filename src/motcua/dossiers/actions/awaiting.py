"""Processing waits for money where the procedure says so (Decree 118/2025 Art. 24), and goes on when it came."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from motcua.catalogue import queries as catalogue
from motcua.dossiers.actions import timing
from motcua.dossiers.actions.loading import Locked, lock, lock_for
from motcua.dossiers.actions.process import end_wait, own_waits, still_owed
from motcua.dossiers.actions.timing import BILLS, NOTICE
from motcua.dossiers.events import PaymentAwaited, PaymentSettled
from motcua.dossiers.models import Dossier
from motcua.dossiers.rules import lifecycle
from motcua.dossiers.rules.deadline import PauseMode
from motcua.dossiers.types import Act, Status
from motcua.kernel import audit, outbox
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Conflict, Invalid, NotFound
from motcua.kernel.messages import msg
from motcua.kernel.text import grouped, nfc
from motcua.payments import queries as payments
from motcua.workflow.rules.definition import StepKind


@transaction.atomic
def await_payment(*, actor: Actor, code: str, note: str, now: datetime) -> Dossier:
    """Ask for the money and let the clock stand: status 6, with a clock event.

    With something owed here the wait ends by itself when it is paid. Without (land: the notice of the tax office)
    `note` says what is awaited, and a person writes down that it was paid. Refuses procedures that wait for no money.
    """
    locked = lock_for(Act.AWAIT_PAYMENT, actor, code)
    dossier = locked.dossier
    standing = payments.standing(code)
    if standing.settled and not nfc(note):
        raise Invalid(
            msg("Hồ sơ không còn khoản nào phải nộp ở đây. Ghi nghĩa vụ phải nộp và số thông báo, nếu có."),
            field="note",
        )
    reason = (
        msg("Chờ nộp phí, lệ phí %(amount)s đồng", amount=grouped(standing.owed)).source()
        if standing.owed
        else msg("Chờ thực hiện nghĩa vụ tài chính").source()
    )
    if nfc(note):
        reason = f"{reason}: {nfc(note)}"
    timing.wait(
        actor, dossier, reason=reason, payment=True, now=now, awaits=BILLS if standing.owed else NOTICE
    )
    _asked(actor, locked, owed=standing.owed, note=nfc(note), now=now)
    return dossier


def wait_again(actor: Actor, locked: Locked, *, reason: str, at: datetime, now: datetime) -> None:
    """A locked dossier under way waits for its bills once more: what it was let on for was taken back at `at`.

    The clock stands from then on; what it ran meanwhile stays counted. No appointment ends by it.
    """
    owed = payments.standing(locked.dossier.code).owed
    said = msg(
        "Chờ nộp lại phí, lệ phí %(amount)s đồng, khoản đã ghi bị hủy: %(reason)s",
        amount=grouped(owed),
        reason=reason,
    ).source()
    timing.pause(actor, locked.dossier, reason=said, mode=PauseMode.EXTEND, now=at, awaits=BILLS)
    _asked(actor, locked, owed=owed, note=reason, now=now)


def waits_for_money(dossier: Dossier) -> bool:
    """Whether processing does not go on without the money: the procedure says so, or it has waited for its bills."""
    if catalogue.definition(dossier.procedure_version_id).payment_pause:
        return True
    return any(data.get("awaits") == BILLS for data in dossier.clock_events.values_list("data", flat=True))


def _asked(actor: Actor, locked: Locked, *, owed: int, note: str, now: datetime) -> None:
    """The clock stands: the status, the desks, the log and what follows."""
    dossier = locked.dossier
    _turn(dossier, "await_payment", now)
    timing.shift_tasks(dossier, locked.tasks)
    said = {"owed": owed, "note": note}
    audit.record(
        actor, "dossiers.payment_awaited", subject_type="dossier", subject=dossier.code, data=said, at=now
    )
    outbox.publish(
        PaymentAwaited(
            dossier_id=dossier.pk,
            code=dossier.code,
            national_status=dossier.state.national_code,
            at=now,
            owed=owed,
        ),
        now=now,
    )


@transaction.atomic
def payment_done(*, actor: Actor, code: str, note: str, now: datetime) -> Dossier:
    """Write down that what was awaited was paid elsewhere (`note`: the paper that proves it); the clock goes on."""
    locked = lock_for(Act.PAYMENT_DONE, actor, code)
    if not nfc(note):
        raise Invalid(msg("Ghi chứng từ đã nộp: số, ngày, nơi nộp."), field="note")
    if timing.awaits(locked.dossier) == BILLS and not payments.standing(code).settled:
        raise still_owed()
    if any(task.kind == StepKind.WAIT.value for task in locked.tasks):
        raise Conflict(msg("Hồ sơ đang ở bước chờ của quy trình: hoàn thành bước đó để đi tiếp."))
    _go_on(actor, locked, reason=nfc(note), at=now, now=now)
    return locked.dossier


@transaction.atomic
def resume_when_paid(*, code: str, at: datetime, now: datetime) -> bool:
    """Let a dossier that waits for our bills go on once nothing is owed; whether it did. `at`: when the money came.

    A step of its process that waits for them is completed. Asked again, or for a dossier that waits for something else,
    nothing happens.
    """
    actor = Actor.system("Thu phí, lệ phí")
    try:
        locked = lock(actor, code)
    except NotFound:  # a bill of something else than a dossier
        return False
    dossier = locked.dossier
    waits = own_waits(locked) if dossier.state is Status.AWAITING_PAYMENT else []
    if dossier.state is not Status.AWAITING_PAYMENT or (not waits and timing.awaits(dossier) != BILLS):
        return False
    standing = payments.standing(code)
    if not standing.settled or (waits and not standing.bills):
        return False
    reason = msg("Đã nộp đủ phí, lệ phí %(amount)s đồng", amount=grouped(standing.paid)).source()
    if waits:
        return end_wait(actor, locked, waits[0], note=reason, at=at, now=now)
    _go_on(actor, locked, reason=reason, at=at, now=now)
    return True


def _go_on(actor: Actor, locked: Locked, *, reason: str, at: datetime, now: datetime) -> None:
    dossier = locked.dossier
    paused_at = dossier.paused_since
    event = timing.resume(actor, dossier, reason=reason, now=at)
    _turn(dossier, "payment_done", now)
    timing.shift_tasks(dossier, locked.tasks, paused_at=paused_at, resumed_at=event.at)
    audit.record(
        actor,
        "dossiers.payment_done",
        subject_type="dossier",
        subject=dossier.code,
        data={"reason": reason},
        at=now,
    )
    outbox.publish(
        PaymentSettled(
            dossier_id=dossier.pk, code=dossier.code, national_status=dossier.state.national_code, at=now
        ),
        now=now,
    )


def _turn(dossier: Dossier, act: str, now: datetime) -> None:
    dossier.status = lifecycle.next_status(act, dossier.status) or dossier.status
    timing.refresh(dossier, now)
    dossier.save(update_fields=["status", *timing.DUE_FIELDS])

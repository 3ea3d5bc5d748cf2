"""What the applicant chose when a decision changed their procedure."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from motcua.catalogue.queries import lines as change_lines
from motcua.dossiers import permissions
from motcua.dossiers.actions.moving import applying
from motcua.dossiers.actions.moving.images import fingerprints
from motcua.dossiers.events import MovedByDecision
from motcua.dossiers.models import Dossier, DossierChange
from motcua.dossiers.queries import visible_to
from motcua.dossiers.queries_moving_plan import Planner
from motcua.dossiers.queries_page_facts import change_line
from motcua.dossiers.rules import moving_words
from motcua.dossiers.rules.moving import Outcome
from motcua.kernel import audit, clock, outbox
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Conflict, Invalid, NotFound
from motcua.kernel.messages import msg
from motcua.kernel.text import nfc


@transaction.atomic
def record_choice(
    *, actor: Actor, change_id: int, choice: str, chosen_on: date, note: str, now: datetime
) -> DossierChange:
    """Write down the applicant's choice ("convert" or "finish") and the day they made it; converting happens at once.

    Recorded once. Raises NotFound for what the actor may not see, Invalid for a day before the notice or to come,
    Conflict when the dossier can no longer be converted.
    """
    change, counts = _asked(actor, change_id)
    if choice not in moving_words.CHOICES:
        raise Invalid(msg("Chọn một trong hai cách giải quyết."), field="choice")
    if not clock.today(change.at) <= chosen_on <= clock.today(now):
        raise Invalid(
            msg(
                "Ngày lựa chọn phải từ %(from)s đến hôm nay.",
                **{"from": f"{clock.today(change.at):%d/%m/%Y}"},
            ),
            field="chosen_on",
        )
    dossier = change.dossier
    change.choice, change.chosen_on, change.chosen_at = choice, chosen_on, now
    change.chosen_by_id, change.choice_note = actor.user_id, nfc(note)[:500]
    if choice == "convert":
        if not counts:
            raise Conflict(
                msg(
                    "%(number)s đã được hoàn tác nên hồ sơ không chuyển sang quy định mới nữa.",
                    number=change.decision,
                )
            )
        _convert(actor, change, now)
        change.after = fingerprints([dossier])[dossier.pk]
    change.save()
    said = {
        "decision": change.decision,
        "text": change_line(change).source(),
        "since": chosen_on,
        "note": change.choice_note,
    }
    audit.record(
        actor, "dossiers.choice_recorded", subject_type="dossier", subject=dossier.code, data=said, at=now
    )
    outbox.publish(
        MovedByDecision(
            dossier_id=dossier.pk, code=dossier.code, national_status=dossier.state.national_code, at=now
        ),
        now=now,
    )
    return change


def _asked(actor: Actor, change_id: int) -> tuple[DossierChange, bool]:
    """A change that asks, seen by this actor, its dossier and itself under lock; and whether its decision counts.

    The decision is held before the dossier, as a run over all of them does.
    """
    change = DossierChange.objects.filter(pk=change_id, outcome=Outcome.ASK.value).first()
    if change is None or not visible_to(actor).filter(pk=change.dossier_id).exists():
        raise NotFound(msg("Không có thông báo này trong phạm vi của bạn."))
    counts = change_lines.hold_published(change_lines.line(change.change_line_id).change_set_id)
    change.dossier = (
        Dossier.objects.select_for_update(of=("self",)).select_related("run").get(pk=change.dossier_id)
    )
    change.refresh_from_db(fields=["choice", "undone_at", "made"])
    permissions.can_record_choice(actor, change.dossier).or_raise()
    if change.undone_at is not None:
        raise Conflict(msg("Thông báo này đã được hoàn tác, không ghi lựa chọn nữa."))
    if change.choice:
        raise Conflict(msg("Lựa chọn của người nộp đã được ghi rồi."))
    return change, counts


def _convert(actor: Actor, change: DossierChange, now: datetime) -> None:
    line = change_lines.line(change.change_line_id)
    planned = Planner(line.change_set_id, now).converted(change.dossier, line)
    if planned.plan.outcome is not Outcome.CONVERT:
        raise Conflict(
            msg(
                "Hồ sơ không chuyển sang quy định mới được nữa: %(reason)s.",
                reason=moving_words.REASONS[planned.plan.reason],
            )
        )
    change.kept = [kept.value for kept in planned.plan.kept]
    applying.convert(actor, change, planned, now)

"""What the counter writes: receptions (through the dossiers context, with the draft gone) and drafts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import IntegrityError, transaction

from motcua.counter import queries_drafts
from motcua.counter.models import ReceptionDraft
from motcua.counter.permissions import officer_id, require_seat
from motcua.dossiers import actions as dossiers
from motcua.dossiers.types import BulkOutcome, HandOverData, PaperGiven, Reception
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Conflict, Invalid, Refused
from motcua.kernel.messages import msg

DRAFT_MAX_VALUES, DRAFT_MAX_LENGTH = 600, 4000
DRAFTS_KEPT = timedelta(days=3)
DraftData = Mapping[str, Sequence[str]]
P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a form: the dossier's code, the letter to print, whether it had been saved before."""

    code: str
    letter_id: int
    repeated: bool


def pressed_twice(act: Callable[P, R]) -> Callable[P, R]:
    """The second of two presses in one moment meets the first one's key; asked again, it gets the first answer."""

    @wraps(act)
    def acted(*args: P.args, **given: P.kwargs) -> R:
        try:
            return act(*args, **given)
        except IntegrityError:
            return act(*args, **given)

    return acted


@pressed_twice
@transaction.atomic
def receive(*, actor: Actor, reception: Reception, now: datetime) -> Saved:
    """Receive the dossier and drop the draft it was typed in. Raises the refusals of `receive_dossier`."""
    received = dossiers.receive_dossier(actor=actor, reception=reception, now=now)
    return _saved(actor, reception, received)


@pressed_twice
@transaction.atomic
def ask_for_papers(
    *,
    actor: Actor,
    reception: Reception,
    items: Sequence[dossiers.SupplementItem],
    reason: str,
    respond_by: date | None,
    now: datetime,
) -> Saved:
    """Form 02: keep the dossier waiting for what is missing, and drop the draft."""
    if not items:
        raise Invalid(
            msg(
                "Chưa đánh dấu giấy tờ nào thiếu. Đánh dấu Thiếu ở giấy tờ đó, "
                "hoặc ghi nội dung cần bổ sung ở ô bên cạnh."
            ),
            field="items",
        )
    received = dossiers.request_intake_supplement(
        actor=actor, reception=reception, items=items, reason=reason, respond_by=respond_by, now=now
    )
    return _saved(actor, reception, received)


@pressed_twice
@transaction.atomic
def refuse(*, actor: Actor, reception: Reception, reason: str, now: datetime) -> Saved:
    """Form 03: refuse the reception with its reason, and drop the draft."""
    received = dossiers.refuse_reception(actor=actor, reception=reception, reason=reason, now=now)
    return _saved(actor, reception, received)


@transaction.atomic
def complete_intake(*, actor: Actor, code: str, papers: Sequence[PaperGiven], now: datetime) -> Saved:
    """The person came back with what form 02 asked for."""
    received = dossiers.receive_after_intake(actor=actor, code=code, papers=tuple(papers), now=now)
    return Saved(received.dossier.code, received.letter.pk, received.repeated)


def hand_over_all(
    *, actor: Actor, codes: Sequence[str], data_for: Callable[[str], HandOverData], now: datetime
) -> list[BulkOutcome]:
    """Hand several results to one person; each in its own transaction, so that one refusal stops no other."""
    outcomes = []
    for code in codes:
        try:
            dossiers.hand_over_result(actor=actor, code=code, data=data_for(code), now=now)
        except Refused as refused:
            outcomes.append(BulkOutcome(code, ok=False, message=refused.message.render()))
        else:
            outcomes.append(BulkOutcome(code, ok=True))
    return outcomes


@transaction.atomic
def save_draft(*, actor: Actor, unit_id: int, key: str, data: DraftData, now: datetime) -> bool:
    """Keep a form as it stands (one row a form); old drafts go. Not audited: nothing has happened.

    False for a form that has become a dossier: a late draft must not bring the person back.
    """
    require_seat(actor, unit_id)
    if not key or len(key) > 64:
        raise Invalid(msg("Bản nháp không có khóa. Hãy tải lại trang."))
    if sum(len(values) for values in data.values()) > DRAFT_MAX_VALUES:
        raise Invalid(msg("Bản nháp quá lớn, không giữ được."))
    if queries_drafts.code_saved_under(actor, key) is not None:
        ReceptionDraft.objects.filter(user_id=officer_id(actor), key=key).delete()
        return False
    kept = {
        name[:80]: [value[:DRAFT_MAX_LENGTH] for value in values]
        for name, values in data.items()
        if name not in NEVER_KEPT
    }
    ReceptionDraft.objects.update_or_create(
        user_id=officer_id(actor), key=key, defaults={"unit_id": unit_id, "data": kept, "updated_at": now}
    )
    ReceptionDraft.objects.filter(user_id=officer_id(actor), updated_at__lt=now - DRAFTS_KEPT).delete()
    return True


@transaction.atomic
def discard_draft(*, actor: Actor, key: str) -> None:
    """Throw a draft away, and what the same person left at that counter before it; gone already is fine."""
    mine = ReceptionDraft.objects.filter(user_id=officer_id(actor))
    draft = mine.filter(key=key).first()
    if draft is not None:
        mine.filter(unit_id=draft.unit_id, updated_at__lte=draft.updated_at).delete()


NEVER_KEPT = frozenset({"csrfmiddlewaretoken", "scan", "do", "q"})


def _saved(actor: Actor, reception: Reception, received: dossiers.Received) -> Saved:
    if received.repeated:
        _require_same(reception, received)
    if reception.idempotency_key:
        ReceptionDraft.objects.filter(user_id=officer_id(actor), key=reception.idempotency_key).delete()
    return Saved(received.dossier.code, received.letter.pk, received.repeated)


def _require_same(reception: Reception, received: dossiers.Received) -> None:
    """A second press is answered as the first; a changed form must not vanish behind the first answer."""
    dossier = received.dossier
    typed = (reception.procedure_version_id, reception.owner.id_number)
    if typed != (dossier.procedure_version_id, dossier.owner_id_number):
        raise Conflict(
            msg(
                "Trang này đã lưu thành hồ sơ %(code)s của %(owner)s, nhưng nội dung đang nhập thì khác. "
                "Nội dung vẫn còn: bấm lần nữa để lưu thành một hồ sơ mới.",
                code=dossier.code,
                owner=dossier.owner_name,
            ),
            code="form_used",
        )

"""Having letters signed: asked for in the transaction that issues them, done by a job, never in anybody's way.

A signature is made outside every transaction and written under a lock: whoever comes second, or again after a kill,
finds it there. What cannot be signed says why and is tried again; the letter is as good as it was without.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.utils import InterfaceError, OperationalError

from motcua.documents.actions.files import keep_made
from motcua.documents.errors import AlreadySigned, NobodyToSign, SigningNotFound
from motcua.documents.events import LetterSigned
from motcua.documents.letters import kinds, render_payload
from motcua.documents.models import Letter, Signature, Signing, StoredFile
from motcua.documents.rules import signing as rules
from motcua.documents.rules.signing import CannotSign, Place, Problem
from motcua.documents.signing import signers
from motcua.documents.types_signing import SigningState
from motcua.kernel import audit, outbox, rows
from motcua.kernel.accounts.queries import usernames
from motcua.kernel.actor import Actor

if TYPE_CHECKING:
    from motcua.documents.signing.putting import Signed

log = logging.getLogger("motcua.signing")
SIGN = "documents.sign"
ACTOR = "Ký số"
SAFETY = timedelta(minutes=15)
"""A job that ended without a word is asked for again after this."""
TOGETHER = 200


def sign_when_declared(letter: Letter, *, now: datetime) -> Signing | None:
    """Ask for the signatures of a letter that was just issued, in its transaction; nothing where nobody is declared.

    A declaration that cannot be read never stops a letter: the request waits with the reason.
    """
    try:
        places = _places(letter)
    except CannotSign as error:
        return _waiting(letter, (), now, problem=error.problem)
    return _waiting(letter, places, now) if places else None


@transaction.atomic
def ask_signing(*, letter_id: int, now: datetime) -> Signing:
    """Ask for the signatures of an older letter, or again for what could not be signed. The caller audits.

    Until the first signature is put the places are planned anew. Raises `AlreadySigned`, `NobodyToSign`.
    """
    letter = Letter.objects.select_for_update(of=("self",)).get(pk=letter_id)
    found = Signing.objects.select_for_update().filter(letter=letter).first()
    if found is not None and found.state == SigningState.SIGNED:
        raise AlreadySigned
    if found is not None and found.signatures.filter(signed_at__isnull=False).exists():
        return _again(found, now)
    if found is not None:
        found.delete()
    asked = None if letter.cancelled_at else sign_when_declared(letter, now=now)
    if asked is None:
        raise NobodyToSign
    return asked


@transaction.atomic
def retry_signing(*, actor: Actor, signing_id: int, now: datetime) -> Signing:
    """Try at once what waits or is stuck; audited. Raises `SigningNotFound` and what `ask_signing` raises."""
    found = Signing.objects.select_related("letter").filter(pk=signing_id).first()
    if found is None:
        raise SigningNotFound
    asked = ask_signing(letter_id=found.letter_id, now=now)
    said = {"kind": found.letter.kind, "document": found.letter.subject}
    _audit(actor, "documents.signing_asked", found.letter, said, now)
    return asked


@transaction.atomic
def sign_waiting(*, now: datetime) -> int:
    """Ask for every signing whose time has come, once for each time; called by the clock. Returns how many.

    The next time is set at once, so that a job that never came to its end is asked for again.
    """
    due = Signing.objects.filter(state__in=[SigningState.WAITING, SigningState.STUCK], next_try_at__lte=now)
    found = list(due.order_by("next_try_at", "pk").values_list("pk", "next_try_at")[:TOGETHER])
    for signing_id, at in found:
        outbox.enqueue(
            SIGN, {"signing_id": signing_id}, now=now, key=f"{SIGN}:{signing_id}:{at:%Y%m%d%H%M%S}"
        )
    Signing.objects.filter(pk__in=[pk for pk, _at in found]).update(next_try_at=now + SAFETY)
    return len(found)


def sign_letter(*, signing_id: int, now: datetime) -> str:
    """Put the signatures that are still missing, in their order. Running it again puts none twice.

    Returns the state it left. What cannot be signed is noted with the time of the next try.
    """
    try:
        while (found := _open(signing_id)) is not None:
            if found.unsigned_id is None:
                _keep_unsigned(found, now)
            missing = found.signatures.filter(signed_at__isnull=True).order_by("position").first()
            if missing is None:
                _plan(found, now)
                continue
            _sign(found, missing, now)
    except CannotSign as error:
        return _note(signing_id, error.problem, now)
    except (OperationalError, InterfaceError):
        raise  # the database is away: nobody's certificate is at fault
    except Exception as error:
        log.exception("signing %s failed", signing_id)
        return _note(signing_id, Problem("unexpected", {"why": type(error).__name__}), now)
    return str(SigningState.SIGNED)


def _places(letter: Letter) -> tuple[Place, ...]:
    kind = kinds.all_kinds().get(letter.kind)
    if kind is None or not kind.signers:
        return ()
    able = signers.declared()
    if not able:
        return ()
    people = {"officer": letter.issued_by_id, **(letter.people or {})}
    names = usernames(filter(None, people.values())) if any(signer.person for signer in able) else {}
    return rules.places(
        kind.signers,
        kind=letter.kind,
        people={role: names[user_id] for role, user_id in people.items() if user_id in names},
        units=signers.codes_of(letter.unit_id),
        signers=able,
    )


def _waiting(
    letter: Letter, places: tuple[Place, ...], now: datetime, *, problem: Problem | None = None
) -> Signing:
    made = rows.insert(
        Signing(
            letter=letter,
            state=SigningState.STUCK.value if problem else SigningState.WAITING.value,
            problem=problem.code if problem else "",
            problem_values=dict(problem.values) if problem else {},
            asked_at=now,
            next_try_at=now + SAFETY,
        )
    )
    _insert(made, places)
    outbox.enqueue(SIGN, {"signing_id": made.pk}, now=now)
    return made


def _insert(found: Signing, places: tuple[Place, ...]) -> None:
    rows.insert_all(
        [
            Signature(signing=found, position=position, role=place.role.value, signer=place.signer.key[:120])
            for position, place in enumerate(places)
        ]
    )


def _again(found: Signing, now: datetime) -> Signing:
    found.state, found.problem, found.problem_values = SigningState.WAITING.value, "", {}
    found.next_try_at = now + SAFETY
    found.save(update_fields=["state", "problem", "problem_values", "next_try_at"])
    outbox.enqueue(SIGN, {"signing_id": found.pk}, now=now)
    return found


def _open(signing_id: int) -> Signing | None:
    """The signing as it is now, unless it is done, gone, or its letter was cancelled meanwhile."""
    found = Signing.objects.select_related("letter", "unsigned").filter(pk=signing_id).first()
    if found is None or found.state == SigningState.SIGNED:
        return None
    if found.letter.cancelled_at is not None:
        Signing.objects.filter(pk=signing_id).update(next_try_at=None)
        return None
    return found


def _keep_unsigned(found: Signing, now: datetime) -> None:
    content = render_payload(found.letter.data, version=found.letter.template_version)
    stored = keep_made(content=content, now=now)
    Signing.objects.filter(pk=found.pk, unsigned__isnull=True).update(unsigned=stored)
    found.refresh_from_db(fields=["unsigned"])


@transaction.atomic
def _plan(found: Signing, now: datetime) -> None:
    """A request that could not be planned when it was made: now, or never when nobody is declared any more."""
    locked = Signing.objects.select_for_update().select_related(None).get(pk=found.pk)
    if locked.signatures.exists():
        return
    places = _places(found.letter)
    if places:
        _insert(locked, places)
    else:
        locked.delete()


def _sign(found: Signing, missing: Signature, now: datetime) -> None:
    from motcua.documents.signing import putting

    signed = putting.sign(found, missing, timestamp_url=str(settings.TSA_URL), now=now, keep=_keep_work)
    _put(missing, signed, keep_made(content=signed.content, now=now), now)


@transaction.atomic
def _keep_work(signature: Signature, prepared: bytes | None, work: Mapping[str, object] | None) -> None:
    """What a remote signer works on, committed before it is told: a kill in between asks it for the same."""
    locked = Signature.objects.select_for_update().get(pk=signature.pk)
    if locked.signed_at is not None:
        return
    locked.prepared = prepared
    locked.work = dict(work) if work is not None else None
    if prepared is None:
        locked.round += 1
    locked.save(update_fields=["prepared", "work", "round"])
    signature.prepared, signature.work, signature.round = locked.prepared, locked.work, locked.round


@transaction.atomic
def _put(signature: Signature, signed: Signed, stored: StoredFile, now: datetime) -> None:
    found = Signing.objects.select_for_update().select_related(None).get(pk=signature.signing_id)
    locked = Signature.objects.select_for_update().get(pk=signature.pk)
    if locked.signed_at is not None:
        return
    said = signed.certificate
    locked.name, locked.issuer, locked.serial = said.name[:200], said.issuer[:200], said.serial[:80]
    locked.is_demo, locked.is_timestamped = said.is_demo, signed.is_timestamped
    locked.file, locked.signed_at, locked.prepared, locked.work = stored, now, None, None
    locked.save()
    found.signed = stored
    done = not found.signatures.filter(signed_at__isnull=True).exists()
    if done:
        found.state, found.signed_at, found.next_try_at = SigningState.SIGNED.value, now, None
        found.problem, found.problem_values = "", {}
    found.save()
    letter = Letter.objects.defer("data").get(pk=found.letter_id)
    data = {
        "kind": letter.kind,
        "document": letter.subject,
        "role": locked.role,
        "name": locked.name,
        "serial": locked.serial,
        "sha256": stored.sha256,
    }
    _audit(Actor.system(ACTOR), "documents.letter_signed", letter, data, now)
    if done:
        outbox.publish(
            LetterSigned(letter_id=letter.pk, subject=letter.subject, sha256=stored.sha256), now=now
        )


@transaction.atomic
def _note(signing_id: int, problem: Problem, now: datetime) -> str:
    found = Signing.objects.select_for_update().filter(pk=signing_id).first()
    if found is None or found.state == SigningState.SIGNED:
        return found.state if found else ""
    found.attempts += 1
    found.state = (SigningState.STUCK if problem.needs_somebody else SigningState.WAITING).value
    changed = (found.problem, found.problem_values) != (problem.code, dict(problem.values))
    found.problem, found.problem_values = problem.code, dict(problem.values)
    found.next_try_at = rules.next_try(problem, attempts=found.attempts, now=now)
    found.save()
    if changed and problem.needs_somebody:
        letter = Letter.objects.defer("data").get(pk=found.letter_id)
        said = {"kind": letter.kind, "document": letter.subject, "reason": problem.message.source()}
        _audit(Actor.system(ACTOR), "documents.signing_stuck", letter, said, now)
    return found.state


def _audit(actor: Actor, action: str, letter: Letter, data: Mapping[str, object], now: datetime) -> None:
    audit.record(actor, action, subject_type="letter", subject=letter.number_text, data=data, at=now)

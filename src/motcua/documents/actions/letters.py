"""Issuing and cancelling letters."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from motcua.documents.actions.numbers import next_numbers
from motcua.documents.actions.signing import sign_when_declared
from motcua.documents.errors import LetterAlreadyCancelled, LetterNotFound
from motcua.documents.letters import TEMPLATE_VERSION, payload_for
from motcua.documents.letters.kinds import letter_kind
from motcua.documents.models import Letter
from motcua.documents.types import LetterData
from motcua.kernel import rows
from motcua.kernel.clock import local


def letter_series(*, unit_id: int, kind: str, now: datetime) -> str:
    """The key of the series a letter is numbered in: per unit, kind and Vietnamese calendar year."""
    return f"letter:{unit_id}:{kind}:{local(now).year}"


def next_letter_number(*, unit_id: int, kind: str, now: datetime) -> int:
    """The next number for one letter. An act that needs several series asks `next_numbers` once instead."""
    key = letter_series(unit_id=unit_id, kind=kind, now=now)
    return next_numbers([key])[key]


@transaction.atomic(savepoint=False)
def issue_letter(
    *,
    kind: str,
    unit_id: int,
    subject: str,
    data: LetterData,
    number: int,
    issued_by: int | None,
    now: datetime,
    people: Mapping[str, int | None] | None = None,
) -> Letter:
    """Write the letter's snapshot (one INSERT). The caller has taken `number` from `letter_series` and
    audits. `people` are the accounts that sign it by place (`rules.signing.Role`); the officer is `issued_by`.
    Where somebody is declared to sign, the signatures are asked for in the same transaction.

    Raises UnknownLetterKind. The number's text uses the sign in the letter's head.
    """
    year = local(now).year
    number_text = letter_kind(kind).number_text(number=number, year=year, sign=data.head.sign)
    letter = rows.insert(
        Letter(
            kind=kind,
            number=number,
            number_text=number_text,
            year=year,
            unit_id=unit_id,
            subject=subject,
            data=payload_for(kind, data, number_text=number_text, issued_at=now),
            template_version=TEMPLATE_VERSION,
            issued_at=now,
            issued_by_id=issued_by,
            people={role: user for role, user in (people or {}).items() if user is not None} or None,
        )
    )
    sign_when_declared(letter, now=now)
    return letter


@transaction.atomic
def cancel_letter(*, letter_id: int, reason: str, cancelled_by: int | None, now: datetime) -> Letter:
    """Mark a letter as cancelled; its number stays used. Raises LetterNotFound, LetterAlreadyCancelled."""
    letter = Letter.objects.select_for_update().filter(pk=letter_id).first()
    if letter is None:
        raise LetterNotFound
    if letter.cancelled_at is not None:
        raise LetterAlreadyCancelled
    letter.cancelled_at = now
    letter.cancelled_by_id = cancelled_by
    letter.cancel_reason = reason
    letter.save(update_fields=["cancelled_at", "cancelled_by", "cancel_reason"])
    return letter

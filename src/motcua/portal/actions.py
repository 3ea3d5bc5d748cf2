"""What a stranger may do: look at a dossier they hold the key of. Every look is counted and recorded."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction

from motcua.dossiers import queries_tracking
from motcua.kernel import audit, ratelimit
from motcua.kernel.actor import Actor
from motcua.kernel.errors import NotFound
from motcua.kernel.messages import msg
from motcua.payments import actions as paying
from motcua.payments import queries as payments
from motcua.portal import queries
from motcua.portal.queries import TrackingPage
from motcua.portal.queries_paying import PayingPage, paying_page
from motcua.portal.rules.check import code_of, digits_of, fits

MINUTE, HOUR = 60, 3600
# Four digits are few: an hour's tries for one dossier are capped too, so that trying them all takes weeks.
TRIES_AN_HOUR = 3
# Opening by QR cannot be guessed; this only keeps the log from being filled.
PAGES_A_MINUTE = 12
PAYING_A_MINUTE = 6
UNKNOWN = msg(
    "Không tìm thấy hồ sơ khớp với mã và 4 số này. Kiểm tra lại trên giấy tiếp nhận hồ sơ, "
    "hoặc quét mã QR trên giấy đó."
)
NO_SUCH_PAGE = msg("Đường dẫn này không mở được hồ sơ nào. Quét lại mã QR trên giấy tiếp nhận hồ sơ.")


def look_up(*, actor: Actor, code: str, check: str, now: datetime) -> str:
    """The token of the dossier with this code, if `check` ends one of its owner's or submitter's numbers.

    Raises `NotFound` with one sentence for unknown codes and wrong digits alike, `TooMany` past the limits of the
    address (settings.TRACKING_LIMIT a minute) and of the code.
    """
    code, digits = code_of(code), digits_of(check)
    limit = settings.TRACKING_LIMIT
    # Outside the transaction below: a refusal must not undo the count.
    ratelimit.check(f"track:ip:{actor.ip}", limit=limit, seconds=MINUTE, now=now)
    ratelimit.check(f"track:code:{code}", limit=limit, seconds=MINUTE, now=now)
    ratelimit.check(f"track:hour:{code}", limit=limit * TRIES_AN_HOUR, seconds=HOUR, now=now)
    key = queries_tracking.key_of(code)
    fitting = fits(digits, key.numbers if key else ())
    action = "portal.looked_up" if fitting else "portal.look_up_refused"
    audit.record(actor, action, subject_type="dossier", subject=code, at=now)
    if key is None or not fitting:
        raise NotFound(UNKNOWN, field="code")
    return key.token


def track(*, actor: Actor, token: str, now: datetime) -> TrackingPage:
    """The page of a token; the look is recorded. Raises `NotFound`, or `TooMany` past the address's limit."""
    _count(actor, now)
    return _read(actor, token, now)


@transaction.atomic
def _read(actor: Actor, token: str, now: datetime) -> TrackingPage:
    page = queries.tracking_page(token, now)
    if page is None:
        raise NotFound(NO_SUCH_PAGE)
    audit.record(actor, "portal.tracked", subject_type="dossier", subject=page.code, at=now)
    return page


def look_at_bills(*, actor: Actor, token: str, now: datetime) -> PayingPage:
    """What the dossier of a token owes and how to pay it; the look is recorded. Raises `NotFound`, `TooMany`."""
    _count(actor, now)
    page = paying_page(token, now)
    if page is None:
        raise NotFound(NO_SUCH_PAGE)
    audit.record(actor, "portal.tracked", subject_type="dossier", subject=page.code, at=now)
    return page


def pay_online(*, actor: Actor, token: str, bill_id: int, now: datetime) -> str:
    """The address where a bill of the token's dossier can be paid. Raises `NotFound`, `TooMany`, and what
    `payments.actions.pay_online` refuses.
    """
    _count(actor, now)
    code = queries_tracking.code_of_token(token)
    if code is None or bill_id not in {bill.pk for bill in payments.bills_of(code)}:
        raise NotFound(NO_SUCH_PAGE)
    ratelimit.check(f"pay:{token}", limit=PAYING_A_MINUTE, seconds=MINUTE, now=now)
    return paying.pay_online(actor=actor, bill_id=bill_id, now=now)


def _count(actor: Actor, now: datetime) -> None:
    limit = settings.TRACKING_LIMIT * PAGES_A_MINUTE
    ratelimit.check(f"track:page:{actor.ip}", limit=limit, seconds=MINUTE, now=now)

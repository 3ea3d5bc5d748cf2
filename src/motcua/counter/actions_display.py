"""What the counter writes for the screen turned to the citizen. Showing is not audited: nothing has happened."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from django.db import transaction

from motcua.counter.models import CustomerDisplay
from motcua.counter.permissions import officer_id, require_seat
from motcua.counter.rules.display import CODE_FOR, CODE_LENGTH, CODE_LETTERS, Phase, read_code
from motcua.kernel import audit, ratelimit
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Invalid
from motcua.kernel.messages import msg
from motcua.payments import queries as payments

TRIES_A_MINUTE = 20


@transaction.atomic
def offer_display(*, actor: Actor, unit_id: int, now: datetime) -> str:
    """A code with which another machine becomes this seat's display, for ten minutes and one use."""
    require_seat(actor, unit_id)
    display = _mine(actor, unit_id, now)
    display.code = "".join(secrets.choice(CODE_LETTERS) for _place in range(CODE_LENGTH))
    display.code_until = now + CODE_FOR
    display.save(update_fields=["code", "code_until"])
    return display.code


def pair_display(*, code: str, ip: str, now: datetime) -> str:
    """Make the machine that knows the code the display of its seat; gives the secret it keeps.

    Raises `Invalid` for a code that is unknown or spent, `TooMany`.
    """
    ratelimit.check(f"display:{ip}", limit=TRIES_A_MINUTE, seconds=60, now=now)  # kept when the code is wrong
    return _paired(code, ip, now)


@transaction.atomic
def _paired(code: str, ip: str, now: datetime) -> str:
    wanted = read_code(code)
    display = (
        CustomerDisplay.objects.select_for_update(of=("self",))
        .select_related("user", "unit")
        .filter(code=wanted, code_until__gte=now)
        .first()
        if len(wanted) == CODE_LENGTH
        else None
    )
    if display is None:
        raise Invalid(
            msg("Mã không đúng hoặc đã hết hạn. Xem lại mã trên màn hình thu ngân, hoặc lấy mã mới."),
            field="code",
        )
    secret = secrets.token_urlsafe(32)
    display.device, display.code, display.code_until = digest(secret), "", None
    display.save(update_fields=["device", "code", "code_until"])
    audit.record(
        Actor.anonymous(ip),
        "counter.display_paired",
        subject_type="unit",
        subject=display.unit.code,
        data={"cashier": display.user.username},
        at=now,
    )
    return secret


@transaction.atomic
def forget_display(*, actor: Actor, unit_id: int, now: datetime) -> None:
    """The paired machine shows nothing of this seat any more."""
    unit = require_seat(actor, unit_id)
    display = _mine(actor, unit_id, now)
    display.device = display.code = ""
    display.bill, display.phase = None, Phase.IDLE.value
    display.save(update_fields=["device", "code", "bill", "phase"])
    audit.record(actor, "counter.display_forgotten", subject_type="unit", subject=unit.code, data={}, at=now)


@transaction.atomic
def show_on_display(
    *,
    actor: Actor,
    unit_id: int,
    reference: str,
    phase: Phase,
    now: datetime,
    change: int = 0,
    link: str = "",
) -> None:
    """Show a bill (or, without a reference, the idle picture) on this seat's display."""
    require_seat(actor, unit_id)
    bill_id = payments.bill_view(actor, reference).id if reference else None
    values = {
        "bill_id": bill_id,
        "phase": (phase if bill_id else Phase.IDLE).value,
        "change": change,
        "link": link[:300],
        "shown_at": now,
    }
    CustomerDisplay.objects.update_or_create(user_id=officer_id(actor), unit_id=unit_id, defaults=values)


def digest(secret: str) -> str:
    """What of a machine's secret is kept."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _mine(actor: Actor, unit_id: int, now: datetime) -> CustomerDisplay:
    found, _made = CustomerDisplay.objects.get_or_create(
        user_id=officer_id(actor), unit_id=unit_id, defaults={"shown_at": now}
    )
    return found

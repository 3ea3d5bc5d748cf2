"""A resolution that counts from before it was known: what was paid under it too dear is proposed to go back.

Receipts and the amounts that were charged stay as they are (acceptance case F06); nothing ever rises by it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time

from django.db import transaction
from django.db.models import Q

from motcua.catalogue.queries import resolutions
from motcua.catalogue.queries.fees import Answers
from motcua.catalogue.rules.fees.resolutions import Resolution
from motcua.dossiers.actions import assessing, billing
from motcua.dossiers.models import Dossier
from motcua.dossiers.rules.assessment import Assessment
from motcua.dossiers.types import RefundCause, Status
from motcua.kernel import clock
from motcua.kernel.actor import Actor
from motcua.kernel.messages import msg

JOB = "dossiers.review_fees"
AT_ONCE = 100


def review_fees(*, resolution_id: int, after: int, until: datetime, now: datetime) -> tuple[int, int]:
    """Look at the next dossiers received while the resolution already counted (`until`: when it became known).

    Gives the last id looked at (0: no more) and how many cost less now. Looking again changes nothing.
    """
    found = resolutions.resolution(resolution_id)
    if found is None:  # withdrawn meanwhile
        return 0, 0
    ids = _received_under(found, after, until)
    lowered = sum(_review(pk, found, now) for pk in ids)
    return (ids[-1] if len(ids) == AT_ONCE else 0), lowered


def _received_under(found: Resolution, after: int, until: datetime) -> Sequence[int]:
    starts = datetime.combine(found.valid_from, time(), tzinfo=clock.VN)
    codes = {code for line in found.lines for code in line.procedures}
    fields = {name for line in found.lines for name in line.fields}
    rows = Dossier.objects.filter(
        Q(procedure_code__in=codes) | Q(field_name__in=fields),
        pk__gt=after,
        received_at__gte=starts,
        received_at__lt=until,
        fees__isnull=False,
    ).exclude(status__in=[Status.WITHDRAWN.value, Status.STOPPED.value, Status.REFUSED.value])
    if found.valid_to is not None:
        rows = rows.filter(received_at__lt=datetime.combine(found.valid_to, time(), tzinfo=clock.VN))
    return list(rows.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])


@transaction.atomic
def _review(dossier_id: int, found: Resolution, now: datetime) -> bool:
    dossier = Dossier.objects.select_for_update(no_key=True).get(pk=dossier_id)
    before = assessing.latest(dossier)
    if before is None:
        return False
    answers = Answers.from_dict(before.answers)
    after = assessing.assessed_again(dossier, answers, now)
    rises = any(after.owed.total_of(kind) > _total(before, kind) for kind in ("phi", "le_phi"))
    if rises or after.owed.total >= before.total or not after.owed.complete:
        return False
    billing.rebill(
        Actor.system("Xem lại phí theo nghị quyết"),
        dossier,
        answers,
        after,
        reason=msg(
            "%(number)s có hiệu lực từ %(day)s", number=found.number, day=f"{found.valid_from:%d/%m/%Y}"
        ).source(),
        now=now,
        cause=RefundCause.RESOLUTION,
    )
    return True


def _total(before: Assessment, kind: str) -> int:
    return sum(line["amount"] or 0 for line in before.lines if line["kind"] == kind)

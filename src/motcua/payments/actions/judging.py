"""Judging the waiting lines of an account: the best proposal is written beside each, for lists and for the job."""

from __future__ import annotations

from django.db import connection

from motcua.kernel import rows
from motcua.kernel.messages import msg
from motcua.payments.models import BankAccount, StatementLine
from motcua.payments.queries.judging import WAITING, Judgement, judge
from motcua.payments.types import MatchState

MOST_LINES = 5_000
WRITTEN = ("state", "bill_id", "automatic", "why")


def judge_lines(*, account_id: int) -> tuple[int, int]:
    """Write the best proposal beside every waiting line of an account; how many are certain, how many to look at.

    In the caller's transaction. The lines are held while they are judged: one that is being settled in this moment is
    left alone, for what is written here would make it wait again.
    """
    skip = connection.features.has_select_for_update_skip_locked
    held = StatementLine.objects.select_for_update(skip_locked=skip, no_key=True)
    lines = list(held.filter(account_id=account_id, state__in=WAITING).order_by("at", "pk")[:MOST_LINES])
    if not lines:
        return 0, 0
    judged = judge(BankAccount.objects.get(pk=account_id), lines)
    rows.update_all([line for line in lines if _write(line, judged)], WRITTEN)
    automatic = sum(line.automatic for line in lines)
    return automatic, sum(line.state == MatchState.PROPOSED for line in lines) - automatic


def _write(line: StatementLine, judged: Judgement) -> bool:
    """Put the judgement on a line; whether it says anything else than before."""
    before = [getattr(line, name) for name in WRITTEN]
    ranked = judged.proposals.get(line.pk, ())
    best = ranked[0] if ranked else None
    there = judged.there.get(line.pk, ())
    line.automatic = bool(best and best.automatic) or len([p for p in there if p.amount == line.amount]) == 1
    if line.pk in judged.reasons:
        line.automatic = False
    reason = judged.reasons.get(line.pk)
    line.bill_id = there[0].bill_id if there else best.parts[0][0] if best else None
    said = best.why if best else (reason,) if reason else ()
    if there and reason is None:
        said = (msg("Tiền này đã được ghi thu"),)
    line.why = [part.source() for part in said]
    line.state = (MatchState.PROPOSED if best or there else MatchState.UNMATCHED).value
    return before != [getattr(line, name) for name in WRITTEN]

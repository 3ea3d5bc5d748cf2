"""What stands between an approved change-set and its publication; the same for screens, API and commands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from motcua.catalogue.actions.changes.resolving import (
    FINAL_PROBLEMS,
    Catalogue,
    catalogue_at,
    check_lines,
    old_codes_of,
)
from motcua.catalogue.models import ChangeLine, ChangeSet, Rehearsal
from motcua.catalogue.queries.changes import digest_of
from motcua.catalogue.queries.ground import stale_reasons
from motcua.catalogue.rules.change_checks import head_problems
from motcua.catalogue.types_drafts import Remark
from motcua.kernel.messages import Message, msg

SHOWN = 20
"""Reasons named in one answer; more are counted."""


def catalogue_of(change_set: ChangeSet, lines: Sequence[ChangeLine]) -> Catalogue:
    """What the catalogue says of the lines at the effective instant, contents included."""
    assert change_set.effective_at is not None
    return catalogue_at(
        change_set.effective_at,
        codes=[code for line in lines for code in (line.code, *old_codes_of(line.old_code))],
        procedure_ids=[line.procedure_id for line in lines if line.procedure_id is not None],
        contents=True,
    )


def content_reasons(change_set: ChangeSet, lines: Sequence[ChangeLine]) -> list[Message]:
    """What is wrong with the head and the lines, the lines checked anew against the catalogue of today."""
    reasons = list(
        head_problems(
            number=change_set.number,
            effective_at=change_set.effective_at,
            effective_to=change_set.effective_to,
            lines=len(lines),
        )
    )
    if change_set.effective_at is None:
        return reasons
    catalogue = catalogue_of(change_set, lines)
    found = check_lines(lines, catalogue, number=change_set.number)
    for line in lines:
        stored = (Remark.from_dict(part) for part in line.problems)
        remarks = [*found[line.position], *(kept for kept in stored if kept.kind not in FINAL_PROBLEMS)]
        reasons += [
            msg(
                "Dòng %(position)s, %(cell)s: %(problem)s",
                position=line.position,
                cell=line.cell or "—",
                problem=r.message,
            )
            for r in remarks
        ]
        if not remarks and _stale(line, catalogue):
            reasons.append(
                msg(
                    "Dòng %(position)s: thủ tục %(code)s đã thay đổi sau khi soạn. Xem lại dòng này.",
                    position=line.position,
                    code=line.code or line.name,
                )
            )
    return reasons


def rehearsal_reasons(change_set: ChangeSet, now: datetime) -> list[Message]:
    """Why the last rehearsal does not let this content through; nothing if it does.

    Green means that every line was tried, or passed for a reason the rehearsal names: a line that is offered somewhere
    and could not be tried counts as failed.
    """
    last = Rehearsal.objects.filter(change_set=change_set, scope="").order_by("-pk").first()
    if last is None:
        return [msg("Gói chưa được diễn tập. Chạy diễn tập rồi công bố.")]
    if stale := stale_reasons(last, digest_of(change_set.pk), now):
        return stale
    if last.failed:
        return [
            msg(
                "Diễn tập còn %(failed)s trên %(trials)s lần thử không đạt. Sửa rồi diễn tập lại.",
                failed=last.failed,
                trials=last.trials,
            )
        ]
    return []


def shortened(reasons: Sequence[Message]) -> Message:
    """All reasons in one sentence for an answer of one line."""
    shown = "; ".join(reason.source().rstrip(".") for reason in reasons[:SHOWN])
    rest = len(reasons) - SHOWN
    if rest > 0:
        return msg("Còn vướng: %(shown)s; và %(n)s điều nữa.", shown=shown, n=rest)
    return msg("Còn vướng: %(shown)s.", shown=shown)


def _stale(line: ChangeLine, catalogue: Catalogue) -> bool:
    """Whether the version the line was compared with no longer is the one in force."""
    if line.procedure_id is None or line.content is None:
        return False
    return catalogue.of(line.procedure_id).standing != line.before_version_id

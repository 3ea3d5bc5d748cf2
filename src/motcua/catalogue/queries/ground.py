"""What a rehearsal stands on beside the content it tried, and whether that still holds.

Who sits at a desk does not matter, only whether somebody does: a rehearsal remembers the desks it needed and is asked
about those alone. So the staff changes of every day make nothing stale, and an emptied desk is named.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F, Q

from motcua.catalogue.models import (
    ChangeLine,
    CompetenceRule,
    ProcedureSetting,
    ProcedureVersion,
    ProcessBinding,
    Rehearsal,
)
from motcua.documents import queries as documents
from motcua.kernel.messages import Message, msg
from motcua.organisation import queries as organisation
from motcua.organisation.types import Role

SHOWN = 5
"""Emptied desks named in one answer."""
WORDS: Mapping[str, Message] = {
    "units": msg("đơn vị hoặc nơi tiếp nhận"),
    "calendars": msg("lịch làm việc"),
    "letters": msg("loại văn bản"),
    "configuration": msg("quy trình, thẩm quyền hoặc cấu hình của thủ tục trong gói"),
}


def ground_of(change_set_id: int | None, day: date) -> dict[str, Any]:
    """The ground as it is now, for dossiers from a day on (nine statements), before anything is staged."""
    return {
        "day": day.isoformat(),
        **organisation.ground(day),
        "letters": _letters(),
        "configuration": _configuration(change_set_id) if change_set_id is not None else "",
    }


def with_desks(ground: Mapping[str, Any], desks: Collection[tuple[int, str]]) -> dict[str, Any]:
    """A ground with the desks (unit, role) that were needed."""
    return {**ground, "desks": sorted(list(desk) for desk in desks)}


def stale_reasons(row: Rehearsal, digest: str, now: datetime) -> list[Message]:
    """Why a rehearsal no longer speaks of what would be published, whose digest is given; nothing while it does."""
    assert row.change_set_id is not None
    if row.digest != digest:
        return [msg("Gói đã thay đổi sau lần diễn tập cuối. Diễn tập lại rồi công bố.")]
    longest = int(settings.REHEARSAL_MAX_DAYS)
    if now - row.at > timedelta(days=longest):
        return [msg("Lần diễn tập cuối đã quá %(n)s ngày. Diễn tập lại rồi công bố.", n=longest)]
    if not row.ground:
        return [msg("Lần diễn tập cuối chưa ghi nó dựa vào đâu. Diễn tập lại rồi công bố.")]
    day = date.fromisoformat(row.ground["day"])
    found = ground_of(row.change_set_id, day)
    changed = [words for key, words in WORDS.items() if found[key] != row.ground.get(key)]
    reasons = [
        msg("Từ lần diễn tập cuối đã thay đổi: %(what)s. Diễn tập lại rồi công bố.", what=words)
        for words in changed
    ]
    return reasons + _emptied(row.ground, day)


def _emptied(ground: Mapping[str, Any], day: date) -> list[Message]:
    needed = {(int(unit_id), str(role)) for unit_id, role in ground.get("desks", ())}
    emptied = sorted(needed - organisation.filled_roles(day))
    names = dict(Role.choices)
    reasons = []
    for unit_id, role in emptied[:SHOWN]:
        unit = organisation.unit(unit_id)
        reasons.append(
            msg(
                "Từ lần diễn tập cuối, %(unit)s không còn ai giữ vai trò %(role)s.",
                unit=unit.full_name or unit.name,
                role=msg(str(names.get(role, role))),
            )
        )
    if len(emptied) > SHOWN:
        reasons.append(msg("Và %(n)s vai trò khác không còn ai giữ.", n=len(emptied) - SHOWN))
    return reasons


def _letters() -> str:
    kinds = (documents.letter_kind(kind) for kind in sorted(documents.letter_kinds()))
    return _hash(asdict(kind) for kind in kinds)


def _configuration(change_set_id: int) -> str:
    """Rules, processes and settings of the procedures a change-set touches, and those of all procedures."""
    lines = ChangeLine.objects.filter(change_set_id=change_set_id)
    before = ProcedureVersion.objects.filter(pk__in=lines.values("before_version_id"))
    near = (
        Q(procedure__isnull=True)
        | Q(procedure_id__in=lines.filter(procedure__isnull=False).values("procedure_id"))
        | Q(procedure_id__in=before.values("procedure_id"))
    )
    ever = ~Q(valid_to__isnull=False, valid_to__lte=F("valid_from"))
    rules = CompetenceRule.objects.filter(near, ever).order_by("pk").values_list(
        "pk", "procedure_id", "field_name", "ministry", "level", "reception", "deciding_unit_id",
        "deciding_function", "priority", "valid_from", "valid_to",
    )  # fmt: skip
    bound = ProcessBinding.objects.filter(near, ever).order_by("pk").values_list(
        "pk", "procedure_id", "case_key", "level", "agency_id", "process_version_id", "valid_from", "valid_to"
    )  # fmt: skip
    chosen = ProcedureSetting.objects.filter(near, ever).order_by("pk").values_list(
        "pk", "procedure_id", "agency_id", "case_key", "key", "value", "valid_from", "valid_to"
    )  # fmt: skip
    return _hash([*rules, *bound, *chosen])


def _hash(rows: Iterable[object]) -> str:
    hashed = hashlib.sha256()
    for row in rows:
        hashed.update(json.dumps(row, default=str, sort_keys=True, ensure_ascii=False).encode())
    return hashed.hexdigest()

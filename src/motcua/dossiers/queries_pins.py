"""Dossiers that stand on what a change-set of the catalogue made: while there are any, it cannot be undone."""

from __future__ import annotations

from collections import defaultdict

from motcua.catalogue.queries import Footing, Pin
from motcua.dossiers.models import Dossier, DossierChange
from motcua.dossiers.rules.moving import Outcome
from motcua.kernel.messages import msg

NAMED = 5
PART = 400
CARRIED = (Outcome.CONVERT.value, Outcome.TRANSFER.value, Outcome.STOP.value, Outcome.ASK.value)
"""What a run writes into a dossier, or promises its applicant by a letter; the others only tell."""


def dossiers_on(footing: Footing) -> list[Pin]:
    """Dossiers it was applied to, those that pin its versions, and those whose process was bound by it."""
    pins: list[Pin] = []
    carried = _codes_carried(footing.change_set_id)
    if carried:
        pins.append(
            Pin(
                msg(
                    "%(n)s hồ sơ đã được chuyển tiếp theo gói, hoàn tác lượt chuyển tiếp trước: %(codes)s.",
                    n=_counted(carried),
                    codes=", ".join(carried[:NAMED]),
                ),
                len(carried),
            )
        )
    pinned = [code for code in _codes_of_versions(footing.version_ids) if code not in carried]
    if pinned:
        pins.append(
            Pin(
                msg(
                    "%(n)s hồ sơ đang theo phiên bản của gói: %(codes)s.",
                    n=_counted(pinned),
                    codes=", ".join(pinned[:NAMED]),
                ),
                len(pinned),
            )
        )
    running = [code for code in _codes_of_runs(footing) if code not in {*carried, *pinned}]
    if running:
        pins.append(
            Pin(
                msg(
                    "%(n)s hồ sơ đang chạy quy trình của gói: %(codes)s.",
                    n=_counted(running),
                    codes=", ".join(running[:NAMED]),
                ),
                len(running),
            )
        )
    return pins


def _counted(codes: list[str]) -> str:
    """A number while it is small; beyond it nobody counts on."""
    return str(len(codes)) if len(codes) <= PART else f"{PART}+"


def _codes_carried(change_set_id: int) -> list[str]:
    rows = DossierChange.objects.filter(
        change_line__change_set_id=change_set_id, undone_at__isnull=True, outcome__in=CARRIED
    )
    return list(rows.order_by("pk").values_list("dossier__code", flat=True)[: PART + 1])


def _codes_of_versions(version_ids: tuple[int, ...]) -> list[str]:
    found: list[str] = []
    for start in range(0, len(version_ids), PART):
        rows = Dossier.objects.filter(procedure_version_id__in=version_ids[start : start + PART])
        found += rows.order_by("pk").values_list("code", flat=True)[: PART + 1 - len(found)]
        if len(found) > PART:
            break
    return found


def _codes_of_runs(footing: Footing) -> list[str]:
    by_process: dict[int, list[int]] = defaultdict(list)
    for procedure_id, process_version_id in footing.bindings:
        by_process[process_version_id].append(procedure_id)
    found: list[str] = []
    for process_version_id, procedure_ids in sorted(by_process.items()):
        rows = Dossier.objects.filter(
            run__process_version_id=process_version_id, created_at__gte=footing.since
        )
        for start in range(0, len(procedure_ids), PART):
            part = rows.filter(procedure_version__procedure_id__in=procedure_ids[start : start + PART])
            found += part.order_by("pk").values_list("code", flat=True)[: PART + 1 - len(found)]
        if len(found) > PART:
            break
    return found

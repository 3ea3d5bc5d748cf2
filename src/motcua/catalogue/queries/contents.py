"""The content of many versions at once; an id fixes its content, so it may be kept for ever."""

from __future__ import annotations

from collections.abc import Collection

from motcua.catalogue.models import ProcedureVersion
from motcua.catalogue.types import ProcedureDefinition

KEPT = 3_000
_contents: dict[int, ProcedureDefinition] = {}


def definitions(version_ids: Collection[int]) -> dict[int, ProcedureDefinition]:
    """One statement for those not read before by this process, none otherwise."""
    missing = [pk for pk in set(version_ids) if pk not in _contents]
    if missing:
        if len(_contents) + len(missing) > KEPT:
            _contents.clear()
        rows = ProcedureVersion.objects.filter(pk__in=missing).values_list("pk", "definition")
        for pk, content in rows.iterator(chunk_size=500):
            _contents[pk] = ProcedureDefinition.from_dict(content)
    return {pk: _contents[pk] for pk in version_ids if pk in _contents}

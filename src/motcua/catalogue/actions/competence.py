"""Setting who receives and decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from motcua.catalogue.actions.changes.locking import lock_catalogue
from motcua.catalogue.actions.importing import BEGINNING
from motcua.catalogue.errors import UnreadableSource
from motcua.catalogue.models import CompetenceRule, Procedure
from motcua.catalogue.permissions import require_import
from motcua.catalogue.snapshot import touch
from motcua.kernel import audit
from motcua.kernel.actor import Actor
from motcua.kernel.messages import msg
from motcua.organisation import queries as organisation


@transaction.atomic
def set_competence_rules(
    *, actor: Actor, rules: Sequence[Mapping[str, Any]], now: datetime, begins: datetime = BEGINNING
) -> int:
    """Add the rules that are not there yet, to count from `begins`; how many were added.

    A rule is `{procedure?, field?, ministry?, level?, reception, deciding_unit?, deciding_function?,
    source}` with codes for procedure and unit. Raises `UnreadableSource` for an unknown reception and
    `NotAllowed`.
    """
    require_import(actor)
    lock_catalogue()
    codes = dict(Procedure.objects.filter(code__in=_codes(rules)).values_list("code", "pk"))
    known = {
        (row.procedure_id, row.field_name, row.ministry, row.level)
        for row in CompetenceRule.objects.filter(valid_to__isnull=True)
    }
    added: list[CompetenceRule] = []
    for rule in rules:
        row = _row(rule, codes, begins)
        if row is None or (row.procedure_id, row.field_name, row.ministry, row.level) in known:
            continue
        added.append(row)
    if not added:
        return 0
    CompetenceRule.objects.bulk_create(added)
    audit.record(
        actor,
        "catalogue.set_competence_rules",
        subject_type="catalogue",
        subject="competence",
        data={"added": len(added)},
        at=now,
    )
    touch()
    return len(added)


def _codes(rules: Sequence[Mapping[str, Any]]) -> list[str]:
    return [str(rule["procedure"]) for rule in rules if rule.get("procedure")]


def _row(rule: Mapping[str, Any], codes: Mapping[str | None, int], begins: datetime) -> CompetenceRule | None:
    """The rule as a row; None while its procedure is not in the catalogue."""
    reception = str(rule.get("reception", CompetenceRule.ANY_CENTRE))
    if reception not in dict(CompetenceRule.RECEPTION):
        raise UnreadableSource(
            msg("Không hiểu cách tiếp nhận “%(value)s”.", value=reception), field="reception"
        )
    code = rule.get("procedure")
    if code and code not in codes:
        return None
    unit = rule.get("deciding_unit")
    return CompetenceRule(
        procedure_id=codes[code] if code else None,
        field_name=str(rule.get("field", "")),
        ministry=str(rule.get("ministry", "")),
        level=str(rule.get("level", "")),
        reception=reception,
        deciding_unit_id=organisation.unit_by_code(unit).id if unit else None,
        deciding_function=str(rule.get("deciding_function", "")),
        source=str(rule.get("source", ""))[:255],
        valid_from=begins,
    )

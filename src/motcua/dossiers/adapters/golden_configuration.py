"""From what the catalogue stores of a procedure to the configuration golden dossiers are made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from motcua.catalogue.queries.configured import Configured
from motcua.catalogue.types_changes import SettingKey
from motcua.dossiers.rules.golden import Choose, Configuration
from motcua.workflow import queries as workflow


def configuration_of(found: Configured) -> Configuration:
    """Definitions of processes are kept by the workflow: no statement for one that was asked for before."""
    return Configuration(
        procedure_id=found.procedure_id,
        definition=found.definition,
        rules=found.rules,
        processes=tuple(
            Choose(
                workflow.process(bound.process_version_id),
                level=bound.level,
                case_key=bound.case_key,
                agency_id=bound.agency_id,
                fallback=bound.procedure_id is None,
            )
            for bound in found.bindings
        ),
        forms=_set(found, SettingKey.FORM, lambda value: str(value.get("form", ""))),
        letters=_set(found, SettingKey.LETTERS, lambda value: {str(k): str(v) for k, v in value.items()}),
        returning=_set(found, SettingKey.RETURNING, lambda value: str(value.get("at", "original"))),
        receiving=_set(found, SettingKey.RECEIVING, lambda value: tuple(value.get("units", ()))),
    )


def _set(found: Configured, key: SettingKey, read: Any) -> tuple[Choose[Any], ...]:
    return tuple(
        Choose(_value(read, part.value), case_key=part.case_key, agency_id=part.agency_id)
        for part in found.settings
        if part.key is key
    )


def _value(read: Any, value: Mapping[str, Any]) -> Any:
    return read(value)


def own_agencies(found: Configured) -> frozenset[int]:
    """Agencies with a process or a setting of their own, which resolve unlike their neighbours."""
    bound = {b.agency_id for b in found.bindings} | {s.agency_id for s in found.settings}
    return frozenset(agency_id for agency_id in bound if agency_id is not None)

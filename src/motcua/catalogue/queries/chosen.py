"""What a department chose for a procedure, for those who print and receive."""

from __future__ import annotations

from datetime import datetime

from motcua.catalogue.queries.versions import setting
from motcua.catalogue.types_changes import SettingKey


def letter_for(procedure_id: int, purpose: str, *, agency_id: int | None, case_key: str, at: datetime) -> str:
    """The kind of letter for a purpose (the usual kind of its form); empty where nothing is set.

    `agency_id` is the deciding agency.
    """
    chosen = setting(procedure_id, SettingKey.LETTERS, agency_id=agency_id, case_key=case_key, at=at)
    return str((chosen or {}).get(purpose, ""))


def form_for(procedure_id: int, *, agency_id: int | None, case_key: str, at: datetime) -> str:
    """The code of the form people fill in; empty where nothing is set."""
    chosen = setting(procedure_id, SettingKey.FORM, agency_id=agency_id, case_key=case_key, at=at)
    return str((chosen or {}).get("form", ""))

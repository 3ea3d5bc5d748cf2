"""Writes of `documents`. Each runs inside the caller's transaction; the caller checks rights and writes the
audit."""

from motcua.documents.actions.files import (
    TakenFile,
    record_file,
    rescan_held,
    store_file,
    sweep_orphans,
    take_in,
    upload_limits,
)
from motcua.documents.actions.letters import cancel_letter, issue_letter, letter_series, next_letter_number
from motcua.documents.actions.numbers import next_numbers
from motcua.documents.actions.signing import ask_signing, retry_signing, sign_letter, sign_waiting

__all__ = [
    "TakenFile",
    "ask_signing",
    "cancel_letter",
    "issue_letter",
    "letter_series",
    "next_letter_number",
    "next_numbers",
    "record_file",
    "rescan_held",
    "retry_signing",
    "sign_letter",
    "sign_waiting",
    "store_file",
    "sweep_orphans",
    "take_in",
    "upload_limits",
]

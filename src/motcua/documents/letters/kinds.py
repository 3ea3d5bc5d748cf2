"""The kinds of letters: defaults carried with the product, changed by a file of the operator's own."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from motcua.documents.errors import LetterSettingsWrong, UnknownLetterKind
from motcua.documents.rules.signing import Role
from motcua.documents.types import LetterKind

DEFAULTS = Path(__file__).resolve().parent.parent / "data" / "letter_kinds.json"


@lru_cache(maxsize=4)
def load_kinds(override: str = "") -> dict[str, LetterKind]:
    """All kinds by key. `override` is the path of a JSON list whose entries replace or add fields by `kind`.

    Raises LetterSettingsWrong when a file is unreadable, a field is unknown or a suffix cannot be formatted.
    """
    entries: dict[str, dict[str, Any]] = {entry["kind"]: entry for entry in _read(DEFAULTS)}
    if override:
        for entry in _read(Path(override)):
            kind = str(entry.get("kind", ""))
            entries[kind] = entries.get(kind, {}) | entry
    return {kind: _checked(entry) for kind, entry in entries.items()}


def all_kinds() -> dict[str, LetterKind]:
    """Every kind this installation can issue, by key."""
    return load_kinds(str(settings.LETTER_KINDS))


def letter_kind(kind: str) -> LetterKind:
    """One kind as it is set now (MOTCUA_LETTER_KINDS included); UnknownLetterKind when there is none."""
    kinds = all_kinds()
    if kind not in kinds:
        raise UnknownLetterKind(kind)
    return kinds[kind]


def kinds_of_form(form: str) -> list[LetterKind]:
    """Every kind that prints a form, in the order of the settings."""
    return [kind for kind in load_kinds(str(settings.LETTER_KINDS)).values() if kind.form == form]


def _read(path: Path) -> list[dict[str, Any]]:
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise LetterSettingsWrong(str(path), str(error)) from error
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise LetterSettingsWrong(str(path), "a list of objects is expected")
    return entries


def _checked(entry: dict[str, Any]) -> LetterKind:
    try:
        kind = LetterKind(
            **{**entry, "signers": tuple(Role(role).value for role in entry.get("signers", ()))}
        )
        if kind.number_text(number=1, year=2026, sign="A") == kind.number_text(number=2, year=2026, sign="A"):
            raise ValueError("the suffix lacks {number}")
    except (TypeError, ValueError, KeyError, IndexError) as error:
        raise LetterSettingsWrong(str(entry.get("kind", "?")), str(error)) from error
    return kind


def form_of(kind: LetterKind) -> dict[str, str]:
    """What a letter keeps of its kind, so that later changes of the settings never touch it."""
    return {"number": kind.form, "title": kind.title, "source": kind.source, "template": kind.template}

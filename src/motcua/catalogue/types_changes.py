"""Words of change-sets: what a decision does to procedures, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self


class ChangeKind(StrEnum):
    """What a change-set carries out."""

    PUBLISH = "publish"
    """A decision that publishes a list of procedures (quyết định công bố, Decree 63/2010 articles 13-15)."""
    PUBLISH_INTERNAL = "publish_internal"
    """The same for procedures between state bodies (thủ tục hành chính nội bộ)."""
    INTERNAL_PROCESS = "internal_process"
    """A decision that approves internal processes (quy trình nội bộ)."""
    NON_TERRITORIAL = "non_territorial"
    """A list of procedures received regardless of boundary (phi địa giới)."""
    RENUMBER = "renumber"
    """A notice that gives procedures other codes."""
    CONFIGURATION = "configuration"
    """A department's own configuration: processes, units, forms, fee lines, letters; no new legal content."""


class ChangeAction(StrEnum):
    """What one line of a change-set does to one procedure."""

    NEW = "new"
    AMENDED = "amended"
    REPLACED = "replaced"
    ABOLISHED = "abolished"
    LEVEL_MOVED = "level_moved"
    REDELEGATED = "redelegated"
    PROCESS = "process"
    CONFIGURED = "configured"
    NOTED = "noted"
    """Named by the decision without a change that the system carries out."""


class ChangeState(StrEnum):
    """Where a change-set stands. Only drafts are edited; only published ones count."""

    DRAFT = "draft"
    APPROVED = "approved"
    PUBLISHED = "published"
    UNDONE = "undone"
    DISCARDED = "discarded"


class Policy(StrEnum):
    """What becomes of dossiers received before the change took effect."""

    FINISH = "finish"
    CONVERT = "convert"
    ASK = "ask"
    TRANSFER = "transfer"
    STOP = "stop"


class SettingKey(StrEnum):
    """What a unit may set for a procedure beside its legal content."""

    FORM = "form"
    LETTERS = "letters"
    RETURNING = "returning"
    RECEIVING = "receiving"


@dataclass(frozen=True, slots=True)
class ProcessChoice:
    """The process version that runs for a case at a level, for everybody or for one agency (its unit code)."""

    process_version_id: int
    level: str
    case_key: str = ""
    agency: str = ""


@dataclass(frozen=True, slots=True)
class RuleChoice:
    """Who receives and who decides the procedure at a level; parts as in `CompetenceRule`, units by code."""

    level: str = ""
    reception: str = "any_centre"
    deciding_unit: str = ""
    deciding_function: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class SettingChoice:
    """A form, letters, or places, for everybody or one agency. `value` None takes the setting away.

    FORM `{"form": code}`; LETTERS `{purpose: letter kind}`; RETURNING `{"at": "original" | "deciding" | unit code}`;
    RECEIVING `{"units": [unit codes]}`.
    """

    key: SettingKey
    value: Mapping[str, Any] | None
    case_key: str = ""
    agency: str = ""


@dataclass(frozen=True, slots=True)
class LineSettings:
    """What a line configures beside the legal content; stored as JSON in `ChangeLine.settings`."""

    processes: tuple[ProcessChoice, ...] = ()
    rules: tuple[RuleChoice, ...] = ()
    settings: tuple[SettingChoice, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready; `from_dict` is its exact inverse."""
        found: dict[str, Any] = {}
        if self.processes:
            found["processes"] = [
                {
                    "process_version_id": p.process_version_id,
                    "level": p.level,
                    "case_key": p.case_key,
                    "agency": p.agency,
                }
                for p in self.processes
            ]
        if self.rules:
            found["rules"] = [
                {
                    "level": r.level,
                    "reception": r.reception,
                    "deciding_unit": r.deciding_unit,
                    "deciding_function": r.deciding_function,
                    "source": r.source,
                }
                for r in self.rules
            ]
        if self.settings:
            found["settings"] = [
                {
                    "key": s.key.value,
                    "value": None if s.value is None else dict(s.value),
                    "case_key": s.case_key,
                    "agency": s.agency,
                }
                for s in self.settings
            ]
        return found

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Raises KeyError, TypeError or ValueError on anything `to_dict` does not write."""
        return cls(
            processes=tuple(ProcessChoice(**part) for part in data.get("processes", ())),
            rules=tuple(RuleChoice(**part) for part in data.get("rules", ())),
            settings=tuple(
                SettingChoice(**{**part, "key": SettingKey(part["key"])}) for part in data.get("settings", ())
            ),
        )

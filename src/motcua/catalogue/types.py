"""What a procedure says, as values: no database, no framework, safe to pin and to compare.

A `ProcedureDefinition` is the whole legal content of one procedure at one time (Decree 63/2010, article 8,
with the columns of the provincial decisions). It is stored as JSON in an immutable version and read back
unchanged.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from dataclasses import field as attribute
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Literal, Self

from motcua.catalogue.rules.time_limits import TimeLimit
from motcua.kernel.messages import Message

PaperKind = Literal["form", "submit", "present"]
Channel = Literal["in_person", "post", "online"]


class Level(StrEnum):
    """Who may decide: a ministry, a provincial department, a commune, or a body outside the province."""

    MINISTRY = "bo"
    PROVINCE = "tinh"
    COMMUNE = "xa"
    OTHER = "co_quan_khac"


class Territory(StrEnum):
    """Where in the merged province a procedure exists."""

    ALL = "all"
    BAC_NINH_CU = "bac_ninh_cu"
    BAC_GIANG_CU = "bac_giang_cu"


class OnlineLevel(StrEnum):
    """Level of online service (Decree 224/2026, article 14)."""

    FULL = "full"
    PARTIAL = "partial"
    NONE = "none"
    UNKNOWN = "unknown"


class CodeKind(StrEnum):
    """Why a second code leads to a procedure."""

    LOCAL = "local"
    PROVINCE = "province"
    FORMER = "former"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class CodeAlias:
    """Another code of the same procedure; `certain` is false where the source itself only guessed."""

    code: str
    kind: CodeKind
    note: str = ""
    certain: bool = True


@dataclass(frozen=True, slots=True)
class ProcedureCase:
    """A case (trường hợp) the counter picks.

    `changes_limit` true with `limit` None: the case has its own limit and nobody knows it, so there is no due
    date. `changes_limit` false: the procedure's default limit counts. `appointments` are the days of each
    announced date of return ("hẹn 15 + 5"), in the limit's unit.
    """

    key: str
    name: str
    limit: TimeLimit | None = None
    changes_limit: bool = False
    note: str = ""
    appointments: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper of the dossier. `case_key` empty: asked in every case; `case` is the source's own words."""

    key: str
    name: str
    originals: int
    copies: int
    kind: PaperKind
    required: Literal["always", "conditional"]
    condition: str = ""
    case: str = ""
    case_key: str = ""
    channels: tuple[str, ...] = ()
    form_code: str = ""
    alternatives: tuple[str, ...] = ()
    component_code: str = ""


@dataclass(frozen=True, slots=True)
class FeeLine:
    """One fee (phí) or charge (lệ phí), in đồng.

    `amount` None: set by the provincial council and not known. `applies` false: the source contradicts
    itself, so nobody is charged until a person has approved the amount; `hold_reason` says why.
    """

    key: str
    kind: str
    name: str
    amount: int | None
    per: str
    set_by: str = ""
    condition: str = ""
    note: str = ""
    channels: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    applies: bool = True
    hold_reason: str = ""


@dataclass(frozen=True, slots=True)
class ProcedureResult:
    """What the applicant gets; the code is the national one (`KQ.G15.000031`)."""

    name: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class RawChannel:
    """A channel row of the national portal exactly as entered, wrong ones included."""

    channel: str
    value: str | None
    unit: str | None
    fees: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ProcedureDefinition:
    """The content of one procedure. `valid_to` is the first day it no longer exists (00:00, Viet Nam)."""

    name: str
    short_name: str
    field: str
    levels: tuple[Level, ...]
    code: str | None = None
    local_code: str | None = None
    aliases: tuple[CodeAlias, ...] = ()
    ministry: str = ""
    ministry_code: str = ""
    kind: str = ""
    decision: str = ""
    decision_local: str = ""
    applicants: tuple[str, ...] = ()
    authority: str = ""
    online: OnlineLevel = OnlineLevel.UNKNOWN
    online_text: str = ""
    online_confidence: str = ""
    partial_reason: str = ""
    channels: tuple[RawChannel, ...] = ()
    limit: TimeLimit | None = None
    refusal_limit: TimeLimit | None = None
    limit_notes: tuple[str, ...] = ()
    cases: tuple[ProcedureCase, ...] = ()
    papers: tuple[Paper, ...] = ()
    papers_known: bool = True
    n_papers: int = 0
    n_groups: int = 0
    fees: tuple[FeeLine, ...] = ()
    fee_formula: str = ""
    fee_rules: tuple[str, ...] = ()
    exemptions: tuple[str, ...] = ()
    results: tuple[ProcedureResult, ...] = ()
    multi_result: bool = False
    conditions: tuple[str, ...] = ()
    legal_bases: tuple[str, ...] = ()
    reception_places: str = ""
    territory: Territory = Territory.ALL
    boundary_free: bool = False
    payment_pause: bool = False
    valid_from: date | None = None
    valid_to: date | None = None
    status_note: str = ""
    replaced_by: tuple[str, ...] = ()
    new_in: str = ""
    components: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    confidence: Mapping[str, str] = attribute(default_factory=dict)
    sources: tuple[str, ...] = ()
    detailed: bool = True

    @property
    def display_code(self) -> str:
        """The code people see; empty while the national database has given none."""
        return self.code or self.local_code or ""

    def case(self, key: str) -> ProcedureCase | None:
        """The case of that key; None for the empty key and for one the procedure does not have."""
        return next((case for case in self.cases if case.key == key), None)

    def limit_for(self, case_key: str = "") -> TimeLimit:
        """The limit that counts for a case; one without a due date where nobody knows it."""
        chosen = self.case(case_key) if case_key else None
        found = chosen.limit if chosen is not None and chosen.changes_limit else self.limit
        return found if found is not None else TimeLimit.none("chưa rõ thời hạn")

    def papers_for(self, case_key: str = "", channel: Channel | None = None) -> tuple[Paper, ...]:
        """The papers asked in a case through a channel, in the order of the decision."""
        return tuple(
            paper
            for paper in self.papers
            if (not paper.case_key or not case_key or paper.case_key == case_key)
            and (channel is None or not paper.channels or channel in paper.channels)
        )

    def doubtful(self, name: str) -> bool:
        """Whether the source itself does not vouch for a field."""
        return self.confidence.get(name, "high") in {"low", "none"}

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready; empty fields are left out so that versions stay small and readable."""
        plain: dict[str, Any] = _plain(self)
        return plain

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The inverse of `to_dict`; raises KeyError or ValueError on anything else."""
        values = dict(data)
        values["levels"] = tuple(Level(level) for level in values["levels"])
        for name, convert in _PARTS.items():
            if name in values:
                values[name] = tuple(convert(part) for part in values[name])
        for name in ("limit", "refusal_limit"):
            if values.get(name) is not None:
                values[name] = TimeLimit.from_dict(values[name])
        for name in ("valid_from", "valid_to"):
            if values.get(name):
                values[name] = date.fromisoformat(values[name])
        values["online"] = OnlineLevel(values.get("online", OnlineLevel.UNKNOWN))
        values["territory"] = Territory(values.get("territory", Territory.ALL))
        for name, value in values.items():
            if isinstance(value, list):
                values[name] = tuple(value)
        return cls(**values)

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON: equal content, equal digest, whatever the machine."""
        canonical = json.dumps(self.to_dict(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class SourceFinding:
    """Something in a source that was not taken at its word. `raw` is the value as it stood there."""

    code: str
    field: str
    kind: str
    message: Message
    raw: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did: rows read, versions written, rows refused, and every finding."""

    source: str
    rows: int
    created: int
    unchanged: int
    refused: int
    findings: tuple[SourceFinding, ...]

    @property
    def clean(self) -> bool:
        """No row was refused; findings are remarks, not losses."""
        return not self.refused


@dataclass(frozen=True, slots=True)
class Competence:
    """Who receives, who decides and where the result is returned (Decree 118/2025)."""

    receiving_unit_id: int
    deciding_agency_id: int
    returning_unit_id: int
    level: Level
    reason: Message


@dataclass(frozen=True, slots=True)
class VersionInfo:
    """A stored version without its content: what lists and dossiers show."""

    id: int
    procedure_id: int
    number: int
    code: str
    name: str
    short_name: str
    field: str
    levels: tuple[Level, ...]
    online: OnlineLevel
    detailed: bool
    digest: str
    valid_from: datetime
    valid_to: datetime | None


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One procedure found, best first."""

    version_id: int
    procedure_id: int
    code: str
    name: str
    short_name: str
    field: str
    levels: tuple[str, ...]
    detailed: bool
    online: str


def _plain(value: Any) -> Any:
    if isinstance(value, TimeLimit):
        return value.to_dict()
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if hasattr(value, "__dataclass_fields__"):
        return {
            part.name: _plain(found)
            for part in fields(value)
            if (found := getattr(value, part.name)) != part.default and found not in ((), {}, None)
        }
    return value


def _case(data: Mapping[str, Any]) -> ProcedureCase:
    values = dict(data)
    if values.get("limit") is not None:
        values["limit"] = TimeLimit.from_dict(values["limit"])
    values["appointments"] = tuple(values.get("appointments", ()))
    return ProcedureCase(**values)


def _paper(data: Mapping[str, Any]) -> Paper:
    values = dict(data)
    for name in ("channels", "alternatives"):
        values[name] = tuple(values.get(name, ()))
    return Paper(**values)


def _fee(data: Mapping[str, Any]) -> FeeLine:
    values = {"amount": None, **data}
    values["channels"] = tuple(values.get("channels", ()))
    for name in ("valid_from", "valid_to"):
        if values.get(name):
            values[name] = date.fromisoformat(values[name])
    return FeeLine(**values)


def _alias(data: Mapping[str, Any]) -> CodeAlias:
    return CodeAlias(**{**data, "kind": CodeKind(data["kind"])})


def _channel(data: Mapping[str, Any]) -> RawChannel:
    values = {"value": None, "unit": None, **data}
    values["fees"] = tuple((amount, currency) for amount, currency in values.get("fees", ()))
    return RawChannel(**values)


_PARTS: dict[str, Callable[[Mapping[str, Any]], object]] = {
    "aliases": _alias,
    "channels": _channel,
    "cases": _case,
    "papers": _paper,
    "fees": _fee,
    "results": lambda data: ProcedureResult(**data),
}

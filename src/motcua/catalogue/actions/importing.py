"""Reading procedures into the catalogue: new ones get their first version, changed ones the next."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction

from motcua.catalogue.actions.changes.locking import lock_catalogue
from motcua.catalogue.actions.findings import store_findings
from motcua.catalogue.actions.periods import end_versions, open_versions
from motcua.catalogue.actions.version_rows import (
    add_fields,
    code_rows,
    midnight,
    name_key,
    version_row,
)
from motcua.catalogue.events import ProceduresImported
from motcua.catalogue.models import Field, Procedure, ProcedureCode, ProcedureVersion, VersionPeriod
from motcua.catalogue.permissions import require_import
from motcua.catalogue.rules.source_procedures import read_document
from motcua.catalogue.snapshot import touch
from motcua.catalogue.types import CodeKind, ImportReport, ProcedureDefinition, SourceFinding
from motcua.kernel import audit, outbox
from motcua.kernel.actor import Actor
from motcua.kernel.clock import VN, local
from motcua.kernel.messages import Message, msg

BEGINNING = datetime(2025, 7, 1, tzinfo=VN)
"""First versions stand from the day the province was made, unless their decision names a later day."""

_SAME_PROCEDURE = frozenset({CodeKind.LOCAL, CodeKind.PROVINCE, CodeKind.FORMER})


@dataclass(slots=True)
class _Latest:
    number: int
    digest: str
    detailed: bool
    version_id: int
    valid_to: datetime | None
    decided: datetime | None = None
    """The instant a published decision changes or ends it, where that is still to come."""


@dataclass(slots=True)
class _Known:
    """What the catalogue holds before an import (six statements)."""

    by_code: dict[str, int]
    by_name: dict[str, int]
    by_alias: dict[str, int]
    latest: dict[int, _Latest]
    fields: dict[str, int]


@dataclass(slots=True)
class _Plan:
    """What an import will write."""

    new: list[tuple[Procedure, ProcedureDefinition]] = field(default_factory=list)
    changed: list[tuple[int, ProcedureDefinition, _Latest]] = field(default_factory=list)
    unchanged: int = 0
    findings: list[SourceFinding] = field(default_factory=list)


@transaction.atomic
def import_procedures(
    *, actor: Actor, document: object, now: datetime, source: str = "", begins: datetime | None = None
) -> ImportReport:
    """Read a document of one of the two source formats and store what is new or different.

    With `begins`, first versions stand from that instant whatever day their decisions name: the catalogue of an
    earlier time. A compact row never replaces a detailed version, and no row what a published decision has in store.
    Reading the same document again changes nothing. Raises `Invalid` for a document of another shape and
    `NotAllowed`.
    """
    require_import(actor)
    read = read_document(document, name=source)
    lock_catalogue()
    known = _known(now)
    plan = _planned(read.definitions, known, now)
    written = _write(plan, known, now, begins)
    report = ImportReport(
        source=read.source,
        rows=read.rows,
        created=written,
        unchanged=plan.unchanged,
        refused=read.refused,
        findings=(*read.findings, *plan.findings),
    )
    import_id = store_findings(
        kind="procedures", report=report, digest=_digest_of(document), by=actor.name, now=now
    )
    audit.record(
        actor,
        "catalogue.import_procedures",
        subject_type="source_import",
        subject=str(import_id),
        data={"source": read.source, "rows": read.rows, "created": written, "refused": read.refused},
        at=now,
    )
    touch()
    outbox.publish(ProceduresImported(import_id=import_id, created=written), now=now)
    return report


def _known(now: datetime) -> _Known:
    known = _Known({}, {}, {}, {}, dict(Field.objects.values_list("name", "pk")))
    for pk, code, key in Procedure.objects.values_list("pk", "code", "name_key"):
        if code:
            known.by_code[code] = pk
        elif key:
            known.by_name[key] = pk
    certain = ProcedureCode.objects.filter(certain=True, kind__in=_SAME_PROCEDURE)
    known.by_alias = dict(certain.values_list("code", "procedure_id"))
    versions = ProcedureVersion.objects.order_by("number").values_list(
        "procedure_id", "number", "digest", "detailed", "pk", "valid_to", "withdrawn_at"
    )
    for procedure_id, number, digest, detailed, pk, valid_to, withdrawn_at in versions:
        if withdrawn_at is None:
            known.latest[procedure_id] = _Latest(number, digest, detailed, pk, valid_to)
        elif procedure_id in known.latest:
            known.latest[procedure_id].number = number
        else:  # a procedure whose only versions were undone
            known.latest[procedure_id] = _Latest(number, "", False, pk, valid_to)
    for procedure_id, at in _decided(now):
        if procedure_id in known.latest:
            known.latest[procedure_id].decided = at
    return known


def _decided(now: datetime) -> Iterable[tuple[int, datetime]]:
    """Procedures that a published decision changes or ends later than now, with the instant."""
    believed = VersionPeriod.objects.filter(
        change_set__isnull=False, known_to__isnull=True, version__withdrawn_at__isnull=True
    )
    ended = believed.filter(valid_to__gt=now).values_list("procedure_id", "valid_to")
    yield from ((procedure_id, at) for procedure_id, at in ended if at is not None)
    yield from believed.filter(valid_from__gt=now).values_list("procedure_id", "valid_from")


def _identify(definition: ProcedureDefinition, known: _Known) -> int | None:
    """The procedure a definition is of: by code, by a certain other code, or by name while it has no code."""
    if definition.code:
        return known.by_code.get(definition.code) or known.by_alias.get(definition.code)
    if definition.local_code:
        return known.by_alias.get(definition.local_code)
    return known.by_name.get(name_key(definition.name))


def _planned(definitions: Sequence[ProcedureDefinition], known: _Known, now: datetime) -> _Plan:
    plan = _Plan()
    for definition in definitions:
        procedure_id = _identify(definition, known)
        latest = known.latest.get(procedure_id) if procedure_id is not None else None
        if procedure_id is None or latest is None:
            plan.new.append((_procedure(definition), definition))
        elif latest.digest == definition.digest:
            plan.unchanged += 1
        elif latest.decided is not None:
            plan.unchanged += 1
            plan.findings.append(
                _remark(
                    definition,
                    "decided_already",
                    msg(
                        "Đã có quyết định thay đổi từ %(at)s; không thay bằng bản nạp.",
                        at=f"{local(latest.decided):%H:%M %d/%m/%Y}",
                    ),
                )
            )
        elif latest.detailed and not definition.detailed:
            plan.unchanged += 1
            plan.findings.append(
                _remark(definition, "already_detailed", msg("Đã có bản chi tiết; không thay bằng bản gọn."))
            )
        elif definition.valid_to is not None and midnight(definition.valid_to) <= now:
            plan.unchanged += 1
            plan.findings.append(
                _remark(
                    definition,
                    "expired_already",
                    msg("Bản mới đã hết hiệu lực trước khi nạp nên không dùng."),
                )
            )
        else:
            plan.changed.append((procedure_id, definition, latest))
    return plan


def _procedure(definition: ProcedureDefinition) -> Procedure:
    return Procedure(
        code=definition.code,
        local_code=definition.local_code or "",
        name_key="" if definition.code else name_key(definition.local_code or definition.name),
        kind=definition.kind[:120],
    )


def _write(plan: _Plan, known: _Known, now: datetime, begins: datetime | None) -> int:
    everything = [definition for _, definition in plan.new] + [
        definition for _, definition, _ in plan.changed
    ]
    add_fields((definition.field for definition in everything), known.fields)
    Procedure.objects.bulk_create([procedure for procedure, _ in plan.new])
    rows: list[ProcedureVersion] = []
    aliases: list[ProcedureCode] = []
    ended: list[int] = []
    for procedure, definition in plan.new:
        starts = begins or (midnight(definition.valid_from) if definition.valid_from else BEGINNING)
        rows.append(_version(procedure.pk, 1, definition, known, starts, now))
        aliases.extend(code_rows(procedure.pk, definition))
    for procedure_id, definition, latest in plan.changed:
        rows.append(_version(procedure_id, latest.number + 1, definition, known, now, now))
        aliases.extend(code_rows(procedure_id, definition))
        if latest.valid_to is None or latest.valid_to > now:
            ended.append(latest.version_id)
    end_versions(ended, at=now, now=now)
    open_versions(rows, now=now)
    ProcedureCode.objects.bulk_create(aliases, ignore_conflicts=True)
    return len(rows)


def _version(
    procedure_id: int,
    number: int,
    definition: ProcedureDefinition,
    known: _Known,
    starts: datetime,
    now: datetime,
) -> ProcedureVersion:
    ends = midnight(definition.valid_to) if definition.valid_to else None
    if ends is not None and ends <= starts:
        starts = ends - timedelta(days=365)
    return version_row(
        procedure_id=procedure_id,
        number=number,
        definition=definition,
        field_id=known.fields[definition.field],
        starts=starts,
        ends=ends,
        now=now,
    )


def _digest_of(document: object) -> str:
    canonical = json.dumps(document, sort_keys=True, default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _remark(definition: ProcedureDefinition, kind: str, message: Message) -> SourceFinding:
    return SourceFinding(definition.display_code, "version", kind, message, "", definition.name)

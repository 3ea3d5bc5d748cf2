"""Publishing processes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from motcua.kernel import audit
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Conflict
from motcua.kernel.messages import msg
from motcua.kernel.text import fold
from motcua.workflow.errors import NotPublishable
from motcua.workflow.models import ProcessVersion
from motcua.workflow.permissions import require_publish
from motcua.workflow.rules.checks import Finding, check, has_errors
from motcua.workflow.rules.definition import ProcessDefinition
from motcua.workflow.rules.source_tables import SourceReport, read_file

_ID_BITS = 52  # exact in JSON numbers read by JavaScript


@transaction.atomic
def publish_process(
    *, actor: Actor, definition: ProcessDefinition, now: datetime, accept_findings: bool = False
) -> ProcessVersion:
    """Publish a definition; the same content gives the version that already exists.

    Raises NotAllowed, NotPublishable when the checks find errors (unless `accept_findings`, for a real table
    that is wrong in its source: the findings are stored with it), Conflict when the key belongs to a process
    of another issuer or field.
    """
    require_publish(actor)
    return write_version(actor=actor, definition=definition, now=now, accept_findings=accept_findings)


def write_version(
    *, actor: Actor, definition: ProcessDefinition, now: datetime, accept_findings: bool = False
) -> ProcessVersion:
    """`publish_process` for whoever has checked the right by other rules; inside their transaction."""
    # Without its key: dossiers that begin under the latest version meanwhile refer to it and do not wait.
    versions = ProcessVersion.objects.select_for_update(no_key=True)
    latest = versions.filter(key=definition.key).order_by("-number").first()
    _refuse_foreign_key(definition, latest)
    same = ProcessVersion.objects.filter(key=definition.key, digest=definition.digest).first()
    if same is not None:
        return same
    findings = check(definition)
    if has_errors(findings) and not accept_findings:
        raise NotPublishable(findings)
    number = latest.number + 1 if latest else 1
    version = ProcessVersion(
        id=version_id(definition, number),
        key=definition.key,
        number=number,
        title=definition.title,
        definition=definition.to_dict(),
        digest=definition.digest,
        findings=[_stored(finding) for finding in findings],
        reference=definition.reference,
        issuer=definition.issuer,
        field=definition.field,
        procedure_codes=list(definition.procedure_codes),
        search_text=_search_text(definition),
        is_real=definition.is_real,
        published_at=now,
    )
    version.save()
    audit.record(
        actor,
        "workflow.publish_process",
        subject_type="process",
        subject=f"{version.key}#{version.number}",
        data={"digest": version.digest, "findings": [finding.code for finding in findings]},
        at=now,
    )
    return version


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What reading a file gave: every process with its remarks, and the versions now published."""

    report: SourceReport
    published: tuple[ProcessVersion, ...]
    refused: tuple[tuple[str, tuple[Finding, ...]], ...]


@transaction.atomic
def import_processes(*, actor: Actor, data: object, now: datetime) -> ImportResult:
    """Read a file of process tables and publish what can be published.

    A real table is taken as it is, findings stored; a typical one must be free of errors. What could not be read
    without a mistake is refused: a role that nobody can hold would end every dossier. Raises NotAllowed.
    """
    require_publish(actor)
    report = read_file(data)
    published: list[ProcessVersion] = []
    refused: list[tuple[str, tuple[Finding, ...]]] = []
    seen: set[str] = set()
    for loaded in report.processes:
        if loaded.key in seen:
            message = msg("Mã quy trình đã dùng ở trên trong cùng tệp; chỉ nạp quy trình đầu.")
            refused.append((loaded.key, (Finding("error", "duplicate_key", None, message),)))
            continue
        if loaded.definition is None or has_errors(loaded.remarks):
            refused.append((loaded.key, loaded.remarks))
            continue
        seen.add(loaded.key)
        try:
            version = publish_process(
                actor=actor,
                definition=loaded.definition,
                now=now,
                accept_findings=loaded.definition.is_real,
            )
        except NotPublishable as problem:
            refused.append((loaded.key, problem.findings))
        except Conflict as problem:
            refused.append((loaded.key, (Finding("error", problem.code, None, problem.message),)))
        else:
            published.append(version)
    return ImportResult(report, tuple(published), tuple(refused))


def version_id(definition: ProcessDefinition, number: int) -> int:
    """The id of a version: a fixed function of what it is."""
    text = f"{definition.key}\n{number}\n{definition.digest}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest(), "big") >> (256 - _ID_BITS)


def _search_text(definition: ProcessDefinition) -> str:
    parts = (definition.key, definition.title, definition.branch, definition.reference, definition.issuer)
    return fold(" ".join([part for part in parts if part] + list(definition.procedure_codes)))


def _refuse_foreign_key(definition: ProcessDefinition, latest: ProcessVersion | None) -> None:
    if latest is None or (latest.issuer, latest.field) == (definition.issuer, definition.field):
        return
    raise Conflict(
        msg(
            "Mã quy trình “%(key)s” đã thuộc về “%(title)s” của cơ quan hoặc lĩnh vực khác. "
            "Hãy đặt mã theo lĩnh vực, số hiệu và lần ban hành.",
            key=definition.key,
            title=latest.title,
        ),
        code="key_taken",
        field="key",
    )


def _stored(finding: Finding) -> dict[str, str | None]:
    return {
        "severity": finding.severity,
        "code": finding.code,
        "step": finding.step_key,
        "message": finding.message.source(),
    }

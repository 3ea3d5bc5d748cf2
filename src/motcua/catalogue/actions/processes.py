"""Publishing internal processes and binding them to procedures, cases and levels."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from motcua.catalogue.actions.changes.locking import lock_catalogue
from motcua.catalogue.actions.findings import store_findings
from motcua.catalogue.actions.importing import BEGINNING
from motcua.catalogue.events import ProcessesBound
from motcua.catalogue.models import ProcedureVersion, ProcessBinding
from motcua.catalogue.permissions import require_import
from motcua.catalogue.rules.process_matching import GENERIC, Bound, bind_processes
from motcua.catalogue.snapshot import DATA, touch
from motcua.catalogue.types import ImportReport, ProcedureDefinition, SourceFinding
from motcua.kernel import audit, outbox
from motcua.kernel.actor import Actor
from motcua.kernel.messages import msg
from motcua.workflow import actions as workflow
from motcua.workflow import queries as processes
from motcua.workflow.rules.definition import ProcessDefinition

GENERIC_KEYS = {"chung-xa": "xa", "chung-tinh": "tinh"}


class _Key(NamedTuple):
    procedure_id: int | None
    case_key: str
    level: str


@transaction.atomic
def import_processes(
    *, actor: Actor, document: object, now: datetime, source: str = "", begins: datetime = BEGINNING
) -> ImportReport:
    """Publish every process of a file and bind them to procedures by code, branch and case; the very first
    bindings stand from `begins`.

    Processes bound before compete with those of the file; the better source wins. `created` counts new or
    changed bindings, `refused` processes that could not be published. Raises `NotAllowed`.
    """
    require_import(actor)
    lock_catalogue()
    result = workflow.import_processes(actor=actor, data=document, now=now)
    version_ids = {version.key: version.pk for version in result.published}
    definitions = {d.key: d for d in result.report.definitions if d.key in version_ids}
    for version_id in _bound_versions():
        known = processes.process(version_id)
        if known.key not in definitions:
            definitions[known.key] = known
            version_ids[known.key] = version_id
    bound, doubts = bind_processes(definitions.values(), _procedures(definitions.values()))
    in_file = {version.key for version in result.published}
    created, unchanged = _write(bound, version_ids, _generic(actor, now), in_file, now, begins)
    report = ImportReport(
        source=source or "internal_processes",
        rows=len(result.report.processes),
        created=created,
        unchanged=unchanged,
        refused=len(result.refused),
        findings=(*_remarks(result), *doubts),
    )
    digest = hashlib.sha256(json.dumps(document, sort_keys=True, default=str).encode()).hexdigest()
    import_id = store_findings(kind="processes", report=report, digest=digest, by=actor.name, now=now)
    audit.record(
        actor,
        "catalogue.import_processes",
        subject_type="source_import",
        subject=str(import_id),
        data={"processes": report.rows, "bindings": created, "refused": report.refused},
        at=now,
    )
    touch()
    outbox.publish(ProcessesBound(import_id=import_id, bindings=created), now=now)
    return report


def _generic(actor: Actor, now: datetime) -> dict[str, int]:
    """The version of the generic process of each level, published when it is not yet."""
    document = json.loads((DATA / "generic_processes.json").read_text(encoding="utf-8"))
    result = workflow.import_processes(actor=actor, data=document, now=now)
    return {GENERIC_KEYS[version.key]: version.pk for version in result.published}


def _bound_versions() -> list[int]:
    open_ones = ProcessBinding.objects.filter(valid_to__isnull=True, procedure__isnull=False)
    keys = open_ones.exclude(process_key=GENERIC).values_list("process_version_id", flat=True)
    return sorted(set(keys))


def _procedures(definitions: Iterable[ProcessDefinition]) -> Mapping[int, ProcedureDefinition]:
    """The newest content of every procedure that a process could be for: those named by code, those with
    none.
    """
    standing = ProcedureVersion.objects.filter(valid_to__isnull=True, withdrawn_at__isnull=True)
    rows = standing.order_by("number")
    codes = {code for d in definitions for code in d.procedure_codes}
    return {
        procedure_id: ProcedureDefinition.from_dict(content)
        for procedure_id, code, others, content in rows.values_list(
            "procedure_id", "code", "codes", "definition"
        )
        if not code or code in codes or codes.intersection(others.split())
    }


def _write(
    bound: Sequence[Bound],
    version_ids: Mapping[str, int],
    generic: Mapping[str, int],
    in_file: set[str],
    now: datetime,
    begins: datetime,
) -> tuple[int, int]:
    """Open the bindings that are new, close those that give way; (written, unchanged) of the file's processes.

    The very first ones stand from the beginning, like the versions they are for. Where a published decision binds
    another process later, its choice stays.
    """
    wanted: dict[_Key, tuple[int, str, bool]] = {
        _Key(None, "", level): (pk, GENERIC, False) for level, pk in generic.items()
    }
    for item in bound:
        version_id = version_ids[item.process_key] if item.process_key != GENERIC else generic[item.level]
        wanted[_Key(item.procedure_id, item.case_key, item.level)] = (
            version_id,
            item.process_key,
            item.is_real,
        )
    held = {
        _Key(row.procedure_id, row.case_key, row.level): row
        for row in ProcessBinding.objects.filter(valid_to__isnull=True, agency__isnull=True)
    }
    kept = {
        key
        for key, row in held.items()
        if key in wanted and (wanted[key][0] == row.process_version_id or row.valid_from > now)
    }
    stale = [row.pk for key, row in held.items() if key in wanted and key not in kept]
    ProcessBinding.objects.filter(pk__in=stale).update(valid_to=now)
    ProcessBinding.objects.bulk_create(
        [
            ProcessBinding(
                procedure_id=key.procedure_id,
                case_key=key.case_key,
                level=key.level,
                process_version_id=version_id,
                process_key=process_key,
                is_real=is_real,
                valid_from=now if held else begins,
            )
            for key, (version_id, process_key, is_real) in wanted.items()
            if key not in kept
        ]
    )
    ours = {key for key, (_, process_key, _) in wanted.items() if process_key in in_file}
    return len(ours - kept), len(ours & kept)


def _remarks(result: workflow.ImportResult) -> list[SourceFinding]:
    """What the workflow noticed while reading, in the catalogue's words."""
    titles = {
        loaded.key: loaded.definition.title
        for loaded in result.report.processes
        if loaded.definition is not None
    }
    found = [
        SourceFinding("", remark.code, remark.code, remark.message, "", "")
        for remark in result.report.remarks
    ]
    refused = {key for key, _ in result.refused}
    for loaded in result.report.processes:
        if loaded.definition is None and loaded.key in refused:
            continue  # said once, with the refusal below
        for remark in loaded.remarks:
            where = f"{loaded.key}.{remark.step_key}" if remark.step_key else loaded.key
            found.append(
                SourceFinding("", where, remark.code, remark.message, "", titles.get(loaded.key, ""))
            )
    for key, problems in result.refused:
        reasons = "; ".join(problem.message.source() for problem in problems if problem.severity == "error")
        found.append(
            SourceFinding(
                "",
                key,
                "row_refused",
                msg("Không công bố được quy trình: %(reasons)s", reasons=reasons or "—"),
                "",
                titles.get(key, ""),
            )
        )
    return found

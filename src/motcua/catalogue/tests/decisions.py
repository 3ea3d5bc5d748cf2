"""Decisions for tests: a catalogue of small procedures, people who may change it, a rehearsal that was green."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from motcua.catalogue import actions, queries
from motcua.catalogue.models import Procedure, ProcedureVersion, Rehearsal
from motcua.catalogue.queries.ground import ground_of, with_desks
from motcua.catalogue.snapshot import touch as touch_catalogue
from motcua.catalogue.tests.conftest import SYSTEM, compact_row
from motcua.catalogue.types import FeeLine, Level, ProcedureDefinition
from motcua.catalogue.types_changes import ChangeAction, ChangeKind
from motcua.catalogue.types_drafts import ChangeHead, ChangeSetInfo, DraftLine
from motcua.kernel import clock
from motcua.kernel.accounts.models import User
from motcua.kernel.actor import Actor
from motcua.kernel.clock import VN
from motcua.kernel.tests.kept_rows import made_alike
from motcua.organisation import actions as organisation
from motcua.organisation import queries as units
from motcua.organisation.models import Unit
from motcua.organisation.snapshot import touch
from motcua.organisation.types import Role

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
EFFECTIVE = datetime(2026, 12, 1, tzinfo=VN)
FIELD = "Hộ tịch"


def code_of(number: int) -> str:
    return f"9.{number:06d}"


def make_units() -> None:
    """The committee, its office, its centre and two departments; of these STP handles the field of the tests."""
    made_alike("units of decisions", _make_units)
    touch()
    units.forget()


def _make_units() -> None:
    for code, kind, name, parent in (
        ("BN", "province", "Ủy ban nhân dân tỉnh", None),
        ("VPUBND", "department", "Văn phòng Ủy ban nhân dân tỉnh", "BN"),
        ("TTPVHCC", "service_centre", "Trung tâm Phục vụ hành chính công tỉnh", "BN"),
        ("STP", "department", "Sở Tư pháp", "BN"),
        ("STC", "department", "Sở Tài chính", "BN"),
        ("STP.HT", "division", "Phòng Hành chính tư pháp", "STP"),
        ("STP.VP", "division", "Văn phòng Sở", "STP"),
    ):
        unit = Unit.objects.create(
            code=code,
            kind=kind,
            name=name,
            full_name=name,
            agency_code="" if kind == "division" else code,
            function={"STP.HT": "specialist", "STP.VP": "office"}.get(code, ""),
            is_reception_point=kind == "service_centre",
            parent=Unit.objects.get(code=parent) if parent else None,
        )
        unit.agency = Unit.objects.get(code=parent) if kind == "division" else unit
        unit.save(update_fields=["agency"])


def person(name: str, role: Role, unit: str, *, now: datetime = NOW) -> Actor:
    user = User.objects.create(username=name, full_name=name)
    organisation.open_post(
        actor=SYSTEM,
        user_id=user.pk,
        unit_id=units.unit_by_code(unit).id,
        role=role,
        title=str(role.label),
        starts_on=date(2025, 7, 1),
        now=now,
    )
    return units.actor_for(user, now)


def seed(count: int, *, now: datetime = NOW) -> None:
    """So many procedures, from one import of the compact source, and the process of each level for all of them."""
    made_alike(f"{count} procedures at {now}", lambda: _seed(count, now))
    touch_catalogue()


def _seed(count: int, now: datetime) -> None:
    actions.import_processes(actor=SYSTEM, document={"processes": []}, now=now, source="none")
    rows = [
        compact_row(code=code_of(n), name=f"Thủ tục thử số {n}", field=FIELD, decision=f"{n}/QĐ")
        for n in range(1, count + 1)
    ]
    actions.import_procedures(actor=SYSTEM, document={"rows": rows}, now=now, source="seed")


def content_of(code: str, **changes: Any) -> ProcedureDefinition:
    """The content in force by the rows themselves, changed."""
    row = ProcedureVersion.objects.filter(code=code, withdrawn_at__isnull=True).latest("number")
    return replace(ProcedureDefinition.from_dict(row.definition), **changes)


def new_content(code: str, name: str = "Thủ tục mới") -> ProcedureDefinition:
    return ProcedureDefinition(
        name=f"{name} {code}",
        short_name=name,
        field=FIELD,
        levels=(Level.PROVINCE,),
        code=code,
        fees=(FeeLine("le-phi", "charge", "Lệ phí", 50_000, "hồ sơ"),),
    )


def head(number: str = "1513/QĐ-UBND", **changes: Any) -> ChangeHead:
    return ChangeHead(
        **{
            "number": number,
            "kind": ChangeKind.PUBLISH,
            "title": "Công bố danh mục",
            "effective_at": EFFECTIVE,
            "source_digest": f"digest of {number}",
            **changes,
        }
    )


def amended(code: str, **changes: Any) -> DraftLine:
    changes = changes or {"conditions": ("Điều kiện mới",)}
    return DraftLine(ChangeAction.AMENDED, code=code, content=content_of(code, **changes))


def abolished(code: str) -> DraftLine:
    return DraftLine(ChangeAction.ABOLISHED, code=code)


def new(code: str) -> DraftLine:
    return DraftLine(ChangeAction.NEW, code=code, content=new_content(code))


def replaced(code: str, *old: str) -> DraftLine:
    return DraftLine(
        ChangeAction.REPLACED,
        code=code,
        old_code=", ".join(old),
        content=new_content(code, "Thủ tục thay thế"),
    )


def rehearsed(change_set_id: int, *, failed: int = 0, digest: str = "") -> Rehearsal:
    """A rehearsal of what is drafted now, as the rehearsal itself would leave it."""
    return Rehearsal.objects.create(
        change_set_id=change_set_id,
        digest=digest or queries.changes.digest_of(change_set_id),
        at=max(NOW, clock.now()),  # pages and commands publish by the real clock
        by_name="Diễn tập",
        seconds=1.0,
        procedures=1,
        units=1,
        trials=10,
        failed=failed,
        ground=with_desks(ground_of(change_set_id, NOW.date()), ()),
    )


def approved(
    drafter: Actor, approver: Actor, lines: Sequence[DraftLine], *, now: datetime = NOW, **changes: Any
) -> ChangeSetInfo:
    """Drafted, approved and rehearsed; only publishing is left."""
    drafted = actions.draft_change_set(actor=drafter, head=head(**changes), lines=lines, now=now)
    rehearsed(drafted.id)
    return actions.approve_change_set(actor=approver, change_set_id=drafted.id, now=now)


def procedure(code: str) -> Procedure:
    return Procedure.objects.get(code=code)

"""Creating and correcting units."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from motcua.kernel import audit, outbox
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Invalid
from motcua.kernel.messages import msg
from motcua.kernel.text import nfc
from motcua.organisation.errors import CodeTaken, UnknownUnit
from motcua.organisation.events import UnitChanged, UnitCreated
from motcua.organisation.models import Unit
from motcua.organisation.permissions import require_manage_province, require_manage_unit
from motcua.organisation.snapshot import current, touch
from motcua.organisation.types import UnitInfo, UnitKind

EDITABLE = frozenset({"name", "full_name", "short_name", "address", "phone", "place_name", "agency_code"})


@transaction.atomic
def create_unit(
    *,
    actor: Actor,
    now: datetime,
    code: str,
    name: str,
    kind: str,
    parent_id: int | None,
    full_name: str = "",
    short_name: str = "",
    function: str = "",
    agency_code: str = "",
    agency_code_source: str = "",
    area_id: int | None = None,
    address: str = "",
    phone: str = "",
    place_name: str = "",
    is_reception_point: bool = False,
    commune_type: str = "",
    former_province: str = "",
    letter_head: Mapping[str, str] | None = None,
    starts_on: date | None = None,
    is_agency: bool | None = None,
    source: str = "",
) -> UnitInfo:
    """Add a unit below another one.

    It belongs to its parent's agency unless it is an agency itself (`is_agency`; by default every kind but a
    division and a service centre is). Raises `NotYourUnit`, `CodeTaken`, `UnknownUnit`, `Invalid`.
    """
    parent = None if parent_id is None else _unit(parent_id)
    agency = kind not in {UnitKind.DIVISION, UnitKind.SERVICE_CENTRE} if is_agency is None else is_agency
    if parent is None or agency:
        require_manage_province(actor)
    else:
        require_manage_unit(actor, parent)
    code, name = code.strip(), nfc(name)
    _refuse_bad(code, name, kind, agency_code, is_agency=agency)
    row = Unit(
        code=code,
        agency_code=agency_code.strip(),
        agency_code_source=agency_code_source or ("entered" if agency_code else ""),
        kind=kind,
        function=function,
        name=name,
        full_name=nfc(full_name) or name,
        short_name=nfc(short_name) or name[:80],
        parent_id=parent_id,
        agency_id=None if agency or parent is None else parent.agency_id,
        area_id=area_id,
        commune_type=commune_type,
        former_province=former_province or (parent.former_province if parent else ""),
        address=nfc(address),
        phone=phone.strip(),
        place_name=nfc(place_name) or (parent.place_name if parent else ""),
        letter_head=dict(letter_head or {}),
        is_reception_point=is_reception_point,
        starts_on=starts_on,
        source=source,
    )
    row.save(force_insert=True)
    if row.agency_id is None:
        row.agency_id = row.pk
        row.save(update_fields=["agency_id"])
    touch()
    audit.record(
        actor,
        "organisation.unit_created",
        subject_type="unit",
        subject=code,
        data={"name": name, "kind": kind, "parent": parent.code if parent else ""},
        at=now,
    )
    outbox.publish(UnitCreated(unit_id=row.pk, code=code), now=now)
    return current().units[row.pk]


@transaction.atomic
def update_unit(*, actor: Actor, now: datetime, unit_id: int, changes: Mapping[str, str]) -> UnitInfo:
    """Correct names, address, telephone, place name, or the agency's code (the real one replaces a
    placeholder).

    `changes` maps field names of `EDITABLE` to new values. Raises `NotYourUnit`, `UnknownUnit`, `CodeTaken`,
    `Invalid`.
    """
    unknown = set(changes) - EDITABLE
    if unknown:
        raise Invalid(msg("Không sửa được trường %(name)s của đơn vị.", name=", ".join(sorted(unknown))))
    row = Unit.objects.select_for_update().filter(pk=unit_id).first()
    if row is None:
        raise UnknownUnit(msg("Không có đơn vị này."))
    require_manage_unit(actor, _unit(unit_id))
    cleaned = {name: nfc(value) for name, value in changes.items()}
    changed = {name: value for name, value in cleaned.items() if getattr(row, name) != value}
    if not changed:
        return _unit(unit_id)
    _refuse_change(row, changed)
    before = {name: getattr(row, name) for name in changed}
    for name, value in changed.items():
        setattr(row, name, value)
    if "agency_code" in changed:
        row.agency_code_source = "entered"
    row.save()
    touch()
    audit.record(
        actor,
        "organisation.unit_changed",
        subject_type="unit",
        subject=row.code,
        data={"before": before, "after": changed},
        at=now,
    )
    outbox.publish(UnitChanged(unit_id=row.pk, fields=tuple(sorted(changed))), now=now)
    return _unit(unit_id)


def _refuse_bad(code: str, name: str, kind: str, agency_code: str, *, is_agency: bool) -> None:
    if not code:
        raise Invalid(msg("Nhập mã đơn vị."), field="code")
    if not name:
        raise Invalid(msg("Nhập tên đơn vị."), field="name")
    if kind not in UnitKind.values:
        raise Invalid(msg("Loại đơn vị không hợp lệ: %(kind)s.", kind=kind[:40]), field="kind")
    if agency_code and not is_agency:
        raise Invalid(msg("Phòng, bộ phận không có mã định danh riêng; để trống ô này."), field="agency_code")
    if Unit.objects.filter(code=code).exists():
        raise CodeTaken(msg("Mã đơn vị %(code)s đã dùng. Hãy chọn mã khác.", code=code), field="code")
    _refuse_taken_agency_code(agency_code)


def _refuse_change(row: Unit, changed: Mapping[str, str]) -> None:
    for name, label in (
        ("name", msg("tên")),
        ("full_name", msg("tên đầy đủ")),
        ("short_name", msg("tên viết tắt")),
    ):
        if changed.get(name) == "":
            raise Invalid(msg("Nhập %(label)s của đơn vị.", label=label), field=name)
    code = changed.get("agency_code", "")
    if code and row.agency_id != row.pk:
        raise Invalid(msg("Phòng, bộ phận không có mã định danh riêng; để trống ô này."), field="agency_code")
    _refuse_taken_agency_code(code)


def _refuse_taken_agency_code(agency_code: str) -> None:
    if agency_code and Unit.objects.filter(agency_code=agency_code.strip()).exists():
        raise CodeTaken(
            msg("Mã định danh %(code)s đã thuộc đơn vị khác.", code=agency_code.strip()), field="agency_code"
        )


def _unit(unit_id: int) -> UnitInfo:
    found = current().units.get(unit_id)
    if found is None:
        raise UnknownUnit(msg("Không có đơn vị này."))
    return found

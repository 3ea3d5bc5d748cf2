"""A small province for tests of this context and those above it.

One provincial committee with its office and centre, one department, two wards; officers for every desk of
the first ward; a procedure whose process runs counter - specialist - head - leader - clerk - counter in five
working days. Units are rows made here (loading the real province takes long); the rest goes through the real
actions.

    place = make_province()
    procedure = make_procedure()
    officer = make_officer("one_stop_officer", place.centre)
    done = receive(officer, procedure)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from fractions import Fraction
from itertools import count
from typing import Any

from motcua.catalogue.actions.version_rows import version_id
from motcua.catalogue.models import Field, Procedure, ProcedureVersion, ProcessBinding
from motcua.catalogue.rules.search import words_of
from motcua.catalogue.rules.time_limits import LimitPhase, LimitUnit, TimeLimit
from motcua.catalogue.snapshot import touch as touch_catalogue
from motcua.catalogue.types import Level, Paper, ProcedureCase, ProcedureDefinition
from motcua.dossiers import actions
from motcua.dossiers.models import Dossier
from motcua.dossiers.types import PaperGiven, PaperState, Person, Reception, ResultData
from motcua.kernel.accounts.models import User
from motcua.kernel.actor import Actor
from motcua.kernel.clock import VN
from motcua.kernel.tests.kept_rows import made_alike
from motcua.kernel.text import fold, initials
from motcua.organisation import actions as organisation_actions
from motcua.organisation import queries as organisation
from motcua.organisation.models import Post, Unit
from motcua.organisation.rules.working_time import Session
from motcua.organisation.snapshot import touch as touch_organisation
from motcua.organisation.types import Role, UnitInfo
from motcua.workflow import actions as workflow_actions
from motcua.workflow import queries as workflow
from motcua.workflow.models import ProcessVersion, Task
from motcua.workflow.rules.definition import (
    Effect,
    Outcome,
    ProcessDefinition,
    Span,
    Step,
    StepKind,
    TimeUnit,
    UnitRef,
    Where,
)

MONDAY = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)  # Monday 16/11/2026 09:00 in Viet Nam
BEGINNING = datetime(2025, 7, 1, tzinfo=VN)
SYSTEM = Actor.system("test", "command")
FIELD = "Hộ tịch"
HALF_DAYS = (Session(time(7, 30), time(11, 30)), Session(time(13, 30), time(17, 30)))
PAPERS = (
    PaperGiven("to-khai"),
    PaperGiven("giay-khai-sinh", PaperState.NOT_NEEDED),
    PaperGiven("can-cuoc", PaperState.PRESENTED),
)
_numbers = count(1)


def at(day: int, hour: int = 9, minute: int = 0, *, month: int = 11, year: int = 2026) -> datetime:
    """An instant on the wall clock of Viet Nam, in November 2026 unless said otherwise."""
    return datetime(year, month, day, hour, minute, tzinfo=VN).astimezone(UTC)


# --- units ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Commune:
    """A ward with its parts; `division` is the one that works on the field of the test procedure."""

    agency: UnitInfo
    centre: UnitInfo
    society: UnitInfo
    economy: UnitInfo
    office: UnitInfo
    division: UnitInfo


@dataclass(frozen=True, slots=True)
class Province:
    """The units of the small province. `commune` is where tests work, `other` is foreign ground."""

    committee: UnitInfo
    committee_office: UnitInfo
    centre: UnitInfo
    department: UnitInfo
    department_division: UnitInfo
    commune: Commune
    other: Commune


def make_province() -> Province:
    """The units, working Monday to Friday 07:30-11:30 and 13:30-17:30 without a holiday."""
    made = made_alike("the small province", _make_province)
    touch_organisation()
    return made


def _make_province() -> Province:
    committee = _unit(
        "BN", "province", "Ủy ban nhân dân tỉnh Bắc Ninh", agency_code="H05", place_name="Bắc Ninh"
    )
    office = _unit(
        "VPUBND", "department", "Văn phòng Ủy ban nhân dân tỉnh", parent=committee, agency_code="H05.01"
    )
    centre = _unit(
        "TTPVHCC",
        "service_centre",
        "Trung tâm Phục vụ hành chính công tỉnh Bắc Ninh",
        parent=committee,
        agency_code="H05.00",
        is_reception_point=True,
    )
    department = _unit("STP", "department", "Sở Tư pháp", parent=committee, agency_code="H05.12")
    division = _unit(
        "STP.HT", "division", "Phòng Hành chính tư pháp", parent=department, function="specialist"
    )
    _unit("STP.VP", "division", "Văn phòng Sở", parent=department, function="office")
    communes = [
        _commune(committee, "09187", "Kinh Bắc", "H05.16"),
        _commune(committee, "09190", "Vũ Ninh", "H05.17"),
    ]
    touch_organisation()
    week: Mapping[int, Sequence[Session] | None] = dict.fromkeys(range(5), HALF_DAYS)
    organisation_actions.set_week(actor=SYSTEM, now=MONDAY, unit_id=committee.pk, week=week)
    known = organisation.units()
    return Province(
        committee=known[committee.pk],
        committee_office=known[office.pk],
        centre=known[centre.pk],
        department=known[department.pk],
        department_division=known[division.pk],
        commune=_as_commune(communes[0]),
        other=_as_commune(communes[1]),
    )


def _commune(committee: Unit, code: str, name: str, agency_code: str) -> Unit:
    ward = _unit(
        code,
        "commune",
        f"Ủy ban nhân dân phường {name}",
        parent=committee,
        agency_code=agency_code,
        place_name=name,
        commune_type="phường",
        former_province="Bắc Ninh",
    )
    _unit(
        f"{code}.TT",
        "service_centre",
        "Trung tâm Phục vụ hành chính công",
        parent=ward,
        function="centre",
        full_name=f"Trung tâm Phục vụ hành chính công phường {name}",
        is_reception_point=True,
    )
    divisions = (
        ("VHXH", "Phòng Văn hóa - Xã hội", "society"),
        ("KT", "Phòng Kinh tế", "economy"),
        ("VP", "Văn phòng HĐND và UBND", "office"),
    )
    for short, title, function in divisions:
        full = f"{title}, phường {name}"
        _unit(f"{code}.{short}", "division", title, parent=ward, function=function, full_name=full)
    return ward


def make_police(ward: Commune) -> UnitInfo:
    """The police of a ward: a vertical agency that serves it and has a desk of its own."""
    committee = Unit.objects.get(code="BN")
    made = _unit(
        f"{ward.agency.code}.CA",
        "vertical",
        f"Công an {ward.agency.name}",
        parent=committee,
        function="police",
        area_id=ward.agency.id,
        agency_code=f"{ward.agency.agency_code}.CA",
        is_reception_point=True,
    )
    touch_organisation()
    return organisation.unit(made.pk)


def _unit(code: str, kind: str, name: str, *, parent: Unit | None = None, **more: Any) -> Unit:
    given = {"full_name": name, "short_name": code, "source": "test", **more}
    unit = Unit.objects.create(code=code, kind=kind, name=name, parent=parent, **given)
    within = kind == "division" or (
        kind == "service_centre" and parent is not None and parent.kind == "commune"
    )
    unit.agency = parent.agency if within and parent is not None else unit
    unit.save(update_fields=["agency"])
    return unit


def _as_commune(ward: Unit) -> Commune:
    parts = {unit.function: unit for unit in organisation.units().values() if unit.agency_id == ward.pk}
    return Commune(
        agency=organisation.unit(ward.pk),
        centre=parts["centre"],
        society=parts["society"],
        economy=parts["economy"],
        office=parts["office"],
        division=organisation.division_for(ward.pk, FIELD) or parts["office"],
    )


# --- people -----------------------------------------------------------------------------------------------


def make_officer(
    role: str, unit: UnitInfo, *, name: str = "", username: str = "", password: str = "", title: str = ""
) -> Actor:
    """A person with one post, as the actor they are."""
    number = next(_numbers)
    user = User.objects.create_user(
        username or f"can-bo-{number}",
        name or f"Cán bộ {number}",
        **({"password": password} if password else {}),
    )
    give_post(user.pk, role, unit, title=title)
    return actor_of(user.pk)


def give_post(user_id: int, role: str, unit: UnitInfo, *, title: str = "") -> Post:
    """One more post for a person."""
    return Post.objects.create(
        user_id=user_id,
        unit_id=unit.id,
        role=role,
        title=title or str(Role(role).label),
        starts_on=date(2025, 7, 1),
    )


def delegate(
    giver: Actor, receiver: Actor, *, days: tuple[date, date], document: str = "QĐ 12/QĐ-UBND"
) -> None:
    """The giver's first post, exercised by the receiver."""
    post_id = giver.grants[0].post_id
    assert post_id is not None and receiver.user_id is not None
    organisation_actions.delegate(
        actor=SYSTEM,
        now=MONDAY,
        post_id=post_id,
        delegate_id=receiver.user_id,
        starts_on=days[0],
        ends_on=days[1],
        document=document,
    )


def actor_of(user_id: int, now: datetime = MONDAY) -> Actor:
    """What a person may do on a day."""
    return organisation.actor_for(User.objects.get(pk=user_id), now)


@dataclass(frozen=True, slots=True)
class Staff:
    """One officer for every desk of a ward."""

    counter: Actor
    specialist: Actor
    head: Actor
    leader: Actor
    clerk: Actor


def make_staff(ward: Commune) -> Staff:
    """An officer at every desk that the process of `make_procedure` passes in this ward."""
    return made_alike(f"staff of {ward}", lambda: _make_staff(ward))


def _make_staff(ward: Commune) -> Staff:
    return Staff(
        counter=make_officer(
            "one_stop_officer", ward.centre, name="Nguyễn Thị Quầy", title="Cán bộ tiếp nhận"
        ),
        specialist=make_officer("specialist", ward.division, name="Trần Văn Chuyên", title="Chuyên viên"),
        head=make_officer("dept_head", ward.division, name="Lê Thị Trưởng", title="Trưởng phòng"),
        leader=make_officer("leader", ward.agency, name="Phạm Văn Chủ", title="Phó Chủ tịch"),
        clerk=make_officer("clerk", ward.office, name="Đỗ Thị Thư", title="Văn thư"),
    )


# --- procedures -------------------------------------------------------------------------------------------


def days(amount: str | int) -> Span:
    return Span(Fraction(amount), TimeUnit.WORKING_DAY)


def process_definition(key: str = "thu.qt-01") -> ProcessDefinition:
    """Counter - specialist - head - leader - clerk - counter; heads and leaders can send back."""
    back = Outcome("tra_lai", "Trả lại", ("xu-ly",), needs_note=True, back=True)
    steps = (
        _step(
            "tiep-nhan", "Tiếp nhận hồ sơ", StepKind.RECEPTION, Role.ONE_STOP_OFFICER, Where.RECEIVING_CENTRE
        )(Outcome("chuyen", "Chuyển xử lý", ("xu-ly",))),
        _step("xu-ly", "Thẩm định hồ sơ", StepKind.WORK, Role.SPECIALIST, Where.FIELD_DIVISION, "2")(
            Outcome("trinh", "Trình lãnh đạo phòng", ("duyet",)),
            Outcome("bo_sung", "Yêu cầu bổ sung", ("xu-ly",), effect=Effect.SUPPLEMENT),
        ),
        _step("duyet", "Xem xét, trình ký", StepKind.WORK, Role.DEPT_HEAD, Where.FIELD_DIVISION, "1")(
            Outcome("trinh_ky", "Trình lãnh đạo ký", ("ky",)), back
        ),
        _step("ky", "Ký duyệt kết quả", StepKind.APPROVAL, Role.LEADER, Where.AGENCY, "1")(
            Outcome("ky", "Ký duyệt", ("dong-dau",)), back
        ),
        _step("dong-dau", "Vào sổ, đóng dấu", StepKind.CLERK, Role.CLERK, Where.AGENCY, "0.5")(
            Outcome("phat_hanh", "Chuyển trả kết quả", ("tra",))
        ),
        _step("tra", "Trả kết quả", StepKind.RETURN, Role.ONE_STOP_OFFICER, Where.RECEIVING_CENTRE)(
            Outcome("da_tra", "Đã trả", ())
        ),
    )
    return ProcessDefinition(
        key=key, title="Quy trình thử", level="xa", steps=steps, limit=days(5), field=FIELD
    )


def _step(key: str, name: str, kind: StepKind, role: Role, where: Where, amount: str = "") -> Any:
    def with_outcomes(*outcomes: Outcome) -> Step:
        return Step(
            key=key,
            name=name,
            kind=kind,
            role=role.value,
            unit_ref=UnitRef(where),
            performer=str(role.label),
            time=days(amount) if amount else None,
            outcomes=outcomes,
        )

    return with_outcomes


def procedure_definition(**changes: Any) -> ProcedureDefinition:
    """Five working days, three papers, two cases of which one takes ten days."""
    given = ProcedureDefinition(
        name="Đăng ký lại khai sinh cho người đã có hồ sơ, giấy tờ cá nhân",
        short_name="Đăng ký lại khai sinh",
        field=FIELD,
        levels=(Level.COMMUNE,),
        code=f"1.{next(_numbers):06d}",
        limit=limit_of(5),
        cases=(
            ProcedureCase("thuong", "Không phải xác minh"),
            ProcedureCase("xac-minh", "Phải xác minh", limit=limit_of(10), changes_limit=True),
        ),
        papers=(
            Paper("to-khai", "Tờ khai theo mẫu", 1, 0, "form", "always"),
            Paper("giay-khai-sinh", "Bản sao giấy khai sinh cũ (nếu có)", 0, 1, "submit", "conditional"),
            Paper("can-cuoc", "Căn cước của người yêu cầu", 1, 0, "present", "always"),
        ),
    )
    return replace(given, **changes)


def limit_of(amount: int) -> TimeLimit:
    return TimeLimit((LimitPhase(Fraction(amount), LimitUnit.WORKING_DAY),))


def make_procedure(
    definition: ProcedureDefinition | None = None,
    *,
    process: ProcessDefinition | None = None,
    level: Level = Level.COMMUNE,
) -> ProcedureVersion:
    """A procedure in force with its process bound at a level; returns the version to receive under."""
    definition = definition or procedure_definition()
    published = publish(process or process_definition())
    procedure = Procedure.objects.create(code=definition.code)
    version = _version_row(procedure, definition, 1, BEGINNING, BEGINNING)
    version.save()
    ProcessBinding.objects.create(
        procedure=procedure,
        level=level.value,
        process_version=published,
        process_key=published.key,
        valid_from=BEGINNING,
    )
    touch_catalogue()
    return version


def amend(
    version: ProcedureVersion, at: datetime, *, known: datetime | None = None, **changes: Any
) -> ProcedureVersion:
    """The next version of a procedure, in force from an instant; the one before ends there."""
    before = ProcedureDefinition.from_dict(version.definition)
    number = version.number + 1
    following = _version_row(version.procedure, replace(before, **changes), number, at, known or at)
    ProcedureVersion.objects.filter(pk=version.pk).update(valid_to=at)
    following.save()
    touch_catalogue()
    return following


def end(version: ProcedureVersion, at: datetime) -> None:
    """Abolish a procedure from an instant."""
    ProcedureVersion.objects.filter(pk=version.pk).update(valid_to=at)
    touch_catalogue()


def _version_row(
    procedure: Procedure, definition: ProcedureDefinition, number: int, starts: datetime, created: datetime
) -> ProcedureVersion:
    field, _created = Field.objects.get_or_create(
        name=definition.field, defaults={"folded": fold(definition.field)}
    )
    return ProcedureVersion(
        id=version_id(definition.display_code, number, definition.digest),
        procedure=procedure,
        number=number,
        code=definition.display_code,
        name=definition.name,
        short_name=definition.short_name,
        field=field,
        levels=[found.value for found in definition.levels],
        definition=definition.to_dict(),
        digest=definition.digest,
        online_level=definition.online.value,
        valid_from=starts,
        search_text=" ".join(words_of(f"{definition.name} {definition.field}")),
        initials=initials(definition.short_name)[:255],
        detailed=True,
        created_at=created,
    )


def publish(definition: ProcessDefinition) -> ProcessVersion:
    return workflow_actions.publish_process(
        actor=SYSTEM, definition=definition, now=MONDAY, accept_findings=True
    )


# --- dossiers ---------------------------------------------------------------------------------------------


def person(
    name: str = "Nguyễn Thị Đào", id_number: str = "027185001234", phone: str = "0912345678"
) -> Person:
    return Person(name=name, id_number=id_number, phone=phone, address="Phường Kinh Bắc, tỉnh Bắc Ninh")


def receive(
    officer: Actor,
    procedure: ProcedureVersion,
    *,
    now: datetime = MONDAY,
    owner: Person | None = None,
    **more: Any,
) -> Dossier:
    """Receive a complete dossier at the officer's own counter."""
    reception = reception_of(officer, procedure, owner=owner, **more)
    return actions.receive_dossier(actor=officer, reception=reception, now=now).dossier


def reception_of(
    officer: Actor, procedure: ProcedureVersion, *, owner: Person | None = None, **more: Any
) -> Reception:
    """What the officer's counter would send."""
    given: dict[str, Any] = {"case_key": "thuong", "papers": PAPERS, **more}
    return Reception(
        procedure_version_id=procedure.pk,
        owner=owner or person(),
        receiving_unit_id=officer.grants[0].unit_id,
        **given,
    )


def open_task(dossier: Dossier, step: str = "") -> Task:
    """The open step of a dossier (by key where several are open); consultations left out."""
    assert dossier.run_id is not None
    found = [task for task in workflow.open_tasks_of(dossier.run_id) if task.asked_from_id is None]
    return next(task for task in found if not step or task.step_key == step)


def result() -> ResultData:
    return ResultData(
        number="15/TLKS-BS",
        issued_on=date(2026, 11, 16),
        summary="Giấy khai sinh (bản đăng ký lại)",
        signer="Phạm Văn Chủ",
    )


def advance(dossier: Dossier, staff: Staff, *, until: str, now: datetime = MONDAY) -> Dossier:
    """Walk the ordinary way until the step `until` is open ("tra": the result waits at the counter)."""
    desks = {
        "xu-ly": (staff.specialist, "trinh"),
        "duyet": (staff.head, "trinh_ky"),
        "ky": (staff.leader, "ky"),
        "dong-dau": (staff.clerk, "phat_hanh"),
    }
    task = open_task(dossier)
    while task.step_key != until:
        actor, outcome = desks[task.step_key]
        decided = result() if task.step_key == "dong-dau" else None
        actions.complete_step(
            actor=actor, code=dossier.code, task_id=task.pk, outcome=outcome, result=decided, now=now
        )
        task = open_task(dossier)
    return Dossier.objects.get(pk=dossier.pk)

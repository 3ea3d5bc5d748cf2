"""Demo staff of the communes that are not shown: nobody signs in, but the board of readiness has all its grades."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from random import Random

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext_noop as _

from motcua.config.demo import names
from motcua.config.demo.staff import COMMUNES, SINCE, Place
from motcua.kernel.accounts.models import User
from motcua.kernel.actor import Actor
from motcua.organisation import actions as organisation
from motcua.organisation import queries
from motcua.organisation.types import Role, UnitFunction, UnitInfo

SEED = 34
FULL, WITHOUT_SOCIETY, WITHOUT_ECONOMY, ONLY_RECEPTION = range(4)
ROUND = (*[FULL] * 9, *[WITHOUT_SOCIETY] * 5, *[WITHOUT_ECONOMY] * 4, *[ONLY_RECEPTION] * 2)
"""How the communes are staffed, in turn; each leaves another share of their procedures undone."""
NOBODY_AT = {
    FULL: frozenset[str](),
    WITHOUT_SOCIETY: frozenset({UnitFunction.SOCIETY}),
    WITHOUT_ECONOMY: frozenset({UnitFunction.ECONOMY}),
}
OTHER_DESK = "TTPVHCC.KB"
"""The second desk of the provincial centre."""
DIVISIONS = (UnitFunction.OFFICE, UnitFunction.ECONOMY, UnitFunction.SOCIETY)


def load_commune_staff(*, actor: Actor, now: datetime) -> int:
    """Accounts nobody can sign in with, and their posts, in every commune and at every police desk; how many."""
    random = Random(SEED)  # noqa: S311 - invented names, not secrets
    police = {unit.area_id: unit for unit in _police_desks()}
    found = list(_places(police))
    people = User.objects.bulk_create(
        User(
            username=place.username,
            full_name=names.full_name(random, random.choice(("Nam", "Nữ"))),
            password=make_password(None),
            is_demo=True,
            demo_group=place.group,
        )
        for place in found
    )
    posts = [
        organisation.NewPost(user.pk, place.unit.id, place.role.value, place.title, SINCE)
        for user, place in zip(people, found, strict=True)
    ]
    organisation.open_posts(actor=actor, posts=posts, now=now)
    return len(people)


def _police_desks() -> list[UnitInfo]:
    return [unit for unit in queries.reception_points() if unit.function == UnitFunction.POLICE]


def _places(police: Mapping[int | None, UnitInfo]) -> Iterator[Place]:
    others = 0
    desk = queries.unit_by_code(OTHER_DESK)
    title = _("Công chức tiếp nhận")
    yield Place("tinh.motcua3", desk, Role.ONE_STOP_OFFICER, title, desk.full_name)
    for commune in queries.communes():
        if commune.code in COMMUNES:
            staffing = FULL if commune.code == COMMUNES[0] else ONLY_RECEPTION
        else:
            staffing = ROUND[others % len(ROUND)]
            others += 1
            yield from _commune(commune, staffing)
        if commune.id in police:
            yield from _police(police[commune.id], complete=staffing != ONLY_RECEPTION)


def _commune(commune: UnitInfo, staffing: int) -> Iterator[Place]:
    """The counter always; the rest unless only the counter stands, without the divisions that lack people."""

    def place(name: str, at: UnitInfo, role: Role, title: str) -> Place:
        return Place(f"{commune.code}.{name}", at, role, title, commune.full_name)

    yield place("motcua", queries.centre_of(commune.id), Role.ONE_STOP_OFFICER, _("Công chức tiếp nhận"))
    if staffing == ONLY_RECEPTION:
        return
    yield place("lanhdao", commune, Role.LEADER, _("Chủ tịch Ủy ban nhân dân"))
    for function in DIVISIONS:
        division = queries.unit_with_function(commune.id, function)
        if division is None or function in NOBODY_AT[staffing]:
            continue
        yield place(f"{function.value}", division, Role.SPECIALIST, _("Chuyên viên"))
        yield place(f"{function.value}.tp", division, Role.DEPT_HEAD, _("Lãnh đạo phòng"))
        if function == UnitFunction.OFFICE:
            yield place("vanthu", division, Role.CLERK, _("Văn thư"))


def _police(desk: UnitInfo, *, complete: bool) -> Iterator[Place]:
    """The desk of the police receives in every commune; where it is complete it decides as well."""

    def place(name: str, role: Role, title: str) -> Place:
        return Place(f"{desk.code}.{name}", desk, role, title, desk.full_name)

    yield place("motcua", Role.ONE_STOP_OFFICER, _("Cán bộ tiếp nhận"))
    if complete:
        yield place("canbo", Role.SPECIALIST, _("Cán bộ Công an"))
        yield place("truong", Role.DEPT_HEAD, _("Trưởng Công an"))

"""Demo staff: every role, in several communes, in departments, at the province."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext_noop as _

from motcua.config.demo import names
from motcua.kernel import clock
from motcua.kernel.accounts.models import User
from motcua.kernel.accounts.queries import DEMO_PASSWORD
from motcua.kernel.actor import Actor
from motcua.organisation import actions as organisation
from motcua.organisation import queries
from motcua.organisation.types import Role, UnitFunction, UnitInfo

COMMUNES = ("07210", "09187", "09193", "07246", "07582", "09367")
SHOWN = 2
DEPARTMENTS = ("STC", "SNNMT", "STP", "SXD", "SKHCN")
CONFIGURED = ("STC", "STP")
"""Departments whose IT administrator is shown: what they configure the other departments do alike."""
SINCE = date(2025, 7, 1)


@dataclass(frozen=True, slots=True)
class Place:
    """One demo post: who sits where, and what the sign-in page says of it ("" = not shown there)."""

    username: str
    unit: UnitInfo
    role: Role
    title: str
    group: str
    about: str = ""


def places() -> list[Place]:
    """All demo posts, those shown on the sign-in page first in their group."""
    found = [*_province()]
    known = {unit.code: unit for unit in queries.communes()}
    codes = [code for code in COMMUNES if code in known]
    codes += [code for code in sorted(known) if code not in codes][: len(COMMUNES) - len(codes)]
    for number, code in enumerate(codes, start=1):
        found += _commune(known[code], f"xa{number}", shown=number <= SHOWN)
    for code in DEPARTMENTS:
        found += _department(queries.unit_by_code(code), shown=code == "STC")
    return found


def _commune(unit: UnitInfo, short: str, *, shown: bool) -> Iterator[Place]:
    centre = queries.centre_of(unit.id)
    office = queries.unit_with_function(unit.id, UnitFunction.OFFICE)
    assert office is not None
    group = unit.full_name

    def place(name: str, at: UnitInfo, role: Role, title: str, about: str = "") -> Place:
        return Place(f"{short}.{name}", at, role, title, group, about if shown else "")

    yield place(
        "motcua",
        centre,
        Role.ONE_STOP_OFFICER,
        _("Công chức tiếp nhận"),
        _("tiếp nhận và trả kết quả tại quầy"),
    )
    yield place("motcua2", centre, Role.ONE_STOP_OFFICER, _("Công chức tiếp nhận"))
    yield place(
        "tuphap", office, Role.SPECIALIST, _("Công chức Tư pháp - Hộ tịch"), _("thẩm tra hộ tịch, chứng thực")
    )
    yield place(
        "vanphong",
        office,
        Role.DEPT_HEAD,
        _("Chánh Văn phòng HĐND và UBND"),
        _("ký thay Chủ tịch theo ủy quyền") if short == "xa1" else "",
    )
    yield place("vanthu", office, Role.CLERK, _("Văn thư"), _("lấy số, đóng dấu"))
    for name, function, title in (
        ("kinhte", UnitFunction.ECONOMY, _("đất đai, xây dựng, hộ kinh doanh")),
        ("vanhoa", UnitFunction.SOCIETY, "bảo trợ xã hội, người có công"),
    ):
        division = queries.unit_with_function(unit.id, function)
        if division is None:
            continue
        yield place(name, division, Role.SPECIALIST, _("Chuyên viên"), title if name == "kinhte" else "")
        yield place(f"{name}.tp", division, Role.DEPT_HEAD, "Trưởng phòng")
    yield place("lanhdao", unit, Role.LEADER, _("Chủ tịch Ủy ban nhân dân"), _("ký duyệt, gia hạn"))
    yield place("phochutich", unit, Role.LEADER, "Phó Chủ tịch Ủy ban nhân dân")
    yield place(
        "quantri", unit, Role.IT_ADMIN, _("Phụ trách công nghệ thông tin"), _("tài khoản, lịch làm việc")
    )


def _department(unit: UnitInfo, *, shown: bool) -> Iterator[Place]:
    short = unit.code.lower()
    divisions = [
        found
        for found in queries.units().values()
        if found.agency_id == unit.id and found.id != unit.id and found.function != UnitFunction.OFFICE
    ]
    office = queries.unit_with_function(unit.id, UnitFunction.OFFICE) or unit
    group = _("Sở, ngành và tỉnh")
    for number, division in enumerate(divisions):
        suffix = "" if number == 0 else str(number + 1)
        about = _("thẩm định tại Sở Tài chính") if shown and number == 0 else ""
        yield Place(f"{short}.chuyenvien{suffix}", division, Role.SPECIALIST, _("Chuyên viên"), group, about)
        yield Place(f"{short}.truongphong{suffix}", division, Role.DEPT_HEAD, "Trưởng phòng", group)
    yield Place(
        f"{short}.lanhdao", unit, Role.LEADER, _("Phó Giám đốc"), group, _("ký tại sở") if shown else ""
    )
    yield Place(f"{short}.vanthu", office, Role.CLERK, _("Văn thư"), group)
    if unit.code in CONFIGURED:
        yield Place(
            f"{short}.quantri",
            unit,
            Role.IT_ADMIN,
            _("Phụ trách công nghệ thông tin"),
            group,
            _("cấu hình thủ tục của sở"),
        )


def _province() -> Iterator[Place]:
    province = queries.province()
    centre = queries.centre_of(province.id)
    office = queries.unit_by_code("VPUBND")
    desk = queries.unit_with_function(office.id, UnitFunction.OFFICE) or office
    group = _("Sở, ngành và tỉnh")
    yield Place(
        "tinh.motcua", centre, Role.ONE_STOP_OFFICER, _("Công chức tiếp nhận"), group, _("quầy cấp tỉnh")
    )
    yield Place("tinh.motcua2", centre, Role.ONE_STOP_OFFICER, _("Công chức tiếp nhận"), group)
    yield Place(
        "tinh.kiemsoat",
        centre,
        Role.PROCEDURE_CONTROLLER,
        _("Chuyên viên kiểm soát TTHC"),
        group,
        _("theo dõi toàn tỉnh"),
    )
    yield Place(
        "tinh.lanhdao",
        province,
        Role.LEADER,
        "Phó Chủ tịch Ủy ban nhân dân tỉnh",
        group,
        _("bảng sẵn sàng, duyệt quyết định công bố"),
    )
    specialist = queries.division_for(office.id, "Đầu tư tại Việt Nam") or office
    yield Place("tinh.chuyenvien", specialist, Role.SPECIALIST, "Chuyên viên tổng hợp", group)
    yield Place("tinh.truongphong", specialist, Role.DEPT_HEAD, "Trưởng phòng", group)
    yield Place("tinh.vanthu", desk, Role.CLERK, _("Văn thư"), group)
    yield Place(
        "tinh.thanhtra",
        queries.unit_by_code("TTT"),
        Role.INSPECTOR,
        _("Thanh tra viên"),
        group,
        _("xem nhật ký"),
    )


def load_staff(*, actor: Actor, now: datetime) -> dict[str, User]:
    """Accounts and posts for all places, a delegation, an administrator; by username."""
    random = Random(99)  # noqa: S311 - invented names, not secrets
    hashed = make_password(DEMO_PASSWORD)
    found = places()
    people = User.objects.bulk_create(
        User(
            username=place.username,
            full_name=names.full_name(random, random.choice(("Nam", "Nữ"))),
            password=hashed,
            is_demo=True,
            demo_about=f"{place.title}: {place.about}" if place.about else "",
            demo_group=place.group,
            demo_order=order,
        )
        for order, place in enumerate(found)
    )
    posts = [
        organisation.NewPost(user.pk, place.unit.id, place.role.value, place.title, SINCE)
        for user, place in zip(people, found, strict=True)
    ]
    organisation.open_posts(actor=actor, posts=posts, now=now)
    users = {user.username: user for user in people}
    users["quantri"] = User.objects.create(
        username="quantri",
        full_name="Quản trị hệ thống",
        password=hashed,
        is_admin=True,
        is_demo=True,
        demo_about=": ".join((_("Quản trị hệ thống"), _("thấy mọi đơn vị"))),
        demo_group=_("Sở, ngành và tỉnh"),
        demo_order=999,
    )
    _delegate(actor, users, now)
    return users


def _delegate(actor: Actor, users: dict[str, User], now: datetime) -> None:
    """The chairman of the first ward has delegated the signing of certifications (ủy quyền)."""
    today = clock.today(now)
    chairman = queries.holders(queries.unit_by_code(COMMUNES[0]).id, Role.LEADER.value, today)
    post = next(holder for holder in chairman if holder.user_id == users["xa1.lanhdao"].pk)
    organisation.delegate(
        actor=actor,
        post_id=post.post_id,
        delegate_id=users["xa1.vanphong"].pk,
        starts_on=today - timedelta(days=60),
        ends_on=today + timedelta(days=120),
        document="1208/QĐ-UBND ngày 15/9/2025",
        now=now,
    )

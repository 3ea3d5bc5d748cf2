"""The board of readiness: what is in the way is found, counted and named for whoever can remove it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from motcua.catalogue.models import ProcedureVersion
from motcua.catalogue.types import FeeLine
from motcua.dossiers.tests import factories as f
from motcua.kernel.accounts.models import User
from motcua.kernel.actor import Actor
from motcua.organisation import actions as organisation
from motcua.organisation.types import Role
from motcua.payments import actions as payments
from motcua.payments.rules.collectors import CollectorData
from motcua.support import queries
from motcua.support.queries_steps import province_steps, unit_steps
from motcua.support.queries_unit import UnitFilter, unit_page
from motcua.support.rules.next_steps import StepKind
from motcua.support.rules.readiness import Aspect, Grade, Mark

pytestmark = pytest.mark.django_db
NOW = f.at(17, 10)


@pytest.fixture
def place() -> Iterator[f.Province]:
    queries.forget()
    made = f.make_province()
    f.make_procedure()
    with time_machine.travel(NOW, tick=False):
        yield made
    queries.forget()


def browser(actor: Actor) -> Client:
    assert actor.user_id is not None
    client = Client()
    user = User.objects.get(pk=actor.user_id)
    client.force_login(user, backend="motcua.kernel.accounts.backend.PasswordBackend")
    return client


def test_a_unit_without_people_can_receive_nothing_and_is_told_whom_to_name(place: f.Province) -> None:
    board = queries.board(NOW)
    state = board.units[place.commune.agency.id]
    assert (state.total, state.blocked, state.grade) == (1, 1, Grade.NOTHING)
    steps = unit_steps(board, state)
    assert steps[0].kind is StepKind.FILL_ROLE
    assert str(Role.ONE_STOP_OFFICER.label) in steps[0].text().source()


def test_a_unit_with_everybody_in_place_receives_everything(place: f.Province) -> None:
    f.make_staff(place.commune)
    state = queries.board(NOW).units[place.commune.agency.id]
    assert (state.blocked, state.missing, state.share) == (0, {}, 100)


def test_a_post_that_ends_is_missed_from_the_next_day_on(place: f.Province) -> None:
    staff = f.make_staff(place.commune)
    assert queries.board(NOW).units[place.commune.agency.id].blocked == 0
    post_id = staff.leader.grants[0].post_id
    assert post_id is not None
    organisation.close_post(actor=Actor.system("test"), now=NOW, post_id=post_id, ends_on=f.at(17, 10).date())
    with time_machine.travel(f.at(18, 10), tick=False):
        assert queries.board(f.at(18, 10)).units[place.commune.agency.id].blocked == 1


def test_the_same_board_is_not_worked_out_twice(place: f.Province) -> None:
    first = queries.board(NOW)
    assert queries.board(NOW) is first


def test_what_a_unit_decides_can_be_narrowed_to_one_open_aspect(place: f.Province) -> None:
    board = queries.board(NOW)
    blocked = unit_page(board, place.commune.agency.id, UnitFilter(Aspect.ROLES, Mark.BLOCKED))
    ready = unit_page(board, place.commune.agency.id, UnitFilter(Aspect.ROLES, Mark.READY))
    assert (blocked.total, ready.total) == (1, 0)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, UnitFilter()),
        ({"muc": "roles", "tinh-trang": "doubt", "trang": "2"}, UnitFilter(Aspect.ROLES, Mark.DOUBT, 2)),
        ({"muc": "x", "tinh-trang": "y", "trang": "0"}, UnitFilter()),
        ({"trang": "-1"}, UnitFilter()),
        ({"trang": "٣"}, UnitFilter()),
    ],
)
def test_a_spoiled_address_falls_back_to_everything(given: dict[str, str], expected: UnitFilter) -> None:
    assert UnitFilter.read(given) == expected


def test_the_pages_show_the_unit_and_what_to_do(place: f.Province) -> None:
    staff = f.make_staff(place.commune)
    client = browser(staff.counter)
    page = client.get("/san-sang/").content.decode()
    assert place.commune.agency.name in page
    assert "Việc cần làm tiếp" in page
    unit = client.get(f"/san-sang/don-vi/{place.commune.agency.code}/").content.decode()
    assert "Người giữ vai trò" in unit
    assert client.get("/san-sang/don-vi/khong-co/").status_code == 404


def test_the_board_takes_a_bounded_number_of_statements(place: f.Province) -> None:
    client = browser(f.make_staff(place.commune).counter)
    client.get("/san-sang/")
    with CaptureQueriesContext(connection) as run:
        client.get("/san-sang/")
    assert len(run) <= 12, [query["sql"][:80] for query in run]


def test_the_workbook_for_the_meeting_has_units_steps_and_procedures(place: f.Province) -> None:
    client = browser(f.make_staff(place.commune).counter)
    response = client.get("/san-sang/xuat.xlsx")
    book = load_workbook(BytesIO(response.content))
    assert book.sheetnames == ["Đơn vị", "Việc cần làm", "Thủ tục"]
    assert book["Đơn vị"]["C2"].value == 1


def test_strangers_are_sent_to_sign_in(place: f.Province) -> None:
    for path in ("/san-sang/", "/san-sang/xuat.xlsx", f"/san-sang/don-vi/{place.commune.agency.code}/"):
        assert Client().get(path)["Location"].startswith("/dang-nhap/")


def test_somebody_without_a_post_is_refused(place: f.Province) -> None:
    user = User.objects.create_user("khach", "Không Vị Trí")
    assert browser(Actor(user.pk, user.full_name)).get("/san-sang/").status_code == 403


def test_every_cause_is_named_once_and_what_frees_most_comes_first(place: f.Province) -> None:
    steps = province_steps(queries.board(NOW))
    assert len({(step.kind, step.unit_code) for step in steps}) == len(steps)
    roles = [step.procedures for step in steps if step.kind is StepKind.FILL_ROLE]
    assert roles == sorted(roles, reverse=True)


def test_the_board_is_made_anew_when_something_begins_to_count(place: f.Province) -> None:
    version = ProcedureVersion.objects.get()
    later = NOW + timedelta(hours=2)
    new = f.amend(version, later, name="Tên mới", short_name="Tên mới")
    assert [item.version_id for item in queries.board(NOW).items] == [version.pk]
    assert [item.version_id for item in queries.board(later).items] == [new.pk]


def fee_place(place: f.Province) -> None:
    """The ward's people are in place and its procedure asks for a fee."""
    f.make_staff(place.commune)
    fee = FeeLine(key="chung-thuc", kind="phi", name="Phí chứng thực", amount=2_000, per="trang")
    f.amend(ProcedureVersion.objects.latest("pk"), f.at(16, 8), fees=(fee,))


def test_a_unit_that_can_take_no_money_is_told_what_it_lacks_and_still_receives(place: f.Province) -> None:
    fee_place(place)
    agency = place.commune.agency
    state = queries.board(NOW).units[agency.id]
    assert (state.blocked, state.with_fees) == (0, 1)
    assert state.by_aspect[Aspect.PAYING] == {Mark.DOUBT: 1}
    step = unit_steps(queries.board(NOW), state)[0]
    assert step.kind is StepKind.COLLECT and step.unit_code == agency.code
    assert "khai báo đơn vị thu, quyển biên lai, tài khoản ngân hàng" in step.text().source()


def test_cash_is_enough_and_what_is_missing_is_still_named(place: f.Province) -> None:
    fee_place(place)
    agency = place.commune.agency
    payments.set_collector(actor=f.SYSTEM, unit_id=agency.id, data=CollectorData("UBND"), now=NOW)
    payments.open_book(
        actor=f.SYSTEM, unit_id=agency.id, form_symbol="01BLP2-001", series=f"AA-{NOW.year % 100}T", now=NOW
    )
    board = queries.board(NOW)
    assert board.units[agency.id].by_aspect[Aspect.PAYING] == {Mark.READY: 1}
    step = unit_steps(board, board.units[agency.id])[0]
    assert step.kind is StepKind.COLLECT_MORE and "bổ sung tài khoản ngân hàng" in step.text().source()

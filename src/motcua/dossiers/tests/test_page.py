"""The page of one dossier: what it tells, to whom, at what cost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from motcua.catalogue.models import ProcedureVersion
from motcua.dossiers import actions
from motcua.dossiers.models import Dossier
from motcua.dossiers.queries_page import DossierPage, dossier_page
from motcua.dossiers.rules.timeline import Entry, Kind
from motcua.dossiers.tests import factories as f
from motcua.dossiers.types import Act, HandOverData, PaperGiven, PartyRole
from motcua.kernel.accounts.models import User
from motcua.kernel.actor import Actor
from motcua.kernel.audit.models import AuditEntry
from motcua.kernel.errors import NotFound

pytestmark = pytest.mark.django_db

RECEIVED = f.at(16, 9)


@dataclass
class Ward:
    place: f.Province
    staff: f.Staff
    procedure: ProcedureVersion
    dossier: Dossier

    def page(self, actor: Actor, *, day: int = 16, hour: int = 10) -> DossierPage:
        return dossier_page(actor, self.dossier.code, now=f.at(day, hour))

    def ask_supplement(self, *, day: int, hour: int = 9) -> None:
        actions.request_supplement(
            actor=self.staff.specialist,
            code=self.dossier.code,
            items=[actions.SupplementItem(key="to-khai", text="Tờ khai chưa ký")],
            reason="Tờ khai chưa có chữ ký",
            respond_by=date(2026, 11, 30),
            now=f.at(day, hour),
        )

    def bring_supplement(self, *, day: int) -> None:
        actions.register_supplement(
            actor=self.staff.counter,
            code=self.dossier.code,
            papers=(PaperGiven("to-khai"),),
            note="Nộp tại quầy",
            now=f.at(day, 9),
        )


@pytest.fixture
def ward() -> Iterator[Ward]:
    place = f.make_province()
    staff = f.make_staff(place.commune)
    procedure = f.make_procedure()
    yield Ward(place, staff, procedure, f.receive(staff.counter, procedure, now=RECEIVED))


def titles(page: DossierPage) -> list[str]:
    return [str(entry.title) for entry in page.timeline]


def entry(page: DossierPage, title: str) -> Entry:
    return next(found for found in page.timeline if str(found.title).startswith(title))


def test_the_page_tells_where_the_dossier_is_and_by_when(ward: Ward) -> None:
    page = ward.page(ward.staff.specialist)
    (desk,) = page.desks
    assert (desk.step, desk.is_mine, desk.person) == ("Thẩm định hồ sơ", True, "")
    assert desk.unit.endswith("phường Kinh Bắc")
    (promise,) = page.promises
    assert promise.due_at == f.at(23, 9)
    assert promise.days == Decimal("4.75")
    assert str(page.limit) == "5 ngày làm việc"


def test_why_that_date_ends_with_the_date(ward: Ward) -> None:
    lines = [line.text for line in ward.page(ward.staff.specialist).explanation]
    assert lines[0].startswith("Tiếp nhận lúc 09:00 ngày 16/11/2026")
    assert "23/11/2026" in lines[-1]


def test_the_step_is_offered_to_its_performer_and_to_nobody_else(ward: Ward) -> None:
    mine = ward.page(ward.staff.specialist).acts
    assert [(way.outcome, way.ordinary, way.asks_supplement) for way in mine.ways] == [
        ("trinh", True, False),
        ("bo_sung", False, True),
    ]
    assert {Act.CLAIM, Act.CONSULT, Act.ATTACH, Act.REQUEST_SUPPLEMENT} <= set(mine.others)
    theirs = ward.page(ward.staff.head).acts
    assert theirs.ways == ()
    assert Act.REASSIGN in theirs.others
    assert Act.TAKE_BACK not in theirs.others


def test_the_last_step_wants_the_result(ward: Ward) -> None:
    f.advance(ward.dossier, ward.staff, until="dong-dau", now=RECEIVED)
    assert ward.page(ward.staff.clerk).acts.choices.needs_result
    assert not ward.page(ward.staff.specialist).acts.choices.needs_result


def test_reading_writes_one_audit_entry(ward: Ward) -> None:
    ward.page(ward.staff.specialist)
    read = AuditEntry.objects.filter(action="dossiers.read", subject=ward.dossier.code)
    assert [found.actor_id for found in read] == [ward.staff.specialist.user_id]


def test_foreign_and_unknown_dossiers_are_alike_not_found(ward: Ward) -> None:
    stranger = f.make_officer("leader", ward.place.other.agency)
    with pytest.raises(NotFound) as foreign:
        ward.page(stranger)
    with pytest.raises(NotFound) as unknown:
        dossier_page(stranger, "H05.16-261116-9999", now=RECEIVED)
    assert foreign.value.message.text == unknown.value.message.text
    assert not AuditEntry.objects.filter(action="dossiers.read").exists()


def test_a_consulted_unit_may_read(ward: Ward) -> None:
    _consult(ward)
    consulted = f.make_officer("specialist", ward.place.other.division)
    page = ward.page(consulted)
    assert page.acts.others.keys() >= {Act.ANSWER}
    assert page.log is None


def _consult(ward: Ward) -> int:
    return actions.request_consultation(
        actor=ward.staff.specialist,
        code=ward.dossier.code,
        task_id=f.open_task(ward.dossier).pk,
        unit_ids=[ward.place.other.agency.id],
        question="Có lưu sổ gốc không?",
        days=Decimal(1),
        now=f.at(16, 11),
    )[0].pk


def test_the_log_is_for_overseers_and_leaders(ward: Ward) -> None:
    assert ward.page(ward.staff.specialist).log is None
    log = ward.page(ward.staff.leader).log
    assert log is not None
    assert {line.action for line in log} >= {"dossiers.read", "dossiers.received"}


def test_four_people_may_be_four(ward: Ward) -> None:
    ward.dossier = f.receive(
        ward.staff.counter,
        ward.procedure,
        submitter=f.person("Nguyễn Văn Hùng", "027090001111"),
        authorisation="Giấy ủy quyền số 12",
        recipient=f.person("Trần Thị Nhận", "027090002222"),
        payer=f.person("Lê Văn Trả", "027090003333"),
    )
    people = ward.page(ward.staff.counter).people
    assert [line.role for line in people] == list(PartyRole)


def test_an_open_pause_is_drawn_as_a_pause_with_its_reason_and_list(ward: Ward) -> None:
    ward.ask_supplement(day=17)
    page = ward.page(ward.staff.specialist, day=18)
    pause = entry(page, "Tạm dừng")
    assert pause.kind is Kind.PAUSE
    assert (pause.at, pause.until) == (f.at(17, 9), None)
    assert str(pause.text) == "Tờ khai chưa có chữ ký"
    assert pause.lines == ("Tờ khai chưa ký", "Đề nghị bổ sung trước ngày 30/11/2026")
    assert [link.label.split(" số ")[0] for link in pause.letters] == [
        "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ"
    ]
    assert page.paused
    assert "Trả kết quả" not in titles(page)


def test_a_closed_pause_tells_from_when_to_when_and_how_long(ward: Ward) -> None:
    ward.ask_supplement(day=17)
    ward.bring_supplement(day=20)
    pause = entry(ward.page(ward.staff.specialist, day=20, hour=11), "Tạm dừng")
    assert (pause.at, pause.until) == (f.at(17, 9), f.at(20, 9))
    assert str(pause.badge) == "3 ngày"
    assert "Khi nhận bổ sung: Nộp tại quầy" in pause.lines


def test_the_timeline_runs_from_reception_through_consultation_and_apology_to_the_hand_over(
    ward: Ward,
) -> None:
    asked = _consult(ward)
    consulted = f.make_officer("specialist", ward.place.other.division)
    actions.answer_consultation(
        actor=consulted,
        code=ward.dossier.code,
        task_id=asked,
        opinion="Không còn sổ",
        agrees=None,
        now=f.at(17, 9),
    )
    actions.extend_deadline(
        actor=ward.staff.head,
        code=ward.dossier.code,
        new_due_on=date(2026, 11, 27),
        reason="Phải xác minh",
        now=f.at(18, 8),
    )
    f.advance(ward.dossier, ward.staff, until="tra", now=f.at(19, 9))
    actions.hand_over_result(
        actor=ward.staff.counter,
        code=ward.dossier.code,
        data=HandOverData(name="Nguyễn Thị Đào"),
        now=f.at(20, 9),
    )
    page = ward.page(ward.staff.leader, day=20)
    assert titles(page) == [
        "Tiếp nhận hồ sơ",
        "Lấy ý kiến: Văn phòng HĐND và UBND, phường Vũ Ninh",
        "Xin lỗi và hẹn lại ngày 27/11/2026",
        "Thẩm định hồ sơ",
        "Xem xét, trình ký",
        "Ký duyệt kết quả",
        "Vào sổ, đóng dấu",
        "Có kết quả số 15/TLKS-BS",
        "Đã trả kết quả",
    ]
    assert entry(page, "Thẩm định").kind is Kind.LATE
    assert entry(page, "Xin lỗi").kind is Kind.LATE
    assert "Được hỏi: Có lưu sổ gốc không?" in entry(page, "Lấy ý kiến").lines
    assert page.desks == ()
    assert page.handover is not None and page.handover.name == "Nguyễn Thị Đào"
    assert page.open_steps == frozenset()


def test_a_withdrawn_dossier_ends_its_pause_and_says_so(ward: Ward) -> None:
    ward.ask_supplement(day=17)
    actions.stop_dossier(
        actor=ward.staff.counter,
        code=ward.dossier.code,
        reason="Không làm nữa",
        requested_by_applicant=True,
        now=f.at(18, 9),
    )
    page = ward.page(ward.staff.counter, day=18)
    assert titles(page)[-1] == "Công dân rút hồ sơ"
    assert page.timeline[-1].text == "Không làm nữa" and page.timeline[-1].who == ward.staff.counter.name
    assert str(page.ended) == "Dừng trước hạn"
    assert entry(page, "Tạm dừng").until == f.at(18, 9)
    assert page.acts.others == {}


def test_a_stopped_dossier_is_not_late_for_ever(ward: Ward, client: Client) -> None:
    """Its date passed after it was stopped: nobody is late with it, on the next day or in the next year."""
    actions.stop_dossier(
        actor=ward.staff.counter,
        code=ward.dossier.code,
        reason="Trùng hồ sơ",
        requested_by_applicant=False,
        now=f.at(18, 9),
    )
    client.force_login(User.objects.get(full_name=ward.staff.counter.name))
    with time_machine.travel(f.at(30, 9)):
        said = client.get(f"/ho-so/{ward.dossier.code}/").content.decode()
    assert "Quá hạn" not in said
    assert "Dừng trước hạn" in said and "Trùng hồ sơ" in said


@pytest.mark.parametrize(("known", "says"), [(True, "không yêu cầu giấy tờ"), (False, "Danh mục chưa có")])
def test_a_list_nobody_knows_is_not_called_empty(ward: Ward, client: Client, known: bool, says: str) -> None:
    bare = f.make_procedure(f.procedure_definition(papers=(), papers_known=known))
    dossier = f.receive(ward.staff.counter, bare, now=RECEIVED, papers=())
    client.force_login(User.objects.get(full_name=ward.staff.counter.name))
    with time_machine.travel(f.at(16, 10)):
        assert says in client.get(f"/ho-so/{dossier.code}/").content.decode()


def test_a_page_costs_at_most_twelve_statements(ward: Ward) -> None:
    _consult(ward)
    ward.ask_supplement(day=17)
    ward.bring_supplement(day=18)
    ward.page(ward.staff.leader, day=18)  # definitions are kept by the process
    with CaptureQueriesContext(connection) as made:
        ward.page(ward.staff.leader, day=18)
    said = [query["sql"] for query in made if "SAVEPOINT" not in query["sql"]]
    assert len(said) <= 12, said

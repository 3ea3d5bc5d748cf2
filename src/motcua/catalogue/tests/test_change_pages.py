"""Pages of change-sets: what is wrong in a file is named by cell; people see what changes and whose turn it is."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from motcua.catalogue import actions, queries
from motcua.catalogue.models import ChangeLine, ChangeSet
from motcua.catalogue.rules.decisions import DecisionHead, DecisionLine, write_decision_workbook
from motcua.catalogue.rules.time_limits import LimitUnit, TimeLimit
from motcua.catalogue.tests import decisions as d
from motcua.catalogue.types import FeeLine
from motcua.catalogue.types_changes import ChangeAction, ChangeKind, ChangeState
from motcua.kernel.accounts.models import User
from motcua.kernel.actor import Actor
from motcua.organisation.types import Role

pytestmark = pytest.mark.django_db
BACKEND = "motcua.kernel.accounts.backend.PasswordBackend"
HEAD = DecisionHead(
    number="1513/QĐ-UBND",
    signed_on=date(2026, 11, 18),
    issuer="Chủ tịch UBND tỉnh Bắc Ninh",
    kind=ChangeKind.PUBLISH,
    title="Công bố danh mục thủ tục hành chính sửa đổi",
    field=d.FIELD,
    effective_at=d.EFFECTIVE,
)


@pytest.fixture
def people() -> tuple[Actor, Actor]:
    d.make_units()
    d.seed(8)
    return (
        d.person("soạn", Role.IT_ADMIN, "TTPVHCC"),
        d.person("duyệt", Role.PROCEDURE_CONTROLLER, "TTPVHCC"),
    )


def client_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=actor.name), backend=BACKEND)
    return client


def decision_line(
    position: int, action: ChangeAction, code: str, name: str, **values: object
) -> DecisionLine:
    return DecisionLine(position, f"Phụ lục!{position + 1}", code, name, action, values=values)


def workbook(*lines: DecisionLine, head: DecisionHead = HEAD) -> SimpleUploadedFile:
    return SimpleUploadedFile("qd-1513.xlsx", write_decision_workbook(head, lines))


def good_lines() -> tuple[DecisionLine, ...]:
    return (
        decision_line(
            1,
            ChangeAction.AMENDED,
            "9.000001",
            "Thủ tục thử số 1",
            limit=TimeLimit.of(9, LimitUnit.WORKING_DAY),
            fees=(FeeLine("le-phi", "charge", "Lệ phí", 600_000, "giấy"),),
        ),
        decision_line(2, ChangeAction.ABOLISHED, "9.000002", "Thủ tục thử số 2"),
        decision_line(3, ChangeAction.AMENDED, "", "Thủ tục lạ chưa ai thấy bao giờ"),
    )


def test_a_good_file_becomes_a_draft_at_once_and_again_is_the_same_draft(people: tuple[Actor, Actor]) -> None:
    client = client_of(people[0])
    answer = client.post("/quyet-dinh/tai-len/", {"file": workbook(*good_lines())})
    stored = ChangeSet.objects.get()
    assert answer.status_code == 302 and answer["Location"] == f"/quyet-dinh/{stored.pk}/"
    assert (stored.number, stored.state, stored.effective_at) == ("1513/QĐ-UBND", "draft", d.EFFECTIVE)
    first, second, third = queries.changes.lines(stored.pk)
    assert (first.action, second.action) == (ChangeAction.AMENDED, ChangeAction.ABOLISHED)
    assert first.content is not None and first.content.limit_for() == TimeLimit.of(9, LimitUnit.WORKING_DAY)
    assert {change.key: change.rose for change in first.diff}["limit"] == 1
    assert [problem.kind for problem in third.problems] == ["unknown_procedure", "no_content"]
    again = client.post("/quyet-dinh/tai-len/", {"file": workbook(*good_lines())})
    assert again["Location"] == answer["Location"]
    assert ChangeSet.objects.count() == 1


def test_a_file_with_broken_cells_is_shown_whole_and_not_stored(people: tuple[Actor, Actor]) -> None:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(workbook(*good_lines()).read()))
    sheet = book["Phụ lục"]
    column = {cell.value: cell.column for cell in sheet[1]}
    sheet.cell(2, column["Mã TTHC"]).value = "1.0000O1"
    sheet.cell(3, column["Thời hạn giải quyết"]).value = "=5+3"
    out = io.BytesIO()
    book.save(out)
    client = client_of(people[0])
    answer = client.post("/quyet-dinh/tai-len/", {"file": SimpleUploadedFile("hong.xlsx", out.getvalue())})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Phụ lục!D2" in page and "công thức" in page
    assert not ChangeSet.objects.exists()
    form = {name: answer.context[name] for name in ("held", "name")}
    kept = client.post("/quyet-dinh/tai-len/", {**form, "keep": "yes"})
    assert kept.status_code == 302
    assert queries.changes.line_counts(ChangeSet.objects.get().pk).problems >= 2


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("anh.png", b"\x89PNG\r\n\x1a\n" + bytes(40), "anh.png"),
        ("qd.json", b"{khong phai", "JSON"),
        ("qd.xlsx", b"PK\x03\x04 hong", "qd.xlsx"),
    ],
)
def test_a_wrong_file_gets_a_clear_answer(
    people: tuple[Actor, Actor], name: str, data: bytes, said: str
) -> None:
    answer = client_of(people[0]).post("/quyet-dinh/tai-len/", {"file": SimpleUploadedFile(name, data)})
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_from_draft_to_published_through_the_pages(people: tuple[Actor, Actor]) -> None:
    drafter, controller = client_of(people[0]), client_of(people[1])
    drafter.post("/quyet-dinh/tai-len/", {"file": workbook(*good_lines()[:2])})
    pk = ChangeSet.objects.get().pk
    page = drafter.get(f"/quyet-dinh/{pk}/").content.decode()
    assert "Chờ duyệt" in page and "Duyệt gói" not in page
    approved = controller.post(f"/quyet-dinh/{pk}/duyet/", {"revision": "1"})
    assert approved.status_code == 302
    refused = controller.post(f"/quyet-dinh/{pk}/cong-bo/")
    assert refused.status_code == 409
    assert "chưa được diễn tập" in refused.content.decode()
    d.rehearsed(pk)
    assert controller.post(f"/quyet-dinh/{pk}/cong-bo/").status_code == 302
    assert queries.changes.change_set(pk).state is ChangeState.PUBLISHED
    undone = controller.post(f"/quyet-dinh/{pk}/hoan-tac/", {"reason": "Nhầm phụ lục"})
    assert undone.status_code == 302
    assert "Nhầm phụ lục" in controller.get(f"/quyet-dinh/{pk}/").content.decode()


def test_a_line_shows_before_and_after_with_what_rose(people: tuple[Actor, Actor]) -> None:
    drafter = client_of(people[0])
    drafter.post("/quyet-dinh/tai-len/", {"file": workbook(*good_lines())})
    line = ChangeLine.objects.earliest("position")
    page = drafter.get(f"/quyet-dinh/{line.change_set_id}/dong/{line.pk}/").content.decode()
    assert "9 ngày làm việc" in page and "5 ngày làm việc" in page
    assert "tăng" in page
    assert "600.000 đồng" in page


def test_an_unmatched_line_is_matched_by_search_and_gets_its_content(people: tuple[Actor, Actor]) -> None:
    drafter = client_of(people[0])
    drafter.post("/quyet-dinh/tai-len/", {"file": workbook(*good_lines())})
    line = ChangeLine.objects.latest("position")
    url = f"/quyet-dinh/{line.change_set_id}/dong/{line.pk}/"
    found = drafter.get(url, {"q": "thu so 5"}).context["proposals"]
    assert found[0].code == "9.000005"
    answer = drafter.post(f"{url}chon/", {"procedure": found[0].procedure_id, "revision": "1"})
    assert answer.status_code == 302
    stored = queries.changes.line(line.change_set_id, line.pk)
    assert (stored.code, stored.problems) == ("9.000005", ())
    assert stored.content is not None


def test_two_people_editing_one_line_both_see_what_the_other_typed(people: tuple[Actor, Actor]) -> None:
    drafter, other = client_of(people[0]), client_of(people[1])
    drafter.post("/quyet-dinh/tai-len/", {"file": workbook(*good_lines())})
    line = ChangeLine.objects.earliest("position")
    url = f"/quyet-dinh/{line.change_set_id}/dong/{line.pk}/sua/"
    form = dict(drafter.get(url).context["form"].initial)
    assert other.post(url, {**form, "conditions": "Điều kiện của người kia"}).status_code == 302
    late = drafter.post(url, {**form, "conditions": "Điều kiện của tôi"})
    page = late.content.decode()
    assert late.status_code == 422
    assert "Điều kiện của người kia" in page and "Điều kiện của tôi" in page and "duyệt" in page
    again = {**form, "conditions": "Điều kiện của tôi", "revision": late.context["form"].data["revision"]}
    assert drafter.post(url, again).status_code == 302
    stored = queries.changes.line(line.change_set_id, line.pk)
    assert stored.content is not None and stored.content.conditions == ("Điều kiện của tôi",)


def test_what_was_typed_wrongly_comes_back_at_its_field(people: tuple[Actor, Actor]) -> None:
    drafter = client_of(people[0])
    drafter.post("/quyet-dinh/tai-len/", {"file": workbook(*good_lines())})
    line = ChangeLine.objects.earliest("position")
    url = f"/quyet-dinh/{line.change_set_id}/dong/{line.pk}/sua/"
    form = dict(drafter.get(url).context["form"].initial)
    answer = drafter.post(url, {**form, "fees": "Lệ phí | năm mươi nghìn"})
    assert answer.status_code == 422
    assert "Dòng phí 1" in str(answer.context["form"].errors["fees"])
    assert "năm mươi nghìn" in answer.content.decode()


def test_the_effective_day_is_written_into_the_head(people: tuple[Actor, Actor]) -> None:
    drafter = client_of(people[0])
    drafter.post(
        "/quyet-dinh/tai-len/",
        {"file": workbook(*good_lines()[:2], head=replace(HEAD, effective_at=None))},
    )
    row = ChangeSet.objects.get()
    assert row.effective_at is None
    url = f"/quyet-dinh/{row.pk}/sua/"
    form = {key: value or "" for key, value in drafter.get(url).context["form"].initial.items()}
    answer = drafter.post(url, {**form, "effective_on": "01/12/2026"})
    assert answer.status_code == 302
    row.refresh_from_db()
    assert row.effective_at == d.EFFECTIVE


def test_effect_before_signing_is_said_once_for_the_whole_decision(people: tuple[Actor, Actor]) -> None:
    drafter = client_of(people[0])
    early = replace(HEAD, effective_at=d.EFFECTIVE.replace(month=11, day=10))
    drafter.post("/quyet-dinh/tai-len/", {"file": workbook(*good_lines(), head=early)})
    page = drafter.get(f"/quyet-dinh/{ChangeSet.objects.get().pk}/")
    assert [text.partition(",")[2] for text in page.context["head_warnings"]] == [
        " trước ngày ký 18/11/2026.",
        " nay mới nhập: công bố muộn.",
    ]
    assert page.content.decode().count("trước ngày ký 18/11/2026") == 1


def test_specialists_read_but_are_offered_no_act(people: tuple[Actor, Actor]) -> None:
    actions.draft_change_set(actor=people[0], head=d.head(), lines=[d.new("9.100001")], now=d.NOW)
    reader = client_of(d.person("chuyên viên", Role.SPECIALIST, "STP"))
    pk = ChangeSet.objects.get().pk
    page = reader.get(f"/quyet-dinh/{pk}/").content.decode()
    assert "9.100001" in page and "Duyệt gói" not in page and "Sửa phần đầu" not in page
    assert reader.get("/quyet-dinh/tai-len/").status_code == 403
    assert reader.post(f"/quyet-dinh/{pk}/duyet/", {"revision": "1"}).status_code == 403


def test_the_list_and_a_page_of_many_lines_ask_a_fixed_number_of_statements(
    people: tuple[Actor, Actor], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(5):
        lines = [d.new(f"9.{number}{n:05d}") for n in range(200)]
        head = d.head(f"{number}/QĐ-UBND")
        actions.draft_change_set(actor=people[0], head=head, lines=lines, now=d.NOW)
    client = client_of(people[0])
    client.get("/quyet-dinh/")
    with django_assert_max_num_queries(14):
        assert len(client.get("/quyet-dinh/").context["rows"]) == 5
    pk = ChangeSet.objects.latest("pk").pk
    with django_assert_max_num_queries(16):
        page = client.get(f"/quyet-dinh/{pk}/?trang=2")
    assert len(page.context["rows"]) == 100
    assert len(page.content) < 300_000


def test_the_template_is_a_workbook_that_reads_back(people: tuple[Actor, Actor]) -> None:
    answer = client_of(people[0]).get("/quyet-dinh/mau/")
    assert answer.content.startswith(b"PK")
    assert "mau-quyet-dinh" in answer["Content-Disposition"]


def test_the_scanned_decision_is_kept_with_its_change_set(people: tuple[Actor, Actor]) -> None:
    from tests.cast import PDF

    drafter = client_of(people[0])
    actions.draft_change_set(actor=people[0], head=d.head(), lines=[d.new("9.100001")], now=d.NOW)
    pk = ChangeSet.objects.get().pk
    wrong = drafter.post(f"/quyet-dinh/{pk}/ban-quet/", {})
    assert wrong.status_code == 409 and "Chọn tệp PDF" in wrong.content.decode()
    scan = SimpleUploadedFile("qd.pdf", PDF, content_type="application/pdf")
    assert drafter.post(f"/quyet-dinh/{pk}/ban-quet/", {"scan": scan}).status_code == 302
    shown = drafter.get(f"/quyet-dinh/{pk}/ban-quet/tep/")
    assert shown["Content-Type"] == "application/pdf"
    assert b"".join(shown) == PDF

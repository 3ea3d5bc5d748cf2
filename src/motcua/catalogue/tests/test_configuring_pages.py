"""The pages of the configuration: without script, by address, with mistakes."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from motcua.catalogue.models import ChangeSet
from motcua.catalogue.queries import configuring
from motcua.catalogue.rules.grid.columns import Column
from motcua.catalogue.tests import decisions as d
from motcua.catalogue.tests.configuring import NOW, Office, edit, key_of, make_office, row_of, user_of, wish
from motcua.kernel import clock
from motcua.kernel.actor import Actor

pytestmark = pytest.mark.django_db
BACKEND = "motcua.kernel.accounts.backend.PasswordBackend"


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return make_office(60)


@pytest.fixture
def it(office: Office) -> Client:
    return browser(office.it)


def browser(actor: Actor) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user_of(actor), backend=BACKEND)
    session = client.session
    session["seen"] = session["since"] = NOW.timestamp()
    session.save()
    return client


def page(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status
    return str(answer.content.decode()).replace("\u00a0", " ")


def form_of(client: Client, number: int, column: Column) -> dict[str, Any]:
    """The hidden fields of the form of a cell, as a browser would send them."""
    answer = client.get("/cau-hinh/dong/", {"dong": key_of(number).text, "cot": column.value})
    shown = answer.context["inputs"][0]
    return {"dong": key_of(number).text, "cot": column.value, f"seen-{column.value}": shown["seen"]}


def test_the_grid_shows_fifty_rows_and_how_far_the_department_is(office: Office, it: Client) -> None:
    html = page(it, "/cau-hinh/")
    assert html.count("<tr data-row") == 50
    assert "1–50 trong 60" in html
    assert "Chưa có quy trình riêng" in html


@pytest.mark.parametrize(
    "query", ["trang=-1", "so-dong=7", "cap=x", "thieu=x", "sap=x", "linh-vuc=%00x", "q=%F0%9F"]
)
def test_a_strange_address_falls_back(office: Office, it: Client, query: str) -> None:
    assert it.get(f"/cau-hinh/?{query}").status_code in (200, 400)


def test_the_grid_is_filtered_by_what_is_missing_and_by_text(office: Office, it: Client) -> None:
    edit(office, wish(office, 1, Column.PROCESS, str(office.process_id)))
    assert "1–50 trong 59" in page(it, "/cau-hinh/?thieu=process")
    assert page(it, f"/cau-hinh/?q={d.code_of(7)}").count("<tr data-row") == 1
    assert page(it, "/cau-hinh/?da-sua=1").count("<tr data-row") == 1
    assert "Không có dòng nào khớp" in page(it, "/cau-hinh/?q=zzzz")


def test_three_hundred_rows_a_page_ask_no_more(office: Office, it: Client) -> None:
    page(it, "/cau-hinh/")
    with CaptureQueriesContext(connection) as few:
        page(it, "/cau-hinh/")
    with CaptureQueriesContext(connection) as many:
        page(it, "/cau-hinh/?so-dong=300")
    assert len(many) <= len(few) <= 16


def test_a_changed_cell_shows_before_and_after(office: Office, it: Client) -> None:
    edit(office, wish(office, 1, Column.RECEIVING, "Chỉ Trung tâm tỉnh"))
    html = page(it, f"/cau-hinh/?q={d.code_of(1)}")
    assert "<del>Mọi Trung tâm trong tỉnh</del>" in html
    assert "Chỉ Trung tâm tỉnh" in html
    assert "1 ô đã sửa" in html


def test_a_cell_is_edited_by_an_ordinary_form(office: Office, it: Client) -> None:
    sent = {**form_of(it, 1, Column.FORM), "form": "M01"}
    answer = it.post("/cau-hinh/dong/", sent)
    assert answer.status_code == 302
    assert answer["Location"].endswith(f"#r{key_of(1).text}")
    assert row_of(office, 1).token(Column.FORM) == "M01"


def test_a_mistake_keeps_what_was_typed_and_says_what_to_do(office: Office, it: Client) -> None:
    answer = it.post("/cau-hinh/dong/", {**form_of(it, 1, Column.RECEIVING), "receiving": "Trung tâm Lạ"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Không có “Trung tâm Lạ”" in html
    assert 'value="Trung tâm Lạ"' in html


def test_steps_come_as_fields_and_the_sum_is_said(office: Office, it: Client) -> None:
    edit(office, wish(office, 1, Column.PROCESS, str(office.process_id)))
    shown = it.get("/cau-hinh/dong/", {"dong": key_of(1).text, "cot": "steps"}).context["inputs"][0]
    sent = {"dong": key_of(1).text, "cot": "steps", "seen-steps": shown["seen"]}
    for line in shown["lines"]:
        for name in ("name", "role", "time"):
            sent[f"steps-{line['number']}-{name}"] = line[name]
    wrong = it.post("/cau-hinh/dong/", {**sent, "steps-2-time": "9 ngày làm việc"})
    assert wrong.status_code == 422
    assert "Các bước cộng lại 10 ngày làm việc" in wrong.content.decode()
    assert 'value="9 ngày làm việc"' in wrong.content.decode()
    assert it.post("/cau-hinh/dong/", {**sent, "steps-2-time": "2 ngày làm việc"}).status_code == 302
    assert "| 2 ngày làm việc" in row_of(office, 1).token(Column.STEPS)


def test_fees_come_as_fields(office: Office, it: Client) -> None:
    sent = form_of(it, 1, Column.FEES)
    fields = {
        "fees-1-name": "Lệ phí",
        "fees-1-amount": "20.000",
        "fees-1-per": "giấy",
        "fees-1-set_by": "NQ 07/2026",
    }
    assert it.post("/cau-hinh/dong/", {**sent, **fields, "fees-2-name": ""}).status_code == 302
    assert row_of(office, 1).token(Column.FEES) == "Lệ phí | 20.000 | giấy | NQ 07/2026"


def test_a_cell_changed_by_a_colleague_is_shown_and_taken_only_on_purpose(office: Office, it: Client) -> None:
    sent = {**form_of(it, 1, Column.FORM), "form": "M-TÔI"}
    edit(office, wish(office, 1, Column.FORM, "M-HỌ"), actor=office.colleague)
    answer = it.post("/cau-hinh/dong/", sent)
    assert answer.status_code == 422
    assert "M-HỌ" in answer.content.decode() and 'value="M-TÔI"' in answer.content.decode()
    assert row_of(office, 1).token(Column.FORM) == "M-HỌ"
    sent["seen-form"] = answer.context["inputs"][0]["seen"]
    assert it.post("/cau-hinh/dong/", sent).status_code == 302
    assert row_of(office, 1).token(Column.FORM) == "M-TÔI"


def test_a_script_gets_the_new_rows_only(office: Office, it: Client) -> None:
    sent = {**form_of(it, 1, Column.FORM), "form": "M01"}
    answer = it.post("/cau-hinh/dong/", sent, headers={"X-Requested-With": "motcua-grid"})
    html = answer.content.decode()
    assert answer.status_code == 200
    assert html.count("<tr data-row") == 1 and "<html" not in html and "M01" in html


@pytest.mark.parametrize("how", ["dien", "chep", "mau"])
def test_ticked_rows_are_filled_after_a_preview(office: Office, it: Client, how: str) -> None:
    edit(office, wish(office, 1, Column.FORM, "M01"))
    it.post("/cau-hinh/mau/", {"dong": key_of(1).text, "ten": "Mẫu A"})
    number = configuring_template(it)
    sent = {
        "dong": [key_of(n).text for n in (1, 2, 3)],
        "cach": how,
        "cot": "form",
        "tu": d.code_of(1),
        "mau": number,
    }
    preview = it.post("/cau-hinh/dien/", sent)
    assert preview.status_code == 200
    assert [change["code"] for change in preview.context["changes"]] == [d.code_of(2), d.code_of(3)]
    assert row_of(office, 2).token(Column.FORM) == ""
    assert it.post("/cau-hinh/ap-dung/", {"goi": preview.context["payload"]}).status_code == 302
    assert [row_of(office, n).token(Column.FORM) for n in (2, 3, 4)] == ["M01", "M01", ""]


def configuring_template(client: Client) -> str:
    found = client.get("/cau-hinh/mau/").context["templates"]
    return str(found[0]["template"].id)


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"cach": "dien", "cot": "form"}, "Chưa chọn dòng nào"),
        ({"cach": "dien", "cot": "x", "dong": "own"}, "Chọn cột cần điền xuống"),
        ({"cach": "mau", "mau": "x", "dong": "own"}, "Chọn một mẫu"),
        ({"cach": "chep", "tu": "zzz", "dong": "own"}, "Không có thủ tục “zzz”"),
    ],
)
def test_an_incomplete_wish_says_what_is_missing(
    office: Office, it: Client, sent: dict[str, str], sentence: str
) -> None:
    sent = {**sent, **({"dong": key_of(1).text} if "dong" in sent else {})}
    assert sentence in it.post("/cau-hinh/dien/", sent, follow=True).content.decode()


def test_the_draft_is_read_taken_back_and_handed_in(office: Office, it: Client) -> None:
    assert "Bản nháp đang trống" in page(it, "/cau-hinh/ban-nhap/")
    edit(office, wish(office, 1, Column.FORM, "M01"), wish(office, 2, Column.FORM, "M02"))
    it.post("/cau-hinh/bo/", {"o": f"{key_of(2).text}|form"})
    shown = it.get("/cau-hinh/ban-nhap/")
    assert [row["code"] for row in shown.context["changes"]] == [d.code_of(1)]
    sent = {"tu-ngay": "01/12/2026", "ban": shown.context["draft"].revision}
    assert it.post("/cau-hinh/ban-nhap/", sent).status_code == 302
    change_set = ChangeSet.objects.get()
    assert change_set.effective_at == d.EFFECTIVE
    assert configuring.open_draft(office.stp) is None
    assert "chờ phê duyệt" in page(it, "/cau-hinh/ban-nhap/")


def test_a_day_that_is_none_is_refused(office: Office, it: Client) -> None:
    edit(office, wish(office, 1, Column.FORM, "M01"))
    answer = it.post("/cau-hinh/ban-nhap/", {"tu-ngay": "hôm nào", "ban": 2})
    assert answer.status_code == 422
    assert "Ghi ngày áp dụng" in answer.content.decode()


def test_the_first_page_says_what_to_do_next(office: Office, it: Client) -> None:
    html = page(it, "/cau-hinh/bat-dau/")
    assert "60 thủ tục thuộc lĩnh vực" in html
    assert "Mở 60 dòng còn thiếu" in html


def test_others_are_sent_away(office: Office) -> None:
    theirs = browser(office.other)
    for address in ("", "bat-dau/", "xuat/", "nap/", "mau/", "ban-nhap/", f"dong/?dong={key_of(1).text}"):
        assert theirs.get(f"/cau-hinh/{address}").status_code == 403
    assert theirs.post("/cau-hinh/dong/", {"dong": key_of(1).text, "form": "M01"}).status_code == 403
    assert browser(office.it).get("/cau-hinh/?don-vi=STC").status_code == 404
    assert browser(office.it).get("/cau-hinh/dong/?dong=999999.xa.").status_code == 404
    assert browser(office.controller).get("/cau-hinh/?don-vi=STP").status_code == 200

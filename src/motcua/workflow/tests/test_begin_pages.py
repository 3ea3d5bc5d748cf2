"""Beginning drafts from pasted and uploaded tables and diagrams; the list; comparing versions."""

from __future__ import annotations

import io
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from motcua.kernel.actor import Actor
from motcua.organisation import queries as organisation
from motcua.workflow import actions, queries
from motcua.workflow.models import ProcessDraft
from motcua.workflow.rules.bpmn import export
from motcua.workflow.rules.definition import Span, TimeUnit
from motcua.workflow.rules.pasted import About
from motcua.workflow.rules.walk import table_total
from motcua.workflow.tests.browsing import actor, browser, path, plain
from motcua.workflow.tests.desks import NOW, of
from motcua.workflow.tests.tables import simple
from motcua.workflow.tests.test_pasted_tables import BAC_NINH

pytestmark = pytest.mark.django_db
PASTED = "\n".join(
    "\t".join(cell.strip().replace("/n", " ") for cell in line.split("|"))
    for line in BAC_NINH.strip().splitlines()
)


def begin(client: Client, **fields: Any) -> Any:
    agency = organisation.agencies()[0].id
    return client.post(
        "/quy-trinh/soan/dan-bang/", {"agency": agency, "title": "Chấp thuận", "limit": "17 ngày", **fields}
    )


def test_a_pasted_table_becomes_a_draft(it: Client) -> None:
    answer = begin(it, text=PASTED)
    assert answer.status_code == 302
    draft = ProcessDraft.objects.get()
    assert len(of(draft).steps) == 12
    assert "Máy đọc nguồn" in it.get(answer["Location"]).content.decode()


def test_a_table_not_understood_stays_in_the_page_with_every_cell_named(it: Client) -> None:
    answer = begin(it, text=PASTED.replace("07 ngày", "lâu"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Không hiểu thời gian “lâu”" in page
    assert "dòng 7, cột 4" in page
    assert "Kiểm tra, số hóa, tiếp nhận" in page
    assert "Tạo bản nháp dù còn chỗ chưa hiểu" in page
    assert begin(it, text=PASTED.replace("07 ngày", "lâu"), leave_gaps="on").status_code == 302


def test_an_uploaded_file_not_understood_comes_back_as_text_to_put_right(it: Client) -> None:
    upload = SimpleUploadedFile("bang.csv", PASTED.replace("07 ngày", "lâu").replace("\t", ";").encode())
    page = begin(it, file=upload).content.decode()
    assert "Không hiểu thời gian “lâu”" in page
    assert "Cho ý kiến thẩm định\t" in plain(page)


def test_a_bpmn_file_becomes_a_draft_and_a_bomb_is_refused(it: Client) -> None:
    good = SimpleUploadedFile("a.bpmn", export(simple()).encode())
    assert begin(it, file=good).status_code == 302
    bomb = SimpleUploadedFile("b.bpmn", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    page = begin(it, file=bomb)
    assert page.status_code == 422
    assert "DOCTYPE" in page.content.decode()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Chưa có bảng nào"),
        ({"text": "xin chào"}, "Không thấy bảng trong đoạn dán"),
        ({"text": "a\tb\tc\n1\t2\t3"}, "Không thấy dòng tiêu đề"),
        ({"text": PASTED, "limit": "sớm"}, "Không hiểu thời hạn"),
        ({"text": PASTED, "codes": "xyz"}, "không phải mã thủ tục"),
        ({"template": "cap-xa", "title": ""}, "Chưa nhập “Tên quy trình”"),
        ({"file": SimpleUploadedFile("x.xlsx", b"nothing")}, "x.xlsx"),
    ],
)
def test_beginning_from_nothing_or_nonsense_says_what_to_do(
    it: Client, fields: dict[str, Any], said: str
) -> None:
    answer = begin(it, **fields)
    assert answer.status_code == 422
    assert said in plain(answer.content.decode())


def test_a_template_and_a_published_version_begin_drafts(it: Client) -> None:
    assert begin(it, template="so-giai-quyet", title="Cấp phép").status_code == 302
    version = actions.publish_process(actor=Actor.system("t"), definition=simple(), now=NOW)
    page = it.get(f"/quy-trinh/{version.pk}/").content.decode()
    assert "Soạn phiên bản mới" in page
    answer = it.post("/quy-trinh/soan/moi/", {"version": version.pk})
    assert answer.status_code == 302
    assert it.post("/quy-trinh/soan/moi/", {"version": "x"}).status_code == 404


def test_two_versions_are_compared_step_by_step(it: Client) -> None:
    first = actions.publish_process(actor=Actor.system("t"), definition=simple(), now=NOW)
    alone = it.get(f"/quy-trinh/{first.pk}/so-sanh/").content.decode()
    assert "mới có một phiên bản" in alone
    changed = replace(simple(), steps=(replace(simple().steps[0], output="Giấy hẹn"), *simple().steps[1:]))
    second = actions.publish_process(actor=Actor.system("t"), definition=changed, now=NOW)
    page = it.get(f"/quy-trinh/{second.pk}/so-sanh/").content.decode()
    assert "Giấy hẹn" in page
    assert "Sản phẩm" in page
    assert it.get(f"/quy-trinh/{second.pk}/so-sanh/?voi=x").status_code == 200


def test_the_pages_cost_few_statements(it: Client, draft: ProcessDraft) -> None:
    for address, most in (("/quy-trinh/ban-nhap/", 12), (path(draft), 14)):
        it.get(address)
        with CaptureQueriesContext(connection) as seen:
            assert it.get(address).status_code == 200
        assert len(seen) <= most, [query["sql"][:90] for query in seen.captured_queries]


def test_a_list_of_many_costs_as_much_as_a_list_of_one(it: Client, draft: ProcessDraft, agency: int) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            it.get("/quy-trinh/ban-nhap/")
        return len(seen)

    it.get("/quy-trinh/ban-nhap/")
    one = cost()
    for n in range(12):
        about = About(title=f"Quy trình {n}")
        actions.draft_from_template(
            actor=actor(it), agency_id=agency, template="cap-xa", about=about, now=NOW
        )
    assert cost() == one


def test_strangers_are_sent_to_sign_in_and_others_get_nothing(
    client: Client, draft: ProcessDraft, agency: int
) -> None:
    for address in ("/quy-trinh/ban-nhap/", "/quy-trinh/soan/dan-bang/", path(draft)):
        assert client.get(address).status_code == 302
    nobody = browser("vien", agency, "specialist")
    assert nobody.get(path(draft)).status_code == 404
    assert nobody.get("/quy-trinh/ban-nhap/").status_code == 403
    assert nobody.get("/quy-trinh/soan/dan-bang/").status_code == 403
    assert nobody.post("/quy-trinh/soan/moi/", {"version": 1}).status_code == 403


def test_a_list_of_two_hundred_is_paged(it: Client, agency: int) -> None:
    about = About(
        title="Quy trình có tên rất dài về việc chấp thuận chủ trương đầu tư đồng thời giao chủ đầu tư"
    )
    for _n in range(31):
        actions.draft_from_template(
            actor=actor(it), agency_id=agency, template="cap-xa", about=about, now=NOW
        )
    page = it.get("/quy-trinh/ban-nhap/").content.decode()
    assert "Trang sau" in page
    assert "Trang trước" in it.get("/quy-trinh/ban-nhap/?trang=2").content.decode()
    assert queries.drafts(actor(it), page=2).has_more is False


def _workbook() -> bytes:
    """A sheet as offices send it: title in a merged row, one time cell for two steps."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["Quy trình cấp giấy phép (mã 1.001234)"],
        ["TT", "Nội dung công việc", "Đơn vị thực hiện", "Thời gian (ngày làm việc)"],
        [1, "Tiếp nhận hồ sơ", "Cán bộ tiếp nhận", 0.5],
        [2, "Thẩm định", "Chuyên viên", 2],
        [3, "Ký", "Lãnh đạo Sở", None],
        [4, "Trả kết quả", "Cán bộ tiếp nhận", "Không tính thời gian"],
        ["Tổng", None, None, 2.5],
    ):
        sheet.append(row)
    sheet.merge_cells("A1:D1")
    sheet.merge_cells("D4:D5")
    sheet.merge_cells("A7:C7")
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def test_a_workbook_with_merged_cells_gives_shared_times_and_the_line_above(it: Client) -> None:
    upload = SimpleUploadedFile("qt.xlsx", _workbook())
    assert begin(it, file=upload, title="", limit="").status_code == 302
    found = of(ProcessDraft.objects.get())
    assert (found.title, found.procedure_codes) == ("Quy trình cấp giấy phép (mã 1.001234)", ("1.001234",))
    assert found.by_key["b2"].shared_group is not None
    assert found.by_key["b2"].shared_group == found.by_key["b3"].shared_group
    assert found.limit == Span(Fraction(5, 2), TimeUnit.WORKING_DAY)
    assert table_total(found).in_unit(TimeUnit.WORKING_DAY) == Fraction(5, 2)


def test_a_word_file_takes_name_and_limit_from_the_paragraphs_and_the_table_asked_for(it: Client) -> None:
    import docx

    document = docx.Document()
    for number in (1, 2):
        document.add_paragraph(f"{number}. Thủ tục cấp giấy phép loại {number} (1.00123{number})")
        document.add_paragraph("Thời hạn giải quyết: 02 ngày làm việc")
        grid = document.add_table(rows=0, cols=4)
        for row in (
            ("Thứ tự", "Nội dung công việc", "Đơn vị/Người thực hiện", "Thời gian"),
            ("B1", "Tiếp nhận", "Bộ phận Một cửa", "04 giờ"),
            ("B2", "Xem xét, ký", "Lãnh đạo Sở", "12 giờ"),
            ("B3", "Trả kết quả", "Bộ phận Một cửa", "Giờ hành chính"),
        ):
            for cell, text in zip(grid.add_row().cells, row, strict=True):
                cell.text = text
    data = io.BytesIO()
    document.save(data)
    upload = SimpleUploadedFile("phu-luc.docx", data.getvalue())
    assert begin(it, file=upload, number="2", title="", limit="").status_code == 302
    found = of(ProcessDraft.objects.get())
    assert "loại 2" in found.title
    assert found.limit == Span(Fraction(2), TimeUnit.WORKING_DAY)
    assert table_total(found).in_unit(TimeUnit.WORKING_DAY) == 2
    refused = begin(it, file=SimpleUploadedFile("phu-luc.docx", data.getvalue()), number="3")
    assert "chỉ có 2 bảng" in plain(refused.content.decode())

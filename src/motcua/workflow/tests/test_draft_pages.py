"""The pages of drafts, as plain form posts: what they show, what they keep, who gets them."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from motcua.kernel.actor import Actor
from motcua.organisation import queries as organisation
from motcua.workflow import actions, queries
from motcua.workflow.models import ProcessDraft
from motcua.workflow.rules.bpmn import export
from motcua.workflow.rules.definition import ProcessDefinition, Span, TimeUnit
from motcua.workflow.rules.pasted import About
from motcua.workflow.tests.tables import simple
from motcua.workflow.tests.test_drafts import NOW, of
from motcua.workflow.tests.test_pasted_tables import BAC_NINH, table

pytestmark = pytest.mark.django_db
PASTED = "\n".join(
    "\t".join(cell.strip().replace("/n", " ") for cell in line.split("|"))
    for line in BAC_NINH.strip().splitlines()
)


@pytest.fixture
def agency() -> int:
    from motcua.organisation.snapshot import touch

    model = apps.get_model("organisation", "Unit")
    row = model.objects.create(
        code="STC", kind="department", name="Sở Tài chính", full_name="Sở Tài chính", short_name="STC"
    )
    row.agency = row
    row.save()
    touch()
    return int(row.pk)


def browser(name: str, agency: int, role: str) -> Client:
    user = apps.get_model("kernel", "User").objects.create(username=name, full_name=name.title())
    post = apps.get_model("organisation", "Post")
    post.objects.create(user_id=user.pk, unit_id=agency, role=role, title=role, starts_on="2025-01-01")
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def it(agency: int) -> Client:
    return browser("tin", agency, "it_admin")


@pytest.fixture
def leader(agency: int) -> Client:
    return browser("lanh", agency, "leader")


def actor(client: Client) -> Actor:
    from motcua.kernel import clock

    user = apps.get_model("kernel", "User").objects.get(pk=client.session["_auth_user_id"])
    return organisation.actor_for(user, clock.now())


@pytest.fixture
def draft(it: Client, agency: int) -> ProcessDraft:
    about = About(title="Chấp thuận chủ trương", limit=Span(Fraction(17), TimeUnit.CALENDAR_DAY))
    return actions.draft_from_table(
        actor=actor(it), agency_id=agency, table=table(BAC_NINH), about=about, now=NOW
    )


def fields_of(page: str) -> dict[str, str]:
    """What a browser would post of the editor's form, as the page has it."""
    form = page[page.index('id="soan"') :]
    form = form[: form.index("</form>")]
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ('type="checkbox"' not in tag or " checked" in tag):
            found[name[1]] = _text(value[1] if value else "")
    for name_, text in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        found[name_] = _text(text)
    for name_, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        found[name_] = _text(chosen[1] if chosen else "")
    found.pop("csrfmiddlewaretoken", None)
    return found


def _text(text: str) -> str:
    for entity, char in (("&quot;", '"'), ("&#x27;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(entity, char)
    return text


def path(draft: ProcessDraft, rest: str = "") -> str:
    return f"/quy-trinh/soan/{draft.pk}/{rest}"


def open_editor(client: Client, draft: ProcessDraft) -> dict[str, str]:
    return fields_of(client.get(path(draft)).content.decode())


def post(client: Client, draft: ProcessDraft, act: str, fields: dict[str, str], **changed: str) -> Any:
    return client.post(
        path(draft), {**fields, **{k.replace("__", "-"): v for k, v in changed.items()}, "act": act}
    )


def order(draft: ProcessDraft) -> list[str]:
    return [step.key for step in of(draft).steps]


def test_saving_what_the_page_shows_changes_nothing(it: Client, draft: ProcessDraft) -> None:
    before = of(draft)
    answer = post(it, draft, "save", open_editor(it, draft))
    assert answer.status_code == 302
    assert of(draft) == before
    assert draft.revision == 1


def test_every_real_process_goes_through_the_editor_unchanged(
    it: Client, agency: int, processes: dict[str, ProcessDefinition]
) -> None:
    for definition in processes.values():
        version = actions.publish_process(
            actor=Actor.system("t"), definition=definition, now=NOW, accept_findings=True
        )
        draft = actions.draft_from_version(actor=actor(it), agency_id=agency, version_id=version.pk, now=NOW)
        answer = post(it, draft, "save", open_editor(it, draft))
        assert answer.status_code == 302, definition.key
        assert of(draft) == definition, definition.key


def test_steps_are_moved_put_in_and_taken_out_without_script(it: Client, draft: ProcessDraft) -> None:
    answer = post(it, draft, "down:b2", open_editor(it, draft))
    assert answer["Location"].endswith("?buoc=b2&da=xuong#buoc-b2")
    assert order(draft)[:4] == ["b1", "b3", "b2", "b4"]
    page = it.get(answer["Location"]).content.decode()
    assert "Đã chuyển “Phân công giải quyết” xuống vị trí 3 trên 12." in page
    assert "data-focus" in page
    post(it, draft, "up:b2", open_editor(it, draft))
    post(it, draft, "move:b12:0", open_editor(it, draft))
    assert order(draft)[:2] == ["b12", "b1"]
    post(it, draft, "insert:b12", open_editor(it, draft))
    assert order(draft)[:3] == ["b12", "b13", "b1"]
    post(it, draft, "delete:b13", open_editor(it, draft))
    assert "b13" not in order(draft)
    for _time in range(5):
        post(it, draft, "undo", open_editor(it, draft))
    assert order(draft) == [f"b{n}" for n in range(1, 13)]


def test_everything_of_a_step_can_be_edited(it: Client, draft: ProcessDraft) -> None:
    post(
        it,
        draft,
        "save",
        open_editor(it, draft),
        name__b2="Phân công, giao việc",
        role__b2="leader",
        time__b2="2 giờ",
        output__b2="Phiếu giao việc",
        form__b2="Mẫu 05",
        performer__b2="Giám đốc Sở",
        where__b2="agency",
        limit="20 ngày",
        title="Tên mới",
        codes="1.009645, 1.009646",
        **{"label-0-b2": "Giao", "to-0-b2": "3, 6", "effect-0-b2": "supplement", "reason-0-b2": "1"},
    )
    step = of(draft).by_key["b2"]
    assert (step.name, step.role, step.output, step.form) == (
        "Phân công, giao việc",
        "leader",
        "Phiếu giao việc",
        "Mẫu 05",
    )
    assert step.time == Span(Fraction(2), TimeUnit.WORKING_HOUR)
    assert (step.outcomes[0].label, step.outcomes[0].to, step.outcomes[0].needs_note) == (
        "Giao",
        ("b3", "b6"),
        True,
    )
    assert of(draft).procedure_codes == ("1.009645", "1.009646")
    assert of(draft).limit == Span(Fraction(20), TimeUnit.CALENDAR_DAY)


def test_a_choice_is_added_changed_and_dropped(it: Client, draft: ProcessDraft) -> None:
    answer = post(it, draft, "outcome:b3", open_editor(it, draft))
    fields = fields_of(it.get(answer["Location"]).content.decode())
    assert fields["outcomes-b3"] == "2"
    post(it, draft, "save", fields, **{"label-1-b3": "Thiếu giấy tờ", "way-1-b3": "lui", "to-1-b3": "1"})
    added = of(draft).by_key["b3"].outcomes[1]
    assert (added.label, added.to, added.back) == ("Thiếu giấy tờ", ("b1",), True)
    post(it, draft, "save", open_editor(it, draft), **{"del-1-b3": "1"})
    assert len(of(draft).by_key["b3"].outcomes) == 1


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("time-b2", "lâu", "Không hiểu thời gian “lâu”"),
        ("limit", "sớm", "Không hiểu thời gian “sớm”"),
        ("codes", "abc", "“abc” không phải mã thủ tục"),
        ("to-0-b2", "99", "từ 1 đến 12"),
        ("to-0-b2", "ba", "từ 1 đến 12"),
    ],
)
def test_what_cannot_be_read_is_named_at_its_field_and_nothing_typed_is_lost(
    it: Client, draft: ProcessDraft, field: str, text: str, said: str
) -> None:
    answer = post(it, draft, "down:b2", open_editor(it, draft), title="Gõ dở", **{field: text})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in _text(page)
    kept = fields_of(page)
    assert (kept[field], kept["title"]) == (text, "Gõ dở")
    assert order(draft)[1] == "b2"


def test_the_running_sum_follows_what_is_typed_without_saving(it: Client, draft: ProcessDraft) -> None:
    fields = open_editor(it, draft)
    page = post(it, draft, "preview", fields, time__b2="3,25 ngày").content.decode()
    assert "20 ngày" in page
    assert "Vượt thời hạn 3 ngày." in page
    assert "<svg" in page
    draft.refresh_from_db()
    assert draft.revision == 1


def test_a_second_writer_sees_both_texts_and_may_put_theirs_over(
    it: Client, draft: ProcessDraft, agency: int
) -> None:
    other = browser("kiem", agency, "procedure_controller")
    mine, theirs = open_editor(it, draft), open_editor(other, draft)
    post(other, draft, "save", theirs, title="Tên của Kiểm")
    answer = post(it, draft, "save", mine, title="Tên của Tin", name__b3="Thẩm định thật kỹ")
    page = answer.content.decode()
    assert answer.status_code == 409
    for text in ("Kiem vừa lưu", "Tên của Kiểm", "Tên của Tin", "Thẩm định thật kỹ"):
        assert text in page
    assert of(draft).title == "Tên của Kiểm"
    form = page[page.index('name="revision"') - 200 : page.index("Lưu bản của tôi")]
    hidden = {n: _text(v) for n, v in re.findall(r'name="([^"]+)" value="([^"]*)"', form)}
    it.post(path(draft), {**hidden, "act": "save"})
    assert (of(draft).title, of(draft).by_key["b3"].name) == ("Tên của Tin", "Thẩm định thật kỹ")


def test_two_people_take_a_draft_to_a_published_version(
    it: Client, leader: Client, draft: ProcessDraft
) -> None:
    page = it.post(path(draft, "trinh/"), {"revision": 1}, follow=True).content.decode()
    assert "Đã trình duyệt" in page
    assert "Bạn đã soạn hoặc sửa bản nháp này" not in page
    shown = leader.get(path(draft)).content.decode()
    assert "Duyệt và ban hành" in shown
    assert it.post(path(draft, "duyet/"), {"revision": 1}).status_code == 403
    done = leader.post(path(draft, "duyet/"), {"revision": 1}, follow=True).content.decode()
    assert "Đã duyệt và ban hành quy trình." in done
    draft.refresh_from_db()
    assert draft.published is not None
    assert leader.get(f"/quy-trinh/{draft.published.pk}/").status_code == 200


def test_a_sum_above_the_limit_is_refused_with_both_numbers(it: Client, draft: ProcessDraft) -> None:
    post(it, draft, "save", open_editor(it, draft), time__b2="5 ngày")
    page = it.post(path(draft, "trinh/"), {"revision": 2}, follow=True).content.decode()
    assert "21,75 ngày, vượt thời hạn 17 ngày (thừa 4,75)" in page


def test_time_left_over_has_to_be_taken_on(it: Client, draft: ProcessDraft) -> None:
    post(it, draft, "save", open_editor(it, draft), limit="20 ngày")
    page = it.get(path(draft)).content.decode()
    assert "Tôi xác nhận" in page
    refused = it.post(path(draft, "trinh/"), {"revision": 2}, follow=True).content.decode()
    assert "hãy đánh dấu xác nhận rồi trình lại" in refused
    done = it.post(path(draft, "trinh/"), {"revision": 2, "accept": "sum_below_limit"}, follow=True)
    assert "Đã trình duyệt" in done.content.decode()


def test_a_draft_sent_back_says_why_in_the_editor(it: Client, leader: Client, draft: ProcessDraft) -> None:
    it.post(path(draft, "trinh/"), {"revision": 1})
    leader.post(path(draft, "tra-lai/"), {"note": "Thiếu bước văn thư"})
    assert "Thiếu bước văn thư" in it.get(path(draft)).content.decode()
    it.post(path(draft, "bo/"))
    assert "Đã bỏ" in it.get(path(draft)).content.decode()


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
    assert "Cho ý kiến thẩm định\t" in _text(page)


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
    assert said in _text(answer.content.decode())


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

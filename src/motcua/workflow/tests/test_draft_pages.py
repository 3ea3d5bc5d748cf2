"""The editor as plain form posts: what it shows, what it keeps, who gets it."""

from __future__ import annotations

import gzip
import re
from dataclasses import replace
from fractions import Fraction

import pytest
from django.test import Client

from motcua.kernel.actor import Actor
from motcua.workflow import actions
from motcua.workflow.models import ProcessDraft
from motcua.workflow.rules.definition import Outcome, ProcessDefinition, Span, TimeUnit
from motcua.workflow.rules.pasted import MOST_STEPS
from motcua.workflow.tests.browsing import actor, browser, fields_of, open_editor, order, path, plain, post
from motcua.workflow.tests.desks import NOW, of
from motcua.workflow.tests.tables import simple

pytestmark = pytest.mark.django_db


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
    assert said in plain(page)
    kept = fields_of(page)
    assert (kept[field], kept["title"]) == (text, "Gõ dở")
    assert order(draft)[1] == "b2"


def test_the_running_sum_follows_what_is_typed_without_saving(it: Client, draft: ProcessDraft) -> None:
    fields = open_editor(it, draft)
    page = post(it, draft, "preview", fields, time__b2="3,25 ngày").content.decode()
    assert "20 ngày" in page
    assert "Vượt thời hạn 3 ngày." in page
    assert "Hôm nay chưa ai giữ vai thực hiện các bước" in page
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
    hidden = {n: plain(v) for n, v in re.findall(r'name="([^"]+)" value="([^"]*)"', form)}
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


def test_the_longest_process_allowed_is_shown_saved_and_moved(it: Client, agency: int) -> None:
    """A hundred and twenty steps with two choices each: more fields than the framework takes by itself."""
    steps = [replace(simple().steps[1], key=f"b{n}", name=f"Bước số {n}") for n in range(1, MOST_STEPS + 1)]
    linked = [
        replace(
            step,
            outcomes=(
                Outcome("on", "Đi tiếp", (f"b{n + 1}",) if n < MOST_STEPS else ()),
                Outcome("back", "Trả lại", (f"b{max(1, n - 1)}",), back=True),
            ),
        )
        for n, step in enumerate(steps, 1)
    ]
    definition = replace(simple(), steps=tuple(linked))
    version = actions.publish_process(
        actor=Actor.system("t"), definition=definition, now=NOW, accept_findings=True
    )
    draft = actions.draft_from_version(actor=actor(it), agency_id=agency, version_id=version.pk, now=NOW)
    page = it.get(path(draft)).content
    assert len(gzip.compress(page)) < 300_000
    answer = post(it, draft, "move:b120:0", fields_of(page.decode()))
    assert answer.status_code == 302
    assert order(draft)[:2] == ["b120", "b1"]
    too_many = post(it, draft, "insert:b1", open_editor(it, draft))
    assert too_many.status_code == 422
    assert "nhiều nhất 120 bước" in plain(too_many.content.decode())
    assert len(order(draft)) == MOST_STEPS

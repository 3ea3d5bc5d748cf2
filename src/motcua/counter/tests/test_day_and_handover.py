"""The day's lists, and results leaving the counter."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from motcua.counter.queries_today import DayTab, day_page
from motcua.counter.tests.counter_desk import NOW, Counter, sign_in, words
from motcua.dossiers.models import Dossier, HandOver
from motcua.dossiers.tests import factories as f
from motcua.dossiers.types import ReturnMethod, Status

TODAY, GIVE = "/quay/hom-nay/", "/quay/tra-ket-qua/"


def test_the_day_lists_what_came_in_and_what_waits(counter: Counter) -> None:
    ready = counter.completed(owner=f.person("Đỗ Thị Sẵn", "027185000001", "0987654321"))
    counter.client.post("/quay/tiep-nhan/", counter.form())
    counter.client.post("/quay/tiep-nhan/", counter.form(key="2", do="supplement", paper=["to-khai"]))
    page = words(counter.client.get(TODAY))
    assert page.count("Nguyễn Văn An") == 2 and "Đỗ Thị Sẵn" not in page
    waiting = words(counter.client.get(TODAY, {"muc": "tra"}))
    assert ready.code in waiting and "0987654321" in waiting and f"?q={ready.code}" in waiting
    asked = Dossier.objects.get(status=Status.AWAITING_SUPPLEMENT.value)
    assert reverse("counter:intake", args=[asked.code]) in words(
        counter.client.get(TODAY, {"muc": "bo-sung"})
    )


def test_another_counter_sees_none_of_it(counter: Counter) -> None:
    counter.completed()
    neighbour = f.make_officer("one_stop_officer", counter.place.other.centre)
    for tab in DayTab:
        assert day_page(neighbour, counter.place.other.centre, tab, now=NOW).rows == ()


def test_pages_follow_each_other_without_gap_or_repeat(counter: Counter) -> None:
    for minute in range(7):
        f.receive(counter.officer, counter.procedure, now=NOW - timedelta(minutes=minute // 2))
    seen, cursor = [], ""
    while True:
        page = day_page(
            counter.officer, counter.place.commune.centre, DayTab.RECEIVED, now=NOW, cursor=cursor, size=3
        )
        seen += [row.code for row in page.rows]
        cursor = page.next_cursor
        if not cursor:
            break
    assert len(seen) == len(set(seen)) == 7


@pytest.mark.parametrize("cursor", ["", "rác", "fHx8", "MjAyNnwtMQ"])
def test_a_mangled_place_in_the_list_shows_the_first_page(counter: Counter, cursor: str) -> None:
    assert counter.client.get(TODAY, {"muc": "tra", "sau": cursor}).status_code == 200


def test_the_day_page_costs_the_same_for_two_rows_and_for_twelve(
    counter: Counter, django_assert_max_num_queries: object
) -> None:
    for _number in range(2):
        f.receive(counter.officer, counter.procedure, now=NOW)
    counter.client.get(TODAY)
    with django_assert_max_num_queries(10) as few:  # type: ignore[operator]  # the fixture has no public type
        counter.client.get(TODAY)
    for _number in range(10):
        f.receive(counter.officer, counter.procedure, now=NOW)
    with django_assert_max_num_queries(len(few)):  # type: ignore[operator]  # the fixture has no public type
        counter.client.get(TODAY)


def give(counter: Counter, dossiers: list[Dossier], **changes: object) -> Any:
    codes = [dossier.code for dossier in dossiers]
    data = {
        "listed": codes,
        "code": codes,
        "who": "owner",
        "method": "counter",
        "slip_returned": "on",
        **changes,
    }
    return counter.client.post(GIVE, data)


def test_a_slip_is_scanned_and_the_result_handed_over(counter: Counter) -> None:
    dossier = counter.completed()
    found = words(
        counter.client.post(GIVE, {"do": "find", "q": f"https://x.vn/tra-cuu/{dossier.tracking_token}/"})
    )
    assert dossier.code in found and "15/TLKS" in found
    answer = give(counter, [dossier])
    dossier.refresh_from_db()
    handover = HandOver.objects.get()
    assert answer.status_code == 302 and dossier.status == Status.RETURNED.value
    assert (handover.name, handover.slip_returned) == ("Nguyễn Thị Đào", True)
    assert dossier.code in words(counter.client.get(GIVE))


def test_all_results_of_one_person_leave_together(counter: Counter) -> None:
    dossiers = [counter.completed(), counter.completed()]
    page = words(counter.client.post(GIVE, {"do": "find", "q": "027185001234"}))
    assert all(dossier.code in page for dossier in dossiers) and "2 kết quả trả cho" in page
    give(counter, dossiers)
    assert HandOver.objects.count() == 2


def test_what_is_not_ready_says_where_it_is_and_when(counter: Counter) -> None:
    dossier = f.receive(counter.officer, counter.procedure)
    page = words(counter.client.get(GIVE, {"q": dossier.code}))
    assert "Chưa có kết quả" in page and "hẹn trả" in page
    assert counter.place.commune.agency.full_name in page
    give(counter, [dossier])
    assert HandOver.objects.count() == 0


def test_a_delegate_brings_a_paper(counter: Counter) -> None:
    dossier = counter.completed()
    answer = give(counter, [dossier], who="other", name="Lê Văn Giúp")
    assert answer.status_code == 422 and "Ghi giấy ủy quyền" in words(answer)
    assert "Lê Văn Giúp" in words(answer)
    give(counter, [dossier], who="other", name="Lê Văn Giúp", authorisation="Giấy ủy quyền 20/11/2026")
    assert HandOver.objects.get().name == "Lê Văn Giúp"


def test_the_registered_recipient_needs_no_paper(counter: Counter) -> None:
    dossier = counter.completed(recipient=f.person("Trần Văn Nhận", "027090009999"))
    assert "Người đã ghi trong hồ sơ: Trần Văn Nhận" in words(counter.client.get(GIVE, {"q": dossier.code}))
    give(counter, [dossier], who="known")
    assert HandOver.objects.get().name == "Trần Văn Nhận"


def test_by_post_keeps_the_tracking_number(counter: Counter) -> None:
    dossier = counter.completed(return_method=ReturnMethod.POST, return_address="Số 1, phố Huế")
    assert "Số 1, phố Huế" in words(counter.client.get(GIVE, {"q": dossier.code}))
    answer = give(counter, [dossier], method="post")
    assert answer.status_code == 422
    give(counter, [dossier], method="post", tracking_number="EB123456789VN")
    assert HandOver.objects.get().tracking_number == "EB123456789VN"


def test_two_officers_hand_over_the_same_result_and_one_is_told(counter: Counter) -> None:
    dossier = counter.completed()
    give(counter, [dossier])
    answer = give(counter, [dossier])
    assert HandOver.objects.count() == 1
    assert "Đã trả kết quả cho Nguyễn Thị Đào" in words(answer)


@pytest.mark.parametrize("text", ["xin chào", "H05.99-000000-0000", "027|x", "https://example.vn"])
def test_what_means_no_dossier_is_explained(counter: Counter, text: str) -> None:
    page = counter.client.post(GIVE, {"do": "find", "q": text})
    assert page.status_code == 200 and 'role="alert"' in words(page)


def test_a_card_never_comes_back_in_the_page(counter: Counter) -> None:
    page = words(
        counter.client.post(GIVE, {"do": "find", "q": "027090001234||Bí Mật|15081990|Nam|Địa chỉ|01072021"})
    )
    assert "Bí Mật" not in page


def test_a_specialist_hands_nothing_over(counter: Counter) -> None:
    dossier = counter.completed()
    client = sign_in(counter.staff.specialist)
    assert client.get(GIVE).status_code == 403
    assert client.post(GIVE, {"listed": [dossier.code], "code": [dossier.code]}).status_code == 403

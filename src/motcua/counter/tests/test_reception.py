"""The reception page over HTTP: saved once, refused with everything kept, usable without script."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from motcua.counter.tests.counter_desk import CARD, OTHER_CARD, Counter, sign_in, words
from motcua.dossiers.models import Dossier
from motcua.dossiers.tests import factories as f
from motcua.dossiers.types import PartyRole, Status

URL = "/quay/tiep-nhan/"


def test_a_dossier_is_received_and_the_page_is_ready_for_the_next_person(counter: Counter) -> None:
    answer = counter.client.post(URL, counter.form())
    dossier = Dossier.objects.get()
    assert answer.status_code == 302 and f"xong={dossier.code}" in answer["Location"]
    assert (dossier.status, dossier.owner_name) == (Status.RECEIVED.value, "Nguyễn Văn An")
    owner = dossier.parties.get(role=PartyRole.OWNER.value)
    assert (owner.phone, str(owner.born_on)) == ("0912345678", "1990-08-15")
    states = dict(dossier.papers.values_list("key", "state"))
    assert states == {"to-khai": "received", "can-cuoc": "presented"}
    page = words(counter.client.get(answer["Location"]))
    assert dossier.code in page and "Vì sao ngày này" in page
    assert f'name="print-now" content="/quay/phieu/{dossier.code}/' in page
    assert 'name="owner-name" value=' not in page


def test_the_slip_is_a_pdf_that_may_be_framed_by_our_own_page(counter: Counter) -> None:
    location = counter.client.post(URL, counter.form())["Location"]
    page = words(counter.client.get(location))
    found = re.search(r'data-print-url="([^"]+)"', page)
    assert found is not None
    slip = counter.client.get(found[1])
    assert slip.status_code == 200 and slip.content.startswith(b"%PDF")
    assert slip["X-Frame-Options"] == "SAMEORIGIN"


def test_pressing_twice_makes_one_dossier_and_says_so(counter: Counter) -> None:
    first = counter.client.post(URL, counter.form())["Location"]
    second = counter.client.post(URL, counter.form())["Location"]
    assert Dossier.objects.count() == 1
    assert second == first + "&lai=1"
    assert "từ lần bấm trước" in words(counter.client.get(second))


def test_a_changed_form_with_a_used_key_is_not_swallowed(counter: Counter) -> None:
    counter.client.post(URL, counter.form())
    changed = counter.form(**{"owner-id_number": "024190004321", "owner-name": "Trần Thị Bình"})
    answer = counter.client.post(URL, changed)
    page = words(answer)
    assert answer.status_code == 409 and "bấm lần nữa" in page and "Trần Thị Bình" in page
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key is not None and key[1] != "form-1"
    assert counter.client.post(URL, {**changed, "key": key[1]}).status_code == 302
    assert Dossier.objects.count() == 2


MISTAKES = [
    ({"owner-name": ""}, "Nhập họ tên chủ hồ sơ", "id_owner-name"),
    ({"owner-id_number": "02709000123"}, "12 chữ số", "id_owner-id_number"),
    ({"owner-born_on": "31022000"}, "Không có ngày", "id_owner-born_on"),
    ({"owner-phone": "12"}, "Gõ 10 chữ số", "id_owner-phone"),
    ({"procedure": ""}, "Chọn thủ tục", "procedure-search"),
    ({"case_key": ""}, "Chọn trường hợp", "cases"),
    ({"paper": ["to-khai"]}, "Còn thiếu giấy tờ bắt buộc", "papers"),
    ({"return_method": "post"}, "Nhận qua bưu chính cần địa chỉ gửi", "id_return_address"),
    ({"has_submitter": "on", "submitter-name": ""}, "Nhập họ tên người nộp thay", "id_submitter-name"),
    ({"related_code": "H05.16-000000-9999"}, "Không có hồ sơ", "id_related_code"),
]


@pytest.mark.parametrize(("changes", "sentence", "target"), MISTAKES)
def test_a_mistake_is_named_at_its_field_and_everything_typed_stays(
    counter: Counter, changes: dict[str, object], sentence: str, target: str
) -> None:
    kept = {
        "owner-address": "Thôn Đoài, số nhà 7",
        "request_summary": "Xin nhận sớm",
        "extra_papers": "Ảnh 3x4",
    }
    answer = counter.client.post(URL, counter.form(**{**kept, **changes}))
    page = words(answer)
    assert answer.status_code == 422 and Dossier.objects.count() == 0
    assert sentence in page and f'href="#{target}"' in page and f'id="{target}"' in page
    for value in kept.values():
        assert value in page


def test_the_ticks_stay_when_something_is_refused(counter: Counter) -> None:
    page = words(counter.client.post(URL, counter.form(**{"owner-name": "", "lacks": ["giay-khai-sinh"]})))
    checked = re.findall(r'name="(paper|lacks)" value="([^"]+)" checked', page)
    assert set(checked) == {("paper", "to-khai"), ("paper", "can-cuoc"), ("lacks", "giay-khai-sinh")}


def test_four_people_of_one_dossier_are_four_parties(counter: Counter) -> None:
    data = counter.form(
        **{
            "has_submitter": "on",
            "submitter-name": "Nguyễn Thị Bé",
            "submitter-id_number": "027310001111",
            "authorisation": "Con đẻ, có giấy khai sinh",
            "has_recipient": "on",
            "recipient-name": "Lê Văn Cường",
            "has_payer": "on",
            "payer-name": "Công ty Đại Phát",
            "payer-id_number": "2300123456",
        }
    )
    assert counter.client.post(URL, data).status_code == 302
    parties = {party.role: party for party in Dossier.objects.get().parties.all()}
    assert {role: party.name for role, party in parties.items()} == {
        "owner": "Nguyễn Văn An",
        "submitter": "Nguyễn Thị Bé",
        "recipient": "Lê Văn Cường",
        "payer": "Công ty Đại Phát",
    }
    assert parties["submitter"].authorisation == "Con đẻ, có giấy khai sinh"
    assert parties["payer"].is_organisation


def test_a_submitter_needs_a_paper_of_authority(counter: Counter) -> None:
    answer = counter.client.post(URL, counter.form(has_submitter="on", **{"submitter-name": "Nguyễn Thị Bé"}))
    assert answer.status_code == 422 and "Ghi giấy tờ ủy quyền" in words(answer)


def test_an_agency_may_open_a_dossier_itself(counter: Counter) -> None:
    counter.client.post(URL, counter.form(agency_initiated="on"))
    assert Dossier.objects.get().agency_initiated


def test_missing_papers_become_form_02_in_one_press(counter: Counter) -> None:
    data = counter.form(
        do="supplement", paper=["to-khai"], lacks=["giay-khai-sinh"], supplement_lines="Sửa tên đệm"
    )
    answer = counter.client.post(URL, data)
    dossier = Dossier.objects.get()
    assert answer.status_code == 302 and dossier.status == Status.AWAITING_SUPPLEMENT.value
    assert dossier.received_at is None and dossier.due_at is None
    texts = [item["text"] for item in dossier.supplements.get().items]
    assert texts == ["Căn cước của người yêu cầu", "Bản sao giấy khai sinh cũ (nếu có)", "Sửa tên đệm"]
    assert "Đã lập phiếu yêu cầu bổ sung" in words(counter.client.get(answer["Location"]))


def test_form_02_without_anything_missing_is_refused(counter: Counter) -> None:
    answer = counter.client.post(URL, counter.form(do="supplement"))
    assert answer.status_code == 422 and "Chưa đánh dấu giấy tờ nào thiếu" in words(answer)


def test_a_refusal_needs_a_reason_and_is_kept(counter: Counter) -> None:
    answer = counter.client.post(URL, counter.form(do="refuse"))
    assert answer.status_code == 422 and "Nhập lý do từ chối" in words(answer)
    answer = counter.client.post(
        URL, counter.form(do="refuse", refusal_reason="Không thuộc thẩm quyền\nNộp tại Sở")
    )
    assert answer.status_code == 302 and Dossier.objects.get().status == Status.REFUSED.value


def test_the_person_comes_back_and_the_dossier_is_received(counter: Counter) -> None:
    counter.client.post(URL, counter.form(do="supplement", paper=["to-khai"]))
    dossier = Dossier.objects.get()
    for text in (CARD, dossier.code, f"http://testserver/tra-cuu/{dossier.tracking_token}/"):
        found = counter.client.post(URL + "quet/", {"scan": text}).json()["dossiers"]
        assert [(one["code"], one["kind"]) for one in found] == [(dossier.code, "intake")]
    page = counter.client.get(reverse("counter:intake", args=[dossier.code]))
    assert "Phiếu đã yêu cầu" in words(page) and "Căn cước của người yêu cầu" in words(page)
    still = counter.client.post(reverse("counter:intake", args=[dossier.code]), {"paper": ["to-khai"]})
    assert still.status_code == 422 and "Còn thiếu giấy tờ bắt buộc" in words(still)
    done = counter.client.post(
        reverse("counter:intake", args=[dossier.code]), {"paper": ["to-khai", "can-cuoc"]}
    )
    dossier.refresh_from_db()
    assert done.status_code == 302 and dossier.status == Status.RECEIVED.value and dossier.due_at is not None
    assert counter.client.get(reverse("counter:intake", args=[dossier.code])).status_code == 404


def test_a_scan_fills_a_person_with_remarks_and_the_known_telephone(counter: Counter) -> None:
    counter.client.post(URL, counter.form())
    answer = counter.client.post(URL + "quet/", {"scan": CARD.replace("|Nam|", "|Nữ|")}).json()
    assert answer["person"]["name"] == "Nguyễn Văn An" and answer["person"]["born_on"] == "15/08/1990"
    assert answer["known_phone"] == "0912345678"
    assert [remark["field"] for remark in answer["remarks"]] == ["gender"]


def test_a_typed_number_opens_nobodys_telephone(counter: Counter) -> None:
    counter.client.post(URL, counter.form())
    assert counter.client.post(URL + "quet/", {"scan": "027090001234"}).json()["known_phone"] == ""


def test_the_last_person_is_taken_again(counter: Counter) -> None:
    assert counter.client.get(URL + "nguoi-cuoi/").json()["values"] == {}
    counter.client.post(URL, counter.form())
    values = counter.client.get(URL + "nguoi-cuoi/").json()["values"]
    assert (values["owner-name"], values["owner-born_on"]) == ("Nguyễn Văn An", "15/08/1990")


def test_the_page_works_without_script_from_scan_to_slip(counter: Counter) -> None:
    data = {"key": "plain", "unit": str(counter.unit_id), "scan": CARD, "do": "scan"}
    page = words(counter.client.post(URL, data))
    assert 'value="Nguyễn Văn An"' in page and 'value="15/08/1990"' in page
    data = counter.form(key="plain", procedure="", q="dang ky lai", do="find", case_key=None)
    page = words(counter.client.post(URL, data))
    assert f'value="choose:{counter.procedure.pk}"' in page and 'value="Nguyễn Văn An"' in page
    data |= {"do": f"choose:{counter.procedure.pk}"}
    page = words(counter.client.post(URL, data))
    assert 'name="case_key" value="thuong"' in page and 'value="to-khai"' in page
    assert counter.client.post(URL, counter.form(key="plain")).status_code == 302


def test_a_procedure_can_be_named_in_the_address(counter: Counter) -> None:
    page = words(counter.client.get(URL, {"procedure": "dang ky lai"}))
    assert f'value="choose:{counter.procedure.pk}"' in page


def test_the_list_of_procedures_offers_what_may_be_received_here(counter: Counter) -> None:
    page = words(counter.client.get(URL + "thu-tuc/", {"q": "dklks"}))
    assert f'data-version="{counter.procedure.pk}"' in page
    assert "Không có thủ tục nào" in words(counter.client.get(URL + "thu-tuc/", {"q": "zzzz"}))


def test_the_panel_follows_the_case_and_keeps_the_ticks(counter: Counter) -> None:
    query: dict[str, str | list[str]] = {
        "procedure": str(counter.procedure.pk),
        "case_key": "xac-minh",
        "paper": ["can-cuoc"],
    }
    page = words(counter.client.get(URL + "giay-to/", query))
    assert "10 ngày làm việc" in page and 'value="can-cuoc" checked' in page
    assert counter.client.get(URL + "giay-to/", {"procedure": "1"}).status_code == 404
    assert counter.client.get(URL + "giay-to/", {"procedure": "khong"}).status_code == 404


def test_another_commune_may_decide_what_is_received_here(counter: Counter) -> None:
    other = counter.place.other.agency
    assert counter.client.post(URL, counter.form(place=str(other.id))).status_code == 302
    dossier = Dossier.objects.get()
    assert (dossier.competent_agency_id, dossier.receiving_unit_id) == (other.id, counter.unit_id)
    assert dossier.returning_unit_id == counter.unit_id


def test_going_back_asks_for_a_fresh_page(counter: Counter) -> None:
    assert "no-store" in counter.client.get(URL)["Cache-Control"]


def test_a_narrow_field_says_what_is_wrong_and_the_summary_says_what_to_do(counter: Counter) -> None:
    page = words(counter.client.post(URL, counter.form(**{"owner-id_number": "02709000123"})))
    assert page.count("Số định danh có 12 chữ số") == 1 and page.count("“02709000123” chưa đúng.") == 2


def test_an_expired_login_answers_401_to_the_script_and_saves_nothing(counter: Counter) -> None:
    counter.client.cookies.clear()
    answer = counter.client.post(URL, counter.form(), headers={"X-Requested-With": "motcua-form"})
    assert answer.status_code == 401
    assert (
        counter.client.post(URL + "quet/", {"scan": CARD}, headers={"HX-Request": "true"}).status_code == 401
    )
    assert Dossier.objects.count() == 0


def test_only_an_officer_of_a_reception_point_has_a_counter(counter: Counter) -> None:
    page = sign_in(counter.staff.specialist).get(URL)
    assert page.status_code == 403 and "Bạn chưa có vị trí tiếp nhận" in words(page)
    post = sign_in(counter.staff.specialist).post(URL, counter.form())
    assert post.status_code == 403 and Dossier.objects.count() == 0


def test_an_officer_of_two_counters_chooses_once(counter: Counter) -> None:
    assert counter.officer.user_id is not None
    f.give_post(counter.officer.user_id, "one_stop_officer", counter.place.other.centre)
    assert "Hôm nay làm việc ở quầy nào?" in words(counter.client.get(URL))
    other = counter.place.other.centre
    assert other.full_name in words(counter.client.get(URL, {"quay": str(other.id)}))
    assert "Tiếp nhận hồ sơ" in words(counter.client.get(URL))
    assert f'name="unit" value="{other.id}"' in words(counter.client.get(URL))


def test_a_form_opened_at_one_counter_is_not_saved_at_another(counter: Counter) -> None:
    """The form's own unit counts, not what another tab has chosen since."""
    assert counter.officer.user_id is not None
    f.give_post(counter.officer.user_id, "one_stop_officer", counter.place.other.centre)
    counter.client.get(URL, {"quay": str(counter.place.other.centre.id)})
    counter.client.post(URL, counter.form())
    assert Dossier.objects.get().receiving_unit_id == counter.unit_id


@pytest.mark.parametrize("text", ["", "|" * 40, "{}", "9" * 3000, OTHER_CARD[:30]])
def test_a_broken_scan_is_explained_and_stays_in_its_field(counter: Counter, text: str) -> None:
    answer = counter.client.post(URL + "quet/", {"scan": text}).json()
    assert answer["problem"] and answer["person"] is None
    assert counter.client.post(URL, {"do": "scan", "scan": text, "key": "k"}).status_code == 200


def test_mangled_posts_never_break_the_page(counter: Counter) -> None:
    for changes in (
        {"procedure": "9" * 19},
        {"procedure": "-1"},
        {"place": "999999"},
        {"place": "abc"},
        {"channel": "7"},
        {"set_count": "0"},
        {"paper": ["khong-co"]},
        {"originals:to-khai": "nhiều"},
        {"key": "x" * 200},
        {"key": None},
    ):
        answer = counter.client.post(URL, counter.form(**changes))
        assert answer.status_code in {302, 404, 422}, changes


def test_the_reception_page_asks_little_of_the_database(
    counter: Counter, django_assert_max_num_queries: object
) -> None:
    counter.client.get(URL)
    with django_assert_max_num_queries(8):  # type: ignore[operator]  # the fixture has no public type
        counter.client.get(URL)

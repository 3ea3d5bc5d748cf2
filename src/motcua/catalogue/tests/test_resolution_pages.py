"""`/cau-hinh/nghi-quyet/`: typed by one person, put in force by another, ended again."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from motcua.catalogue import actions
from motcua.catalogue.models import FeeResolution, FeeResolutionDraft
from motcua.catalogue.rules.fees.tariff import FeeRule
from motcua.catalogue.tests import decisions
from motcua.catalogue.tests.conftest import NOW
from motcua.kernel.accounts.models import User
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Conflict, NotAllowed
from motcua.organisation.types import Role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]
HOME = "/cau-hinh/nghi-quyet/"
HEAD = {
    "number": "15/2026/NQ-HĐND",
    "title": "Quy định mức thu lệ phí hộ tịch",
    "signed_on": "14/07/2026",
    "valid_from": "01/08/2026",
    "last_day": "",
    "territory": "all",
    "line-TOTAL_FORMS": "3",
    "line-INITIAL_FORMS": "0",
    "line-1-how": "amount",  # as a browser sends the lines nobody filled in
    "line-2-how": "amount",
}
LINE = {"line-0-procedures": "1.004873", "line-0-how": "amount", "line-0-value": "12.000"}


@pytest.fixture
def writer() -> Actor:
    return decisions.person("soan", Role.PROCEDURE_CONTROLLER, "TTPVHCC", now=NOW)


@pytest.fixture
def second() -> Actor:
    return decisions.person("duyet", Role.LEADER, "24", now=NOW)


def browser(username: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=username))
    return client


def typed(writer: Actor) -> int:
    answer = browser("soan").post(f"{HOME}moi/", {**HEAD, **LINE, "do": "save"})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return FeeResolutionDraft.objects.get().pk


def test_the_preview_shows_what_changes_and_keeps_what_was_typed(writer: Actor) -> None:
    page = browser("soan").post(f"{HOME}moi/", {**HEAD, **LINE, "do": "preview"}).content.decode()
    assert "12.000 đồng" in page
    assert "15/2026/NQ-HĐND" in page
    assert not FeeResolutionDraft.objects.exists()


def test_two_people_put_it_in_force(writer: Actor, second: Actor) -> None:
    pk = typed(writer)
    assert not FeeResolution.objects.exists()
    own = browser("soan").post(f"{HOME}nhap/{pk}/", {"do": "approve"})
    assert own.status_code == 409
    assert "người thứ hai" in own.content.decode()
    assert browser("duyet").post(f"{HOME}nhap/{pk}/", {"do": "approve"}).status_code == 302
    assert FeeResolution.objects.get().number == "15/2026/NQ-HĐND"
    assert "12.000 đồng" in browser("soan").get(HOME).content.decode()


def test_approved_twice_it_stands_once_and_is_discarded_no_more(writer: Actor, second: Actor) -> None:
    pk = typed(writer)
    made = [actions.approve_fee_resolution(actor=second, draft_id=pk, now=NOW) for _time in range(2)]
    assert made[0] == made[1]
    with pytest.raises(Conflict):
        actions.discard_fee_draft(actor=second, draft_id=pk, now=NOW)


def test_a_resolution_is_ended_by_its_last_day(writer: Actor, second: Actor) -> None:
    actions.approve_fee_resolution(actor=second, draft_id=typed(writer), now=NOW)
    found = FeeResolution.objects.get()
    answer = browser("soan").post(f"{HOME}{found.pk}/het-hieu-luc/", {"last_day": "31/12/2026"})
    assert answer.status_code == 302
    assert FeeResolution.objects.get(withdrawn_at__isnull=True).valid_to == date(2027, 1, 1)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"number": ""}, "Ghi số nghị quyết."),
        ({"signed_on": "hôm qua"}, "Không có ngày “hôm qua”."),
        ({"signed_on": "31/12/2099"}, "Ngày ký không thể ở sau hôm nay."),
        ({"last_day": "01/01/2020"}, "Ngày hết hiệu lực phải sau"),
        ({"line-0-value": "tám"}, "Ghi số đồng, ví dụ 8.000."),
        ({"line-0-how": "percent", "line-0-value": "150"}, "từ 1 đến 100"),
        ({"line-0-procedures": ""}, "Ghi mã thủ tục hoặc lĩnh vực."),
        ({"line-0-procedures": "9.999999"}, "không có thủ tục 9.999999"),
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_stays(
    writer: Actor, changed: dict[str, str], told: str
) -> None:
    answer = browser("soan").post(f"{HOME}moi/", {**HEAD, **LINE, **changed, "do": "save"})
    page = answer.content.decode()
    assert answer.status_code in {409, 422}
    assert told in page
    assert "Quy định mức thu lệ phí hộ tịch" in page


TIERS = {
    "line-0-how": "tiers",
    "line-0-value": "",
    "line-0-counts": "pages",
    "line-0-tiers": "đến trang 2: 2.000\r\ncòn lại: 1.000 đồng",
    "line-0-cap": "200.000",
    "line-0-times": "copies",
}


def test_tiers_with_a_ceiling_are_typed_by_one_person_and_put_in_force_by_another(
    writer: Actor, second: Actor
) -> None:
    shown = browser("soan").post(f"{HOME}moi/", {**HEAD, **LINE, **TIERS, "do": "preview"})
    assert shown.status_code == 200, shown.content.decode()
    assert "đến trang 2: 2.000" in shown.content.decode()
    saved = browser("soan").post(f"{HOME}moi/", {**HEAD, **LINE, **TIERS, "do": "save"})
    assert saved.status_code == 302
    draft = FeeResolutionDraft.objects.get()
    assert draft.lines[0]["set"] == {
        "tiers": [{"amount": 2_000, "up_to": 2}, {"amount": 1_000}],
        "counts": "pages",
        "times": "copies",
        "cap": 200_000,
    }
    assert browser("duyet").post(f"{HOME}nhap/{draft.pk}/", {"do": "approve"}).status_code == 302
    rule = FeeRule.from_dict(
        {"key": "x", "kind": "phi", "name": "x", **FeeResolution.objects.get().lines[0]["set"]}
    )
    assert [tier.up_to for tier in rule.tiers] == [2, None]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"line-0-tiers": ""}, "Ghi ít nhất hai bậc"),
        ({"line-0-tiers": "đến 2: 2.000"}, "Ghi ít nhất hai bậc"),
        ({"line-0-tiers": "hai trang đầu: 2.000\ncòn lại: 1.000"}, "Dòng 1 của biểu"),
        ({"line-0-tiers": "đến 2: 2.000\nđến 9: 1.000"}, "Dòng cuối của biểu"),
        ({"line-0-tiers": "đến 5: 2\nđến 5: 1\ncòn lại: 1"}, "Dòng 2 của biểu phải đến số lớn hơn"),
        ({"line-0-tiers": "đến 5: 99999999999\ncòn lại: 1"}, "Mức thu ở dòng 1 của biểu quá lớn"),
        ({"line-0-counts": ""}, "Chọn biểu tính theo gì"),
        ({"line-0-cap": "âm"}, "Ghi số đồng, ví dụ 200.000."),
        ({"line-0-cap": "-5"}, "Ghi số đồng, ví dụ 200.000."),
        ({"line-0-times": "pages"}, "Chọn khác với"),
        ({"line-0-how": "free"}, "chỉ dùng với mức thu hoặc biểu theo bậc"),
        ({"line-0-how": "amount", "line-0-value": "8000"}, "Đã ghi các bậc"),
        ({"line-0-how": "amount", "line-0-tiers": "", "line-0-value": "1234567890123"}, "Mức thu quá lớn"),
    ],
)
def test_tiers_typed_wrongly_are_told_at_their_field_and_stay(
    writer: Actor, changed: dict[str, str], told: str
) -> None:
    answer = browser("soan").post(f"{HOME}moi/", {**HEAD, **LINE, **TIERS, **changed, "do": "save"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert told in page
    assert '<details class="resolution-more" open>' in page
    assert not FeeResolutionDraft.objects.exists()


def test_others_read_and_do_not_write(writer: Actor) -> None:
    typed(writer)
    officer = decisions.person("quay", Role.ONE_STOP_OFFICER, "TTPVHCC", now=NOW)
    assert browser("quay").get(HOME).status_code == 200
    assert browser("quay").get(f"{HOME}moi/").status_code == 403
    with pytest.raises(NotAllowed):
        actions.approve_fee_resolution(actor=officer, draft_id=FeeResolutionDraft.objects.get().pk, now=NOW)


def test_the_list_costs_the_same_for_one_and_for_many(writer: Actor, second: Actor) -> None:
    client = browser("soan")
    counts = []
    for number in range(6):
        actions.set_fee_resolution(
            actor=Actor.system("test"),
            number=f"{number}/NQ",
            signed_on=date(2026, 1, 1),
            valid_from=date(2026, 1, 2),
            lines=[{"procedures": ["1.004873"], "set": {"amount": 1_000}}],
            now=NOW,
        )
        if number in (0, 5):
            client.get(HOME)
            with CaptureQueriesContext(connection) as made:
                client.get(HOME)
            counts.append(len(made))
    assert counts[0] == counts[1]

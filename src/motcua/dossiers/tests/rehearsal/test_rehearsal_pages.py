"""Pages of rehearsals: who gets them, what they show, how they are asked for and carried out."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from motcua.catalogue import actions as catalogue
from motcua.catalogue.models import ChangeLine, GoldenDossier, ProcedureVersion, Rehearsal
from motcua.catalogue.queries import rehearsals
from motcua.catalogue.types_changes import ChangeAction
from motcua.catalogue.types_drafts import ChangeHead, DraftLine
from motcua.dossiers.actions.ask_rehearsal import ask_rehearsal, key_prefix
from motcua.dossiers.actions.rehearse import rehearse
from motcua.dossiers.tests import factories as f
from motcua.dossiers.tests.rehearsal.rehearsing import EFFECTIVE, NOW, changed, draft
from motcua.kernel.accounts.models import User
from motcua.kernel.actor import Actor
from motcua.kernel.errors import NotAllowed
from motcua.kernel.outbox import worker
from motcua.kernel.outbox.models import Job
from motcua.kernel.outbox.queries import newest
from motcua.organisation.models import Post
from motcua.organisation.types import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> f.Province:
    found = f.make_province()
    f.make_staff(found.commune)
    return found


@pytest.fixture
def made(version: ProcedureVersion, controller: Actor) -> int:
    return draft(controller, version, changed(version, limit=f.limit_of(4)), said=("limit",))


def browser(actor: Actor, now: datetime = NOW) -> Client:
    client = Client()
    assert actor.user_id is not None
    user = User.objects.get(pk=actor.user_id)
    client.force_login(user, backend="motcua.kernel.accounts.backend.PasswordBackend")
    session = client.session
    session["seen"] = session["since"] = now.timestamp()
    session.save()
    return client


def page(client: Client, path: str, **post: Any) -> tuple[int, str]:
    with time_machine.travel(NOW, tick=False):
        found = client.post(path, post) if post else client.get(path)
    return found.status_code, found.content.decode()


def work() -> None:
    """What the worker does with what waits."""
    with time_machine.travel(NOW, tick=False):
        worker.drain(NOW)


def test_a_draft_waits_and_says_how_to_begin(controller: Actor, made: int) -> None:
    client = browser(controller)
    assert "15/QĐ-UBND" in page(client, "/dien-tap/")[1]
    status, text = page(client, f"/dien-tap/goi/{made}/")
    assert f'href="/quyet-dinh/{made}/"' in text
    assert status == 200
    assert "Gói này chưa được diễn tập" in text


def test_asking_twice_runs_once_and_shows_who_is_missing(
    controller: Actor, made: int, place: f.Province
) -> None:
    client = browser(controller)
    assert page(client, f"/dien-tap/goi/{made}/", start="1")[0] == 302
    assert page(client, f"/dien-tap/goi/{made}/", start="1")[0] == 302
    assert "Đang diễn tập" in page(client, f"/dien-tap/goi/{made}/")[1]
    assert Job.objects.filter(name="dossiers.rehearse").count() == 1
    work()
    text = page(client, f"/dien-tap/goi/{made}/")[1]
    assert Rehearsal.objects.get().by_name == controller.name
    assert "Đỏ: chưa công bố được" in text
    assert "<strong>Văn thư</strong>" in text and "/to-chuc/nhan-su/" in text
    assert f"/to-chuc/{place.other.office.code}/" in text
    assert "mọi nhánh" in text


def test_when_the_desks_are_filled_the_next_one_is_green(
    controller: Actor, made: int, place: f.Province
) -> None:
    client = browser(controller)
    page(client, f"/dien-tap/goi/{made}/", start="1")
    work()
    f.make_staff(place.other)
    f.make_officer("one_stop_officer", place.centre)
    page(client, f"/dien-tap/goi/{made}/", start="1")
    work()
    assert Rehearsal.objects.count() == 2
    assert "Xanh: mọi lần thử đều đạt" in page(client, f"/dien-tap/goi/{made}/")[1]


def test_a_worker_that_died_after_storing_does_it_no_second_time(controller: Actor, made: int) -> None:
    with time_machine.travel(NOW, tick=False):
        ask_rehearsal(actor=controller, change_set_id=made, now=NOW)
    work()
    job = Job.objects.get(name="dossiers.rehearse")
    first = job.result
    Job.objects.filter(pk=job.pk).update(done_at=None, result=None, lease_until=None)
    work()
    job.refresh_from_db()
    assert job.result == first
    assert Rehearsal.objects.count() == 1


def test_a_person_who_lost_the_right_meanwhile_is_told(controller: Actor, made: int) -> None:
    with time_machine.travel(NOW, tick=False):
        ask_rehearsal(actor=controller, change_set_id=made, now=NOW)
    assert controller.user_id is not None
    Post.objects.filter(user_id=controller.user_id).update(ends_on=date(2026, 11, 1))
    work()
    job = newest("dossiers.rehearse", key_prefix=key_prefix(made))
    assert job is not None and job.is_over
    assert "mới được diễn tập" in str(job.result["refused"])
    assert not Rehearsal.objects.exists()


def test_progress_is_asked_for_until_it_is_over(controller: Actor, made: int) -> None:
    client = browser(controller)
    with time_machine.travel(NOW, tick=False):
        ask_rehearsal(actor=controller, change_set_id=made, now=NOW)
        Job.objects.update(result={"phase": "real", "done": 3, "of": 9}, attempts=1)
        found = client.get(f"/dien-tap/goi/{made}/tien-do/", HTTP_HX_REQUEST="true")
    assert "Chạy hồ sơ thật" in found.content.decode()
    assert 'value="3"' in found.content.decode() and "HX-Refresh" not in found
    work()
    with time_machine.travel(NOW, tick=False):
        assert client.get(f"/dien-tap/goi/{made}/tien-do/")["HX-Refresh"] == "true"


def test_a_change_afterwards_makes_the_result_stale(controller: Actor, made: int) -> None:
    rehearse(actor=f.SYSTEM, now=NOW, change_set_id=made)
    client = browser(controller)
    assert "Kết quả đã cũ" not in page(client, f"/dien-tap/goi/{made}/")[1]
    ChangeLine.objects.update(old_code="1.2")
    assert "Kết quả đã cũ" in page(client, f"/dien-tap/goi/{made}/")[1]


def test_without_an_effective_day_the_page_says_what_to_do(
    controller: Actor, version: ProcedureVersion
) -> None:
    noted = catalogue.draft_change_set(
        actor=controller,
        head=ChangeHead(number="9/QĐ"),
        lines=[DraftLine(action=ChangeAction.NOTED, code=version.code)],
        now=NOW,
    )
    status, text = page(browser(controller), f"/dien-tap/goi/{noted.id}/", start="1")
    assert status == 422
    assert "chưa có ngày hiệu lực" in text


def test_inspectors_read_and_others_stay_outside(place: f.Province, controller: Actor, made: int) -> None:
    rehearse(actor=f.SYSTEM, now=NOW, change_set_id=made)
    inspector = browser(f.make_officer(Role.INSPECTOR, place.committee))
    status, text = page(inspector, f"/dien-tap/goi/{made}/")
    assert status == 200 and "Diễn tập lại" not in text
    assert page(inspector, f"/dien-tap/goi/{made}/", start="1")[0] == 403
    clerk = browser(f.make_officer("clerk", place.commune.office))
    for path in ("/dien-tap/", f"/dien-tap/goi/{made}/", f"/dien-tap/goi/{made}/ho-so-mau/"):
        assert page(clerk, path)[0] == 403
    with pytest.raises(NotAllowed):
        ask_rehearsal(actor=f.make_officer("clerk", place.commune.office), change_set_id=made, now=NOW)


def test_a_golden_dossier_is_corrected_by_a_person(controller: Actor, made: int) -> None:
    rehearse(actor=f.SYSTEM, now=NOW, change_set_id=made)
    client = browser(controller)
    golden = GoldenDossier.objects.filter(change_line__isnull=False).order_by("pk")[0]
    assert golden.title in page(client, f"/dien-tap/goi/{made}/ho-so-mau/")[1]
    status, text = page(client, f"/dien-tap/ho-so-mau/{golden.pk}/")
    assert status == 200 and "Máy sinh ra" in text and "4 ngày làm việc" in text
    typed = {
        "terms": golden.expected["terms"],
        "due": "\n".join(f"{name} = {at}" for name, at in golden.expected["due"]),
        "papers": "\n".join(golden.expected["papers"]),
        "route": "\n".join(golden.expected["route"]),
        "level": "xa",
        "deciding": "own",
        "returning": "receiving",
        "fees": "le-phi = tám nghìn",
        "fee_total": "8.000",
        "note": "Điều 2",
    }
    status, text = page(client, f"/dien-tap/ho-so-mau/{golden.pk}/", **typed)
    assert status == 422
    assert "“tám nghìn” không phải số tiền" in text and "Điều 2" in text, "nothing typed is lost"
    status, _text = page(client, f"/dien-tap/ho-so-mau/{golden.pk}/", **{**typed, "fees": "le-phi = 8.000"})
    assert status == 302
    golden.refresh_from_db()
    assert (golden.made_by, golden.expected["fees"]) == (controller.name, [["le-phi", 8000]])
    rehearse(actor=f.SYSTEM, now=NOW, change_set_id=made)
    text = page(client, f"/dien-tap/ho-so-mau/{golden.pk}/")[1]
    assert "le-phi = 8000" in text and "Khác" in text


def test_lists_are_bounded_in_rows_and_statements(
    controller: Actor, made: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    rehearse(actor=f.SYSTEM, now=NOW, change_set_id=made)
    stored = Rehearsal.objects.get()
    Rehearsal.objects.bulk_create(
        [
            Rehearsal(
                change_set_id=made,
                digest="0",
                at=NOW,
                by_name="Máy",
                seconds=1,
                procedures=1,
                units=1,
                trials=1,
                failed=0,
                scope="x",
            )
            for _n in range(200)
        ]
    )
    client = browser(controller)
    page(client, "/dien-tap/")
    with django_assert_max_num_queries(18):
        text = page(client, "/dien-tap/")[1]
    assert text.count("<tr data-row>") == 50
    assert "trang=2" in text
    with django_assert_max_num_queries(18):
        page(client, f"/dien-tap/lan/{stored.pk}/")
    with django_assert_max_num_queries(16):
        page(client, f"/dien-tap/goi/{made}/ho-so-mau/")
    assert page(client, "/dien-tap/?trang=99999999")[0] == 200
    assert EFFECTIVE > NOW and rehearsals.latest(made) is not None

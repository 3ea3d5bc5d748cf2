"""The pages of dossiers under way: shown before done, done by one button, told to everybody concerned."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from motcua.catalogue.models import ChangeSet
from motcua.catalogue.types_changes import ChangeState, Policy
from motcua.dossiers.models import Dossier, DossierChange, MoveBatch
from motcua.dossiers.tests import factories as make
from motcua.dossiers.tests.decisions import EFFECTIVE, make_decision
from motcua.dossiers.tests.moving_world import NIGHT, World
from motcua.kernel import clock
from motcua.kernel.accounts.models import User
from motcua.kernel.actor import Actor
from motcua.kernel.outbox import worker

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def night(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NIGHT)


@pytest.fixture
def world() -> World:
    return World()


def browser(actor: Actor) -> Client:
    client = Client()
    assert actor.user_id is not None
    client.force_login(
        User.objects.get(pk=actor.user_id), backend="motcua.kernel.accounts.backend.PasswordBackend"
    )
    return client


def decided(world: World, **more: Any) -> ChangeSet:
    given: dict[str, Any] = {"policy": Policy.CONVERT, **more}
    return make_decision(world.procedure, replace(world.old, limit=make.limit_of(9)), **given)


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.status_code
    return " ".join(answer.content.decode().split())


@contextmanager
def statements() -> Iterator[CaptureQueriesContext]:
    with CaptureQueriesContext(
        connection,
    ) as found:
        yield found


def test_the_list_names_the_decision_and_counts_its_open_dossiers(world: World) -> None:
    world.receive()
    decided(world)
    page = text_of(browser(world.controller), "/ho-so-chuyen-tiep/")
    assert "1513/QĐ-UBND" in page
    assert "Chưa thực hiện" in page


def test_the_list_takes_the_same_statements_for_one_decision_and_for_many(world: World) -> None:
    client = browser(world.controller)
    decided(world)
    client.get("/ho-so-chuyen-tiep/")  # pictures of units and procedures are loaded once
    with statements() as one:
        client.get("/ho-so-chuyen-tiep/")
    for number in range(12):
        make_decision(world.procedure, None, number=f"{number}/QĐ-UBND", state=ChangeState.DRAFT)
        world.receive()
    client.get("/ho-so-chuyen-tiep/")
    with statements() as many:
        client.get("/ho-so-chuyen-tiep/")
    assert len(many) == len(one)


def test_the_dry_run_says_what_would_happen_and_why_and_writes_nothing(world: World) -> None:
    dossier = world.receive()
    decision = decided(world)
    page = text_of(browser(world.controller), f"/ho-so-chuyen-tiep/{decision.pk}/")
    assert "Chuyển sang quy định mới" in page
    assert "Giữ ngày hẹn cũ vì ngày mới muộn hơn" in page
    assert dossier.code in page
    assert "Chuyển tiếp 1 hồ sơ" in page
    assert not DossierChange.objects.exists()


def test_before_publication_there_is_a_dry_run_but_no_button(world: World) -> None:
    world.receive()
    decision = decided(world, state=ChangeState.DRAFT)
    page = text_of(browser(world.controller), f"/ho-so-chuyen-tiep/{decision.pk}/")
    assert "Chuyển sang quy định mới" in page
    assert "Chuyển tiếp 1 hồ sơ" not in page
    assert "Chỉ xem trước" in page


def test_the_dry_run_and_what_is_done_say_the_same(world: World) -> None:
    dossiers = [world.receive() for _number in range(3)]
    make.advance(dossiers[0], world.staff, until="tra")
    draft = decided(world, state=ChangeState.DRAFT, number="7/QĐ-UBND")
    client = browser(world.controller)
    before = client.get(f"/ho-so-chuyen-tiep/{draft.pk}/").context["page"].counts
    draft.delete()
    batch = world.apply(decided(world))
    shown = {
        f"{group.outcome.value}:{reason.value}": count
        for group in before.groups
        for reason, count in group.reasons
    }
    assert batch.counts == shown == {"convert:by_decision": 2, "left:awaits_return": 1}


def test_the_dry_run_takes_as_many_statements_for_one_as_for_many(world: World) -> None:
    client = browser(world.controller)
    decision = decided(world)
    path = f"/ho-so-chuyen-tiep/{decision.pk}/"
    make.receive(world.staff.counter, world.procedure)
    client.get(path)
    with statements() as one:
        client.get(path)
    for _number in range(60):
        make.receive(world.staff.counter, world.procedure)
    with statements() as many:
        page = client.get(path)
    assert len(many) == len(one)
    assert "trang=2" in page.content.decode()


def test_one_button_does_it_and_the_page_of_the_run_tells(world: World) -> None:
    dossier = world.receive()
    decision = decided(world)
    client = browser(world.controller)
    answer = client.post(f"/ho-so-chuyen-tiep/{decision.pk}/bat-dau/")
    batch = MoveBatch.objects.get()
    assert answer.headers["Location"] == f"/ho-so-chuyen-tiep/luot/{batch.pk}/"
    assert "every 2s" in text_of(client, f"/ho-so-chuyen-tiep/luot/{batch.pk}/tien-do/")
    worker.drain(NIGHT)
    page = text_of(client, f"/ho-so-chuyen-tiep/luot/{batch.pk}/")
    assert "Đã thực hiện" in page
    assert dossier.code in page
    assert "every 2s" not in page


def test_a_second_click_says_that_a_run_is_under_way(world: World) -> None:
    world.receive()
    decision = decided(world)
    client = browser(world.controller)
    client.post(f"/ho-so-chuyen-tiep/{decision.pk}/bat-dau/")
    answer = client.post(f"/ho-so-chuyen-tiep/{decision.pk}/bat-dau/", follow=True)
    assert "Đang có một lượt chuyển tiếp của quyết định này" in answer.content.decode()


def test_a_run_is_taken_back_with_a_reason_and_not_without(world: World) -> None:
    dossier = world.receive()
    batch = world.apply(decided(world))
    client, path = browser(world.controller), f"/ho-so-chuyen-tiep/luot/{batch.pk}/hoan-tac/"
    refused = client.post(path, {"reason": "  "})
    assert refused.status_code == 422
    assert "Lý do hoàn tác" in refused.content.decode()
    assert client.post(path, {"reason": "Công bố nhầm"}).status_code == 302
    worker.drain(NIGHT)
    assert Dossier.objects.get(pk=dossier.pk).procedure_version_id == world.procedure.pk
    assert "Công bố nhầm" in text_of(client, f"/ho-so-chuyen-tiep/luot/{batch.pk}/")


def test_one_dossier_is_taken_back_from_its_row(world: World) -> None:
    dossier = world.receive()
    batch = world.apply(decided(world))
    change = DossierChange.objects.get()
    client, path = browser(world.controller), f"/ho-so-chuyen-tiep/thay-doi/{change.pk}/hoan-tac/"
    assert path in text_of(client, f"/ho-so-chuyen-tiep/luot/{batch.pk}/")
    assert "chuyển sang quy định mới" in text_of(client, path)
    assert client.post(path, {"reason": "Nhầm"}).status_code == 302
    assert Dossier.objects.get(pk=dossier.pk).procedure_version_id == world.procedure.pk
    assert client.post(path, {"reason": "Nhầm"}).status_code == 422


def test_the_workbook_lists_every_dossier_with_its_reason(world: World) -> None:
    dossier = world.receive()
    decision = decided(world)
    answer = browser(world.controller).get(f"/ho-so-chuyen-tiep/{decision.pk}/xuat/")
    assert 'filename="ho-so-chuyen-tiep-1513-Q--UBND.xlsx"' in answer.headers["Content-Disposition"]
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert rows[0][:2] == ["Mã hồ sơ", "Thủ tục"]
    assert (rows[1][0], rows[1][4]) == (dossier.code, "giữ ngày hẹn cũ vì ngày mới muộn hơn")


def test_a_leader_sees_and_moves_the_dossiers_of_their_agency_only(world: World) -> None:
    ours = world.receive()
    theirs = make.receive(make.make_staff(world.place.other).counter, world.procedure)
    decision = decided(world)
    client = browser(world.staff.leader)
    page = text_of(client, f"/ho-so-chuyen-tiep/{decision.pk}/?co-quan={world.place.other.agency.id}")
    assert ours.code in page
    assert theirs.code not in page
    client.post(f"/ho-so-chuyen-tiep/{decision.pk}/bat-dau/", {"co-quan": str(world.place.other.agency.id)})
    assert MoveBatch.objects.get().agency_id == world.place.commune.agency.id


def test_counter_officers_have_no_part_in_it(world: World) -> None:
    decision = decided(world)
    client = browser(world.staff.counter)
    for path in ("/ho-so-chuyen-tiep/", f"/ho-so-chuyen-tiep/{decision.pk}/"):
        assert client.get(path).status_code == 403


# --- the choice of the applicant --------------------------------------------------------------------------------


def test_the_counter_writes_down_what_the_applicant_chose(world: World) -> None:
    dossier = world.receive()
    world.apply(decided(world, policy=Policy.ASK))
    client, change = browser(world.staff.counter), DossierChange.objects.get()
    path = f"/ho-so-chuyen-tiep/thay-doi/{change.pk}/lua-chon/"
    assert path in text_of(client, f"/ho-so/{dossier.code}/")
    wrong = client.post(path, {"choice": "convert", "chosen_on": "31/02/2026", "note": "Gọi điện"})
    assert wrong.status_code == 422
    assert "Gọi điện" in wrong.content.decode()
    assert client.post(path, {"choice": "convert", "chosen_on": "16/11/2026"}).status_code == 302
    assert Dossier.objects.get(pk=dossier.pk).procedure_version.number == 2
    assert path not in text_of(client, f"/ho-so/{dossier.code}/")


# --- what everybody reads ---------------------------------------------------------------------------------------

LINE = "thủ tục này thay đổi theo Quyết định 1513/QĐ-UBND; hồ sơ tiếp tục theo quy định lúc tiếp nhận."


def test_the_dossiers_page_tells_the_line_and_the_old_version(world: World) -> None:
    dossier = world.receive()
    world.apply(decided(world, policy=Policy.FINISH))
    page = text_of(browser(world.staff.specialist), f"/ho-so/{dossier.code}/")
    assert LINE in page
    assert "Theo phiên bản cũ" in page


def test_the_public_page_tells_the_line(world: World) -> None:
    dossier = world.receive()
    world.apply(decided(world, policy=Policy.FINISH))
    assert LINE in text_of(Client(), f"/tra-cuu/{dossier.tracking_token}/")


def test_a_line_taken_back_is_told_no_more(world: World) -> None:
    dossier = world.receive()
    world.apply(decided(world, policy=Policy.FINISH))
    client, change = browser(world.controller), DossierChange.objects.get()
    client.post(f"/ho-so-chuyen-tiep/thay-doi/{change.pk}/hoan-tac/", {"reason": "Nhầm"})
    assert LINE not in text_of(Client(), f"/tra-cuu/{dossier.tracking_token}/")


def test_a_dossier_whose_procedure_did_not_change_says_nothing_of_it(world: World) -> None:
    dossier = world.receive()
    decided(world, effective_at=EFFECTIVE + timedelta(days=30))
    assert "Theo phiên bản cũ" not in text_of(browser(world.staff.specialist), f"/ho-so/{dossier.code}/")


def test_who_stopped_for_a_decision_reads_which(world: World) -> None:
    dossier = world.receive()
    world.apply(make_decision(world.procedure, None, policy=Policy.STOP))
    page = text_of(Client(), f"/tra-cuu/{dossier.tracking_token}/")
    assert "hồ sơ dừng giải quyết, phí và lệ phí đã nộp (nếu có) được hoàn trả." in page

"""What was typed at the counter and not saved yet: kept as one types, restored, thrown away."""

from __future__ import annotations

import re
from datetime import timedelta

import time_machine

from motcua.counter.models import ReceptionDraft
from motcua.counter.tests.counter_desk import CARD, NOW, Counter, sign_in, words
from motcua.dossiers.models import Dossier
from motcua.dossiers.tests import factories as f

URL = "/quay/tiep-nhan/"


def test_a_draft_is_kept_restored_and_thrown_away(counter: Counter) -> None:
    data = counter.form(key="draft-1", scan=CARD, csrfmiddlewaretoken="secret")
    assert counter.client.post(URL + "nhap/", data).json()["at"] == "09:15:00"
    kept = ReceptionDraft.objects.get().data
    assert kept["owner-name"] == ["Nguyễn Văn An"] and kept["paper"] == ["to-khai", "can-cuoc"]
    assert not {"scan", "csrfmiddlewaretoken", "do"} & kept.keys()
    page = words(counter.client.get(URL))
    assert "Đã khôi phục hồ sơ đang nhập dở" in page and 'name="key" value="draft-1"' in page
    assert 'value="Nguyễn Văn An"' in page and 'value="to-khai" checked' in page
    assert "Nguyễn Văn An" not in words(counter.client.get(URL, {"moi": "1"}))
    assert counter.client.post(URL, {"do": "discard", "key": "draft-1"}).status_code == 302
    assert not ReceptionDraft.objects.exists()


def test_enter_without_script_does_not_throw_the_draft_away(counter: Counter) -> None:
    counter.client.post(URL + "nhap/", counter.form(key="draft-1"))
    page = words(counter.client.get(URL))
    form = page[page.index('<form id="reception"') :]
    assert "data-discard" in form
    assert re.findall(r'<button[^>]*type="submit"[^>]*value="(\w+)"', form)[0] == "scan"


def test_throwing_a_draft_away_throws_the_older_ones_away_too(counter: Counter) -> None:
    with time_machine.travel(NOW - timedelta(minutes=10), tick=False):
        counter.client.post(URL + "nhap/", counter.form(key="older"))
    counter.client.post(URL + "nhap/", counter.form(key="newer"))
    counter.client.post(URL, {"do": "discard", "key": "newer"})
    assert not ReceptionDraft.objects.exists()


def test_saving_takes_the_draft_away(counter: Counter) -> None:
    counter.client.post(URL + "nhap/", counter.form(key="draft-1"))
    counter.client.post(URL, counter.form(key="draft-1"))
    assert not ReceptionDraft.objects.exists()


def test_a_late_draft_of_a_saved_form_does_not_bring_the_person_back(counter: Counter) -> None:
    counter.client.post(URL, counter.form(key="draft-1"))
    assert counter.client.post(URL + "nhap/", counter.form(key="draft-1")).json() == {"at": ""}
    assert not ReceptionDraft.objects.exists()
    assert "Nguyễn Văn An" not in words(counter.client.get(URL))


def test_a_draft_written_while_its_form_was_saved_is_not_restored(counter: Counter) -> None:
    counter.client.post(URL + "nhap/", counter.form(key="draft-1"))
    ReceptionDraft.objects.update(key="draft-2")
    counter.client.post(URL, counter.form(key="draft-1"))
    ReceptionDraft.objects.update(key="draft-1")
    assert "data-draft-note" not in words(counter.client.get(URL))


def test_a_form_kept_by_the_browser_that_was_saved_after_all_says_so(counter: Counter) -> None:
    counter.client.post(URL, counter.form(key="draft-1"))
    page = words(counter.client.post(URL, counter.form(key="draft-1", do="restore")))
    assert "từ lần bấm trước" in page and Dossier.objects.get().code in page
    assert 'value="draft-1"' not in page and 'value="Nguyễn Văn An"' not in page


def test_a_draft_belongs_to_its_writer(counter: Counter) -> None:
    counter.client.post(URL + "nhap/", counter.form(key="draft-1"))
    colleague = f.make_officer("one_stop_officer", counter.place.commune.centre)
    client = sign_in(colleague)
    assert "Nguyễn Văn An" not in words(client.get(URL))
    client.post(URL, {"do": "discard", "key": "draft-1"})
    assert ReceptionDraft.objects.count() == 1

"""Two publications at once never interleave: the second waits and then sees what the first did."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

import pytest
from django.db import connection, transaction

from motcua.catalogue import actions, queries
from motcua.catalogue.errors import NotReady, WrongState
from motcua.catalogue.models import ChangeLine, ProcedureVersion
from motcua.catalogue.tests import decisions as d
from motcua.catalogue.tests.conftest import SYSTEM, compact_row
from motcua.catalogue.types_changes import ChangeState
from motcua.kernel.actor import Actor

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor == "sqlite", reason="SQLite lets one transaction write at a time: nothing to race"
    ),
]


def test_the_second_of_two_publications_of_one_procedure_is_refused(people: tuple[Actor, Actor]) -> None:
    first = d.approved(*people, [d.amended("9.000001")], number="1/QĐ")
    second = d.approved(*people, [d.amended("9.000001", name="Tên khác")], number="2/QĐ")
    begun = threading.Event()
    raised: list[Exception] = []

    def hold() -> None:
        with transaction.atomic():
            actions.publish_change_set(actor=people[1], change_set_id=first.id, now=d.NOW)
            begun.set()
            threading.Event().wait(0.5)  # the other is at the lock by now
        connection.close()

    def follow() -> None:
        begun.wait(30)
        try:
            actions.publish_change_set(actor=people[1], change_set_id=second.id, now=d.NOW)
        except NotReady as refusal:
            raised.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=hold), threading.Thread(target=follow)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(raised) == 1 and "1/QĐ" in str(raised[0])
    assert queries.changes.change_set(first.id).state is ChangeState.PUBLISHED
    assert queries.changes.change_set(second.id).state is ChangeState.APPROVED
    assert ProcedureVersion.objects.filter(code="9.000001", withdrawn_at__isnull=True).count() == 2


def test_a_source_read_during_a_publication_waits_and_overrides_nothing(people: tuple[Actor, Actor]) -> None:
    ready = d.approved(*people, [d.amended("9.000001")], number="1/QĐ")
    row = compact_row(code="9.000001", name="Tên từ nguồn", field=d.FIELD)
    begun = threading.Event()

    def hold() -> None:
        with transaction.atomic():
            actions.publish_change_set(actor=people[1], change_set_id=ready.id, now=d.NOW)
            begun.set()
            threading.Event().wait(0.5)
        connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    begun.wait(30)
    report = actions.import_procedures(actor=SYSTEM, document={"rows": [row]}, now=d.NOW, source="nguồn")
    thread.join(60)
    assert [finding.kind for finding in report.findings] == ["decided_already"]
    assert ProcedureVersion.objects.filter(code="9.000001", withdrawn_at__isnull=True).count() == 2


def test_two_uploads_of_one_number_at_once_give_one_draft_or_the_sentence(
    people: tuple[Actor, Actor],
) -> None:
    """The same file finds the draft of the other, another file is refused; nobody sees an error of the database."""
    found = [_two_uploads(people[0], "tệp", "tệp", "1/QĐ"), _two_uploads(people[0], "tệp", "khác", "2/QĐ")]
    assert found[0] == [] and [type(refusal) for refusal in found[1]] == [WrongState]
    assert "đã có một gói thay đổi" in str(found[1][0])
    assert queries.changes.change_sets().total == 2


def _two_uploads(actor: Actor, first: str, second: str, number: str) -> list[Exception]:
    begun, raised = threading.Event(), list[Exception]()

    def upload(digest: str) -> None:
        head = replace(d.head(number), source_digest=digest)
        actions.draft_change_set(actor=actor, head=head, lines=[d.amended("9.000001")], now=d.NOW)

    def hold() -> None:
        with transaction.atomic():
            upload(first)
            begun.set()
            threading.Event().wait(0.7)
        connection.close()

    def follow() -> None:
        begun.wait(30)
        try:
            upload(second)
        except Exception as refusal:
            raised.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=hold), threading.Thread(target=follow)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return raised


def test_a_rehearsal_keeps_nobody_waiting(people: tuple[Actor, Actor]) -> None:
    """While one decision is tried, another is published and the first is edited; afterwards nothing is left of it."""
    tried = d.approved(*people, [d.amended("9.000001"), d.new("9.100001")], number="1/QĐ")
    other = d.approved(*people, [d.amended("9.000002")], number="2/QĐ")
    waited: dict[str, float] = {}

    def meanwhile() -> None:
        begun = time.monotonic()
        actions.publish_change_set(actor=people[1], change_set_id=other.id, now=d.NOW)
        waited["publish"] = time.monotonic() - begun
        begun = time.monotonic()
        ChangeLine.objects.filter(change_set_id=tried.id).update(name="Sửa trong lúc diễn tập")
        waited["edit"] = time.monotonic() - begun
        connection.close()

    thread = threading.Thread(target=meanwhile)
    with actions.as_if_published(change_set_id=tried.id, day=d.NOW.date(), now=d.NOW) as staged:
        assert len(staged.procedures) == 2
        assert queries.current_version("9.100001", d.EFFECTIVE).code == "9.100001"
        thread.start()
        thread.join(30)
        assert not thread.is_alive() and waited.keys() == {"publish", "edit"}
    assert queries.changes.change_set(other.id).state is ChangeState.PUBLISHED
    assert not ProcedureVersion.objects.filter(code="9.100001").exists()
    assert not ChangeLine.objects.filter(change_set_id=tried.id, made_version__isnull=False).exists()

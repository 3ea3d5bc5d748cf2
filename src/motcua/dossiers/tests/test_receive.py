"""Reception: number, slip, clock, first desk; and the two other answers of the counter."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from motcua.documents import queries as documents
from motcua.dossiers import actions
from motcua.dossiers.models import Dossier, Supplement
from motcua.dossiers.tests import factories
from motcua.dossiers.tests.factories import MONDAY, Province, Staff, at
from motcua.dossiers.types import PaperGiven, PaperState, Person, Reception
from motcua.kernel.audit.models import AuditEntry
from motcua.kernel.errors import Invalid, NotAllowed
from motcua.kernel.outbox.models import Job

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Province:
    return factories.make_province()


@pytest.fixture
def staff(place: Province) -> Staff:
    return factories.make_staff(place.commune)


@pytest.fixture
def reception(place: Province) -> Reception:
    return Reception(
        procedure_version_id=factories.make_procedure().pk,
        owner=factories.person(),
        receiving_unit_id=place.commune.centre.id,
        case_key="thuong",
        papers=(PaperGiven("to-khai"), PaperGiven("can-cuoc", PaperState.PRESENTED)),
    )


def test_a_reception_gives_number_slip_and_date(staff: Staff, reception: Reception) -> None:
    done = actions.receive_dossier(actor=staff.counter, reception=reception, now=MONDAY)
    assert done.dossier.code == "H05.16-261116-0001"
    assert done.dossier.due_at == at(23)
    assert done.letter.kind == "reception_slip"
    assert done.dossier.state.national_code == 2


def test_a_reception_costs_ten_statements(staff: Staff, reception: Reception) -> None:
    actions.receive_dossier(actor=staff.counter, reception=reception, now=MONDAY)
    with CaptureQueriesContext(connection) as caught:
        actions.receive_dossier(
            actor=staff.counter, reception=replace(reception, idempotency_key="k1"), now=MONDAY
        )
    statements = [
        q["sql"] for q in caught.captured_queries if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))
    ]
    assert len(statements) <= 10, statements


def test_a_repeated_request_gets_the_first_answer(staff: Staff, reception: Reception) -> None:
    keyed = replace(reception, idempotency_key="once")
    first = actions.receive_dossier(actor=staff.counter, reception=keyed, now=MONDAY)
    second = actions.receive_dossier(actor=staff.counter, reception=keyed, now=at(16, 10))
    assert second.repeated
    assert (second.dossier.pk, second.letter.pk) == (first.dossier.pk, first.letter.pk)
    assert Dossier.objects.count() == 1


def test_a_refused_reception_gives_its_number_back(staff: Staff, reception: Reception) -> None:
    with pytest.raises(Invalid), transaction.atomic():
        actions.receive_dossier(
            actor=staff.counter, reception=replace(reception, papers=(PaperGiven("unknown"),)), now=MONDAY
        )
    done = actions.receive_dossier(actor=staff.counter, reception=reception, now=MONDAY)
    assert done.dossier.code.endswith("-0001")


def test_serials_start_again_every_day(staff: Staff, reception: Reception) -> None:
    actions.receive_dossier(actor=staff.counter, reception=reception, now=MONDAY)
    second = actions.receive_dossier(actor=staff.counter, reception=reception, now=at(17))
    assert second.dossier.code == "H05.16-261117-0001"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"owner": Person(name="  ")}, "owner_name"),
        ({"case_key": "nowhere"}, "case_key"),
        ({"case_key": ""}, "case_key"),
        ({"set_count": 0}, "set_count"),
        ({"papers": (PaperGiven("x"),)}, "papers"),
        ({"papers": (PaperGiven("to-khai", PaperState.MISSING),)}, "papers"),
        ({"submitter": Person(name="")}, "submitter_name"),
        ({"owner": Person("Bà A", "02709000123")}, "owner_id_number"),
        ({"owner": Person("Bà A", "2300123456")}, "owner_id_number"),
        ({"owner": Person("Công ty B", "125123456", is_organisation=True)}, "owner_id_number"),
        ({"submitter": Person("Con B", "0270")}, "submitter_id_number"),
        ({"related_code": "H05.99-260101-0001"}, "related_code"),
    ],
)
def test_wrong_input_names_the_field(
    staff: Staff, reception: Reception, change: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        actions.receive_dossier(actor=staff.counter, reception=replace(reception, **change), now=MONDAY)
    assert refused.value.field == field


def test_only_officers_of_the_centre_receive_there(
    staff: Staff, place: Province, reception: Reception
) -> None:
    for actor in (staff.specialist, factories.make_officer("one_stop_officer", place.other.centre)):
        with pytest.raises(NotAllowed):
            actions.receive_dossier(actor=actor, reception=reception, now=MONDAY)


def test_who_submits_for_another_is_kept_apart_from_the_owner(staff: Staff, reception: Reception) -> None:
    son, neighbour, firm = (Person(name=name) for name in ("Con B", "Người nhận C", "Doanh nghiệp D"))
    done = actions.receive_dossier(
        actor=staff.counter,
        reception=replace(
            reception, submitter=son, recipient=neighbour, payer=firm, authorisation="Giấy ủy quyền số 5"
        ),
        now=MONDAY,
    )
    names = dict(done.dossier.parties.values_list("role", "name"))
    assert names == {
        "owner": reception.owner.name,
        "submitter": "Con B",
        "recipient": "Người nhận C",
        "payer": "Doanh nghiệp D",
    }
    slip = documents.letter(done.letter.pk).data
    assert slip["applicant"]["name"] == "Con B"
    assert slip["authoriser"]["name"] == reception.owner.name


def test_another_commune_receives_and_the_competent_one_decides(
    place: Province, reception: Reception
) -> None:
    officer = factories.make_officer("one_stop_officer", place.other.centre)
    done = actions.receive_dossier(
        actor=officer,
        reception=replace(
            reception, receiving_unit_id=place.other.centre.id, place_agency_id=place.commune.agency.id
        ),
        now=MONDAY,
    )
    dossier = done.dossier
    assert dossier.receiving_unit_id == place.other.centre.id
    assert dossier.competent_agency_id == place.commune.agency.id
    assert dossier.returning_unit_id == place.other.centre.id
    assert dossier.code.startswith("H05.17-")


def test_missing_papers_are_told_once_and_nothing_is_typed_again(staff: Staff, reception: Reception) -> None:
    lacking = replace(reception, papers=(PaperGiven("to-khai", PaperState.MISSING), PaperGiven("can-cuoc")))
    asked = actions.request_intake_supplement(
        actor=staff.counter,
        reception=lacking,
        items=[actions.SupplementItem("Tờ khai theo mẫu", "to-khai")],
        reason="Thiếu tờ khai",
        respond_by=date(2026, 11, 20),
        now=MONDAY,
    )
    assert asked.letter.kind == "supplement_request"
    assert asked.dossier.due_at is None
    assert asked.dossier.received_at is None

    back = actions.receive_after_intake(
        actor=staff.counter, code=asked.dossier.code, papers=reception.papers, now=at(18)
    )
    assert back.dossier.status == "received"
    assert back.dossier.due_at == at(25)
    assert back.letter.kind == "reception_slip"
    assert Supplement.objects.get().answered_at == at(18)
    assert list(back.dossier.papers.values_list("state", flat=True)) == ["received", "presented"]


def test_a_refusal_is_kept_with_its_reasons(staff: Staff, reception: Reception) -> None:
    with pytest.raises(Invalid):
        actions.refuse_reception(actor=staff.counter, reception=reception, reason=" ", now=MONDAY)
    done = actions.refuse_reception(
        actor=staff.counter, reception=reception, reason="Không thuộc thẩm quyền", now=MONDAY
    )
    assert done.dossier.state.national_code == 3
    assert done.letter.kind == "refusal"


def test_a_reception_leaves_one_audit_entry_and_one_event(staff: Staff, reception: Reception) -> None:
    before = AuditEntry.objects.count(), Job.objects.count()
    actions.receive_dossier(actor=staff.counter, reception=reception, now=MONDAY)
    assert (AuditEntry.objects.count(), Job.objects.count()) == (before[0] + 1, before[1] + 1)
    assert AuditEntry.objects.latest("id").action == "dossiers.received"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="threads need a database that locks rows")
def test_concurrent_receptions_have_no_holes_and_no_doubles(staff: Staff, reception: Reception) -> None:
    codes: list[str] = []

    def work() -> None:
        for _number in range(8):
            done = actions.receive_dossier(actor=staff.counter, reception=reception, now=MONDAY)
            codes.append(done.dossier.code)
        connection.close()

    threads = [threading.Thread(target=work) for _number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [f"H05.16-261116-{serial:04d}" for serial in range(1, 49)]

"""Cases of the business owner (docs/law/acceptance.md) played through on the real province."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from motcua.catalogue import queries as catalogue
from motcua.documents import queries as documents
from motcua.dossiers import actions
from motcua.dossiers.models import Dossier
from motcua.dossiers.types import (
    HandOverData,
    PaperGiven,
    PaperState,
    Person,
    Reception,
    ResultData,
    Status,
)
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Conflict, Invalid
from motcua.organisation import actions as organisation_actions
from motcua.organisation import queries as organisation
from motcua.organisation.tests.calendars import vn
from motcua.organisation.types import UnitInfo
from motcua.workflow import queries as workflow
from motcua.workflow.rules.checks import check
from motcua.workflow.rules.source_tables import read_file
from tests.journeys.conftest import Cast

WARD = "07210"


@pytest.fixture
def ward(province: UnitInfo) -> UnitInfo:
    return organisation.unit_by_code(WARD)


@pytest.fixture
def officer(cast: Cast, ward: UnitInfo) -> Actor:
    return cast("one_stop_officer", organisation.centre_of(ward.id), name="Trần Thị Quầy")


def receive(officer: Actor, code: str, now: datetime, *, case: str = "", **more: Any) -> Dossier:
    version = catalogue.current_version(code, now)
    timed = [found for found in catalogue.definition(version.id).cases if found.changes_limit]
    chosen = next((found.key for found in timed if case in found.name), "")
    reception = Reception(
        procedure_version_id=version.id,
        owner=Person("Bà A", "027150001111", phone="0912345678"),
        receiving_unit_id=officer.grants[0].unit_id,
        case_key=chosen,
        **more,
    )
    return actions.receive_dossier(actor=officer, reception=reception, now=now).dossier


def next_step(cast: Cast, dossier: Dossier, now: datetime, **more: Any) -> Dossier:
    """Whoever holds the open step does it the ordinary way."""
    assert dossier.run_id is not None
    task = workflow.open_tasks_of(dossier.run_id).get()
    step = workflow.process(task.run.process_version_id).by_key[task.step_key]
    assert step.default_outcome is not None
    return actions.complete_step(
        actor=cast(task.role, organisation.unit(task.unit_id)),
        code=dossier.code,
        task_id=task.pk,
        outcome=step.default_outcome.key,
        now=now,
        **more,
    ).dossier


def to_the_return(cast: Cast, dossier: Dossier, now: datetime) -> Dossier:
    result = ResultData("12/XN-UBND", date(2025, 7, 1), "Kết quả")
    actions.record_result(
        actor=cast("leader", organisation.unit(dossier.competent_agency_id)),
        code=dossier.code,
        result=result,
        now=now,
    )
    while dossier.state is not Status.COMPLETED:
        dossier = next_step(cast, dossier, now)
    return dossier


def test_t05_a_change_of_branch_follows_the_other_process(cast: Cast, officer: Actor) -> None:
    dossier = receive(officer, "1.004873", vn("2025-07-07 09:00"), case="không phải xác minh")
    assert dossier.due_at == vn("2025-07-10 09:00")
    assert dossier.run is not None
    before = workflow.process(dossier.run.process_version_id)
    verify = next(
        found.key
        for found in catalogue.definition(dossier.procedure_version_id).cases
        if found.name == "phải xác minh"
    )
    task = workflow.open_tasks_of(dossier.run_id or 0).get()
    done = actions.change_case(
        actor=cast("specialist", organisation.unit(task.unit_id)),
        code=dossier.code,
        case_key=verify,
        reason="Từng thường trú nơi khác",
        now=vn("2025-07-08 09:00"),
    )
    assert done.dossier.due_at == vn("2025-08-07 09:00")
    assert done.dossier.run is not None
    after = workflow.process(done.dossier.run.process_version_id)
    assert (before.branch, after.branch) == ("không xác minh", "có xác minh")
    assert documents.letters_of(dossier.code)[-1].kind == "reception_slip"


def test_t13_an_unpaid_land_dossier_stands_and_is_never_late(cast: Cast, province: UnitInfo) -> None:
    centre = organisation.centre_of(province.id)
    officer = cast("one_stop_officer", centre)
    dossier = receive(officer, "1.013831", vn("2025-07-07 09:00"), case="chuyển nhượng")
    while dossier.state is not Status.AWAITING_PAYMENT:
        dossier = next_step(cast, dossier, vn("2025-07-10 09:00"))
    assert dossier.due_at is None
    first, second = dossier.appointments
    assert (first["label"], first["due_at"]) == ("Hẹn lần 1", vn("2025-07-14 09:00").isoformat())
    assert second["due_at"] is None
    paid = next_step(cast, dossier, vn("2026-07-10 09:00"))
    assert paid.state is Status.PROCESSING
    assert paid.due_at == vn("2026-07-15 09:00")
    assert to_the_return(cast, paid, vn("2026-07-13 09:00")).outcome == "early"


def test_t14_received_at_the_province_decided_by_the_commune_returned_where_it_was_received(
    cast: Cast, province: UnitInfo
) -> None:
    centre = organisation.centre_of(province.id)
    chi_lang = next(unit for unit in organisation.communes() if unit.name.endswith("Chi Lăng"))
    dossier = receive(
        cast("one_stop_officer", centre), "1.000656", vn("2025-07-09 10:00"), place_agency_id=chi_lang.id
    )
    assert (dossier.receiving_unit_id, dossier.competent_agency_id) == (centre.id, chi_lang.id)
    assert dossier.returning_unit_id == centre.id
    task = workflow.open_tasks_of(dossier.run_id or 0).get()
    assert organisation.unit(task.unit_id).agency_id == chi_lang.id
    assert dossier.due_at == vn("2025-07-09 17:30")


def test_s01_one_supplement_then_a_withdrawal(cast: Cast, officer: Actor) -> None:
    dossier = receive(officer, "1.013225", vn("2025-07-14 09:00"), case="nhà ở riêng lẻ")
    actor = cast("specialist", organisation.unit(workflow.open_tasks_of(dossier.run_id or 0).get().unit_id))
    ask: dict[str, Any] = {
        "actor": actor,
        "code": dossier.code,
        "items": [actions.SupplementItem("Bản vẽ")],
        "reason": "Thiếu bản vẽ",
    }
    asked = actions.request_supplement(now=vn("2025-07-21 09:00"), **ask)
    assert asked.dossier.state is Status.AWAITING_SUPPLEMENT
    answered = actions.register_supplement(
        actor=officer, code=dossier.code, note="Bổ sung còn thiếu", now=vn("2025-07-28 09:00")
    )
    assert answered.state is Status.PROCESSING
    with pytest.raises(Invalid):
        actions.request_supplement(now=vn("2025-07-29 09:00"), **ask)
    stopped = actions.stop_dossier(
        actor=officer,
        code=dossier.code,
        reason="Công dân xin rút",
        requested_by_applicant=True,
        now=vn("2025-07-30 09:00"),
    )
    assert stopped.dossier.state is Status.WITHDRAWN
    assert stopped.letter.kind == "stop_notice"


def test_s03_a_stop_that_is_a_procedure_of_its_own_is_linked(officer: Actor) -> None:
    shop = receive(officer, "1.001612", vn("2025-07-14 09:00"))
    stop = receive(officer, "1.014035", vn("2025-07-15 09:00"), related_code=shop.code)
    assert stop.related_id == shop.pk
    assert list(shop.relatives.all()) == [stop]


def test_s04_a_mortgaged_plot_ends_with_a_notice_not_a_refusal(cast: Cast, province: UnitInfo) -> None:
    officer = cast("one_stop_officer", organisation.centre_of(province.id))
    dossier = receive(officer, "1.012786", vn("2025-07-14 09:00"), case="thông thường")
    leader = cast("leader", organisation.unit(dossier.competent_agency_id))
    done = actions.stop_dossier(
        actor=leader,
        code=dossier.code,
        reason="Thửa đất đang thế chấp",
        requested_by_applicant=False,
        now=vn("2025-07-16 09:00"),
    )
    assert (done.dossier.state, done.dossier.state.national_code) == (Status.STOPPED, 8)


def test_s06_four_people_and_the_slip_handed_back(cast: Cast, officer: Actor) -> None:
    dossier = receive(
        officer,
        "2.000815",
        vn("2025-07-14 09:00"),
        case="thông thường",
        submitter=Person("Con B"),
        authorisation="Giấy ủy quyền",
        recipient=Person("Ông C"),
        payer=Person("Doanh nghiệp D", is_organisation=True),
    )
    assert dossier.parties.count() == 4
    dossier = to_the_return(cast, dossier, vn("2025-07-14 10:00"))
    handed = actions.hand_over_result(
        actor=officer,
        code=dossier.code,
        data=HandOverData("Ông C", slip_returned=True),
        now=vn("2025-07-14 11:00"),
    )
    assert handed.handover.slip_returned


def test_v11_statistics_keep_the_field_of_the_day_of_reception(officer: Actor) -> None:
    dossier = receive(officer, "1.004873", vn("2025-07-07 09:00"), case="không phải xác minh")
    assert dossier.field_name == catalogue.definition(dossier.procedure_version_id).field
    assert "field_name" in {field.name for field in Dossier._meta.get_fields()}


def test_p01_a_step_after_the_return_does_not_hold_the_dossier() -> None:
    definitions = read_file(_carried()).definitions
    published = next(found for found in definitions if found.title.startswith("Công bố dự án"))
    kinds = [step.kind.value for step in published.steps]
    assert kinds.index("return") < kinds.index("after")


def test_p04_an_agency_begins_a_dossier_itself(officer: Actor) -> None:
    dossier = receive(officer, "1.013979", vn("2025-07-14 09:00"), agency_initiated=True)
    assert dossier.agency_initiated


def test_p05_a_delegated_signature_counts_while_the_document_is_in_force(
    cast: Cast, officer: Actor, ward: UnitInfo
) -> None:
    chairman = cast("leader", ward, name="Chủ tịch")
    office = organisation.unit_with_function(ward.id, "office")
    assert office is not None
    certifier = cast("specialist", office)
    assert chairman.grants[0].post_id is not None
    assert certifier.user_id is not None
    organisation_actions.delegate(
        actor=Actor.system("test", "command"),
        now=vn("2025-09-01 08:00"),
        post_id=chairman.grants[0].post_id,
        delegate_id=certifier.user_id,
        starts_on=date(2025, 9, 3),
        ends_on=date(2025, 12, 31),
        document="1208/QĐ-UBND",
    )
    dossier = receive(officer, "2.000815", vn("2025-09-08 09:00"), case="thông thường")
    dossier = next_step(cast, dossier, vn("2025-09-08 09:30"))
    task = workflow.open_tasks_of(dossier.run_id or 0).get()
    assert task.role == "leader"
    from motcua.kernel.accounts.models import User

    signer = organisation.actor_for(User.objects.get(pk=certifier.user_id), vn("2025-09-08 10:00"))
    step = workflow.process(task.run.process_version_id).by_key[task.step_key]
    assert step.default_outcome is not None
    actions.complete_step(
        actor=signer,
        code=dossier.code,
        task_id=task.pk,
        outcome=step.default_outcome.key,
        now=vn("2025-09-08 10:00"),
    )
    signed = workflow.tasks_of(dossier.run_id or 0).get(pk=task.pk)
    assert signed.acted_for_id == chairman.user_id
    late = organisation.actor_for(User.objects.get(pk=certifier.user_id), vn("2026-01-05 10:00"))
    assert not late.has("leader")


def test_d06_a_paper_only_shown_needs_no_scan(officer: Actor) -> None:
    code, now = "1.004873", vn("2025-07-07 09:00")
    definition = catalogue.definition(catalogue.current_version(code, now).id)
    shown = next(paper for paper in definition.papers if paper.kind == "present")
    dossier = receive(
        officer, code, now, case="không phải xác minh", papers=(PaperGiven(shown.key, PaperState.PRESENTED),)
    )
    listed = dossier.papers.get()
    assert (listed.state, listed.attachments.count()) == ("presented", 0)


def test_v02_an_expired_procedure_is_no_longer_received(officer: Actor) -> None:
    ends = [
        found
        for found in catalogue.listing("", limit=3000, at=vn("2026-11-23 09:00")).hits
        if catalogue.version(found.version_id).valid_to is not None
    ]
    assert ends, "the carried catalogue knows procedures with an end"
    version = catalogue.version(ends[0].version_id)
    assert version.valid_to is not None
    reception = Reception(
        procedure_version_id=version.id, owner=Person("Bà A"), receiving_unit_id=officer.grants[0].unit_id
    )
    with pytest.raises((Invalid, Conflict)):
        actions.receive_dossier(actor=officer, reception=reception, now=version.valid_to)


def _carried() -> Any:
    import json

    return json.loads(workflow.CARRIED.read_text(encoding="utf-8"))


def test_t10_and_d08_the_checks_name_wrong_sums_and_missing_signatures() -> None:
    found = {
        definition.title: [f.code for f in check(definition)]
        for definition in read_file(_carried()).definitions
    }
    assert any("sum" in code for codes in found.values() for code in codes)
    assert any("approval" in code or "leader" in code for code in found["Xác nhận thông tin hộ tịch"])

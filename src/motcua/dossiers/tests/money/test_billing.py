"""The money of a dossier: owed at reception, otherwise when the case is otherwise, over when it ends."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from motcua.catalogue.queries.fees import Answers
from motcua.catalogue.types import FeeLine
from motcua.documents import queries as documents
from motcua.dossiers import actions
from motcua.dossiers.models import Dossier, FeeAssessment, RefundProposal
from motcua.dossiers.tests import factories
from motcua.dossiers.tests.factories import MONDAY, Province, Staff, at
from motcua.dossiers.tests.money import CHARGE, ONLINE, OTHERWISE, costly, pay, sums
from motcua.dossiers.types import Channel, Person, ResultData
from motcua.kernel.errors import Conflict, Invalid, NotAllowed
from motcua.kernel.outbox import worker
from motcua.payments import actions as payments
from motcua.payments import queries
from motcua.payments.errors import NothingOwed
from motcua.payments.models import Refund

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_agree")]
TWO = Answers(quantities={"copies": 2})


def test_a_reception_books_what_is_owed_line_by_line(place: Province, staff: Staff) -> None:
    dossier = factories.receive(staff.counter, costly(), fees=TWO)
    (bill,) = queries.bills_of(dossier.code)
    assert (bill.unit_id, bill.budget_unit_id) == (place.commune.centre.id, place.commune.agency.id)
    assert [(line["key"], line["amount"]) for line in bill.lines] == [("ban-sao", 16_000), ("ho-tich", 5_000)]
    assert bill.payer_name == "Nguyễn Thị Đào"
    assert all(line["reasons"] for line in bill.lines)


def test_who_is_named_to_pay_stands_on_the_bill(staff: Staff) -> None:
    payer = Person("Công ty Trả Hộ", "2300999888", is_organisation=True)
    dossier = factories.receive(staff.counter, costly(), fees=TWO, payer=payer)
    assert [bill.payer_name for bill in queries.bills_of(dossier.code)] == ["Công ty Trả Hộ"]


def test_the_same_request_twice_books_once(staff: Staff) -> None:
    procedure = costly()
    for _press in range(2):
        dossier = factories.receive(staff.counter, procedure, fees=TWO, idempotency_key="mot-lan")
    assert sums(dossier.code) == [(21_000, "open")]


def test_what_is_not_counted_yet_is_not_asked_and_said(staff: Staff) -> None:
    dossier = factories.receive(staff.counter, costly())
    assert sums(dossier.code) == [(5_000, "open")]
    assert not Dossier.objects.get().fees["complete"]


@pytest.mark.parametrize("channel", list(Channel))
def test_the_channel_decides_what_is_asked(staff: Staff, channel: Channel) -> None:
    lines = (
        FeeLine("tt", "le_phi", "Lệ phí", 5_000, "hồ sơ", channels=("in_person", "post")),
        ONLINE,
    )
    dossier = factories.receive(staff.counter, costly(*lines), channel=channel)
    assert sums(dossier.code) == [(2_000 if channel is Channel.ONLINE else 5_000, "open")]


def test_a_procedure_without_fees_has_no_bill(staff: Staff) -> None:
    dossier = factories.receive(staff.counter, factories.make_procedure())
    assert (sums(dossier.code), Dossier.objects.get().fees) == ([], None)


def test_a_count_that_cannot_be_is_refused_at_its_field(staff: Staff) -> None:
    with pytest.raises(Invalid) as refused:
        factories.receive(staff.counter, costly(), fees=Answers(quantities={"copies": 0}))
    assert refused.value.field == "fees.copies"


def test_what_was_told_at_form_02_is_owed_when_the_person_is_back(staff: Staff) -> None:
    waiting = actions.request_intake_supplement(
        actor=staff.counter,
        reception=factories.reception_of(staff.counter, costly(), fees=TWO),
        items=[actions.SupplementItem("Tờ khai")],
        reason="Thiếu",
        now=MONDAY,
    ).dossier
    assert sums(waiting.code) == []
    actions.receive_after_intake(actor=staff.counter, code=waiting.code, papers=factories.PAPERS, now=at(18))
    assert sums(waiting.code) == [(21_000, "open")]


def test_a_dossier_that_came_without_a_bill_is_billed_once(staff: Staff) -> None:
    dossier = factories.receive(staff.counter, costly(CHARGE))
    payments_before = queries.bills_of(dossier.code)
    assert actions.bill_dossier(actor=staff.counter, code=dossier.code, now=at(17)) == payments_before


# --- changes ----------------------------------------------------------------------------------------------


def change(
    staff: Staff, dossier: Dossier, answers: Answers, reason: str = "Đếm lại", now: Any = MONDAY
) -> Any:
    made = actions.assess_fees(
        actor=staff.counter, code=dossier.code, answers=answers, reason=reason, now=now
    )
    worker.drain(now)
    return made


def test_an_unpaid_bill_is_cancelled_and_opened_anew(staff: Staff) -> None:
    dossier = factories.receive(staff.counter, costly(), fees=TWO)
    change(staff, dossier, Answers(quantities={"copies": 3}))
    assert sums(dossier.code) == [(21_000, "cancelled"), (29_000, "open")]


def test_after_it_was_paid_only_the_difference_is_owed(staff: Staff) -> None:
    dossier = factories.receive(staff.counter, costly(), fees=TWO)
    pay(staff, queries.bills_of(dossier.code)[0])
    change(staff, dossier, Answers(quantities={"copies": 3}))
    assert sums(dossier.code) == [(21_000, "paid"), (8_000, "open")]


def test_what_was_paid_too_much_is_proposed_to_go_back(staff: Staff) -> None:
    dossier = factories.receive(staff.counter, costly(), fees=TWO)
    pay(staff, queries.bills_of(dossier.code)[0])
    change(staff, dossier, Answers(quantities={"copies": 1}))
    assert sums(dossier.code) == [(21_000, "paid")]
    assert [(p.cause, p.parts, p.amount) for p in RefundProposal.objects.all()] == [
        ("lowered", {"phi": 8_000}, 8_000)
    ]


def test_counted_back_nothing_is_owed_nor_given_back(staff: Staff) -> None:
    dossier = factories.receive(staff.counter, costly(), fees=TWO)
    pay(staff, queries.bills_of(dossier.code)[0])
    change(staff, dossier, Answers(quantities={"copies": 1}))
    change(staff, dossier, TWO)
    assert sums(dossier.code) == [(21_000, "paid")]
    assert [p.outcome for p in RefundProposal.objects.all()] == ["dropped"]


def test_partly_paid_keeps_what_came_and_asks_for_the_rest(staff: Staff) -> None:
    dossier = factories.receive(staff.counter, costly(), fees=TWO)
    pay(staff, queries.bills_of(dossier.code)[0], amount=10_000)
    change(staff, dossier, Answers(quantities={"copies": 3}))
    assert sums(dossier.code) == [(21_000, "cancelled"), (19_000, "open")]
    assert queries.standing(dossier.code).owed == 19_000


def test_an_exemption_granted_late_gives_everything_back(staff: Staff) -> None:
    procedure = costly(CHARGE, exemptions=("Người thuộc hộ nghèo",))
    dossier = factories.receive(staff.counter, procedure)
    pay(staff, queries.bills_of(dossier.code)[0])
    change(staff, dossier, Answers(exempt=("ho-ngheo",)), "Xuất trình giấy hộ nghèo")
    assert [(p.parts, p.why) for p in RefundProposal.objects.all()] == [
        ({"le_phi": 5_000}, "Xuất trình giấy hộ nghèo")
    ]


def test_it_never_rises_without_a_reason(staff: Staff) -> None:
    dossier = factories.receive(staff.counter, costly(), fees=TWO)
    with pytest.raises(Invalid) as refused:
        change(staff, dossier, Answers(quantities={"copies": 9}), reason=" ")
    assert refused.value.field == "reason"
    assert "21.000" in refused.value.message.source()
    assert sums(dossier.code) == [(21_000, "open")]


def test_worked_out_again_with_the_same_answers_nothing_happens(staff: Staff) -> None:
    dossier = factories.receive(staff.counter, costly(), fees=TWO)
    change(staff, dossier, TWO)
    assert (sums(dossier.code), Dossier.objects.get().fees["number"]) == ([(21_000, "open")], 1)
    assert not FeeAssessment.objects.exists()


def test_worked_out_again_the_one_before_is_kept(staff: Staff) -> None:
    dossier = factories.receive(staff.counter, costly(), fees=TWO)
    change(staff, dossier, Answers(quantities={"copies": 1}))
    counts = Dossier.objects.get().fees
    assert (counts["number"], counts["total"], counts["answers"]) == (
        2,
        13_000,
        {"quantities": {"copies": 1}},
    )
    before = FeeAssessment.objects.get()
    assert (before.number, before.total, before.answers) == (1, 21_000, TWO.to_dict())
    assert (before.at, before.by_name) == (MONDAY, staff.counter.name)
    assert [line["amount"] for line in before.lines] == [16_000, 5_000]


def test_another_case_costs_the_difference(staff: Staff) -> None:
    dossier = factories.receive(staff.counter, costly(CHARGE, OTHERWISE))
    pay(staff, queries.bills_of(dossier.code)[0])
    actions.change_case(
        actor=staff.specialist, code=dossier.code, case_key="xac-minh", reason="Phải xác minh", now=at(17)
    )
    assert sums(dossier.code) == [(5_000, "paid"), (20_000, "open")]


def test_papers_asked_for_and_brought_are_not_charged_again(staff: Staff) -> None:
    dossier = factories.receive(staff.counter, costly(CHARGE))
    pay(staff, queries.bills_of(dossier.code)[0])
    actions.request_supplement(
        actor=staff.specialist,
        code=dossier.code,
        items=[actions.SupplementItem("Giấy khai sinh")],
        reason="Thiếu",
        now=at(17),
    )
    actions.register_supplement(actor=staff.counter, code=dossier.code, note="Đã nộp", now=at(18))
    assert sums(dossier.code) == [(5_000, "paid")]


def test_a_stranger_changes_nothing(place: Province, staff: Staff) -> None:
    dossier = factories.receive(staff.counter, costly(), fees=TWO)
    inspector = factories.make_officer("inspector", place.committee_office)
    with pytest.raises(NotAllowed):
        actions.assess_fees(actor=inspector, code=dossier.code, answers=Answers(), reason="x", now=MONDAY)


# --- the end ----------------------------------------------------------------------------------------------


def stop(staff: Staff, dossier: Dossier, *, withdrawn: bool = True) -> Any:
    done = actions.stop_dossier(
        actor=staff.counter,
        code=dossier.code,
        reason="Người nộp đề nghị rút",
        requested_by_applicant=withdrawn,
        now=at(17),
    )
    worker.drain(at(17))
    return done


def told(done: Any) -> str:
    return str(documents.letter(done.letter.pk).data["fee_text"])


def test_withdrawn_before_it_is_paid_nothing_is_owed(staff: Staff) -> None:
    dossier = factories.receive(staff.counter, costly(CHARGE))
    done = stop(staff, dossier)
    assert sums(dossier.code) == [(5_000, "cancelled")]
    assert told(done) == "chưa nộp; không phải nộp nữa."


def test_withdrawn_after_it_is_paid_the_refund_is_proposed_and_said(staff: Staff) -> None:
    dossier = factories.receive(staff.counter, costly(CHARGE))
    pay(staff, queries.bills_of(dossier.code)[0])
    done = stop(staff, dossier)
    assert [(p.cause, p.amount) for p in RefundProposal.objects.all()] == [("withdrawn", 5_000)]
    assert told(done).startswith("5.000 đồng; việc hoàn trả")


def test_money_that_comes_after_the_withdrawal_is_an_advance_to_give_back(staff: Staff) -> None:
    dossier = factories.receive(staff.counter, costly(CHARGE))
    (bill,) = queries.bills_of(dossier.code)
    stop(staff, dossier)
    with pytest.raises(NothingOwed):
        pay(staff, bill, now=at(18))
    pay(staff, bill, method="transfer", now=at(18))
    assert sums(dossier.code) == [(5_000, "cancelled")]
    assert [(p.cause, p.parts, p.advance) for p in RefundProposal.objects.all()] == [("too_much", {}, 5_000)]


def test_more_than_owed_is_proposed_to_go_back(staff: Staff) -> None:
    dossier = factories.receive(staff.counter, costly(CHARGE))
    pay(staff, queries.bills_of(dossier.code)[0], amount=7_000, method="transfer")
    assert [(p.cause, p.amount) for p in RefundProposal.objects.all()] == [("too_much", 2_000)]


@pytest.mark.parametrize(
    ("notice", "proposed"),
    [((), [("refused", 5_000)]), (("không hoàn khi không được cấp",), [])],
)
def test_refused_in_the_end_what_may_go_back_is_proposed(
    staff: Staff, notice: tuple[str, ...], proposed: list[tuple[str, int]]
) -> None:
    dossier = factories.receive(staff.counter, costly(CHARGE, fee_rules=notice))
    pay(staff, queries.bills_of(dossier.code)[0])
    factories.advance(dossier, staff, until="dong-dau")
    actions.complete_step(
        actor=staff.clerk,
        code=dossier.code,
        task_id=factories.open_task(dossier).pk,
        outcome="phat_hanh",
        result=ResultData("02/TB", date(2026, 11, 16), "Không đủ điều kiện", granted=False),
        now=MONDAY,
    )
    assert [(p.cause, p.amount) for p in RefundProposal.objects.all()] == proposed


# --- proposals --------------------------------------------------------------------------------------------


def test_a_proposal_becomes_a_refund_that_two_people_make(place: Province, staff: Staff) -> None:
    dossier = factories.receive(staff.counter, costly(CHARGE))
    pay(staff, queries.bills_of(dossier.code)[0])
    stop(staff, dossier)
    proposal = RefundProposal.objects.get()
    actions.ask_for_refund(actor=staff.counter, proposal_id=proposal.pk, method="cash", now=at(18))
    with pytest.raises(Conflict):
        actions.ask_for_refund(actor=staff.counter, proposal_id=proposal.pk, method="cash", now=at(18))
    refund = Refund.objects.get()
    payments.confirm_refund(actor=staff.leader, refund_id=refund.pk, now=at(18))
    payments.pay_out_refund(actor=staff.counter, refund_id=refund.pk, now=at(18))
    assert sums(dossier.code) == [(5_000, "refunded")]


def test_nothing_is_given_back_without_saying_why(staff: Staff) -> None:
    dossier = factories.receive(staff.counter, costly(CHARGE))
    pay(staff, queries.bills_of(dossier.code)[0])
    stop(staff, dossier)
    proposal = RefundProposal.objects.get()
    with pytest.raises(Invalid):
        actions.dismiss_refund(actor=staff.counter, proposal_id=proposal.pk, note=" ", now=at(18))
    done = actions.dismiss_refund(
        actor=staff.counter, proposal_id=proposal.pk, note="Đã thẩm định xong", now=at(18)
    )
    assert done.outcome == "dismissed"

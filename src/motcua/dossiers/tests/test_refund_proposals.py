"""Money proposed to go back: never twice, and not at all once what it was proposed for is taken back."""

from __future__ import annotations

import pytest

from motcua.catalogue.queries.fees import Answers
from motcua.catalogue.types_changes import ChangeAction, Policy
from motcua.dossiers import actions
from motcua.dossiers.actions import assessing, billing, moving
from motcua.dossiers.models import Dossier, RefundProposal
from motcua.dossiers.rules.assessment import Assessment
from motcua.dossiers.tests.decisions import make_decision
from motcua.dossiers.tests.money import CHARGE, COPIES, collecting, pay, sums
from motcua.dossiers.tests.moving_world import LATER, World, again
from motcua.dossiers.types import RefundCause, Status
from motcua.kernel.errors import Conflict
from motcua.kernel.outbox import worker
from motcua.payments import actions as payments
from motcua.payments import queries
from motcua.payments.models import Refund

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_agree")]


def copies(count: int) -> Answers:
    return Answers(quantities={"copies": count})


@pytest.fixture
def world() -> World:
    found = World(fees=(COPIES, CHARGE))
    collecting(found.place.commune)
    return found


@pytest.fixture
def paid(world: World) -> Dossier:
    """21,000 đồng, paid."""
    dossier = world.receive(fees=copies(2))
    pay(world.staff, queries.bills_of(dossier.code)[0])
    return dossier


def stop(world: World) -> int:
    """A decision abolishes the procedure and stops what is under way."""
    batch = world.apply(
        make_decision(world.procedure, None, policy=Policy.STOP, action=ChangeAction.ABOLISHED)
    )
    worker.drain(LATER)
    return int(batch.pk)


def undo(world: World, batch_id: int) -> None:
    moving.undo_moving(actor=world.controller, batch_id=batch_id, reason="Công bố nhầm", now=LATER)
    moving.run_undo(batch_id=batch_id, now=LATER)
    worker.drain(LATER)


def ask(world: World) -> Refund:
    proposal = RefundProposal.objects.get(outcome="open")
    actions.ask_for_refund(actor=world.staff.counter, proposal_id=proposal.pk, method="cash", now=LATER)
    return Refund.objects.latest("pk")


def confirm(world: World, refund: Refund) -> None:
    payments.confirm_refund(actor=world.staff.leader, refund_id=refund.pk, now=LATER)


def outcomes() -> list[str]:
    return list(RefundProposal.objects.order_by("pk").values_list("outcome", flat=True))


def recount(world: World, dossier: Dossier, count: int, reason: str = "Đếm lại") -> Assessment:
    return actions.assess_fees(
        actor=world.staff.counter, code=dossier.code, answers=copies(count), reason=reason, now=LATER
    )


# --- a stop that is undone --------------------------------------------------------------------------------


@pytest.mark.parametrize("confirmed", [False, True])
def test_a_refund_asked_for_is_withdrawn_with_the_stop_it_was_asked_for(
    world: World, paid: Dossier, confirmed: bool
) -> None:
    batch = stop(world)
    refund = ask(world)
    if confirmed:
        confirm(world, refund)
    undo(world, batch)
    assert again(paid).state is Status.RECEIVED
    assert sums(paid.code) == [(21_000, "paid")]
    refund.refresh_from_db()
    assert "Công bố nhầm" in refund.refused_reason
    with pytest.raises(Conflict):
        payments.pay_out_refund(actor=world.staff.counter, refund_id=refund.pk, now=LATER)
    assert outcomes() == ["dropped"]


def test_what_was_paid_out_before_is_owed_again(world: World, paid: Dossier) -> None:
    batch = stop(world)
    refund = ask(world)
    confirm(world, refund)
    payments.pay_out_refund(actor=world.staff.counter, refund_id=refund.pk, now=LATER)
    undo(world, batch)
    assert sums(paid.code) == [(21_000, "refunded"), (21_000, "open")]
    assert outcomes() == ["asked"], "it was asked for and done"


def test_what_nobody_asked_for_yet_is_only_dropped(world: World, paid: Dossier) -> None:
    undo(world, stop(world))
    assert (sums(paid.code), outcomes()) == ([(21_000, "paid")], ["dropped"])
    assert not Refund.objects.exists()


def test_what_a_cashier_asked_back_of_their_own_is_not_withdrawn_but_owed(
    world: World, paid: Dossier
) -> None:
    (bill,) = queries.bills_of(paid.code)
    payments.ask_refund(
        actor=world.staff.counter,
        bill_id=bill.pk,
        method="cash",
        parts={"le_phi": 5_000},
        reason="Miễn",
        now=LATER,
    )
    undo(world, stop(world))
    assert sums(paid.code) == [(21_000, "paid"), (5_000, "open")]


# --- never twice ------------------------------------------------------------------------------------------


def test_what_is_asked_back_already_is_not_proposed_again(world: World, paid: Dossier) -> None:
    recount(world, paid, 1)
    ask(world)
    recount(world, paid, 1, "Đếm lại lần nữa")
    assert outcomes() == ["asked"]
    stop(world)
    assert [(p.cause, p.amount) for p in RefundProposal.objects.filter(outcome="open")] == [
        ("stopped", 13_000)
    ]


def test_counted_up_again_the_request_is_withdrawn(world: World, paid: Dossier) -> None:
    recount(world, paid, 1)
    refund = ask(world)
    recount(world, paid, 2, "Đếm đúng")
    refund.refresh_from_db()
    assert refund.refused_reason
    assert (sums(paid.code), outcomes()) == ([(21_000, "paid")], ["dropped"])


def test_of_two_reasons_for_the_same_money_one_is_left(world: World, paid: Dossier) -> None:
    recount(world, paid, 1)
    dossier = again(paid)
    found = assessing.assessed_again(dossier, copies(1), LATER)
    billing.rebill(
        world.staff.counter,
        dossier,
        copies(1),
        found,
        reason="Nghị quyết mới",
        now=LATER,
        cause=RefundCause.RESOLUTION,
    )
    assert sum(RefundProposal.objects.filter(outcome="open").values_list("amount", flat=True)) == 8_000


def test_what_people_decided_to_keep_is_not_proposed_for_the_same_reason_again(
    world: World, paid: Dossier
) -> None:
    recount(world, paid, 1)
    proposal = RefundProposal.objects.get()
    actions.dismiss_refund(actor=world.staff.counter, proposal_id=proposal.pk, note="Đã sao xong", now=LATER)
    recount(world, paid, 1)
    assert outcomes() == ["dismissed"]
    recount(world, paid, 1, "Người nộp xuất trình biên bản")
    assert outcomes() == ["dismissed", "open"]


def test_an_advance_that_is_kept_is_not_proposed_with_the_next_one(world: World) -> None:
    dossier = world.receive(fees=copies(2))
    (bill,) = queries.bills_of(dossier.code)
    pay(world.staff, bill, amount=23_000, method="transfer")
    actions.dismiss_refund(
        actor=world.staff.counter,
        proposal_id=RefundProposal.objects.get().pk,
        note="Dùng cho hồ sơ khác",
        now=LATER,
    )
    pay(world.staff, queries.bills_of(dossier.code)[0], amount=3_000, method="transfer")
    assert [(p.outcome, p.amount) for p in RefundProposal.objects.order_by("pk")] == [
        ("dismissed", 2_000),
        ("open", 3_000),
    ]

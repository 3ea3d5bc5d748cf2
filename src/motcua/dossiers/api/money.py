"""The money of a dossier: what is owed and why, told again, waited for."""

from motcua.dossiers import actions
from motcua.dossiers.api.inputs import AssessmentIn, PaymentNoteIn
from motcua.dossiers.api.outputs import BillOut, ChangedOut, FeeLineOut, MoneyOut
from motcua.dossiers.api.routing import DossierCode, router
from motcua.dossiers.api.shapes import changed_out, unit_ref
from motcua.dossiers.queries import readable_dossier
from motcua.dossiers.queries_money import DossierMoney, money_of
from motcua.kernel import clock
from motcua.kernel.http import ActorRequest


@router.get(
    "/dossiers/{code}/fees",
    response=MoneyOut,
    operation_id="get_fees",
    summary="What a dossier owes, line by line, and what was paid",
)
def get_fees(request: ActorRequest, code: DossierCode) -> MoneyOut:
    """`reference` of a bill is what a transfer must name."""
    found = money_of(readable_dossier(request.actor, code)) or DossierMoney()
    return MoneyOut(
        code=code,
        total=found.total,
        paid=found.paid,
        refunded=found.refunded,
        owed=found.owed,
        complete=found.complete,
        lines=[
            FeeLineOut(
                name=line.name,
                amount=line.amount,
                state=line.state,
                reasons=list(line.reasons),
                basis=line.basis,
            )
            for line in found.lines
        ],
        bills=[
            BillOut(
                reference=one.bill.reference,
                state=one.state.value,
                total=one.bill.total,
                owed=one.owed,
                collected_by=unit_ref(one.bill.unit_id),
                budget_of=unit_ref(one.bill.budget_unit_id),
            )
            for one in found.bills
        ],
    )


@router.post(
    "/dossiers/{code}/fees",
    response=MoneyOut,
    operation_id="assess_fees",
    summary="Work the fees out again with other counts, proofs or answers",
)
def assess_fees(request: ActorRequest, code: DossierCode, body: AssessmentIn) -> MoneyOut:
    """By the law of the reception. What is unpaid is replaced; of what was paid only the difference is owed."""
    actions.assess_fees(
        actor=request.actor, code=code, answers=body.answers(), reason=body.reason, now=clock.now()
    )
    return get_fees(request, code)


@router.post(
    "/dossiers/{code}/await-payment",
    response=ChangedOut,
    operation_id="await_payment",
    summary="Processing waits for money; the clock stands",
)
def await_payment(request: ActorRequest, code: DossierCode, body: PaymentNoteIn) -> ChangedOut:
    """Only where the procedure says so. Paid bills let it go on by themselves."""
    return changed_out(actions.await_payment(actor=request.actor, code=code, note=body.note, now=clock.now()))


@router.post(
    "/dossiers/{code}/payment-done",
    response=ChangedOut,
    operation_id="payment_done",
    summary="What was awaited was paid elsewhere; the clock goes on",
)
def payment_done(request: ActorRequest, code: DossierCode, body: PaymentNoteIn) -> ChangedOut:
    """`note` names the paper that proves it."""
    return changed_out(actions.payment_done(actor=request.actor, code=code, note=body.note, now=clock.now()))

"""What each letter says about a dossier. Snapshots: a letter printed again years later is the same letter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings

from motcua.catalogue import queries as catalogue
from motcua.documents import queries as documents
from motcua.documents import types as letters
from motcua.dossiers.models import Dossier, DossierPaper, Party
from motcua.dossiers.queries_history import taken_over_from
from motcua.dossiers.types import PaperState, PartyRole, ReturnMethod
from motcua.kernel import clock
from motcua.kernel.messages import Message
from motcua.kernel.text import grouped
from motcua.organisation import queries as organisation
from motcua.organisation.types import UnitInfo
from motcua.payments import queries as payments
from motcua.payments.queries.subjects import history_of

SLIP = "reception_slip"


def slip_kind(procedure_id: int, *, agency_id: int, case_key: str, at: datetime) -> str:
    """The kind of reception slip (form 01) set for a procedure, case and deciding agency; the usual one otherwise.

    A kind that is no longer among the settings of the installation gives way to the usual one.
    """
    kind = catalogue.letter_for(procedure_id, SLIP, agency_id=agency_id, case_key=case_key, at=at)
    return kind if kind in same_form(SLIP) else SLIP


def same_form(kind: str) -> frozenset[str]:
    """The kinds that print the same form as this one, itself among them."""
    return frozenset(found.kind for found in documents.letter_kinds_of_form(documents.letter_kind(kind).form))


def request_text(dossier: Dossier) -> str:
    """What was asked for; a dossier taken over from a unit that ended says from whom."""
    asked = dossier.request_summary or dossier.procedure_name
    before = taken_over_from(dossier)
    return f"{asked} (hồ sơ tiếp nhận từ {before})" if before else asked


def procedure_text(dossier: Dossier) -> str:
    """The procedure's name, with whom the dossier was taken over from, if from anybody."""
    before = taken_over_from(dossier)
    name = dossier.procedure_name
    return f"{name} (hồ sơ tiếp nhận từ {before})" if before else name


def tracking(dossier: Dossier) -> letters.Tracking:
    """The QR carries the secret token; the printed address needs code and check value."""
    return letters.Tracking(
        url=f"{settings.PUBLIC_URL}/tra-cuu/{dossier.tracking_token}/",
        page=f"{settings.PUBLIC_URL}/tra-cuu/".removeprefix("https://").removeprefix("http://"),
        hotline=organisation.unit(dossier.receiving_unit_id).phone,
    )


def payments_of(bills: Sequence[payments.Bill], on: date) -> tuple[letters.SlipPayment, ...]:
    """What is still owed on these bills, and how to pay it (three statements; none when nothing is owed)."""
    owed = [bill for bill in bills if bill.state in payments.OPEN and bill.total > bill.paid]
    return tuple(_payment(how) for how in payments.ways_of_bills(owed, on=on) if how.owed)


def _payment(how: payments.HowToPay) -> letters.SlipPayment:
    qr = how.qr
    return letters.SlipPayment(
        amount=how.owed,
        reference=how.reference,
        qr=qr.payload if qr else "",
        bank=qr.bank_name if qr else "",
        account=qr.number if qr else "",
        holder=qr.holder if qr else "",
        places=(
            *(place.source() for place in how.places),
            *(("Trực tuyến: quét mã theo dõi hồ sơ.",) if how.ways.platform else ()),
        ),
    )


def paid_before(code: str, bills: Sequence[payments.Bill]) -> tuple[str, ...]:
    """What was paid for a dossier and stands, with its receipts, in sentences (three statements; none for nothing)."""
    if not any(bill.paid for bill in bills):
        return ()
    found = history_of(code)
    standing = {bill.pk: bill for bill in bills if bill.paid}
    lines = []
    for pk, bill in standing.items():
        receipts = [
            f"{receipt.series} số {receipt.number} ngày {clock.local(came.at):%d/%m/%Y}"
            for came in found.came
            if came.bill_id == pk and not came.taken_back
            for receipt in came.receipts
            if receipt.stands and receipt.amount
        ]
        said = f"biên lai {', '.join(receipts)}" if receipts else "biên lai lập sau"
        lines.append(f"Đã nộp phí, lệ phí {grouped(bill.paid)} đồng, {said}.")
        if bill.refunded:
            lines.append(f"Đã hoàn {grouped(bill.refunded)} đồng.")
    return tuple(lines)


def slip_copy(issued: documents.Letter, code: str, now: datetime) -> letters.SlipCopy | None:
    """What a slip printed now says of its money, where that is no longer what it asked for when it was issued.

    The letter itself never changes; the copy says that it is one, and when it was printed.
    """
    asked = {one["reference"]: one["amount"] for one in issued.data.get("payments", ())}
    if not asked or issued.kind not in same_form(SLIP):
        return None
    bills = payments.bills_of(code)
    owed = {bill.reference: bill.total - bill.paid for bill in bills if bill.state in payments.OPEN}
    if owed == asked:
        return None
    local = clock.local(now)
    return letters.SlipCopy(
        payments=payments_of(bills, clock.today(now)),
        paid=paid_before(code, bills) or (() if owed else ("Không còn khoản phí, lệ phí phải nộp.",)),
        copy_note=f"Bản in lại lúc {local:%H:%M} ngày {local:%d/%m/%Y}: phí, lệ phí ghi theo sổ thu lúc in.",
    )


def party(found: Party) -> letters.Party:
    return letters.Party(
        name=found.name,
        id_number=found.id_number,
        address=found.address,
        phone=found.phone,
        email=found.email,
    )


def reception_slip(
    dossier: Dossier,
    *,
    parties: Iterable[Party],
    papers: Sequence[DossierPaper],
    time_limit: str,
    due_note: str,
    officer_name: str,
    to_pay: tuple[letters.SlipPayment, ...] = (),
    paid: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
) -> letters.ReceptionSlip:
    """Form 01. Whoever stands at the counter is the applicant of the form; an authorising owner has their block."""
    by_role = {found.role: found for found in parties}
    owner = by_role[PartyRole.OWNER.value]
    submitter = by_role.get(PartyRole.SUBMITTER.value)
    unit = organisation.unit(dossier.receiving_unit_id)
    authoriser = None
    if submitter is not None:
        authoriser = letters.Authoriser(
            name=owner.name,
            id_number=owner.id_number,
            address=owner.address,
            phone=owner.phone,
            email=owner.email,
            document=submitter.authorisation,
        )
    assert dossier.received_at is not None
    return letters.ReceptionSlip(
        head=documents.letter_head(unit.id),
        dossier_code=dossier.code,
        applicant=party(submitter or owner),
        authoriser=authoriser,
        request=dossier.request_summary or dossier.procedure_name,
        papers=tuple(_slip_paper(paper) for paper in papers if paper.state in _HANDED_IN),
        time_limit=time_limit,
        received_at=dossier.received_at,
        due_at=dossier.due_at,
        due_note=due_note,
        receiving_unit=unit.full_name,
        set_count=dossier.set_count,
        return_place=organisation.unit(dossier.returning_unit_id).full_name,
        return_method=str(ReturnMethod(dossier.return_method).label),
        submitter_name=(submitter or owner).name,
        officer_name=officer_name,
        tracking=tracking(dossier),
        payments=to_pay,
        paid=paid,
        notes=notes,
    )


_HANDED_IN = frozenset({PaperState.RECEIVED.value, PaperState.PRESENTED.value})


def _slip_paper(paper: DossierPaper) -> letters.SlipPaper:
    presented = paper.state == PaperState.PRESENTED.value
    note = "; ".join(part for part in ("xuất trình" if presented else "", paper.note) if part)
    return letters.SlipPaper(name=paper.name, originals=paper.originals, copies=paper.copies, note=note)


def supplement_letter(
    dossier: Dossier,
    *,
    unit: UnitInfo,
    owner: Party,
    items: Sequence[str],
    reason: str,
    respond_by: date | None,
    officer_name: str,
) -> letters.SupplementRequestLetter:
    """Form 02: the one complete list."""
    return letters.SupplementRequestLetter(
        head=documents.letter_head(unit.id),
        applicant=party(owner),
        request=request_text(dossier),
        items=tuple(letters.SupplementItem(text=item) for item in items),
        reason=reason,
        dossier_code=dossier.code,
        deadline=respond_by,
        contact_name=officer_name,
        contact_phone=unit.phone,
        officer_name=officer_name,
        tracking=tracking(dossier),
    )


def refusal_letter(
    dossier: Dossier, *, unit: UnitInfo, owner: Party, reason: str, officer_name: str
) -> letters.RefusalLetter:
    """Form 03."""
    return letters.RefusalLetter(
        head=documents.letter_head(unit.id),
        applicant=party(owner),
        request=request_text(dossier),
        reasons=tuple(line.strip() for line in reason.splitlines() if line.strip()),
        dossier_code=dossier.code,
        submitter_name=owner.name,
        officer_name=officer_name,
    )


def apology_letter(
    dossier: Dossier, *, owner: Party, old_due_at: datetime, new_due_on: date, reason: str
) -> letters.ApologyLetter:
    """Form 04, from the deciding agency."""
    agency = organisation.unit(dossier.competent_agency_id)
    assert dossier.received_at is not None
    return letters.ApologyLetter(
        head=documents.letter_head(agency.id),
        addressee=owner.name,
        applicant=party(owner),
        dossier_code=dossier.code,
        procedure=procedure_text(dossier),
        agency=agency.full_name,
        received_at=dossier.received_at,
        old_due_at=old_due_at,
        new_due_on=new_due_on,
        reason=reason,
    )


def stop_notice(
    dossier: Dossier,
    *,
    unit: UnitInfo,
    owner: Party,
    reason: str,
    state: Message,
    papers_returned: str,
    fee_text: str,
    now: datetime,
) -> letters.StopNotice:
    """Form 05."""
    return letters.StopNotice(
        head=documents.letter_head(unit.id),
        addressee=owner.name,
        applicant=party(owner),
        dossier_code=dossier.code,
        procedure=procedure_text(dossier),
        received_at=dossier.received_at or dossier.created_at,
        requested_on=clock.today(now),
        request_reason=reason,
        state=state.source(),
        stopped_at=now,
        returned_papers=tuple(line.strip() for line in papers_returned.splitlines() if line.strip()),
        fee_text=fee_text,
    )


def change_notice(
    dossier: Dossier,
    *,
    owner: Party,
    decision: str,
    title: str,
    effective_at: datetime,
    asked: Sequence[str],
) -> letters.ChangeNotice:
    """A decision changed the procedure: the two ways on, and that nothing changes without an answer."""
    new = "Chuyển sang quy định mới; ngày hẹn trả không muộn hơn, phí, lệ phí không cao hơn lúc tiếp nhận."
    if asked:
        new = f"{new} Giấy tờ phải nộp thêm theo quyết định: {'; '.join(asked)}."
    return letters.ChangeNotice(
        **_change(dossier, owner, decision, title, effective_at),
        paragraphs=("Đối với hồ sơ đã nộp, Ông (Bà)/Tổ chức được chọn một trong hai cách:",),
        choices=("Tiếp tục giải quyết theo quy định lúc tiếp nhận;", new),
        answer="Đề nghị Ông (Bà)/Tổ chức cho biết lựa chọn tại nơi đã nộp hồ sơ. Khi chưa có trả lời, hồ sơ tiếp tục "
        "được giải quyết theo quy định lúc tiếp nhận.",
    )


def change_stop_notice(
    dossier: Dossier, *, owner: Party, decision: str, title: str, effective_at: datetime
) -> letters.ChangeNotice:
    """A decision ends the procedure for dossiers under way: it stops, and what was paid is given back."""
    return letters.ChangeNotice(
        **_change(dossier, owner, decision, title, effective_at),
        paragraphs=(
            "Việc giải quyết hồ sơ nêu trên dừng kể từ ngày của thông báo này. Ông (Bà)/Tổ chức nhận lại giấy tờ đã "
            "nộp tại nơi đã nộp hồ sơ.",
        ),
        fee_text="khoản đã nộp (nếu có) được hoàn trả; số tiền do bộ phận thu phí xác định theo biên lai.",
    )


def _change(
    dossier: Dossier, owner: Party, decision: str, title: str, effective_at: datetime
) -> dict[str, Any]:
    return {
        "head": documents.letter_head(dossier.competent_agency_id),
        "addressee": owner.name,
        "applicant": party(owner),
        "dossier_code": dossier.code,
        "procedure": dossier.procedure_name,
        "received_at": dossier.received_at or dossier.created_at,
        "effective_at": effective_at,
        "decision": decision,
        "decision_title": title,
    }

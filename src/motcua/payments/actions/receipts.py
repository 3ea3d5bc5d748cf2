"""Receipts: written with their payment, and what may become of them afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import translation

from motcua.kernel import audit, clock, rows
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Conflict, Invalid, NotFound
from motcua.kernel.messages import msg
from motcua.kernel.text import fold, nfc
from motcua.organisation import queries as organisation
from motcua.payments.actions.billing import lock_bill
from motcua.payments.actions.books import books_for, draw_number
from motcua.payments.actions.entries import lock_collector
from motcua.payments.actions.ereceipt_jobs import tell_void, tell_written
from motcua.payments.errors import NoBook
from motcua.payments.models import Bill, Collector, Payment, Receipt, ReceiptBook
from motcua.payments.permissions import require_correct
from motcua.payments.queries.checking import COUNTED
from motcua.payments.queries.receipts import is_fresh, receipt_subject, visible_receipts
from motcua.payments.rules import journal, receipt_data
from motcua.payments.rules.amount_words import dong_in_words
from motcua.payments.rules.receipt_symbols import number_text
from motcua.payments.types import Method, ReceiptState

Line = dict[str, Any]


def write_receipts(
    *,
    actor: Actor,
    payment: Payment,
    bill: Bill,
    allocated: int,
    collector: Collector,
    now: datetime,
) -> list[Receipt]:
    """The receipts of a payment in the caller's transaction: one a book, so phí and lệ phí apart where books are.

    `allocated` of this payment goes to the lines of the bill. Raises `NoBook`.
    """
    if allocated <= 0:
        return []
    day = clock.today(now)
    unit_ids = _places(bill.unit_id, collector)
    by_book: dict[int, tuple[ReceiptBook, list[Line]]] = {}
    lines = _paid_lines(bill, allocated)
    books = books_for(unit_ids, sorted({line["kind"] for line in lines}), day)
    for line in lines:
        book = books.get(line["kind"])
        if book is None:
            raise NoBook(
                msg(
                    "%(unit)s chưa có quyển biên lai nào còn số cho năm %(year)s. Mở quyển mới rồi thu.",
                    unit=organisation.unit(bill.unit_id).full_name,
                    year=day.year,
                )
            )
        by_book.setdefault(book.pk, (book, []))[1].append(line)
    return [_write(actor, book, bill, payment, lines, collector, now) for book, lines in by_book.values()]


@transaction.atomic
def void_receipt(*, actor: Actor, receipt_id: int, reason: str, now: datetime) -> Receipt:
    """A receipt spoiled before it was handed over (printer, wrong name): all copies kept, a new one in its place.

    Gives the new receipt. Its number, kind and amount stay in the series as void (Decree 123/2020 article 38).
    """
    return _instead(actor, receipt_id, reason, ReceiptState.VOID, "payments.receipt_voided", {}, now)


@transaction.atomic
def replace_receipt(
    *,
    actor: Actor,
    receipt_id: int,
    reason: str,
    now: datetime,
    payer_name: str = "",
    payer_address: str = "",
) -> Receipt:
    """A wrong receipt that had been handed over: recalled, minutes kept, and replaced. Gives the new one."""
    changes = {"payer_name": nfc(payer_name), "payer_address": nfc(payer_address)}
    return _instead(
        actor, receipt_id, reason, ReceiptState.REPLACED, "payments.receipt_replaced", changes, now
    )


@transaction.atomic
def adjust_receipt(
    *,
    actor: Actor,
    receipt_id: int,
    reason: str,
    now: datetime,
    payer_name: str = "",
    payer_address: str = "",
) -> Receipt:
    """Correct what does not touch the amount (a name, an address) by a further receipt of nought đồng, given."""
    old, collector = _locked(actor, receipt_id, reason, now)
    changes = {"payer_name": nfc(payer_name), "payer_address": nfc(payer_address)}
    if not any(changes.values()):
        raise Invalid(msg("Nhập tên hoặc địa chỉ đúng của người nộp."), field="payer_name")
    lines = [{**line, "amount": 0} for line in old.lines]
    made = _copy(actor, old, collector, lines, changes, {"adjusts": old}, now, reason)
    _mark(actor, old, ReceiptState.ADJUSTED, reason, "payments.receipt_adjusted", made, now)
    return made


@transaction.atomic
def report_lost(*, actor: Actor, receipt_id: int, reason: str, now: datetime) -> Receipt:
    """A copy was lost, burnt or torn: reported to the tax office within five working days. The money stays booked."""
    receipt, _ = _locked(actor, receipt_id, reason, now)
    _mark(actor, receipt, ReceiptState.LOST, reason, "payments.receipt_lost", None, now)
    return receipt


def _instead(
    actor: Actor,
    receipt_id: int,
    reason: str,
    state: ReceiptState,
    action: str,
    changes: dict[str, str],
    now: datetime,
) -> Receipt:
    old, collector = _locked(actor, receipt_id, reason, now)
    made = _copy(actor, old, collector, old.lines, changes, {"replaces": old}, now, reason)
    _mark(actor, old, state, reason, action, made, now)
    if state is ReceiptState.VOID:
        tell_void([old], now)
    return made


def _locked(actor: Actor, receipt_id: int, reason: str, now: datetime) -> tuple[Receipt, Collector]:
    """A receipt that counts, locked after its bill and its collecting unit, the order of all money acts.

    On its own day, until the day's books are closed, whoever collects corrects it; afterwards who confirms there.
    """
    found = visible_receipts(actor).filter(pk=receipt_id).only("unit_id", "bill_id", "issued_at").first()
    if found is None:
        raise NotFound(msg("Không có biên lai này."))
    require_correct(actor, found.unit_id, fresh=is_fresh(found, now))
    if not reason.strip():
        raise Invalid(msg("Nhập lý do: cơ quan thuế đọc lý do này trong báo cáo."), field="reason")
    lock_bill(found.bill_id)
    collector = lock_collector(found.unit_id)
    receipt = Receipt.objects.select_for_update().get(pk=receipt_id)
    if receipt.state != ReceiptState.ISSUED:
        raise Conflict(
            msg(
                "Biên lai số %(number)s không còn hiệu lực nên không sửa được.",
                number=number_text(receipt.number),
            )
        )
    return receipt, collector


def _copy(
    actor: Actor,
    old: Receipt,
    collector: Collector,
    lines: Sequence[Line],
    changes: dict[str, str],
    link: dict[str, Receipt],
    now: datetime,
    reason: str,
) -> Receipt:
    kind = old.lines[0]["kind"] if old.lines else "phi"
    book = books_for(_places(old.unit_id, collector), (kind,), clock.today(now)).get(kind)
    if book is None:
        raise NoBook(msg("Không còn quyển biên lai nào có số. Mở quyển mới rồi làm lại."))
    assert old.payment is not None
    return _write(
        actor,
        book,
        old.bill,
        old.payment,
        list(lines),
        collector,
        now,
        changes=changes,
        link=link,
        reason=reason,
    )


def _write(
    actor: Actor,
    book: ReceiptBook,
    bill: Bill,
    payment: Payment,
    lines: list[Line],
    collector: Collector,
    now: datetime,
    *,
    changes: dict[str, str] | None = None,
    link: dict[str, Receipt] | None = None,
    reason: str = "",
) -> Receipt:
    number = draw_number(book)
    changed = {name: value for name, value in (changes or {}).items() if value}
    payer = {
        "payer_name": bill.payer_name,
        "payer_id_number": bill.payer_id_number,
        "payer_address": bill.payer_address,
        **changed,
    }
    amount = sum(line["amount"] for line in lines)
    receipt = rows.insert(
        Receipt(
            book_id=book.pk,
            number=number,
            unit_id=bill.unit_id,
            bill_id=bill.pk,
            payment_id=payment.pk,
            lines=lines,
            amount=amount,
            content=_content(
                book, number, bill, payment, payer, lines, collector, actor, now, _relation(link, reason)
            ),
            replaces_id=link["replaces"].pk if link and "replaces" in link else None,
            adjusts_id=link["adjusts"].pk if link and "adjusts" in link else None,
            issued_at=now,
            issued_by_name=actor.name[:160],
            payer_folded=fold(payer["payer_name"])[:255],
            **payer,
        )
    )
    said = {"bill": bill.reference, "for": bill.subject, "amount": amount}
    log_receipt(actor, "payments.receipt_issued", receipt, book, said, now)
    if book.copies == 0:
        tell_written(receipt, now)
    return receipt


def _content(
    book: ReceiptBook,
    number: int,
    bill: Bill,
    payment: Payment,
    payer: dict[str, str],
    lines: list[Line],
    collector: Collector,
    actor: Actor,
    now: datetime,
    relation: receipt_data.RelationData | None,
) -> dict[str, Any]:
    """Everything that stands on the receipt, in Vietnamese whatever language the officer reads."""
    amount = sum(line["amount"] for line in lines)
    with translation.override("vi"):
        method_name = str(Method(payment.method).label)
    return receipt_data.ReceiptData(
        title=receipt_data.title_of(line["kind"] for line in lines),
        form_symbol=book.form_symbol,
        series=book.series,
        number=number_text(number),
        copies=book.copies,
        collector=receipt_data.CollectorData(collector.name, collector.tax_code, collector.address),
        payer=receipt_data.PayerData(payer["payer_name"], payer["payer_id_number"], payer["payer_address"]),
        lines=receipt_data.lines_of(lines),
        amount=amount,
        amount_in_words=dong_in_words(amount),
        method=payment.method,
        method_name=method_name,
        issued_at=clock.local(now).isoformat(timespec="seconds"),
        officer=actor.name,
        subject=bill.subject,
        procedure_code=bill.procedure_code,
        procedure_name=bill.procedure_name,
        carried_from=book.carried_from,
        relation=relation,
    ).to_json()


def _relation(link: dict[str, Receipt] | None, reason: str) -> receipt_data.RelationData | None:
    if not link:
        return None
    ((kind, old),) = link.items()
    return receipt_data.RelationData(
        kind=kind,
        form_symbol=old.book.form_symbol,
        series=old.book.series,
        number=number_text(old.number),
        issued_at=clock.local(old.issued_at).isoformat(timespec="seconds"),
        reason=nfc(reason.strip())[:500],
    )


def log_receipt(
    actor: Actor, action: str, receipt: Receipt, book: ReceiptBook, data: dict[str, Any], now: datetime
) -> None:
    """One line of the log about a receipt, found again by `receipt_subject`."""
    audit.record(
        actor,
        action,
        subject_type="receipt",
        subject=receipt_subject(organisation.unit(book.unit_id).code, book, receipt.number),
        data=data,
        at=now,
    )


def _mark(
    actor: Actor,
    receipt: Receipt,
    state: ReceiptState,
    reason: str,
    action: str,
    made: Receipt | None,
    now: datetime,
) -> None:
    receipt.state, receipt.reason, receipt.changed_at = state.value, nfc(reason)[:500], now
    receipt.save(update_fields=["state", "reason", "changed_at"])
    said = {"reason": nfc(reason), "new": number_text(made.number) if made else ""}
    log_receipt(actor, action, receipt, receipt.book, said, now)


def _paid_lines(bill: Bill, allocated: int) -> list[Line]:
    """What each line gets of a payment: in order, each up to what no standing receipt of the bill says yet."""
    said: dict[str, int] = {}
    written = (
        ()  # the first money of a bill: no receipt can be there
        if bill.paid == allocated
        else Receipt.objects.filter(bill_id=bill.pk, state__in=COUNTED).values_list("lines", flat=True)
    )
    for lines in written:
        for line in lines:
            said[line["key"]] = said.get(line["key"], 0) + line["amount"]
    left = [(line["kind"], line["amount"] - said.get(line["key"], 0)) for line in bill.lines]
    shares = journal.shared_out(left, before=0, amount=allocated)
    return [
        {
            "key": line["key"],
            "kind": line["kind"],
            "name": line["name"],
            "amount": share,
            "basis": line.get("basis", ""),
        }
        for line, share in zip(bill.lines, shares, strict=True)
        if share
    ]


def _places(unit_id: int, collector: Collector) -> tuple[int, ...]:
    return (unit_id,) if collector.unit_id == unit_id else (unit_id, collector.unit_id)

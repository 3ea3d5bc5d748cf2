"""The public door for writing."""

from motcua.payments.actions.billing import BillLine, Payer, cancel_bill, open_bill
from motcua.payments.actions.books import close_book, open_book
from motcua.payments.actions.closing import close_day, remit
from motcua.payments.actions.counting import DayCounted, confirm_count, count_day, refuse_count
from motcua.payments.actions.paying import PaymentDone, take_payment
from motcua.payments.actions.receipts import (
    adjust_receipt,
    count_print,
    issue_missing_receipts,
    replace_receipt,
    report_lost,
    void_receipt,
)
from motcua.payments.actions.refunds import (
    ask_refund,
    confirm_refund,
    pay_out_refund,
    refundable,
    refuse_refund,
    reverse_payment,
)

__all__ = [
    "BillLine",
    "DayCounted",
    "Payer",
    "PaymentDone",
    "adjust_receipt",
    "ask_refund",
    "cancel_bill",
    "close_book",
    "close_day",
    "confirm_count",
    "confirm_refund",
    "count_day",
    "count_print",
    "issue_missing_receipts",
    "open_bill",
    "open_book",
    "pay_out_refund",
    "refundable",
    "refuse_count",
    "refuse_refund",
    "remit",
    "replace_receipt",
    "report_lost",
    "reverse_payment",
    "take_payment",
    "void_receipt",
]

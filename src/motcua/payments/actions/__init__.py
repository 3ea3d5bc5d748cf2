"""The public door for writing."""

from motcua.payments.actions.billing import BillLine, Payer, cancel_bill, open_bill
from motcua.payments.actions.books import close_book, open_book
from motcua.payments.actions.closing import close_day, remit
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
    refundable,
    refuse_refund,
    reverse_payment,
    unbook_transfer,
)
from motcua.payments.actions.settling import (
    ignore_line,
    settle_automatic,
    settle_line,
    tie_line,
    undo_match,
)
from motcua.payments.actions.statements import StatementDone, import_statement, save_mapping

__all__ = [
    "BillLine",
    "Payer",
    "PaymentDone",
    "StatementDone",
    "adjust_receipt",
    "ask_refund",
    "cancel_bill",
    "close_book",
    "close_day",
    "confirm_refund",
    "count_print",
    "ignore_line",
    "import_statement",
    "issue_missing_receipts",
    "open_bill",
    "open_book",
    "refundable",
    "refuse_refund",
    "remit",
    "replace_receipt",
    "report_lost",
    "reverse_payment",
    "save_mapping",
    "settle_automatic",
    "settle_line",
    "take_payment",
    "tie_line",
    "unbook_transfer",
    "undo_match",
    "void_receipt",
]

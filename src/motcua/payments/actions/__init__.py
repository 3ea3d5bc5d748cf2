"""The public door for writing."""

from motcua.payments.actions.billing import BillLine, Payer, cancel_bill, open_bill
from motcua.payments.actions.books import close_book, note_notice, open_book
from motcua.payments.actions.closing import close_day, remit
from motcua.payments.actions.collectors import (
    CollectorsReport,
    add_account,
    end_account,
    import_collectors,
    register_account,
    set_collector,
)
from motcua.payments.actions.ereceipts import send_receipt, send_waiting
from motcua.payments.actions.paying import PaymentDone, take_payment
from motcua.payments.actions.printing import (
    count_print,
    print_with_subject,
    receipt_pdf,
)
from motcua.payments.actions.receipts import (
    adjust_receipt,
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
)
from motcua.payments.actions.rolling import confirm_book, propose_next_books

__all__ = [
    "BillLine",
    "CollectorsReport",
    "Payer",
    "PaymentDone",
    "add_account",
    "adjust_receipt",
    "ask_refund",
    "cancel_bill",
    "close_book",
    "close_day",
    "confirm_book",
    "confirm_refund",
    "count_print",
    "end_account",
    "import_collectors",
    "issue_missing_receipts",
    "note_notice",
    "open_bill",
    "open_book",
    "print_with_subject",
    "propose_next_books",
    "receipt_pdf",
    "refundable",
    "refuse_refund",
    "register_account",
    "remit",
    "replace_receipt",
    "report_lost",
    "reverse_payment",
    "send_receipt",
    "send_waiting",
    "set_collector",
    "take_payment",
    "void_receipt",
]

"""The public door for writing."""

from motcua.payments.actions.allocating import allocate_advance
from motcua.payments.actions.billing import BillLine, Payer, cancel_bill, lock_bills, open_bill
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
from motcua.payments.actions.counting import DayCounted, confirm_count, count_day, refuse_count
from motcua.payments.actions.ereceipts import send_cancellation, send_receipt, send_waiting
from motcua.payments.actions.missing_receipts import issue_missing_receipts, write_waiting_receipts
from motcua.payments.actions.online import pay_online, platform_bill, resolve_online
from motcua.payments.actions.online_outcome import Reply, ask_now, ask_platform, confirm_online
from motcua.payments.actions.paying import PaymentDone, take_payment
from motcua.payments.actions.printing import (
    count_print,
    print_with_subject,
    receipt_pdf,
)
from motcua.payments.actions.receipts import (
    adjust_receipt,
    replace_receipt,
    report_lost,
    void_receipt,
)
from motcua.payments.actions.refunds import (
    ask_refund,
    confirm_refund,
    lock_refunds,
    pay_out_refund,
    refundable,
    refuse_refund,
    withdraw_refund,
)
from motcua.payments.actions.reversing import reverse_payment, unbook_transfer
from motcua.payments.actions.rolling import confirm_book, propose_next_books
from motcua.payments.actions.settling import (
    ignore_line,
    settle_automatic,
    settle_line,
    tie_line,
    undo_match,
)
from motcua.payments.actions.signing import sign_day
from motcua.payments.actions.statements import StatementDone, import_statement, save_mapping

__all__ = [
    "BillLine",
    "CollectorsReport",
    "DayCounted",
    "Payer",
    "PaymentDone",
    "Reply",
    "StatementDone",
    "add_account",
    "adjust_receipt",
    "allocate_advance",
    "ask_now",
    "ask_platform",
    "ask_refund",
    "cancel_bill",
    "close_book",
    "close_day",
    "confirm_book",
    "confirm_count",
    "confirm_online",
    "confirm_refund",
    "count_day",
    "count_print",
    "end_account",
    "ignore_line",
    "import_collectors",
    "import_statement",
    "issue_missing_receipts",
    "lock_bills",
    "lock_refunds",
    "note_notice",
    "open_bill",
    "open_book",
    "pay_online",
    "pay_out_refund",
    "platform_bill",
    "print_with_subject",
    "propose_next_books",
    "receipt_pdf",
    "refundable",
    "refuse_count",
    "refuse_refund",
    "register_account",
    "remit",
    "replace_receipt",
    "report_lost",
    "resolve_online",
    "reverse_payment",
    "save_mapping",
    "send_cancellation",
    "send_receipt",
    "send_waiting",
    "set_collector",
    "settle_automatic",
    "settle_line",
    "sign_day",
    "take_payment",
    "tie_line",
    "unbook_transfer",
    "undo_match",
    "void_receipt",
    "withdraw_refund",
    "write_waiting_receipts",
]

"""The public door for writing."""

from motcua.payments.actions.billing import BillLine, Payer, cancel_bill, open_bill
from motcua.payments.actions.books import close_book, open_book
from motcua.payments.actions.closing import close_day, remit
from motcua.payments.actions.collectors import (
    CollectorsReport,
    add_account,
    end_account,
    import_collectors,
    register_account,
    set_collector,
)
from motcua.payments.actions.online import pay_online, platform_bill, resolve_online
from motcua.payments.actions.online_outcome import Reply, ask_now, ask_platform, confirm_online
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
)

__all__ = [
    "BillLine",
    "CollectorsReport",
    "Payer",
    "PaymentDone",
    "Reply",
    "add_account",
    "adjust_receipt",
    "ask_now",
    "ask_platform",
    "ask_refund",
    "cancel_bill",
    "close_book",
    "close_day",
    "confirm_online",
    "confirm_refund",
    "count_print",
    "end_account",
    "import_collectors",
    "issue_missing_receipts",
    "open_bill",
    "open_book",
    "pay_online",
    "platform_bill",
    "refundable",
    "refuse_refund",
    "register_account",
    "remit",
    "replace_receipt",
    "report_lost",
    "resolve_online",
    "reverse_payment",
    "set_collector",
    "take_payment",
    "void_receipt",
]

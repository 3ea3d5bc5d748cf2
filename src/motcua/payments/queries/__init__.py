"""The public door for reading."""

from motcua.payments.queries.banks import Bank, bank_name, banks
from motcua.payments.queries.bills import bill_by_reference, bills_of, standing, waiting
from motcua.payments.queries.checking import check_ledger
from motcua.payments.queries.days import (
    closed_day,
    closed_days,
    counts_waiting,
    day_of,
    last_count,
    open_days,
    refund,
    refunds,
    remitted_on,
)
from motcua.payments.queries.desk import (
    BillView,
    PaymentView,
    WaitingPage,
    bill_view,
    bills_named,
    owed_bills,
    paid_state,
    payment_view,
    waiting_page,
)
from motcua.payments.queries.figures import DayFigures, balance, day_figures

__all__ = [
    "Bank",
    "BillView",
    "DayFigures",
    "PaymentView",
    "TransferAccount",
    "TransferQr",
    "WaitingPage",
    "WaysToPay",
    "account_of",
    "balance",
    "bank_name",
    "banks",
    "bill_by_reference",
    "bill_view",
    "bills_named",
    "bills_of",
    "check_ledger",
    "closed_day",
    "closed_days",
    "counts_waiting",
    "day_figures",
    "day_of",
    "last_count",
    "open_days",
    "owed_bills",
    "paid_state",
    "payment_view",
    "refund",
    "refunds",
    "remitted_on",
    "standing",
    "transfer_qr",
    "waiting",
    "waiting_page",
    "ways_of",
    "ways_to_pay",
]

"""The public door for reading."""

from motcua.payments.models import Bill
from motcua.payments.queries.banks import Bank, bank_name, banks
from motcua.payments.queries.bills import bill_by_reference, bills_of, standing, waiting
from motcua.payments.queries.checking import check_ledger
from motcua.payments.queries.collectors import (
    account_to_set_up,
    collector_page,
    collectors_page,
    unit_to_set_up,
)
from motcua.payments.queries.figures import balance, day_figures
from motcua.payments.queries.how import HowToPay, how_to_pay, ways_of_bills
from motcua.payments.queries.online import TransactionPage, transaction_page
from motcua.payments.queries.orders import OpenAttempt, last_attempts, partner_of, payable
from motcua.payments.queries.ways import (
    TransferAccount,
    TransferQr,
    WaysToPay,
    account_of,
    platform_is_connected,
    transfer_qr,
    ways_of,
    ways_to_pay,
)

__all__ = [
    "Bank",
    "Bill",
    "HowToPay",
    "OpenAttempt",
    "TransactionPage",
    "TransferAccount",
    "TransferQr",
    "WaysToPay",
    "account_of",
    "account_to_set_up",
    "balance",
    "bank_name",
    "banks",
    "bill_by_reference",
    "bills_of",
    "check_ledger",
    "collector_page",
    "collectors_page",
    "day_figures",
    "how_to_pay",
    "last_attempts",
    "partner_of",
    "payable",
    "platform_is_connected",
    "standing",
    "transaction_page",
    "transfer_qr",
    "unit_to_set_up",
    "waiting",
    "ways_of",
    "ways_of_bills",
    "ways_to_pay",
]

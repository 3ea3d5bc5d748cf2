"""The public door for reading."""

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
from motcua.payments.queries.receipts import (
    PAGE,
    ReceiptFilters,
    ReceiptPage,
    ReceiptsPage,
    find_receipt,
    printable_receipts,
    receipt_page,
    receipts_of,
    receipts_page,
)
from motcua.payments.queries.ways import (
    TransferAccount,
    TransferQr,
    WaysToPay,
    account_of,
    transfer_qr,
    ways_of,
    ways_to_pay,
)

__all__ = [
    "PAGE",
    "Bank",
    "ReceiptFilters",
    "ReceiptPage",
    "ReceiptsPage",
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
    "find_receipt",
    "printable_receipts",
    "receipt_page",
    "receipts_of",
    "receipts_page",
    "standing",
    "transfer_qr",
    "unit_to_set_up",
    "waiting",
    "ways_of",
    "ways_to_pay",
]

"""The public door for reading."""

from motcua.payments.queries.bills import bill_by_reference, bills_of, standing, waiting
from motcua.payments.queries.checking import check_ledger
from motcua.payments.queries.figures import balance, day_figures
from motcua.payments.queries.receipts import (
    PAGE,
    ReceiptFilters,
    ReceiptPage,
    ReceiptsPage,
    find_receipt,
    receipt_page,
    receipts_of,
    receipts_page,
)

__all__ = [
    "PAGE",
    "ReceiptFilters",
    "ReceiptPage",
    "ReceiptsPage",
    "balance",
    "bill_by_reference",
    "bills_of",
    "check_ledger",
    "day_figures",
    "find_receipt",
    "receipt_page",
    "receipts_of",
    "receipts_page",
    "standing",
    "waiting",
]

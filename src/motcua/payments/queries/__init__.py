"""The public door for reading."""

from motcua.payments.models import Bill
from motcua.payments.queries.banks import Bank, bank_name, banks
from motcua.payments.queries.bills import OPEN, bill_by_reference, bills_of, paid_lines, standing, waiting
from motcua.payments.queries.books import (
    ALL,
    IN_USE,
    TODO,
    BookRow,
    BooksPage,
    book_to_set_up,
    books_page,
    collector_of,
    units_to_open_for,
    units_with_books,
)
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
from motcua.payments.queries.receipts import (
    PAGE,
    ReceiptFilters,
    ReceiptPage,
    ReceiptsPage,
    find_receipt,
    printable_receipts,
    receipt_document,
    receipt_page,
    receipts_of,
    receipts_page,
    require_correct,
    require_print,
)
from motcua.payments.queries.usage import UsageReport, usage_report
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
    "ALL",
    "IN_USE",
    "OPEN",
    "PAGE",
    "TODO",
    "Bank",
    "Bill",
    "BookRow",
    "BooksPage",
    "HowToPay",
    "OpenAttempt",
    "ReceiptFilters",
    "ReceiptPage",
    "ReceiptsPage",
    "TransactionPage",
    "TransferAccount",
    "TransferQr",
    "UsageReport",
    "WaysToPay",
    "account_of",
    "account_to_set_up",
    "balance",
    "bank_name",
    "banks",
    "bill_by_reference",
    "bills_of",
    "book_to_set_up",
    "books_page",
    "check_ledger",
    "collector_of",
    "collector_page",
    "collectors_page",
    "day_figures",
    "find_receipt",
    "how_to_pay",
    "last_attempts",
    "paid_lines",
    "partner_of",
    "payable",
    "platform_is_connected",
    "printable_receipts",
    "receipt_document",
    "receipt_page",
    "receipts_of",
    "receipts_page",
    "require_correct",
    "require_print",
    "standing",
    "transaction_page",
    "transfer_qr",
    "unit_to_set_up",
    "units_to_open_for",
    "units_with_books",
    "usage_report",
    "waiting",
    "ways_of",
    "ways_of_bills",
    "ways_to_pay",
]

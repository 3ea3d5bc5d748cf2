"""The tables of money."""

from motcua.payments.models.accounts import BankAccount, Collector
from motcua.payments.models.days import CashCount, CashierDay
from motcua.payments.models.ledger import Bill, Entry, Payment, Posting
from motcua.payments.models.platform import PlatformExchange, PlatformTransaction
from motcua.payments.models.receipts import Receipt, ReceiptBook, ReceiptCancellation, ReceiptSending
from motcua.payments.models.refunds import Refund
from motcua.payments.models.statements import Statement, StatementLine, StatementMapping, StatementMatch

__all__ = [
    "BankAccount",
    "Bill",
    "CashCount",
    "CashierDay",
    "Collector",
    "Entry",
    "Payment",
    "PlatformExchange",
    "PlatformTransaction",
    "Posting",
    "Receipt",
    "ReceiptBook",
    "ReceiptCancellation",
    "ReceiptSending",
    "Refund",
    "Statement",
    "StatementLine",
    "StatementMapping",
    "StatementMatch",
]

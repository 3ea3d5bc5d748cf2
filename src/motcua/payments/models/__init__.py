"""The tables of money."""

from motcua.payments.models.accounts import BankAccount, Collector
from motcua.payments.models.days import CashierDay
from motcua.payments.models.ledger import Bill, Entry, Payment, Posting
from motcua.payments.models.platform import PlatformTransaction
from motcua.payments.models.receipts import Receipt, ReceiptBook
from motcua.payments.models.refunds import Refund
from motcua.payments.models.statements import Statement, StatementLine, StatementMapping, StatementMatch

__all__ = [
    "BankAccount",
    "Bill",
    "CashierDay",
    "Collector",
    "Entry",
    "Payment",
    "PlatformTransaction",
    "Posting",
    "Receipt",
    "ReceiptBook",
    "Refund",
    "Statement",
    "StatementLine",
    "StatementMapping",
    "StatementMatch",
]

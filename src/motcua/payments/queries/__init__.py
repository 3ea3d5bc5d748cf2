"""The public door for reading."""

from motcua.payments.models import Bill
from motcua.payments.queries.bills import OPEN, bill_by_reference, bills_of, paid_lines, standing, waiting
from motcua.payments.queries.checking import check_ledger
from motcua.payments.queries.figures import balance, day_figures

__all__ = [
    "OPEN",
    "Bill",
    "balance",
    "bill_by_reference",
    "bills_of",
    "check_ledger",
    "day_figures",
    "paid_lines",
    "standing",
    "waiting",
]

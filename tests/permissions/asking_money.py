"""Where the addresses of money lead: bills, receipts, books, accounts and days of both wards."""

from __future__ import annotations

from tests.cast import Cast

Places = dict[str, dict[str, dict[str, object]]]

TILL = {
    "reference": ("bill", "arrival", "refund_ask", "use_advance"),
    "payment_id": ("paid", "reverse"),
    "refund_id": ("refund", "refund_slip"),
    "count_id": ("count",),
    "day_id": ("day", "record", "sign_day"),
}
"""Pages of the till by the name of the place in their address."""
BOOKS = {
    "receipt_id": ("receipt", "receipt_pdf", "receipt_xml", "reprint_receipt"),
    "book_id": ("confirm_book", "note_notice", "notice_pdf", "close_book"),
    "account_id": ("end_account", "register_account"),
    "transaction_id": ("transaction", "ask_again", "platform_paper"),
}
LINES = ("statement_line", "settle_line", "tie_line", "ignore_line", "undo_line", "ask_back")
UNKNOWN = 9_999_999


def money_places(cast: Cast, wards: dict[str, dict[str, object]]) -> Places:
    """Addresses by name; `own` is the first ward's. No statement is in the cast; the stand-in knows no order of it."""
    receipts = _ways(cast, "receipt_id")
    return {
        **{f"cashier:{name}": _ways(cast, place) for place, names in TILL.items() for name in names},
        **{f"payments:{name}": _ways(cast, place) for place, names in BOOKS.items() for name in names},
        "payments:receipt_act": {which: {**place, "slug": "xoa-bo"} for which, place in receipts.items()},
        **{f"payments:{name}": wards for name in ("collector", "edit_collector", "new_account")},
        **{f"payments:{name}": {"unknown": {"line_id": UNKNOWN}} for name in LINES},
        "payments:settle_certain": _ways(cast, "account_id"),
        "payments:report_bill": {"unknown": {"bill_id": UNKNOWN}},
        "payments:simulator": {"unknown": {"reference": "MC0-1"}},
        "portal:bills": {
            "own": {"token": cast.ours.tracking_token},
            "unknown": {"token": "0" * 32},
        },
    }


def _ways(cast: Cast, place: str) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = {
        "own": {place: getattr(cast.till, place)},
        "foreign": {place: getattr(cast.foreign_till, place)},
    }
    if place != "reference":
        found["unknown"] = {place: UNKNOWN}
    return found

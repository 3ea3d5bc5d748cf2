"""VietQR: the payload of a bank transfer (NAPAS over EMVCo merchant-presented mode).

A payload is a row of fields: two digits of tag, two digits of length, the value. Field 38 names the account, 54 the
amount, 62-08 the purpose, 63 a CRC-16/CCITT-FALSE over everything before it and its own tag and length.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from motcua.kernel.messages import Message, msg
from motcua.kernel.text import fold

GUID = "A000000727"
TO_ACCOUNT, TO_CARD = "QRIBFTTA", "QRIBFTTC"
DONG, VIET_NAM = "704", "VN"
LONGEST_PURPOSE, LONGEST_ACCOUNT, LONGEST_AMOUNT, LONGEST_BILL = 25, 19, 13, 25
_BIN = re.compile(r"[0-9]{6}")
_ACCOUNT = re.compile(r"[0-9A-Za-z]{1,19}")
_PURPOSE_KEPT = re.compile(r"[^0-9A-Za-z .\-/]+")


class NotAPayload(ValueError):
    """The text is no VietQR payload, or its check value is wrong; `message` says which."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.source())
        self.message = message


@dataclass(frozen=True, slots=True)
class Transfer:
    """One transfer as a QR asks for it. `amount` None: the payer fills it in (a static code)."""

    bank_bin: str
    account: str
    amount: int | None = None
    purpose: str = ""
    bill_number: str = ""
    to_card: bool = False


def problem(transfer: Transfer) -> Message | None:
    """Why no payload can be made of this, None when it can."""
    if not _BIN.fullmatch(transfer.bank_bin):
        return msg("Mã ngân hàng (BIN) gồm 6 chữ số.")
    if not _ACCOUNT.fullmatch(transfer.account):
        return msg("Số tài khoản gồm 1 đến 19 chữ số hoặc chữ cái không dấu, không có dấu cách.")
    if transfer.amount is not None and not 0 < transfer.amount < 10**LONGEST_AMOUNT:
        return msg("Số tiền phải là số nguyên đồng lớn hơn 0.")
    if not transfer.bill_number.isascii() or len(transfer.bill_number) > LONGEST_BILL:
        return msg("Số hóa đơn tối đa 25 ký tự không dấu.")
    return None


def payload(transfer: Transfer) -> str:
    """The text of the QR. Raises ValueError where `problem` names one; a long purpose is cut to 25 characters."""
    found = problem(transfer)
    if found is not None:
        raise ValueError(found.source())
    beneficiary = _field("00", transfer.bank_bin) + _field("01", transfer.account)
    service = TO_CARD if transfer.to_card else TO_ACCOUNT
    parts = [
        _field("00", "01"),
        _field("01", "11" if transfer.amount is None else "12"),
        _field("38", _field("00", GUID) + _field("01", beneficiary) + _field("02", service)),
        _field("53", DONG),
    ]
    if transfer.amount is not None:
        parts.append(_field("54", str(transfer.amount)))
    parts.append(_field("58", VIET_NAM))
    purpose = plain_purpose(transfer.purpose)
    more = (_field("01", transfer.bill_number) if transfer.bill_number else "") + (
        _field("08", purpose) if purpose else ""
    )
    if more:
        parts.append(_field("62", more))
    unsigned = "".join(parts) + "6304"
    return f"{unsigned}{crc(unsigned):04X}"


def plain_purpose(text: str) -> str:
    """What banks carry: letters without accents, figures, space and `.-/`, at most 25 characters.

    >>> plain_purpose("Phí H05.1-250701-0001")
    'phi H05.1-250701-0001'
    """
    unaccented = " ".join(word if word.isascii() else fold(word) for word in text.split())
    return _PURPOSE_KEPT.sub("", unaccented)[:LONGEST_PURPOSE].strip()


def parse(text: str) -> Transfer:
    """Read a payload back. Raises `NotAPayload` for a wrong check value, structure or kind."""
    text = text.strip()
    if len(text) < 20 or text[-8:-4] != "6304":
        raise NotAPayload(msg("Không phải mã VietQR: thiếu trường kiểm tra cuối mã."))
    if not re.fullmatch(r"[0-9A-Fa-f]{4}", text[-4:]) or int(text[-4:], 16) != crc(text[:-4]):
        raise NotAPayload(msg("Mã VietQR sai ở số kiểm tra: có ký tự bị đọc nhầm. Quét lại."))
    fields = _fields(text)
    account = _fields(fields.get("38", ""))
    if account.get("00") != GUID:
        raise NotAPayload(msg("Mã QR này không phải mã chuyển khoản VietQR."))
    if fields.get("53") != DONG:
        raise NotAPayload(msg("Mã QR không ghi tiền đồng Việt Nam."))
    beneficiary = _fields(account.get("01", ""))
    service = account.get("02", TO_ACCOUNT)
    if service not in (TO_ACCOUNT, TO_CARD):
        raise NotAPayload(msg("Mã QR này không phải mã chuyển khoản VietQR."))
    amount = fields.get("54")
    if amount is not None and not re.fullmatch(r"[0-9]{1,13}", amount):
        raise NotAPayload(msg("Số tiền trong mã QR không đọc được."))
    more = _fields(fields.get("62", ""))
    found = Transfer(
        bank_bin=beneficiary.get("00", ""),
        account=beneficiary.get("01", ""),
        amount=None if amount is None else int(amount),
        purpose=more.get("08", ""),
        bill_number=more.get("01", ""),
        to_card=service == TO_CARD,
    )
    wrong = problem(found)
    if wrong is not None:
        raise NotAPayload(wrong)
    return found


def crc(text: str) -> int:
    """CRC-16/CCITT-FALSE: polynomial 1021, initial FFFF, no reflection. `123456789` gives 29B1."""
    value = 0xFFFF
    for byte in text.encode("utf-8"):
        value ^= byte << 8
        for _bit in range(8):
            value = ((value << 1) ^ 0x1021) & 0xFFFF if value & 0x8000 else value << 1
    return value


def _field(tag: str, value: str) -> str:
    if len(value) > 99:
        raise ValueError(f"field {tag} is longer than 99 characters")
    return f"{tag}{len(value):02d}{value}"


def _fields(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    place = 0
    while place < len(text):
        head = text[place : place + 4]
        if not re.fullmatch(r"[0-9]{4}", head):
            raise NotAPayload(msg("Mã QR có cấu trúc sai."))
        end = place + 4 + int(head[2:])
        if end > len(text):
            raise NotAPayload(msg("Mã QR có cấu trúc sai."))
        found.setdefault(head[:2], text[place + 4 : end])
        place = end
    return found

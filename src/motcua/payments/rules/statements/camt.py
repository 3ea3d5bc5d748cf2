"""camt.053 (ISO 20022 bank-to-customer statement), versions 02 to 08 and later ones of the same shape."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation

from motcua.kernel.clock import VN
from motcua.kernel.errors import Invalid
from motcua.kernel.messages import Message, msg
from motcua.kernel.text import nfc
from motcua.payments.rules.statements.lines import LONGEST_NUMBER, BankLine, Note, StatementRead
from motcua.payments.rules.statements.markup import Element, parse

_NAMESPACE = re.compile(r"urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.([0-9]{2})")
_NOT_GIVEN = frozenset({"", "NOTPROVIDED", "NOREF", "NONREF"})


@dataclass(slots=True)
class _Reading:
    lines: list[BankLine] = field(default_factory=list)
    problems: list[Note] = field(default_factory=list)
    remarks: list[Note] = field(default_factory=list)
    debits: int = 0


def looks_like_xml(data: bytes) -> bool:
    """Whether a file is XML at all."""
    head = data[:400].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").replace(b"\0", b"")
    return head.startswith((b"<?xml", b"<Document", b"<!DOCTYPE"))


def read_camt(data: bytes, *, account: str) -> StatementRead:
    """Every booked credit of the statements of this account. Raises `Invalid` for another kind of file or account."""
    root, namespace = parse(data)
    version = _NAMESPACE.fullmatch(namespace)
    statements = list(root.all("BkToCstmrStmt", "Stmt"))
    if root.tag != "Document" or version is None or not statements:
        raise Invalid(msg("Tệp XML này không phải sao kê camt.053."), field="file")
    found = _Reading()
    others: list[str] = []
    for statement in statements:
        number = statement.said("Acct", "Id", "IBAN") or statement.said("Acct", "Id", "Othr", "Id")
        if not same_account(number, account):
            others.append(number)
            continue
        for entry in statement.all("Ntry"):
            _entry(entry, found)
    if len(others) == len(statements):
        raise Invalid(
            msg(
                "Sao kê này của tài khoản %(other)s, không phải tài khoản %(account)s đã chọn.",
                other=others[0] or "?",
                account=account,
            ),
            field="account",
        )
    return StatementRead(
        layout=f"camt.053.001.{version[1]}",
        lines=tuple(found.lines),
        problems=tuple(found.problems),
        remarks=tuple(found.remarks),
        debits=found.debits,
        skipped=len(others),
    )


def same_account(one: str, other: str) -> bool:
    """Account numbers however they are spaced; an IBAN ends with the number."""
    left, right = (re.sub(r"[^0-9A-Za-z]", "", text).upper() for text in (one, other))
    return bool(left) and (left == right or (left[:2].isalpha() and left.endswith(right)))


def _entry(entry: Element, found: _Reading) -> None:
    place = f"Ntry, dòng {entry.line}"
    status = entry.said("Sts", "Cd") or entry.said("Sts")
    if status and status != "BOOK":
        found.remarks.append(Note(place, msg("Bút toán chưa ghi sổ (%(status)s): bỏ qua.", status=status)))
        return
    if entry.said("RvslInd") in ("true", "1"):
        found.remarks.append(
            Note(
                place,
                msg(
                    "Bút toán đảo %(amount)s: không phải tiền nộp, hãy xem bằng tay.",
                    amount=entry.said("Amt"),
                ),
            )
        )
        return
    if entry.said("CdtDbtInd") != "CRDT":
        found.debits += 1
        return
    try:
        at = _moment(entry)
        total = _amount(entry.first("Amt"))
    except _Wrong as wrong:
        found.problems.append(Note(place, wrong.message))
        return
    found.lines.extend(_transactions(entry, at, total, place))


def _transactions(entry: Element, at: datetime, total: int, place: str) -> Iterator[BankLine]:
    """The transactions of an entry where each has its amount and they come to the entry's; else the entry itself."""
    details = list(entry.all("NtryDtls", "TxDtls"))
    reference = _given(entry.said("AcctSvcrRef")) or _given(entry.said("NtryRef"))
    amounts = [_own_amount(detail) for detail in details]
    if len(details) > 1 and None not in amounts and sum(amount or 0 for amount in amounts) == total:
        for order, (detail, amount) in enumerate(zip(details, amounts, strict=True), 1):
            own = _reference(detail) or (f"{reference}/{order}" if reference else "")
            yield _line(entry, [detail], at, amount or 0, own, f"{place}, TxDtls {order}")
        return
    own = reference or (_reference(details[0]) if len(details) == 1 else "")
    yield _line(entry, details, at, total, own, place)


def _line(
    entry: Element, details: list[Element], at: datetime, amount: int, number: str, place: str
) -> BankLine:
    texts: list[str] = []
    payer = payer_account = ""
    for detail in details:
        texts += [nfc(part.text) for part in detail.all("RmtInf", "Ustrd")]
        texts += [nfc(part.text) for part in detail.all("RmtInf", "Strd", "CdtrRefInf", "Ref")]
        end_to_end = _given(detail.said("Refs", "EndToEndId"))
        texts += [end_to_end] if end_to_end else []
        texts += [detail.said("AddtlTxInf")]
        payer = (
            payer or detail.said("RltdPties", "Dbtr", "Nm") or detail.said("RltdPties", "Dbtr", "Pty", "Nm")
        )
        payer_account = payer_account or (
            detail.said("RltdPties", "DbtrAcct", "Id", "IBAN")
            or detail.said("RltdPties", "DbtrAcct", "Id", "Othr", "Id")
        )
    if not any(texts):
        texts = [entry.said("AddtlNtryInf")]
    text = " ".join(dict.fromkeys(part for part in texts if part))
    return BankLine(place, at, amount, text, nfc(payer), payer_account, number[:LONGEST_NUMBER])


def _reference(detail: Element) -> str:
    refs = ("AcctSvcrRef", "TxId", "UETR", "InstrId")
    return next((said for name in refs if (said := _given(detail.said("Refs", name)))), "")


def _given(text: str) -> str:
    return "" if text.upper() in _NOT_GIVEN else text


def _own_amount(detail: Element) -> int | None:
    found = detail.first("Amt") or detail.first("AmtDtls", "TxAmt", "Amt")
    try:
        return _amount(found)
    except _Wrong:
        return None


class _Wrong(Exception):
    def __init__(self, message: Message) -> None:
        super().__init__(message.source())
        self.message = message


def _amount(element: Element | None) -> int:
    if element is None:
        raise _Wrong(msg("Bút toán không có số tiền (Amt)."))
    if element.attributes.get("Ccy") != "VND":
        raise _Wrong(
            msg("Bút toán không phải tiền đồng (VND): “%(ccy)s”.", ccy=element.attributes.get("Ccy", ""))
        )
    try:
        value = Decimal(element.text.strip())
    except InvalidOperation:
        raise _Wrong(msg("Số tiền “%(said)s” không đọc được.", said=element.text.strip()[:40])) from None
    if not value.is_finite() or value != int(value) or not 0 < value < 10**14:
        raise _Wrong(msg("Số tiền “%(said)s” không phải số nguyên đồng.", said=element.text.strip()[:40]))
    return int(value)


def _moment(entry: Element) -> datetime:
    for path in (("BookgDt", "DtTm"), ("BookgDt", "Dt"), ("ValDt", "DtTm"), ("ValDt", "Dt")):
        said = entry.said(*path)
        if not said:
            continue
        try:
            found = datetime.fromisoformat(said)
        except ValueError:
            raise _Wrong(msg("Ngày “%(said)s” không đọc được.", said=said[:40])) from None
        return found if found.tzinfo else found.replace(tzinfo=VN)
    raise _Wrong(msg("Bút toán không có ngày ghi sổ (BookgDt)."))

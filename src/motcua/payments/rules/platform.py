"""Messages of the national payment platform: their fields, their signatures, what an answer means. Pure.

What could not be confirmed stands in `data/platform.json` with its doubt beside it, not here.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from motcua.kernel import clock

SEPARATOR = "|"
MOMENT = "%Y%m%d%H%M%S"
SIGNATURE = "MaXacThuc"
LONGEST_NAME = 250
PAGE_LASTS = timedelta(minutes=15)
"""How long a second press leads to the page of the first."""
FIRST_ASK = timedelta(minutes=5)
SOONEST, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)
UNREADABLE = -1
GIVE_UP = timedelta(days=3)
AFTER_NO = timedelta(hours=1)
"""When it is asked once more after a no: a bank that said no may have paid all the same."""


class Signing(StrEnum):
    """How a message is signed: a digest with the secret as its last field (seen in version 1.0.6), or an HMAC keyed
    with the secret (seen before).
    """

    DIGEST = "sha256"
    HMAC = "hmac-sha256"


class Kind(StrEnum):
    """What a message asks for; LOOKUP is the platform asking for a bill, without a kind of its own."""

    INIT = "INIT"
    CONFIRM = "CONFIRM"
    QUERY = "QUERY"
    GET_BILL = "GET_BILL"
    LOOKUP = "LOOKUP"


@dataclass(frozen=True, slots=True)
class Wording:
    """The parts of the platform's language that an installation may have to correct."""

    version: str
    fixed: Mapping[str, str]
    signed: Mapping[str, Sequence[str]]
    codes: Mapping[str, str]
    states: Mapping[str, str]
    service: str
    service_suffix: str
    fee_kinds: Mapping[str, str]
    bank_codes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Key:
    """A partner's code and secret, and how it signs."""

    partner: str
    secret: str = field(repr=False)
    signing: Signing = Signing.DIGEST


@dataclass(frozen=True, slots=True)
class OrderLine:
    """What is left to pay of one line of a bill."""

    kind: str
    key: str
    name: str
    amount: int


@dataclass(frozen=True, slots=True)
class Order:
    """One attempt to pay, as the platform is told of it."""

    partner: str
    reference: str
    amount: int
    at: datetime
    ip: str = ""
    description: str = ""
    subject: str = ""
    procedure_code: str = ""
    procedure_name: str = ""
    unit_code: str = ""
    unit_name: str = ""
    bank_bin: str = ""
    account_number: str = ""
    account_holder: str = ""
    payer_name: str = ""
    payer_id_number: str = ""
    payer_address: str = ""
    province: str = ""
    lines: tuple[OrderLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the platform says became of an attempt: `state` succeeded, pending or failed.

    `amount` is None where it says nothing of it, `UNREADABLE` where it says something that is no whole amount.
    """

    state: str
    number: str = ""
    amount: int | None = None
    words: str = ""


def signature(wording: Wording, kind: str, message: Mapping[str, Any], key: Key) -> str:
    """The signature of a message, lower-case hexadecimal."""
    text = SEPARATOR.join(str(message.get(name, "")) for name in wording.signed[kind])
    if key.signing is Signing.HMAC:
        return hmac.new(key.secret.encode(), text.encode(), hashlib.sha256).hexdigest()
    return hashlib.sha256(f"{text}{SEPARATOR}{key.secret}".encode()).hexdigest()


def is_signed(wording: Wording, kind: str, message: Mapping[str, Any], key: Key) -> bool:
    """Whether the message carries the right signature; a value with a separator in it never does."""
    if any(SEPARATOR in str(message.get(name, "")) for name in wording.signed[kind]):
        return False
    given = str(message.get(SIGNATURE, "")).lower()
    return given.isascii() and hmac.compare_digest(given, signature(wording, kind, message, key))


def moment(at: datetime) -> str:
    """An instant as the platform writes it: Vietnamese wall clock, 24 hours."""
    return f"{clock.local(at):{MOMENT}}"


def init(wording: Wording, order: Order, key: Key) -> dict[str, Any]:
    """Ask for a page where this can be paid."""
    message: dict[str, Any] = {
        "LoaiBanTin": Kind.INIT.value,
        "PhienBan": wording.version,
        "MaDoiTac": order.partner,
        "MaThamChieu": order.reference,
        "SoTien": str(order.amount),
        **wording.fixed,
        "ThongTinGiaoDich": _plain(order.description),
        "ThoiGianGD": moment(order.at),
        "Ip": order.ip,
        "ThongTinBienLai": bill(wording, order),
    }
    return {**message, SIGNATURE: signature(wording, Kind.INIT, message, key)}


def ask(wording: Wording, kind: Kind, order: Order, key: Key) -> dict[str, Any]:
    """QUERY: what became of it; GET_BILL: the platform's own paper about it."""
    message = {
        "LoaiBanTin": kind.value,
        "PhienBan": wording.version,
        "MaDoiTac": order.partner,
        "MaThamChieu": order.reference,
        "ThoiGianGD": moment(order.at),
    }
    return {**message, SIGNATURE: signature(wording, kind, message, key)}


def answer(
    wording: Wording, *, code: str, words: str, key: Key | None, reference: str, at: datetime
) -> dict[str, Any]:
    """What we answer to CONFIRM; unsigned when nobody knows whose message it was."""
    message = {
        "MaLoi": code,
        "MoTaLoi": _plain(words),
        "MaDoiTac": key.partner if key else "",
        "MaThamChieu": reference,
        "ThoiGianGD": moment(at),
    }
    return {**message, SIGNATURE: signature(wording, "ANSWER", message, key) if key else ""}


def bill(wording: Wording, order: Order) -> dict[str, Any]:
    """What is to be paid, for whom and into which account (`ThongTinBienLai`)."""
    return {
        "MaDichVu": wording.service,
        "MaDVC": f"{order.procedure_code}{wording.service_suffix}" if order.procedure_code else "",
        "TenDVC": order.procedure_name[:LONGEST_NAME],
        "MaTTHC": order.procedure_code,
        "TenTTHC": order.procedure_name,
        "MaDonVi": order.unit_code,
        "TenDonVi": order.unit_name,
        "MaHoSo": order.subject,
        "TKThuHuong": order.account_number,
        "MaNHThuHuong": wording.bank_codes.get(order.bank_bin, order.bank_bin),
        "TenTKThuHuong": order.account_holder,
        "NoiDungThanhToan": _plain(order.description),
        "HoTenNguoiNop": order.payer_name,
        "SoCMNDNguoiNop": order.payer_id_number,
        "DiaChiNguoiNop": order.payer_address,
        "HuyenNguoiNop": "",
        "TinhNguoiNop": order.province,
        "PhiLePhi": [
            {
                "LoaiPhiLePhi": wording.fee_kinds.get(line.kind, ""),
                "MaPhiLePhi": line.key,
                "TenPhiLePhi": line.name,
                "SoTien": str(line.amount),
            }
            for line in order.lines
        ],
        "DSKhoanNop": [{"NoiDung": line.name, "SoTien": str(line.amount)} for line in order.lines],
    }


def outcome_of_confirm(wording: Wording, message: Mapping[str, Any]) -> Outcome:
    """What a signed CONFIRM says."""
    ok = str(message.get("MaLoi", "")) == wording.codes["ok"]
    return Outcome(
        state="succeeded" if ok else "failed",
        number=str(message.get("MaGiaoDich") or "")[:64],
        amount=UNREADABLE if (amount := whole(message.get("SoTien"))) is None else amount,
        words="" if ok else f"MaLoi {str(message.get('MaLoi', ''))[:20]}",
    )


def outcome_of_query(wording: Wording, message: Mapping[str, Any]) -> Outcome:
    """What an answer to QUERY says; what it does not say is not known."""
    state = wording.states.get(str(message.get("TrangThaiGD", "")), "pending")
    if str(message.get("MaLoi", "")) != wording.codes["ok"]:
        state = "pending"
    return Outcome(
        state=state,
        number=str(message.get("MaGiaoDich") or "")[:64],
        amount=_said_amount(message.get("SoTien")),
        words=str(message.get("MoTaLoi") or "")[:200],
    )


def _said_amount(value: object) -> int | None:
    """The amount of an answer that need not name one."""
    if value in (None, ""):
        return None
    return UNREADABLE if (amount := whole(value)) is None else amount


def whole(value: object) -> int | None:
    """A whole number of đồng, however it is written; None for anything else."""
    text = str(value if value is not None else "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 13 else None


def next_ask(asked: int, now: datetime) -> datetime:
    """When to ask again after `asked` questions without an end: 1, 2, 4 … minutes, six hours at most."""
    return now + min(SOONEST * (1 << min(asked, 12)), LONGEST_WAIT)


def _plain(text: str) -> str:
    """Text that may be signed: no separator, one line."""
    return " ".join(text.replace(SEPARATOR, " ").split())[:LONGEST_NAME]

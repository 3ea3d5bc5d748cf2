"""What the stand-in does with a message. Orders are files in a folder, so that several processes share them."""

from __future__ import annotations

import base64
import json
import os
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Any

from motcua.payments.rules import platform as rules
from motcua.payments.rules.platform import Key, Kind, Wording


class Behaviour(StrEnum):
    """How the platform treats an order, for better and worse."""

    GOOD = "good"
    LOSES_INIT = "loses_init"
    """takes the order and never answers"""
    REFUSES_INIT = "refuses_init"
    BROKEN_INIT = "broken_init"
    """answers with something nobody can read"""
    FAILS = "fails"
    """the bank says no"""
    SILENT = "silent"
    """is paid and never confirms: only QUERY tells"""
    REPEATS = "repeats"
    """confirms three times"""
    CONTRADICTS = "contradicts"
    """confirms, then confirms another number and amount"""
    OTHER_AMOUNT = "other_amount"
    """confirms another amount"""
    FAILS_THEN_PAYS = "fails_then_pays"
    """says no, then yes"""
    PAYS_THEN_FAILS = "pays_then_fails"
    UNKNOWN = "unknown"
    """the bank timed out: QUERY says pending twice, then paid"""
    MUTE = "mute"
    """does not answer QUERY"""
    FORGES = "forges"
    """confirms with a wrong signature"""


class Silence(Exception):
    """The platform does not answer this message."""


@dataclass(frozen=True, slots=True)
class Taken:
    """An order as the platform keeps it. `state` as QUERY tells it: 1, 3, 4; empty before anybody paid."""

    reference: str
    partner: str
    amount: int
    at: str
    description: str = ""
    behaviour: str = Behaviour.GOOD.value
    state: str = ""
    number: str = ""
    queries: int = 0
    bill: dict[str, Any] = field(default_factory=dict)


class Simulator:
    """Takes INIT, QUERY and GET_BILL; `pay` does what the citizen's bank would, and yields the CONFIRMs that follow."""

    def __init__(
        self,
        folder: Path,
        *,
        wording: Wording,
        key: Callable[[str], Key | None],
        page: str,
        behaviour: Behaviour = Behaviour.GOOD,
        delay: float = 0,
    ) -> None:
        self.folder, self.wording, self.key = folder, wording, key
        self.page, self.behaviour, self.delay = page, behaviour, delay
        folder.mkdir(parents=True, exist_ok=True)

    def receive(self, message: Mapping[str, Any]) -> bytes:
        """The answer to a message; raises `Silence`."""
        time.sleep(self.delay)
        kind = str(message.get("LoaiBanTin", ""))
        key = self.key(str(message.get("MaDoiTac", "")))
        if key is None or kind not in ("INIT", "QUERY", "GET_BILL"):
            return self._error(message, "unknown partner or message")
        if not rules.is_signed(self.wording, kind, message, key):
            return self._error(message, "wrong signature")
        if kind == Kind.INIT:
            return self._init(message)
        order = self.order(str(message["MaThamChieu"]))
        if order is None or order.at != str(message["ThoiGianGD"]):
            return self._error(message, "unknown transaction")
        return self._query(order) if kind == Kind.QUERY else self._bill(order)

    def pay(
        self, reference: str, now: datetime, *, behaviour: Behaviour | None = None
    ) -> Iterator[dict[str, Any]]:
        """The citizen pays (or does not): what the platform then tells the unit, message by message."""
        order = self.order(reference)
        if order is None or order.state:
            return
        how = behaviour or Behaviour(order.behaviour)
        state = {Behaviour.FAILS: "4", Behaviour.UNKNOWN: "3"}.get(how, "1")
        order = replace(order, behaviour=how.value, state=state, number=f"PP{secrets.randbelow(10**12):012d}")
        self._keep(order)
        yield from self._confirmations(order, how, now)

    def order(self, reference: str) -> Taken | None:
        """An order taken before."""
        try:
            return Taken(**json.loads(self._path(reference).read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None

    def change(self, reference: str, **values: Any) -> None:
        """What the platform knows of an order turns out otherwise."""
        order = self.order(reference)
        if order is not None:
            self._keep(replace(order, **values))

    def _confirmations(self, order: Taken, how: Behaviour, now: datetime) -> Iterator[dict[str, Any]]:
        good = self._confirm(order, now)
        bad = self._confirm(order, now, code=self.wording.codes["error"])
        other = replace(order, amount=order.amount + 1_000, number=f"{order.number[:-1]}X")
        yield from {
            Behaviour.FAILS: [bad],
            Behaviour.SILENT: [],
            Behaviour.UNKNOWN: [],
            Behaviour.MUTE: [],
            Behaviour.REPEATS: [good] * 3,
            Behaviour.CONTRADICTS: [good, self._confirm(other, now)],
            Behaviour.OTHER_AMOUNT: [self._confirm(replace(other, number=order.number), now)],
            Behaviour.FAILS_THEN_PAYS: [bad, good],
            Behaviour.PAYS_THEN_FAILS: [good, bad],
            Behaviour.FORGES: [{**good, rules.SIGNATURE: "0" * 64}],
        }.get(how, [good])

    def _init(self, message: Mapping[str, Any]) -> bytes:
        reference = str(message["MaThamChieu"])
        amount = rules.whole(message.get("SoTien"))
        if not amount or self.order(reference) is not None:
            return self._error(message, "amount or reference not acceptable")
        if self.behaviour is Behaviour.REFUSES_INIT:
            return self._error(message, "partner is locked")
        self._keep(
            Taken(
                reference=reference,
                partner=str(message["MaDoiTac"]),
                amount=amount,
                at=str(message["ThoiGianGD"]),
                description=str(message.get("ThongTinGiaoDich", "")),
                behaviour=self.behaviour.value,
                bill=dict(message.get("ThongTinBienLai") or {}),
            )
        )
        if self.behaviour is Behaviour.LOSES_INIT:
            raise Silence
        if self.behaviour is Behaviour.BROKEN_INIT:
            return b"<html>Bad gateway</html>"
        url = self.page.format(reference=reference)
        return self._envelope({"MaLoi": self.wording.codes["ok"], "MoTaLoi": "", "UrlThanhToan": url})

    def _query(self, order: Taken) -> bytes:
        how = Behaviour(order.behaviour)
        if how is Behaviour.MUTE:
            raise Silence
        order = replace(order, queries=order.queries + 1)
        if how is Behaviour.UNKNOWN and order.state == "3" and order.queries > 2:
            order = replace(order, state="1")
        self._keep(order)
        return self._envelope(
            {
                "MaLoi": self.wording.codes["ok"],
                "MaDoiTac": order.partner,
                "MaThamChieu": order.reference,
                "TrangThaiGD": order.state or "3",
                "MaGiaoDich": order.number if order.state == "1" else "",
                "SoTien": order.amount,
            }
        )

    def _bill(self, order: Taken) -> bytes:
        if order.state != "1":
            return self._error({"MaThamChieu": order.reference}, "not paid")
        text = f"CHUNG TU MAU - {order.reference} - {order.amount} VND - {order.number}"
        return self._envelope(
            {"MaLoi": self.wording.codes["ok"], "File": base64.b64encode(pdf(text)).decode()}
        )

    def _confirm(self, order: Taken, now: datetime, *, code: str = "") -> dict[str, Any]:
        message = {
            "LoaiBanTin": Kind.CONFIRM.value,
            "MaLoi": code or self.wording.codes["ok"],
            "MaDoiTac": order.partner,
            "MaThamChieu": order.reference,
            "SoTien": order.amount,
            "MaTienTe": "VND",
            "MaGiaoDich": order.number,
            "MaNganHang": "VCB",
            "ThoiGianGD": rules.moment(now),
            "ThongTinGiaoDich": order.description,
        }
        key = self.key(order.partner)
        assert key is not None
        return {**message, rules.SIGNATURE: rules.signature(self.wording, Kind.CONFIRM, message, key)}

    def _error(self, message: Mapping[str, Any], words: str) -> bytes:
        about = str(message.get("MaThamChieu", ""))
        return self._envelope({"MaLoi": self.wording.codes["error"], "MoTaLoi": words, "MaThamChieu": about})

    def _envelope(self, message: Mapping[str, Any]) -> bytes:
        """As the provinces' gateways wrap it."""
        return json.dumps({"error_code": "0", "message": json.dumps(message, ensure_ascii=False)}).encode()

    def _path(self, reference: str) -> Path:
        return self.folder / f"{sha256(reference.encode()).hexdigest()[:32]}.json"

    def _keep(self, order: Taken) -> None:
        path = self._path(order.reference)
        fresh = path.with_suffix(f".{os.getpid()}.{secrets.token_hex(4)}.new")
        fresh.write_text(json.dumps(asdict(order), ensure_ascii=False), encoding="utf-8")
        fresh.replace(path)


def pdf(text: str) -> bytes:
    """The smallest PDF that says a line of ASCII."""
    stream = f"BT /F1 12 Tf 50 780 Td ({text}) Tj ET".encode("ascii", "replace")
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(parts) + 1
    return out + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (size, table, size, len(out))
    )

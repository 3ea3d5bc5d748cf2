"""The national payment platform: what is asked of it (`PaymentPlatform`), over a line that may fail.

An answer that did not come says nothing: the attempt may have been paid. `NoAnswer` is therefore never "failed".
"""

from __future__ import annotations

import base64
import binascii
import json
import socket
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any, Protocol
from urllib.parse import urlsplit

from motcua.payments.rules import platform as rules
from motcua.payments.rules.platform import Key, Kind, Order, Outcome, Wording

LARGEST_ANSWER = 1024 * 1024
LARGEST_BILL = 10 * 1024 * 1024
PDF = b"%PDF-"


class NoAnswer(Exception):
    """The platform did not answer, or with something nobody can read: the outcome is not known."""


class Refused(Exception):
    """The platform answered that it will not; the text is its own."""


@dataclass(slots=True)
class Said:
    """One exchange for the record, without secrets and signatures."""

    kind: Kind
    reference: str
    sent: dict[str, Any]
    answered: dict[str, Any] = field(default_factory=dict)
    outcome: str = ""


class Line(Protocol):
    """Carries one message there and its answer back; raises `NoAnswer`."""

    def send(self, message: Mapping[str, Any]) -> bytes: ...


class PaymentPlatform(Protocol):
    """What a unit may ask of the platform. CONFIRM comes from its side: `accepts` says whether it is genuine."""

    said: list[Said]

    def init(self, order: Order) -> str:
        """The address where the order can be paid. Raises `Refused`, `NoAnswer`."""

    def query(self, order: Order) -> Outcome:
        """What became of the order. Raises `NoAnswer`."""

    def get_bill(self, order: Order) -> bytes:
        """The platform's paper about the paid order, a PDF. Raises `Refused`, `NoAnswer`."""

    def accepts(self, confirmation: Mapping[str, Any]) -> bool:
        """Whether a CONFIRM carries the partner's signature."""


class SignedPlatform:
    """The platform over a line, in its wording, signed with a partner's key."""

    def __init__(self, line: Line, wording: Wording, key: Key) -> None:
        self.line, self.wording, self.key = line, wording, key
        self.said: list[Said] = []

    def init(self, order: Order) -> str:
        message = rules.init(self.wording, order, self.key)
        said, answered = self._ask(Kind.INIT, message)
        url = str(answered.get("UrlThanhToan") or "")
        if str(answered.get("MaLoi", "")) not in ("", self.wording.codes["ok"]):
            said.outcome = "refused"
            raise Refused(str(answered.get("MoTaLoi") or answered.get("MaLoi"))[:200])
        if not _is_page(url):
            said.outcome = "no address"
            raise NoAnswer("no address to pay at")
        said.outcome = "ok"
        return url

    def query(self, order: Order) -> Outcome:
        said, answered = self._ask(Kind.QUERY, rules.ask(self.wording, Kind.QUERY, order, self.key))
        about = (answered.get("MaDoiTac", order.partner), answered.get("MaThamChieu", order.reference))
        if about != (order.partner, order.reference):
            said.outcome = "about another"
            raise NoAnswer("the answer is about another transaction")
        found = rules.outcome_of_query(self.wording, answered)
        said.outcome = found.state
        return found

    def get_bill(self, order: Order) -> bytes:
        said = Said(Kind.GET_BILL, order.reference, {})
        self.said.append(said)
        message = rules.ask(self.wording, Kind.GET_BILL, order, self.key)
        said.sent = _recorded(message)
        content = self._send(said, message)
        if not content.startswith(PDF):
            said.answered = _recorded(_read(content, said))
            content = _carried(said.answered)
        if not content.startswith(PDF) or len(content) > LARGEST_BILL:
            said.outcome = "refused"
            raise Refused(str(said.answered.get("MoTaLoi") or "")[:200])
        said.answered, said.outcome = {"bytes": len(content)}, "ok"
        return content

    def accepts(self, confirmation: Mapping[str, Any]) -> bool:
        return rules.is_signed(self.wording, Kind.CONFIRM, confirmation, self.key)

    def _ask(self, kind: Kind, message: dict[str, Any]) -> tuple[Said, dict[str, Any]]:
        said = Said(kind, message["MaThamChieu"], _recorded(message))
        self.said.append(said)
        answered = _read(self._send(said, message), said)
        said.answered = _recorded(answered)
        return said, answered

    def _send(self, said: Said, message: Mapping[str, Any]) -> bytes:
        try:
            return self.line.send(message)
        except NoAnswer as failure:
            said.outcome, said.answered = "no answer", {"error": str(failure)[:200]}
            raise


class HttpLine:
    """One address that takes every message as JSON; a gateway's token goes along where one is set."""

    def __init__(self, url: str, *, token: str = "", timeout: float = 10) -> None:
        if urlsplit(url).scheme not in ("http", "https"):
            raise ValueError(f"not an address of the platform: {url}")
        self.url, self.token, self.timeout = url, token, timeout

    def send(self, message: Mapping[str, Any]) -> bytes:
        request = urllib.request.Request(  # noqa: S310 - the scheme is checked above
            self.url,
            data=json.dumps(message, ensure_ascii=False).encode(),
            headers={
                "Content-Type": "application/json; charset=utf-8",
                "Accept": "application/json, application/pdf",
                **({"Authorization": f"Bearer {self.token}"} if self.token else {}),
            },
        )
        try:
            with _opener.open(request, timeout=self.timeout) as response:
                content: bytes = response.read(LARGEST_BILL + 1)
                return content
        except urllib.error.HTTPError as error:
            raise NoAnswer(f"HTTP {error.code}") from None
        except (OSError, HTTPException, ValueError) as error:
            reason = getattr(error, "reason", error)
            slow = isinstance(reason, TimeoutError | socket.timeout)
            raise NoAnswer("time is up" if slow else type(reason).__name__) from None


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A payment message goes where it was sent and nowhere else."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


_opener = urllib.request.build_opener(_NoRedirect)


def _read(content: bytes, said: Said) -> dict[str, Any]:
    """The message in an answer, taken out of a gateway's envelope `{"error_code": …, "message": "<JSON>"}`."""
    try:
        if len(content) > LARGEST_ANSWER:
            raise ValueError("too long")
        found = json.loads(content)
        inner = found.get("message") if isinstance(found, dict) else None
        if isinstance(inner, str) and inner.lstrip().startswith("{"):
            found = json.loads(inner)
        elif isinstance(inner, dict):
            found = inner
        if not isinstance(found, dict):
            raise ValueError("no object")
        if "MaLoi" not in found and str(found.get("error_code", "0")) not in ("0", "00"):
            raise ValueError(f"error_code {found['error_code']}")
    except (ValueError, RecursionError) as error:
        said.outcome, said.answered = "unreadable", {"error": str(error)[:200]}
        raise NoAnswer("the answer cannot be read") from None
    return found


def _carried(answered: Mapping[str, Any]) -> bytes:
    """A PDF carried in base64 by whichever field of the answer looks like one."""
    for value in answered.values():
        if isinstance(value, str) and value.startswith("JVBERi"):
            try:
                return base64.b64decode(value, validate=True)
            except binascii.Error:
                return b""
    return b""


def _is_page(url: str) -> bool:
    """An address a browser may be sent to."""
    parts = urlsplit(url)
    return len(url) <= 2000 and (
        (parts.scheme in ("http", "https") and bool(parts.netloc))
        or (not parts.scheme and not parts.netloc and url.startswith("/"))
    )


def _recorded(message: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in message.items() if name != rules.SIGNATURE}

"""A signing service elsewhere, as a driver sees one: it answers late, refuses, or is away. For tests alone."""

from __future__ import annotations

from dataclasses import dataclass, field

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import Encoding

from motcua.documents.rules.signing import Signer
from motcua.documents.signing.drivers import Answer, Request
from motcua.documents.signing.pades import Identity
from motcua.documents.tests import signers


@dataclass
class Service:
    """What the other side remembers: requests by key, and what the person decided."""

    requests: dict[str, Request] = field(default_factory=dict)
    begun: list[str] = field(default_factory=list)
    decision: str = "wait"
    away: bool = False
    dies_after_begin: bool = False


SERVICE = Service()


class Killed(BaseException):
    """Stands for kill -9: nothing catches it."""


class Telephone:
    """Signs with the key of "hoa" once the person has confirmed."""

    answers_at_once = False

    def __init__(self, signer: Signer) -> None:
        self.name = str(signer.options["account"])

    def identity(self) -> Identity:
        if SERVICE.away:
            raise ConnectionError("không kết nối được")
        made = signers.certificate(self.name, serial=77)
        return Identity(made.public_bytes(Encoding.DER), (signers.authority().public_bytes(Encoding.DER),))

    def begin(self, request: Request) -> Answer:
        if SERVICE.away:
            raise ConnectionError("không kết nối được")
        SERVICE.begun.append(request.key)
        before = SERVICE.requests.setdefault(request.key, request)
        assert before.digest == request.digest, "the same key must mean the same request"
        if SERVICE.dies_after_begin:
            SERVICE.dies_after_begin = False
            raise Killed
        return Answer(reference=request.key)

    def fetch(self, reference: str) -> Answer:
        if SERVICE.decision == "refuse":
            return Answer(refused="người ký đã từ chối trên điện thoại")
        if SERVICE.decision == "wait":
            return Answer(reference=reference)
        request = SERVICE.requests[reference]
        owner = signers.key("other" if SERVICE.decision == "wrong" else self.name)
        return Answer(signature=owner.sign(request.attributes, padding.PKCS1v15(), hashes.SHA256()))

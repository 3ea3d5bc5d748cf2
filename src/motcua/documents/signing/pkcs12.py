"""A certificate with its key in a file on this machine (PKCS#12), opened with a passphrase from elsewhere."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12

from motcua.documents.rules.signing import CannotSign, Signer
from motcua.documents.signing.drivers import Answer, Request
from motcua.documents.signing.pades import Identity

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@dataclass(frozen=True, slots=True)
class _Opened:
    key: PrivateKey
    identity: Identity


class Pkcs12:
    """Options: `file`, and `passphrase_file` (its first line) or `passphrase_env` (a variable of the service)."""

    answers_at_once = True

    def __init__(self, signer: Signer) -> None:
        self.file = str(signer.options.get("file", ""))
        self.passphrase_file = str(signer.options.get("passphrase_file", ""))
        self.passphrase_env = str(signer.options.get("passphrase_env", ""))

    def identity(self) -> Identity:
        return self._opened().identity

    def begin(self, request: Request) -> Answer:
        key = self._opened().key
        if isinstance(key, rsa.RSAPrivateKey):
            return Answer(signature=key.sign(request.attributes, padding.PKCS1v15(), hashes.SHA256()))
        return Answer(signature=key.sign(request.attributes, ec.ECDSA(hashes.SHA256())))

    def fetch(self, reference: str) -> Answer:
        raise NotImplementedError("a key on this machine answers at once")

    def _opened(self) -> _Opened:
        path = Path(self.file)
        try:
            found = path.stat()
            return _open(self.file, self._passphrase(), found.st_mtime_ns, found.st_size)
        except OSError as error:
            raise CannotSign("file_missing", file=path.name or "“file”") from error

    def _passphrase(self) -> str:
        if self.passphrase_file:
            try:
                said = Path(self.passphrase_file).read_text(encoding="utf-8").split("\n", 1)[0].rstrip("\r")
            except (OSError, UnicodeDecodeError):
                said = ""
        else:
            said = os.environ.get(self.passphrase_env, "")
        if not said:
            raise CannotSign("passphrase_missing", file=Path(self.file).name)
        return said


@lru_cache(maxsize=256)
def _open(file: str, passphrase: str, _changed: int, _size: int) -> _Opened:
    """Opened once for each state of the file: deriving its key takes a tenth of a second on purpose."""
    name = Path(file).name
    try:
        found = load_pkcs12(Path(file).read_bytes(), passphrase.encode())
    except ValueError as error:
        raise CannotSign("wrong_passphrase", file=name) from error
    if found.key is None or found.cert is None:
        raise CannotSign("no_key", file=name)
    key = found.key
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise CannotSign("weak_key", name=name)
    shape = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    if key.public_key().public_bytes(*shape) != found.cert.certificate.public_key().public_bytes(*shape):
        raise CannotSign("key_mismatch", file=name)
    return _Opened(
        key,
        Identity(
            found.cert.certificate.public_bytes(Encoding.DER),
            tuple(other.certificate.public_bytes(Encoding.DER) for other in found.additional_certs),
        ),
    )

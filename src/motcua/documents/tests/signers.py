"""Certificates and declarations for tests: a small authority, people and offices with their keys in files."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

START = datetime(2025, 1, 1, tzinfo=UTC)
END = datetime(2028, 1, 1, tzinfo=UTC)
PASSPHRASE = "mật khẩu thử"
Change = Callable[[x509.CertificateBuilder], x509.CertificateBuilder]


def key(name: str, size: int = 2048) -> rsa.RSAPrivateKey:
    """The same key for the same name within a process: making one takes a while."""
    return _key(name, size)


@cache
def _key(_name: str, size: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=size)


@cache
def authority() -> x509.Certificate:
    name = _name("CA của phép thử")
    begun = _begun(name, name, key("ca")).add_extension(
        x509.BasicConstraints(ca=True, path_length=0), critical=True
    )
    return begun.sign(key("ca"), hashes.SHA256())


def certificate(
    name: str,
    *,
    start: datetime = START,
    end: datetime = END,
    size: int = 2048,
    signs: bool = True,
    unit: str = "",
    serial: int | None = None,
) -> x509.Certificate:
    """A certificate of the test's authority, as good or bad as asked."""
    usage = x509.KeyUsage(
        digital_signature=signs, content_commitment=signs, key_encipherment=not signs, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    begun = _begun(
        _name(name, unit), authority().subject, key(name, size), start=start, end=end, serial=serial
    )
    return begun.add_extension(usage, critical=True).sign(key("ca"), hashes.SHA256())


def crl(*revoked: x509.Certificate, at: datetime = START + timedelta(days=30)) -> bytes:
    """The authority's list of revoked certificates."""
    made = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(authority().subject)
        .last_update(at)
        .next_update(END)
    )
    for one in revoked:
        made = made.add_revoked_certificate(
            x509.RevokedCertificateBuilder().serial_number(one.serial_number).revocation_date(at).build()
        )
    return made.sign(key("ca"), hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


@dataclass
class Folder:
    """The operator's folder: certificates, passphrases, the declaration and the trusted authority."""

    path: Path
    entries: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.path.mkdir(parents=True, exist_ok=True)
        pem = authority().public_bytes(serialization.Encoding.PEM)
        self.ca.write_bytes(pem)
        (self.path / "mat-khau.txt").write_text(PASSPHRASE + "\n", encoding="utf-8")
        self.write()

    @property
    def file(self) -> Path:
        return self.path / "chu-ky.json"

    @property
    def ca(self) -> Path:
        return self.path / "ca.pem"

    def pkcs12(self, file: str, made: x509.Certificate, owner: rsa.RSAPrivateKey) -> Path:
        content = pkcs12.serialize_key_and_certificates(
            b"x", owner, made, [authority()], serialization.BestAvailableEncryption(PASSPHRASE.encode())
        )
        target = self.path / file
        target.write_bytes(content)
        return target

    def declare(self, name: str, file: str = "", **entry: Any) -> x509.Certificate:
        """A certificate in a file and its entry; `entry` says whose it is (unit and role, or person)."""
        facts = {key: entry.pop(key) for key in ("start", "end", "size", "signs") if key in entry}
        made = certificate(name, **facts)
        file = file or f"{len(self.entries)}.p12"
        self.pkcs12(file, made, key(name, facts.get("size", 2048)))
        self.entries.append({"driver": "pkcs12", "file": file, "passphrase_file": "mat-khau.txt", **entry})
        self.write()
        return made

    def write(self) -> None:
        """The declaration as it is now; read anew because its size or date changed."""
        self.file.write_text(json.dumps(self.entries, ensure_ascii=False), encoding="utf-8")


def _begun(
    subject: x509.Name,
    issuer: x509.Name,
    owner: rsa.RSAPrivateKey,
    *,
    start: datetime = START,
    end: datetime = END,
    serial: int | None = None,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(owner.public_key())
        .serial_number(serial or x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
    )


def _name(common: str, unit: str = "") -> x509.Name:
    parts = [(NameOID.COUNTRY_NAME, "VN"), (NameOID.ORGANIZATION_NAME, unit), (NameOID.COMMON_NAME, common)]
    with warnings.catch_warnings(
        action="ignore"
    ):  # real certificates carry longer names than the standard allows
        return x509.Name([x509.NameAttribute(oid, text, _validate=False) for oid, text in parts if text])

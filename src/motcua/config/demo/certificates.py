"""Certificates of the demo: made where the demo is loaded, marked in every name, refused by a production start."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from motcua.documents.types_signing import DEMO_MARK

AUTHORITY = "CA thử nghiệm Một Cửa, không có giá trị pháp lý"
YEARS = 2
SIZE = 2048
LONGEST = 64


@dataclass(frozen=True, slots=True)
class Authority:
    """The demo's own root."""

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate

    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)


def make_authority(now: datetime) -> Authority:
    """A root that exists nowhere else: whoever trusts it trusts this demo alone."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=SIZE)
    name = _name(AUTHORITY)
    usage = x509.KeyUsage(
        digital_signature=False, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    made = (
        _begun(name, name, key, now)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
    )
    return Authority(key, made.sign(key, hashes.SHA256()))


def make_pkcs12(
    authority: Authority, *, name: str, organisation: str, passphrase: str, now: datetime
) -> bytes:
    """A certificate for a person or an office, with its key, as operators get it: one file and its passphrase."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=SIZE)
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    made = (
        _begun(_name(name, organisation), authority.certificate.subject, key, now)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()), critical=False
        )
    )
    certificate = made.sign(authority.key, hashes.SHA256())
    return pkcs12.serialize_key_and_certificates(
        name.encode(),
        key,
        certificate,
        [authority.certificate],
        serialization.BestAvailableEncryption(passphrase.encode()),
    )


def _begun(
    subject: x509.Name, issuer: x509.Name, key: rsa.RSAPrivateKey, now: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365 * YEARS))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _name(common: str, organisation: str = "") -> x509.Name:
    parts: Sequence[tuple[x509.ObjectIdentifier, str]] = (
        (NameOID.COUNTRY_NAME, "VN"),
        (NameOID.ORGANIZATION_NAME, organisation),
        (NameOID.ORGANIZATIONAL_UNIT_NAME, DEMO_MARK),
        (NameOID.COMMON_NAME, common),
    )
    return x509.Name([x509.NameAttribute(oid, _fitting(text)) for oid, text in parts if text])


def _fitting(text: str) -> str:
    """As many whole words as fit into the 64 octets a part of a name may have."""
    words = text.split()
    while len(" ".join(words).encode()) > LONGEST:
        words.pop()
    return " ".join(words)

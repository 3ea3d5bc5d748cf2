"""Reading certificates: whose, by whom, until when, and whether the demo made them.

asn1crypto reads them: names in Vietnamese certificates are longer than X.520 allows, which others warn of.
"""

from __future__ import annotations

from collections.abc import Iterable

from asn1crypto import x509

from motcua.documents.rules.signing import CannotSign, Certificate
from motcua.documents.types_signing import DEMO_MARK

BITS = {"rsa": 2048, "ec": 256}


def read(der: bytes, chain: Iterable[bytes] = ()) -> Certificate:
    """What a certificate says; `is_demo` when it or what stands above it was made for the demo."""
    own = x509.Certificate.load(der)
    above = [x509.Certificate.load(one) for one in chain]
    return Certificate(
        name=named(own.subject),
        organisation=_first(own.subject, "organization_name"),
        issuer=named(own.issuer),
        serial=serial_text(own.serial_number),
        not_before=own.not_valid_before,
        not_after=own.not_valid_after,
        is_demo=any(_is_marked(one) for one in (own, *above)),
    )


def named(name: x509.Name) -> str:
    """The common name, or all of it where there is none."""
    return _first(name, "common_name") or str(name.human_friendly)


def serial_text(number: int) -> str:
    """A serial number as certificates show it: hexadecimal, whole octets."""
    text = f"{number:X}"
    return text if len(text) % 2 == 0 else f"0{text}"


def require_use(der: bytes, name: str) -> None:
    """Raise `CannotSign` unless the certificate is strong enough and was given for signing."""
    own = x509.Certificate.load(der)
    if own.public_key.bit_size < BITS.get(own.public_key.algorithm, 1 << 20):
        raise CannotSign("weak_key", name=name)
    usage = own.key_usage_value
    if usage is not None and not {"digital_signature", "non_repudiation"} & set(usage.native):
        raise CannotSign("not_for_signing", name=name)


def _is_marked(certificate: x509.Certificate) -> bool:
    return any(
        DEMO_MARK in said for name in (certificate.subject, certificate.issuer) for said in _texts(name)
    )


def _first(name: x509.Name, kind: str) -> str:
    found = name.native.get(kind, "")
    return str(found[0] if isinstance(found, list) else found)


def _texts(name: x509.Name) -> list[str]:
    found: list[str] = []
    for value in name.native.values():
        found += map(str, value) if isinstance(value, list) else [str(value)]
    return found

"""Lists of revoked certificates on this machine (`MOTCUA_SIGNING_CRL`); fetching them is the operator's cron."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from pathlib import Path

from asn1crypto import crl, pem, x509
from django.conf import settings

from motcua.documents.rules.signing import CannotSign


def revoked_on(certificate: bytes) -> datetime | None:
    """When its issuer revoked a certificate, as far as the lists say. Raises `CannotSign("crl_missing")`."""
    own = x509.Certificate.load(certificate)
    for found in lists():
        if found.issuer == own.issuer:
            for entry in found["tbs_cert_list"]["revoked_certificates"]:
                if entry["user_certificate"].native == own.serial_number:
                    moment: datetime = entry["revocation_date"].native
                    return moment
    return None


def lists() -> list[crl.CertificateList]:
    """Every list that is set up."""
    found = []
    for name in settings.SIGNING_CRL:
        path = Path(name)
        try:
            state = path.stat()
            found.append(_read(name, state.st_mtime_ns, state.st_size))
        except (OSError, ValueError) as error:
            raise CannotSign("crl_missing", file=path.name) from error
    return found


@lru_cache(maxsize=16)
def _read(name: str, _changed: int, _size: int) -> crl.CertificateList:
    data = Path(name).read_bytes()
    if pem.detect(data):
        _kind, _headers, data = pem.unarmor(data)
    found = crl.CertificateList.load(data, strict=True)
    assert found.issuer is not None  # a list that is none says so here
    return found

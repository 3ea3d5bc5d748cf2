"""Is a signed PDF what it says? Who signed, when, whether it is whole, and which authority stands behind it.

Nothing is fetched: authorities and lists of revoked certificates are files of the installation. A certificate is held
against the time the signer states, so that one that ended since still counts; a time-stamp proves that time.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from asn1crypto import pem, x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext

from motcua.documents.signing import certificates, revoked

HARMLESS = frozenset({ModificationLevel.NONE, ModificationLevel.LTA_UPDATES, ModificationLevel.FORM_FILLING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One signature of a file. `at` is what the signer's clock said; `timestamp` what a time-stamping service said.

    intact: the bytes it covers are those that were signed, by this certificate's key. changed: something other than
    further signatures was added afterwards. trusted: `authority` stands behind the certificate at that time.
    """

    field: str
    name: str
    organisation: str
    issuer: str
    serial: str
    at: datetime | None
    timestamp: datetime | None
    intact: bool
    changed: bool
    trusted: bool
    authority: str
    demo: bool
    problem: str

    @property
    def ok(self) -> bool:
        return self.intact and not self.changed and self.trusted


@dataclass(frozen=True, slots=True)
class Report:
    """All signatures of a file, and whether the last covers it to its end."""

    signatures: tuple[Seen, ...]
    covered: bool

    @property
    def intact(self) -> bool:
        """Nothing was changed, whoever stands behind the certificates."""
        return bool(self.signatures) and all(one.intact and not one.changed for one in self.signatures)

    @property
    def ok(self) -> bool:
        return self.intact and self.covered and all(one.trusted for one in self.signatures)


class NotReadable(Exception):
    """The file is no PDF that can be read."""


def check(content: bytes, *, authorities: Iterable[Path], now: datetime) -> Report:
    """Look at every signature of a PDF. Raises `NotReadable`."""
    try:
        reader = PdfFileReader(io.BytesIO(content))
        embedded = reader.embedded_regular_signatures
    except (PdfError, SigningError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotReadable(str(error) or type(error).__name__) from error
    roots = [certificate for path in authorities for certificate in read_certificates(path)]
    seen = tuple(_looked_at(one, roots, now) for one in embedded)
    return Report(seen, bool(embedded) and _covers(embedded[-1], len(content)))


def read_certificates(path: Path) -> list[x509.Certificate]:
    """The certificates of a PEM or DER file."""
    data = path.read_bytes()
    if not pem.detect(data):
        return [x509.Certificate.load(data)]
    return [x509.Certificate.load(der) for _kind, _headers, der in pem.unarmor(data, multiple=True)]


def _covers(embedded: Any, size: int) -> bool:
    byte_range = [int(part) for part in embedded.byte_range]
    return byte_range[0] == 0 and byte_range[2] + byte_range[3] == size


def _looked_at(embedded: Any, roots: Sequence[x509.Certificate], now: datetime) -> Seen:
    """A signature so broken that it cannot even be read is a broken signature, not an error of ours."""
    try:
        return _seen(embedded, roots, now)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, PdfError, SigningError) as error:
        return Seen(
            field=str(embedded.field_name), name="", organisation="", issuer="", serial="", at=None, timestamp=None,
            intact=False, changed=True, trusted=False, authority="", demo=False,
            problem=str(error) or type(error).__name__,
        )  # fmt: skip


def _seen(embedded: Any, roots: Sequence[x509.Certificate], now: datetime) -> Seen:
    own = embedded.signer_cert
    chain = [one.dump() for one in embedded.other_embedded_certs]
    said = certificates.read(own.dump(), chain)
    status, problem = _status(embedded, roots, embedded.self_reported_timestamp or now)
    path = list(status.validation_path) if status and status.validation_path else []
    timestamp = status.timestamp_validity if status else None
    return Seen(
        field=str(embedded.field_name),
        name=said.name,
        organisation=said.organisation,
        issuer=said.issuer,
        serial=said.serial,
        at=embedded.self_reported_timestamp,
        timestamp=timestamp.timestamp if timestamp and timestamp.valid and timestamp.intact else None,
        intact=bool(status and status.intact and status.valid),
        changed=not (status and status.modification_level in HARMLESS),
        trusted=bool(status and status.trusted),
        authority=certificates.named(path[0].subject) if status and status.trusted and path else "",
        demo=said.is_demo,
        problem=problem,
    )


def _status(
    embedded: Any, roots: Sequence[x509.Certificate], moment: datetime
) -> tuple[PdfSignatureStatus | None, str]:
    context = ValidationContext(
        trust_roots=list(roots),
        allow_fetching=False,
        crls=[one.dump() for one in revoked.lists()],
        revocation_mode="soft-fail",
        moment=moment,
        best_signature_time=moment,
    )
    try:
        status = validate_pdf_signature(embedded, signer_validation_context=context)
    except (SignatureValidationError, SigningError, PdfError, ValueError, KeyError, TypeError) as error:
        return None, str(error) or type(error).__name__
    problem = status.trust_problem_indic
    return status, str(problem.standard_name).lower() if problem is not None else ""

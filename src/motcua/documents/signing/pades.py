"""PAdES signatures in two steps: a PDF with a place for the signature and what is to be signed; then the signed PDF.

Between the steps lies whatever the signer needs: nothing for a key on this machine, an hour for somebody's telephone.
Everything is an incremental update, so the paper's own bytes stay the beginning of the file.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import cms, x509
from cryptography import x509 as c_x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from pyhanko.pdf_utils.generic import DictionaryObject, pdf_name
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.signers.pdf_byterange import PreparedByteRangeDigest
from pyhanko.sign.timestamps import HTTPTimeStamper, TimestampRequestError
from pyhanko.stamp import BaseStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from motcua.documents.rules.signing import CannotSign
from motcua.documents.signing.certificates import read
from motcua.documents.signing.fields import Update
from motcua.kernel.clock import local

DIGEST = "sha256"
ROOM = 6 * 1024
"""Bytes for the signature besides its certificates."""
ROOM_FOR_TIMESTAMP = 12 * 1024
TIMESTAMP_SECONDS = 15


@dataclass(frozen=True, slots=True)
class Identity:
    """A certificate and what stands between it and its root, as DER. The first is the signer's own."""

    certificate: bytes
    chain: tuple[bytes, ...] = ()

    def own(self) -> x509.Certificate:
        return x509.Certificate.load(self.certificate)

    def store(self) -> SimpleCertificateStore:
        store = SimpleCertificateStore()
        store.register_multiple([x509.Certificate.load(one) for one in self.chain])
        return store


@dataclass(frozen=True, slots=True)
class Prepared:
    """A PDF that lacks only its signature. `attributes` is what is signed, as DER; all of it may be kept in a row."""

    pdf: bytes
    digest: bytes
    start: int
    end: int
    attributes: bytes

    @property
    def to_sign(self) -> bytes:
        """SHA-256 of what is signed: what a remote service takes."""
        return hashlib.sha256(self.attributes).digest()


@dataclass(frozen=True)
class _Drawn(BaseStampStyle):
    """A stamp that is drawn already: the page of a PDF becomes the field's appearance as it is."""

    page: bytes = b""

    def create_stamp(self, writer: BasePdfFileWriter, box: BoxConstraints, text_params: Any) -> Any:
        return _Appearance(writer, self.page)


@dataclass(frozen=True, slots=True)
class _Appearance:
    writer: BasePdfFileWriter
    page: bytes

    def apply_appearance(self, widget: DictionaryObject) -> None:
        drawn = self.writer.import_page_as_xobject(PdfFileReader(io.BytesIO(self.page)), page_ix=0)
        widget[pdf_name("/AP")] = DictionaryObject({pdf_name("/N"): drawn})


def prepare(
    pdf: bytes,
    *,
    field: str,
    identity: Identity,
    stamp: bytes,
    reason: str,
    now: datetime,
    timestamped: bool = False,
) -> Prepared:
    """Fill an empty field with its stamp and leave room for the signature."""
    signer = signers.ExternalSigner(identity.own(), identity.store(), signature_value=512)
    meta = signers.PdfSignatureMetadata(
        field_name=field,
        md_algorithm=DIGEST,
        subfilter=fields.SigSeedSubFilter.PADES,
        reason=reason or None,
    )
    writer = Update(io.BytesIO(pdf))
    session = signers.PdfSigner(meta, signer, stamp_style=_Drawn(page=stamp)).init_signing_session(
        writer, existing_fields_only=True
    )
    session.system_time = local(now)
    certificates = sum(map(len, (identity.certificate, *identity.chain)))
    room = ROOM + certificates + (ROOM_FOR_TIMESTAMP if timestamped else 0)
    document = session.prepare_tbs_document(validation_info=None, bytes_reserved=2 * room)
    digested, output = document.digest_tbs_document()
    attributes = asyncio.run(signer.signed_attrs(digested.document_digest, DIGEST, use_pades=True))
    output.seek(0)
    return Prepared(
        pdf=output.read(),
        digest=digested.document_digest,
        start=digested.reserved_region_start,
        end=digested.reserved_region_end,
        attributes=attributes.dump(),
    )


def finish(prepared: Prepared, *, identity: Identity, signature: bytes, timestamp_url: str = "") -> bytes:
    """The signed PDF. Raises `CannotSign` when the signature is not by this certificate over this paper."""
    verify(identity, prepared.attributes, signature)
    signer = signers.ExternalSigner(identity.own(), identity.store(), signature_value=signature)
    timestamper = HTTPTimeStamper(timestamp_url, timeout=TIMESTAMP_SECONDS) if timestamp_url else None
    try:
        signed = asyncio.run(_package(signer, cms.CMSAttributes.load(prepared.attributes), timestamper))
    except (TimestampRequestError, OSError, TimeoutError) as error:
        raise CannotSign("timestamp", why=str(error) or type(error).__name__) from error
    output = io.BytesIO(prepared.pdf)
    place = PreparedByteRangeDigest(
        document_digest=prepared.digest,
        reserved_region_start=prepared.start,
        reserved_region_end=prepared.end,
    )
    place.fill_with_cms(output, signed)
    return output.getvalue()


async def _package(
    signer: signers.ExternalSigner, attributes: cms.CMSAttributes, timestamper: HTTPTimeStamper | None
) -> cms.ContentInfo:
    return await signer.async_sign_prescribed_attributes(
        DIGEST, signed_attrs=attributes, timestamper=timestamper
    )


def verify(identity: Identity, attributes: bytes, signature: bytes) -> None:
    """Raise `CannotSign` unless the signature belongs to the certificate's key and to these bytes."""
    own = c_x509.load_der_x509_certificate(identity.certificate)
    key = own.public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, attributes, padding.PKCS1v15(), hashes.SHA256())
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, attributes, ec.ECDSA(hashes.SHA256()))
        else:
            raise InvalidSignature
    except InvalidSignature as error:
        raise CannotSign("wrong_signature", name=read(identity.certificate).name) from error

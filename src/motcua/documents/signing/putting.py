"""One signature from its declaration to the signed bytes: certificate, stamp, driver, the two steps. Writes no row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from motcua.documents import blobs
from motcua.documents.models import Signature, Signing
from motcua.documents.rules import signing as rules
from motcua.documents.rules.signing import CannotSign, Certificate, Place, Role, Signer
from motcua.documents.signing import certificates, drivers, fields, pades, places, revoked, signers, stamp
from motcua.documents.signing.drivers import Answer, Driver
from motcua.documents.signing.pades import Identity, Prepared
from motcua.kernel.clock import local

Keep = Callable[[Signature, bytes | None, Mapping[str, object] | None], None]
"""Commits what a remote signer works on (None: nothing any more)."""


@dataclass(frozen=True, slots=True)
class Signed:
    """The paper with one signature more."""

    content: bytes
    certificate: Certificate
    is_timestamped: bool


def sign(found: Signing, missing: Signature, *, timestamp_url: str, now: datetime, keep: Keep) -> Signed:
    """Put one signature. Raises `CannotSign`, also where a remote signer has not answered yet."""
    signer = _declared(missing)
    driver = drivers.driver_of(signer)
    identity, prepared, reference = _kept(missing)
    if missing.work:  # room was left, or not, when it was prepared
        timestamp_url = timestamp_url if missing.work["timestamped"] else ""
    if prepared is None:
        identity = _asked(signer, driver.identity)
    assert identity is not None
    certificate = checked(identity, now=now)
    if prepared is None:
        prepared = _prepare(found, missing, signer, identity, certificate, bool(timestamp_url), now)
        if not driver.answers_at_once:
            keep(missing, prepared.pdf, _work(prepared, identity, timestamp_url))
    answer = _answer(found, missing, signer, driver, prepared, reference)
    if answer.refused:
        keep(missing, None, None)
        raise CannotSign("remote_refused", name=certificate.name, why=answer.refused)
    if not answer.signature:
        if answer.reference and answer.reference != reference:
            keep(
                missing,
                prepared.pdf,
                {**_work(prepared, identity, timestamp_url), "reference": answer.reference},
            )
        raise CannotSign("remote_waiting", name=certificate.name)
    content = pades.finish(
        prepared, identity=identity, signature=answer.signature, timestamp_url=timestamp_url
    )
    return Signed(content, certificate, bool(timestamp_url))


def checked(identity: Identity, *, now: datetime) -> Certificate:
    """What the certificate says. Raises `CannotSign` unless it may sign at this moment."""
    found = certificates.read(identity.certificate, identity.chain)
    problem = rules.certificate_problem(
        found, now=now, production=settings.PRODUCTION, day=lambda at: f"{local(at):%d/%m/%Y}"
    )
    if problem is not None:
        raise CannotSign(problem.code, **problem.values)
    certificates.require_use(identity.certificate, found.name)
    ended = revoked.revoked_on(identity.certificate)
    if ended is not None and ended <= now:
        raise CannotSign("revoked", name=found.name, day=f"{local(ended):%d/%m/%Y}")
    return found


def _declared(missing: Signature) -> Signer:
    for signer in signers.declared():
        if signer.key[:120] == missing.signer:
            return signer
    raise CannotSign("not_declared", name=missing.signer)


def _asked(signer: Signer, ask: Callable[[], Identity]) -> Identity:
    try:
        return ask()
    except OSError as error:
        raise CannotSign("remote_silent", name=signer.key, why=str(error) or type(error).__name__) from error


def _answer(
    found: Signing, missing: Signature, signer: Signer, driver: Driver, prepared: Prepared, reference: str
) -> Answer:
    try:
        if reference:
            return driver.fetch(reference)
        return driver.begin(
            drivers.Request(
                key=f"{found.pk}-{missing.position}-{missing.round}",
                attributes=prepared.attributes,
                digest=prepared.to_sign,
                title=f"{found.letter.data['form']['title']} số {found.letter.number_text}",
            )
        )
    except OSError as error:
        raise CannotSign("remote_silent", name=signer.key, why=str(error) or type(error).__name__) from error


def _prepare(
    found: Signing,
    missing: Signature,
    signer: Signer,
    identity: Identity,
    certificate: Certificate,
    timestamped: bool,
    now: datetime,
) -> Prepared:
    letter, role = found.letter, Role(missing.role)
    every = list(found.signatures.order_by("position"))
    boxes = places.boxes(
        letter.data,
        version=letter.template_version,
        places=[Place(Role(one.role), signer) for one in every],
        labels={one: f"Chữ ký số: {one.label.source()}" for one in Role},
    )
    box = boxes[missing.position]
    drawn = stamp.draw(
        stamp.Stamp(
            certificate=certificate,
            is_seal=role is Role.SEAL,
            at=now,
            width=box.width,
            height=box.height,
            image=signer.image,
        )
    )
    return pades.prepare(
        _paper(found, every, boxes),
        field=box.name,
        identity=identity,
        stamp=drawn,
        reason=role.label.source(),
        now=now,
        timestamped=timestamped,
    )


def _paper(found: Signing, every: list[Signature], boxes: list[fields.FieldBox]) -> bytes:
    """The paper with the signatures put so far; before the first, with a field for each."""
    assert found.unsigned is not None
    last = max((one for one in every if one.file_id), key=lambda one: one.position, default=None)
    if last is None or last.file is None:
        return fields.with_fields(blobs.path_of(found.unsigned.sha256).read_bytes(), boxes)
    return blobs.path_of(last.file.sha256).read_bytes()


def _work(prepared: Prepared, identity: Identity, timestamp_url: str) -> dict[str, object]:
    return {
        "timestamped": bool(timestamp_url),
        "digest": prepared.digest.hex(),
        "start": prepared.start,
        "end": prepared.end,
        "attributes": prepared.attributes.hex(),
        "certificate": identity.certificate.hex(),
        "chain": [one.hex() for one in identity.chain],
    }


def _kept(missing: Signature) -> tuple[Identity | None, Prepared | None, str]:
    """What a remote signer was given before, and its reference if it answered with one."""
    work = missing.work
    if not work or missing.prepared is None:
        return None, None, ""
    identity = Identity(
        bytes.fromhex(work["certificate"]), tuple(bytes.fromhex(one) for one in work["chain"])
    )
    prepared = Prepared(
        pdf=bytes(missing.prepared),
        digest=bytes.fromhex(work["digest"]),
        start=int(work["start"]),
        end=int(work["end"]),
        attributes=bytes.fromhex(work["attributes"]),
    )
    return identity, prepared, str(work.get("reference", ""))

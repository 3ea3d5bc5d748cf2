"""Reading signatures: what a page shows of a letter's signing, the signed paper, who can sign here."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Prefetch, Q, QuerySet, prefetch_related_objects

from motcua.documents.models import Letter, Signature, Signing, StoredFile
from motcua.documents.rules.signing import CannotSign, Certificate, Problem, Role, Signer
from motcua.documents.signing import signers
from motcua.documents.types_signing import SignatureView, SigningState, SigningView
from motcua.kernel.accounts.queries import full_names
from motcua.kernel.messages import Message
from motcua.organisation import queries as organisation

PAGE = 30
SOON = timedelta(days=30)
"""Certificates that end within this are told of before they do."""


def signings_of(letters: Collection[Letter]) -> dict[int, SigningView]:
    """The signing of each letter of `letters_of` that has one, by letter (no statement; one where there are any)."""
    found = [letter.signing for letter in letters if hasattr(letter, "signing")]
    if found:
        prefetch_related_objects(found, _signatures())
    return {signing.letter_id: _view(signing) for signing in found}


def signing_of(letter_id: int | None) -> SigningView | None:
    """The signing of one letter (one statement; two where there is one)."""
    found = _with_signatures(Signing.objects.filter(letter_id=letter_id)).first() if letter_id else None
    return _view(found) if found else None


def signed_file(letter: Letter) -> StoredFile | None:
    """The letter with all its signatures, once it has them (one statement)."""
    found = (
        Signing.objects.select_related("signed")
        .filter(letter=letter, state=SigningState.SIGNED.value)
        .first()
    )
    return found.signed if found else None


def signing_is_declared(letter: Letter) -> bool:
    """Whether anybody is declared who could sign for the letter's unit, or in person: a signature can be asked for."""
    try:
        able = [one for one in signers.declared() if not one.kinds or letter.kind in one.kinds]
    except CannotSign:
        return True  # asking for it says what is wrong with the declaration
    codes = signers.codes_of(letter.unit_id)
    return any(one.person or one.unit in codes for one in able)


@dataclass(frozen=True, slots=True)
class SigningRow:
    """A letter whose signing needs somebody, for the page of administrators."""

    signing: SigningView
    title: str
    number: str
    subject: str
    unit: str
    asked_at: datetime
    attempts: int


@dataclass(frozen=True, slots=True)
class SigningPage:
    """`after` continues the list."""

    rows: tuple[SigningRow, ...]
    after: int | None


def signings_under_way(*, before: int | None = None, size: int = PAGE) -> SigningPage:
    """What is stuck or waits, newest first (two statements)."""
    found = Signing.objects.filter(Q(state=SigningState.STUCK.value) | Q(state=SigningState.WAITING.value))
    if before is not None:
        found = found.filter(pk__lt=before)
    rows = list(
        _with_signatures(found.select_related("letter").order_by("-pk"))[: size + 1],
    )
    return SigningPage(
        tuple(
            SigningRow(
                signing=_view(one),
                title=str(one.letter.data["form"]["title"]),
                number=one.letter.number_text,
                subject=one.letter.subject,
                unit=organisation.unit(one.letter.unit_id).full_name,
                asked_at=one.asked_at,
                attempts=one.attempts,
            )
            for one in rows[:size]
        ),
        rows[size - 1].pk if len(rows) > size else None,
    )


def stuck_count(*, cap: int) -> int:
    """How many letters wait for somebody to mend something, no further than one past the cap (one statement)."""
    return Signing.objects.filter(state=SigningState.STUCK.value)[: cap + 1].count()


@dataclass(frozen=True, slots=True)
class SignerState:
    """A declared signer and what is wrong with it now, if anything."""

    signer: Signer
    whose: str
    certificate: Certificate | None
    problem: Message | None
    ends_soon: bool

    @property
    def role(self) -> Message | None:
        return Role(self.signer.role).label if self.signer.role else None


@dataclass(frozen=True, slots=True)
class SignersState:
    """Everybody declared; `problem` when the declaration itself cannot be read."""

    signers: tuple[SignerState, ...]
    problem: Message | None
    is_declared: bool


def signers_state(*, now: datetime) -> SignersState:
    """Open every certificate and look whether it could sign now; asks remote services for theirs."""
    try:
        able = signers.declared()
    except CannotSign as error:
        return SignersState((), error.problem.message, True)
    people = full_names(one.person for one in able if one.person)
    states = tuple(_state(one, people.get(one.person, ""), now) for one in able)
    return SignersState(states, None, signers.file() is not None)


def demo_certificates() -> list[str]:
    """Declared certificates and trusted authorities that were made for a demo: a production start refuses them.

    Looks into files alone; what cannot be opened is told when it is to sign.
    """
    from motcua.documents.signing import certificates, checking, drivers

    found = []
    try:
        able = [one for one in signers.declared() if one.driver == "pkcs12"]
    except CannotSign:
        able = []
    for signer in able:
        try:
            identity = drivers.driver_of(signer).identity()
        except CannotSign:
            continue
        if certificates.read(identity.certificate, identity.chain).is_demo:
            found.append(signer.key)
    for path in signers.authorities():
        try:
            made = [one.dump() for one in checking.read_certificates(path)]
        except (OSError, ValueError):
            continue
        found += [path.name for der in made if certificates.read(der).is_demo]
    return found


def _state(signer: Signer, person: str, now: datetime) -> SignerState:
    from motcua.documents.signing import certificates, drivers, putting

    certificate, problem = None, None
    try:
        try:
            identity = drivers.driver_of(signer).identity()
        except OSError as error:
            raise CannotSign("remote_silent", name=signer.key, why=str(error)) from error
        certificate = certificates.read(identity.certificate, identity.chain)
        putting.checked(identity, now=now)
    except CannotSign as error:
        problem = error.problem.message
    ends = certificate is not None and problem is None and certificate.not_after - now < SOON
    return SignerState(signer, _whose(signer, person), certificate, problem, ends)


def _whose(signer: Signer, person: str) -> str:
    if signer.person:
        return f"{person} ({signer.person})" if person else signer.person
    known = organisation.units().values()
    found = next((unit for unit in known if signer.unit in (unit.code, unit.agency_code)), None)
    return found.full_name if found else signer.unit


def _with_signatures(found: QuerySet[Signing]) -> QuerySet[Signing]:
    return found.select_related("signed", "unsigned").prefetch_related(_signatures())


def _signatures() -> Prefetch[str]:
    return Prefetch("signatures", queryset=Signature.objects.defer("prepared", "work").order_by("position"))


def _view(found: Signing) -> SigningView:
    return SigningView(
        id=found.pk,
        letter_id=found.letter_id,
        state=SigningState(found.state),
        signatures=tuple(_signature(one) for one in found.signatures.all()),
        problem=Problem(found.problem, found.problem_values).message if found.problem else None,
        next_try_at=found.next_try_at,
        signed_sha256=found.signed.sha256 if found.signed else "",
        unsigned_sha256=found.unsigned.sha256 if found.unsigned else "",
    )


def _signature(one: Signature) -> SignatureView:
    role = Role(one.role)
    return SignatureView(
        role=role,
        label=role.label,
        name=one.name,
        serial=one.serial,
        issuer=one.issuer,
        signed_at=one.signed_at,
        is_timestamped=one.is_timestamped,
        is_demo=one.is_demo,
    )

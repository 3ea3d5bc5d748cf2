"""What other contexts see of signatures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from motcua.documents.rules.signing import Role
from motcua.kernel.messages import Message

DEMO_MARK = "CHỨNG THƯ THỬ NGHIỆM"
"""Stands in the name of every certificate of the demo and of who issued it."""


class SigningState(StrEnum):
    """How far the signing of a letter is."""

    WAITING = "waiting"
    STUCK = "stuck"
    SIGNED = "signed"


@dataclass(frozen=True, slots=True)
class SignatureView:
    """One signature of a letter, put or awaited. `name` is the certificate's holder once it is put."""

    role: Role
    label: Message
    name: str
    serial: str
    issuer: str
    signed_at: datetime | None
    is_timestamped: bool
    is_demo: bool


@dataclass(frozen=True, slots=True)
class SigningView:
    """The signing of a letter for its page: who signed, what is awaited, what went wrong, the checksums."""

    id: int
    letter_id: int
    state: SigningState
    signatures: tuple[SignatureView, ...]
    problem: Message | None
    next_try_at: datetime | None
    signed_sha256: str
    unsigned_sha256: str

    @property
    def is_signed(self) -> bool:
        return self.state is SigningState.SIGNED

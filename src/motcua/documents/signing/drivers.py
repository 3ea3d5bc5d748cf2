"""What signs: a key on this machine, or somebody's service elsewhere. Two steps for all of them.

A driver is asked for its certificate, then to sign one digest under a key that is the same whenever the same request is
made again. It answers at once, or with a reference it is asked about later (docs/howto/add-a-signer.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Protocol

from motcua.documents.rules.signing import CannotSign, Signer
from motcua.documents.signing.pades import Identity


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One signature that is wanted. `attributes` is what is signed, `digest` its SHA-256; `title` is for people."""

    key: str
    attributes: bytes
    digest: bytes
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The raw signature (PKCS#1 v1.5 or ECDSA in DER over SHA-256), or a reference to ask for later, or a refusal."""

    signature: bytes = b""
    reference: str = ""
    refused: str = ""


class Driver(Protocol):
    """Somebody who signs. Raises `OSError` when nobody answers, `CannotSign` for what administrators must mend."""

    answers_at_once: bool
    """True: `begin` returns the signature, nothing has to be kept between the steps."""

    def identity(self) -> Identity:
        """The certificate that will sign and its chain. It is needed before: the signature covers it."""

    def begin(self, request: Request) -> Answer:
        """Ask for the signature. The same `request.key` again is the same request, never a second signature."""

    def fetch(self, reference: str) -> Answer:
        """What became of it: an answer with the same reference while it waits."""


def driver_of(signer: Signer) -> Driver:
    """The driver a declaration names: one of ours, or `package.module:Class`, made with the declaration.

    Raises `CannotSign("unknown_driver")`.
    """
    if signer.driver == "pkcs12":
        from motcua.documents.signing.pkcs12 import Pkcs12

        return Pkcs12(signer)
    module, _colon, name = signer.driver.partition(":")
    try:
        made: Driver = getattr(import_module(module), name)(signer)
    except (ImportError, AttributeError, ValueError, TypeError) as error:
        raise CannotSign("unknown_driver", name=signer.driver, where=signer.where) from error
    return made

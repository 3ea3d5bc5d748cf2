"""Files of a dossier and printed letters: both are served only to those who may read the dossier."""

from __future__ import annotations

from datetime import datetime
from typing import BinaryIO

from django.db import transaction

from motcua.documents import actions as documents
from motcua.documents import queries as documents_queries
from motcua.documents.types import LetterPdf, SlipCopy
from motcua.dossiers.actions.loading import lock_for
from motcua.dossiers.adapters import letters
from motcua.dossiers.models import Attachment, Dossier
from motcua.dossiers.permissions import require_have_signed
from motcua.dossiers.queries import readable_dossier
from motcua.dossiers.types import Act, LetterVersion
from motcua.kernel import audit
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Invalid, NotFound
from motcua.kernel.messages import msg
from motcua.payments import actions as payments


def attach_file(
    *,
    actor: Actor,
    code: str,
    content: BinaryIO,
    name: str,
    now: datetime,
    kind: str = "paper",
    paper_id: int | None = None,
) -> Attachment:
    """Check and store a file, then put it in its place in the dossier. Refuses with the reason.

    The slow part (checks, scanner, disk) comes before the transaction, so that no lock waits for a disk.
    """
    taken = documents.take_in(content=content, name=name)
    with transaction.atomic():
        dossier = lock_for(Act.ATTACH, actor, code).dossier
        if paper_id is not None and not dossier.papers.filter(pk=paper_id).exists():
            raise Invalid(msg("Giấy tờ này không thuộc hồ sơ. Hãy tải lại trang."), field="paper_id")
        stored = documents.record_file(taken=taken, now=now)
        attachment = Attachment.objects.create(
            dossier=dossier,
            paper_id=paper_id,
            file_id=stored.pk,
            name=taken.inspection.name,
            kind=kind,
            added_by_id=actor.user_id,
            added_at=now,
        )
        said = {"name": attachment.name, "sha256": stored.sha256}
        audit.record(actor, "dossiers.file_attached", subject_type="dossier", subject=code, data=said, at=now)
    return attachment


@transaction.atomic
def open_attachment(*, actor: Actor, code: str, attachment_id: int, now: datetime) -> Attachment:
    """The attachment, for one who may read the dossier; the reading is audited."""
    dossier = readable_dossier(actor, code)
    found = Attachment.objects.select_related("file").filter(dossier=dossier, pk=attachment_id).first()
    if found is None:
        raise NotFound(msg("Không tìm thấy tệp này trong hồ sơ."))
    audit.record(
        actor, "dossiers.file_read", subject_type="dossier", subject=code, data={"name": found.name}, at=now
    )
    return found


@transaction.atomic
def sign_letter(*, actor: Actor, code: str, letter_id: int, now: datetime) -> None:
    """Ask for the electronic signatures of a letter, or try again; the letter counts as it did, whatever comes of it.

    Raises `NotFound`, `NotAllowed`, `AlreadySigned`, `NobodyToSign`.
    """
    dossier: Dossier = readable_dossier(actor, code)
    letter = documents_queries.letter(letter_id)
    if letter.subject != dossier.code:
        raise NotFound(msg("Không tìm thấy văn bản này trong hồ sơ."))
    require_have_signed(actor, letter.unit_id)
    documents.ask_signing(letter_id=letter.pk, now=now)
    said = {"kind": letter.kind, "number": letter.number_text}
    audit.record(
        actor, "dossiers.letter_signing_asked", subject_type="dossier", subject=code, data=said, at=now
    )


@transaction.atomic
def print_letter(
    *,
    actor: Actor,
    code: str,
    letter_id: int,
    now: datetime,
    version: LetterVersion = LetterVersion.LATEST,
) -> LetterPdf:
    """The letter as PDF, for one who may read the dossier; the printing is audited.

    `LATEST`: the signed file once every signature is put, but a slip whose money was paid since says so with the
    receipt, and that it is a copy. `SIGNED`: the signed file, else as issued. `ISSUED`: as it left the counter.
    """
    dossier: Dossier = readable_dossier(actor, code)
    letter = documents_queries.letter(letter_id)
    if letter.subject != dossier.code:
        raise NotFound(msg("Không tìm thấy văn bản này trong hồ sơ."))
    latest = version is LetterVersion.LATEST
    copy = letters.slip_copy(letter, dossier.code, now) if latest else None
    said = {"kind": letter.kind, "number": letter.number_text, **_copied(copy)}
    audit.record(actor, "dossiers.letter_printed", subject_type="dossier", subject=code, data=said, at=now)
    if copy is not None or version is LetterVersion.ISSUED:
        return documents_queries.render_letter(letter, copy=copy)
    return documents_queries.official_letter(letter)


def _copied(copy: SlipCopy | None) -> dict[str, object]:
    return {} if copy is None else {"money_as_of_print": True}


@transaction.atomic
def print_with_receipts(*, actor: Actor, code: str, letter_id: int, now: datetime) -> LetterPdf:
    """A letter and the receipts of the dossier's money in one PDF: one press, one print. Both are in the log.

    Without receipts, or where the actor may not print them, it is the letter alone.
    """
    dossier: Dossier = readable_dossier(actor, code)
    letter = documents_queries.letter(letter_id)
    if letter.subject != dossier.code:
        raise NotFound(msg("Không tìm thấy văn bản này trong hồ sơ."))
    sheets = payments.print_with_subject(subject=dossier.code, actor=actor, now=now)
    copy = letters.slip_copy(letter, dossier.code, now)
    said = {"kind": letter.kind, "number": letter.number_text, "receipts": len(sheets), **_copied(copy)}
    audit.record(actor, "dossiers.letter_printed", subject_type="dossier", subject=code, data=said, at=now)
    return documents_queries.render_letter_with_receipts(letter, sheets, copy=copy)

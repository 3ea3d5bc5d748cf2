"""Reads of `documents`. No rights are checked here: who may see a paper or a letter is the caller's to
decide."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, BinaryIO

from motcua.documents import blobs, letters
from motcua.documents.errors import FileHeld, FileInfected, FileMissing, LetterNotFound
from motcua.documents.letters import kinds
from motcua.documents.models import FileState, Letter, StoredFile
from motcua.documents.queries_signing import (
    SignersState,
    SigningPage,
    demo_certificates,
    signed_file,
    signers_state,
    signing_is_declared,
    signing_of,
    signings_of,
    signings_under_way,
    stuck_count,
)
from motcua.documents.references import register_reference
from motcua.documents.types import LetterData, LetterHead, LetterKind, LetterPdf, SlipCopy, to_plain
from motcua.documents.types_sheets import ProcedureSheet
from motcua.kernel.text import fold
from motcua.organisation import queries as organisation
from motcua.organisation.types import UnitKind

# The row types are passed on for annotations: other contexts never import `models`.
__all__ = [
    "FileState",
    "Letter",
    "SignersState",
    "SigningPage",
    "StoredFile",
    "demo_certificates",
    "letter",
    "letter_head",
    "letter_kind",
    "letter_kinds_of_form",
    "letters_of",
    "official_letter",
    "open_file",
    "preview_letter",
    "procedure_sheet",
    "register_reference",
    "render_form",
    "render_letter",
    "render_letter_with_receipts",
    "render_receipts",
    "signed_file",
    "signers_state",
    "signing_is_declared",
    "signing_of",
    "signings_of",
    "signings_under_way",
    "stored_file",
    "stored_files",
    "stuck_count",
]


def letters_of(subject: str) -> list[Letter]:
    """The letters of one dossier, oldest first, each with its signing (one statement; snapshots left out)."""
    found = Letter.objects.filter(subject=subject).order_by("id").defer("data")
    return list(found.select_related("signing", "signing__signed", "signing__unsigned"))


def letter(letter_id: int) -> Letter:
    """One letter; LetterNotFound."""
    found = Letter.objects.filter(pk=letter_id).first()
    if found is None:
        raise LetterNotFound
    return found


def letter_kinds() -> frozenset[str]:
    """The keys of every kind of letter this installation can issue."""
    return frozenset(kinds.all_kinds())


def letter_kind(kind: str) -> LetterKind:
    """Number, title and source of a kind of letter; UnknownLetterKind."""
    return kinds.letter_kind(kind)


def render_letter(issued: Letter, *, copy: SlipCopy | None = None) -> LetterPdf:
    """The PDF of an issued letter: the same bytes every time, or a copy that says what became of its money since."""
    content = letters.render_payload(_payload(issued, copy), version=issued.template_version)
    return LetterPdf(content=content, filename=_filename(issued.subject, issued.data["form"]["title"]))


def official_letter(issued: Letter) -> LetterPdf:
    """The PDF that counts: the signed file once every signature is put, else the letter as issued."""
    signed = signed_file(issued)
    if signed is None:
        return render_letter(issued)
    with open_file(signed) as source:
        content = source.read()
    return LetterPdf(content=content, filename=_filename(issued.subject, issued.data["form"]["title"]))


def _payload(issued: Letter, copy: SlipCopy | None) -> Mapping[str, Any]:
    return issued.data if copy is None else {**issued.data, **to_plain(copy)}


def preview_letter(
    kind: str, data: LetterData, *, issued_at: datetime, number_text: str = "…", subject: str = ""
) -> LetterPdf:
    """A letter that is not kept: a preview, the control slip of this moment, a register."""
    content = letters.render(kind, data, number_text=number_text, issued_at=issued_at)
    return LetterPdf(content=content, filename=_filename(subject, kinds.letter_kind(kind).title))


def procedure_sheet(data: ProcedureSheet) -> LetterPdf:
    """The sheet of a procedure as it is handed out: nothing of it is kept."""
    title = f"{data.code} {data.name}".strip()
    form = {"number": "", "title": title, "source": "", "template": "procedure_sheet"}
    payload = {
        **data.to_json(),
        "form": form,
        "number_text": data.code,
        "issued_at": to_plain(data.printed_at),
    }
    name = f"{data.code}-{data.name}" if data.code else data.name
    return LetterPdf(content=letters.render_payload(payload), filename=_filename("", name))


def render_letter_with_receipts(
    issued: Letter, receipts: Sequence[Mapping[str, Any]], *, copy: SlipCopy | None = None
) -> LetterPdf:
    """A letter and receipts in one PDF, all on A4. Without receipts it is the letter alone."""
    if not receipts:
        return render_letter(issued, copy=copy)
    form = {**issued.data["form"], "template": "slip_with_receipts", "slip": issued.data["form"]["template"]}
    payload = {**_payload(issued, copy), "form": form, "receipts": list(receipts)}
    content = letters.render_payload(payload, version=issued.template_version)
    return LetterPdf(content=content, filename=_filename(issued.subject, issued.data["form"]["title"]))


def render_receipts(receipts: Sequence[Mapping[str, Any]], template: str) -> bytes:
    """The PDF of receipts, each in the layout it was issued with: `receipt_a5`, `receipt_a4` or `receipt_k80`."""
    return render_form(template, {"receipts": list(receipts)}, version=int(receipts[0].get("layout", 1)))


def render_form(template: str, data: Mapping[str, Any], *, version: int | None = None) -> bytes:
    """The PDF of a form that is no letter: drawn from `data`, numbered by nobody."""
    head = {"name": "", "superior": "", "place": "", "phone": "", "address": ""}
    payload = {"head": head, **data, "form": {"template": template}}
    return letters.render_payload(payload, version=version or letters.TEMPLATE_VERSION)


def letter_head(unit_id: int) -> LetterHead:
    """The head for letters of a unit, from its own `letter_head` settings (superior, agency, symbol,
    website)."""
    unit = organisation.unit(unit_id)
    own = unit.letter_head
    sign = own.get("symbol", "") or ("TTPVHCC" if unit.kind == UnitKind.SERVICE_CENTRE else "UBND")
    return LetterHead(
        superior=own.get("superior", ""),
        name=unit.name if unit.kind == UnitKind.SERVICE_CENTRE else own.get("agency", "") or unit.full_name,
        place=unit.place_name,
        sign=sign,
        address=unit.address,
        phone=unit.phone,
        website=own.get("website", ""),
    )


def stored_file(file_id: int) -> StoredFile | None:
    return StoredFile.objects.filter(pk=file_id).first()


def stored_files(file_ids: list[int]) -> dict[int, StoredFile]:
    """Several at once, by id (one statement)."""
    return StoredFile.objects.in_bulk(file_ids)


def open_file(stored: StoredFile) -> BinaryIO:
    """The content, for reading. Raises FileHeld, FileInfected, FileMissing. The caller closes it."""
    if stored.state == FileState.HELD:
        raise FileHeld
    if stored.state == FileState.INFECTED:
        raise FileInfected
    try:
        return blobs.path_of(stored.sha256).open("rb")
    except FileNotFoundError as error:
        raise FileMissing(stored.sha256) from error


def _filename(subject: str, title: str) -> str:
    words = "-".join(fold(title).split())
    stem = f"{subject}-{words}" if subject else words
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode("ascii")
    return "".join(char if char.isalnum() or char in "-._" else "-" for char in plain)[:120] + ".pdf"


def letter_kinds_of_form(form: str) -> list[LetterKind]:
    """The kinds that print the same form (01: the reception slip) and may stand for each other."""
    return kinds.kinds_of_form(form)

"""What the other contexts hand to `documents` and get back: letter data, letter kinds, checked uploads.

Every class here is a plain frozen value. Letter data is turned into JSON once (`to_json`): strings in NFC,
moments as
ISO 8601 text in Vietnamese local time, dates as ISO dates. That JSON is the snapshot stored with a letter.
Field names and their source: Circular 03/2025/TT-VPCP, Annex I, forms 01 to 07.
"""

from __future__ import annotations

import dataclasses
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from motcua.kernel.clock import VN


def to_plain(value: object) -> Any:
    """Turn a value made of dataclasses into JSON types. Naive datetimes are refused with ValueError."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("a letter needs moments with a time zone")
        return value.astimezone(VN).isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, list | tuple):
        return [to_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): to_plain(item) for key, item in value.items()}
    if value is None or isinstance(value, int):
        return value
    raise TypeError(f"a letter cannot carry {type(value).__name__}")


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterHead:
    """The left side of the head and what the foot says about reaching the unit.

    superior: the agency above, set in upper case ("Ủy ban nhân dân phường Kinh Bắc").
    name: the unit that issues, set bold in upper case ("Trung tâm Phục vụ hành chính công").
    place: địa danh of the date line ("Kinh Bắc"). sign: what stands after the number ("TTPVHCC",
    "KB-TTPVHCC").
    """

    superior: str
    name: str
    place: str
    sign: str = "TTPVHCC"
    address: str = ""
    phone: str = ""
    website: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A person or an organisation as a letter names it. Empty fields are left out of the letter."""

    name: str
    id_number: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Authoriser:
    """Người ủy quyền: the absent person for whom the one at the counter acts; `document` is the paper that
    proves it."""

    name: str
    id_number: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    document: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipPaper:
    """One paper handed in. Counts are pieces; `fee` is đồng; `note` is printed in italics after the name."""

    name: str
    originals: int = 0
    certified: int = 0
    copies: int = 0
    pages: int | None = None
    fee: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracking:
    """`url` goes into the QR (it carries the secret token); `page` and `hotline` are printed for people."""

    url: str
    page: str = ""
    hotline: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipPayment:
    """What is to be paid and how. `qr` is the text of the transfer's QR; without an account it and the three fields of
    the account are empty, and `places` alone say where to pay.
    """

    amount: int
    reference: str
    qr: str = ""
    bank: str = ""
    account: str = ""
    holder: str = ""
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """A signature block. `title` may hold several lines ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"); empty means the
    form's own."""

    name: str = ""
    title: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterData:
    """Base of all forms. `head` says who issues; `digital` prints the notes of the electronic variant."""

    KIND: ClassVar[str] = ""

    head: LetterHead
    digital: bool = False

    def to_json(self) -> dict[str, Any]:
        """The snapshot to store: JSON types only, NFC, local time."""
        plain: dict[str, Any] = to_plain(self)
        return plain


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceptionSlip(LetterData):
    """Form 01, and its variants `reception_slip_table` (Circular 01/2018) and `reception_slip_certification`.

    `time_limit` is text because limits have phases and mixed units. `due_at` None prints `due_note` alone.
    `receiving_unit` is the full name of where the dossier was handed in; `paid` what was paid before, in sentences.
    """

    KIND: ClassVar[str] = "reception_slip"

    dossier_code: str
    applicant: Party
    request: str
    papers: tuple[SlipPaper, ...]
    time_limit: str
    received_at: datetime
    due_at: datetime | None
    due_note: str = ""
    receiving_unit: str = ""
    authoriser: Authoriser | None = None
    owner: Party | None = None
    set_count: int = 1
    return_place: str = ""
    return_method: str = ""
    register_book: str = ""
    register_no: str = ""
    fee_text: str = ""
    submitter_name: str = ""
    officer_name: str = ""
    tracking: Tracking | None = None
    payments: tuple[SlipPayment, ...] = ()
    paid: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipCopy:
    """What a copy of a reception slip says otherwise than the slip as it was issued: what became of its money."""

    payments: tuple[SlipPayment, ...]
    paid: tuple[str, ...]
    copy_note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementItem:
    """One thing missing or wrong. `hint` tells where it can be put right (for instance who corrects a
    database)."""

    text: str
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementRequestLetter(LetterData):
    """Form 02: everything that is missing, said once. `deadline` is the person's own term, if there is
    one."""

    KIND: ClassVar[str] = "supplement_request"

    applicant: Party
    request: str
    items: tuple[SupplementItem, ...]
    reason: str
    dossier_code: str = ""
    deadline: date | None = None
    contact_name: str = ""
    contact_phone: str = ""
    officer_name: str = ""
    tracking: Tracking | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalLetter(LetterData):
    """Form 03: the dossier is not taken in, with each reason. `advice` says where to go instead."""

    KIND: ClassVar[str] = "refusal"

    applicant: Party
    request: str
    reasons: tuple[str, ...]
    dossier_code: str = ""
    advice: str = ""
    submitter_name: str = ""
    officer_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApologyLetter(LetterData):
    """Form 04: apology and the one new date. The new date carries no hour (Annex I)."""

    KIND: ClassVar[str] = "apology"

    addressee: str
    applicant: Party
    dossier_code: str
    procedure: str
    agency: str
    received_at: datetime
    old_due_at: datetime
    new_due_on: date
    reason: str
    signer: Signer = Signer()
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StopNotice(LetterData):
    """Form 05: handling stops because the person withdrew. Fields are a working set: check against Annex
    I."""

    KIND: ClassVar[str] = "stop_notice"

    addressee: str
    applicant: Party
    dossier_code: str
    procedure: str
    received_at: datetime
    requested_on: date
    request_reason: str
    state: str
    stopped_at: datetime
    returned_papers: tuple[str, ...] = ()
    fee_text: str = ""
    signer: Signer = Signer()
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeNotice(LetterData):
    """A decision changed the procedure of a dossier under way: what the person may choose, or that it ends.

    The kinds `change_notice` and `change_stop_notice` share it. `decision` reads "Quyết định số …", `choices` are
    numbered, `answer` says how and where to answer. No circular has a form for it.
    """

    KIND: ClassVar[str] = "change_notice"

    addressee: str
    applicant: Party
    dossier_code: str
    procedure: str
    received_at: datetime
    effective_at: datetime
    decision: str
    paragraphs: tuple[str, ...]
    decision_title: str = ""
    choices: tuple[str, ...] = ()
    answer: str = ""
    fee_text: str = ""
    signer: Signer = Signer()
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """One line of the control slip. `result` is "early", "on_time", "late" or "" (not yet known)."""

    from_unit: str
    to_unit: str
    at: datetime
    from_person: str = ""
    to_person: str = ""
    result: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlSlip(LetterData):
    """Form 06, made from the log of steps and never typed by hand."""

    KIND: ClassVar[str] = "control_slip"

    dossier_code: str
    procedure: str
    agency: str
    received_at: datetime
    due_at: datetime | None
    rows: tuple[HandOver, ...]
    coordinating: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterRow:
    """One dossier of the register. `returned_by` is how the result is received (counter, post, online)."""

    dossier_code: str
    procedure: str
    applicant: str
    contact: str
    agency: str
    received_on: date
    due_on: date | None
    returned_on: date | None = None
    returned_by: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierRegister(LetterData):
    """Form 07, landscape, head row repeated on every page. `period` is text ("từ ngày … đến ngày …")."""

    KIND: ClassVar[str] = "dossier_register"

    period: str
    rows: tuple[RegisterRow, ...]
    book: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterKind:
    """How one kind of letter is numbered and named; data, because forms are renumbered by circulars.

    suffix: a format text with {number}, {year} and {sign} ("{number:02d}/PBS-{sign}").
    confirmed: False while the layout was not compared with the published annex.
    signers: the places signed electronically where certificates are declared, in order (`rules.signing.Role`).
    """

    kind: str
    form: str
    title: str
    suffix: str
    template: str
    source: str
    confirmed: bool = True
    signers: tuple[str, ...] = ()

    def number_text(self, *, number: int, year: int, sign: str) -> str:
        """The printed number, e.g. "07/PBS-TTPVHCC"."""
        return self.suffix.format(number=number, year=year, sign=sign)


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterPdf:
    """A rendered letter and the name to offer for saving it (ASCII, no spaces)."""

    content: bytes
    filename: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What the upload checks found out about a file that passed. Pixels for images, pages for PDF and
    TIFF."""

    name: str
    kind: str
    mime: str
    pages: int | None = None
    width: int | None = None
    height: int | None = None

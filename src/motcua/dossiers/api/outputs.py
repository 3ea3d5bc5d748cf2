"""What the API says about dossiers. Names are stable; new ones may be added."""

from datetime import date

from ninja import Field, Schema

from motcua.kernel.api import Instant


class UnitRefOut(Schema):
    code: str
    name: str


class ProcedureRefOut(Schema):
    """As it was called on the day of reception."""

    code: str
    name: str
    field: str
    version_id: int


class CaseRefOut(Schema):
    key: str
    name: str


class AppointmentOut(Schema):
    """One promised date; null until what it waits for has happened."""

    label: str
    due_at: Instant | None


class OutcomeChoiceOut(Schema):
    """One way to finish a step."""

    key: str
    label: str
    needs_note: bool
    back: bool
    effect: str = Field(description="supplement: use /supplements instead; else empty or what it means")
    is_default: bool = Field(description="The ordinary way on")
    needs_result: bool = Field(
        description="Leads to the return: the decision must be recorded before or with it"
    )


class PersonRefOut(Schema):
    user_id: int
    full_name: str


class TaskOut(Schema):
    """An open step: where it lies and how it can be finished."""

    id: int
    step_key: str
    name: str
    kind: str
    unit: UnitRefOut
    role: str
    assignee: PersonRefOut | None
    opened_at: Instant
    due_at: Instant | None
    is_consultation: bool
    outcomes: list[OutcomeChoiceOut]


class DossierOut(Schema):
    """Where a dossier stands."""

    code: str
    status: str = Field(
        description="submitted, received, refused, processing, awaiting_supplement, awaiting_payment, withdrawn, "
        "stopped, completed or returned"
    )
    status_label: str
    national_status: int = Field(description="1 to 10, as reported to the National Portal")
    procedure: ProcedureRefOut
    case: CaseRefOut | None
    owner_name: str
    channel: str
    receiving_unit: UnitRefOut
    deciding_agency: UnitRefOut
    returning_unit: UnitRefOut
    created_at: Instant
    received_at: Instant | None
    due_at: Instant | None
    original_due_at: Instant | None
    legal_due_at: Instant | None
    appointments: list[AppointmentOut]
    paused_since: Instant | None
    pause_reason: str
    completed_at: Instant | None
    returned_at: Instant | None
    closed_at: Instant | None
    outcome: str = Field(description="early, on_time or overdue once completed; else empty")
    extended: bool
    counted_late: bool
    supplement_count: int
    updated_at: Instant
    tracking_url: str = Field(description="For the applicant; opens without signing in")


class FeeLineOut(Schema):
    """One line as it was worked out; `amount` null while it is not known, with the state in words."""

    name: str
    amount: int | None
    state: str
    reasons: list[str]
    basis: str


class BillOut(Schema):
    """What is owed to one collecting unit for one budget."""

    reference: str = Field(description="What a transfer must name")
    state: str = Field(description="open, partly, paid, refunded or cancelled")
    total: int
    owed: int
    collected_by: UnitRefOut
    budget_of: UnitRefOut


class MoneyOut(Schema):
    """The money of a dossier in đồng."""

    code: str
    total: int
    paid: int
    refunded: int
    owed: int
    complete: bool = Field(description="Nothing is left to be counted, answered or set")
    lines: list[FeeLineOut]
    bills: list[BillOut]


class DossierPageOut(Schema):
    """One page, newest first; ask again with `cursor=next` until it is null."""

    items: list[DossierOut]
    next: str | None = None


class ReceivedOut(DossierOut):
    """The dossier and the letter that was issued with it."""

    letter_number: str
    letter_url: str = Field(description="PDF of the slip (form 01), request (form 02) or refusal (form 03)")
    repeated: bool = Field(description="The same request had been answered before")


class ChangedOut(DossierOut):
    """The dossier after an act, and the letter that was issued, if one was."""

    letter_number: str = ""
    letter_url: str = ""


class StepDoneOut(Schema):
    """The dossier after the step, and the desks it went to."""

    dossier: DossierOut
    opened: list[TaskOut]
    finished: bool = Field(description="Nothing is open any more")


class TaskChangedOut(Schema):
    """A step after it was taken, given to somebody, or answered."""

    code: str
    task: TaskOut


class ConsultationOut(Schema):
    """The questions that were sent out."""

    code: str
    asked: list[TaskOut]


class PartyOut(Schema):
    """Somebody with a part in the dossier."""

    role: str = Field(description="owner, submitter, recipient or payer")
    name: str
    id_number: str
    is_organisation: bool
    born_on: date | None
    gender: str
    address: str
    phone: str
    email: str
    authorisation: str


class AttachmentOut(Schema):
    """A file in its place. `blocked` says why it is not served, empty when it is."""

    id: int
    name: str
    size: int = Field(description="Bytes")
    kind: str
    paper_id: int | None
    added_at: Instant
    blocked: str
    url: str


class AttachmentsOut(Schema):
    items: list[AttachmentOut]


class DossierPaperOut(Schema):
    id: int
    name: str
    state: str
    originals: int
    copies: int
    note: str


class LetterOut(Schema):
    id: int
    label: str
    issued_at: Instant
    is_cancelled: bool
    is_signed: bool = Field(description="every electronic signature is put: the PDF is the signed file")
    url: str


class TimelineOut(Schema):
    """Something that happened (`at` null: still to come). Times of pauses have an end once they ended."""

    kind: str = Field(description="done, current, future, pause, late or stopped")
    title: str
    at: Instant | None
    until: Instant | None
    who: str
    text: str
    due_at: Instant | None
    lines: list[str]


class ReasonOut(Schema):
    """One line of "why this date"."""

    kind: str
    text: str
    at: Instant | None
    day: date | None


class DeadlineOut(Schema):
    """The legal clock and its explanation."""

    state: str = Field(description="running, paused or finished")
    limit: str
    due_at: Instant | None
    projected: bool = Field(description="Paused: as if the pause ended now")
    original_due_at: Instant | None
    legal_due_at: Instant | None
    reasons: list[ReasonOut]


class DecisionOut(Schema):
    number: str
    issued_on: date
    summary: str
    signer: str
    granted: bool
    recorded_at: Instant


class ProcessRefOut(Schema):
    key: str
    version_id: int


class DossierDetailOut(DossierOut):
    """Everything about one dossier. The reading is written to the audit log."""

    where: str = Field(description="Where it is now, in words")
    tasks: list[TaskOut]
    possible_acts: list[str] = Field(description="Acts that are possible for you now")
    deadline: DeadlineOut | None
    parties: list[PartyOut]
    papers: list[DossierPaperOut]
    attachments: list[AttachmentOut]
    letters: list[LetterOut]
    timeline: list[TimelineOut]
    result: DecisionOut | None
    process: ProcessRefOut | None
    request_summary: str
    set_count: int
    return_method: str
    return_address: str
    related: str

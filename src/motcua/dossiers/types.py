"""Words of a dossier: statuses with their national codes, channels, parties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum, StrEnum

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.catalogue.rules.fees.answers import NOTHING_TOLD, Answers


class Status(StrEnum):
    """Where a dossier stands in law. Codes 1-10 are those every province reports to the National Portal."""

    SUBMITTED = "submitted"
    RECEIVED = "received"
    REFUSED = "refused"
    PROCESSING = "processing"
    AWAITING_SUPPLEMENT = "awaiting_supplement"
    AWAITING_PAYMENT = "awaiting_payment"
    WITHDRAWN = "withdrawn"
    STOPPED = "stopped"
    COMPLETED = "completed"
    RETURNED = "returned"

    @property
    def national_code(self) -> int:
        return list(Status).index(self) + 1

    @property
    def label(self) -> Promise:
        return STATUS_LABELS[self]

    @property
    def is_final(self) -> bool:
        return self in FINAL


STATUS_LABELS: Mapping[Status, Promise] = {
    Status.SUBMITTED: _("Mới đăng ký"),
    Status.RECEIVED: _("Được tiếp nhận"),
    Status.REFUSED: _("Không được tiếp nhận"),
    Status.PROCESSING: _("Đang xử lý"),
    Status.AWAITING_SUPPLEMENT: _("Yêu cầu bổ sung giấy tờ"),
    Status.AWAITING_PAYMENT: _("Yêu cầu thực hiện nghĩa vụ tài chính"),
    Status.WITHDRAWN: _("Công dân yêu cầu rút hồ sơ"),
    Status.STOPPED: _("Dừng xử lý"),
    Status.COMPLETED: _("Đã xử lý xong"),
    Status.RETURNED: _("Đã trả kết quả"),
}
FINAL = frozenset({Status.REFUSED, Status.WITHDRAWN, Status.STOPPED, Status.RETURNED})
ENDED = FINAL | {Status.COMPLETED}
PAUSED = frozenset({Status.AWAITING_SUPPLEMENT, Status.AWAITING_PAYMENT})


class Channel(IntEnum):
    """How the dossier came in; numbers are those of the national data exchange."""

    COUNTER = 1
    ONLINE = 2
    POST = 3

    @property
    def label(self) -> Promise:
        return {1: _("Trực tiếp"), 2: _("Trực tuyến"), 3: _("Bưu chính")}[int(self)]

    @property
    def key(self) -> str:
        """As procedures call it where papers and fees differ by channel."""
        return {1: "in_person", 2: "online", 3: "post"}[int(self)]


class ReturnMethod(StrEnum):
    """How the applicant wants the result."""

    COUNTER = "counter"
    POST = "post"
    ONLINE = "online"

    @property
    def label(self) -> Promise:
        labels = {
            "counter": _("Nhận tại quầy"),
            "post": _("Nhận qua bưu chính"),
            "online": _("Nhận bản điện tử"),
        }
        return labels[self.value]


class PartyRole(StrEnum):
    """Four people who may be four different ones."""

    OWNER = "owner"
    SUBMITTER = "submitter"
    RECIPIENT = "recipient"
    PAYER = "payer"

    @property
    def label(self) -> Promise:
        labels = {
            "owner": _("Chủ hồ sơ"),
            "submitter": _("Người nộp"),
            "recipient": _("Người nhận kết quả"),
            "payer": _("Người nộp phí, lệ phí"),
        }
        return labels[self.value]


class PaperState(StrEnum):
    RECEIVED = "received"
    MISSING = "missing"
    PRESENTED = "presented"
    NOT_NEEDED = "not_needed"


class LetterVersion(StrEnum):
    """Which PDF of an issued letter is meant: what helps today, the one that counts, or the one that was issued."""

    LATEST = "latest"
    SIGNED = "signed"
    ISSUED = "issued"


class Stage(StrEnum):
    """When a supplement was asked: at the counter, or by those who appraise."""

    INTAKE = "intake"
    APPRAISAL = "appraisal"


class Act(StrEnum):
    """What people do with a dossier."""

    RECEIVE = "receive"
    REFUSE = "refuse"
    REQUEST_SUPPLEMENT = "request_supplement"
    REGISTER_SUPPLEMENT = "register_supplement"
    COMPLETE_STEP = "complete_step"
    TAKE_BACK = "take_back"
    CLAIM = "claim"
    REASSIGN = "reassign"
    CONSULT = "consult"
    ANSWER = "answer"
    WITHDRAW_CONSULTATION = "withdraw_consultation"
    CHANGE_CASE = "change_case"
    EXTEND = "extend"
    STOP = "stop"
    RECORD_RESULT = "record_result"
    HAND_OVER = "hand_over"
    ATTACH = "attach"
    ASSESS_FEES = "assess_fees"
    AWAIT_PAYMENT = "await_payment"
    PAYMENT_DONE = "payment_done"

    @property
    def label(self) -> Promise:
        return ACT_LABELS[self]


ACT_LABELS: Mapping[Act, Promise] = {
    Act.RECEIVE: _("Tiếp nhận"),
    Act.REFUSE: _("Từ chối tiếp nhận"),
    Act.REQUEST_SUPPLEMENT: _("Yêu cầu bổ sung"),
    Act.REGISTER_SUPPLEMENT: _("Ghi nhận bổ sung"),
    Act.COMPLETE_STEP: _("Hoàn thành bước"),
    Act.TAKE_BACK: _("Rút lại"),
    Act.CLAIM: _("Nhận xử lý"),
    Act.REASSIGN: _("Phân công lại"),
    Act.CONSULT: _("Lấy ý kiến"),
    Act.ANSWER: _("Trả lời ý kiến"),
    Act.WITHDRAW_CONSULTATION: _("Rút yêu cầu lấy ý kiến"),
    Act.CHANGE_CASE: _("Đổi trường hợp"),
    Act.EXTEND: _("Xin lỗi và gia hạn"),
    Act.STOP: _("Dừng giải quyết"),
    Act.RECORD_RESULT: _("Ghi kết quả"),
    Act.HAND_OVER: _("Trả kết quả"),
    Act.ATTACH: _("Thêm tệp"),
    Act.ASSESS_FEES: _("Tính lại phí, lệ phí"),
    Act.AWAIT_PAYMENT: _("Yêu cầu nộp phí"),
    Act.PAYMENT_DONE: _("Ghi nhận đã nộp"),
}


@dataclass(frozen=True, slots=True)
class Person:
    """A person or an organisation as named on the papers."""

    name: str
    id_number: str = ""
    is_organisation: bool = False
    born_on: date | None = None
    gender: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class PaperGiven:
    """One line of the paper list as ticked at the counter. `key` is the catalogue's, or "" for an extra paper."""

    key: str
    state: PaperState = PaperState.RECEIVED
    name: str = ""
    originals: int = 1
    copies: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Reception:
    """Everything the counter knows when it receives a dossier."""

    procedure_version_id: int
    owner: Person
    receiving_unit_id: int
    case_key: str = ""
    submitter: Person | None = None
    authorisation: str = ""
    recipient: Person | None = None
    payer: Person | None = None
    papers: tuple[PaperGiven, ...] = ()
    channel: Channel = Channel.COUNTER
    place_agency_id: int | None = None
    return_method: ReturnMethod = ReturnMethod.COUNTER
    return_address: str = ""
    request_summary: str = ""
    set_count: int = 1
    idempotency_key: str | None = None
    submitted_at: datetime | None = None
    agency_initiated: bool = False
    related_code: str = ""
    fees: Answers = NOTHING_TOLD


@dataclass(frozen=True, slots=True)
class ResultData:
    """The result of a dossier: the document that was decided."""

    number: str
    issued_on: date
    summary: str
    signer: str = ""
    granted: bool = True


@dataclass(frozen=True, slots=True)
class HandOverData:
    """Who took the result, and how."""

    name: str
    id_number: str = ""
    authorisation: str = ""
    method: ReturnMethod = ReturnMethod.COUNTER
    slip_returned: bool = True
    tracking_number: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class BulkOutcome:
    """What became of one dossier in a bulk act."""

    code: str
    ok: bool
    message: str = ""
    data: Mapping[str, object] = field(default_factory=dict)


class RefundCause(TextChoices):
    """Why money may have to be given back."""

    WITHDRAWN = "withdrawn", _("Người nộp rút hồ sơ")
    STOPPED = "stopped", _("Dừng giải quyết")
    REFUSED = "refused", _("Không được giải quyết theo đề nghị")
    LOWERED = "lowered", _("Tính lại thấp hơn số đã nộp")
    RESOLUTION = "resolution", _("Quy định mới giảm mức thu từ trước ngày nộp")
    TOO_MUCH = "too_much", _("Nộp thừa hoặc nộp sau khi hồ sơ kết thúc")


class RefundOutcome(TextChoices):
    """What became of a proposal."""

    OPEN = "open", _("Chờ xem xét")
    ASKED = "asked", _("Đã đề nghị hoàn")
    DISMISSED = "dismissed", _("Không hoàn")
    DROPPED = "dropped", _("Không còn gì để hoàn")

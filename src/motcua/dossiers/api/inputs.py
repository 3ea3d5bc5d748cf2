"""What requests about dossiers bring. Unknown fields are refused, so that a typing error is not lost."""

from decimal import Decimal
from typing import Annotated, Any, Literal

from ninja import Field, Schema
from pydantic import ConfigDict

from motcua.catalogue.queries.fees import Answers
from motcua.dossiers.types import HandOverData, PaperGiven, PaperState, Person, ResultData, ReturnMethod
from motcua.kernel.api import Code, Day, Id, Line, Text

FIELD_NAMES = {
    "procedure_version_id": "procedure",
    "case_key": "case",
    "owner_name": "owner.name",
    "submitter_name": "submitter.name",
    "owner_id_number": "owner.id_number",
    "submitter_id_number": "submitter.id_number",
    "place_agency_id": "deciding_unit",
    "related_code": "related",
    **{
        f"fees.{name}": f"fees.quantities.{name}" for name in ("pages", "copies", "persons", "items", "value")
    },
    "result_number": "result.number",
    "result_summary": "result.summary",
    "result_issued_on": "result.issued_on",
}
"""How requests call the fields that acts name when they refuse."""

Name = Annotated[Line, Field(max_length=255)]
Short = Annotated[Line, Field(max_length=500)]
Reason = Annotated[Text, Field(description="Read by people; may have several lines")]


class Strict(Schema):
    """Base of all bodies."""

    model_config = ConfigDict(extra="forbid")


def example(**fields: Any) -> ConfigDict:
    """A body's example in the document."""
    return ConfigDict(extra="forbid", json_schema_extra={"examples": [fields]})


class PersonIn(Strict):
    """A person or an organisation as named on the papers."""

    name: Name
    id_number: Annotated[Line, Field(max_length=20)] = ""
    is_organisation: bool = False
    born_on: Day | None = None
    gender: Annotated[Line, Field(max_length=8, description="Nam or Nữ")] = ""
    address: Short = ""
    phone: Annotated[Line, Field(max_length=20)] = ""
    email: Annotated[Line, Field(max_length=160)] = ""

    def person(self) -> Person:
        """As the acts know it."""
        return Person(**self.model_dump())


class PaperIn(Strict):
    """One paper of the list. `key` is the catalogue's; an extra paper has a name and no key."""

    key: Annotated[Line, Field(max_length=64)] = ""
    name: Annotated[Line, Field(max_length=2000)] = ""
    state: PaperState = PaperState.RECEIVED
    originals: Annotated[int, Field(ge=0, le=999)] = 1
    copies: Annotated[int, Field(ge=0, le=999)] = 0
    note: Short = ""

    def given(self) -> PaperGiven:
        """As the acts know it."""
        return PaperGiven(**self.model_dump())


Papers = Annotated[list[PaperIn], Field(max_length=200)]
_PERSON = {
    "name": "Nguyễn Thị Bé",
    "id_number": "027190001234",
    "born_on": "1990-02-03",
    "gender": "Nữ",
    "address": "Tổ dân phố số 1, phường Bắc Giang, tỉnh Bắc Ninh",
    "phone": "0912345678",
}
_RECEPTION: dict[str, Any] = {
    "procedure": "1.004873",
    "case": "Không phải xác minh",
    "receiving_unit": "07210.TTPVHCC",
    "owner": _PERSON,
    "papers": [{"name": "Tờ khai cấp Giấy xác nhận tình trạng hôn nhân", "originals": 1}],
    "channel": "counter",
    "return_method": "counter",
}


class FeesIn(Strict):
    """What the fees are counted by; keys are those of `/procedures/{code}`. Leave out what is not known yet."""

    quantities: dict[
        Literal["pages", "copies", "persons", "items", "value"], Annotated[int, Field(ge=1)]
    ] = {}
    exempt: Annotated[list[Line], Field(max_length=20, description="Groups whose proof was shown")] = []
    meets: Annotated[list[Line], Field(max_length=50, description="Lines whose condition holds")] = []
    not_meets: Annotated[list[Line], Field(max_length=50, description="Lines whose condition fails")] = []
    event_day: Day | None = Field(None, description="Day a term runs from (of birth, of death)")

    def answers(self) -> Answers:
        """As the acts know it."""
        return Answers(
            quantities={str(name): count for name, count in self.quantities.items()},
            exempt=tuple(self.exempt),
            meets=tuple(self.meets),
            not_meets=tuple(self.not_meets),
            event_day=self.event_day,
        )


class AssessmentIn(FeesIn):
    """The fees of a dossier told again."""

    model_config = example(quantities={"copies": 2}, reason="Người nộp xin thêm một bản.")

    reason: Reason


class PaymentNoteIn(Strict):
    """What is awaited, or which paper proves that it was paid."""

    model_config = example(note="Thông báo nộp tiền số 12/TB-CT ngày 20/11/2026")

    note: Annotated[Line, Field(max_length=300)] = ""


class ReceptionIn(Strict):
    """A dossier as it is brought in."""

    model_config = example(**_RECEPTION)

    procedure: Code = Field(description="Code of the procedure, or its `id` where it has none")
    case: Name = Field("", description="Key or name of the case; needed where the time limit depends on it")
    receiving_unit: Code = Field(description="Code of the reception point, such as 07210.TTPVHCC")
    deciding_unit: Code = Field("", description="Agency that shall decide, where the applicant may choose")
    owner: PersonIn = Field(description="Whose dossier it is (chủ hồ sơ)")
    submitter: PersonIn | None = Field(None, description="Who hands it in, if somebody else")
    authorisation: Short = Field("", description="Paper that authorises the submitter")
    recipient: PersonIn | None = Field(None, description="Who takes the result, if somebody else")
    payer: PersonIn | None = Field(None, description="Who pays, if somebody else")
    papers: Papers = []
    channel: Literal["counter", "online", "post"] = "counter"
    return_method: ReturnMethod = ReturnMethod.COUNTER
    return_address: Short = ""
    request_summary: Text = ""
    set_count: Annotated[int, Field(ge=1, le=99)] = 1
    agency_initiated: bool = Field(False, description="An agency, not a citizen, asks for it")
    related: Code = Field("", description="Code of a dossier this one follows")
    fees: FeesIn | None = Field(None, description="What the fees are counted by")


class RefusalIn(ReceptionIn):
    """A reception that is refused (form 03)."""

    model_config = example(**_RECEPTION, reason="Không thuộc thẩm quyền giải quyết.")

    reason: Reason


class SupplementItemIn(Strict):
    """One thing that is missing."""

    text: Annotated[Text, Field(min_length=1, max_length=2000)]
    paper: Annotated[Line, Field(max_length=64)] = Field(
        "", description="Key of the paper, if it is on the list"
    )


Items = Annotated[list[SupplementItemIn], Field(min_length=1, max_length=100)]
_ITEMS = [{"text": "Bản sao Giấy chứng nhận kết hôn", "paper": ""}]


class IntakeSupplementIn(ReceptionIn):
    """A reception that must wait for missing papers (form 02); the clock does not start."""

    model_config = example(**_RECEPTION, items=_ITEMS, reason="Thành phần hồ sơ chưa đầy đủ.")

    items: Items
    reason: Reason
    respond_by: Day | None = None


class PapersIn(Strict):
    """What the person came back with."""

    model_config = example(papers=[{"key": "giay-khai-sinh", "copies": 1, "originals": 0}])

    papers: Papers = []


class ResultIn(Strict):
    """The document that was decided."""

    model_config = example(
        number="12/XN-UBND",
        issued_on="2026-11-23",
        summary="Giấy xác nhận tình trạng hôn nhân",
        signer="Ngô Văn An",
    )

    number: Annotated[Line, Field(min_length=1, max_length=64)]
    issued_on: Day
    summary: Text
    signer: Annotated[Line, Field(max_length=160)] = ""
    granted: bool = True

    def result(self) -> ResultData:
        """As the acts know it."""
        return ResultData(**self.model_dump())


class CompleteIn(Strict):
    """Finish a step with one of its outcomes."""

    model_config = example(outcome="trinh", note="Hồ sơ đủ điều kiện.")

    outcome: Annotated[Line, Field(max_length=80, description="Key of the outcome")]
    note: Text = ""
    assignee_id: Id | None = Field(None, description="Who takes the next step, by `user_id` of a holder")
    result: ResultIn | None = Field(None, description="The decision; needed before the step of return")


class ReasonIn(Strict):
    """Why."""

    model_config = example(reason="Chuyển nhầm, cần kiểm tra lại.")

    reason: Reason


class TakeBackIn(ReasonIn):
    """Take one's own forwarding back."""


class ReassignIn(Strict):
    """Give a step to another holder of its role."""

    model_config = example(assignee_id=12, reason="Người được giao nghỉ phép.")

    assignee_id: Id
    reason: Reason = ""


class ConsultationIn(Strict):
    """Ask units for their opinion; the step waits for all answers."""

    model_config = example(task_id=345, units=["STP"], question="Đề nghị cho ý kiến về …", days="2")

    task_id: Id = Field(description="The open step that asks")
    units: Annotated[list[Code], Field(min_length=1, max_length=20, description="Codes of the units asked")]
    question: Annotated[Text, Field(min_length=1, max_length=900)]
    days: Annotated[Decimal, Field(ge=0, le=1000, max_digits=6, decimal_places=2)] = Field(
        Decimal(2), description="Working days to answer, 0.25 to 60"
    )


class AnswerIn(Strict):
    """The consulted unit's opinion."""

    model_config = example(opinion="Thống nhất với nội dung đề nghị.", agrees=True)

    opinion: Text = ""
    agrees: bool | None = None


class SupplementIn(Strict):
    """Ask for everything that is missing in one list; the clock stops."""

    model_config = example(items=_ITEMS, reason="Chưa đủ căn cứ để giải quyết.", respond_by="2026-12-01")

    items: Items
    reason: Reason
    respond_by: Day | None = None
    leader_reason: Text = Field("", description="A second request needs a leader and this reason")
    mode: Literal["restart", "extend"] | None = Field(
        None, description="How the clock goes on; null: as set up"
    )


class SupplementAnswerIn(Strict):
    """The missing papers came."""

    model_config = example(papers=[{"name": "Bản sao Giấy chứng nhận kết hôn", "copies": 1}], note="Đã đủ.")

    papers: Papers = []
    note: Text = ""


class CaseIn(Strict):
    """Another case of the procedure."""

    model_config = example(case="Phải xác minh", reason="Cần xác minh nơi cư trú trước đây.")

    case: Name
    reason: Reason


class ExtensionIn(Strict):
    """Apologise and name one new date."""

    model_config = example(new_due_on="2026-12-10", reason="Cần thêm thời gian xác minh.")

    new_due_on: Day
    reason: Reason


class StopIn(Strict):
    """End without a result."""

    model_config = example(reason="Người nộp đề nghị rút hồ sơ.", requested_by_applicant=True)

    reason: Reason
    requested_by_applicant: bool
    papers_returned: Text = ""


class HandOverIn(Strict):
    """Who takes the result, and how."""

    model_config = example(name="Nguyễn Thị Bé", id_number="027190001234", method="counter")

    name: Name = ""
    id_number: Annotated[Line, Field(max_length=20)] = ""
    authorisation: Short = ""
    method: ReturnMethod = ReturnMethod.COUNTER
    slip_returned: bool = True
    tracking_number: Annotated[Line, Field(max_length=40)] = ""
    note: Short = ""

    def data(self) -> HandOverData:
        """As the acts know it."""
        return HandOverData(**self.model_dump())

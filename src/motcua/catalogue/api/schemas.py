"""What the API says about procedures. Names are stable; new ones may be added."""

from datetime import date, datetime

from ninja import Field, Schema


class ProcedureOut(Schema):
    """A procedure in a list."""

    id: int = Field(description="Stable number of the procedure, also where it has no code yet")
    version_id: int = Field(description="The version in force; dossiers pin it")
    code: str = Field(
        description="National code such as 1.001193; empty until the national database gives one"
    )
    name: str
    short_name: str
    field: str = Field(description="Field of administration (lĩnh vực)")
    levels: list[str] = Field(description="Who may decide: xa, tinh, bo, co_quan_khac")
    online_level: str = Field(description="full, partial, none or unknown")
    detailed: bool = Field(description="False: compact data from the national portal, papers not listed")


class ProcedurePageOut(Schema):
    """One page; ask again with `cursor=next` until it is null."""

    items: list[ProcedureOut]
    next: str | None = None
    total: int


class PhaseOut(Schema):
    """One stretch of a time limit."""

    amount: str = Field(
        description="Exact: a whole number, a fraction such as 1/2, or 0 where there is no date"
    )
    unit: str = Field(description="within_day, working_day, calendar_day, working_hour, hour, month or none")
    label: str = ""
    waits_for: str = ""


class LimitOut(Schema):
    """A time limit, in words and as data."""

    text: str
    has_due_date: bool
    phases: list[PhaseOut]
    cutoff: str = Field(default="", description="The rule for late arrivals, in words")
    starts: str = Field(description="on_receipt, on_complete, on_competent_receipt or on_event")


class CaseOut(Schema):
    """A case (trường hợp) to name when a dossier is sent in."""

    key: str
    name: str
    changes_limit: bool
    limit: LimitOut


class PaperOut(Schema):
    """One paper of the dossier."""

    key: str
    name: str
    originals: int
    copies: int
    kind: str = Field(description="form, submit or present")
    required: str = Field(description="always or conditional")
    condition: str = ""
    case: str = ""
    case_key: str = Field(default="", description="Empty: asked in every case")
    channels: list[str] = []
    form_code: str = ""
    alternatives: list[str] = []


class FeeTierOut(Schema):
    """A stretch of a count with its own price for one."""

    up_to: int | None = Field(default=None, description="Null: everything above")
    amount: int


class FeeGroupOut(Schema):
    """Who pays less against which proof; `key` goes into `fees.exempt` of a reception."""

    key: str
    name: str
    proof: str
    percent: str = Field(description="Share taken off, such as 1 or 1/2")


class FeeOut(Schema):
    """One fee or charge in đồng, as it is worked out at the counter."""

    key: str
    kind: str
    name: str
    amount: int | None = Field(default=None, description="Null: worked out by tiers or a share, or not known")
    counts: str = Field(
        default="", description="What the amount is for each of: pages, copies, persons, items, value"
    )
    tiers: list[FeeTierOut] = []
    cap: int | None = None
    times: str = Field(default="", description="What the whole is taken times, such as copies")
    rate: str = Field(default="", description="Share of `counts` taken as đồng")
    cases: list[str] = Field(default=[], description="Keys of the only cases it is asked in")
    set_by: str = ""
    basis: str = ""
    exemptions: list[FeeGroupOut] = []
    kept_when_refused: bool = False
    per: str
    condition: str = ""
    channels: list[str] = []
    valid_from: date | None = None
    valid_to: date | None = None
    applies: bool = Field(description="False: the source contradicts itself, nobody is charged yet")
    hold_reason: str = ""


class ResultOut(Schema):
    name: str
    code: str = ""


class ProcedureDetailOut(ProcedureOut):
    """The whole content of the version in force."""

    local_code: str | None = None
    other_codes: list[str] = []
    version: int
    valid_from: datetime
    valid_to: datetime | None = None
    in_force: bool
    received_in_province: bool
    ministry: str
    decision: str
    authority: str
    applicants: list[str]
    limit: LimitOut
    cases: list[CaseOut]
    papers: list[PaperOut]
    papers_known: bool
    fees: list[FeeOut]
    exemptions: list[str]
    results: list[ResultOut]
    conditions: list[str]
    legal_bases: list[str]
    territory: str = Field(description="all, bac_ninh_cu or bac_giang_cu")
    boundary_free: bool
    doubtful: list[str] = Field(description="Fields the source itself does not vouch for")


class ProblemOut(Schema):
    """RFC 9457 problem details."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str = ""
    code: str = ""

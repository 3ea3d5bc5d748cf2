"""A procedure, a decision and lines that change it, as the tests of change-sets use them."""

from __future__ import annotations

from datetime import date, datetime

from motcua.catalogue.rules.decisions import (
    DecisionHead,
    DecisionLine,
)
from motcua.catalogue.rules.time_limits import LimitUnit, TimeLimit
from motcua.catalogue.types import (
    FeeLine,
    Level,
    Paper,
    ProcedureCase,
    ProcedureDefinition,
    ProcedureResult,
)
from motcua.catalogue.types_changes import ChangeAction, ChangeKind
from motcua.kernel.clock import VN

DAYS_5 = TimeLimit.of(5, LimitUnit.WORKING_DAY)
DAYS_7 = TimeLimit.of(7, LimitUnit.WORKING_DAY)
CALENDAR_5 = TimeLimit.of(5, LimitUnit.CALENDAR_DAY)
FORM = Paper("don", "Đơn đề nghị", 1, 0, "form", "always", form_code="Mẫu 01")
COPY = Paper("ban-sao", "Bản sao bằng cấp", 0, 1, "submit", "conditional", condition="có yêu cầu")
FEE = FeeLine("f1", "le_phi", "Lệ phí", 450_000, "giấy phép")
CASE = ProcedureCase("cap-lai", "Cấp lại", TimeLimit.of(3, LimitUnit.WORKING_DAY), changes_limit=True)
BEFORE = ProcedureDefinition(
    name="Cấp giấy phép lao động",
    short_name="Cấp giấy phép lao động",
    field="Việc làm",
    levels=(Level.PROVINCE,),
    code="1.014199",
    limit=DAYS_5,
    cases=(CASE,),
    papers=(FORM, COPY),
    fees=(FEE,),
    results=(ProcedureResult("Giấy phép lao động"),),
    legal_bases=("Bộ luật Lao động",),
    authority="Sở Nội vụ",
    confidence={"time_limit": "low", "fees": "low", "documents": "low"},
)
HEAD = DecisionHead(
    number="1513/QĐ-UBND",
    signed_on=date(2025, 11, 22),
    kind=ChangeKind.PUBLISH,
    title="Công bố danh mục TTHC sửa đổi, bổ sung lĩnh vực việc làm",
    field="Việc làm",
    effective_at=datetime(2025, 12, 1, tzinfo=VN),
)


def line(
    action: ChangeAction = ChangeAction.AMENDED,
    code: str = "1.014199",
    name: str = "",
    old: str = "",
    **values: object,
) -> DecisionLine:
    return DecisionLine(1, "Phụ lục!B2", code, name, action, old, values)

"""Rows of the configuration grid for tests: one procedure of five working days, a process of three steps."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from motcua.catalogue.rules.grid.cells import Choices, Row, live_fees, live_steps
from motcua.catalogue.rules.grid.columns import Column, RowKey, columns_of
from motcua.catalogue.rules.time_limits import LimitUnit, TimeLimit
from motcua.catalogue.types import FeeLine, Level, Paper, ProcedureCase, ProcedureDefinition
from motcua.workflow.rules.definition import (
    Outcome,
    ProcessDefinition,
    SharedTime,
    Span,
    Step,
    StepKind,
    TimeUnit,
    UnitRef,
    Where,
)

ROLES = {
    "one_stop_officer": "Cán bộ tiếp nhận hồ sơ",
    "specialist": "Chuyên viên",
    "leader": "Lãnh đạo cơ quan",
    "clerk": "Văn thư",
}
KEY = RowKey(7, "tinh")
STEPS = (
    "1. Tiếp nhận hồ sơ | Cán bộ tiếp nhận hồ sơ | 0,5 ngày làm việc\n"
    "2. Thẩm định / dự thảo | Chuyên viên | 3 ngày làm việc\n"
    "3. Trả kết quả | Cán bộ tiếp nhận hồ sơ | 0,5 ngày làm việc"
)
FEES = "Lệ phí cấp giấy | 8.000 | bản | NQ 01/2025\nPhí thẩm định | chưa rõ | hồ sơ |"


def days(amount: str) -> Span:
    return Span(Fraction(amount), TimeUnit.WORKING_DAY)


def process(
    key: str = "qt-01", *, times: tuple[str, str, str] = ("0.5", "3", "0.5"), level: str = "tinh"
) -> ProcessDefinition:
    """Reception, work, return."""
    names = (
        ("nhan", "Tiếp nhận hồ sơ", StepKind.RECEPTION, "one_stop_officer", "lam"),
        ("lam", "Thẩm định | dự thảo", StepKind.WORK, "specialist", "tra"),
        ("tra", "Trả kết quả", StepKind.RETURN, "one_stop_officer", ""),
    )
    steps = tuple(
        Step(
            key=step,
            name=name,
            kind=kind,
            role=role,
            unit_ref=UnitRef(Where.AGENCY),
            time=days(time),
            outcomes=(Outcome("xong", "Đã xong", (to,) if to else ()),),
        )
        for (step, name, kind, role, to), time in zip(names, times, strict=True)
    )
    return ProcessDefinition(key=key, title=f"Quy trình {key}", level=level, steps=steps)


def shared_process() -> ProcessDefinition:
    """Two steps that share one day."""
    plain = process("qt-chung")
    steps = tuple(
        replace(step, time=None, shared_group="a") if step.key != "tra" else step for step in plain.steps
    )
    return replace(plain, steps=steps, shared=(SharedTime("a", "chung", days("1")),))


def definition(**changes: Any) -> ProcedureDefinition:
    values: dict[str, Any] = {
        "name": "Cấp giấy thử",
        "short_name": "Giấy thử",
        "field": "Hộ tịch",
        "levels": (Level.PROVINCE,),
        "code": "9.000007",
        "limit": TimeLimit.of(5, LimitUnit.WORKING_DAY),
        "fees": (
            FeeLine(
                key="a", kind="le_phi", name="Lệ phí cấp giấy", amount=8_000, per="bản", set_by="NQ 01/2025"
            ),
            FeeLine(key="b", kind="phi", name="Phí thẩm định", amount=None, per="hồ sơ"),
        ),
        "papers": (Paper("to-khai", "Tờ khai", 1, 0, "form", "always"),),
        "cases": (
            ProcedureCase("gap", "Làm gấp", TimeLimit.of(2, LimitUnit.WORKING_DAY), changes_limit=True),
        ),
    }
    return ProcedureDefinition(**{**values, **changes})


PROCESSES = {
    "1": process(),
    "2": process("qt-02", times=("1", "3", "1")),
    "3": process("qt-dai", times=("1", "9", "1")),
    "4": process("qt-xa", level="xa"),
    "5": shared_process(),
}


def choices() -> Choices:
    return Choices(
        processes={token: f"{found.title} · {found.key}#1" for token, found in PROCESSES.items()},
        definitions=PROCESSES,
        reception_units={
            "09187.TT": "09187.TT · Trung tâm phường Kinh Bắc",
            "TTPVHCC": "TTPVHCC · Trung tâm tỉnh",
        },
        deciding_units={"STP": "STP · Sở Tư pháp", "STC": "STC · Sở Tài chính"},
        letters={"reception_slip": "Mẫu số 01", "reception_slip_table": "Mẫu có bảng"},
        roles=ROLES,
        functions={"police": "Công an"},
    )


CHOICES = choices()


def row(key: RowKey = KEY, *, process_token: str = "1", content: ProcedureDefinition | None = None) -> Row:
    """A row in force, nothing drafted."""
    content = content or definition()
    case = content.case(key.case_key)
    live = {
        Column.PROCESS: process_token,
        Column.STEPS: live_steps(PROCESSES.get(process_token), CHOICES),
        Column.RECEIVING: "any_centre",
        Column.DECIDING: "",
        Column.RETURNING: "" if key.case_key else "original",
        Column.FORM: "",
        Column.FEES: live_fees(content),
        Column.LETTERS: "" if key.case_key else "reception_slip",
    }
    columns = columns_of(key, first_level=True)
    return Row(
        key=key,
        code=content.code or "",
        name=content.name,
        field=content.field,
        case_name=case.name if case else "",
        limit=content.limit_for(key.case_key),
        definition=content,
        first_level=True,
        live={column: token for column, token in live.items() if column in columns},
        default_department="Sở Tư pháp",
    )

"""Skeletons of internal processes to begin a draft from: the usual ways of a commune, a department, the province.

They follow the shapes of the tables of Bắc Ninh's decisions 1490 and 1582/QĐ-UBND and of Cao Bằng's 203/QĐ-UBND (2025);
times are left empty, because they belong to the procedure.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from motcua.kernel.messages import Message, msg
from motcua.workflow.rules.definition import ProcessDefinition
from motcua.workflow.rules.source_tables import read_process

_COUNTER = ("Trung tâm Phục vụ hành chính công", "one_stop_officer")
_COMMUNE = (
    ("Kiểm tra, số hóa, tiếp nhận hồ sơ, chuyển xử lý", *_COUNTER, "Giấy tiếp nhận hồ sơ và hẹn trả kết quả"),
    ("Thẩm định hồ sơ, dự thảo kết quả", "Công chức chuyên môn", "specialist", "Dự thảo kết quả"),
    ("Xem xét, trình ký", "Lãnh đạo phòng chuyên môn", "dept_head", ""),
    ("Ký duyệt kết quả", "Lãnh đạo UBND cấp xã", "leader", "Kết quả giải quyết"),
    ("Vào số, đóng dấu, chuyển kết quả", "Văn thư UBND cấp xã", "clerk", ""),
)
_DEPARTMENT = (
    ("Kiểm tra, số hóa, tiếp nhận hồ sơ, chuyển xử lý", *_COUNTER, "Giấy tiếp nhận hồ sơ và hẹn trả kết quả"),
    ("Phân công giải quyết", "Lãnh đạo phòng chuyên môn", "dept_head", ""),
    ("Thẩm định hồ sơ, dự thảo kết quả", "Chuyên viên", "specialist", "Dự thảo kết quả"),
    ("Xem xét, trình lãnh đạo", "Lãnh đạo phòng chuyên môn", "dept_head", ""),
    ("Ký duyệt", "Lãnh đạo Sở", "leader", "Kết quả giải quyết"),
    ("Lấy số, đóng dấu, chuyển kết quả", "Văn thư Sở", "clerk", ""),
)
_PROVINCE = (
    *_DEPARTMENT[:3],
    (
        "Lấy ý kiến cơ quan liên quan",
        "Các Sở, ban, ngành được lấy ý kiến",
        "external",
        "Văn bản tham gia ý kiến",
    ),
    ("Tổng hợp, lập báo cáo thẩm định", "Chuyên viên", "specialist", "Báo cáo thẩm định"),
    ("Xem xét, trình lãnh đạo", "Lãnh đạo phòng chuyên môn", "dept_head", ""),
    ("Ký báo cáo, tờ trình", "Lãnh đạo Sở", "leader", "Tờ trình"),
    ("Lấy số, đóng dấu, chuyển Văn phòng UBND tỉnh", "Văn thư Sở", "clerk", ""),
    ("Xem xét, ban hành quyết định hoặc văn bản từ chối", "UBND tỉnh", "leader", "Quyết định"),
)
_RETURN = ("Trả kết quả cho tổ chức, cá nhân", *_COUNTER, "")


@dataclass(frozen=True, slots=True)
class Template:
    """A skeleton: its name in addresses and forms, what it is for, and the process."""

    key: str
    label: Message
    definition: ProcessDefinition


def _made(key: str, label: Message, level: str, rows: tuple[tuple[str, str, str, str], ...]) -> Template:
    steps = [
        {"order": n, "name": name, "role": performer, "role_key": role, "output": output or None}
        for n, (name, performer, role, output) in enumerate((*rows, _RETURN), 1)
    ]
    steps[-1] |= {"counted_in_limit": False}
    loaded = read_process({"id": key, "title": label.source(), "level": level, "steps": steps})
    assert loaded.definition is not None
    return Template(key, label, replace(loaded.definition, title=""))


TEMPLATES: dict[str, Template] = {
    template.key: template
    for template in (
        _made("cap-xa", msg("Cấp xã giải quyết"), "xa", _COMMUNE),
        _made("so-giai-quyet", msg("Sở, ban, ngành giải quyết"), "tinh", _DEPARTMENT),
        _made("ubnd-tinh", msg("Sở thẩm định, UBND tỉnh quyết định"), "tinh", _PROVINCE),
    )
}

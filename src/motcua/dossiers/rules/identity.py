"""What a number on a paper may look like: of a person, of an organisation.

A person has twelve digits (Law on Identification 2023), nine on an old card, or a foreigner's passport; an
organisation a tax code of ten digits, thirteen for a branch (with or without a dash), or a number of twelve.
"""

from __future__ import annotations

import re

from motcua.kernel.messages import Message, msg

PERSON_LENGTH, OLD_LENGTH = 12, 9
PERSON_LENGTHS = frozenset({PERSON_LENGTH, OLD_LENGTH})
_PERSON = re.compile(r"[0-9]{9}|[0-9]{12}|[A-Z]{1,2}[0-9]{6,8}")
_ORGANISATION = re.compile(r"[0-9]{10}(-?[0-9]{3})?|[0-9]{12}")


def number_problem(number: str, *, is_organisation: bool) -> Message | None:
    """Why this cannot be the number; None when it can, or when there is none."""
    if not number:
        return None
    if is_organisation:
        if _ORGANISATION.fullmatch(number):
            return None
        return msg(
            "Mã số “%(seen)s” của tổ chức chưa đúng: mã số thuế có 10 hoặc 13 chữ số, mã định danh có 12.",
            seen=number[:30],
        )
    if _PERSON.fullmatch(number):
        return None
    return msg(
        "Số giấy tờ “%(seen)s” chưa đúng: số định danh có 12 chữ số (chứng minh nhân dân cũ 9), "
        "hộ chiếu gồm chữ và số; mã số thuế chỉ dùng cho tổ chức.",
        seen=number[:30],
    )

"""The head of a decision: what is printed is read, what is not there is asked for."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from motcua.catalogue.rules.decisions import (
    DecisionRead,
    read_decision,
)
from motcua.catalogue.types_changes import ChangeKind
from motcua.documents.tests.offices import document, workbook
from motcua.kernel.clock import VN

SHORT = ("STT", "Mã TTHC", "Tên TTHC", "Thời hạn giải quyết")
TITLE = "Công bố danh mục thủ tục hành chính sửa đổi, bổ sung lĩnh vực đấu thầu"


def read(data: bytes, name: str = "phu-luc.xlsx") -> DecisionRead:
    (found,) = read_decision(data, name=name)
    return found


def midnight(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=VN)


def test_a_head_sheet_without_a_number_still_gives_its_other_parts() -> None:
    labelled = [("Số quyết định", ""), ("Ngày ký", "22/11/2025"), ("Cơ quan ban hành", "UBND tỉnh Bắc Ninh")]
    head = read(workbook(("Quyết định", labelled), ("Phụ lục", [SHORT]))).head
    assert (head.number, head.signed_on, head.issuer) == ("", date(2025, 11, 22), "UBND tỉnh Bắc Ninh")


@pytest.mark.parametrize(
    ("sentence", "first", "last"),
    [
        ("Điều 2. Quyết định này có hiệu lực kể từ ngày ký.", midnight(2025, 11, 22), None),
        ("Điều 2. Quyết định này có hiệu lực thi hành từ ngày 01/12/2025.", midnight(2025, 12, 1), None),
        (
            "Điều 2. Quyết định này có hiệu lực từ ngày 01 tháng 7 năm 2025 đến hết ngày 31 tháng 12 năm 2026.",
            midnight(2025, 7, 1),
            midnight(2027, 1, 1),
        ),
        (
            "Điều 2. Thủ tục hành chính có hiệu lực theo Quyết định số 3740/QĐ-BTC ngày 05/11/2025.",
            None,
            None,
        ),
        ("Điều 2. Quyết định này có hiệu lực kể từ ngày 20/11/20225.", None, None),
        ("Căn cứ Luật có hiệu lực từ ngày 01/7/2025;", None, None),
    ],
)
def test_the_effective_day_is_read_or_asked_for(
    sentence: str, first: datetime | None, last: datetime | None
) -> None:
    letterhead = [("ỦY BAN NHÂN DÂN TỈNH BẮC NINH", "Bắc Ninh, ngày 22 tháng 11 năm 2025")]
    head = read(document(letterhead, "QUYẾT ĐỊNH", TITLE, sentence, [SHORT]), "a.docx").head
    assert (head.effective_at, head.effective_to) == (first, last)
    assert ("effective_at" in head.missing) == (first is None)


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Công bố danh mục TTHC bị bãi bỏ", ChangeKind.PUBLISH),
        ("Công bố danh mục và quy trình nội bộ TTHC sửa đổi", ChangeKind.PUBLISH),
        ("Công bố danh mục TTHC nội bộ sửa đổi", ChangeKind.PUBLISH_INTERNAL),
        ("Phê duyệt 05 quy trình nội bộ lĩnh vực đầu tư", ChangeKind.INTERNAL_PROCESS),
        (
            "Phê duyệt danh mục TTHC thực hiện không phụ thuộc vào địa giới hành chính",
            ChangeKind.NON_TERRITORIAL,
        ),
        ("Thông báo đổi mã TTHC đất đai", ChangeKind.RENUMBER),
        ("Kế hoạch năm", None),
    ],
)
def test_the_title_says_what_kind_of_decision_it_is(title: str, kind: ChangeKind | None) -> None:
    assert read(document("QUYẾT ĐỊNH", f"Về việc {title}", [SHORT]), "a.docx").head.kind is kind


def test_parts_that_are_not_there_are_missing_not_guessed() -> None:
    head = read(
        document([("UBND", "ngày    tháng 11 năm 2025"), ("Số:       /QĐ-UBND", "")], [SHORT]), "a.docx"
    ).head
    assert (head.number, head.signed_on, head.effective_at) == ("", None, None)


@pytest.mark.parametrize(
    "after",
    [
        ("Quyết định này có hiệu lực kể từ ngày ký.",),
        ("lĩnh vực việc làm. Quyết định này thay thế Quyết định số 616/QĐ-UBND.",),
    ],
)
def test_the_title_ends_where_the_decision_speaks_of_itself(after: tuple[str, ...]) -> None:
    letterhead = [("ỦY BAN NHÂN DÂN TỈNH BẮC NINH", "Bắc Ninh, ngày 22 tháng 11 năm 2025")]
    head = read(document(letterhead, "QUYẾT ĐỊNH", TITLE, *after, [SHORT]), "a.docx").head
    assert head.title and "Quyết định này" not in head.title

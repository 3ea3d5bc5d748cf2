"""Limits and fees as decisions write them: understood by the readers of the sources, or reported, never guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.catalogue.rules.decisions.cells import read_fee_cell, read_limit_cell, read_list
from motcua.catalogue.rules.decisions.wording import action_of, codes_in, day_in, field_in, levels_in
from motcua.catalogue.rules.time_limits import AFTER_15H, StartRule
from motcua.catalogue.tests.conftest import Carried
from motcua.catalogue.types import Level
from motcua.catalogue.types_changes import ChangeAction
from motcua.kernel.messages import Message
from motcua.kernel.text import fold


def limit_text(text: str) -> str:
    """The limit in words, the cases as "name: limit", or "?" and what the report is about."""
    said: list[Message] = []
    read = read_limit_cell(text, said.append)
    if read is None:
        return "? hiểu" if "Không hiểu" in said[0].source() else "? hợp lý"
    if read.limit is not None:
        return read.limit.text().source()
    return "; ".join(f"{case.name}: {case.limit.text().source()}" for case in read.cases if case.limit)


@pytest.mark.parametrize(
    ("cell", "meaning"),
    [
        ("05 ngày làm việc", "5 ngày làm việc"),
        ("05 (năm) ngày làm việc kể từ ngày nhận đủ hồ sơ hợp lệ", "5 ngày làm việc"),
        ("Không quá 30 ngày", "30 ngày"),
        ("≤16 ngày làm việc", "16 ngày làm việc"),
        ("0,5 ngày làm việc", "0,5 ngày làm việc"),
        ("1/2 ngày làm việc", "0,5 ngày làm việc"),
        ("04 giờ làm việc", "4 giờ làm việc"),
        ("02 tháng", "2 tháng"),
        ("Ngay trong ngày làm việc", "trong ngày"),
        ("Trong ngày; nhận sau 15 giờ thì trả ngày làm việc tiếp theo", "trong ngày"),
        ("Trong ngày tiếp nhận hồ sơ, sau 15 giờ thì ngày tiếp theo", "trong ngày"),
        ("20 ngày (trong đó: Sở 15 ngày, UBND tỉnh 05 ngày)", "20 ngày"),
        ("10 ngày làm việc, trong đó: Sở Nội vụ 07 ngày", "10 ngày làm việc"),
        ("07 ngày làm việc (cắt giảm 03 ngày làm việc)", "7 ngày làm việc"),
        ("15 ngày + 05 ngày", "15 ngày + 5 ngày"),
        (
            "- Cấp mới: 10 ngày làm việc;\n- Cấp lại: 03 ngày làm việc",
            "Cấp mới: 10 ngày làm việc; Cấp lại: 3 ngày làm việc",
        ),
        (
            "a) Không xác minh: 03 ngày\nb) Phải xác minh: 08 ngày",
            "Không xác minh: 3 ngày; Phải xác minh: 8 ngày",
        ),
        ("Không quy định", "không hẹn ngày trả"),
        ("05 ngày, 10 ngày", "? hiểu"),
        ("khoảng một tuần", "? hiểu"),
        ("1.500 ngày", "? hiểu"),
        ("500 ngày", "? hợp lý"),
        ("0 ngày", "? hợp lý"),
    ],
)
def test_limits_as_decisions_write_them(cell: str, meaning: str) -> None:
    assert limit_text(cell) == meaning


@pytest.mark.parametrize(
    ("cell", "starts"),
    [
        ("05 ngày kể từ ngày nhận đủ hồ sơ hợp lệ", StartRule.ON_COMPLETE),
        ("05 ngày kể từ ngày tiếp nhận hồ sơ", StartRule.ON_RECEIPT),
        ("05 ngày kể từ ngày Sở Nội vụ nhận hồ sơ", StartRule.ON_COMPETENT_RECEIPT),
        ("05 ngày", StartRule.ON_COMPLETE),
    ],
)
def test_a_limit_runs_from_the_event_it_names(cell: str, starts: StartRule) -> None:
    read = read_limit_cell(cell, lambda message: None)
    assert read is not None and read.limit is not None and read.limit.starts is starts


def test_the_hour_after_which_the_next_day_counts_is_kept() -> None:
    read = read_limit_cell("Trong ngày; tiếp nhận sau 15 giờ thì trả ngày tiếp theo", lambda message: None)
    assert read is not None and read.limit is not None
    assert read.limit.cutoff == AFTER_15H


def fees(text: str) -> list[tuple[str, str, int | None, str]] | None:
    lines = read_fee_cell(text, lambda message: None)
    return (
        None if lines is None else [(fee.kind, fee.name, fee.amount, fee.per or fee.set_by) for fee in lines]
    )


@pytest.mark.parametrize(
    ("cell", "meaning"),
    [
        ("Không", [("phi", "Không thu phí, lệ phí", 0, "hồ sơ")]),
        ("Không thu phí", [("phi", "Không thu phí, lệ phí", 0, "hồ sơ")]),
        ("Miễn phí", [("phi", "Không thu phí, lệ phí", 0, "hồ sơ")]),
        ("600.000 đồng/giấy phép", [("phi", "Phí", 600_000, "giấy phép")]),
        ("Lệ phí: 1.200.000đ", [("le_phi", "Lệ phí", 1_200_000, "hồ sơ")]),
        (
            "Phí thẩm định: 500.000 đồng/hồ sơ\nLệ phí cấp giấy: 20.000 VNĐ/giấy",
            [("phi", "Phí thẩm định", 500_000, "hồ sơ"), ("le_phi", "Lệ phí cấp giấy", 20_000, "giấy")],
        ),
        (
            "Phí: Không; Lệ phí: 50,000 đồng",
            [("phi", "Phí", 0, "hồ sơ"), ("le_phi", "Lệ phí", 50_000, "hồ sơ")],
        ),
        ("Theo Nghị quyết của HĐND tỉnh", [("phi", "Phí", None, "Nghị quyết của HĐND tỉnh")]),
        ("Thông tư số 64/2025/TT-BTC", [("phi", "Phí", None, "Thông tư số 64/2025/TT-BTC")]),
        ("2.000 đồng/trang, từ trang thứ ba 1.000 đồng/trang", None),
        ("vài chục nghìn", None),
        ("", []),
    ],
)
def test_fees_as_decisions_write_them(
    cell: str, meaning: list[tuple[str, str, int | None, str]] | None
) -> None:
    assert fees(cell) == meaning


def test_a_fee_too_small_to_be_one_is_held_and_reported() -> None:
    said: list[Message] = []
    lines = read_fee_cell("Phí: 700 đồng", said.append)
    assert lines is not None and not lines[0].applies
    assert "nhỏ hơn 1.000 đồng" in said[0].source()


def test_legal_bases_are_one_item_for_each() -> None:
    assert read_list("- Luật A;\n- Nghị định B.\n2) Thông tư C; Luật A") == (
        "Luật A",
        "Nghị định B",
        "Thông tư C",
    )


@pytest.mark.parametrize(
    ("heading", "action"),
    [
        ("A. DANH MỤC TTHC MỚI BAN HÀNH", ChangeAction.NEW),
        ("DANH MỤC THỦ TỤC HÀNH CHÍNH ĐƯỢC SỬA ĐỔI, BỔ SUNG", ChangeAction.AMENDED),
        ("TTHC được thay thế", ChangeAction.REPLACED),
        ("Danh mục thủ tục hành chính bị bãi bỏ", ChangeAction.ABOLISHED),
        ("TTHC phân cấp cho UBND cấp xã", ChangeAction.REDELEGATED),
        ("TTHC chuyển cấp giải quyết", ChangeAction.LEVEL_MOVED),
        ("Quy trình nội bộ", ChangeAction.PROCESS),
        ("TTHC chuẩn hóa", ChangeAction.AMENDED),
        ("TTHC mới ban hành; sửa đổi, bổ sung", None),
        ("Lĩnh vực đất đai", None),
    ],
)
def test_headings_name_what_happens(heading: str, action: ChangeAction | None) -> None:
    assert action_of(heading) is action


@pytest.mark.parametrize(
    ("heading", "levels"),
    [
        ("THỦ TỤC HÀNH CHÍNH CẤP TỈNH", (Level.PROVINCE,)),
        ("II. CẤP XÃ", (Level.COMMUNE,)),
        ("Cấp tỉnh, cấp xã", (Level.PROVINCE, Level.COMMUNE)),
        ("cấp tỉnh/xã", (Level.PROVINCE, Level.COMMUNE)),
        ("Thẩm quyền giải quyết của UBND xã, phường", (Level.COMMUNE,)),
        ("CẤP TRUNG ƯƠNG", (Level.MINISTRY,)),
        ("Cấp bổ sung giấy chứng nhận", ()),
        ("Lĩnh vực đất đai", ()),
    ],
)
def test_headings_name_levels(heading: str, levels: tuple[Level, ...]) -> None:
    assert levels_in(heading) == levels


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("LĨNH VỰC LĨNH VỰC ĐỊA CHẤT VÀ KHOÁNG SẢN", "Địa chất và khoáng sản"),
        ("I. Lĩnh vực: Việc làm (06 TTHC)", "Việc làm"),
        ("Công bố danh mục TTHC trong lĩnh vực đấu thầu thuộc Sở Tài chính", "Đấu thầu"),
        ("II. LĨNH VỰC ĐẦU TƯ TẠI VIỆT NAM", "Đầu tư tại Việt Nam"),
        ("Lĩnh vực việc làm thuộc phạm vi chức năng quản lý của Sở Nội vụ", "Việc làm"),
        ("CẤP TỈNH", ""),
    ],
)
def test_headings_name_fields(heading: str, name: str) -> None:
    assert field_in(heading) == name


def test_every_field_of_the_carried_catalogues_is_read_whole_from_its_heading(carried: Carried) -> None:
    for definition in carried.document.definitions:
        assert fold(field_in(f"LĨNH VỰC {definition.field.upper()}")) == fold(definition.field)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("ngày 22 tháng 11 năm 2025", "2025-11-22"),
        ("22/11/2025", "2025-11-22"),
        ("01.7.2025", "2025-07-01"),
        ("2025-11-22", "2025-11-22"),
        ("20/11/20225", None),
        ("31/02/2025", None),
        ("ngày    tháng 11 năm 2025", None),
    ],
)
def test_days_are_real_days_or_none(text: str, iso: str | None) -> None:
    found = day_in(text)
    assert (found.isoformat() if found else None) == iso


@given(st.integers(1, 9), st.integers(0, 999_999), st.sampled_from(["", ".H05", ".000.00.00.H42", ".01"]))
def test_every_code_is_found_with_and_without_its_suffix(group: int, number: int, suffix: str) -> None:
    code = f"{group}.{number:06d}"
    assert codes_in(f"Mã {code}{suffix}, tên") == [code]


@given(st.integers(1, 366), st.sampled_from(["ngày", "ngày làm việc"]))
def test_every_limit_of_whole_days_is_read_back_as_written(amount: int, unit: str) -> None:
    assert limit_text(f"{amount:02d} {unit}") == f"{amount} {unit}"


@given(st.text(max_size=60))
def test_any_cell_is_understood_or_reported(text: str) -> None:
    said: list[Message] = []
    assert (read_limit_cell(text, said.append) is None) <= bool(said)
    said.clear()
    assert (read_fee_cell(text, said.append) is None) <= bool(said)

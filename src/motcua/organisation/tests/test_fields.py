"""Fields of procedures find the people who work on them."""

from __future__ import annotations

import pytest

from motcua.organisation import actions, queries


@pytest.mark.parametrize(
    ("field", "ward", "rural", "department"),
    [
        ("Hộ tịch", "Văn phòng HĐND và UBND", "Văn phòng HĐND và UBND", "STP"),
        ("Chứng thực", "Văn phòng HĐND và UBND", "Văn phòng HĐND và UBND", "STP"),
        ("Đất đai", "Phòng Kinh tế, Hạ tầng và Đô thị", "Phòng Kinh tế", "SNNMT"),
        ("Hoạt động xây dựng", "Phòng Kinh tế, Hạ tầng và Đô thị", "Phòng Kinh tế", "SXD"),
        (
            "Thành lập và hoạt động doanh nghiệp (hộ kinh doanh)",
            "Phòng Kinh tế, Hạ tầng và Đô thị",
            "Phòng Kinh tế",
            "STC",
        ),
        ("Bảo trợ xã hội", "Phòng Văn hóa - Xã hội", "Phòng Văn hóa - Xã hội", "SYT"),
        ("Người có công", "Phòng Văn hóa - Xã hội", "Phòng Văn hóa - Xã hội", "SNV"),
        ("Đăng ký, quản lý cư trú", "Công an phường Kinh Bắc", "Công an xã Lâm Thao", "CAT"),
        ("CẤP, QUẢN LÝ CĂN CƯỚC", "Công an phường Kinh Bắc", "Công an xã Lâm Thao", "CAT"),
    ],
)
def test_field_finds_its_division_and_department(
    province: actions.LoadReport, field: str, ward: str, rural: str, department: str
) -> None:
    found = [queries.division_for(queries.unit_by_code(code).id, field) for code in ("09187", "09529")]
    assert [unit.name if unit else None for unit in found] == [ward, rural]
    assert queries.department_for_field(field).unit.code == department


@pytest.mark.parametrize(
    ("code", "field", "division"),
    [
        ("STC", "Đấu thầu", "Phòng Đấu thầu, Thẩm định và Giám sát đầu tư"),
        ("SNNMT", "Đất đai", "Văn phòng đăng ký đất đai"),
        ("SNNMT", "Môi trường", "Chi cục Bảo vệ môi trường"),
        ("STP", "Hộ tịch", "Phòng chuyên môn"),
        ("CAT", "Lý lịch tư pháp", "Phòng Hồ sơ"),
    ],
)
def test_department_gives_the_named_division_where_one_is_known(
    province: actions.LoadReport, code: str, field: str, division: str
) -> None:
    found = queries.division_for(queries.unit_by_code(code).id, field)
    assert found is not None and found.name == division


def test_unknown_field_goes_by_its_ministry_then_to_the_committee_office(
    province: actions.LoadReport,
) -> None:
    by_ministry = queries.department_for_field("Lĩnh vực mới", ministry_code="G17")
    assert (by_ministry.unit.code, by_ministry.matched_by) == ("SXD", "ministry")
    nobody = queries.department_for_field("Lĩnh vực mới")
    assert nobody.unit.code == "VPUBND" and nobody.is_gap


def test_same_field_name_of_two_ministries_is_told_apart(province: actions.LoadReport) -> None:
    assert queries.department_for_field("Giám định tư pháp", ministry_code="G17").unit.code == "SXD"
    assert queries.department_for_field("Giám định tư pháp", ministry_code="G15").unit.code == "STP"


def test_agencies_outside_the_province_are_reported_as_gaps(province: actions.LoadReport) -> None:
    assert queries.field_gaps(["Hộ tịch", "Hải quan", "Tòa án"]) == ["Hải quan", "Tòa án"]


def test_every_field_row_names_an_agency_that_exists(province: actions.LoadReport) -> None:
    from motcua.organisation import carried

    table = carried.read("field_divisions.json")
    codes = {unit.code for unit in queries.agencies()}
    named = {row["department"] for row in [*table["fields"], *table["ministries"]]} - {None}
    assert named <= codes
    functions = {row["commune"] for row in table["fields"]} - {""}
    ward = queries.unit_by_code("09187")
    known = {u.function for u in queries.units_within(ward.id)} | {"police"}
    assert functions - known == {"tax", "social_insurance"}, "those have no unit of their own in a commune"

"""What an officer types and what should come first, on all 2,678 procedures."""

from __future__ import annotations

import pytest

from motcua.catalogue import actions, queries
from motcua.catalogue.errors import NotReceivedHere
from motcua.catalogue.measure import measure_search
from motcua.catalogue.tests.conftest import NOW
from motcua.organisation import queries as organisation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]

TABLE = [
    ("khai sinh", "1.001193"),
    ("KHAI SINH", "1.001193"),
    ("đăng ký khai sinh", "1.001193"),
    ("dang ky khai sinh", "1.001193"),
    ("sinh khai", "1.001193"),
    ("khaisinh", "1.001193"),
    ("dkks", "1.001193"),
    ("đkks", "1.001193"),
    ("ks", "1.001193"),
    ("d k k s", "1.001193"),
    ("ks lại", "1.004884"),
    ("lại khai sinh", "1.004884"),
    ("khai tử", "1.000656"),
    ("dkkt", "1.000656"),
    ("kt", "1.000656"),
    ("kết hôn", "1.000894"),
    ("dkkh", "1.000894"),
    ("tthn", "1.004873"),
    ("độc thân", "1.004873"),
    ("xac nhan tinh trang", "1.004873"),
    ("cải chính", "1.004859"),
    ("nhận cha mẹ con", "1.001022"),
    ("giám hộ", "1.004837"),
    ("trích lục", "2.000635"),
    ("sao y", "2.000815"),
    ("chứng thực bản sao", "2.000815"),
    ("ctck", "2.000884"),
    ("hkd", "1.001612"),
    ("thành lập hộ kinh doanh", "1.001612"),
    ("nhập hộ khẩu", "1.004222"),
    ("thuong tru", "1.004222"),
    ("lltp", "3.000333"),
    ("vỉa hè", "1.013274"),
    ("gpld", "1.014199"),
    ("tách thửa", "1.012784"),
    ("sang tên xe", "1.013076"),
    ("khuyết tật", "1.001699"),
    ("hưu trí xã hội", "1.014027"),
    ("1.001193", "1.001193"),
    ("1001193", "1.001193"),
    ("1.001193.H05", "1.001193"),
    ("1.014199.H05", "1.014199"),
    ("1.115468", "1.013831"),
    ("2.001009", "2.001406"),
    ("1.00487", "1.004873"),
]


@pytest.mark.parametrize(("typed", "code"), TABLE)
def test_first_hit(typed: str, code: str) -> None:
    hits = queries.search(typed, receiving_unit_id=1, at=NOW)
    assert hits[0].code == code, [hit.code for hit in hits]


@pytest.mark.parametrize(
    ("typed", "among"),
    [
        ("qsdd", {"1.011441", "1.013831", "1.012784"}),
        ("gcn", {"1.012783", "1.012786", "1.013978"}),
        ("sổ đỏ", {"1.012783", "1.012786", "1.013978"}),
        ("cccd", {"1.014061", "1.014063", "1.014064"}),
        ("gpxd", {"1.013225", "1.013226", "1.013227"}),
        ("nút giao", {""}),
    ],
)
def test_the_right_ones_are_among_the_hits(typed: str, among: set[str]) -> None:
    found = {hit.code for hit in queries.search(typed, receiving_unit_id=1, at=NOW)}
    assert found & among


def test_searching_asks_the_database_nothing() -> None:
    timing = measure_search(now=NOW)
    assert timing.procedures > 2_600
    assert timing.statements <= 1


def test_nothing_like_it_gives_nothing() -> None:
    assert queries.search("zzzzqqq", at=NOW) == []


@pytest.mark.parametrize("typed", ["", "   ", "%", "'; drop table", "\u0000", "đ" * 500, "(((", "1.", "."])
def test_strange_texts_are_answered(typed: str) -> None:
    assert isinstance(queries.search(typed, receiving_unit_id=1, at=NOW), list)


def test_what_a_centre_may_not_receive_is_not_offered() -> None:
    assert queries.search("3.000347", receiving_unit_id=1, at=NOW) == []
    assert queries.search("3.000347", at=NOW)[0].levels == ("bo",)
    assert not [
        hit for hit in queries.search("hải quan", receiving_unit_id=1, at=NOW) if hit.field == "Hải quan"
    ]


def test_what_a_unit_often_does_comes_first() -> None:
    usual = queries.search("đăng ký lại", receiving_unit_id=1, at=NOW)
    rare = usual[-1]
    often = queries.search(
        "đăng ký lại", receiving_unit_id=1, at=NOW, popularity={rare.procedure_id: 100_000}
    )
    assert often[0] == rare


def test_abolished_procedures_are_found_until_their_last_day() -> None:
    before = NOW.replace(year=2026, month=12, day=31)
    after = NOW.replace(year=2027, month=1, day=1)
    assert queries.search("1.011606", at=before)
    assert not queries.search("1.011606", at=after)


def test_a_commune_offers_its_own_and_the_departments_procedures() -> None:
    commune = organisation.communes()[0]
    offered = queries.offered_at(commune.id, at=NOW)
    codes = {hit.code for hit in offered}
    assert {"1.001193", "1.009645"} <= codes
    assert "3.000347" not in codes
    assert len(offered) > 1_000


def test_the_desk_of_the_police_offers_the_work_of_the_police() -> None:
    commune = organisation.communes()[0]
    police = organisation.vertical_in(commune.id, "police")
    assert police is not None and police.is_reception_point
    offered = queries.offered_at(police.id, at=NOW)
    fields = {hit.field for hit in offered}
    assert fields and "Hộ tịch" not in fields
    for field in fields:
        division = organisation.division_for(commune.id, field)
        assert division is not None and division.agency_id == police.id
    for hit in offered[:3]:
        queries.competence(queries.version(hit.version_id), receiving_unit=police, at=NOW)
    birth = queries.current_version("1.001193", NOW)
    with pytest.raises(NotReceivedHere, match="chỉ nhận thủ tục do mình giải quyết"):
        queries.competence(birth, receiving_unit=police, at=NOW)
    department = queries.current_version("1.009645", NOW)
    with pytest.raises(NotReceivedHere, match="chỉ nhận thủ tục do mình giải quyết"):
        queries.competence(department, receiving_unit=police, at=NOW)


def test_the_whole_catalogue_loads_quickly(loaded: actions.LoadReport) -> None:
    assert loaded.detailed.created == 128
    assert loaded.compact.created == 2550

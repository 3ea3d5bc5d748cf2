"""What scanners type, from the published layouts of the cards and from what goes wrong at real counters."""

from __future__ import annotations

import base64
import unicodedata
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from motcua.counter.rules.card_scan import (
    ScanKind,
    ScannedPerson,
    card_text,
    expired_on,
    parse_card,
    read_scan,
)
from motcua.counter.rules.id_number import read_id_number
from motcua.kernel.days import read_day

TODAY = date(2026, 11, 23)
AN = "027090001234|125123456|Nguyễn Văn An|15081990|Nam|Thôn Đông, Xã Yên Phong, Tỉnh Bắc Ninh|01072021"
BINH = "024190004321||Trần Thị Bình|20101990|Nữ|TDP số 2, Phường Bắc Giang, Tỉnh Bắc Ninh|10092024||||"
CHAU = "027305000077||Lê Minh Châu|05032005|Nữ|Khu 3, Phường Kinh Bắc, Tỉnh Bắc Ninh|20082024||||"


def remarks(text: str) -> str:
    return " ".join(remark.message.source() for remark in read_scan(text, today=TODAY).warnings)


@pytest.mark.parametrize(
    ("text", "number", "old", "name", "born_on", "gender", "issued_on"),
    [
        (AN, "027090001234", "125123456", "Nguyễn Văn An", date(1990, 8, 15), "Nam", date(2021, 7, 1)),
        (BINH, "024190004321", "", "Trần Thị Bình", date(1990, 10, 20), "Nữ", date(2024, 9, 10)),
        (CHAU, "027305000077", "", "Lê Minh Châu", date(2005, 3, 5), "Nữ", date(2024, 8, 20)),
    ],
)
def test_a_good_card_is_read_without_remarks(
    text: str, number: str, old: str, name: str, born_on: date, gender: str, issued_on: date
) -> None:
    scan = read_scan(text, today=TODAY)
    assert scan.kind is ScanKind.CARD and scan.person is not None
    person = scan.person
    assert (person.id_number, person.old_id_number, person.name) == (number, old, name)
    assert (person.born_on, person.gender, person.issued_on) == (born_on, gender, issued_on)
    assert person.address.endswith("Tỉnh Bắc Ninh")
    assert scan.warnings == ()


def test_the_issuer_follows_from_the_number_of_fields() -> None:
    old, new = read_scan(AN, today=TODAY).person, read_scan(CHAU, today=TODAY).person
    assert old is not None and new is not None
    assert old.issuer.startswith("Cục Cảnh sát") and new.issuer == "Bộ Công an"


def western(byte: int) -> str:
    """What Windows shows for a byte."""
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)


SAME_PERSON = [
    pytest.param(unicodedata.normalize("NFD", AN), id="decomposed accents"),
    pytest.param(AN.encode().decode("latin-1"), id="UTF-8 shown as Latin-1"),
    pytest.param("".join(map(western, AN.encode())), id="UTF-8 shown as Windows-1252"),
    pytest.param(AN.replace("Nguyễn Văn An", "Nguyeexn Vawn An"), id="Telex keystrokes"),
    pytest.param(AN.replace("Nguyễn Văn An", "Nguye64n Va8n An"), id="VNI keystrokes"),
    pytest.param(AN.replace("Nguyễn Văn An", "NGUYỄN VĂN AN"), id="capitals"),
    pytest.param(AN.replace("Nguyễn Văn An", "nGUYỄN vĂN aN"), id="Caps Lock"),
    pytest.param(AN.replace("Tỉnh Bắc Ninh", "TỈNH BẮC NINH"), id="province in capitals"),
    pytest.param(AN + AN, id="scanned twice without Enter"),
    pytest.param(AN + "\n" + AN + "\r\n", id="scanned twice with Enter"),
    pytest.param(AN + AN[:40], id="second scan cut off"),
    pytest.param("  abc " + AN, id="something typed before"),
    pytest.param(AN.replace("|", "¦"), id="broken bars"),
    pytest.param(AN.replace("Nam|", "NAM|"), id="sex in capitals"),
    pytest.param("\u200b" + AN + "\t", id="stray marks"),
]


@pytest.mark.parametrize("text", SAME_PERSON)
def test_a_mangled_card_gives_the_same_person(text: str) -> None:
    scan = read_scan(text, today=TODAY)
    clean = read_scan(AN, today=TODAY).person
    assert scan.kind is ScanKind.CARD and scan.person == clean


def test_a_new_card_scanned_twice_gives_one_person_and_says_so() -> None:
    scan = read_scan(BINH + BINH, today=TODAY)
    assert scan.person == read_scan(BINH, today=TODAY).person
    assert "quét hai lần" in remarks(BINH + BINH)


def test_two_different_cards_take_the_later_and_warn() -> None:
    scan = read_scan(AN + BINH, today=TODAY)
    assert scan.person is not None and scan.person.name == "Trần Thị Bình"
    assert "hai thẻ khác nhau" in remarks(AN + BINH)


PROBLEMS = [
    ("02709000123|125123456|Nguyễn Văn An|15081990|Nam|Thôn Đông|01072021", "11 chữ số"),
    (AN.replace("15081990", "31022000"), "Ngày sinh 31/02/2000 không có thật"),
    (AN.replace("|Nam|", "|Nữ|"), "giới tính Nữ"),
    (AN.replace("15081990", "15081991"), "năm sinh 1991"),
    (AN.replace("01072021", "01071980"), "trước ngày sinh"),
    (AN.replace("01072021", "01072030"), "sau hôm nay"),
    (AN.replace("01072021", "31022021"), "Ngày cấp thẻ 31/02/2021 không có thật"),
    (AN.rpartition("|")[0], "không có ngày cấp"),
    (AN.replace("Nguyễn Văn An", ""), "không có họ tên"),
    (AN.replace("Nguyễn Văn An", "Nguy?n V?n An"), "bị hỏng dấu"),
    (AN.replace("Nguyễn Văn An", "Nguyeexn Vawn An"), "đã sửa thành “Nguyễn Văn An”"),
    (AN.replace("027090", "003090"), "không phải mã tỉnh"),
    (AN.replace("|Nam|", "|X|"), "Giới tính trên thẻ"),
    (AN.replace("15081990", "15082090"), "sau hôm nay"),
    ("024065004321||Trần Văn Bình|20101965|Nam|Phường Bắc Giang|10092022", "hết giá trị từ 20/10/2025"),
]


@pytest.mark.parametrize(("text", "sentence"), PROBLEMS)
def test_a_doubtful_card_is_read_and_remarked_on(text: str, sentence: str) -> None:
    scan = read_scan(text, today=TODAY)
    assert scan.kind is ScanKind.CARD and scan.person is not None
    assert sentence in remarks(text)


UNREADABLE = [
    ("", "Chưa có gì"),
    ("027090001234|125123456|Nguyễn", "Chuỗi quét bị đứt"),
    ("|||||||", "Không thấy số định danh"),
    ("12345", "có 5 chữ số"),
    (base64.b64encode(b"encrypted by the national app, once only").decode(), "VNeID"),
    ('{"v":1,"token":"abc"}', "VNeID"),
    ("https://vneid.gov.vn/qr/8f2a9b7c6d5e4f3a2b1c", "VNeID"),
    ("https://example.vn/", "địa chỉ web"),
    ("xin chào bà con", "Không đọc được"),
    (AN.replace("027090001234", "0270900O1234"), "ở chỗ họ tên là “15081990”"),
    ("99999999999999999999|1|2|3|4|5|6", "Chuỗi quét bị lệch"),
]


@pytest.mark.parametrize(("text", "sentence"), UNREADABLE)
def test_what_cannot_be_read_is_explained(text: str, sentence: str) -> None:
    scan = read_scan(text, today=TODAY)
    assert scan.kind is ScanKind.UNREADABLE and scan.person is None
    assert scan.problem is not None and sentence in scan.problem.source()


@pytest.mark.parametrize(
    ("text", "kind", "reference"),
    [
        (
            "http://127.0.0.1:8000/tra-cuu/0f3c9a7be1d24c55a0b1c2d3e4f50617/",
            ScanKind.SLIP,
            "0f3c9a7be1d24c55a0b1c2d3e4f50617",
        ),
        ("https://motcua.bacninh.gov.vn/t/AbC_dE-0123456789xyz", ScanKind.SLIP, "AbC_dE-0123456789xyz"),
        ("H05.16-261123-0007", ScanKind.CODE, "H05.16-261123-0007"),
        ("000.00.19.H05-261123-0007", ScanKind.CODE, "000.00.19.H05-261123-0007"),
    ],
)
def test_our_own_slip_is_recognised(text: str, kind: ScanKind, reference: str) -> None:
    scan = read_scan(text, today=TODAY)
    assert (scan.kind, scan.reference) == (kind, reference)


@pytest.mark.parametrize(
    ("text", "number", "sentence"),
    [
        ("027090001234", "027090001234", ""),
        ("027 090 001 234", "027090001234", ""),
        ("027090001234027090001234", "027090001234", "quét hai lần"),
        ("125123456", "125123456", "chứng minh nhân dân cũ"),
        ("003090001234", "003090001234", "không phải mã tỉnh"),
    ],
)
def test_a_typed_number_is_a_person_without_a_name(text: str, number: str, sentence: str) -> None:
    scan = read_scan(text, today=TODAY)
    assert scan.kind is ScanKind.NUMBER and scan.person is not None
    assert scan.person.id_number == number and sentence in remarks(text)


@pytest.mark.parametrize(
    ("number", "place", "year", "gender"),
    [
        ("027090001234", "Bắc Ninh", 1990, "Nam"),
        ("024190004321", "Bắc Giang", 1990, "Nữ"),
        ("027305000077", "Bắc Ninh", 2005, "Nữ"),
        ("001200000001", "Hà Nội", 2000, "Nam"),
        ("123188000001", "", 1988, "Nữ"),
    ],
)
def test_the_twelve_digits_say_place_year_and_sex(number: str, place: str, year: int, gender: str) -> None:
    found = read_id_number(number)
    assert found is not None
    assert (found.place, found.birth_year, found.gender, found.place_known) == (place, year, gender, True)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("15081990", date(1990, 8, 15)),
        ("15/8/1990", date(1990, 8, 15)),
        ("15-08-1990", date(1990, 8, 15)),
        ("1990-08-15", date(1990, 8, 15)),
        ("31022000", None),
        ("29022024", date(2024, 2, 29)),
        ("1990", None),
        ("", None),
    ],
)
def test_days_are_typed_in_any_usual_way(text: str, day: date | None) -> None:
    assert read_day(text) == day


@pytest.mark.parametrize(
    ("born_on", "issued_on", "expires"),
    [
        (date(1990, 8, 15), date(2021, 7, 1), date(2030, 8, 15)),
        (date(1990, 8, 15), date(2029, 7, 1), date(2050, 8, 15)),
        (date(1960, 1, 1), date(2019, 1, 1), None),
        (date(2000, 2, 29), date(2015, 1, 1), date(2025, 3, 1)),
    ],
)
def test_a_card_lasts_until_the_next_renewal_age(
    born_on: date, issued_on: date, expires: date | None
) -> None:
    assert expired_on(born_on, issued_on) == expires


@given(st.text(max_size=300))
@example("|" * 500)
@example("9" * 5000)
@example("٠٢٧٠٩٠٠٠١٢٣٤|||||||")
def test_no_text_ever_breaks_the_reading(text: str) -> None:
    scan = read_scan(text, today=TODAY)
    assert (scan.problem is not None) == (scan.kind is ScanKind.UNREADABLE)


@given(st.text(alphabet="0123456789|Nguyễn Văn?\n", max_size=200))
def test_no_almost_card_ever_breaks_the_reading(text: str) -> None:
    scan = parse_card("027090001234|" + text, today=TODAY)
    assert scan.kind in {ScanKind.CARD, ScanKind.UNREADABLE}
    assert all("%(" not in remark.message.source() for remark in scan.warnings)


NAMES = st.lists(
    st.sampled_from(
        ["Nguyễn", "Trần", "Đặng", "Thị", "Văn", "Ngọc", "Ánh", "Hường", "Quỳnh", "Ỷ", "Giang", "Minh"]
    ),
    min_size=2,
    max_size=6,
).map(" ".join)


@given(
    name=NAMES,
    born_on=st.dates(date(1920, 1, 1), date(2010, 12, 31)),
    female=st.booleans(),
    tail=st.integers(0, 999_999),
    new_card=st.booleans(),
)
def test_every_card_reads_back_as_it_was_written(
    name: str, born_on: date, female: bool, tail: int, new_card: bool
) -> None:
    digit = 2 * ((born_on.year - 1900) // 100) + int(female)
    person = ScannedPerson(
        id_number=f"027{digit}{born_on.year % 100:02d}{tail:06d}",
        name=name,
        born_on=born_on,
        gender="Nữ" if female else "Nam",
        address="Thôn Đông, Xã Yên Phong, Tỉnh Bắc Ninh",
        issued_on=date(2024, 8, 1),
        issuer="Bộ Công an" if new_card else "Cục Cảnh sát quản lý hành chính về trật tự xã hội",
    )
    assert parse_card(card_text(person, new_card=new_card), today=TODAY).person == person

"""VietQR payloads: known ones read and written, wrong ones explained."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.payments.rules.vietqr import NotAPayload, Transfer, crc, parse, payload, plain_purpose, problem

ACB = "00020101021138530010A0000007270123000697041601092576788590208QRIBFTTA53037045802VN6304AE9F"
ACB_1000 = (
    "00020101021238530010A0000007270123000697041601092576788590208QRIBFTTA5303704540410005802VN"
    "62150811Chuyen tien6304BBB8"
)
KNOWN = [
    (ACB, Transfer("970416", "257678859")),
    (ACB_1000, Transfer("970416", "257678859", 1000, "Chuyen tien")),
    (
        "00020101021238570010A0000007270127000697041501130011001932418"
        "0208QRIBFTTA530370454061200005802VN62170813ung ho lu lut6304C15C",
        Transfer("970415", "0011001932418", 120_000, "ung ho lu lut"),
    ),
    (
        "00020101021138570010A00000072701270006970403011300110123456780208QRIBFTTA53037045802VN63049E6F",
        Transfer("970403", "0011012345678"),
    ),
    (
        "00020101021238570010A00000072701270006970403011300110123456780208QRIBFTTA530370454061800005802VN"
        "62340107NPS68690819thanh toan don hang63042E2E",
        Transfer("970403", "0011012345678", 180_000, "thanh toan don hang", "NPS6869"),
    ),
    (
        "00020101021138600010A00000072701300006970403011697040311012345670208QRIBFTTC53037045802VN63044F52",
        Transfer("970403", "9704031101234567", to_card=True),
    ),
    (
        "00020101021238570010A00000072701270006970405011326012010099990208QRIBFTTA5303704540480005802VN"
        "62210817H05.1-250701-00016304010B",
        Transfer("970405", "2601201009999", 8000, "H05.1-250701-0001"),
    ),
    (
        "00020101021238560010A0000007270126000697041501121122334455660208QRIBFTTA53037045405200005802VN"
        "62290825000.00.00.H05-250701-000163048ED8",
        Transfer("970415", "112233445566", 20_000, "000.00.00.H05-250701-0001"),
    ),
]


@pytest.mark.parametrize(("text", "transfer"), KNOWN)
def test_a_known_payload_is_read(text: str, transfer: Transfer) -> None:
    assert parse(text) == transfer


@pytest.mark.parametrize(("text", "transfer"), KNOWN)
def test_the_same_payload_is_written_to_the_last_figure_of_the_check_value(
    text: str, transfer: Transfer
) -> None:
    assert payload(transfer) == text


def test_a_check_value_in_small_letters_and_letters_in_an_account_are_read() -> None:
    low = "00020101021138540010A00000072701240006970422011003523509170208QRIBFTTA53037045802VN630479db"
    virtual = (
        "00020101021138620010A00000072701320006970454011899ZP24009M072482670208QRIBFTTA53037045802VN6304073C"
    )
    assert parse(low).account == "0352350917"
    assert parse(virtual).account == "99ZP24009M07248267"


@pytest.mark.parametrize(
    "text",
    [
        ACB_1000[:-1] + "5",
        ACB[:-4],
        "",
        "6304",
        "xin chao, day khong phai la ma QR 6304ABCD",
        "00020101021126380010A00000077501101234567890520458125303704540410005802VN6304" + "0000",
    ],
)
def test_what_is_no_payload_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(NotAPayload) as refusal:
        parse(text)
    assert refusal.value.message.source()


def test_the_check_value_is_the_one_of_the_standard() -> None:
    assert crc("123456789") == 0x29B1


@pytest.mark.parametrize(
    "transfer",
    [
        Transfer("97041", "257678859"),
        Transfer("970416", ""),
        Transfer("970416", "1" * 20),
        Transfer("970416", "12 34"),
        Transfer("970416", "257678859", 0),
        Transfer("970416", "257678859", -5),
        Transfer("970416", "257678859", 10**13),
    ],
)
def test_a_transfer_that_no_bank_would_take_is_refused(transfer: Transfer) -> None:
    assert problem(transfer) is not None
    with pytest.raises(ValueError, match=r"\w"):
        payload(transfer)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Phí chứng thực Đặng Thị Ánh", "phi chung thuc dang thi a"),
        ("H05.101-261130-0009", "H05.101-261130-0009"),
        ("  le phi; (hộ tịch) ", "le phi ho tich"),
        ("", ""),
    ],
)
def test_a_purpose_is_written_as_banks_carry_it(text: str, plain: str) -> None:
    assert plain_purpose(text) == plain


@given(
    st.from_regex(r"[0-9]{6}", fullmatch=True),
    st.from_regex(r"[0-9A-Za-z]{1,19}", fullmatch=True),
    st.none() | st.integers(1, 10**13 - 1),
    st.text(max_size=60),
    st.booleans(),
)
def test_every_payload_reads_back(
    bank: str, account: str, amount: int | None, purpose: str, to_card: bool
) -> None:
    made = Transfer(bank, account, amount, purpose, to_card=to_card)
    read = parse(payload(made))
    assert (read.bank_bin, read.account, read.amount, read.to_card) == (bank, account, amount, to_card)
    assert read.purpose == plain_purpose(purpose)


@given(st.integers(0, len(ACB_1000) - 1), st.characters(min_codepoint=33, max_codepoint=126))
def test_one_wrong_character_is_always_noticed(place: int, char: str) -> None:
    spoiled = ACB_1000[:place] + char + ACB_1000[place + 1 :]
    if spoiled.upper() == ACB_1000.upper():
        return
    with pytest.raises(NotAPayload):
        parse(spoiled)

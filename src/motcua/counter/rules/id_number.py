"""What the twelve digits of a personal identification number say (Law on Identification 2023).

Digits 1-3: where birth was registered (province, or a country from 100 on); 4: century and sex; 5-6: year of
birth; 7-12 random. There is no check digit, and numbers already issued never change, so every contradiction
is a remark for the officer and never a refusal: civil status is sometimes corrected afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from motcua.dossiers.rules.identity import PERSON_LENGTH, PERSON_LENGTHS
from motcua.kernel.messages import Message, msg

MALE, FEMALE = "Nam", "Nữ"
FIRST_COUNTRY = 100

PROVINCES = {
    "001": "Hà Nội",
    "002": "Hà Giang",
    "004": "Cao Bằng",
    "006": "Bắc Kạn",
    "008": "Tuyên Quang",
    "010": "Lào Cai",
    "011": "Điện Biên",
    "012": "Lai Châu",
    "014": "Sơn La",
    "015": "Yên Bái",
    "017": "Hòa Bình",
    "019": "Thái Nguyên",
    "020": "Lạng Sơn",
    "022": "Quảng Ninh",
    "024": "Bắc Giang",
    "025": "Phú Thọ",
    "026": "Vĩnh Phúc",
    "027": "Bắc Ninh",
    "030": "Hải Dương",
    "031": "Hải Phòng",
    "033": "Hưng Yên",
    "034": "Thái Bình",
    "035": "Hà Nam",
    "036": "Nam Định",
    "037": "Ninh Bình",
    "038": "Thanh Hóa",
    "040": "Nghệ An",
    "042": "Hà Tĩnh",
    "044": "Quảng Bình",
    "045": "Quảng Trị",
    "046": "Thừa Thiên Huế",
    "048": "Đà Nẵng",
    "049": "Quảng Nam",
    "051": "Quảng Ngãi",
    "052": "Bình Định",
    "054": "Phú Yên",
    "056": "Khánh Hòa",
    "058": "Ninh Thuận",
    "060": "Bình Thuận",
    "062": "Kon Tum",
    "064": "Gia Lai",
    "066": "Đắk Lắk",
    "067": "Đắk Nông",
    "068": "Lâm Đồng",
    "070": "Bình Phước",
    "072": "Tây Ninh",
    "074": "Bình Dương",
    "075": "Đồng Nai",
    "077": "Bà Rịa - Vũng Tàu",
    "079": "Thành phố Hồ Chí Minh",
    "080": "Long An",
    "082": "Tiền Giang",
    "083": "Bến Tre",
    "084": "Trà Vinh",
    "086": "Vĩnh Long",
    "087": "Đồng Tháp",
    "089": "An Giang",
    "091": "Kiên Giang",
    "092": "Cần Thơ",
    "093": "Hậu Giang",
    "094": "Sóc Trăng",
    "095": "Bạc Liêu",
    "096": "Cà Mau",
}


@dataclass(frozen=True, slots=True)
class IdNumber:
    """A number of twelve digits taken apart."""

    number: str
    place_code: str
    birth_year: int
    gender: str

    @property
    def place(self) -> str:
        """The province (as of 2024) where birth was registered; empty for a country or an unknown code."""
        return PROVINCES.get(self.place_code, "")

    @property
    def place_known(self) -> bool:
        return self.place_code in PROVINCES or int(self.place_code) >= FIRST_COUNTRY


def read_id_number(text: str) -> IdNumber | None:
    """The parts of a twelve-digit number; None for anything else."""
    if len(text) != PERSON_LENGTH or not (text.isascii() and text.isdigit()):
        return None
    century_and_sex = int(text[3])
    year = 1900 + 100 * (century_and_sex // 2) + int(text[4:6])
    return IdNumber(text, text[:3], year, FEMALE if century_and_sex % 2 else MALE)


def length_problem(text: str) -> Message | None:
    """Why a personal number cannot be one; None when it has twelve digits, or the nine of an old card."""
    if not (text.isascii() and text.isdigit()):
        return msg("Số định danh chỉ gồm chữ số; đang có “%(seen)s”. Gõ lại theo thẻ.", seen=text[:30])
    if len(text) in PERSON_LENGTHS:
        return None
    return msg(
        "Số định danh có %(n)s chữ số; cần đủ 12 chữ số (hoặc 9 chữ số của chứng minh nhân dân cũ).",
        n=len(text),
    )


def contradictions(text: str, *, born_on: date | None, gender: str) -> list[tuple[str, Message]]:
    """(field, remark) for what the number says against the card; nothing for a number of other length."""
    number = read_id_number(text)
    if number is None:
        return []
    found: list[tuple[str, Message]] = []
    if not number.place_known:
        found.append(
            (
                "id_number",
                msg("Ba số đầu %(code)s không phải mã tỉnh nào. So lại số với thẻ.", code=number.place_code),
            )
        )
    if gender and gender != number.gender:
        found.append(
            (
                "gender",
                msg(
                    "Thẻ ghi giới tính %(card)s nhưng số định danh là của %(number)s. So lại với thẻ.",
                    card=gender,
                    number=number.gender,
                ),
            )
        )
    if born_on is not None and born_on.year != number.birth_year:
        found.append(
            (
                "born_on",
                msg(
                    "Thẻ ghi năm sinh %(card)s nhưng số định danh là của người sinh năm %(number)s. "
                    "So lại với thẻ.",
                    card=born_on.year,
                    number=number.birth_year,
                ),
            )
        )
    return found

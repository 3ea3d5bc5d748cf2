"""Invented people. Any likeness to the living is chance: names are drawn from common parts."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from motcua.dossiers.types import Person

FAMILY = (
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Vũ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Ngô",
    "Dương",
    "Thân",
    "Giáp",
    "Chu",
)
MIDDLE = {
    "Nam": ("Văn", "Đức", "Hữu", "Quang", "Minh", "Xuân", "Đình", "Công"),
    "Nữ": ("Thị", "Ngọc", "Thu", "Thanh", "Thị Hồng", "Thị Minh", "Thị Kim"),
}
GIVEN = {
    "Nam": (
        "An",
        "Bình",
        "Cường",
        "Dũng",
        "Đạt",
        "Hải",
        "Hùng",
        "Khánh",
        "Long",
        "Nam",
        "Phúc",
        "Sơn",
        "Tuấn",
        "Việt",
    ),
    "Nữ": (
        "Ánh",
        "Châu",
        "Dung",
        "Hà",
        "Hạnh",
        "Hương",
        "Lan",
        "Linh",
        "Mai",
        "Nga",
        "Oanh",
        "Quỳnh",
        "Thảo",
        "Yến",
    ),
}
COMPANIES = ("Công ty TNHH", "Công ty cổ phần", "Hợp tác xã")
TRADES = (
    "Kinh Bắc Xanh",
    "Sông Cầu",
    "Hồng Hạc",
    "Đồng Kỵ Mỹ Nghệ",
    "Lục Ngạn Trái Cây",
    "Yên Dũng Logistics",
)


def full_name(random: Random, gender: str) -> str:
    return " ".join((random.choice(FAMILY), random.choice(MIDDLE[gender]), random.choice(GIVEN[gender])))


def citizen(random: Random, place: str) -> Person:
    """A person whose id number agrees with their sex, birth year and one of the two old provinces."""
    gender = random.choice(("Nam", "Nữ"))
    born = date(1950, 1, 1) + timedelta(days=random.randrange(20_000))
    century_and_sex = (born.year // 100 - 19) * 2 + (gender == "Nữ")
    number = (
        f"{random.choice(('024', '027'))}{century_and_sex}{born.year % 100:02d}{random.randrange(10**6):06d}"
    )
    return Person(
        name=full_name(random, gender),
        id_number=number,
        born_on=born,
        gender=gender,
        address=f"Tổ dân phố số {random.randrange(1, 13)}, {place}, tỉnh Bắc Ninh",
        phone=f"09{random.randrange(10**8):08d}",
    )


def company(random: Random, place: str) -> Person:
    return Person(
        name=f"{random.choice(COMPANIES)} {random.choice(TRADES)} {random.randrange(1, 90)}",
        id_number=f"23{random.randrange(10**8):08d}",
        is_organisation=True,
        address=f"Lô {random.choice('ABCD')}{random.randrange(1, 30)}, {place}, tỉnh Bắc Ninh",
        phone=f"0222{random.randrange(10**7):07d}",
    )

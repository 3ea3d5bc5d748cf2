"""Statements as banks send them: every form of amount, date and text; what is wrong is named by cell."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from motcua.kernel.errors import Invalid
from motcua.payments.rules.statements import (
    NoLayout,
    carried_layouts,
    layout_for,
    mapped,
    read_statement,
)
from motcua.payments.rules.statements import cells as c
from motcua.payments.rules.statements.encodings import _TCVN
from motcua.payments.rules.statements.lines import StatementRead
from motcua.payments.tests.statements import NUMBER

HEAD = "Ngày GD;Số CT;Số tiền ghi nợ;Số tiền ghi có;Nội dung chi tiết\n"


def read(text: str | bytes, *, bank: str = "970436") -> StatementRead:
    data = text.encode() if isinstance(text, str) else text
    return read_statement(data, name="a.csv", account=NUMBER, layouts=layout_for(bank))


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("13000", 13_000),
        ("13.000", 13_000),
        ("13,000", 13_000),
        ("1.250.000,00", 1_250_000),
        ("1,250,000.00", 1_250_000),
        ("1 250 000", 1_250_000),
        ("+8,000 VND", 8_000),
        ("8.000đ", 8_000),
        ("(150,000)", -150_000),
        ("-50.000", -50_000),
        ("50.000-", -50_000),
        ("13000.0", 13_000),
        ("13000,00", 13_000),
        ("", 0),
        ("-", 0),
        ("0", 0),
    ],
)
def test_amounts(text: str, amount: int) -> None:
    assert c.amount(text) == amount


@pytest.mark.parametrize(
    "text", ["1.25", "12,5", "1.2.3", "abc", "1,250.000.00", "1.250,5", "9" * 20, "12.50.000"]
)
def test_what_is_no_whole_amount_is_not_guessed(text: str) -> None:
    with pytest.raises(c.Unreadable):
        c.amount(text)


@given(st.integers(0, 10**13), st.sampled_from([".", ",", " ", ""]), st.booleans())
def test_an_amount_written_either_way_is_read_back(number: int, mark: str, decimals: bool) -> None:
    text = f"{number:,}".replace(",", mark)
    if decimals:
        text += {".": ",00", ",": ".00", " ": ",00", "": ".0"}[mark]
    assert c.amount(text) == number


@pytest.mark.parametrize(
    ("text", "clock", "shown", "rest"),
    [
        ("01/12/2025", "", "2025-12-01T00:00:00+07:00", ""),
        ("1-12-25 14:05", "", "2025-12-01T14:05:00+07:00", ""),
        ("2025-12-01", "", "2025-12-01T00:00:00+07:00", ""),
        ("14:05:33 01/12/2025", "", "2025-12-01T14:05:33+07:00", ""),
        ("01/12/2025", "08:09", "2025-12-01T08:09:00+07:00", ""),
        ("31/10/2023\n5243.65937", "", "2023-10-31T00:00:00+07:00", "5243.65937"),
    ],
)
def test_moments(text: str, clock: str, shown: str, rest: str) -> None:
    at, left = c.moment(text, clock)
    assert (at.isoformat(), left) == (shown, rest)


@pytest.mark.parametrize("text", ["31/02/2025", "11/25/2025", "hôm nay", "1/13/2025", "01/12/2025 25:00"])
def test_what_is_no_day_is_not_guessed(text: str) -> None:
    with pytest.raises(c.Unreadable):
        c.moment(text)


def test_headings_above_totals_below_and_text_over_several_rows() -> None:
    found = read(
        "NGÂN HÀNG;;;;\n"
        f"Số tài khoản/Account number: {NUMBER};;;;\n"
        + HEAD
        + "Số dư đầu kỳ;;;1.000.000;\n"
        + "01/12/2025;5243.1;;13.000;CONG TY TNHH AN BINH nop phi\n"
        + ";;;;ho so H05.101-251201-0001\n"
        + "01/12/2025;5243.2;99.000;;chi\n"
        + HEAD
        + "02/12/2025;5243.3;;8.000;Tổng Văn Cường nộp phí\n"
        + "Tổng cộng;;99.000;21.000;\n"
        + ";;;;\n"
    )
    assert [line.amount for line in found.lines] == [13_000, 8_000]
    assert found.lines[0].text == "CONG TY TNHH AN BINH nop phi ho so H05.101-251201-0001"
    assert (found.debits, found.clean, found.layout) == (1, True, "vietcombank")


def test_problems_are_named_by_cell() -> None:
    found = read(
        HEAD
        + "01/12/2025;1;;13.5;a\n"
        + "32/12/2025;2;;5.000;b\n"
        + ";3;;7.000;c\n"
        + "01/12/2025;4;;=SUM(A1);d\n"
    )
    assert [note.cell for note in found.problems] == [
        "Bảng 1, dòng 2, cột 4",
        "Bảng 1, dòng 3, cột 1",
        "Bảng 1, dòng 4, cột 1",
        "Bảng 1, dòng 5, cột 4",
    ]
    assert not found.lines


def test_one_column_of_amounts_with_a_sign_or_a_word() -> None:
    signed = read("Ngày;Số tiền;Nội dung\n01/12/2025;+13.000;a\n01/12/2025;-5.000;b\n")
    worded = read("Ngày;Số tiền;Nợ/Có;Nội dung\n01/12/2025;13.000;Có;a\n01/12/2025;5.000;Nợ;b\n")
    for found in (signed, worded):
        assert ([line.amount for line in found.lines], found.debits) == ([13_000], 1)


def test_a_statement_of_another_account_is_refused() -> None:
    with pytest.raises(Invalid, match="0999888777"):
        read(f"Số tài khoản: 0999888777;;;;\n{HEAD}01/12/2025;1;;5.000;a\n")


def test_unknown_columns_ask_for_a_mapping() -> None:
    text = "Khi nào;Bao nhiêu\n01/12/2025;13.000\n"
    with pytest.raises(NoLayout):
        read(text)
    own = mapped("Của tôi", {"date": "Khi nào", "amount": "Bao nhiêu"})
    found = read_statement(text.encode(), name="a.csv", account=NUMBER, layouts=[own])
    assert found.lines[0].amount == 13_000


def _tcvn(text: str) -> bytes:
    back = {char: byte for byte, char in _TCVN.items()}
    return "".join(back.get(char, char) for char in text).encode("latin-1")


def _windows_1258(text: str) -> bytes:
    kept = []
    for char in text:
        parts = unicodedata.normalize("NFD", char)
        base = unicodedata.normalize(
            "NFC", parts[0] + "".join(m for m in parts[1:] if m in "\u0302\u0306\u031b")
        )
        kept.append(base + "".join(m for m in parts[1:] if m not in "\u0302\u0306\u031b"))
    return "".join(kept).encode("cp1258")


@pytest.mark.parametrize(
    "encode",
    [str.encode, lambda t: t.encode("utf-8-sig"), lambda t: t.encode("utf-16"), _tcvn, _windows_1258],
)
def test_encodings(encode: object) -> None:
    assert callable(encode)
    found = read(
        encode(HEAD.replace("Số", "số") + "01/12/2025;1;;13.000;Nguyễn Thị Ánh nộp lệ phí".replace("Á", "á"))
    )
    assert found.lines[0].text == "Nguyễn Thị ánh nộp lệ phí"


def test_an_excel_file_with_real_numbers_and_dates() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Ngày giao dịch", "Số bút toán", "Phát sinh nợ", "Phát sinh có", "Nội dung"])
    sheet.append(
        [
            datetime(2025, 12, 1, 9, 30),  # noqa: DTZ001 - a cell of Excel knows no zone
            "FT25335001",
            None,
            1_250_000,
            "nop phi\nho so",
        ]
    )
    target = BytesIO()
    book.save(target)
    found = read_statement(target.getvalue(), name="a.xlsx", account=NUMBER, layouts=layout_for("970422"))
    (line,) = found.lines
    assert (line.amount, line.number, line.text) == (1_250_000, "FT25335001", "nop phi ho so")
    assert line.at.isoformat() == "2025-12-01T09:30:00+07:00"


def test_every_carried_layout_says_what_is_not_confirmed() -> None:
    for layout in carried_layouts():
        assert layout.doubt
        assert "date" in layout.columns


ENTRY = """<Ntry>{ref}<Amt Ccy="{ccy}">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd>{more}<Sts>{status}</Sts>
<BookgDt><Dt>2025-12-01</Dt></BookgDt>{details}</Ntry>"""


def camt(*entries: str, version: str = "02", account: str = NUMBER, head: str = "") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"><BkToCstmrStmt><Stmt>'
        f"<Acct><Id><Othr><Id>{account}</Id></Othr></Id></Acct>{''.join(entries)}"
        "</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def entry(
    amount: str = "13000",
    side: str = "CRDT",
    status: str = "BOOK",
    details: str = "",
    ref: str = "FT1",
    ccy: str = "VND",
    more: str = "",
) -> str:
    reference = f"<NtryRef>{ref}</NtryRef>" if ref else ""
    return ENTRY.format(
        ref=reference, ccy=ccy, amount=amount, side=side, status=status, details=details, more=more
    )


def tx(amount: str, text: str, payer: str, *, ref: str = "", new: bool = False) -> str:
    name = f"<Pty><Nm>{payer}</Nm></Pty>" if new else f"<Nm>{payer}</Nm>"
    own = f"<AcctSvcrRef>{ref}</AcctSvcrRef>" if ref else ""
    sum_ = (
        f'<Amt Ccy="VND">{amount}</Amt>'
        if new
        else f'<AmtDtls><TxAmt><Amt Ccy="VND">{amount}</Amt></TxAmt></AmtDtls>'
    )
    return (
        f"<TxDtls><Refs>{own}<EndToEndId>NOTPROVIDED</EndToEndId></Refs>{sum_}<RltdPties><Dbtr>{name}</Dbtr>"
        f"<DbtrAcct><Id><Othr><Id>0123</Id></Othr></Id></DbtrAcct></RltdPties>"
        f"<RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls>"
    )


@pytest.mark.parametrize(("version", "new"), [("02", False), ("08", True)])
def test_camt_of_both_versions(version: str, new: bool) -> None:
    details = f"<NtryDtls>{tx('13000', 'nop phi MC251201ABCDEFGHJK', 'NGUYEN THI ANH', new=new)}</NtryDtls>"
    status = "<Cd>BOOK</Cd>" if new else "BOOK"
    found = read(camt(entry(details=details, status=status), entry(side="DBIT", ref="FT2"), version=version))
    (line,) = found.lines
    assert (line.amount, line.number, line.payer, line.payer_account) == (
        13_000,
        "FT1",
        "NGUYEN THI ANH",
        "0123",
    )
    assert (found.debits, found.layout) == (1, f"camt.053.001.{version}")


def test_a_batch_of_camt_is_its_transactions() -> None:
    details = f"<NtryDtls>{tx('8000', 'a', 'A B', ref='X1')}{tx('5000', 'b', 'C D')}</NtryDtls>"
    found = read(camt(entry(details=details)))
    assert [(line.amount, line.number) for line in found.lines] == [(8_000, "X1"), (5_000, "FT1/2")]


def test_what_camt_has_not_booked_or_turned_back_is_only_remarked() -> None:
    found = read(camt(entry(status="PDNG"), entry(more="<RvslInd>true</RvslInd>")))
    assert (found.lines, len(found.remarks)) == ((), 2)


@pytest.mark.parametrize(
    ("change", "said"),
    [({"ccy": "USD"}, "VND"), ({"amount": "13.5"}, "số nguyên"), ({"amount": "x"}, "không đọc")],
)
def test_what_is_no_dong_is_a_problem_with_its_line(change: dict[str, str], said: str) -> None:
    found = read(camt(entry(**change)))
    assert said in found.problems[0].message.source()


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (camt(entry(), head=BOMB), "DOCTYPE"),
        (camt(entry(), head=OUTSIDE), "DOCTYPE"),
        (camt(entry(), account="999888777"), "999888777"),
        (b"<?xml version='1.0'?><Document/>", "camt.053"),
        (b"<?xml version='1.0'?><Document>", "XML"),
        (b"<?xml version='1.0' encoding='no-such'?><a/>", "XML"),
        (b"<?xml version='1.0'?>" + b"<a>" * 60 + b"</a>" * 60, "lồng nhau"),
    ],
)
def test_hostile_and_foreign_xml_is_refused_in_words(data: bytes, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        read(data)

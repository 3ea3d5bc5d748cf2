"""What people paste: copied from Excel or Word, typed with bars, or the text of a web page."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.documents.errors import TableRefused
from motcua.documents.rules.tables import pasted_table


@pytest.mark.parametrize(
    "text",
    [
        "Bước\tNội dung\tThời gian\n1\tTiếp nhận\t0,5",
        "Bước\tNội dung\tThời gian\r\n1\tTiếp nhận\t0,5\r\n",
        "| Bước | Nội dung | Thời gian |\n|---|:--|--:|\n| 1 | Tiếp nhận | 0,5 |",
        "Bước | Nội dung | Thời gian\n1 | Tiếp nhận | 0,5",
        "Bước;Nội dung;Thời gian\n1;Tiếp nhận;0,5",
        "<table><tr><th>Bước<th>Nội dung<th>Thời gian<tr><td>1<td>Tiếp nhận<td>0,5</table>",
        "<style>td{}</style><table><tr><td><p>Bước</p></td><td>Nội&nbsp;dung</td><td>Thời\r\n gian</td></tr>"
        "<tr><td>1</td><td>Tiếp nhận</td><td>0,5</td></tr></table>",
    ],
)
def test_a_pasted_table_is_read_however_it_was_copied(text: str) -> None:
    assert pasted_table(text).rows == (("Bước", "Nội dung", "Thời gian"), ("1", "Tiếp nhận", "0,5"))


def test_a_cell_of_several_lines_stays_one_cell() -> None:
    excel = 'Bước\tNội dung\tThời gian\n1\t"Tiếp nhận\nsố hóa ""ngay"""\t0,5'
    word = "Bước\tNội dung\tThời gian\n1\tTiếp nhận\nsố hóa\t0,5\nCẤP XÃ\n2\tThẩm định\t1"
    assert pasted_table(excel).rows[1] == ("1", 'Tiếp nhận\nsố hóa "ngay"', "0,5")
    assert pasted_table(word).rows[1:] == (
        ("1", "Tiếp nhận\nsố hóa", "0,5"),
        ("CẤP XÃ",),
        ("2", "Thẩm định", "1"),
    )


def test_spans_of_a_pasted_web_table_repeat_their_anchor() -> None:
    table = pasted_table(
        "<table><tr><td rowspan=2>STT</td><td colspan=2>Địa điểm</td></tr>"
        "<tr><td>Nhận</td><td>Trả</td></tr><tr><td colspan=99999999>CẤP TỈNH</td></tr></table>"
    )
    assert table.rows == (("STT", "Địa điểm", "Địa điểm"), ("STT", "Nhận", "Trả"), ("CẤP TỈNH",) * 3)
    assert sorted(table.merged) == [(0, 2), (1, 0), (2, 1), (2, 2)]


@pytest.mark.parametrize(
    "text", ["", "  \n ", "Kính gửi: Sở Nội vụ, Sở Tư pháp", "<table></table>", "một\nhai"]
)
def test_a_text_without_a_table_is_refused(text: str) -> None:
    with pytest.raises(TableRefused) as caught:
        pasted_table(text)
    assert caught.value.field == "text"


@settings(deadline=None)
@given(st.text(st.sampled_from('ab1\t\n|"<tdr>/ ;,='), max_size=60))
def test_any_pasted_text_is_read_or_refused(text: str) -> None:
    try:
        table = pasted_table(text)
    except TableRefused:
        return
    assert table.width >= 2

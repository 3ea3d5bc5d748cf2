"""Form symbols, series and numbers of receipts (Decree 123/2020 article 40 and Circular 32/2025; earlier 303/2016).

A form symbol is kind (01 without, 02 with printed denomination), BLP, number of copies (0 electronic), order:
`01BLP2-001`. A series is two letters, the year, and T self-printed, P ordered print, E electronic: `AA-25T`; those
ordered by a tax department carry two figures before (`28AA-17T`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from motcua.kernel.messages import Message, msg

LETTERS = "ABCDEGHKLMNPQRSTUVXY"
LAST = 9_999_999
_FORM = re.compile(r"0[12]BLP(\d)-\d{3}")
_SERIES = re.compile(rf"(?:\d\d)?[{LETTERS}]{{2}}-(\d\d)([TPE])")


@dataclass(frozen=True, slots=True)
class Series:
    """A checked pair of symbols. `year` is of this century; `way` T, P or E; `copies` 0 for electronic."""

    form_symbol: str
    series: str
    year: int
    way: str
    copies: int


def read(form_symbol: str, series: str) -> Series | tuple[str, Message]:
    """The pair understood, or the name of the wrong field with a sentence."""
    form = _FORM.fullmatch(form_symbol)
    if form is None:
        return "form_symbol", msg("Ký hiệu mẫu biên lai có dạng 01BLP2-001.")
    found = _SERIES.fullmatch(series)
    if found is None:
        return "series", msg(
            "Ký hiệu biên lai có dạng AA-25T: hai chữ cái, năm, T (tự in), P (đặt in) hoặc E."
        )
    copies = int(form[1])
    if (found[2] == "E") != (copies == 0):
        return "series", msg(
            "Biên lai điện tử có 0 liên và ký hiệu kết thúc bằng E; biên lai giấy thì ngược lại."
        )
    return Series(form_symbol, series, 2000 + int(found[1]), found[2], copies)


def next_year(series: str) -> str:
    """The same series a year later: a new year is a new symbol, numbered from one again.

    >>> next_year("AA-25T")
    'AA-26T'
    """
    head, tail = series.rsplit("-", 1)
    return f"{head}-{(int(tail[:2]) + 1) % 100:02d}{tail[2:]}"


def number_text(number: int) -> str:
    """Seven figures, as printed. Raises ValueError outside 1 to 9,999,999."""
    if not 1 <= number <= LAST:
        raise ValueError(f"{number} is no receipt number")
    return f"{number:07d}"

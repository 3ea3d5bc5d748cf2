"""Amounts in words, as they must stand on a receipt (Decree 123/2020, article 32).

Vietnamese reads thousands in groups of three. Inside a number a group is read in full ("không trăm linh năm"), a
group of zeros is not read at all, and "tỷ" (10⁹) begins the groups anew.
"""

from __future__ import annotations

DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
GROUPS = ("", "nghìn", "triệu", "tỷ")
LARGEST = 999_999_999_999


def in_words(number: int) -> str:
    """A whole number from 0 to 999,999,999,999 in words, without a unit. Raises ValueError outside.

    >>> in_words(1_005_021)
    'một triệu không trăm linh năm nghìn không trăm hai mươi mốt'
    """
    if not 0 <= number <= LARGEST:
        raise ValueError(f"{number} is not between 0 and {LARGEST}")
    if number == 0:
        return DIGITS[0]
    groups = []
    rest = number
    while rest:
        rest, group = divmod(rest, 1000)
        groups.append(group)
    words: list[str] = []
    for place in reversed(range(len(groups))):
        if groups[place]:
            words.append(_group(groups[place], full=place < len(groups) - 1))
            if GROUPS[place]:
                words.append(GROUPS[place])
    return " ".join(words)


def dong_in_words(amount: int) -> str:
    """An amount of đồng as a sentence: "Hai nghìn đồng". Raises ValueError as `in_words` does."""
    text = in_words(amount)
    return f"{text[0].upper()}{text[1:]} đồng"


def _group(number: int, *, full: bool) -> str:
    """Three digits; `full` reads leading zeros, because something stands before them."""
    hundreds, rest = divmod(number, 100)
    tens, units = divmod(rest, 10)
    words: list[str] = []
    if hundreds or full:
        words += [DIGITS[hundreds], "trăm"]
    if tens == 0:
        if units:
            words += (["linh"] if words else []) + [DIGITS[units]]
    elif tens == 1:
        words.append("mười")
        words += _units(units, after_tens=False)
    else:
        words += [DIGITS[tens], "mươi"]
        words += _units(units, after_tens=True)
    return " ".join(words)


def _units(units: int, *, after_tens: bool) -> list[str]:
    """The last digit behind "mười" or "… mươi": mốt and lăm are read there, bốn stays bốn."""
    if units == 0:
        return []
    if units == 1 and after_tens:
        return ["mốt"]
    if units == 5:
        return ["lăm"]
    return [DIGITS[units]]

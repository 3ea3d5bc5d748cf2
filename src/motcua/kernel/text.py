"""Vietnamese text: one spelling for storing (NFC), one for finding (folded)."""

from __future__ import annotations

import unicodedata


class _Cleaned(dict[int, str]):
    """What each character is stored as, found out once."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        dropped = unicodedata.category(char) in {"Cc", "Cf"} and char not in "\t\r\n"
        kept = "" if dropped else " " if char in "\t\r\n\u00a0" else char
        self[code] = kept
        return kept


class _Folded(dict[int, str]):
    """What each lower-case character is searched as, found out once."""

    def __missing__(self, code: int) -> str:
        parts = unicodedata.normalize("NFD", chr(code)).replace("đ", "d")
        self[code] = kept = "".join(part for part in parts if not unicodedata.combining(part))
        return kept


_CLEANED, _FOLDED = _Cleaned(), _Folded()


def nfc(text: str) -> str:
    """Composed form, control characters dropped, spaces collapsed: what is stored."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_CLEANED).split())


def fold(text: str) -> str:
    """Lower case without accents, `đ` as `d`: what is searched.

    SQLite and Unicode decomposition both leave `đ` alone, so it is replaced by name.
    """
    return " ".join(text.lower().translate(_FOLDED).split())


def initials(text: str) -> str:
    """First letters of the folded words: `Đăng ký khai sinh` gives `dkks`."""
    return "".join(word[0] for word in fold(text).split() if word[0].isalnum())


def grouped(number: int) -> str:
    """A whole number as it is written in Viet Nam: 1.250.000."""
    return f"{number:,}".replace(",", ".")

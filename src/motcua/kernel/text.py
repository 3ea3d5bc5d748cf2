"""Vietnamese text: one spelling for storing (NFC), one for finding (folded)."""

from __future__ import annotations

import unicodedata


def nfc(text: str) -> str:
    """Composed form, control characters dropped, spaces collapsed: what is stored."""
    composed = unicodedata.normalize("NFC", text)
    cleaned = "".join(" " if char in "\t\r\n\u00a0" else char for char in composed)
    return " ".join("".join(c for c in cleaned if unicodedata.category(c) not in {"Cc", "Cf"}).split())


def fold(text: str) -> str:
    """Lower case without accents, `đ` as `d`: what is searched.

    SQLite and Unicode decomposition both leave `đ` alone, so it is replaced by name.
    """
    lowered = unicodedata.normalize("NFD", text.lower()).replace("đ", "d")
    return " ".join("".join(char for char in lowered if not unicodedata.combining(char)).split())


def initials(text: str) -> str:
    """First letters of the folded words: `Đăng ký khai sinh` gives `dkks`."""
    return "".join(word[0] for word in fold(text).split() if word[0].isalnum())
